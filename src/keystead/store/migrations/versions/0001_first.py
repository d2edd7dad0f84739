"""The first schema.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = ["kms_key.account", "kms_key.region", "kms_key.key_id"]


def upgrade() -> None:
    """Creates everything."""
    _principals()
    _keys()
    _journal()


def _principals() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_table(
        "principal",
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lower_name", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("unique_id", name="pk_principal"),
        sa.UniqueConstraint("account", "type", "lower_name", name="uq_principal_account_type_lower_name"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_principal_account"),
    )
    op.create_table(
        "inline_policy",
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "name", name="pk_inline_policy"),
        sa.ForeignKeyConstraint(["principal"], ["principal.unique_id"], name="fk_inline_policy_principal"),
    )
    op.create_table(
        "credential",
        sa.Column("access_key_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("principal", sa.String()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("access_key_id", name="pk_credential"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_credential_account"),
        sa.ForeignKeyConstraint(["principal"], ["principal.unique_id"], name="fk_credential_principal"),
    )
    op.create_index("ix_credential_principal", "credential", ["principal"])


def _keys() -> None:
    op.create_table(
        "kms_key",
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("spec", sa.String(), nullable=False),
        sa.Column("usage", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("multi_region", sa.Boolean(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("current_material", sa.String()),
        sa.PrimaryKeyConstraint("region", "key_id", name="pk_kms_key"),
        sa.UniqueConstraint("account", "region", "key_id", name="uq_kms_key_account_region_key_id"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_kms_key_account"),
    )
    op.create_table(
        "key_tag",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("tag_key", sa.String(), nullable=False),
        sa.Column("tag_value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", "key_id", "tag_key", name="pk_key_tag"),
        sa.ForeignKeyConstraint(["account", "region", "key_id"], _KEY, name="fk_key_tag_kms_key"),
    )
    op.create_table(
        "key_material",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("material_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("region", "key_id", "material_id", name="pk_key_material"),
        sa.ForeignKeyConstraint(["account", "region", "key_id"], _KEY, name="fk_key_material_kms_key"),
    )
    op.create_table(
        "alias",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "region", "name", name="pk_alias"),
        sa.ForeignKeyConstraint(["account", "region", "target"], _KEY, name="fk_alias_kms_key"),
    )
    op.create_index("ix_alias_account_region_target_name", "alias", ["account", "region", "target", "name"])
    op.create_table(
        "root_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("parameters", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_root_key"),
        sa.CheckConstraint("id = 1", name=op.f("ck_root_key_one_row")),
    )


def _journal() -> None:
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "change",
        sa.Column("sequence", sequence, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_change"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "audit_event",
        sa.Column("sequence", sequence, nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_event"),
        sqlite_autoincrement=True,
    )
