"""Roles, groups, managed policies, permissions boundaries, tags, instance profiles.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds them; existing users have no tags, groups or boundary."""
    op.add_column("principal", sa.Column("tags", sa.String(), nullable=False, server_default="[]"))
    op.add_column("principal", sa.Column("boundary", sa.String()))
    op.add_column("principal", sa.Column("trust_policy", sa.String()))
    op.add_column("principal", sa.Column("description", sa.String()))
    op.add_column("principal", sa.Column("max_session_duration", sa.Integer()))
    op.add_column("principal", sa.Column("service_linked", sa.Boolean()))
    op.create_index(
        "ix_principal_account_boundary_unique_id", "principal", ["account", "boundary", "unique_id"]
    )
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_group_member"),
        sa.ForeignKeyConstraint(["group_id"], ["principal.unique_id"], name="fk_group_member_group"),
        sa.ForeignKeyConstraint(["user_id"], ["principal.unique_id"], name="fk_group_member_user"),
    )
    op.create_index("ix_group_member_user_id", "group_member", ["user_id"])
    op.create_table(
        "managed_policy",
        sa.Column("arn", sa.String(), nullable=False),
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lower_name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("default_version", sa.Integer(), nullable=False),
        sa.Column("last_version", sa.Integer(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("arn", name="pk_managed_policy"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_managed_policy_account"),
        sa.UniqueConstraint("account", "lower_name", name="uq_managed_policy_account_lower_name"),
    )
    op.create_table(
        "policy_version",
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("policy", "number", name="pk_policy_version"),
        sa.ForeignKeyConstraint(["policy"], ["managed_policy.arn"], name="fk_policy_version_managed_policy"),
    )
    op.create_table(
        "policy_attachment",
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "policy", name="pk_policy_attachment"),
        sa.ForeignKeyConstraint(
            ["principal"], ["principal.unique_id"], name="fk_policy_attachment_principal"
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_policy_attachment_account"),
    )
    op.create_index(
        "ix_policy_attachment_account_policy_principal",
        "policy_attachment",
        ["account", "policy", "principal"],
    )
    op.create_table(
        "instance_profile",
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lower_name", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String()),
        sa.Column("tags", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("unique_id", name="pk_instance_profile"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_instance_profile_account"),
        sa.ForeignKeyConstraint(["role"], ["principal.unique_id"], name="fk_instance_profile_principal"),
        sa.UniqueConstraint("account", "lower_name", name="uq_instance_profile_account_lower_name"),
    )
    op.create_index("ix_instance_profile_role", "instance_profile", ["role"])
