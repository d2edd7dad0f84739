"""Services that call as service principals, and their access keys.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No service is registered yet."""
    op.create_table(
        "service",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_service"),
    )
    op.create_table(
        "service_credential",
        sa.Column("access_key_id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("access_key_id", name="pk_service_credential"),
        sa.ForeignKeyConstraint(["service"], ["service.name"], name="fk_service_credential_service"),
    )
    op.create_index("ix_service_credential_service", "service_credential", ["service"])
