"""ListChildren, ListParents, ListAccounts, ListAccountsForParent, ListOrganizationalUnitsForParent."""

from keystead.model import Organization, OrganizationalUnit
from keystead.service.call import Call
from keystead.service.operation import OnNothing, reads, recorded
from keystead.service.organizations.members import ShownMembers
from keystead.service.organizations.pages import page
from keystead.service.organizations.place import as_account, managed, on_entity
from keystead.service.organizations.units import check_parent, shown_unit, unit_of
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import ChildNotFoundException
from keystead.store.port import ReadTx


@reads(
    "organizations",
    "ListAccounts",
    OnNothing("organizations:ListAccounts"),
    recorded=recorded("next_token", "max_results"),
)
def list_accounts(call: Call, request: shapes.ListAccountsRequest) -> shapes.ListAccountsResponse:
    """The accounts of the organization, closed ones too, by id."""
    accounts, token = _accounts(call, request, None)
    return shapes.ListAccountsResponse(accounts=accounts, next_token=token)


@reads(
    "organizations",
    "ListAccountsForParent",
    on_entity("organizations:ListAccountsForParent", "parent_id"),
    recorded=recorded("parent_id", "next_token", "max_results"),
)
def list_accounts_for_parent(
    call: Call, request: shapes.ListAccountsForParentRequest
) -> shapes.ListAccountsForParentResponse:
    """The accounts right in a root or unit."""
    accounts, token = _accounts(call, request, request.parent_id)
    return shapes.ListAccountsForParentResponse(accounts=accounts, next_token=token)


def _accounts(
    call: Call,
    request: shapes.ListAccountsRequest | shapes.ListAccountsForParentRequest,
    parent: str | None,
) -> tuple[list[shapes.Account], str | None]:
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        if parent is not None:
            check_parent(tx, organization, parent)
        found = tx.organization_members(organization.id, parent, bounds.after, bounds.limit + 1)
        members = bounds.cut(found, lambda member: member.account)
        shown = ShownMembers(tx, organization)
        return [shown.shown(member) for member in members.items], members.marker


@reads(
    "organizations",
    "ListOrganizationalUnitsForParent",
    on_entity("organizations:ListOrganizationalUnitsForParent", "parent_id"),
    recorded=recorded("parent_id", "next_token", "max_results"),
)
def list_organizational_units_for_parent(
    call: Call, request: shapes.ListOrganizationalUnitsForParentRequest
) -> shapes.ListOrganizationalUnitsForParentResponse:
    """The units right below a root or unit."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        check_parent(tx, organization, request.parent_id)
        found = tx.organizational_units(request.parent_id, bounds.after, bounds.limit + 1)
        units = bounds.cut(found, lambda unit: unit.id)
        return shapes.ListOrganizationalUnitsForParentResponse(
            organizational_units=[shown_unit(tx, organization, unit) for unit in units.items],
            next_token=units.marker,
        )


@reads(
    "organizations",
    "ListChildren",
    on_entity("organizations:ListChildren", "parent_id"),
    recorded=recorded("parent_id", "child_type", "next_token", "max_results"),
)
def list_children(call: Call, request: shapes.ListChildrenRequest) -> shapes.ListChildrenResponse:
    """The ids of the accounts or units right below a root or unit."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        check_parent(tx, organization, request.parent_id)
        if request.child_type == "ACCOUNT":
            members = tx.organization_members(
                organization.id, request.parent_id, bounds.after, bounds.limit + 1
            )
            found = [str(member.account) for member in members]
        else:
            units = tx.organizational_units(request.parent_id, bounds.after, bounds.limit + 1)
            found = [unit.id for unit in units]
    children = bounds.cut(found, str)
    return shapes.ListChildrenResponse(
        children=[shapes.Child(id=child, type=request.child_type) for child in children.items],
        next_token=children.marker,
    )


@reads(
    "organizations",
    "ListParents",
    on_entity("organizations:ListParents", "child_id"),
    recorded=recorded("child_id", "next_token", "max_results"),
)
def list_parents(call: Call, request: shapes.ListParentsRequest) -> shapes.ListParentsResponse:
    """The root or unit that an account or unit is right below: always one."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        parent = _parent(tx, organization, request.child_id)
    if parent is None:
        raise ChildNotFoundException("You specified a child that doesn't exist.")
    kind = "ROOT" if parent == organization.root else "ORGANIZATIONAL_UNIT"
    parents = [] if bounds.after else [shapes.Parent(id=parent, type=kind)]
    return shapes.ListParentsResponse(parents=parents)


def _parent(tx: ReadTx, organization: Organization, child: str) -> str | None:
    account = as_account(child)
    if account is None:
        unit: OrganizationalUnit | None = unit_of(tx, organization, child)
        return None if unit is None else unit.parent
    member = tx.organization_member(account)
    return member.parent if member is not None and member.organization == organization.id else None
