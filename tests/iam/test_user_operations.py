import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from in_process import ACCOUNT, InProcess, allow

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"

Refused = Callable[..., tuple[int, str, str]]


def test_a_user_is_kept_as_it_was_made(root: Any) -> None:
    made = root.create_user(UserName="Alice", Path="/division/team/")["User"]
    assert re.fullmatch("AIDA[A-Z2-7]{17}", made["UserId"])
    assert made == {
        "Path": "/division/team/",
        "UserName": "Alice",
        "UserId": made["UserId"],
        "Arn": f"arn:aws:iam::{ACCOUNT}:user/division/team/Alice",
        "CreateDate": datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC),
    }
    assert root.get_user(UserName="Alice")["User"] == made
    assert root.list_users()["Users"] == [made]
    assert root.create_user(UserName="bob")["User"]["Path"] == "/"


def test_names_are_compared_without_case(root: Any, refused: Refused) -> None:
    root.create_user(UserName="Alice", Path="/a/")
    assert root.get_user(UserName="aLICE")["User"]["UserName"] == "Alice"
    for path in ("/", "/b/"):
        assert refused(root.create_user, UserName="ALICE", Path=path) == (
            409,
            "EntityAlreadyExists",
            "User with name ALICE already exists.",
        )
    root.delete_user(UserName="alice")
    assert root.list_users()["Users"] == []


def test_who_is_not_there(root: Any, refused: Refused) -> None:
    missing = (404, "NoSuchEntity", "The user with name carol cannot be found.")
    policy = {"PolicyName": "p"}
    key = {"AccessKeyId": "AKIAABCDEFGHIJKLMNOP"}
    for call, more in (
        (root.get_user, {}),
        (root.delete_user, {}),
        (root.create_access_key, {}),
        (root.list_access_keys, {}),
        (root.update_access_key, key | {"Status": "Inactive"}),
        (root.delete_access_key, key),
        (root.put_user_policy, policy | {"PolicyDocument": "{}"}),
        (root.get_user_policy, policy),
        (root.list_user_policies, {}),
        (root.delete_user_policy, policy),
    ):
        assert refused(call, UserName="carol", **more) == missing


def test_get_user_of_oneself(inside: InProcess, root: Any) -> None:
    me = root.get_user()["User"]
    assert (me["UserId"], me["Arn"]) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")
    alice = root.create_user(UserName="alice")["User"]
    allow(root, "alice", "iam:GetUser", alice["Arn"])
    key = root.create_access_key(UserName="alice")["AccessKey"]
    assert inside.client("iam", key).get_user()["User"] == alice


def test_a_user_is_made_with_tags_and_a_boundary(root: Any, refused: Refused) -> None:
    tags = [{"Key": "Team", "Value": "blue"}, {"Key": "a", "Value": ""}]
    made = root.create_user(UserName="a", Tags=tags, PermissionsBoundary=ADMINISTRATOR)["User"]
    assert made["Tags"] == tags
    boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": ADMINISTRATOR}
    assert made["PermissionsBoundary"] == boundary
    assert root.get_user(UserName="a")["User"] == made
    (listed,) = root.list_users()["Users"]
    assert {"Tags", "PermissionsBoundary"}.isdisjoint(listed)
    twice = [{"Key": "Team", "Value": "1"}, {"Key": "team", "Value": "2"}]
    assert refused(root.create_user, UserName="b", Tags=twice) == (
        400,
        "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    )
    nothing = f"arn:aws:iam::{ACCOUNT}:policy/nothing"
    assert refused(root.create_user, UserName="b", PermissionsBoundary=nothing) == (
        404,
        "NoSuchEntity",
        f"Scope ARN: {nothing} does not exist or is not attachable.",
    )
    assert refused(root.create_user, UserName="b", PermissionsBoundary="x" * 20) == (
        400,
        "InvalidInput",
        f"ARN {'x' * 20} is not valid.",
    )
    assert [user["UserName"] for user in root.list_users()["Users"]] == ["a"]


def test_what_is_not_offered_is_said(root: Any, refused: Refused) -> None:
    assert refused(root.get_credential_report) == (
        400,
        "InvalidAction",
        "Keystead does not support GetCredentialReport yet.",
    )


def test_constraints_of_the_model(root: Any, refused: Refused) -> None:
    status, code, message = refused(root.create_user, UserName="a b", Path="no-slash")
    assert (status, code) == (400, "ValidationError")
    assert "2 validation errors detected" in message
    assert "userName" in message
    assert "path" in message


def test_users_come_in_pages(root: Any, refused: Refused) -> None:
    names = [f"{letter}{number}" for number in range(4) for letter in "Ba"]
    for name in names:
        root.create_user(UserName=name, Path="/team/" if name.startswith("a") else "/")
    in_order = sorted(names, key=str.lower)
    assert [user["UserName"] for user in root.list_users()["Users"]] == in_order
    for size in (1, 3, 7, 8, 1000):
        pages = list(root.get_paginator("list_users").paginate(PaginationConfig={"PageSize": size}))
        assert len(pages) == -(-len(names) // size)
        assert [page["IsTruncated"] for page in pages] == [True] * (len(pages) - 1) + [False]
        assert [user["UserName"] for page in pages for user in page["Users"]] == in_order
    team = root.list_users(PathPrefix="/te", MaxItems=3)
    assert [user["UserName"] for user in team["Users"]] == ["a0", "a1", "a2"]
    rest = root.list_users(PathPrefix="/te", Marker=team["Marker"])
    assert [user["UserName"] for user in rest["Users"]] == ["a3"]
    assert root.list_users(PathPrefix="/elsewhere")["Users"] == []
    invalid = (400, "ValidationError", "Invalid Marker.")
    assert refused(root.list_users, Marker="AAAA") == invalid
    assert refused(root.list_users, Marker="\u00ff") == invalid
    assert refused(root.list_access_keys, UserName="a0", Marker=team["Marker"]) == invalid
    with pytest.raises(ClientError, match="ValidationError"):
        root.list_users(MaxItems=1001)


def test_markers_belong_to_their_account(inside: InProcess, root: Any, refused: Refused) -> None:
    for name in "ab":
        root.create_user(UserName=name)
    marker = root.list_users(MaxItems=1)["Marker"]
    other = inside.client("iam", ("111122223333", "test"))
    assert refused(other.list_users, Marker=marker)[1] == "ValidationError"


def test_accounts_do_not_see_each_other(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="alice")
    key = root.create_access_key(UserName="alice")["AccessKey"]
    other = inside.client("iam", ("111122223333", "test"))
    assert other.list_users()["Users"] == []
    assert refused(other.get_user, UserName="alice")[1] == "NoSuchEntity"
    assert refused(other.delete_user, UserName="alice")[1] == "NoSuchEntity"
    other.create_user(UserName="alice")
    named = {"UserName": "alice", "AccessKeyId": key["AccessKeyId"]}
    assert refused(other.delete_access_key, **named)[1] == "NoSuchEntity"
    assert inside.client("sts", key).get_caller_identity()["Account"] == ACCOUNT


def test_a_user_with_belongings_stays(root: Any, refused: Refused) -> None:
    root.create_user(UserName="alice")
    allow(root, "alice", "kms:*", "*")
    key = root.create_access_key(UserName="alice")["AccessKey"]["AccessKeyId"]
    assert refused(root.delete_user, UserName="alice") == (
        409,
        "DeleteConflict",
        "Cannot delete entity, must delete policies first.",
    )
    root.delete_user_policy(UserName="alice", PolicyName="p")
    root.update_access_key(UserName="alice", AccessKeyId=key, Status="Inactive")
    assert refused(root.delete_user, UserName="alice") == (
        409,
        "DeleteConflict",
        "Cannot delete entity, must delete access keys first.",
    )
    root.delete_access_key(UserName="alice", AccessKeyId=key)
    root.delete_user(UserName="alice")
    assert refused(root.get_user, UserName="alice")[1] == "NoSuchEntity"
