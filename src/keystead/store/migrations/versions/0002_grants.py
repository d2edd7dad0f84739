"""Grants of KMS keys.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds grants; existing keys have none."""
    op.add_column("kms_key", sa.Column("grants", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "kms_grant",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("grant_id", sa.String(), nullable=False),
        sa.Column("grantee", sa.String(), nullable=False),
        sa.Column("retiring", sa.String()),
        sa.Column("operations", sa.String(), nullable=False),
        sa.Column("context_equals", sa.String()),
        sa.Column("context_subset", sa.String()),
        sa.Column("source_arn", sa.String()),
        sa.Column("name", sa.String()),
        sa.Column("named", sa.LargeBinary()),
        sa.Column("issuing_account", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("effect", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("region", "key_id", "grant_id", name="pk_kms_grant"),
        sa.ForeignKeyConstraint(
            ["account", "region", "key_id"],
            ["kms_key.account", "kms_key.region", "kms_key.key_id"],
            name="fk_kms_grant_kms_key",
        ),
    )
    op.create_index(
        "ix_kms_grant_effect",
        "kms_grant",
        ["region", "key_id", "grantee", "anchor", "effect", "grant_id"],
    )
    op.create_index(
        "ix_kms_grant_region_key_id_named", "kms_grant", ["region", "key_id", "named"], unique=True
    )
