import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, allow, statement

from keystead.service.managed_policies import aws_policies

Refused = Callable[..., tuple[int, str, str]]

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
DECRYPT = statement("Allow", "kms:Decrypt", "*")
ENCRYPT = statement("Allow", "kms:Encrypt", "*")
PAY = f"arn:aws:iam::{ACCOUNT}:policy/pay"
NOW = datetime(2027, 1, 15, 8, 2, 3, tzinfo=UTC)


def make(root: Any, name: str = "pay", **more: Any) -> dict[str, Any]:
    policy: dict[str, Any] = root.create_policy(PolicyName=name, PolicyDocument=DECRYPT, **more)["Policy"]
    return policy


def test_a_policy_is_kept_as_it_was_made(root: Any) -> None:
    tags = [{"Key": "team", "Value": "blue"}, {"Key": "Team", "Value": "red"}]
    made = make(root, "Pay", Path="/ops/", Description="pays", Tags=tags)
    assert re.fullmatch("ANPA[A-Z2-7]{17}", made["PolicyId"])
    arn = f"arn:aws:iam::{ACCOUNT}:policy/ops/Pay"
    assert made == {
        "PolicyName": "Pay",
        "PolicyId": made["PolicyId"],
        "Arn": arn,
        "Path": "/ops/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "CreateDate": NOW,
        "UpdateDate": NOW,
        "Tags": tags,
    }
    assert root.get_policy(PolicyArn=arn)["Policy"] == made | {"Description": "pays"}
    (listed,) = root.list_policies(Scope="Local")["Policies"]
    assert listed == {name: value for name, value in made.items() if name != "Tags"}


def test_names_are_new_in_the_account_whatever_case_and_path(root: Any, refused: Refused) -> None:
    make(root, "Pay")
    assert refused(root.create_policy, PolicyName="pAY", Path="/x/", PolicyDocument=DECRYPT) == (
        409,
        "EntityAlreadyExists",
        "A policy called pAY already exists. Duplicate names are not allowed.",
    )
    assert refused(root.create_policy, PolicyName="a b", PolicyDocument=DECRYPT)[1] == "ValidationError"
    assert refused(root.create_policy, PolicyName="x" * 129, PolicyDocument=DECRYPT)[1] == "ValidationError"


def test_what_is_no_policy(root: Any, refused: Refused) -> None:
    for document in ("{", '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*"}}'):
        refusal = refused(root.create_policy, PolicyName="p", PolicyDocument=document)
        assert refusal[:2] == (400, "MalformedPolicyDocument")
    actions = [f"kms:{'x' * 100}{number}" for number in range(60)]
    large = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": actions, "Resource": "*"}}
    )
    assert refused(root.create_policy, PolicyName="p", PolicyDocument=large) == (
        409,
        "LimitExceeded",
        "Cannot exceed quota for PolicySize: 6144",
    )
    assert root.list_policies(Scope="Local")["Policies"] == []
    root.create_policy(PolicyName="p", PolicyDocument=DECRYPT + " " * 7000)


def test_which_policy_is_not_there(root: Any, refused: Refused) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:policy/none"
    missing = (404, "NoSuchEntity", f"Policy {arn} was not found.")
    for call, more in (
        (root.get_policy, {}),
        (root.delete_policy, {}),
        (root.create_policy_version, {"PolicyDocument": DECRYPT}),
        (root.get_policy_version, {"VersionId": "v1"}),
        (root.list_policy_versions, {}),
        (root.set_default_policy_version, {"VersionId": "v1"}),
        (root.delete_policy_version, {"VersionId": "v1"}),
        (root.list_entities_for_policy, {}),
        (root.tag_policy, {"Tags": []}),
        (root.untag_policy, {"TagKeys": ["k"]}),
        (root.list_policy_tags, {}),
    ):
        assert refused(call, PolicyArn=arn, **more) == missing
        assert refused(call, PolicyArn="arn:aws:iam::aws:role/x", **more) == (
            400,
            "InvalidInput",
            "ARN arn:aws:iam::aws:role/x is not valid.",
        )


def test_policies_of_other_accounts_are_not_there(inside: InProcess, root: Any, refused: Refused) -> None:
    make(root)
    other = inside.client("iam", ("111122223333", "test"))
    assert refused(other.get_policy, PolicyArn=PAY)[1] == "NoSuchEntity"
    other.create_user(UserName="u")
    assert refused(other.attach_user_policy, UserName="u", PolicyArn=PAY) == (
        404,
        "NoSuchEntity",
        f"Policy {PAY} does not exist or is not attachable.",
    )
    assert refused(other.put_user_permissions_boundary, UserName="u", PermissionsBoundary=PAY)[2] == (
        f"Scope ARN: {PAY} does not exist or is not attachable."
    )
    assert other.list_policies(Scope="Local")["Policies"] == []


# Versions.


def version_ids(root: Any) -> list[str]:
    return [version["VersionId"] for version in root.list_policy_versions(PolicyArn=PAY)["Versions"]]


def test_versions(root: Any, refused: Refused) -> None:
    make(root)
    second = root.create_policy_version(PolicyArn=PAY, PolicyDocument=ENCRYPT)["PolicyVersion"]
    assert second == {"VersionId": "v2", "IsDefaultVersion": False, "CreateDate": NOW}
    assert root.get_policy_version(PolicyArn=PAY, VersionId="v2")["PolicyVersion"] == second | {
        "Document": json.loads(ENCRYPT)
    }
    assert root.get_policy(PolicyArn=PAY)["Policy"]["DefaultVersionId"] == "v1"
    root.set_default_policy_version(PolicyArn=PAY, VersionId="v2")
    assert root.get_policy(PolicyArn=PAY)["Policy"]["DefaultVersionId"] == "v2"
    third = root.create_policy_version(PolicyArn=PAY, PolicyDocument=DECRYPT, SetAsDefault=True)
    assert third["PolicyVersion"]["IsDefaultVersion"] is True
    assert [
        (version["VersionId"], version["IsDefaultVersion"], "Document" in version)
        for version in root.list_policy_versions(PolicyArn=PAY)["Versions"]
    ] == [("v3", True, False), ("v2", False, False), ("v1", False, False)]
    for unknown in ("v4", "v1.x", "v99999999999"):
        assert refused(root.get_policy_version, PolicyArn=PAY, VersionId=unknown) == (
            404,
            "NoSuchEntity",
            f"Policy {PAY} version {unknown} does not exist or is not attachable.",
        )


def test_five_versions_at_most_and_no_number_twice(root: Any, refused: Refused) -> None:
    make(root)
    for _ in range(4):
        root.create_policy_version(PolicyArn=PAY, PolicyDocument=ENCRYPT)
    assert refused(root.create_policy_version, PolicyArn=PAY, PolicyDocument=ENCRYPT) == (
        409,
        "LimitExceeded",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
        "existing version.",
    )
    assert refused(root.delete_policy_version, PolicyArn=PAY, VersionId="v1") == (
        409,
        "DeleteConflict",
        "Cannot delete the default version of a policy.",
    )
    assert refused(root.delete_policy, PolicyArn=PAY) == (
        409,
        "DeleteConflict",
        "This policy has more than one version. Before you delete a policy, you must delete the policy's "
        "versions. The default version is deleted with the policy.",
    )
    root.delete_policy_version(PolicyArn=PAY, VersionId="v5")
    root.create_policy_version(PolicyArn=PAY, PolicyDocument=ENCRYPT)
    assert version_ids(root) == ["v6", "v4", "v3", "v2", "v1"]
    pages = list(
        root.get_paginator("list_policy_versions").paginate(PolicyArn=PAY, PaginationConfig={"PageSize": 2})
    )
    assert [[each["VersionId"] for each in page["Versions"]] for page in pages] == [
        ["v6", "v4"],
        ["v3", "v2"],
        ["v1"],
    ]
    for version in ("v6", "v4", "v3", "v2"):
        root.delete_policy_version(PolicyArn=PAY, VersionId=version)
    root.delete_policy(PolicyArn=PAY)
    assert root.list_policies(Scope="Local")["Policies"] == []


def test_a_new_default_version_is_in_force_at_once(inside: InProcess, root: Any, refused: Refused) -> None:
    key = inside.client("kms").create_key()["KeyMetadata"]["Arn"]
    make(root)
    root.create_policy_version(PolicyArn=PAY, PolicyDocument=ENCRYPT)
    root.create_user(UserName="u")
    root.create_group(GroupName="g")
    root.add_user_to_group(GroupName="g", UserName="u")
    root.attach_group_policy(GroupName="g", PolicyArn=PAY)
    kms = inside.client("kms", root.create_access_key(UserName="u")["AccessKey"])
    encrypt = {"KeyId": key, "Plaintext": b"x"}
    assert refused(kms.encrypt, **encrypt)[1] == "AccessDeniedException"
    root.set_default_policy_version(PolicyArn=PAY, VersionId="v2")
    kms.encrypt(**encrypt)
    root.remove_user_from_group(GroupName="g", UserName="u")
    assert refused(kms.encrypt, **encrypt)[1] == "AccessDeniedException"
    root.attach_user_policy(UserName="u", PolicyArn=PAY)
    kms.encrypt(**encrypt)
    root.set_default_policy_version(PolicyArn=PAY, VersionId="v1")
    assert refused(kms.encrypt, **encrypt)[1] == "AccessDeniedException"


# AWS's own.


def test_the_policies_of_aws_can_be_read_and_not_changed(root: Any, refused: Refused) -> None:
    policy = root.get_policy(PolicyArn=ADMINISTRATOR)["Policy"]
    assert (policy["PolicyName"], policy["PolicyId"]) == ("AdministratorAccess", "ANPAIWMBCKSKIEE64ZLYK")
    version = root.get_policy_version(PolicyArn=ADMINISTRATOR, VersionId=policy["DefaultVersionId"])
    (said,) = version["PolicyVersion"]["Document"]["Statement"]
    assert said == {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert len(root.list_policy_versions(PolicyArn=ADMINISTRATOR)["Versions"]) == 1
    for call, more in (
        (root.delete_policy, {}),
        (root.create_policy_version, {"PolicyDocument": DECRYPT}),
        (root.set_default_policy_version, {"VersionId": "v1"}),
        (root.delete_policy_version, {"VersionId": "v1"}),
        (root.tag_policy, {"Tags": []}),
        (root.untag_policy, {"TagKeys": ["k"]}),
    ):
        assert refused(call, PolicyArn=ADMINISTRATOR, **more)[:2] == (403, "AccessDenied")


def test_lists_hold_the_account_s_policies_and_aws_s(root: Any) -> None:
    for name in ("b", "A", "c"):
        make(root, name, Path="/x/" if name == "c" else "/")
    aws = [policy.name for policy, _ in aws_policies().values()]

    def names(**asked: Any) -> list[str]:
        pages = root.get_paginator("list_policies").paginate(**asked)
        return [policy["PolicyName"] for page in pages for policy in page["Policies"]]

    assert names() == ["A", "b", "c", *aws]
    for size in (1, 2, 3, 4, 1000):
        assert names(PaginationConfig={"PageSize": size}) == ["A", "b", "c", *aws]
        assert names(Scope="AWS", PaginationConfig={"PageSize": size}) == aws
    assert names(Scope="Local") == ["A", "b", "c"]
    assert names(Scope="Local", PathPrefix="/x/") == ["c"]
    root.create_user(UserName="u")
    root.attach_user_policy(UserName="u", PolicyArn=ADMINISTRATOR)
    root.put_user_permissions_boundary(UserName="u", PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/A")
    assert names(OnlyAttached=True, PaginationConfig={"PageSize": 2}) == ["AdministratorAccess"]
    assert names(PolicyUsageFilter="PermissionsBoundary") == ["A"]
    counted = {policy["PolicyName"]: policy for policy in root.list_policies()["Policies"]}
    assert counted["AdministratorAccess"]["AttachmentCount"] == 1
    assert counted["A"]["PermissionsBoundaryUsageCount"] == 1


# Attachments.


@pytest.mark.parametrize("kind", ["user", "role", "group"])
def test_attachments(root: Any, refused: Refused, kind: str) -> None:
    word = kind.capitalize()
    named = {f"{word}Name": "x"}
    trust = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}'
    more = {"AssumeRolePolicyDocument": trust} if kind == "role" else {}
    attach, detach, listing = (
        getattr(root, name)
        for name in (f"attach_{kind}_policy", f"detach_{kind}_policy", f"list_attached_{kind}_policies")
    )
    missing = (404, "NoSuchEntity", f"The {kind} with name x cannot be found.")
    for call in (attach, detach):
        assert refused(call, **named, PolicyArn=PAY) == missing
    assert refused(listing, **named) == missing
    getattr(root, f"create_{kind}")(**named, **more)
    assert refused(attach, **named, PolicyArn=PAY) == (
        404,
        "NoSuchEntity",
        f"Policy {PAY} does not exist or is not attachable.",
    )
    arns = [make(root, f"p{number}", Path="/x/" if number < 2 else "/")["Arn"] for number in range(10)]
    assert refused(detach, **named, PolicyArn=arns[0]) == (
        404,
        "NoSuchEntity",
        f"Policy {arns[0]} was not found.",
    )
    for arn in arns:
        attach(**named, PolicyArn=arn)
        attach(**named, PolicyArn=arn)
    assert refused(attach, **named, PolicyArn=ADMINISTRATOR) == (
        409,
        "LimitExceeded",
        f"Cannot exceed quota for PoliciesPer{word}: 10",
    )
    attached = listing(**named)["AttachedPolicies"]
    assert sorted(policy["PolicyArn"] for policy in attached) == sorted(arns)
    assert {"PolicyName": "p3", "PolicyArn": arns[3]} in attached
    pages = list(
        root.get_paginator(f"list_attached_{kind}_policies").paginate(
            **named, PaginationConfig={"PageSize": 4}
        )
    )
    assert [len(page["AttachedPolicies"]) for page in pages] == [4, 4, 2]
    assert len(listing(**named, PathPrefix="/x/")["AttachedPolicies"]) == 2
    assert root.get_policy(PolicyArn=arns[0])["Policy"]["AttachmentCount"] == 1
    assert refused(root.delete_policy, PolicyArn=arns[0]) == (
        409,
        "DeleteConflict",
        "Cannot delete a policy attached to entities.",
    )
    assert refused(getattr(root, f"delete_{kind}"), **named) == (
        409,
        "DeleteConflict",
        "Cannot delete entity, must detach all policies first.",
    )
    for arn in arns:
        detach(**named, PolicyArn=arn)
        root.delete_policy(PolicyArn=arn)
    getattr(root, f"delete_{kind}")(**named)


def test_a_boundary_stays(root: Any, refused: Refused) -> None:
    make(root)
    root.create_user(UserName="u", PermissionsBoundary=PAY)
    assert refused(root.delete_policy, PolicyArn=PAY)[1] == "DeleteConflict"
    root.delete_user_permissions_boundary(UserName="u")
    root.delete_policy(PolicyArn=PAY)


def test_entities_for_a_policy(inside: InProcess, root: Any) -> None:
    make(root)
    trust = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}'
    users = [root.create_user(UserName=f"u{n}", Path=f"/{n % 2}/")["User"] for n in range(4)]
    role = root.create_role(RoleName="r", AssumeRolePolicyDocument=trust, PermissionsBoundary=PAY)["Role"]
    group = root.create_group(GroupName="g")["Group"]
    for user in users[:3]:
        root.attach_user_policy(UserName=user["UserName"], PolicyArn=PAY)
    root.put_user_permissions_boundary(UserName="u2", PermissionsBoundary=PAY)
    root.put_user_permissions_boundary(UserName="u3", PermissionsBoundary=PAY)
    root.attach_group_policy(GroupName="g", PolicyArn=PAY)

    def entities(**asked: Any) -> tuple[list[str], list[str], list[str]]:
        pages = list(root.get_paginator("list_entities_for_policy").paginate(PolicyArn=PAY, **asked))
        return tuple(  # type: ignore[return-value]  # three of them
            sorted(each[f"{kind}Name"] for page in pages for each in page[f"Policy{kind}s"])
            for kind in ("User", "Role", "Group")
        )

    everybody = (["u0", "u1", "u2", "u3"], ["r"], ["g"])
    assert entities() == everybody
    for size in (1, 2, 5):
        assert entities(PaginationConfig={"PageSize": size}) == everybody
    assert entities(PolicyUsageFilter="PermissionsPolicy") == (["u0", "u1", "u2"], [], ["g"])
    assert entities(PolicyUsageFilter="PermissionsBoundary") == (["u2", "u3"], ["r"], [])
    assert entities(EntityFilter="Role") == ([], ["r"], [])
    assert entities(EntityFilter="User", PathPrefix="/1/") == (["u1", "u3"], [], [])
    answer = root.list_entities_for_policy(PolicyArn=PAY)
    assert answer["PolicyRoles"] == [{"RoleName": "r", "RoleId": role["RoleId"]}]
    assert answer["PolicyGroups"] == [{"GroupName": "g", "GroupId": group["GroupId"]}]
    other = inside.client("iam", ("111122223333", "test"))
    other.create_user(UserName="theirs")
    other.attach_user_policy(UserName="theirs", PolicyArn=ADMINISTRATOR)
    assert root.list_entities_for_policy(PolicyArn=ADMINISTRATOR)["PolicyUsers"] == []


# Authorization and audit.


def test_calls_are_authorized_and_recorded(inside: InProcess, root: Any, refused: Refused) -> None:
    make(root, Tags=[{"Key": "team", "Value": "blue"}])
    made = inside.events()[-1]
    assert made["requestParameters"] == {
        "policyName": "pay",
        "policyDocument": DECRYPT,
        "tags": [{"key": "team", "value": "blue"}],
    }
    assert made["responseElements"]["policy"]["createDate"] == "Jan 15, 2027 8:02:03 AM"
    root.create_user(UserName="a")
    a = inside.client("iam", root.create_access_key(UserName="a")["AccessKey"])
    denied = refused(a.get_policy, PolicyArn=PAY)
    assert denied[:2] == (403, "AccessDenied")
    assert f"iam:GetPolicy on resource: policy {PAY} because no identity-based policy" in denied[2]
    assert refused(a.list_policies)[1] == "AccessDenied"
    allow(root, "a", "iam:*Policy", PAY)
    a.get_policy(PolicyArn=PAY)
    assert refused(a.get_policy, PolicyArn=ADMINISTRATOR)[1] == "AccessDenied"
    # Attaching is authorized on the entity, not on the policy.
    assert refused(a.attach_user_policy, UserName="a", PolicyArn=PAY)[1] == "AccessDenied"


def test_conditions_on_the_policy_to_attach(inside: InProcess, root: Any, refused: Refused) -> None:
    make(root)
    root.create_user(UserName="a")
    only = {"ArnEquals": {"iam:PolicyARN": PAY}}
    may = {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": only}
    root.put_user_policy(
        UserName="a", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": may})
    )
    a = inside.client("iam", root.create_access_key(UserName="a")["AccessKey"])
    assert refused(a.attach_user_policy, UserName="a", PolicyArn=ADMINISTRATOR)[1] == "AccessDenied"
    a.attach_user_policy(UserName="a", PolicyArn=PAY)
    a.detach_user_policy(UserName="a", PolicyArn=PAY)
    root.create_group(GroupName="g")
    a.attach_group_policy(GroupName="g", PolicyArn=PAY)
    assert refused(a.attach_group_policy, GroupName="g", PolicyArn=ADMINISTRATOR)[1] == "AccessDenied"


def test_tags_of_a_policy_are_conditions(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="a")
    blue = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    may = {"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": blue}
    root.put_user_policy(
        UserName="a", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": may})
    )
    a = inside.client("iam", root.create_access_key(UserName="a")["AccessKey"])
    make(root)
    assert refused(a.create_policy_version, PolicyArn=PAY, PolicyDocument=ENCRYPT)[1] == "AccessDenied"
    root.tag_policy(PolicyArn=PAY, Tags=[{"Key": "team", "Value": "blue"}])
    a.create_policy_version(PolicyArn=PAY, PolicyDocument=ENCRYPT)
    a.untag_policy(PolicyArn=PAY, TagKeys=["team"])
    assert refused(a.create_policy_version, PolicyArn=PAY, PolicyDocument=ENCRYPT)[1] == "AccessDenied"
