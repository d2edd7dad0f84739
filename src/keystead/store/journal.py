"""The verbs about what only grows: audit events and the change feed; and how all of it is emptied."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, select

from keystead.model import AuditEvent
from keystead.store.connection import ReadConnection, WriteConnection
from keystead.store.port import Topic
from keystead.store.sqlite import driver_connection, insert_events
from keystead.store.tables import AUDIT_EVENT, CHANGE, METADATA, ROOT_KEY

_EVENTS = (
    select(AUDIT_EVENT)
    .where(AUDIT_EVENT.c.sequence > bindparam("after"))
    .order_by(AUDIT_EVENT.c.sequence)
    .limit(bindparam("limit"))
)
_LAST_CHANGE = select(func.max(CHANGE.c.sequence).label("sequence"))
# Referring tables first.
_EMPTY = [delete(table) for table in reversed(METADATA.sorted_tables) if table is not ROOT_KEY]


class JournalReads(ReadConnection):
    """The verbs of `ReadTx` about events and changes."""

    def events(self, after: int, limit: int) -> tuple[tuple[int, AuditEvent], ...]:
        rows = self.rows(_EVENTS, {"after": after, "limit": limit})
        return tuple(
            (row.sequence, AuditEvent(row.event_id, row.time, row.account, row.region, row.record))
            for row in rows
        )

    def last_change(self) -> int:
        row = self.row(_LAST_CHANGE, {})
        return row.sequence or 0 if row else 0


class JournalWrites(JournalReads, WriteConnection):
    """The verbs of `WriteTx` about events, and `reset`."""

    def append_events(self, events: Sequence[AuditEvent]) -> None:
        insert_events(driver_connection(self.connection), events)

    def reset(self) -> None:
        for statement in _EMPTY:
            self.connection.execute(statement)
        self.record(Topic.RESET, "")
