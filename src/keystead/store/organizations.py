"""Organizations, their units and members, and the state of accounts: the verbs and their statements."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from keystead.kinds import AccountState, FeatureSet, JoinedMethod, OrganizationPolicyType
from keystead.model import Account, Member, Organization, OrganizationalUnit
from keystead.names import AccountId
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent
from keystead.store.port import StoreError, Topic
from keystead.store.principals import account_of
from keystead.store.tables import (
    ACCOUNT,
    OF_ORGANIZATIONS,
    ORGANIZATION,
    ORGANIZATION_ATTACHMENT,
    ORGANIZATION_MEMBER,
    ORGANIZATION_TAG,
    ORGANIZATIONAL_UNIT,
)

_ACCOUNT_OF_EMAIL = select(ACCOUNT).where(ACCOUNT.c.lower_email == bindparam("lower_email"))
_SET_STATE = update(ACCOUNT).where(*at(ACCOUNT)).values(state=bindparam("state"))

_ORGANIZATION = select(ORGANIZATION).where(*at(ORGANIZATION))
_ADD_ORGANIZATION = insert_if_absent(ORGANIZATION)
_SET_TYPES = update(ORGANIZATION).where(*at(ORGANIZATION)).values(policy_types=bindparam("policy_types"))
_DELETE_ORGANIZATION = (
    *(delete(table).where(table.c.organization == bindparam("at_id")) for table in OF_ORGANIZATIONS),
    delete(ORGANIZATION).where(*at(ORGANIZATION)),
)

_MEMBER = select(ORGANIZATION_MEMBER).where(*at(ORGANIZATION_MEMBER))
_MEMBERS = (
    select(ORGANIZATION_MEMBER)
    .where(
        ORGANIZATION_MEMBER.c.organization == bindparam("organization"),
        ORGANIZATION_MEMBER.c.account > bindparam("after"),
    )
    .order_by(ORGANIZATION_MEMBER.c.account)
    .limit(bindparam("limit"))
)
_MEMBERS_UNDER = _MEMBERS.where(ORGANIZATION_MEMBER.c.parent == bindparam("parent"))
_ADD_MEMBER = insert_if_absent(ORGANIZATION_MEMBER)
_MOVE_MEMBER = (
    update(ORGANIZATION_MEMBER).where(*at(ORGANIZATION_MEMBER)).values(parent=bindparam("new_parent"))
)
_REMOVE_MEMBER = delete(ORGANIZATION_MEMBER).where(*at(ORGANIZATION_MEMBER))

_UNIT = select(ORGANIZATIONAL_UNIT).where(*at(ORGANIZATIONAL_UNIT))
_UNIT_NAMED = select(ORGANIZATIONAL_UNIT).where(
    ORGANIZATIONAL_UNIT.c.parent == bindparam("parent"), ORGANIZATIONAL_UNIT.c.name == bindparam("name")
)
_UNITS = (
    select(ORGANIZATIONAL_UNIT)
    .where(ORGANIZATIONAL_UNIT.c.parent == bindparam("parent"), ORGANIZATIONAL_UNIT.c.id > bindparam("after"))
    .order_by(ORGANIZATIONAL_UNIT.c.id)
    .limit(bindparam("limit"))
)
_UNIT_COUNT = select(func.count().label("units")).where(
    ORGANIZATIONAL_UNIT.c.organization == bindparam("organization")
)
_ADD_UNIT = insert_if_absent(ORGANIZATIONAL_UNIT)
_RENAME_UNIT = update(ORGANIZATIONAL_UNIT).where(*at(ORGANIZATIONAL_UNIT)).values(name=bindparam("new_name"))
_DELETE_UNIT = delete(ORGANIZATIONAL_UNIT).where(*at(ORGANIZATIONAL_UNIT))

_FORGET_ENTITY = (
    delete(ORGANIZATION_ATTACHMENT).where(
        ORGANIZATION_ATTACHMENT.c.organization == bindparam("organization"),
        ORGANIZATION_ATTACHMENT.c.target == bindparam("entity"),
    ),
    delete(ORGANIZATION_TAG).where(
        ORGANIZATION_TAG.c.organization == bindparam("organization"),
        ORGANIZATION_TAG.c.resource == bindparam("entity"),
    ),
)

_DEEPEST = 100
"""Units above each other. Who makes them allows few; a ring of them must not hang a reader."""


class OrganizationReads(ReadConnection):
    """The verbs of `OrganizationReadTx` about the tree of accounts."""

    def account_of_email(self, email: str) -> Account | None:
        row = self.row(_ACCOUNT_OF_EMAIL, {"lower_email": email.lower()})
        return account_of(row) if row else None

    def organization(self, id: str) -> Organization | None:
        row = self.row(_ORGANIZATION, {"at_id": id})
        return _organization(row) if row else None

    def organization_member(self, account: AccountId) -> Member | None:
        row = self.row(_MEMBER, {"at_account": account})
        return _member(row) if row else None

    def organization_members(
        self, organization: str, parent: str | None, after: str, limit: int
    ) -> tuple[Member, ...]:
        page = {"organization": organization, "after": after, "limit": limit}
        rows = (
            self.rows(_MEMBERS, page)
            if parent is None
            else self.rows(_MEMBERS_UNDER, page | {"parent": parent})
        )
        return tuple(_member(row) for row in rows)

    def organizational_unit(self, id: str) -> OrganizationalUnit | None:
        row = self.row(_UNIT, {"at_id": id})
        return _unit(row) if row else None

    def organizational_unit_named(self, parent: str, name: str) -> OrganizationalUnit | None:
        row = self.row(_UNIT_NAMED, {"parent": parent, "name": name})
        return _unit(row) if row else None

    def organizational_units(self, parent: str, after: str, limit: int) -> tuple[OrganizationalUnit, ...]:
        page = {"parent": parent, "after": after, "limit": limit}
        return tuple(_unit(row) for row in self.rows(_UNITS, page))

    def units_above(self, parent: str) -> tuple[OrganizationalUnit, ...]:
        found: list[OrganizationalUnit] = []
        while (unit := self.organizational_unit(parent)) is not None:
            found.append(unit)
            parent = unit.parent
            if len(found) > _DEEPEST:
                raise StoreError(f"organizational unit {unit.id} is below itself")
        return tuple(reversed(found))

    def unit_count(self, organization: str) -> int:
        row = self.row(_UNIT_COUNT, {"organization": organization})
        return int(row.units) if row else 0


class OrganizationWrites(OrganizationReads, WriteConnection):
    """The verbs of `OrganizationWriteTx` about the tree of accounts."""

    def set_account_state(self, account: AccountId, state: AccountState) -> None:
        self.alter(_SET_STATE, {"at_id": account, "state": state.value}, f"account {account}")
        self.record(Topic.ACCOUNT, account)

    def add_organization(self, organization: Organization) -> None:
        row = {
            "id": organization.id,
            "root": organization.root,
            "management": organization.management,
            "feature_set": organization.feature_set.value,
            "policy_types": _types_text(organization.policy_types),
            "created": organization.created,
        }
        self.add(_ADD_ORGANIZATION, row, f"organization {organization.id}")
        self.record(Topic.ORGANIZATION, organization.id)

    def delete_organization(self, id: str) -> None:
        for statement in _DELETE_ORGANIZATION:
            self.connection.execute(statement, {"at_id": id})
        self.record(Topic.ORGANIZATION, id)

    def set_policy_types(self, id: str, types: frozenset[OrganizationPolicyType]) -> None:
        row = {"at_id": id, "policy_types": _types_text(types)}
        self.alter(_SET_TYPES, row, f"organization {id}")
        self.record(Topic.ORGANIZATION, id)

    def add_organization_member(self, member: Member) -> None:
        row = {
            "account": member.account,
            "organization": member.organization,
            "parent": member.parent,
            "joined_method": member.joined_method.value,
            "joined": member.joined,
        }
        self.add(_ADD_MEMBER, row, f"member {member.account}")
        self.record(Topic.ACCOUNT, member.account)

    def move_organization_member(self, account: AccountId, parent: str) -> None:
        self.alter(_MOVE_MEMBER, {"at_account": account, "new_parent": parent}, f"member {account}")
        self.record(Topic.ACCOUNT, account)

    def remove_organization_member(self, account: AccountId) -> None:
        member = self.organization_member(account)
        if member is None:
            raise StoreError(f"member {account} does not exist")
        self._forget_entity(member.organization, account)
        self.alter(_REMOVE_MEMBER, {"at_account": account}, f"member {account}")
        self.record(Topic.ACCOUNT, account)

    def add_organizational_unit(self, unit: OrganizationalUnit) -> None:
        row = {"id": unit.id, "organization": unit.organization, "parent": unit.parent, "name": unit.name}
        self.add(_ADD_UNIT, row, f"organizational unit {unit.name}")

    def rename_organizational_unit(self, id: str, name: str) -> None:
        self.alter(_RENAME_UNIT, {"at_id": id, "new_name": name}, f"organizational unit {id}")

    def delete_organizational_unit(self, id: str) -> None:
        unit = self.organizational_unit(id)
        if unit is None:
            raise StoreError(f"organizational unit {id} does not exist")
        self._forget_entity(unit.organization, id)
        self.alter(_DELETE_UNIT, {"at_id": id}, f"organizational unit {id}")

    def _forget_entity(self, organization: str, entity: str) -> None:
        for statement in _FORGET_ENTITY:
            self.connection.execute(statement, {"organization": organization, "entity": entity})


def _types_text(types: frozenset[OrganizationPolicyType]) -> str:
    return " ".join(sorted(types))


def _organization(row: Row[Any]) -> Organization:
    return Organization(
        id=row.id,
        root=row.root,
        management=AccountId(row.management),
        feature_set=FeatureSet(row.feature_set),
        policy_types=frozenset(OrganizationPolicyType(name) for name in row.policy_types.split()),
        created=row.created,
    )


def _member(row: Row[Any]) -> Member:
    return Member(
        account=AccountId(row.account),
        organization=row.organization,
        parent=row.parent,
        joined_method=JoinedMethod(row.joined_method),
        joined=row.joined,
    )


def _unit(row: Row[Any]) -> OrganizationalUnit:
    return OrganizationalUnit(row.id, row.organization, row.parent, row.name)
