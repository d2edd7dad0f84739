"""CloseAccount, RemoveAccountFromOrganization, LeaveOrganization."""

from keystead.kinds import AccountState
from keystead.service.call import WriteCall
from keystead.service.operation import OnNothing, recorded, writes
from keystead.service.organizations.members import account_of, member_of
from keystead.service.organizations.place import managed, on_account, organization_of
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import (
    AccountAlreadyClosedException,
    ConstraintViolationException,
    MasterCannotLeaveOrganizationException,
)

_MANAGEMENT_STAYS = "You can't remove the management account from an organization."


@writes(
    "organizations",
    "CloseAccount",
    on_account("organizations:CloseAccount"),
    recorded=recorded("account_id"),
)
def close_account(call: WriteCall, request: shapes.CloseAccountRequest) -> None:
    """Closes a member account: from the next request on nobody signs for it, and nobody reaches its keys.

    It stays a member, as in AWS for 90 days; here nothing of it is ever deleted.
    """
    organization, tx = managed(call), call.tx
    account = account_of(tx, member_of(tx, organization, request.account_id))
    if account.id == organization.management:
        raise ConstraintViolationException(
            "You can't close the management account.", reason="CANNOT_CLOSE_MANAGEMENT_ACCOUNT"
        )
    if account.state is AccountState.CLOSED:
        raise AccountAlreadyClosedException("You attempted to close an account that is already closed.")
    tx.set_account_state(account.id, AccountState.CLOSED)


@writes(
    "organizations",
    "RemoveAccountFromOrganization",
    on_account("organizations:RemoveAccountFromOrganization"),
    recorded=recorded("account_id"),
)
def remove_account_from_organization(
    call: WriteCall, request: shapes.RemoveAccountFromOrganizationRequest
) -> None:
    """Makes a member a standalone account; no policy of the organization limits it any more."""
    organization, tx = managed(call), call.tx
    member = member_of(tx, organization, request.account_id)
    if member.account == organization.management:
        raise MasterCannotLeaveOrganizationException(_MANAGEMENT_STAYS)
    tx.remove_organization_member(member.account)


@writes(
    "organizations",
    "LeaveOrganization",
    OnNothing("organizations:LeaveOrganization"),
    recorded=recorded(),
)
def leave_organization(
    call: WriteCall,
    request: shapes.LeaveOrganizationRequest,  # noqa: ARG001 - it has no members
) -> None:
    """The same, asked for by the member itself."""
    if organization_of(call).management == call.account:
        raise MasterCannotLeaveOrganizationException(_MANAGEMENT_STAYS)
    call.tx.remove_organization_member(call.account)
