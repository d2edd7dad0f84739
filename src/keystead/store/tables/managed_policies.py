"""Managed policies, their versions, and what they are attached to.

Managed policies are named by ARN, because those of AWS have no row here and may be attached all the same.
A policy that is gone leaves its ARN free; the service refuses to delete one that is attached or a boundary.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from keystead.store.tables.metadata import METADATA

MANAGED_POLICY = Table(
    "managed_policy",
    METADATA,
    Column("arn", String, primary_key=True),
    Column("unique_id", String, nullable=False),
    Column("account", String, ForeignKey("account.id"), nullable=False),
    Column("path", String, nullable=False),
    Column("name", String, nullable=False),
    # IAM compares names without regard to case and keeps the case they were given in.
    Column("lower_name", String, nullable=False),
    Column("description", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("default_version", Integer, nullable=False),
    # The highest number ever given to a version: none is given out twice.
    Column("last_version", Integer, nullable=False),
    # A JSON array of [key, value], in the order in which they are listed.
    Column("tags", String, nullable=False),
    UniqueConstraint("account", "lower_name"),
)

POLICY_VERSION = Table(
    "policy_version",
    METADATA,
    Column("policy", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("document", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    ForeignKeyConstraint(["policy"], ["managed_policy.arn"]),
)

POLICY_ATTACHMENT = Table(
    "policy_attachment",
    METADATA,
    Column("principal", String, ForeignKey("principal.unique_id"), primary_key=True),
    Column("policy", String, primary_key=True),
    # The principal's: a policy of AWS's is attached in many accounts, and each sees its own.
    Column("account", String, ForeignKey("account.id"), nullable=False),
    Index(None, "account", "policy", "principal"),
)
