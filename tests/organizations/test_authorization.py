"""Calls to Organizations are allowed by identity policies, on ARNs, under the keys of the catalogue."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.iam.in_process import ACCOUNT, InProcess
from tests.organizations.conftest import Refused
from tests.organizations.scene import FULL_ACCESS, SCP, Organization, document, statement

User = Callable[..., Any]


@pytest.fixture
def user(inside: InProcess) -> User:
    """An Organizations client of the user `ada`, whose policy is that of these statements."""
    iam = inside.client("iam")
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]

    def with_policy(*statements: dict[str, Any]) -> Any:
        policy = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=json.dumps(policy))
        return inside.client("organizations", key)

    return with_policy


def denied(action: str, resource: str) -> tuple[str, str, str]:
    return (
        "AccessDeniedException",
        f"User: arn:aws:iam::{ACCOUNT}:user/ada is not authorized to perform: {action} on resource: "
        f"{resource} because no identity-based policy allows the {action} action",
        "",
    )


def test_a_user_may_do_what_a_policy_allows_on_the_arn(
    organization: Organization, user: User, refused: Refused
) -> None:
    unit, other = organization.unit("u"), organization.unit("v")
    arn = f"arn:aws:organizations::{ACCOUNT}:ou/{organization.id}"
    client = user(statement("Allow", "organizations:Describe*", Resource=f"{arn}/{unit}"))
    client.describe_organizational_unit(OrganizationalUnitId=unit)
    assert refused(client.describe_organizational_unit, OrganizationalUnitId=other) == denied(
        "organizations:DescribeOrganizationalUnit", f"{arn}/{other}"
    )
    assert refused(client.describe_organization) == denied("organizations:DescribeOrganization", "*")
    assert refused(client.list_accounts) == denied("organizations:ListAccounts", "*")


def test_attaching_needs_the_policy_and_the_target(
    organization: Organization, user: User, refused: Refused
) -> None:
    organization.enable(SCP)
    policy = organization.policy(document(statement("Deny", "kms:*")))
    of = f"arn:aws:organizations::{ACCOUNT}"
    on_policy = f"{of}:policy/{organization.id}/service_control_policy/{policy}"
    on_root = f"{of}:root/{organization.id}/{organization.root}"
    asked = {"PolicyId": policy, "TargetId": organization.root}
    action = "organizations:AttachPolicy"
    client = user(statement("Allow", action, Resource=on_policy))
    assert refused(client.attach_policy, **asked) == denied(action, on_root)
    client = user(statement("Allow", action, Resource=on_root))
    assert refused(client.attach_policy, **asked) == denied(action, on_policy)
    client = user(statement("Allow", action, Resource=[on_policy, on_root]))
    client.attach_policy(**asked)
    of_aws = f"{of.replace(ACCOUNT, 'aws')}:policy/service_control_policy/{FULL_ACCESS[SCP]}"
    assert refused(client.attach_policy, **asked | {"PolicyId": FULL_ACCESS[SCP]}) == denied(action, of_aws)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"organizations:PolicyType": SCP}, True),
        ({"organizations:PolicyType": "RESOURCE_CONTROL_POLICY"}, False),
        ({"aws:ResourceTag/team": "a"}, True),
        ({"aws:ResourceTag/team": "b"}, False),
        ({"aws:PrincipalOrgID": "ORGANIZATION"}, True),
        ({"aws:PrincipalOrgID": "o-zzzzzzzzzz"}, False),
    ],
)
def test_conditions_on_a_policy(
    organization: Organization, user: User, refused: Refused, condition: dict[str, str], holds: bool
) -> None:
    policy = organization.policy(document(statement("Deny", "kms:*")))
    organization.client.tag_resource(ResourceId=policy, Tags=[{"Key": "team", "Value": "a"}])
    equals = {key: value.replace("ORGANIZATION", organization.id) for key, value in condition.items()}
    if "organizations:PolicyType" in condition:
        equals = condition
    client = user(statement("Allow", "organizations:*", Condition={"StringEquals": equals}))
    if holds:
        client.describe_policy(PolicyId=policy)
    else:
        assert refused(client.describe_policy, PolicyId=policy)[0] == "AccessDeniedException"


def test_conditions_on_what_is_asked_for(organization: Organization, user: User, refused: Refused) -> None:
    def only(operator: str, key: str, value: str | list[str]) -> Any:
        return user(statement("Allow", "organizations:*", Condition={operator: {key: value}}))

    tags = [{"Key": "team", "Value": "a"}]
    client = only("StringEquals", "aws:RequestTag/team", "a")
    client.create_organizational_unit(ParentId=organization.root, Name="u", Tags=tags)
    new = {"ParentId": organization.root, "Name": "v"}
    assert refused(client.create_organizational_unit, **new)[0] == "AccessDeniedException"
    client = only("ForAnyValue:StringEquals", "aws:TagKeys", ["team"])
    client.untag_resource(ResourceId=organization.root, TagKeys=["team"])
    asked = {"ResourceId": organization.root, "TagKeys": ["other"]}
    assert refused(client.untag_resource, **asked)[0] == "AccessDeniedException"
    client = only("StringEquals", "organizations:ServicePrincipal", "sso.amazonaws.com")
    client.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    service = {"ServicePrincipal": "config.amazonaws.com"}
    assert refused(client.enable_aws_service_access, **service)[0] == "AccessDeniedException"
    client = only("StringEquals", "organizations:PolicyType", SCP)
    client.enable_policy_type(RootId=organization.root, PolicyType=SCP)
    client.list_policies(Filter=SCP)
    client.list_policies_for_target(TargetId=organization.root, Filter=SCP)
    assert refused(client.list_policies, Filter="RESOURCE_CONTROL_POLICY")[0] == "AccessDeniedException"
    new_policy = {"Name": "n", "Description": "", "Content": document(statement("Deny", "kms:*"))}
    client.create_policy(Type=SCP, **new_policy)
    other_type = new_policy | {"Type": "RESOURCE_CONTROL_POLICY"}
    assert refused(client.create_policy, **other_type)[0] == "AccessDeniedException"


def test_without_an_organization_the_caller_needs_everything(
    inside: InProcess, user: User, refused: Refused
) -> None:
    asked = {"OrganizationalUnitId": "ou-zzzz-zzzzzzzz"}
    client = user(statement("Allow", "organizations:*", Resource=f"arn:aws:organizations::{ACCOUNT}:ou/*"))
    assert refused(client.describe_organizational_unit, **asked)[0] == "AccessDeniedException"
    client = user(statement("Allow", "organizations:*"))
    assert refused(client.describe_organizational_unit, **asked)[0] == "AWSOrganizationsNotInUseException"


def test_service_control_policies_limit_members_here_too(
    organization: Organization, refused: Refused
) -> None:
    organization.enable(SCP)
    account = organization.account("a")
    member = organization.of(account)
    member.describe_organization()
    policy = organization.policy(document(statement("Deny", "organizations:LeaveOrganization")))
    organization.attach(policy, organization.root)
    code, sentence, _ = refused(member.leave_organization)
    assert code == "AccessDeniedException"
    assert sentence == (
        f"User: arn:aws:iam::{account}:root is not authorized to perform: organizations:LeaveOrganization on "
        "resource: * with an explicit deny in a service control policy: "
        f"arn:aws:organizations::{ACCOUNT}:policy/{organization.id}/service_control_policy/{policy}"
    )
