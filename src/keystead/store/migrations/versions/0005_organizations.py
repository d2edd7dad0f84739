"""Organizations, and what accounts have for them.

NOTE: never change this file once it is released; add a step instead.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds organizations; existing accounts have no name and no address, and are in none."""
    op.add_column("account", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.add_column("account", sa.Column("email", sa.String()))
    op.add_column("account", sa.Column("lower_email", sa.String()))
    op.add_column("account", sa.Column("state", sa.String(), nullable=False, server_default="ACTIVE"))
    op.create_index("ix_account_lower_email", "account", ["lower_email"], unique=True)
    op.create_table(
        "organization",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("management", sa.String(), nullable=False),
        sa.Column("feature_set", sa.String(), nullable=False),
        sa.Column("policy_types", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organization"),
        sa.UniqueConstraint("management", name="uq_organization_management"),
        sa.ForeignKeyConstraint(["management"], ["account.id"], name="fk_organization_account"),
    )
    _tree()
    _policies()
    _records()


def _belongs(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("organization", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["organization"], ["organization.id"], name=f"fk_{table}_organization"),
    )


def _tree() -> None:
    op.create_table(
        "organizational_unit",
        sa.Column("id", sa.String(), nullable=False),
        *_belongs("organizational_unit"),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organizational_unit"),
        sa.UniqueConstraint(
            "organization", "parent", "name", name="uq_organizational_unit_organization_parent_name"
        ),
    )
    op.create_table(
        "organization_member",
        sa.Column("account", sa.String(), nullable=False),
        *_belongs("organization_member"),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("joined_method", sa.String(), nullable=False),
        sa.Column("joined", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_organization_member"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_organization_member_account"),
    )
    op.create_index(
        "ix_organization_member_organization_parent_account",
        "organization_member",
        ["organization", "parent", "account"],
    )


def _policies() -> None:
    op.create_table(
        "organization_policy",
        *_belongs("organization_policy"),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organization", "id", name="pk_organization_policy"),
        sa.UniqueConstraint(
            "organization", "type", "name", name="uq_organization_policy_organization_type_name"
        ),
    )
    op.create_table(
        "organization_attachment",
        *_belongs("organization_attachment"),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organization", "target", "policy", name="pk_organization_attachment"),
    )
    op.create_index(
        "ix_organization_attachment_organization_policy_target",
        "organization_attachment",
        ["organization", "policy", "target"],
    )
    op.create_table(
        "organization_tag",
        *_belongs("organization_tag"),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("tag_key", sa.String(), nullable=False),
        sa.Column("tag_value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organization", "resource", "tag_key", name="pk_organization_tag"),
    )


def _records() -> None:
    op.create_table(
        "organization_handshake",
        sa.Column("id", sa.String(), nullable=False),
        *_belongs("organization_handshake"),
        sa.Column("account", sa.String()),
        sa.Column("email", sa.String()),
        sa.Column("lower_email", sa.String()),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organization_handshake"),
    )
    op.create_index(
        "ix_organization_handshake_organization_id", "organization_handshake", ["organization", "id"]
    )
    op.create_index("ix_organization_handshake_account", "organization_handshake", ["account"])
    op.create_index("ix_organization_handshake_lower_email", "organization_handshake", ["lower_email"])
    op.create_table(
        "organization_creation",
        sa.Column("id", sa.String(), nullable=False),
        *_belongs("organization_creation"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String()),
        sa.Column("failure", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organization_creation"),
    )
    op.create_index(
        "ix_organization_creation_organization_id", "organization_creation", ["organization", "id"]
    )
    op.create_table(
        "organization_service",
        *_belongs("organization_service"),
        sa.Column("principal", sa.String(), nullable=False),
        sa.Column("enabled", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization", "principal", name="pk_organization_service"),
    )
