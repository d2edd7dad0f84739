"""Groups of users and their members: the verbs and their statements."""

from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from keystead.model import Group, Principal
from keystead.names import AccountId
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent, page_by_name
from keystead.store.port import AlreadyExists, Topic
from keystead.store.principals import GROUP, principal_of
from keystead.store.tables import GROUP_MEMBER, PRINCIPAL

_IS_GROUP = PRINCIPAL.c.type == GROUP
_IN_ACCOUNT = (PRINCIPAL.c.account == bindparam("account"), _IS_GROUP)

_GROUP = select(PRINCIPAL).where(*at(PRINCIPAL), _IS_GROUP)
_GROUP_NAMED = select(PRINCIPAL).where(*_IN_ACCOUNT, PRINCIPAL.c.lower_name == bindparam("lower_name"))
_GROUPS = page_by_name(PRINCIPAL, *_IN_ACCOUNT)
_GROUPS_OF = (
    select(PRINCIPAL)
    .join(GROUP_MEMBER, GROUP_MEMBER.c.group_id == PRINCIPAL.c.unique_id)
    .where(GROUP_MEMBER.c.user_id == bindparam("user_id"))
    .order_by(PRINCIPAL.c.lower_name)
)
_MEMBERS = (
    select(PRINCIPAL)
    .join(GROUP_MEMBER, GROUP_MEMBER.c.user_id == PRINCIPAL.c.unique_id)
    .where(GROUP_MEMBER.c.group_id == bindparam("group_id"), PRINCIPAL.c.lower_name > bindparam("after"))
    .order_by(PRINCIPAL.c.lower_name)
    .limit(bindparam("limit"))
)

_ADD_GROUP = insert_if_absent(PRINCIPAL)
_SET_GROUP = (
    update(PRINCIPAL)
    .where(*at(PRINCIPAL), _IS_GROUP)
    .values(path=bindparam("path"), name=bindparam("name"), lower_name=bindparam("lower_name"))
)
_DELETE_GROUP = delete(PRINCIPAL).where(*at(PRINCIPAL), _IS_GROUP)
_ADD_MEMBER = insert_if_absent(GROUP_MEMBER)
_REMOVE_MEMBER = delete(GROUP_MEMBER).where(*at(GROUP_MEMBER))


class GroupReads(ReadConnection):
    """The verbs of `ReadTx` about groups."""

    def group(self, unique_id: str) -> Group | None:
        row = self.row(_GROUP, {"at_unique_id": unique_id})
        return group_of(row) if row else None

    def group_named(self, account: AccountId, name: str) -> Group | None:
        row = self.row(_GROUP_NAMED, {"account": account, "lower_name": name.lower()})
        return group_of(row) if row else None

    def groups(self, account: AccountId, path_prefix: str, after: str, limit: int) -> tuple[Group, ...]:
        page = {"account": account, "path_prefix": path_prefix, "after": after, "limit": limit}
        return tuple(group_of(row) for row in self.rows(_GROUPS, page))

    def groups_of(self, user: str) -> tuple[Group, ...]:
        return tuple(group_of(row) for row in self.rows(_GROUPS_OF, {"user_id": user}))

    def members(self, group: str, after: str, limit: int) -> tuple[Principal, ...]:
        page = {"group_id": group, "after": after, "limit": limit}
        return tuple(principal_of(row) for row in self.rows(_MEMBERS, page))


class GroupWrites(GroupReads, WriteConnection):
    """The verbs of `WriteTx` about groups."""

    def add_group(self, group: Group) -> None:
        row = {
            "unique_id": group.unique_id,
            "account": group.account,
            "type": GROUP,
            "created": group.created,
            "tags": "[]",
            "boundary": None,
            "trust_policy": None,
            "description": None,
            "max_session_duration": None,
            "service_linked": None,
        }
        self.add(_ADD_GROUP, row | _named(group), f"group {group.name}")
        self.record(Topic.PRINCIPAL, group.unique_id)

    def alter_group(self, group: Group) -> None:
        namesake = self.group_named(group.account, group.name)
        if namesake is not None and namesake.unique_id != group.unique_id:
            raise AlreadyExists(f"group {group.name} exists already")
        self.alter(_SET_GROUP, _named(group) | {"at_unique_id": group.unique_id}, f"group {group.unique_id}")
        self.record(Topic.PRINCIPAL, group.unique_id)

    def delete_group(self, unique_id: str) -> None:
        self.alter(_DELETE_GROUP, {"at_unique_id": unique_id}, f"group {unique_id}")
        self.record(Topic.PRINCIPAL, unique_id)

    def add_member(self, group: str, user: str) -> None:
        self.add(_ADD_MEMBER, {"group_id": group, "user_id": user}, f"member {user} of {group}")
        self.record(Topic.PRINCIPAL, user)

    def remove_member(self, group: str, user: str) -> None:
        where = {"at_group_id": group, "at_user_id": user}
        self.alter(_REMOVE_MEMBER, where, f"member {user} of {group}")
        self.record(Topic.PRINCIPAL, user)


def _named(group: Group) -> dict[str, object]:
    return {"path": group.path, "name": group.name, "lower_name": group.name.lower()}


def group_of(row: Row[Any]) -> Group:
    """The group of a row."""
    return Group(row.unique_id, AccountId(row.account), row.path, row.name, row.created)
