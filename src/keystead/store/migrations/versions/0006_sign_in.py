"""Passwords, password policies, aliases of accounts, OIDC providers, last uses of access keys.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds tables and columns; there was nothing of what they hold."""
    op.add_column("credential", sa.Column("used", sa.BigInteger()))
    op.add_column("credential", sa.Column("used_region", sa.String()))
    op.add_column("credential", sa.Column("used_service", sa.String()))
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
    op.create_table(
        "login_profile",
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("sealed_passwords", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("reset_required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.unique_id"], name="fk_login_profile_principal"),
        sa.PrimaryKeyConstraint("principal", name="pk_login_profile"),
    )
    op.create_table(
        "password_policy",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("minimum_length", sa.Integer(), nullable=False),
        sa.Column("require_symbols", sa.Boolean(), nullable=False),
        sa.Column("require_numbers", sa.Boolean(), nullable=False),
        sa.Column("require_uppercase", sa.Boolean(), nullable=False),
        sa.Column("require_lowercase", sa.Boolean(), nullable=False),
        sa.Column("users_may_change", sa.Boolean(), nullable=False),
        sa.Column("max_age", sa.Integer(), nullable=False),
        sa.Column("reuse_prevention", sa.Integer(), nullable=False),
        sa.Column("hard_expiry", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_password_policy_account"),
        sa.PrimaryKeyConstraint("account", name="pk_password_policy"),
    )
    op.create_table(
        "account_alias",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_account_alias_account"),
        sa.PrimaryKeyConstraint("account", name="pk_account_alias"),
        sa.UniqueConstraint("alias", name="uq_account_alias_alias"),
    )
