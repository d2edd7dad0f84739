"""Accounts, IAM users and roles, their inline policies, access keys.

Foreign keys restrict: IAM refuses to delete a user or role that still has policies or access keys, and
the store refuses too, so that no credential can outlive its principal.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint

from keystead.store.tables.metadata import METADATA

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", String, primary_key=True),
    Column("created", BigInteger, nullable=False),
)

PRINCIPAL = Table(
    "principal",
    METADATA,
    Column("unique_id", String, primary_key=True),
    Column("account", String, ForeignKey("account.id"), nullable=False),
    Column("type", String, nullable=False),
    Column("path", String, nullable=False),
    Column("name", String, nullable=False),
    # IAM compares names without regard to case and keeps the case they were given in.
    Column("lower_name", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("account", "type", "lower_name"),
)

INLINE_POLICY = Table(
    "inline_policy",
    METADATA,
    Column("principal", String, ForeignKey("principal.unique_id"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("document", String, nullable=False),
)

CREDENTIAL = Table(
    "credential",
    METADATA,
    Column("access_key_id", String, primary_key=True),
    Column("account", String, ForeignKey("account.id"), nullable=False),
    # NULL for the root user of the account.
    Column("principal", String, ForeignKey("principal.unique_id"), index=True),
    Column("status", String, nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    # Its last use; NULL before the first. A little behind: uses are written together.
    Column("used", BigInteger),
    Column("used_region", String),
    Column("used_service", String),
)
