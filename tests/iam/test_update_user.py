from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow, statement

Refused = Callable[..., tuple[int, str, str]]


def arn(rest: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:user{rest}"


@pytest.fixture
def bob(root: Any) -> Any:
    return root.create_user(UserName="Bob", Path="/team/")["User"]


def test_name_and_path_change_and_the_unique_id_stays(root: Any, bob: Any, refused: Refused) -> None:
    root.update_user(UserName="bob", NewUserName="Robert")
    robert = root.get_user(UserName="robert")["User"]
    assert robert == bob | {"UserName": "Robert", "Arn": arn("/team/Robert")}
    assert refused(root.get_user, UserName="Bob")[1] == "NoSuchEntity"
    root.update_user(UserName="Robert", NewPath="/")
    assert root.get_user(UserName="Robert")["User"]["Arn"] == arn("/Robert")
    root.update_user(UserName="Robert", NewPath="/x/", NewUserName="Rob")
    root.update_user(UserName="Rob")
    assert root.list_users()["Users"] == [bob | {"Path": "/x/", "UserName": "Rob", "Arn": arn("/x/Rob")}]
    assert root.create_user(UserName="Bob")["User"]["UserId"] != bob["UserId"]


def test_a_name_that_is_taken(root: Any, bob: Any, refused: Refused) -> None:
    root.create_user(UserName="alice")
    taken = (409, "EntityAlreadyExists", "User with name ALICE already exists.")
    assert refused(root.update_user, UserName="Bob", NewUserName="ALICE", NewPath="/new/") == taken
    assert root.get_user(UserName="Bob")["User"] == bob
    root.update_user(UserName="Bob", NewUserName="BOB")  # its own
    assert root.get_user(UserName="bob")["User"]["UserName"] == "BOB"


def test_who_is_not_there(root: Any, refused: Refused) -> None:
    missing = (404, "NoSuchEntity", "The user with name carol cannot be found.")
    assert refused(root.update_user, UserName="carol", NewUserName="c") == missing


def test_the_right_to_both_arns_is_needed(inside: InProcess, root: Any, bob: Any, refused: Refused) -> None:
    root.create_user(UserName="alice")
    iam = inside.client("iam", root.create_access_key(UserName="alice")["AccessKey"])
    rename = {"UserName": "Bob", "NewUserName": "Robert", "NewPath": "/new/"}

    def denied(resource: str) -> str:
        return (
            f"User: {arn('/alice')} is not authorized to perform: iam:UpdateUser on resource: {resource} "
            "because no identity-based policy allows the iam:UpdateUser action"
        )

    allow(root, "alice", "iam:UpdateUser", arn("/new/Robert"))
    assert refused(iam.update_user, **rename)[2] == denied("user Bob")
    allow(root, "alice", "iam:UpdateUser", arn("/team/Bob"))
    assert refused(iam.update_user, **rename)[2] == denied(arn("/new/Robert"))
    iam.update_user(UserName="Bob", NewUserName="Bob")
    root.put_user_policy(
        UserName="alice",
        PolicyName="q",
        PolicyDocument=statement("Allow", "iam:UpdateUser", arn("/new/*")),
    )
    iam.update_user(**rename)
    assert root.get_user(UserName="Robert")["User"]["UserId"] == bob["UserId"]


def test_what_belongs_to_the_user_or_names_it_follows(
    inside: InProcess, root: Any, bob: Any, refused: Refused
) -> None:
    allow(root, "Bob", "kms:ListKeys", "*")
    key = root.create_access_key(UserName="Bob")["AccessKey"]
    kms, theirs = inside.client("kms"), inside.client("kms", key)
    key_id = kms.create_key()["KeyMetadata"]["KeyId"]
    own = statement("Allow", "kms:*", "*").replace(
        '"Action"', f'"Principal": {{"AWS": "arn:aws:iam::{ACCOUNT}:root"}}, "Action"'
    )
    policy = own.replace(
        "}]}",
        f'}}, {{"Effect": "Allow", "Principal": {{"AWS": "{bob["Arn"]}"}}, "Action": "kms:DescribeKey", '
        '"Resource": "*"}]}',
    )
    kms.put_key_policy(KeyId=key_id, Policy=policy)
    kms.create_grant(KeyId=key_id, GranteePrincipal=bob["Arn"], Operations=["Encrypt"])

    def works() -> None:
        theirs.list_keys()
        theirs.describe_key(KeyId=key_id)
        theirs.encrypt(KeyId=key_id, Plaintext=b"x")

    works()
    root.update_user(UserName="Bob", NewUserName="Robert", NewPath="/new/")
    works()
    renamed = arn("/new/Robert")
    assert inside.client("sts", key).get_caller_identity()["Arn"] == renamed
    assert renamed in kms.get_key_policy(KeyId=key_id)["Policy"]
    # Who comes under the old name is somebody else.
    root.create_user(UserName="Bob", Path="/team/")
    other = inside.client("kms", root.create_access_key(UserName="Bob")["AccessKey"])
    assert refused(other.describe_key, KeyId=key_id)[1] == "AccessDeniedException"
    assert refused(other.encrypt, KeyId=key_id, Plaintext=b"x")[1] == "AccessDeniedException"


def test_it_is_recorded(inside: InProcess, root: Any, bob: Any) -> None:
    root.update_user(UserName="Bob", NewUserName="Robert", NewPath="/new/")
    (event,) = (event for event in inside.events() if event["eventName"] == "UpdateUser")
    assert event["requestParameters"] == {"userName": "Bob", "newPath": "/new/", "newUserName": "Robert"}
