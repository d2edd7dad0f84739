"""How many customer managed keys each account has in each Region.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Existing keys are counted, once."""
    op.create_table(
        "key_count",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("customer_keys", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "region", name="pk_key_count"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_key_count_account"),
    )
    op.execute(
        "INSERT INTO key_count (account, region, customer_keys) "
        "SELECT account, region, count(*) FROM kms_key WHERE manager = 'CUSTOMER' GROUP BY account, region"
    )
