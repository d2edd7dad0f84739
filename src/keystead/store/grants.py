"""Grants: the verbs and their statements."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from keystead.kinds import GrantOperation
from keystead.model import Grant, GrantConstraints
from keystead.names import AccountId, GrantId, KeyArn, KeyId, Region
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent
from keystead.store.keys import at_key, key_names
from keystead.store.port import Topic
from keystead.store.tables import KMS_GRANT, KMS_KEY

_OF_KEY = (
    KMS_GRANT.c.region == bindparam("region"),
    KMS_GRANT.c.key_id == bindparam("key_id"),
    # An ARN with another account names no key.
    KMS_GRANT.c.account == bindparam("account"),
)
_THIS_KEY = (*at(KMS_KEY), KMS_KEY.c.account == bindparam("at_account"))

_GRANT = select(KMS_GRANT).where(*_OF_KEY, KMS_GRANT.c.grant_id == bindparam("grant_id"))
_GRANTS_TO = (
    select(KMS_GRANT)
    .where(*_OF_KEY, KMS_GRANT.c.grantee.in_(bindparam("grantees", expanding=True)))
    .order_by(KMS_GRANT.c.grant_id)
)
_GRANT_LIKE = select(KMS_GRANT).where(*_OF_KEY, KMS_GRANT.c.named == bindparam("named"))
_COUNT = select(KMS_KEY.c.grants).where(*_THIS_KEY)

_ADD = insert_if_absent(KMS_GRANT)
_DELETE = delete(KMS_GRANT).where(*_OF_KEY, KMS_GRANT.c.grant_id == bindparam("grant_id"))
_COUNT_MORE = update(KMS_KEY).where(*_THIS_KEY).values(grants=KMS_KEY.c.grants + bindparam("more"))


class GrantReads(ReadConnection):
    """The verbs of `ReadTx` about grants."""

    def grant(self, key: KeyArn, id: GrantId) -> Grant | None:
        row = self.row(_GRANT, key_names(key) | {"grant_id": id})
        return _grant(row) if row else None

    def grants_to(self, key: KeyArn, grantees: Sequence[str]) -> tuple[Grant, ...]:
        rows = self.rows(_GRANTS_TO, key_names(key) | {"grantees": list(grantees)})
        return tuple(_grant(row) for row in rows)

    def grant_like(self, grant: Grant) -> Grant | None:
        named = _named(grant)
        row = None if named is None else self.row(_GRANT_LIKE, key_names(grant.key) | {"named": named})
        return _grant(row) if row else None

    def grant_count(self, key: KeyArn) -> int:
        row = self.row(_COUNT, at_key(key))
        return int(row.grants) if row else 0


class GrantWrites(GrantReads, WriteConnection):
    """The verbs of `WriteTx` about grants."""

    def add_grant(self, grant: Grant) -> None:
        constraints = grant.constraints
        row = key_names(grant.key) | {
            "grant_id": grant.id,
            "grantee": grant.grantee,
            "retiring": grant.retiring,
            "operations": " ".join(grant.operations),
            "context_equals": _context_text(constraints.encryption_context_equals),
            "context_subset": _context_text(constraints.encryption_context_subset),
            "source_arn": constraints.source_arn,
            "name": grant.name,
            "named": _named(grant),
            "issuing_account": grant.issuing_account,
            "created": grant.created,
        }
        self.add(_ADD, row, f"grant {grant.id}")
        self._count(grant.key, 1)

    def delete_grant(self, key: KeyArn, id: GrantId) -> None:
        self.alter(_DELETE, key_names(key) | {"grant_id": id}, f"grant {id}")
        self._count(key, -1)

    def _count(self, key: KeyArn, more: int) -> None:
        self.alter(_COUNT_MORE, at_key(key) | {"more": more}, f"key {key}")
        self.record(Topic.GRANT, key)


def _named(grant: Grant) -> bytes | None:
    """What tells a named grant from all others of its key with another name or other parameters."""
    if grant.name is None:
        return None
    constraints = grant.constraints
    told = [
        grant.name,
        grant.grantee,
        grant.retiring,
        sorted(grant.operations),
        _context_text(constraints.encryption_context_equals),
        _context_text(constraints.encryption_context_subset),
        constraints.source_arn,
        grant.issuing_account,
    ]
    return hashlib.sha256(json.dumps(told).encode()).digest()


def _context_text(context: Mapping[str, str] | None) -> str | None:
    return None if context is None else json.dumps(dict(context), sort_keys=True)


def _context(text: str | None) -> Mapping[str, str] | None:
    return None if text is None else json.loads(text)


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        key=KeyArn(Region(row.region), AccountId(row.account), KeyId(row.key_id)),
        id=GrantId(row.grant_id),
        grantee=row.grantee,
        operations=tuple(GrantOperation(name) for name in row.operations.split()),
        issuing_account=AccountId(row.issuing_account),
        created=row.created,
        retiring=row.retiring,
        constraints=GrantConstraints(
            _context(row.context_equals), _context(row.context_subset), row.source_arn
        ),
        name=row.name,
    )
