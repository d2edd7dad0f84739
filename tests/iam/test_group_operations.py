import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from in_process import ACCOUNT, InProcess, allow, statement

Refused = Callable[..., tuple[int, str, str]]

DECRYPT = statement("Allow", "kms:Decrypt", "*")


def test_a_group_is_kept_as_it_was_made(root: Any, refused: Refused) -> None:
    made = root.create_group(GroupName="Ops", Path="/x/")["Group"]
    assert re.fullmatch("AGPA[A-Z2-7]{17}", made["GroupId"])
    assert made == {
        "Path": "/x/",
        "GroupName": "Ops",
        "GroupId": made["GroupId"],
        "Arn": f"arn:aws:iam::{ACCOUNT}:group/x/Ops",
        "CreateDate": datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC),
    }
    assert root.get_group(GroupName="ops")["Group"] == made
    assert root.list_groups()["Groups"] == [made]
    assert refused(root.create_group, GroupName="OPS") == (
        409,
        "EntityAlreadyExists",
        "Group with name OPS already exists.",
    )
    root.create_user(UserName="Ops")


def test_which_group_is_not_there(root: Any, refused: Refused) -> None:
    root.create_user(UserName="u")
    missing = (404, "NoSuchEntity", "The group with name g cannot be found.")
    policy = {"PolicyName": "p"}
    for call, more in (
        (root.get_group, {}),
        (root.delete_group, {}),
        (root.update_group, {"NewPath": "/x/"}),
        (root.add_user_to_group, {"UserName": "u"}),
        (root.remove_user_from_group, {"UserName": "u"}),
        (root.put_group_policy, policy | {"PolicyDocument": DECRYPT}),
        (root.get_group_policy, policy),
        (root.list_group_policies, {}),
        (root.delete_group_policy, policy),
    ):
        assert refused(call, GroupName="g", **more) == missing


def test_groups_come_in_pages(root: Any) -> None:
    for name in ("c", "B", "a", "D"):
        root.create_group(GroupName=name, Path="/x/" if name < "a" else "/")
    pages = list(root.get_paginator("list_groups").paginate(PaginationConfig={"PageSize": 3}))
    assert [[group["GroupName"] for group in page["Groups"]] for page in pages] == [["a", "B", "c"], ["D"]]
    assert [group["GroupName"] for group in root.list_groups(PathPrefix="/x/")["Groups"]] == ["B", "D"]


def test_a_group_is_renamed_and_keeps_what_it_has(root: Any, refused: Refused) -> None:
    made = root.create_group(GroupName="g")["Group"]
    root.create_group(GroupName="taken")
    root.create_user(UserName="u")
    root.add_user_to_group(GroupName="g", UserName="u")
    root.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=DECRYPT)
    assert refused(root.update_group, GroupName="g", NewGroupName="TAKEN") == (
        409,
        "EntityAlreadyExists",
        "Group with name TAKEN already exists.",
    )
    root.update_group(GroupName="g", NewGroupName="h", NewPath="/x/")
    (group,) = root.list_groups_for_user(UserName="u")["Groups"]
    assert group == made | {"GroupName": "h", "Path": "/x/", "Arn": f"arn:aws:iam::{ACCOUNT}:group/x/h"}
    assert root.list_group_policies(GroupName="h")["PolicyNames"] == ["p"]
    root.update_group(GroupName="h", NewGroupName="H")
    assert root.get_group(GroupName="h")["Group"]["GroupName"] == "H"


def test_members(root: Any, refused: Refused) -> None:
    root.create_group(GroupName="g")
    root.create_user(UserName="c")
    root.create_user(UserName="B", Tags=[{"Key": "k", "Value": "v"}])
    for name in ("c", "b", "C"):
        root.add_user_to_group(GroupName="G", UserName=name)
    users = root.get_group(GroupName="g")["Users"]
    assert [user["UserName"] for user in users] == ["B", "c"]
    assert "Tags" not in users[0]
    pages = list(root.get_paginator("get_group").paginate(GroupName="g", PaginationConfig={"PageSize": 1}))
    assert [[user["UserName"] for user in page["Users"]] for page in pages] == [["B"], ["c"]]
    missing = (404, "NoSuchEntity", "The user with name none cannot be found.")
    assert refused(root.add_user_to_group, GroupName="g", UserName="none") == missing
    assert refused(root.remove_user_from_group, GroupName="g", UserName="none") == missing
    in_group = (409, "DeleteConflict", "Cannot delete entity, must remove users from group first.")
    assert refused(root.delete_group, GroupName="g") == in_group
    assert refused(root.delete_user, UserName="c") == in_group
    root.remove_user_from_group(GroupName="g", UserName="c")
    assert refused(root.remove_user_from_group, GroupName="g", UserName="c") == (
        404,
        "NoSuchEntity",
        "User c is not in group g.",
    )
    root.delete_user(UserName="c")
    root.remove_user_from_group(GroupName="g", UserName="b")
    root.delete_group(GroupName="g")


def test_a_user_is_in_ten_groups_at_most(root: Any, refused: Refused) -> None:
    root.create_user(UserName="u")
    for number in range(11):
        root.create_group(GroupName=f"g{number:02}")
    for number in range(10):
        root.add_user_to_group(GroupName=f"g{number:02}", UserName="u")
    assert refused(root.add_user_to_group, GroupName="g10", UserName="u") == (
        409,
        "LimitExceeded",
        "Cannot exceed quota for GroupsPerUser: 10",
    )
    root.add_user_to_group(GroupName="g09", UserName="u")
    pages = root.get_paginator("list_groups_for_user").paginate(
        UserName="u", PaginationConfig={"PageSize": 4}
    )
    assert [len(page["Groups"]) for page in pages] == [4, 4, 2]


def test_inline_policies(root: Any, refused: Refused) -> None:
    root.create_group(GroupName="g")
    root.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=DECRYPT)
    kept = root.get_group_policy(GroupName="G", PolicyName="P")
    assert (kept["GroupName"], kept["PolicyName"]) == ("g", "p")
    assert kept["PolicyDocument"] == json.loads(DECRYPT)
    assert refused(root.get_group_policy, GroupName="g", PolicyName="q") == (
        404,
        "NoSuchEntity",
        "The group policy with name q cannot be found.",
    )
    actions = [f"kms:{'x' * 100}{number}" for number in range(50)]
    deny = {"Effect": "Deny", "Action": actions, "Resource": "*"}
    large = json.dumps({"Version": "2012-10-17", "Statement": deny})
    assert refused(root.put_group_policy, GroupName="g", PolicyName="q", PolicyDocument=large) == (
        409,
        "LimitExceeded",
        "Maximum policy size of 5120 bytes exceeded for group g",
    )
    assert refused(root.delete_group, GroupName="g") == (
        409,
        "DeleteConflict",
        "Cannot delete entity, must delete policies first.",
    )
    root.delete_group_policy(GroupName="g", PolicyName="p")
    root.delete_group(GroupName="g")


def test_a_group_gives_and_denies(inside: InProcess, root: Any, refused: Refused) -> None:
    key = inside.client("kms").create_key()["KeyMetadata"]["Arn"]
    root.create_user(UserName="u")
    root.create_group(GroupName="g")
    kms = inside.client("kms", root.create_access_key(UserName="u")["AccessKey"])
    root.put_group_policy(GroupName="g", PolicyName="p", PolicyDocument=statement("Allow", "kms:*", "*"))
    assert refused(kms.describe_key, KeyId=key)[1] == "AccessDeniedException"
    root.add_user_to_group(GroupName="g", UserName="u")
    kms.describe_key(KeyId=key)
    root.put_group_policy(GroupName="g", PolicyName="no", PolicyDocument=statement("Deny", "kms:*", "*"))
    assert refused(kms.describe_key, KeyId=key)[2].endswith(
        "with an explicit deny in an identity-based policy"
    )
    root.delete_group_policy(GroupName="g", PolicyName="no")
    kms.describe_key(KeyId=key)


def test_calls_are_authorized_and_recorded(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="u")
    root.create_group(GroupName="g", Path="/x/")
    arn = f"arn:aws:iam::{ACCOUNT}:group/x/g"
    u = inside.client("iam", root.create_access_key(UserName="u")["AccessKey"])
    denied = refused(u.add_user_to_group, GroupName="g", UserName="u")
    assert "iam:AddUserToGroup on resource: group g because no identity-based policy" in denied[2]
    allow(root, "u", "iam:*", arn)
    u.add_user_to_group(GroupName="g", UserName="u")
    added = inside.events()[-1]
    assert (added["eventName"], added["requestParameters"]) == (
        "AddUserToGroup",
        {"groupName": "g", "userName": "u"},
    )
    # A new name needs the permission too.
    assert (
        f"resource: {arn.replace('/x/g', '/x/h')} "
        in refused(u.update_group, GroupName="g", NewGroupName="h")[2]
    )
    allow(root, "u", "iam:*", f"arn:aws:iam::{ACCOUNT}:group/x/*")
    u.update_group(GroupName="g", NewGroupName="h")
    assert refused(u.list_groups)[1] == "AccessDenied"
    assert len(u.list_groups(PathPrefix="/x/")["Groups"]) == 1
