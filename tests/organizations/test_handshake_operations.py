import re
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.iam.in_process import ACCOUNT, InProcess
from tests.organizations.conftest import Refused
from tests.organizations.scene import FULL_ACCESS, NOT_THE_MANAGEMENT, RCP, SCP, Organization

OTHER = "111122223333"
DAY = 86_400
NOW = datetime(2027, 1, 15, 8, 2, 3, 456000, tzinfo=UTC)
MISSING = ("HandshakeNotFoundException", "You specified a handshake that doesn't exist.", "")


@pytest.fixture
def other(inside: InProcess) -> Any:
    """The root user of an account that is in no organization."""
    client = inside.client("organizations", (OTHER, "test"))
    assert client.list_handshakes_for_account()["Handshakes"] == []
    return client


def invite(organization: Organization, id: str = OTHER, type: str = "ACCOUNT", **more: Any) -> dict[str, Any]:
    made = organization.client.invite_account_to_organization(Target={"Id": id, "Type": type}, **more)
    handshake: dict[str, Any] = made["Handshake"]
    return handshake


def test_an_account_is_invited_and_joins(organization: Organization, other: Any) -> None:
    organization.enable(SCP, RCP)
    handshake = invite(organization, Notes="please", Tags=[{"Key": "team", "Value": "a"}])
    named = {"HandshakeId": handshake["Id"]}
    assert re.fullmatch("h-[a-z0-9]{32}", handshake["Id"])
    assert handshake == {
        "Id": handshake["Id"],
        "Arn": f"arn:aws:organizations::{ACCOUNT}:handshake/{organization.id}/invite/{handshake['Id']}",
        "Parties": [{"Id": organization.id, "Type": "ORGANIZATION"}, {"Id": OTHER, "Type": "ACCOUNT"}],
        "State": "OPEN",
        "RequestedTimestamp": NOW,
        "ExpirationTimestamp": NOW.replace(day=30),
        "Action": "INVITE",
        "Resources": [
            {
                "Type": "ORGANIZATION",
                "Value": organization.id,
                "Resources": [{"Type": "ORGANIZATION_FEATURE_SET", "Value": "FULL"}],
            },
            {"Type": "ACCOUNT", "Value": OTHER},
            {"Type": "NOTES", "Value": "please"},
        ],
    }
    assert other.list_handshakes_for_account()["Handshakes"] == [handshake]
    assert organization.client.list_handshakes_for_organization()["Handshakes"] == [handshake]
    for client in (other, organization.client):
        assert client.describe_handshake(**named)["Handshake"] == handshake
    accepted = other.accept_handshake(**named)["Handshake"]
    assert accepted == handshake | {"State": "ACCEPTED"}
    assert other.describe_organization()["Organization"]["Id"] == organization.id
    member = organization.client.describe_account(AccountId=OTHER)["Account"]
    assert (member["JoinedMethod"], member["JoinedTimestamp"]) == ("INVITED", NOW)
    assert organization.client.list_parents(ChildId=OTHER)["Parents"][0]["Id"] == organization.root
    for each in (SCP, RCP):
        assert organization.attached(OTHER, each) == [FULL_ACCESS[each]]
    tags = organization.client.list_tags_for_resource(ResourceId=OTHER)["Tags"]
    assert tags == [{"Key": "team", "Value": "a"}]


def test_an_address_is_invited(inside: InProcess, organization: Organization) -> None:
    account = organization.account("pay")
    organization.client.remove_account_from_organization(AccountId=account)
    handshake = invite(organization, "PAY@example.com", "EMAIL")
    assert handshake["Parties"][1] == {"Id": "PAY@example.com", "Type": "EMAIL"}
    invited = organization.of(account)
    (found,) = invited.list_handshakes_for_account()["Handshakes"]
    invited.accept_handshake(HandshakeId=found["Id"])
    assert invited.describe_organization()["Organization"]["Id"] == organization.id
    assert "PAY@example.com" not in str(inside.events())


def test_invitations_are_declined_cancelled_and_run_out(
    inside: InProcess, organization: Organization, other: Any, refused: Refused
) -> None:
    declined = invite(organization)["Id"]
    assert other.decline_handshake(HandshakeId=declined)["Handshake"]["State"] == "DECLINED"
    assert refused(other.decline_handshake, HandshakeId=declined)[0] == "HandshakeAlreadyInStateException"
    assert refused(other.accept_handshake, HandshakeId=declined)[0] == "InvalidHandshakeTransitionException"
    cancelled = invite(organization)["Id"]
    ended = organization.client.cancel_handshake(HandshakeId=cancelled)["Handshake"]
    assert ended["State"] == "CANCELED"
    assert refused(other.accept_handshake, HandshakeId=cancelled)[0] == "InvalidHandshakeTransitionException"
    late = invite(organization)["Id"]
    inside.now += 15 * DAY - 1
    assert other.describe_handshake(HandshakeId=late)["Handshake"]["State"] == "OPEN"
    inside.now += 1
    assert other.describe_handshake(HandshakeId=late)["Handshake"]["State"] == "EXPIRED"
    for call in (other.accept_handshake, other.decline_handshake, organization.client.cancel_handshake):
        assert refused(call, HandshakeId=late)[0] == "InvalidHandshakeTransitionException"
    invite(organization)
    assert len(organization.client.list_handshakes_for_organization()["Handshakes"]) == 4
    inside.now += 31 * DAY
    invite(organization)
    assert len(organization.client.list_handshakes_for_organization()["Handshakes"]) == 2


def test_invitations_are_nobody_else_s(
    inside: InProcess, organization: Organization, refused: Refused
) -> None:
    inside.client("organizations", (OTHER, "test")).list_handshakes_for_account()
    named = {"HandshakeId": invite(organization)["Id"]}
    stranger = inside.client("organizations", ("999988887777", "test"))
    for call in (
        stranger.describe_handshake,
        stranger.accept_handshake,
        stranger.decline_handshake,
        stranger.cancel_handshake,
    ):
        assert refused(call, **named) == MISSING
        assert refused(call, HandshakeId="h-zzzzzzzz") == MISSING
    other = inside.client("organizations", (OTHER, "test"))
    assert refused(other.cancel_handshake, **named) == MISSING
    assert refused(organization.client.accept_handshake, **named) == MISSING


def test_who_can_be_invited(organization: Organization, other: Any, refused: Refused) -> None:
    member = organization.account("a")
    call = organization.client.invite_account_to_organization

    def refusal(id: str, type: str = "ACCOUNT") -> tuple[str, str]:
        code, _, reason = refused(call, Target={"Id": id, "Type": type})
        return code, reason

    already = ("HandshakeConstraintViolationException", "ALREADY_IN_AN_ORGANIZATION")
    assert refusal(member) == refusal(ACCOUNT) == refusal("a@example.com", "EMAIL") == already
    invalid = "InvalidInputException"
    assert refusal("222233334444") == (invalid, "INVALID_PATTERN_TARGET_ID")
    assert refusal("no id") == (invalid, "INVALID_PATTERN_TARGET_ID")
    assert refusal("nobody", "EMAIL") == (invalid, "INVALID_EMAIL_ADDRESS_TARGET")
    assert refusal(organization.id, "ORGANIZATION") == (invalid, "INVALID_PARTY_TYPE_TARGET")
    named = {"HandshakeId": invite(organization)["Id"]}
    assert refusal(OTHER) == ("DuplicateHandshakeException", "")
    invite_from_member = organization.of(member).invite_account_to_organization
    assert refused(invite_from_member, Target={"Id": OTHER, "Type": "ACCOUNT"}) == NOT_THE_MANAGEMENT
    other.create_organization()
    code, _, reason = refused(other.accept_handshake, **named)
    assert (code, reason) == already


def test_invitations_are_listed_in_pages_and_by_action(
    inside: InProcess, organization: Organization, other: Any
) -> None:
    accounts = [f"33334444555{number}" for number in range(3)]
    for account in accounts:
        inside.client("sts", (account, "test")).get_caller_identity()
        invite(organization, account)
    pages = organization.client.get_paginator("list_handshakes_for_organization").paginate(
        PaginationConfig={"PageSize": 2}
    )
    assert [len(page["Handshakes"]) for page in pages] == [2, 1]
    listing = organization.client.list_handshakes_for_organization
    assert len(listing(Filter={"ActionType": "INVITE"})["Handshakes"]) == 3
    assert listing(Filter={"ActionType": "ENABLE_ALL_FEATURES"})["Handshakes"] == []
    assert listing(Filter={"ParentHandshakeId": "h-zzzzzzzz"})["Handshakes"] == []
