import json
import re
from datetime import UTC, datetime

import pytest
from tests.iam.in_process import ACCOUNT, InProcess
from tests.organizations.conftest import Refused
from tests.organizations.scene import NO_ORGANIZATION, NOT_THE_MANAGEMENT, Organization

from keystead.kinds import PrincipalType
from keystead.names import AccountId

NOW = datetime(2027, 1, 15, 8, 2, 3, 456000, tzinfo=UTC)


def test_an_account_is_made_in_the_organization(organization: Organization) -> None:
    client = organization.client
    status = client.create_account(
        AccountName="Payments", Email="Pay@example.com", Tags=[{"Key": "team", "Value": "pay"}]
    )["CreateAccountStatus"]
    account = status["AccountId"]
    assert re.fullmatch("[1-9][0-9]{11}", account)
    assert re.fullmatch("car-[a-z0-9]{32}", status["Id"])
    assert status == {
        "Id": status["Id"],
        "AccountName": "Payments",
        "State": "SUCCEEDED",
        "RequestedTimestamp": NOW,
        "CompletedTimestamp": NOW,
        "AccountId": account,
    }
    described = client.describe_create_account_status(CreateAccountRequestId=status["Id"])
    assert described["CreateAccountStatus"] == status
    assert client.describe_account(AccountId=account)["Account"] == {
        "Id": account,
        "Arn": f"arn:aws:organizations::{ACCOUNT}:account/{organization.id}/{account}",
        "Name": "Payments",
        "Email": "Pay@example.com",
        "Status": "ACTIVE",
        "State": "ACTIVE",
        "Paths": [f"{organization.id}/{organization.root}/{account}/"],
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": NOW,
    }
    tags = client.list_tags_for_resource(ResourceId=account)["Tags"]
    assert tags == [{"Key": "team", "Value": "pay"}]


@pytest.mark.parametrize(
    ("asked", "name"), [({}, "OrganizationAccountAccessRole"), ({"RoleName": "way-in"}, "way-in")]
)
def test_the_management_account_gets_a_role_in_it(
    organization: Organization, asked: dict[str, str], name: str
) -> None:
    made = organization.client.create_account(AccountName="a", Email="a@example.com", **asked)
    account = AccountId(made["CreateAccountStatus"]["AccountId"])
    with organization.inside.store.read() as tx:
        role = tx.principal_named(account, PrincipalType.ROLE, name)
        assert role is not None
        assert role.role is not None
        assert tx.attached_policies(role.unique_id) == ("arn:aws:iam::aws:policy/AdministratorAccess",)
    assert json.loads(role.role.trust_policy)["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": "sts:AssumeRole",
        }
    ]


def test_an_address_is_one_account_s(organization: Organization) -> None:
    organization.account("a")
    client = organization.client
    failed = client.create_account(AccountName="again", Email="A@EXAMPLE.com")["CreateAccountStatus"]
    assert (failed["State"], failed["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
    assert "AccountId" not in failed
    assert len(client.list_accounts()["Accounts"]) == 2
    statuses = client.list_create_account_status()["CreateAccountStatuses"]
    assert {status["State"] for status in statuses} == {"SUCCEEDED", "FAILED"}
    only = client.list_create_account_status(States=["FAILED"])["CreateAccountStatuses"]
    assert only == [failed]


@pytest.mark.parametrize(
    ("name", "email"), [("a", "nobody"), ("a", "a b@example.com"), ("tab\t", "a@example.com")]
)
def test_names_and_addresses_have_their_forms(
    organization: Organization, refused: Refused, name: str, email: str
) -> None:
    assert refused(organization.client.create_account, AccountName=name, Email=email) == (
        "InvalidInputException",
        "You provided a value that does not match the required pattern.",
        "INVALID_PATTERN",
    )


def test_accounts_are_listed_by_id_in_pages(organization: Organization) -> None:
    accounts = sorted([ACCOUNT, *(organization.account(name) for name in "abcd")])
    pages = list(
        organization.client.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 2})
    )
    assert [[account["Id"] for account in page["Accounts"]] for page in pages] == [
        accounts[:2],
        accounts[2:4],
        accounts[4:],
    ]


def test_an_account_moves(organization: Organization, refused: Refused) -> None:
    account, unit = organization.account("a"), organization.unit("u")
    move, root = organization.client.move_account, organization.root
    organization.move(account, root, unit)
    parents = organization.client.list_parents(ChildId=account)["Parents"]
    assert parents == [{"Id": unit, "Type": "ORGANIZATIONAL_UNIT"}]
    absent = "ou-zzzz-zzzzzzzz"
    asked = {"AccountId": account, "SourceParentId": unit, "DestinationParentId": root}
    assert refused(move, **asked | {"SourceParentId": absent})[0] == "SourceParentNotFoundException"
    assert refused(move, **asked | {"DestinationParentId": absent})[0] == "DestinationParentNotFoundException"
    assert refused(move, **asked | {"SourceParentId": root})[0] == "AccountNotFoundException"
    assert refused(move, **asked | {"DestinationParentId": unit})[0] == "DuplicateAccountException"
    assert refused(move, **asked | {"AccountId": "999988887777"})[0] == "AccountNotFoundException"
    move(**asked)
    parents = organization.client.list_parents(ChildId=account)["Parents"]
    assert parents == [{"Id": root, "Type": "ROOT"}]


def test_an_account_is_closed_for_good(organization: Organization, refused: Refused) -> None:
    account = organization.account("a")
    sts = organization.of(account, "sts")
    sts.get_caller_identity()
    organization.client.close_account(AccountId=account)
    assert refused(organization.client.close_account, AccountId=account)[0] == "AccountAlreadyClosedException"
    closed = organization.client.describe_account(AccountId=account)["Account"]
    assert (closed["Status"], closed["State"]) == ("SUSPENDED", "CLOSED")
    kms = organization.of(account, "kms")
    assert refused(kms.list_keys)[:2] == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )
    assert refused(organization.client.close_account, AccountId=ACCOUNT)[::2] == (
        "ConstraintViolationException",
        "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
    )
    assert refused(organization.client.close_account, AccountId="999988887777")[0] == (
        "AccountNotFoundException"
    )


def test_members_leave_and_are_removed(organization: Organization, refused: Refused) -> None:
    leaving, removed = organization.account("a"), organization.account("b")
    member = organization.of(leaving)
    member.leave_organization()
    assert refused(member.describe_organization) == NO_ORGANIZATION
    asked = {"AccountId": removed}
    other = organization.of(removed)
    assert refused(other.remove_account_from_organization, **asked) == NOT_THE_MANAGEMENT
    organization.client.remove_account_from_organization(**asked)
    assert refused(other.describe_organization) == NO_ORGANIZATION
    assert refused(organization.client.remove_account_from_organization, **asked)[0] == (
        "AccountNotFoundException"
    )
    stays = "MasterCannotLeaveOrganizationException"
    assert refused(organization.client.remove_account_from_organization, AccountId=ACCOUNT)[0] == stays
    assert refused(organization.client.leave_organization)[0] == stays


def test_events_hide_names_and_addresses(inside: InProcess, organization: Organization) -> None:
    account = organization.account("payments")
    (event,) = (event for event in inside.events() if event["eventName"] == "CreateAccount")
    assert (event["eventSource"], event["awsRegion"], event["readOnly"]) == (
        "organizations.amazonaws.com",
        "us-east-1",
        False,
    )
    assert event["requestParameters"] == {"email": "****", "accountName": "****"}
    status = event["responseElements"]["createAccountStatus"]
    assert (status["accountName"], status["accountId"]) == ("****", account)
    assert "payments" not in json.dumps(inside.events())
