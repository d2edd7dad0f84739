"""Grants: the verbs and their statements."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from keystead.kinds import GrantOperation
from keystead.model import Grant, GrantConstraints
from keystead.model.quotas import GRANTS_PER_KEY
from keystead.names import AccountId, GrantId, KeyArn, KeyId, Region
from keystead.store.connection import PointRead, ReadConnection, WriteConnection, at, insert_if_absent
from keystead.store.key_rows import at_key, key_names
from keystead.store.port import EffectiveGrants, Topic
from keystead.store.tables import KMS_GRANT, KMS_KEY

_OF_KEY = (
    KMS_GRANT.c.region == bindparam("region"),
    KMS_GRANT.c.key_id == bindparam("key_id"),
    # An ARN with another account names no key.
    KMS_GRANT.c.account == bindparam("account"),
)
_THIS_KEY = (*at(KMS_KEY), KMS_KEY.c.account == bindparam("at_account"))

_GRANT = select(KMS_GRANT).where(*_OF_KEY, KMS_GRANT.c.grant_id == bindparam("grant_id"))
_LIST = (
    select(KMS_GRANT)
    .where(*_OF_KEY, KMS_GRANT.c.grant_id > bindparam("after"))
    .order_by(KMS_GRANT.c.grant_id)
    .limit(bindparam("limit"))
)
_LIST_OF_GRANTEE = _LIST.where(KMS_GRANT.c.grantee == bindparam("grantee"))
_RETIRABLE = (
    select(KMS_GRANT)
    .where(
        KMS_GRANT.c.region == bindparam("region"),
        KMS_GRANT.c.retiring == bindparam("retiring"),
        tuple_(KMS_GRANT.c.key_id, KMS_GRANT.c.grant_id)
        > tuple_(bindparam("after_key", type_=String), bindparam("after_grant", type_=String)),
    )
    .order_by(KMS_GRANT.c.key_id, KMS_GRANT.c.grant_id)
    .limit(bindparam("limit"))
)
_TO = (*_OF_KEY, KMS_GRANT.c.grantee.in_(bindparam("grantees", expanding=True)))
_WITH = KMS_GRANT.c.operations.like(bindparam("operations"))
_IN_CONTEXT = KMS_GRANT.c.anchor.in_(bindparam("anchors", expanding=True))
# Without an encryption context its constraint does not matter, so one grant stands for all that differ in it.
_FOR_SOURCE = KMS_GRANT.c.source_arn, KMS_GRANT.c.issuing_account
_SOURCES = "~"
"""Anchors from here on are of sources, those before of encryption contexts."""
_WITHOUT_CONTEXT = or_(KMS_GRANT.c.anchor < _SOURCES, KMS_GRANT.c.anchor == bindparam("source_anchor"))
# More than match, for `_` and `%` stand for others too, and case may not count; what a policy's operator says
# is decided later. A source is ASCII, where one `?` is one character.
_FROM_SOURCE = or_(
    KMS_GRANT.c.source_arn.is_(None),
    bindparam("source", type_=String).like(
        func.replace(func.replace(KMS_GRANT.c.source_arn, "*", "%"), "?", "_")
    ),
)


def _one_of_each(*conditions: ColumnElement[bool], by: Sequence[ColumnElement[Any]] = ()) -> Select[Any]:
    """One grant of each effect, or of each combination of `by`."""
    chosen = (
        select(func.min(KMS_GRANT.c.grant_id))
        .where(*_TO, *conditions)
        .group_by(KMS_GRANT.c.grantee, *(by or (KMS_GRANT.c.anchor, KMS_GRANT.c.effect)))
        .limit(bindparam("limit"))
    )
    return select(KMS_GRANT).where(*_OF_KEY, KMS_GRANT.c.grant_id.in_(chosen))


_GRANTS_TO = _one_of_each()
_GRANTS_FOR = _one_of_each(_WITH, _FROM_SOURCE, _WITHOUT_CONTEXT, by=_FOR_SOURCE)
_GRANTS_FOR_CONTEXT = _one_of_each(_WITH, _FROM_SOURCE, _IN_CONTEXT)
_EFFECTIVE = or_(
    KMS_GRANT.c.created <= bindparam("made_until"), KMS_GRANT.c.grant_id.in_(bindparam("ids", expanding=True))
)
_EFFECTIVE_FOR = _one_of_each(_WITH, _FROM_SOURCE, _WITHOUT_CONTEXT, _EFFECTIVE, by=_FOR_SOURCE)
_EFFECTIVE_FOR_CONTEXT = _one_of_each(_WITH, _FROM_SOURCE, _IN_CONTEXT, _EFFECTIVE)
_GRANT_LIKE = select(KMS_GRANT).where(*_OF_KEY, KMS_GRANT.c.named == bindparam("named"))
# By the primary key alone: with the account in it, SQLite takes the other index, where nobody has been yet.
_COUNT = PointRead(select(KMS_KEY.c.grants, KMS_KEY.c.account).where(*at(KMS_KEY)))

_ADD = insert_if_absent(KMS_GRANT)
_DELETE = delete(KMS_GRANT).where(*_OF_KEY, KMS_GRANT.c.grant_id == bindparam("grant_id"))
_COUNT_MORE = update(KMS_KEY).where(*_THIS_KEY).values(grants=KMS_KEY.c.grants + bindparam("more"))


class GrantReads(ReadConnection):
    """The verbs of `ReadTx` about grants."""

    def grant(self, key: KeyArn, id: GrantId) -> Grant | None:
        row = self.row(_GRANT, key_names(key) | {"grant_id": id})
        return _grant(row) if row else None

    def grants(self, key: KeyArn, after: str, limit: int, grantee: str | None = None) -> tuple[Grant, ...]:
        asked = key_names(key) | {"after": after, "limit": limit}
        if grantee is None:
            return tuple(_grant(row) for row in self.rows(_LIST, asked))
        return tuple(_grant(row) for row in self.rows(_LIST_OF_GRANTEE, asked | {"grantee": grantee}))

    def retirable_grants(
        self, region: Region, retiring: str, after: tuple[str, str], limit: int
    ) -> tuple[Grant, ...]:
        asked = {"region": region, "retiring": retiring, "limit": limit}
        asked |= {"after_key": after[0], "after_grant": after[1]}
        return tuple(_grant(row) for row in self.rows(_RETIRABLE, asked))

    def grants_to(self, key: KeyArn, grantees: Sequence[str], limit: int) -> tuple[Grant, ...]:
        asked = key_names(key) | {"grantees": list(grantees), "limit": limit}
        return tuple(_grant(row) for row in self.rows(_GRANTS_TO, asked))

    def grants_for(
        self,
        key: KeyArn,
        grantees: Sequence[str],
        operation: GrantOperation,
        context: Mapping[str, str] | None,
        effective: EffectiveGrants | None = None,
        source: str | None = None,
    ) -> tuple[Grant, ...]:
        asked = key_names(key) | {"grantees": list(grantees), "limit": GRANTS_PER_KEY}
        asked |= {"operations": f"% {operation} %", "source": source}
        anchor = "" if source is None else _source_anchor(source)
        if effective is not None:
            asked |= {"made_until": effective.made_until, "ids": list(effective.named)}
        if context is None:
            statement = _GRANTS_FOR if effective is None else _EFFECTIVE_FOR
            asked |= {"source_anchor": anchor}
        else:
            statement = _GRANTS_FOR_CONTEXT if effective is None else _EFFECTIVE_FOR_CONTEXT
            asked |= {"anchors": ["", anchor, *(_anchor(pair) for pair in context.items())]}
        return tuple(_grant(row) for row in self.rows(statement, asked))

    def grant_like(self, grant: Grant) -> Grant | None:
        named = _named(grant)
        row = None if named is None else self.row(_GRANT_LIKE, key_names(grant.key) | {"named": named})
        return _grant(row) if row else None

    def grant_count(self, key: KeyArn) -> int:
        row = self.point(_COUNT, at_key(key))
        return int(row.grants) if row and row.account == key.account else 0


class GrantWrites(GrantReads, WriteConnection):
    """The verbs of `WriteTx` about grants."""

    def add_grant(self, grant: Grant) -> None:
        constraints = grant.constraints
        row = key_names(grant.key) | {
            "grant_id": grant.id,
            "grantee": grant.grantee,
            "retiring": grant.retiring,
            "operations": f" {' '.join(grant.operations)} ",
            "context_equals": _context_text(constraints.encryption_context_equals),
            "context_subset": _context_text(constraints.encryption_context_subset),
            "source_arn": constraints.source_arn,
            "name": grant.name,
            "named": _named(grant),
            "issuing_account": grant.issuing_account,
            "created": grant.created,
            "anchor": _anchor_of(constraints),
            "effect": _digest(_effect(grant)),
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
    return None if grant.name is None else _digest([grant.name, grant.retiring, *_effect(grant)])


def _effect(grant: Grant) -> list[object]:
    constraints = grant.constraints
    return [
        grant.grantee,
        sorted(grant.operations),
        _context_text(constraints.encryption_context_equals),
        _context_text(constraints.encryption_context_subset),
        constraints.source_arn,
        grant.issuing_account,
    ]


def _digest(told: list[object]) -> bytes:
    return hashlib.sha256(json.dumps(told).encode()).digest()


def _pairs(constraints: GrantConstraints) -> Collection[tuple[str, str]]:
    pairs = constraints.encryption_context_equals or constraints.encryption_context_subset or {}
    return pairs.items()


def _anchor_of(constraints: GrantConstraints) -> str:
    """By what a request finds a grant: a pair of its context, else its source; empty for every request.

    What was stored before sources counted is found by every request, too.
    """
    pairs, source = _pairs(constraints), constraints.source_arn
    if pairs:
        return min(map(_anchor, pairs))
    return "" if source is None or "*" in source or "?" in source else _source_anchor(source)


def _source_anchor(source: str) -> str:
    return _SOURCES + source


def _anchor(pair: tuple[str, str]) -> str:
    """A pair as it is looked for; names of pairs in constraints may ignore case (KMS API)."""
    name, value = pair
    return json.dumps([name.lower(), value])


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
