"""Multi-Region keys: where the primary is, waiting for replicas, states that pass.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing keys are single-Region keys, as no release made others; the new columns are empty for them."""
    op.drop_column("kms_key", "multi_region")
    op.add_column("kms_key", sa.Column("primary_region", sa.String()))
    op.add_column("kms_key", sa.Column("pending_window", sa.Integer()))
    op.add_column("kms_key", sa.Column("passing_until", sa.BigInteger()))
    op.create_index(
        "ix_kms_key_related",
        "kms_key",
        ["account", "key_id"],
        sqlite_where=sa.text("primary_region IS NOT NULL"),
    )
