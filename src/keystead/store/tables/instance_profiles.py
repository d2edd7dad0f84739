"""Instance profiles."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, UniqueConstraint

from keystead.store.tables.metadata import METADATA

INSTANCE_PROFILE = Table(
    "instance_profile",
    METADATA,
    Column("unique_id", String, primary_key=True),
    Column("account", String, ForeignKey("account.id"), nullable=False),
    Column("path", String, nullable=False),
    Column("name", String, nullable=False),
    # IAM compares names without regard to case and keeps the case they were given in.
    Column("lower_name", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    # The unique id of the role in it; NULL without one.
    Column("role", String, ForeignKey("principal.unique_id"), index=True),
    # A JSON array of [key, value], in the order in which they are listed.
    Column("tags", String, nullable=False),
    UniqueConstraint("account", "lower_name"),
)
