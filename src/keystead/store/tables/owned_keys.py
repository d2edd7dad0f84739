"""AWS owned keys: what Keystead seals its own tokens under. They belong to no account."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table

from keystead.store.tables.metadata import METADATA

OWNED_KEY = Table(
    "owned_key",
    METADATA,
    Column("purpose", String, primary_key=True),
    # From 1 on; the highest is the one that seals.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
)
