"""Indexes for the lists of grants.

NOTE: never change this file once it is released; add a step instead.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds two indexes."""
    op.create_index(
        "ix_kms_grant_region_key_id_grantee_grant_id",
        "kms_grant",
        ["region", "key_id", "grantee", "grant_id"],
    )
    op.create_index(
        "ix_kms_grant_region_retiring_key_id_grant_id",
        "kms_grant",
        ["region", "retiring", "key_id", "grant_id"],
    )
