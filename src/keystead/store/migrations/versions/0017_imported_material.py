"""Imported key material: versions that are staged, expire, or are gone while their entry stays.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing keys have no imported material."""
    op.add_column("kms_key", sa.Column("expiration_model", sa.String()))
    op.add_column("kms_key", sa.Column("valid_to", sa.BigInteger()))
    op.add_column("kms_key", sa.Column("usable_until", sa.BigInteger()))
    op.add_column("kms_key", sa.Column("next_expiry", sa.BigInteger()))
    with op.batch_alter_table("key_material") as table:
        table.alter_column("sealed", existing_type=sa.LargeBinary(), nullable=True)
        table.add_column(sa.Column("staged", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("valid_to", sa.BigInteger()))
        table.add_column(sa.Column("description", sa.String()))
