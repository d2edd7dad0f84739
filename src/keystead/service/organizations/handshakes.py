"""InviteAccountToOrganization; AcceptHandshake, DeclineHandshake, CancelHandshake; handshakes described.

Nobody is sent a letter: who is invited finds the handshake by ListHandshakesForAccount.
"""

from keystead.kinds import AccountState, HandshakeState
from keystead.model import Handshake, Organization
from keystead.names import AccountId
from keystead.policy.catalogue import ResourceType
from keystead.service.call import Call, WriteCall
from keystead.service.operation import Named, OnArn, OnNothing, reads, recorded, writes
from keystead.service.organization_arns import account_arn
from keystead.service.organizations.elements import whole
from keystead.service.organizations.entity_tags import new_tags
from keystead.service.organizations.identifiers import new_handshake_id
from keystead.service.organizations.members import invited, join
from keystead.service.organizations.pages import page
from keystead.service.organizations.place import NO_RESOURCE, managed, on_handshake
from keystead.service.organizations.shown_handshake import INVITE, shown_handshake, state_at
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import (
    DuplicateHandshakeException,
    HandshakeAlreadyInStateException,
    HandshakeConstraintViolationException,
    HandshakeNotFoundException,
    InvalidHandshakeTransitionException,
    InvalidInputException,
)
from keystead.store.port import ReadTx

_DAY = 86_400_000
OPEN_FOR = 15 * _DAY
KEPT_FOR = 30 * _DAY
"""Milliseconds: so long an invitation can be accepted, and so long after it is listed (API Reference)."""

MOST_OPEN = 1000
"""Handshakes of one organization that are kept; ours, for AWS bounds how many are made a day."""

_ALREADY_MEMBER = "The specified account is already a member of an organization."  # (unverified)


def _invited_arn(call: Call, request: shapes.InviteAccountToOrganizationRequest) -> Named:
    """The account as the member that it would be; an address is none that a policy could name."""
    entry = call.account_entry
    if entry is None or entry.organization is None or request.target.type != "ACCOUNT":
        return Named(NO_RESOURCE)
    return Named(account_arn(entry.organization, request.target.id))


@writes(
    "organizations",
    "InviteAccountToOrganization",
    OnArn("organizations:InviteAccountToOrganization", _invited_arn, ResourceType.ORGANIZATION),
    recorded=recorded("target", "notes", "tags", elements=whole),
)
def invite_account_to_organization(
    call: WriteCall, request: shapes.InviteAccountToOrganizationRequest
) -> shapes.InviteAccountToOrganizationResponse:
    """Invites an account of this installation by its id, or whoever has an address."""
    organization, tx = managed(call), call.tx
    tags = new_tags(request.tags)
    account, email = _invited(tx, request.target)
    known = tx.account_of_email(email) if account is None else tx.account(account)
    if known is not None and tx.organization_member(known.id) is not None:
        raise HandshakeConstraintViolationException(_ALREADY_MEMBER, reason="ALREADY_IN_AN_ORGANIZATION")
    tx.forget_handshakes(organization.id, call.time - KEPT_FOR)
    others = tx.handshakes_of(organization.id, "", MOST_OPEN)
    if len(others) == MOST_OPEN:
        raise HandshakeConstraintViolationException(
            "You have exceeded the number of invitations.", reason="HANDSHAKE_RATE_LIMIT_EXCEEDED"
        )
    if any(
        (other.account, other.email.lower()) == (account, email.lower())
        and state_at(other, call.time) is HandshakeState.OPEN
        for other in others
    ):
        raise DuplicateHandshakeException("A handshake with the same action and target already exists.")
    handshake = Handshake(
        id=new_handshake_id(call.random),
        organization=organization.id,
        account=account,
        email=email,
        notes=request.notes or "",
        state=HandshakeState.OPEN,
        requested=call.time,
        expires=call.time + OPEN_FOR,
        tags=tags,
    )
    tx.add_handshake(handshake)
    return shapes.InviteAccountToOrganizationResponse(
        handshake=shown_handshake(tx, organization, handshake, call.time)
    )


def _invited(tx: ReadTx, target: shapes.HandshakeParty) -> tuple[AccountId | None, str]:
    """The account or else the address; the sentences are unverified."""
    match target.type:
        case "EMAIL":
            if "@" not in target.id:
                raise InvalidInputException(
                    "You specified an invalid email address.", reason="INVALID_EMAIL_ADDRESS_TARGET"
                )
            return None, target.id
        case "ACCOUNT":
            account = tx.account(AccountId(target.id))
            if account is None or account.state is AccountState.CLOSED:
                raise InvalidInputException(
                    "You specified an account that doesn't exist.", reason="INVALID_PATTERN_TARGET_ID"
                )
            return account.id, ""
        case _:
            raise InvalidInputException("You can invite accounts only.", reason="INVALID_PARTY_TYPE_TARGET")


@writes(
    "organizations",
    "AcceptHandshake",
    on_handshake("organizations:AcceptHandshake"),
    recorded=recorded("handshake_id", elements=whole),
)
def accept_handshake(
    call: WriteCall, request: shapes.AcceptHandshakeRequest
) -> shapes.AcceptHandshakeResponse:
    """Joins the organization, below its root; its policies are in force for the next request."""
    handshake, organization = _received(call, call.tx, request.handshake_id)
    _check_open(handshake, call.time, HandshakeState.ACCEPTED)
    if call.tx.organization_member(call.account) is not None:
        raise HandshakeConstraintViolationException(_ALREADY_MEMBER, reason="ALREADY_IN_AN_ORGANIZATION")
    join(call.tx, organization, invited(organization, call.account, call.time), handshake.tags)
    return shapes.AcceptHandshakeResponse(
        handshake=_end(call, organization, handshake, HandshakeState.ACCEPTED)
    )


@writes(
    "organizations",
    "DeclineHandshake",
    on_handshake("organizations:DeclineHandshake"),
    recorded=recorded("handshake_id", elements=whole),
)
def decline_handshake(
    call: WriteCall, request: shapes.DeclineHandshakeRequest
) -> shapes.DeclineHandshakeResponse:
    """Ends an invitation that the caller's account got."""
    handshake, organization = _received(call, call.tx, request.handshake_id)
    _check_open(handshake, call.time, HandshakeState.DECLINED)
    return shapes.DeclineHandshakeResponse(
        handshake=_end(call, organization, handshake, HandshakeState.DECLINED)
    )


@writes(
    "organizations",
    "CancelHandshake",
    on_handshake("organizations:CancelHandshake"),
    recorded=recorded("handshake_id", elements=whole),
)
def cancel_handshake(
    call: WriteCall, request: shapes.CancelHandshakeRequest
) -> shapes.CancelHandshakeResponse:
    """Ends an invitation that the caller's account sent."""
    handshake, organization = _existing(call.tx, request.handshake_id)
    if organization.management != call.account:
        raise HandshakeNotFoundException(_NOT_FOUND)
    _check_open(handshake, call.time, HandshakeState.CANCELED)
    return shapes.CancelHandshakeResponse(
        handshake=_end(call, organization, handshake, HandshakeState.CANCELED)
    )


def _end(
    call: WriteCall, organization: Organization, handshake: Handshake, state: HandshakeState
) -> shapes.Handshake:
    call.tx.set_handshake_state(handshake.id, state)
    ended, _ = _existing(call.tx, handshake.id)
    return shown_handshake(call.tx, organization, ended, call.time)


@reads(
    "organizations",
    "DescribeHandshake",
    on_handshake("organizations:DescribeHandshake"),
    recorded=recorded("handshake_id"),
)
def describe_handshake(
    call: Call, request: shapes.DescribeHandshakeRequest
) -> shapes.DescribeHandshakeResponse:
    """An invitation that the caller's account sent or got."""
    with call.reading() as tx:
        handshake, organization = _existing(tx, request.handshake_id)
        if organization.management != call.account and not _is_for(tx, handshake, call.account):
            raise HandshakeNotFoundException(_NOT_FOUND)
        return shapes.DescribeHandshakeResponse(
            handshake=shown_handshake(tx, organization, handshake, call.time)
        )


@reads(
    "organizations",
    "ListHandshakesForOrganization",
    OnNothing("organizations:ListHandshakesForOrganization"),
    recorded=recorded("filter", "next_token", "max_results"),
)
def list_handshakes_for_organization(
    call: Call, request: shapes.ListHandshakesForOrganizationRequest
) -> shapes.ListHandshakesForOrganizationResponse:
    """The invitations that the caller's account sent."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        found = tx.handshakes_of(organization.id, bounds.after, bounds.limit + 1)
        handshakes = bounds.cut(found, lambda handshake: handshake.id)
        return shapes.ListHandshakesForOrganizationResponse(
            handshakes=[
                shown_handshake(tx, organization, each, call.time)
                for each in handshakes.items
                if _wanted(request.filter)
            ],
            next_token=handshakes.marker,
        )


@reads(
    "organizations",
    "ListHandshakesForAccount",
    OnNothing("organizations:ListHandshakesForAccount"),
    recorded=recorded("filter", "next_token", "max_results"),
)
def list_handshakes_for_account(
    call: Call, request: shapes.ListHandshakesForAccountRequest
) -> shapes.ListHandshakesForAccountResponse:
    """The invitations that the caller's account got, by its id or by its address."""
    bounds = page(call, request)
    with call.reading() as tx:
        account = tx.account(call.account)
        email = "" if account is None else account.email
        found = tx.handshakes_to(call.account, email, bounds.after, bounds.limit + 1)
        handshakes = bounds.cut(found, lambda handshake: handshake.id)
        shown = [
            shown_handshake(tx, _inviting(tx, each), each, call.time)
            for each in handshakes.items
            if _wanted(request.filter)
        ]
    return shapes.ListHandshakesForAccountResponse(handshakes=shown, next_token=handshakes.marker)


def _wanted(asked: shapes.HandshakeFilter | None) -> bool:
    """Whether a filter lets invitations through: the only action there is, and no handshake has a parent."""
    return asked is None or (asked.action_type in (None, INVITE) and asked.parent_handshake_id is None)


_NOT_FOUND = "You specified a handshake that doesn't exist."


def _existing(tx: ReadTx, id: str) -> tuple[Handshake, Organization]:
    handshake = tx.handshake(id)
    if handshake is None:
        raise HandshakeNotFoundException(_NOT_FOUND)
    return handshake, _inviting(tx, handshake)


def _inviting(tx: ReadTx, handshake: Handshake) -> Organization:
    organization = tx.organization(handshake.organization)
    assert organization is not None, "handshakes go with their organization"
    return organization


def _received(call: Call, tx: ReadTx, id: str) -> tuple[Handshake, Organization]:
    """A handshake that invites the caller's account; another's is not there."""
    handshake, organization = _existing(tx, id)
    if not _is_for(tx, handshake, call.account):
        raise HandshakeNotFoundException(_NOT_FOUND)
    return handshake, organization


def _is_for(tx: ReadTx, handshake: Handshake, id: AccountId) -> bool:
    if handshake.account is not None:
        return handshake.account == id
    account = tx.account(id)
    return account is not None and account.email.lower() == handshake.email.lower()


def _check_open(handshake: Handshake, now: int, wanted: HandshakeState) -> None:
    state = state_at(handshake, now)
    if state is wanted:
        raise HandshakeAlreadyInStateException("The specified handshake is already in the requested state.")
    if state is not HandshakeState.OPEN:
        raise InvalidHandshakeTransitionException(
            f"You can't perform the operation on the handshake in its current state {state}."  # (unverified)
        )
