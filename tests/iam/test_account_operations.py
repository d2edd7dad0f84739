"""GetAccountSummary and GetAccountAuthorizationDetails."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from in_process import ACCOUNT, InProcess, statement

Refused = Callable[..., tuple[int, str, str]]

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
DECRYPT = statement("Allow", "kms:Decrypt", "*")
ENCRYPT = statement("Allow", "kms:Encrypt", "*")


@pytest.fixture
def everything(root: Any) -> dict[str, Any]:
    """One of each with one of each; the user's ARN and the policy's."""
    arn = root.create_policy(PolicyName="pay", Description="pays", PolicyDocument=DECRYPT)["Policy"]["Arn"]
    root.create_policy_version(PolicyArn=arn, PolicyDocument=ENCRYPT)
    tags = [{"Key": "k", "Value": "v"}]
    user = root.create_user(UserName="u", Tags=tags, PermissionsBoundary=arn)["User"]
    trust = {"Effect": "Allow", "Principal": {"AWS": user["Arn"]}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    root.create_role(RoleName="r", AssumeRolePolicyDocument=document)
    root.create_group(GroupName="g")
    root.add_user_to_group(GroupName="g", UserName="u")
    root.put_user_policy(UserName="u", PolicyName="pu", PolicyDocument=DECRYPT)
    root.put_role_policy(RoleName="r", PolicyName="pr", PolicyDocument=DECRYPT)
    root.put_group_policy(GroupName="g", PolicyName="pg", PolicyDocument=DECRYPT)
    root.attach_user_policy(UserName="u", PolicyArn=arn)
    root.attach_group_policy(GroupName="g", PolicyArn=ADMINISTRATOR)
    root.create_instance_profile(InstanceProfileName="p")
    root.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    return {"user": user, "policy": arn, "trust": document}


def test_the_summary_counts(inside: InProcess, root: Any, everything: dict[str, Any]) -> None:
    root.create_open_id_connect_provider(Url="https://issuer.example.org")
    inside.client("iam", ("111122223333", "test")).create_user(UserName="theirs")
    summary = root.get_account_summary()["SummaryMap"]
    counts = {
        "Users": 1,
        "Groups": 1,
        "Roles": 1,
        "Policies": 1,
        "PolicyVersionsInUse": 2,
        "InstanceProfiles": 1,
        "Providers": 1,
        "AccountAccessKeysPresent": 0,
        "AccountMFAEnabled": 0,
    }
    assert counts.items() <= summary.items()
    quotas = {
        "AccessKeysPerUserQuota": 2,
        "GroupsPerUserQuota": 10,
        "AttachedPoliciesPerRoleQuota": 10,
        "PolicySizeQuota": 6144,
        "VersionsPerPolicyQuota": 5,
        "UserPolicySizeQuota": 2048,
        "RolePolicySizeQuota": 10240,
        "GroupPolicySizeQuota": 5120,
        "AssumeRolePolicySizeQuota": 2048,
    }
    assert quotas.items() <= summary.items()
    assert "UsersQuota" not in summary, "it is not enforced"


def test_the_details_hold_all(root: Any, everything: dict[str, Any]) -> None:
    details = root.get_account_authorization_details()
    decrypt = json.loads(DECRYPT)
    (user,) = details["UserDetailList"]
    arn = everything["policy"]
    assert user == everything["user"] | {
        "UserPolicyList": [{"PolicyName": "pu", "PolicyDocument": decrypt}],
        "GroupList": ["g"],
        "AttachedManagedPolicies": [{"PolicyName": "pay", "PolicyArn": arn}],
    }
    (group,) = details["GroupDetailList"]
    assert group["GroupPolicyList"] == [{"PolicyName": "pg", "PolicyDocument": decrypt}]
    assert group["AttachedManagedPolicies"] == [
        {"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR}
    ]
    (role,) = details["RoleDetailList"]
    assert role["AssumeRolePolicyDocument"] == json.loads(everything["trust"])
    assert role["RolePolicyList"] == [{"PolicyName": "pr", "PolicyDocument": decrypt}]
    assert [profile["InstanceProfileName"] for profile in role["InstanceProfileList"]] == ["p"]
    own, aws = details["Policies"]
    assert (own["Arn"], aws["Arn"]) == (arn, ADMINISTRATOR)
    assert (own["AttachmentCount"], own["PermissionsBoundaryUsageCount"], own["Description"]) == (
        1,
        1,
        "pays",
    )
    assert [
        (version["VersionId"], version["IsDefaultVersion"], version["Document"])
        for version in own["PolicyVersionList"]
    ] == [("v2", False, json.loads(ENCRYPT)), ("v1", True, decrypt)]


LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


def names(details: list[dict[str, Any]]) -> list[list[str]]:
    """The names in each of the lists, over all pages."""
    return [
        [
            next(each[name] for name in each if name.endswith("Name"))
            for page in details
            for each in page[part]
        ]
        for part in LISTS
    ]


def test_the_details_come_in_pages(root: Any, everything: dict[str, Any]) -> None:
    for name in ("B", "a"):
        root.create_user(UserName=name)
        root.create_group(GroupName=name)
    whole = [["a", "B", "u"], ["a", "B", "g"], ["r"], ["pay", "AdministratorAccess"]]
    paginator = root.get_paginator("get_account_authorization_details")
    for size in range(1, 10):
        pages = list(paginator.paginate(PaginationConfig={"PageSize": size}))
        assert names(pages) == whole
        assert len(pages) == -(-9 // size)
    for asked, parts in (
        (["User"], {0}),
        (["Role", "Group"], {1, 2}),
        (["LocalManagedPolicy"], {3}),
    ):
        found = names(list(paginator.paginate(Filter=asked, PaginationConfig={"PageSize": 2})))
        assert {number for number, part in enumerate(found) if part} == parts
    assert names([root.get_account_authorization_details(Filter=["AWSManagedPolicy"])])[3] == [
        "AdministratorAccess"
    ]


def test_both_need_a_permission_on_everything(inside: InProcess, root: Any, refused: Refused) -> None:
    root.create_user(UserName="u")
    u = inside.client("iam", root.create_access_key(UserName="u")["AccessKey"])
    for call in (u.get_account_summary, u.get_account_authorization_details):
        assert refused(call)[1] == "AccessDenied"
    own = statement("Allow", "iam:GetAccount*", f"arn:aws:iam::{ACCOUNT}:*")
    root.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=own)
    assert "on resource: * because" in refused(u.get_account_summary)[2]
    root.put_user_policy(
        UserName="u", PolicyName="p", PolicyDocument=own.replace(f"arn:aws:iam::{ACCOUNT}:*", "*")
    )
    u.get_account_summary()
    u.get_account_authorization_details()
