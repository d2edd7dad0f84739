"""What only grows: the change feed and the audit events.

NOTE: no number is ever given out twice, not even after the newest rows were deleted: readers of the feed and
of the audit events rely on that. The feed's sequence is AUTOINCREMENT for it; whoever deletes all batches of
events leaves an empty one, from which the numbers go on.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from keystead.store.tables.metadata import METADATA

# SQLite's row ids are 64 bits wide under the name INTEGER alone.
_SEQUENCE = BigInteger().with_variant(Integer, "sqlite")

CHANGE = Table(
    "change",
    METADATA,
    Column("sequence", _SEQUENCE, primary_key=True),
    Column("topic", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("committed", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

AUDIT_BATCH = Table(
    "audit_batch",
    METADATA,
    # The number of its first event: they are numbered from 1, without gaps and never twice.
    Column("first", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("events", Integer, nullable=False),
    # Milliseconds: the bounds of its events' times. No index: only queries that walk in order read batches.
    Column("earliest", BigInteger, nullable=False),
    Column("latest", BigInteger, nullable=False),
    Column("packed", LargeBinary, nullable=False),
)
