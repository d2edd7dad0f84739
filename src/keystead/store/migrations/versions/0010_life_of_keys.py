"""Dates in the life of keys, and rotations of their material.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing keys are not pending deletion and have their first material."""
    op.add_column("kms_key", sa.Column("deletion_date", sa.BigInteger()))
    op.add_column("kms_key", sa.Column("rotation_period", sa.Integer()))
    op.add_column("kms_key", sa.Column("rotation_next", sa.BigInteger()))
    op.add_column("kms_key", sa.Column("rotation_on_demand", sa.BigInteger()))
    op.add_column("kms_key", sa.Column("due", sa.BigInteger()))
    op.create_index("ix_kms_key_due", "kms_key", ["due"], sqlite_where=sa.text("due IS NOT NULL"))
    op.add_column("key_material", sa.Column("rotated", sa.BigInteger()))
    op.add_column("key_material", sa.Column("rotation_type", sa.String()))
