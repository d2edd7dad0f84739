"""The verbs about what only grows: audit events and the change feed; and how all of it is emptied."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select

from keystead.model import AuditEvent
from keystead.store.audit_batch import pack, unpack
from keystead.store.connection import ReadConnection, WriteConnection
from keystead.store.port import Topic
from keystead.store.sqlite import driver_connection, insert_events
from keystead.store.tables import AUDIT_BATCH, CHANGE, METADATA, OWNED_KEY, ROOT_KEY

# The batch that the wanted event is in, and those behind it.
_BATCHES = (
    select(AUDIT_BATCH.c.first, AUDIT_BATCH.c.packed)
    .where(
        AUDIT_BATCH.c.first
        >= select(func.coalesce(func.max(AUDIT_BATCH.c.first), 0))
        .where(AUDIT_BATCH.c.first <= bindparam("wanted"))
        .scalar_subquery()
    )
    .order_by(AUDIT_BATCH.c.first)
)
_NEXT_EVENT = (
    select((AUDIT_BATCH.c.first + AUDIT_BATCH.c.events).label("number"))
    .order_by(AUDIT_BATCH.c.first.desc())
    .limit(1)
)
_ADD_BATCH = insert(AUDIT_BATCH)
_LAST_CHANGE = select(func.max(CHANGE.c.sequence).label("sequence"))
# Referring tables first.
_KEPT = (ROOT_KEY, OWNED_KEY)
_EMPTY = [delete(table) for table in reversed(METADATA.sorted_tables) if table not in _KEPT]


class JournalReads(ReadConnection):
    """The verbs of `ReadTx` about events and changes."""

    def events(self, after: int, limit: int) -> tuple[tuple[int, AuditEvent], ...]:
        found: list[tuple[int, AuditEvent]] = []
        rows = self.connection.execute(_BATCHES, {"wanted": after + 1})
        try:
            for row in rows:
                numbered = enumerate(unpack(row.packed), start=row.first)
                found += [(number, event) for number, event in numbered if number > after]
                if len(found) >= limit:
                    break
        finally:
            rows.close()
        return tuple(found[:limit])

    def next_event(self) -> int:
        """The number that the next event will have."""
        row = self.row(_NEXT_EVENT, {})
        return row.number if row else 1

    def last_change(self) -> int:
        row = self.row(_LAST_CHANGE, {})
        return row.sequence or 0 if row else 0


class JournalWrites(JournalReads, WriteConnection):
    """The verbs of `WriteTx` about events, and `reset`."""

    def append_events(self, events: Sequence[AuditEvent]) -> None:
        insert_events(driver_connection(self.connection), events)

    def reset(self) -> None:
        number = self.next_event()
        for statement in _EMPTY:
            self.connection.execute(statement)
        if number > 1:
            # An empty batch in the place of the last event: from it the numbers go on.
            last = {"first": number - 1, "events": 1, "earliest": 0, "latest": 0, "packed": pack([])}
            self.connection.execute(_ADD_BATCH, last)
        self.record(Topic.RESET, "")
