"""KMS keys, their tags and material, aliases, and the sealed root key.

Key ids are unique in a Region across accounts, hence the primary key of `kms_key`. Rows that belong to a
key repeat its account in their foreign key: an alias or a material can then never point across accounts.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from keystead.store.tables.metadata import METADATA

_KEY = ("kms_key.account", "kms_key.region", "kms_key.key_id")

KMS_KEY = Table(
    "kms_key",
    METADATA,
    Column("region", String, primary_key=True),
    Column("key_id", String, primary_key=True),
    Column("account", String, ForeignKey("account.id"), nullable=False),
    Column("spec", String, nullable=False),
    Column("usage", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("manager", String, nullable=False),
    Column("state", String, nullable=False),
    Column("description", String, nullable=False),
    Column("policy", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    # No foreign key: key_material refers to this row, and one of the two must come first.
    Column("current_material", String),
    # How many rows of kms_grant it has, so that the quota is not checked by counting them.
    Column("grants", Integer, nullable=False, server_default="0"),
    # Milliseconds.
    Column("deletion_date", BigInteger),
    # Days.
    Column("rotation_period", Integer),
    # Milliseconds.
    Column("rotation_next", BigInteger),
    Column("rotation_on_demand", BigInteger),
    # `Key.due`, so that the few keys that time does something to are found among all.
    Column("due", BigInteger),
    # Of imported material: what `Imported` holds.
    Column("expiration_model", String),
    Column("valid_to", BigInteger),
    Column("usable_until", BigInteger),
    Column("next_expiry", BigInteger),
    # Of multi-Region keys alone.
    Column("primary_region", String),
    # Days.
    Column("pending_window", Integer),
    # Milliseconds.
    Column("passing_until", BigInteger),
    # Both the index of ListKeys and what the tables below refer to.
    UniqueConstraint("account", "region", "key_id"),
)
Index("ix_kms_key_due", KMS_KEY.c.due, sqlite_where=KMS_KEY.c.due.is_not(None))
Index(
    "ix_kms_key_related",
    KMS_KEY.c.account,
    KMS_KEY.c.key_id,
    sqlite_where=KMS_KEY.c.primary_region.is_not(None),
)

KEY_TAG = Table(
    "key_tag",
    METADATA,
    Column("account", String, nullable=False),
    Column("region", String, primary_key=True),
    Column("key_id", String, primary_key=True),
    Column("tag_key", String, primary_key=True),
    Column("tag_value", String, nullable=False),
    ForeignKeyConstraint(["account", "region", "key_id"], _KEY),
)

KEY_MATERIAL = Table(
    "key_material",
    METADATA,
    Column("account", String, nullable=False),
    Column("region", String, primary_key=True),
    Column("key_id", String, primary_key=True),
    Column("material_id", String, primary_key=True),
    # NULL for imported material that is gone.
    Column("sealed", LargeBinary),
    Column("created", BigInteger, nullable=False),
    # Milliseconds, and what led to it; NULL for the first version.
    Column("rotated", BigInteger),
    Column("rotation_type", String),
    # Of imported material.
    Column("staged", Boolean, nullable=False, server_default=false()),
    Column("valid_to", BigInteger),
    Column("description", String),
    ForeignKeyConstraint(["account", "region", "key_id"], _KEY),
)

KEY_LAST_USE = Table(
    "key_last_use",
    METADATA,
    Column("account", String, nullable=False),
    Column("region", String, primary_key=True),
    Column("key_id", String, primary_key=True),
    Column("operation", String, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("event_id", String, nullable=False),
    Column("request_id", String, nullable=False),
    ForeignKeyConstraint(["account", "region", "key_id"], _KEY),
)

ALIAS = Table(
    "alias",
    METADATA,
    Column("account", String, primary_key=True),
    Column("region", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("target", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    ForeignKeyConstraint(["account", "region", "target"], _KEY),
    Index(None, "account", "region", "target", "name"),
)

ROOT_KEY = Table(
    "root_key",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("provider", String, nullable=False),
    Column("parameters", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
