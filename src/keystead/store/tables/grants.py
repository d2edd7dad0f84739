"""Grants of KMS keys (`grant` alone is a word of SQL)."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, LargeBinary, String, Table

from keystead.store.tables.metadata import METADATA

KMS_GRANT = Table(
    "kms_grant",
    METADATA,
    Column("account", String, nullable=False),
    Column("region", String, primary_key=True),
    Column("key_id", String, primary_key=True),
    Column("grant_id", String, primary_key=True),
    # No foreign keys to principals: a grant outlives its grantee, and then names nobody.
    Column("grantee", String, nullable=False),
    Column("retiring", String),
    # Names of operations, each between blanks.
    Column("operations", String, nullable=False),
    # JSON objects of names and values.
    Column("context_equals", String),
    Column("context_subset", String),
    Column("source_arn", String),
    Column("name", String),
    # SHA-256 of the name and of all that CreateGrant was given with it; NULL without a name. NULLs differ.
    Column("named", LargeBinary),
    Column("issuing_account", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    # One pair that the constraint asks for, so that the grants which a context can meet are found by its own
    # pairs; without such a constraint the source, if the grant is for one alone; else empty.
    Column("anchor", String, nullable=False),
    # SHA-256 of all that a decision reads: grants with the same one allow the same.
    Column("effect", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["account", "region", "key_id"], ["kms_key.account", "kms_key.region", "kms_key.key_id"]
    ),
    Index("ix_kms_grant_effect", "region", "key_id", "grantee", "anchor", "effect", "grant_id"),
    Index(None, "region", "key_id", "named", unique=True),
    # The pages of ListGrants for one grantee, and of ListRetirableGrants.
    Index(None, "region", "key_id", "grantee", "grant_id"),
    Index(None, "region", "retiring", "key_id", "grant_id"),
)
