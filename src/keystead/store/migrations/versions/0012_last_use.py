"""When keys were last used.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing keys count as never used."""
    op.create_table(
        "key_last_use",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("region", "key_id", name="pk_key_last_use"),
        sa.ForeignKeyConstraint(
            ["account", "region", "key_id"],
            ["kms_key.account", "kms_key.region", "kms_key.key_id"],
            name="fk_key_last_use_kms_key",
        ),
    )
