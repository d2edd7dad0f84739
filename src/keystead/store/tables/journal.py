"""What only grows: the change feed and the audit events.

NOTE: both sequences are AUTOINCREMENT, so that SQLite never gives a number out twice, not even after
the newest rows were deleted. Readers of the feed and the audit chain rely on that.
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

AUDIT_EVENT = Table(
    "audit_event",
    METADATA,
    Column("sequence", _SEQUENCE, primary_key=True),
    # No index: every call adds a row, and only queries that walk in order read them.
    Column("event_id", String, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("account", String, nullable=False),
    Column("region", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
