import re
from datetime import UTC, datetime
from typing import Any

from tests.iam.in_process import ACCOUNT, InProcess
from tests.organizations.conftest import Refused
from tests.organizations.scene import (
    FULL_ACCESS,
    NO_ORGANIZATION,
    NOT_THE_MANAGEMENT,
    RCP,
    SCP,
    Organization,
    document,
    statement,
)

OTHER = "111122223333"


def test_an_account_makes_an_organization_that_it_manages(organizations: Any) -> None:
    made = organizations.create_organization()["Organization"]
    assert re.fullmatch("o-[a-z0-9]{10}", made["Id"])
    assert made == {
        "Id": made["Id"],
        "Arn": f"arn:aws:organizations::{ACCOUNT}:organization/{made['Id']}",
        "FeatureSet": "ALL",
        "MasterAccountArn": f"arn:aws:organizations::{ACCOUNT}:account/{made['Id']}/{ACCOUNT}",
        "MasterAccountId": ACCOUNT,
        "AvailablePolicyTypes": [{"Type": SCP, "Status": "ENABLED"}],
    }
    assert organizations.describe_organization()["Organization"] == made
    (root,) = organizations.list_roots()["Roots"]
    assert re.fullmatch("r-[a-z0-9]{4}", root["Id"])
    assert root == {
        "Id": root["Id"],
        "Arn": f"arn:aws:organizations::{ACCOUNT}:root/{made['Id']}/{root['Id']}",
        "Name": "Root",
        "PolicyTypes": [],
    }
    (account,) = organizations.list_accounts()["Accounts"]
    assert account == {
        "Id": ACCOUNT,
        "Arn": made["MasterAccountArn"],
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "Paths": [f"{made['Id']}/{root['Id']}/{ACCOUNT}/"],
        "JoinedMethod": "INVITED",
        "JoinedTimestamp": datetime(2027, 1, 15, 8, 2, 3, 456000, tzinfo=UTC),
    }


def test_an_account_has_one_organization_at_most(organizations: Any, refused: Refused) -> None:
    organizations.create_organization()
    assert refused(organizations.create_organization) == (
        "AlreadyInOrganizationException",
        "The AWS account is already a member of an organization.",
        "",
    )


def test_several_accounts_have_organizations_that_do_not_know_each_other(
    inside: InProcess, organization: Organization, refused: Refused
) -> None:
    other = inside.client("organizations", (OTHER, "test"))
    other.create_organization()
    assert [account["Id"] for account in other.list_accounts()["Accounts"]] == [OTHER]
    assert refused(other.describe_account, AccountId=ACCOUNT)[0] == "AccountNotFoundException"
    parent = {"ParentId": organization.root}
    assert refused(other.list_accounts_for_parent, **parent)[0] == "ParentNotFoundException"
    unit = {"OrganizationalUnitId": organization.unit("u")}
    missing = "OrganizationalUnitNotFoundException"
    assert refused(other.describe_organizational_unit, **unit)[0] == missing


def test_without_an_organization_there_is_nothing_to_call(organizations: Any, refused: Refused) -> None:
    assert refused(organizations.describe_organization) == NO_ORGANIZATION
    assert refused(organizations.list_accounts) == NO_ORGANIZATION
    assert refused(organizations.leave_organization) == NO_ORGANIZATION
    assert refused(organizations.describe_account, AccountId=ACCOUNT) == NO_ORGANIZATION
    assert refused(organizations.list_policies, Filter=SCP) == NO_ORGANIZATION


def test_members_may_ask_for_the_organization_and_little_else(
    organization: Organization, refused: Refused
) -> None:
    account = organization.account("a")
    member = organization.of(account)
    assert member.describe_organization()["Organization"]["Id"] == organization.id
    assert refused(member.list_accounts) == NOT_THE_MANAGEMENT
    assert refused(member.list_roots) == NOT_THE_MANAGEMENT
    assert refused(member.describe_account, AccountId=account) == NOT_THE_MANAGEMENT
    assert refused(member.delete_organization) == NOT_THE_MANAGEMENT
    assert refused(member.create_account, AccountName="b", Email="b@example.com") == NOT_THE_MANAGEMENT
    assert refused(member.enable_policy_type, RootId=organization.root, PolicyType=SCP) == NOT_THE_MANAGEMENT
    assert refused(member.list_delegated_administrators) == NOT_THE_MANAGEMENT


def test_an_organization_goes_when_it_is_empty(organization: Organization, refused: Refused) -> None:
    account = organization.account("a")
    organization.unit("u")
    organization.policy(document(statement("Deny", "*")))
    assert refused(organization.client.delete_organization) == (
        "OrganizationNotEmptyException",
        "To delete an organization you must first remove all member accounts (except the master).",
        "",
    )
    organization.client.remove_account_from_organization(AccountId=account)
    organization.client.delete_organization()
    assert refused(organization.client.describe_organization) == NO_ORGANIZATION
    organization.client.create_organization()  # the account is free again


def test_policy_types_are_put_in_force_and_out_of_it(organization: Organization, refused: Refused) -> None:
    client, root = organization.client, organization.root
    account, unit = organization.account("a"), organization.unit("u")
    enabled = client.enable_policy_type(RootId=root, PolicyType=RCP)["Root"]
    assert enabled["PolicyTypes"] == [{"Type": RCP, "Status": "ENABLED"}]
    client.enable_policy_type(RootId=root, PolicyType=SCP)
    assert client.list_roots()["Roots"][0]["PolicyTypes"] == [
        {"Type": enabled, "Status": "ENABLED"} for enabled in (RCP, SCP)
    ]
    later = [organization.account("b"), organization.unit("v"), organization.unit("w", unit)]
    for target in (root, account, unit, organization.management, *later):
        for each in (SCP, RCP):
            assert organization.attached(target, each) == [FULL_ACCESS[each]]
    assert refused(client.enable_policy_type, RootId=root, PolicyType=SCP) == (
        "PolicyTypeAlreadyEnabledException",
        "The specified policy type is already enabled.",
        "",
    )
    policy = organization.policy(
        '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
    )
    organization.attach(policy, unit)
    disabled = client.disable_policy_type(RootId=root, PolicyType=SCP)["Root"]
    assert disabled["PolicyTypes"] == [{"Type": RCP, "Status": "ENABLED"}]
    assert organization.attached(unit) == []
    assert refused(client.disable_policy_type, RootId=root, PolicyType=SCP)[0] == (
        "PolicyTypeNotEnabledException"
    )
    organization.enable(SCP)
    assert organization.attached(unit) == [FULL_ACCESS[SCP]]


def test_policy_types_that_there_are_not(organization: Organization, refused: Refused) -> None:
    client = organization.client
    there_not = "PolicyTypeNotAvailableForOrganizationException"
    tags = {"RootId": organization.root, "PolicyType": "TAG_POLICY"}
    assert refused(client.enable_policy_type, **tags)[0] == there_not
    assert refused(client.disable_policy_type, **tags)[0] == ("PolicyTypeNotEnabledException")
    new = {"Name": "n", "Description": "", "Content": "{}"}
    assert refused(client.create_policy, Type="BACKUP_POLICY", **new)[0] == there_not
    assert client.list_policies(Filter="TAG_POLICY")["Policies"] == []
    assert organization.attached(organization.root, "TAG_POLICY") == []
    for enable in (client.enable_policy_type, client.disable_policy_type):
        assert refused(enable, RootId="r-zzzz", PolicyType=SCP)[0] == "RootNotFoundException"


def test_consolidated_billing_has_no_policies(organizations: Any, refused: Refused) -> None:
    made = organizations.create_organization(FeatureSet="CONSOLIDATED_BILLING")["Organization"]
    assert (made["FeatureSet"], made["AvailablePolicyTypes"]) == ("CONSOLIDATED_BILLING", [])
    root = organizations.list_roots()["Roots"][0]["Id"]
    there_not = "PolicyTypeNotAvailableForOrganizationException"
    assert refused(organizations.enable_policy_type, RootId=root, PolicyType=SCP)[0] == there_not
    new = {"Name": "n", "Description": "", "Content": "{}", "Type": SCP}
    assert refused(organizations.create_policy, **new)[0] == there_not
    service = {"ServicePrincipal": "sso.amazonaws.com"}
    assert refused(organizations.enable_aws_service_access, **service)[2] == (
        "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"
    )


def test_services_get_access(inside: InProcess, organization: Organization, refused: Refused) -> None:
    client = organization.client
    client.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    inside.now += 60
    client.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    client.enable_aws_service_access(ServicePrincipal="config.amazonaws.com")
    listed = client.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert [service["ServicePrincipal"] for service in listed] == [
        "config.amazonaws.com",
        "sso.amazonaws.com",
    ]
    assert listed[1]["DateEnabled"] < listed[0]["DateEnabled"]
    for _ in range(2):
        client.disable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    pages = client.get_paginator("list_aws_service_access_for_organization").paginate(
        PaginationConfig={"PageSize": 1}
    )
    assert [len(page["EnabledServicePrincipals"]) for page in pages] == [1]
    for change in (client.enable_aws_service_access, client.disable_aws_service_access):
        assert refused(change, ServicePrincipal="nobody")[2] == "UNRECOGNIZED_SERVICE_PRINCIPAL"
    assert client.list_delegated_administrators()["DelegatedAdministrators"] == []


def test_what_is_not_offered_says_so(organization: Organization, refused: Refused) -> None:
    assert refused(organization.client.enable_all_features) == (
        "UnknownOperationException",
        "Keystead does not support EnableAllFeatures yet.",
        "",
    )


def test_a_token_of_another_list_is_none(organization: Organization, refused: Refused) -> None:
    for name in ("a", "b"):
        organization.account(name)
    client = organization.client
    token = client.list_accounts(MaxResults=1)["NextToken"]
    wrong = ("InvalidInputException", "You specified an invalid value.", "INVALID_NEXT_TOKEN")
    assert refused(client.list_roots, NextToken=token) == wrong
    assert refused(client.list_accounts, NextToken="made up") == wrong
    assert refused(client.list_tags_for_resource, ResourceId=organization.root, NextToken=token) == wrong
