"""CreateOrganizationalUnit and what is done to units: described, renamed, deleted."""

from dataclasses import replace

from keystead.model import Organization, OrganizationalUnit
from keystead.service.call import Call, WriteCall
from keystead.service.operation import reads, recorded, writes
from keystead.service.organization_arns import unit_arn
from keystead.service.organizations.elements import whole
from keystead.service.organizations.entity_tags import new_tags
from keystead.service.organizations.identifiers import new_unit_id
from keystead.service.organizations.members import ShownMembers, give_full_access
from keystead.service.organizations.place import managed, on_entity
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import (
    ConstraintViolationException,
    DuplicateOrganizationalUnitException,
    OrganizationalUnitNotEmptyException,
    OrganizationalUnitNotFoundException,
    ParentNotFoundException,
)
from keystead.store.port import AlreadyExists, ReadTx

# Organizations User Guide, "Quotas for AWS Organizations"; the sentences are unverified.
MOST_UNITS = 2000
DEEPEST = 5

_NAME_TAKEN = "An OU with the same name already exists."


def unit_of(tx: ReadTx, organization: Organization, id: str) -> OrganizationalUnit | None:
    """The unit `id`, or None: another organization's is not there."""
    unit = tx.organizational_unit(id)
    return unit if unit is not None and unit.organization == organization.id else None


def is_parent(tx: ReadTx, organization: Organization, id: str) -> bool:
    """Whether `id` is the organization's root or one of its units."""
    return id == organization.root or unit_of(tx, organization, id) is not None


def check_parent(tx: ReadTx, organization: Organization, parent: str) -> None:
    """Refuses what is neither the root nor a unit of the organization."""
    if not is_parent(tx, organization, parent):
        raise ParentNotFoundException("You specified a parent that doesn't exist.")


def shown_unit(tx: ReadTx, organization: Organization, unit: OrganizationalUnit) -> shapes.OrganizationalUnit:
    """A unit as the API answers it."""
    return shapes.OrganizationalUnit(
        id=unit.id,
        arn=unit_arn(organization, unit.id),
        name=unit.name,
        path=ShownMembers(tx, organization).path(unit.id),
    )


def _existing(tx: ReadTx, organization: Organization, id: str) -> OrganizationalUnit:
    unit = unit_of(tx, organization, id)
    if unit is None:
        raise OrganizationalUnitNotFoundException("You specified an organizational unit that doesn't exist.")
    return unit


@writes(
    "organizations",
    "CreateOrganizationalUnit",
    on_entity("organizations:CreateOrganizationalUnit", "parent_id"),
    recorded=recorded("parent_id", "name", "tags", elements=whole),
)
def create_organizational_unit(
    call: WriteCall, request: shapes.CreateOrganizationalUnitRequest
) -> shapes.CreateOrganizationalUnitResponse:
    """Makes a unit below the root or another unit."""
    organization, tx, parent = managed(call), call.tx, request.parent_id
    check_parent(tx, organization, parent)
    if len(tx.units_above(parent)) >= DEEPEST:
        raise ConstraintViolationException(
            "You have exceeded the maximum depth of organizational units.", reason="OU_DEPTH_LIMIT_EXCEEDED"
        )
    if tx.unit_count(organization.id) >= MOST_UNITS:
        raise ConstraintViolationException(
            "You have exceeded the maximum number of organizational units.",
            reason="OU_NUMBER_LIMIT_EXCEEDED",
        )
    tags = new_tags(request.tags)
    unit = OrganizationalUnit(
        new_unit_id(organization.root, call.random), organization.id, parent, request.name
    )
    try:
        tx.add_organizational_unit(unit)
    except AlreadyExists:
        raise DuplicateOrganizationalUnitException(_NAME_TAKEN) from None
    give_full_access(tx, organization, unit.id)
    for tag in tags:
        tx.put_organization_tag(organization.id, unit.id, tag)
    return shapes.CreateOrganizationalUnitResponse(organizational_unit=shown_unit(tx, organization, unit))


@reads(
    "organizations",
    "DescribeOrganizationalUnit",
    on_entity("organizations:DescribeOrganizationalUnit", "organizational_unit_id"),
    recorded=recorded("organizational_unit_id"),
)
def describe_organizational_unit(
    call: Call, request: shapes.DescribeOrganizationalUnitRequest
) -> shapes.DescribeOrganizationalUnitResponse:
    """A unit."""
    organization = managed(call)
    with call.reading() as tx:
        unit = _existing(tx, organization, request.organizational_unit_id)
        return shapes.DescribeOrganizationalUnitResponse(
            organizational_unit=shown_unit(tx, organization, unit)
        )


@writes(
    "organizations",
    "UpdateOrganizationalUnit",
    on_entity("organizations:UpdateOrganizationalUnit", "organizational_unit_id"),
    recorded=recorded("organizational_unit_id", "name", elements=whole),
)
def update_organizational_unit(
    call: WriteCall, request: shapes.UpdateOrganizationalUnitRequest
) -> shapes.UpdateOrganizationalUnitResponse:
    """Renames a unit."""
    organization, tx = managed(call), call.tx
    unit = _existing(tx, organization, request.organizational_unit_id)
    renamed = replace(unit, name=unit.name if request.name is None else request.name)
    namesake = tx.organizational_unit_named(unit.parent, renamed.name)
    if namesake is not None and namesake.id != unit.id:
        raise DuplicateOrganizationalUnitException(_NAME_TAKEN)
    tx.rename_organizational_unit(unit.id, renamed.name)
    return shapes.UpdateOrganizationalUnitResponse(organizational_unit=shown_unit(tx, organization, renamed))


@writes(
    "organizations",
    "DeleteOrganizationalUnit",
    on_entity("organizations:DeleteOrganizationalUnit", "organizational_unit_id"),
    recorded=recorded("organizational_unit_id"),
)
def delete_organizational_unit(call: WriteCall, request: shapes.DeleteOrganizationalUnitRequest) -> None:
    """Removes a unit with neither accounts nor units in it."""
    organization, tx = managed(call), call.tx
    unit = _existing(tx, organization, request.organizational_unit_id)
    if tx.organizational_units(unit.id, "", 1) or tx.organization_members(organization.id, unit.id, "", 1):
        raise OrganizationalUnitNotEmptyException("The specified organizational unit is not empty.")
    tx.delete_organizational_unit(unit.id)
