"""Accounts, IAM users, roles and groups, their inline policies, access keys.

Foreign keys restrict: IAM refuses to delete an entity that still has policies, members or access keys, and
the store refuses too, so that no credential can outlive its principal.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from keystead.store.tables.metadata import METADATA

ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", String, primary_key=True),
    Column("created", BigInteger, nullable=False),
    Column("name", String, nullable=False, server_default=""),
    # NULL without one, and NULLs differ; no two accounts have addresses that differ in case alone.
    Column("email", String),
    Column("lower_email", String),
    Column("state", String, nullable=False, server_default="ACTIVE"),
    Index(None, "lower_email", unique=True),
)

# Groups are no principals, but they have names and policies as users and roles do: their rows are here too.
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
    # A JSON array of [key, value], in the order in which they are listed.
    Column("tags", String, nullable=False, server_default="[]"),
    # The ARN of a managed policy, which may be one of AWS's: hence no foreign key.
    Column("boundary", String),
    # Of roles alone.
    Column("trust_policy", String),
    Column("description", String),
    Column("max_session_duration", Integer),
    Column("service_linked", Boolean),
    UniqueConstraint("account", "type", "lower_name"),
    Index(None, "account", "boundary", "unique_id"),
)

GROUP_MEMBER = Table(
    "group_member",
    METADATA,
    Column(
        "group_id", String, ForeignKey("principal.unique_id", name="fk_group_member_group"), primary_key=True
    ),
    Column(
        "user_id",
        String,
        ForeignKey("principal.unique_id", name="fk_group_member_user"),
        primary_key=True,
        index=True,
    ),
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
