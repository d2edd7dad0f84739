import json
from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow, statement

from keystead.kinds import PrincipalType
from keystead.names import AccountId

Refused = Callable[..., tuple[int, str, str]]


@pytest.fixture
def alice(root: Any) -> Any:
    root.create_user(UserName="Alice", Path="/team/")
    return root.create_access_key(UserName="alice")["AccessKey"]


def test_a_policy_is_kept_as_it_was_put(root: Any, alice: Any) -> None:
    document = (
        '{ "Version":"2012-10-17",\r\n\t"Statement":'
        '{"Sid":"a","Effect":"Allow",\n"Action":"kms:*","Resource":"*"}}'
    )
    root.put_user_policy(UserName="Alice", PolicyName="first", PolicyDocument=document)
    answer = root.get_user_policy(UserName="alice", PolicyName="first")
    assert (answer["UserName"], answer["PolicyName"]) == ("Alice", "first")
    assert answer["PolicyDocument"] == json.loads(document)
    allow(root, "Alice", "kms:Encrypt", "*")
    assert root.list_user_policies(UserName="Alice")["PolicyNames"] == ["first", "p"]
    root.delete_user_policy(UserName="Alice", PolicyName="first")
    assert root.list_user_policies(UserName="Alice")["PolicyNames"] == ["p"]


def test_policies_that_are_not_there(root: Any, alice: Any, refused: Refused) -> None:
    missing = (404, "NoSuchEntity", "The user policy with name p cannot be found.")
    assert refused(root.get_user_policy, UserName="Alice", PolicyName="p") == missing
    assert refused(root.delete_user_policy, UserName="Alice", PolicyName="p") == missing


def test_policies_come_in_pages(root: Any, alice: Any) -> None:
    names = ["B", "a", "c", "d", "e"]
    for name in reversed(names):
        document = statement("Allow", "kms:ListKeys", "*")
        root.put_user_policy(UserName="Alice", PolicyName=name, PolicyDocument=document)
    paginator = root.get_paginator("list_user_policies")
    for size in (1, 2, 5, 100):
        pages = paginator.paginate(UserName="Alice", PaginationConfig={"PageSize": size})
        assert [name for page in pages for name in page["PolicyNames"]] == names


@pytest.mark.parametrize(
    "document",
    [
        "{}",
        "not JSON",
        '{"Version":"2012-10-17"}',
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*"}]}',
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*","Principal":"*"}]}',
        '{"Version":"2012-10-17","Statement":[{"Effect":"Permit","Action":"kms:*","Resource":"*"}]}',
    ],
)
def test_what_is_no_identity_policy_is_refused(
    root: Any, alice: Any, refused: Refused, document: str
) -> None:
    status, code, message = refused(
        root.put_user_policy, UserName="Alice", PolicyName="p", PolicyDocument=document
    )
    assert (status, code) == (400, "MalformedPolicyDocument")
    assert message
    assert root.list_user_policies(UserName="Alice")["PolicyNames"] == []


def _of_size(characters: int) -> str:
    """A policy of so many characters, without those that do not count."""
    empty = statement("Allow", "kms:", "*")
    short = characters - sum(not c.isspace() for c in empty)
    return statement("Allow", "kms:" + "x" * short, "*")


def test_the_policies_of_a_user_together_are_limited(root: Any, alice: Any, refused: Refused) -> None:
    def put(name: str, document: str) -> None:
        root.put_user_policy(UserName="Alice", PolicyName=name, PolicyDocument=document)

    put("a", _of_size(1000) + " \t\r\n" * 1000)
    put("b", _of_size(1048))
    put("a", _of_size(1000))
    exceeded = (409, "LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user Alice")
    for name, size in (("a", 1001), ("b", 1049), ("c", 100)):
        document = _of_size(size)
        assert (
            refused(root.put_user_policy, UserName="Alice", PolicyName=name, PolicyDocument=document)
            == exceeded
        )
    assert root.list_user_policies(UserName="Alice")["PolicyNames"] == ["a", "b"]


def test_policies_decide_from_the_next_call_on(
    inside: InProcess, root: Any, alice: Any, refused: Refused
) -> None:
    iam, prefix = inside.client("iam", alice), f"arn:aws:iam::{ACCOUNT}:user"
    user = f"{prefix}/team/Alice"

    def denied(action: str, resource: str, because: str = "no identity-based policy allows") -> str:
        because += f" the {action} action" if because.startswith("no ") else ""
        return (
            f"User: {user} is not authorized to perform: {action} on resource: {resource} because {because}"
        )

    def forbidden(sentence: str, call: Callable[..., object], **parameters: object) -> None:
        assert refused(call, **parameters) == (403, "AccessDenied", sentence)

    forbidden(denied("iam:GetUser", "user Alice"), iam.get_user)
    forbidden(denied("iam:ListUsers", f"{prefix}/"), iam.list_users)
    forbidden(denied("iam:ListUsers", f"{prefix}/te"), iam.list_users, PathPrefix="/te")
    # Whether a user exists is for those to know who may ask; who is not there has no path.
    forbidden(denied("iam:GetUser", "user bob"), iam.get_user, UserName="bob")
    forbidden(denied("iam:DeleteUser", "user aLICE"), iam.delete_user, UserName="aLICE")
    forbidden(denied("iam:CreateUser", f"{prefix}/new/bob"), iam.create_user, UserName="bob", Path="/new/")
    allow(root, "Alice", "iam:*", f"{prefix}/new/*")
    bob = iam.create_user(UserName="bob", Path="/new/")["User"]
    assert iam.get_user(UserName="bob")["User"] == bob
    forbidden(denied("iam:CreateUser", f"{prefix}/carol"), iam.create_user, UserName="carol")
    no = statement("Deny", "iam:DeleteUser", "*")
    root.put_user_policy(UserName="Alice", PolicyName="no", PolicyDocument=no)
    explicit = denied("iam:DeleteUser", "user bob", "with an explicit deny in an identity-based policy")
    forbidden(explicit.replace("because with", "with"), iam.delete_user, UserName="bob")
    root.delete_user_policy(UserName="Alice", PolicyName="no")
    iam.delete_user(UserName="bob")
    root.delete_user_policy(UserName="Alice", PolicyName="p")
    forbidden(denied("iam:CreateUser", f"{prefix}/new/bob"), iam.create_user, UserName="bob", Path="/new/")
    no_one = statement("Deny", "*", "*")
    root.put_user_policy(UserName="Alice", PolicyName="no", PolicyDocument=no_one)
    assert inside.client("sts", alice).get_caller_identity()["Arn"] == user


def test_a_key_policy_keeps_to_the_user_it_named(inside: InProcess, root: Any, refused: Refused) -> None:
    kms = inside.client("kms")
    first = root.create_user(UserName="carol")["User"]
    key = kms.create_key()["KeyMetadata"]["Arn"]
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": first["Arn"]}, "Action": "kms:Encrypt", "Resource": "*"}
    )
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))

    def encrypt() -> None:
        made = root.create_access_key(UserName="carol")["AccessKey"]
        try:
            inside.client("kms", made).encrypt(KeyId=key, Plaintext=b"x")
        finally:
            root.delete_access_key(UserName="carol", AccessKeyId=made["AccessKeyId"])

    def named() -> str:
        statements = json.loads(kms.get_key_policy(KeyId=key)["Policy"])["Statement"]
        return str(statements[-1]["Principal"]["AWS"])

    encrypt()
    assert named() == first["Arn"]
    root.delete_user(UserName="carol")
    assert named() == first["UserId"]
    again = root.create_user(UserName="carol")["User"]
    assert (again["Arn"], again["UserId"] != first["UserId"]) == (first["Arn"], True)
    status, code, _ = refused(encrypt)
    assert (status, code) == (400, "AccessDeniedException")
    assert named() == first["UserId"]


def test_iam_happens_in_one_region(inside: InProcess, root: Any) -> None:
    inside.client("iam", region="eu-west-1").create_user(UserName="Alice", Path="/team/")
    (event,) = inside.events()
    assert event["awsRegion"] == "us-east-1"
    assert event["eventSource"] == "iam.amazonaws.com"
    assert event["requestParameters"] == {"path": "/team/", "userName": "Alice"}
    user = root.get_user(UserName="Alice")["User"]
    assert event["responseElements"] == {
        "user": {
            "path": "/team/",
            "userName": "Alice",
            "userId": user["UserId"],
            "arn": user["Arn"],
            "createDate": "Jan 15, 2027 8:02:03 AM",
        }
    }


def test_the_white_space_of_policies_is_not_kept_in_memory(inside: InProcess, root: Any, alice: Any) -> None:
    """Regression: quotas do not count it, so each user in the cache could hold megabytes of it."""
    blank = '{"Statement":' + " \n" * 50_000 + '{"Effect":"Allow","Action":"*","Resource":"*"}}'
    for number in range(5):
        root.put_user_policy(UserName="Alice", PolicyName=f"p{number}", PolicyDocument=blank)
    assert root.get_user_policy(UserName="Alice", PolicyName="p0")["PolicyDocument"] == json.loads(blank)
    with inside.store.read() as tx:
        user = tx.principal_named(AccountId(ACCOUNT), PrincipalType.USER, "Alice")
    assert user is not None
    entry = inside.service._records.principal(user.unique_id)
    assert entry is not None
    assert [each.policy.text for each in entry.identity] == [
        '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'
    ] * 5
