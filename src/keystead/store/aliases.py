"""Aliases: the verbs and their statements."""

from typing import Any

from sqlalchemy import bindparam, delete, select, update

from keystead.model import Alias
from keystead.names import AccountId, AliasArn, AliasName, KeyArn, KeyId, Region
from keystead.store.connection import PointRead, ReadConnection, WriteConnection, at, insert_if_absent
from keystead.store.port import Topic
from keystead.store.tables import ALIAS

_ALIAS = PointRead(select(ALIAS).where(*at(ALIAS)))
_ALIASES = (
    select(ALIAS)
    .where(
        ALIAS.c.account == bindparam("account"),
        ALIAS.c.region == bindparam("region"),
        ALIAS.c.name > bindparam("after"),
    )
    .order_by(ALIAS.c.name)
    .limit(bindparam("limit"))
)
_ALIASES_OF_KEY = _ALIASES.where(ALIAS.c.target == bindparam("target"))

_NAMES_OF_KEY = (
    select(ALIAS.c.name)
    .where(
        ALIAS.c.account == bindparam("account"),
        ALIAS.c.region == bindparam("region"),
        ALIAS.c.target == bindparam("target"),
    )
    .order_by(ALIAS.c.name)
)
_ADD_ALIAS = insert_if_absent(ALIAS)
_SET_TARGET = update(ALIAS).where(*at(ALIAS)).values(target=bindparam("target"), updated=bindparam("updated"))
_DELETE_ALIAS = delete(ALIAS).where(*at(ALIAS))


class AliasReads(ReadConnection):
    """The verbs of `ReadTx` about aliases."""

    def alias(self, alias: AliasArn) -> Alias | None:
        row = self.point(_ALIAS, _at_alias(alias))
        return _alias(row) if row else None

    def aliases(self, account: AccountId, region: Region, after: str, limit: int) -> tuple[Alias, ...]:
        page = {"account": account, "region": region, "after": after, "limit": limit}
        return tuple(_alias(row) for row in self.rows(_ALIASES, page))

    def aliases_of_key(self, key: KeyArn, after: str, limit: int) -> tuple[Alias, ...]:
        page = {
            "account": key.account,
            "region": key.region,
            "target": key.key_id,
            "after": after,
            "limit": limit,
        }
        return tuple(_alias(row) for row in self.rows(_ALIASES_OF_KEY, page))


class AliasWrites(AliasReads, WriteConnection):
    """The verbs of `WriteTx` about aliases."""

    def add_alias(self, alias: Alias) -> None:
        row = {
            "account": alias.account,
            "region": alias.region,
            "name": alias.name,
            "target": alias.target,
            "created": alias.created,
            "updated": alias.updated,
        }
        self.add(_ADD_ALIAS, row, f"alias {alias.arn}")
        self._record(alias.arn, alias.target)

    def set_alias_target(self, alias: AliasArn, target: KeyId, updated: int) -> None:
        old = self.alias(alias)
        self.alter(_SET_TARGET, _at_alias(alias) | {"target": target, "updated": updated}, f"alias {alias}")
        self._record(alias, target, *(() if old is None or old.target == target else (old.target,)))

    def delete_alias(self, alias: AliasArn) -> None:
        old = self.alias(alias)
        self.alter(_DELETE_ALIAS, _at_alias(alias), f"alias {alias}")
        self._record(alias, *(() if old is None else (old.target,)))

    def _record(self, alias: AliasArn, *targets: KeyId) -> None:
        self.record(Topic.ALIAS, alias)
        for target in targets:
            self.record(Topic.KEY_ALIASES, KeyArn(alias.region, alias.account, target))

    def _delete_aliases(self, key: KeyArn) -> None:
        """Deletes all that point to a key."""
        where = {"account": key.account, "region": key.region, "target": key.key_id}
        for row in self.rows(_NAMES_OF_KEY, where):
            self.delete_alias(AliasArn(key.region, key.account, AliasName(row.name)))


def _at_alias(alias: AliasArn) -> dict[str, object]:
    return {"at_account": alias.account, "at_region": alias.region, "at_name": alias.name}


def _alias(row: Any) -> Alias:
    arn = AliasArn(Region(row.region), AccountId(row.account), AliasName(row.name))
    return Alias(arn, KeyId(row.target), row.created, row.updated)
