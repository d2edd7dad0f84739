"""IAM users, access keys and policies, and STS, with boto3 and the AWS CLI against a running server."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.wire

EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)


class Account:
    """A fresh account's root user, by the credentials of its twelve digits."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.id = f"{uuid.uuid4().int % 10**12:012d}"
        self.iam = self.client("iam", (self.id, "test"))

    def client(self, service: str, credentials: tuple[str, str]) -> Any:
        return self.server.client(service, credentials)

    def credentials(self, name: str) -> tuple[str, str]:
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]


@pytest.fixture
def account(shared_dev: Any) -> Account:
    return Account(shared_dev)


def refused(code: str, status: int, call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, status), answer
    return str(answer["Error"]["Message"])


def test_the_life_of_a_user(account: Account) -> None:
    iam = account.iam
    made = iam.create_user(UserName="ann", Path="/team/")["User"]
    assert made["Arn"] == f"arn:aws:iam::{account.id}:user/team/ann"
    assert made["UserId"].startswith("AIDA")
    assert len(made["UserId"]) == 21
    assert iam.get_user(UserName="ann")["User"]["UserId"] == made["UserId"]
    assert refused("EntityAlreadyExists", 409, iam.create_user, UserName="ANN") == (
        "User with name ANN already exists."
    )

    iam.put_user_policy(UserName="ann", PolicyName="all", PolicyDocument=EVERYTHING)
    assert iam.list_user_policies(UserName="ann")["PolicyNames"] == ["all"]
    stored = iam.get_user_policy(UserName="ann", PolicyName="all")["PolicyDocument"]
    assert stored == json.loads(EVERYTHING)
    assert "policies first" in refused("DeleteConflict", 409, iam.delete_user, UserName="ann")
    iam.delete_user_policy(UserName="ann", PolicyName="all")

    key, _ = account.credentials("ann")
    assert "access keys first" in refused("DeleteConflict", 409, iam.delete_user, UserName="ann")
    iam.delete_access_key(UserName="ann", AccessKeyId=key)
    iam.delete_user(UserName="ann")
    assert refused("NoSuchEntity", 404, iam.get_user, UserName="ann") == (
        "The user with name ann cannot be found."
    )
    assert iam.create_user(UserName="ann")["User"]["UserId"] != made["UserId"]


def test_users_come_in_pages(account: Account) -> None:
    names = sorted(f"user{number:02d}" for number in range(7))
    for name in names:
        account.iam.create_user(UserName=name)
    account.iam.create_user(UserName="elsewhere", Path="/x/")
    first = account.iam.list_users(MaxItems=3)
    assert (len(first["Users"]), first["IsTruncated"]) == (3, True)
    pages = account.iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 3})
    listed = [user["UserName"] for page in pages for user in page["Users"]]
    assert sorted(listed) == sorted([*names, "elsewhere"])
    assert [user["UserName"] for user in account.iam.list_users(PathPrefix="/x/")["Users"]] == ["elsewhere"]


def test_a_user_has_two_access_keys_at_most_and_each_can_be_turned_off(account: Account) -> None:
    account.iam.create_user(UserName="bob")
    one, two = account.credentials("bob"), account.credentials("bob")
    assert "Cannot exceed quota for AccessKeysPerUser: 2" in refused(
        "LimitExceeded", 409, account.iam.create_access_key, UserName="bob"
    )
    listed = account.iam.list_access_keys(UserName="bob")["AccessKeyMetadata"]
    assert {entry["AccessKeyId"] for entry in listed} == {one[0], two[0]}
    assert all("SecretAccessKey" not in entry for entry in listed)

    sts = account.client("sts", one)
    assert sts.get_caller_identity()["Arn"] == f"arn:aws:iam::{account.id}:user/bob"
    account.iam.update_access_key(UserName="bob", AccessKeyId=one[0], Status="Inactive")
    refused("InvalidClientTokenId", 403, sts.get_caller_identity)
    account.client("sts", two).get_caller_identity()
    account.iam.update_access_key(UserName="bob", AccessKeyId=one[0], Status="Active")
    sts.get_caller_identity()
    account.iam.delete_access_key(UserName="bob", AccessKeyId=one[0])
    refused("InvalidClientTokenId", 403, sts.get_caller_identity)


def test_a_user_without_policies_may_only_ask_who_it_is(account: Account) -> None:
    account.iam.create_user(UserName="carl")
    credentials = account.credentials("carl")
    iam = account.client("iam", credentials)
    assert refused("AccessDenied", 403, iam.create_user, UserName="dora") == (
        f"User: arn:aws:iam::{account.id}:user/carl is not authorized to perform: iam:CreateUser on "
        f"resource: arn:aws:iam::{account.id}:user/dora because no identity-based policy allows the "
        "iam:CreateUser action"
    )
    refused(
        "AccessDenied", 403, iam.put_user_policy, UserName="carl", PolicyName="p", PolicyDocument=EVERYTHING
    )
    refused("AccessDenied", 403, iam.create_access_key, UserName="carl")
    refused("AccessDenied", 403, iam.list_users)
    account.client("sts", credentials).get_caller_identity()

    account.iam.put_user_policy(UserName="carl", PolicyName="p", PolicyDocument=EVERYTHING)
    iam.create_user(UserName="dora")
    assert iam.get_user()["User"]["UserName"] == "carl"


def test_what_is_no_policy_is_refused(account: Account) -> None:
    account.iam.create_user(UserName="eve")
    for document in (
        "{",
        "[]",
        '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}',
    ):
        refused(
            "MalformedPolicyDocument",
            400,
            account.iam.put_user_policy,
            UserName="eve",
            PolicyName="p",
            PolicyDocument=document,
        )
    statement = {
        "Effect": "Allow",
        "Action": ["kms:" + "x" * 100 + str(n) for n in range(25)],
        "Resource": "*",
    }
    long = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    refused(
        "LimitExceeded", 409, account.iam.put_user_policy, UserName="eve", PolicyName="p", PolicyDocument=long
    )
    assert account.iam.list_user_policies(UserName="eve")["PolicyNames"] == []
    refused("NoSuchEntity", 404, account.iam.get_user_policy, UserName="eve", PolicyName="p")
    refused("NoSuchEntity", 404, account.iam.delete_access_key, UserName="eve", AccessKeyId="AKIA" + "A" * 16)


def test_root_is_its_account(account: Account) -> None:
    answer = account.client("sts", (account.id, "test")).get_caller_identity()
    assert (answer["Account"], answer["Arn"], answer["UserId"]) == (
        account.id,
        f"arn:aws:iam::{account.id}:root",
        account.id,
    )


def test_the_cli(account: Account) -> None:
    root = (account.id, "test")
    created = account.server.aws("iam", "create-user", "--user-name", "fay", credentials=root)
    assert created.returncode == 0, created.stderr
    assert json.loads(created.stdout)["User"]["UserName"] == "fay"
    who = account.server.aws("sts", "get-caller-identity", credentials=root)
    assert json.loads(who.stdout)["Account"] == account.id
    absent = account.server.aws("iam", "get-user", "--user-name", "nobody", credentials=root)
    assert "NoSuchEntity" in absent.stderr
