"""CreateAccount and what became of it, DescribeAccount, MoveAccount.

An account is made at once, where AWS takes minutes; CreateAccount already answers how it ended.
"""

import json

from keystead.kinds import CreateAccountState, JoinedMethod, PrincipalType
from keystead.model import Account, AccountCreation, Member, Organization, Principal, RoleDetails
from keystead.names import PARTITION, AccountId, AccountRootArn
from keystead.service.accounts import new_account_id
from keystead.service.call import Call, WriteCall
from keystead.service.iam.identifiers import new_unique_id
from keystead.service.operation import OnNothing, reads, recorded, writes
from keystead.service.organizations.elements import whole
from keystead.service.organizations.entity_tags import new_tags
from keystead.service.organizations.identifiers import new_creation_id
from keystead.service.organizations.members import ShownMembers, join, member_of
from keystead.service.organizations.pages import page
from keystead.service.organizations.place import managed, on_account, on_entity
from keystead.service.organizations.units import is_parent
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import (
    AccountNotFoundException,
    CreateAccountStatusNotFoundException,
    DestinationParentNotFoundException,
    DuplicateAccountException,
    SourceParentNotFoundException,
)

ACCESS_ROLE = "OrganizationAccountAccessRole"
"""The name of the role by which the management account gets into a new one, unless it asks for another."""

_ADMINISTRATOR = f"arn:{PARTITION}:iam::aws:policy/AdministratorAccess"


@writes(
    "organizations",
    "CreateAccount",
    OnNothing("organizations:CreateAccount"),
    recorded=recorded(
        "email", "account_name", "role_name", "iam_user_access_to_billing", "tags", elements=whole
    ),
)
def create_account(call: WriteCall, request: shapes.CreateAccountRequest) -> shapes.CreateAccountResponse:
    """Makes an account in the organization, with a role that the management account may assume.

    Its root user has no access key. An address that is another account's makes the creation fail, which is
    no error of the call.
    """
    organization, tx = managed(call), call.tx
    tags = new_tags(request.tags)
    taken = tx.account_of_email(request.email) is not None
    account = None if taken else _new_account(call, request)
    creation = AccountCreation(
        id=new_creation_id(call.random),
        organization=organization.id,
        name=request.account_name,
        state=CreateAccountState.FAILED if account is None else CreateAccountState.SUCCEEDED,
        requested=call.time,
        account=account,
        failure="EMAIL_ALREADY_EXISTS" if account is None else "",
    )
    if account is not None:
        member = Member(account, organization.id, organization.root, JoinedMethod.CREATED, call.time)
        join(tx, organization, member, tags)
        _add_role(call, organization, account, request.role_name or ACCESS_ROLE)
    tx.add_account_creation(creation)
    return shapes.CreateAccountResponse(create_account_status=_shown(creation))


def _new_account(call: WriteCall, request: shapes.CreateAccountRequest) -> AccountId:
    account = new_account_id(call.random)
    call.tx.add_account(Account(account, call.time, request.account_name, request.email))
    return account


def _add_role(call: WriteCall, organization: Organization, account: AccountId, name: str) -> None:
    trusted = {
        "Effect": "Allow",
        "Principal": {"AWS": str(AccountRootArn(organization.management))},
        "Action": "sts:AssumeRole",
    }
    role = Principal(
        unique_id=new_unique_id("AROA", call.random),
        account=account,
        type=PrincipalType.ROLE,
        path="/",
        name=name,
        created=call.time,
        role=RoleDetails(json.dumps({"Version": "2012-10-17", "Statement": [trusted]})),
    )
    call.tx.add_principal(role)
    call.tx.attach_policy(account, role.unique_id, _ADMINISTRATOR)


@reads(
    "organizations",
    "DescribeCreateAccountStatus",
    OnNothing("organizations:DescribeCreateAccountStatus"),
    recorded=recorded("create_account_request_id"),
)
def describe_create_account_status(
    call: Call, request: shapes.DescribeCreateAccountStatusRequest
) -> shapes.DescribeCreateAccountStatusResponse:
    """What became of one CreateAccount."""
    organization = managed(call)
    with call.reading() as tx:
        creation = tx.account_creation(organization.id, request.create_account_request_id)
    if creation is None:
        raise CreateAccountStatusNotFoundException(
            "You specified a create account request that doesn't exist."  # (unverified)
        )
    return shapes.DescribeCreateAccountStatusResponse(create_account_status=_shown(creation))


@reads(
    "organizations",
    "ListCreateAccountStatus",
    OnNothing("organizations:ListCreateAccountStatus"),
    recorded=recorded("states", "next_token", "max_results"),
)
def list_create_account_status(
    call: Call, request: shapes.ListCreateAccountStatusRequest
) -> shapes.ListCreateAccountStatusResponse:
    """What became of every CreateAccount; a page may hold fewer of the states asked for, or none."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        found = tx.account_creations(organization.id, bounds.after, bounds.limit + 1)
    creations = bounds.cut(found, lambda creation: creation.id)
    return shapes.ListCreateAccountStatusResponse(
        create_account_statuses=[
            _shown(creation)
            for creation in creations.items
            if not request.states or creation.state.value in request.states
        ],
        next_token=creations.marker,
    )


def _shown(creation: AccountCreation) -> shapes.CreateAccountStatus:
    return shapes.CreateAccountStatus(
        id=creation.id,
        account_name=creation.name,
        state=creation.state.value,
        requested_timestamp=creation.requested / 1000,
        completed_timestamp=creation.requested / 1000,
        account_id=creation.account,
        failure_reason=creation.failure or None,
    )


@reads(
    "organizations",
    "DescribeAccount",
    on_account("organizations:DescribeAccount"),
    recorded=recorded("account_id"),
)
def describe_account(call: Call, request: shapes.DescribeAccountRequest) -> shapes.DescribeAccountResponse:
    """A member of the organization."""
    organization = managed(call)
    with call.reading() as tx:
        member = member_of(tx, organization, request.account_id)
        return shapes.DescribeAccountResponse(account=ShownMembers(tx, organization).shown(member))


@writes(
    "organizations",
    "MoveAccount",
    on_account("organizations:MoveAccount"),
    on_entity("organizations:MoveAccount", "source_parent_id"),
    on_entity("organizations:MoveAccount", "destination_parent_id"),
    recorded=recorded("account_id", "source_parent_id", "destination_parent_id"),
)
def move_account(call: WriteCall, request: shapes.MoveAccountRequest) -> None:
    """Moves an account; the policies above its new place are in force for the next request."""
    organization, tx = managed(call), call.tx
    member = member_of(tx, organization, request.account_id)
    source, destination = request.source_parent_id, request.destination_parent_id
    if not is_parent(tx, organization, source):
        raise SourceParentNotFoundException("You specified a source parent that doesn't exist.")
    if not is_parent(tx, organization, destination):
        raise DestinationParentNotFoundException("You specified a destination parent that doesn't exist.")
    if member.parent != source:  # AWS's error for it is unverified
        raise AccountNotFoundException("You specified an account that doesn't exist.")
    if source == destination:
        raise DuplicateAccountException("That account is already present in the specified destination.")
    tx.move_organization_member(member.account, destination)
