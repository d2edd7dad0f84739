"""OIDC providers.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables; there was nothing of what they hold."""
    op.create_table(
        "oidc_provider",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("client_ids", sa.String(), nullable=False),
        sa.Column("thumbprints", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_oidc_provider_account"),
        sa.PrimaryKeyConstraint("account", "url", name="pk_oidc_provider"),
    )
