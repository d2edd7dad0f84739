"""AWS owned keys, which seal Keystead's own tokens.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first are made when a server starts. Tokens from before, under the root key, end here."""
    op.create_table(
        "owned_key",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "number", name="pk_owned_key"),
    )
