"""Organizations: their units, members, policies, invitations and tags."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, UniqueConstraint

from keystead.store.tables.metadata import METADATA


def _organization(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "organization", String, ForeignKey("organization.id"), nullable=False, primary_key=primary_key
    )


ORGANIZATION = Table(
    "organization",
    METADATA,
    Column("id", String, primary_key=True),
    Column("root", String, nullable=False),
    Column("management", String, ForeignKey("account.id"), nullable=False),
    Column("feature_set", String, nullable=False),
    # Names of the enabled types, separated by blanks.
    Column("policy_types", String, nullable=False),
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("management"),
)

ORGANIZATIONAL_UNIT = Table(
    "organizational_unit",
    METADATA,
    Column("id", String, primary_key=True),
    _organization(),
    # The id of the root or of a unit.
    Column("parent", String, nullable=False),
    Column("name", String, nullable=False),
    UniqueConstraint("organization", "parent", "name"),
)

ORGANIZATION_MEMBER = Table(
    "organization_member",
    METADATA,
    Column("account", String, ForeignKey("account.id"), primary_key=True),
    _organization(),
    Column("parent", String, nullable=False),
    Column("joined_method", String, nullable=False),
    Column("joined", BigInteger, nullable=False),
    Index(None, "organization", "parent", "account"),
)

ORGANIZATION_POLICY = Table(
    "organization_policy",
    METADATA,
    _organization(primary_key=True),
    Column("id", String, primary_key=True),
    Column("type", String, nullable=False),
    Column("name", String, nullable=False),
    Column("description", String, nullable=False),
    Column("content", String, nullable=False),
    UniqueConstraint("organization", "type", "name"),
)

ORGANIZATION_ATTACHMENT = Table(
    "organization_attachment",
    METADATA,
    _organization(primary_key=True),
    # The id of the root, of a unit or of an account.
    Column("target", String, primary_key=True),
    # No foreign key: policies that AWS made are not in a table.
    Column("policy", String, primary_key=True),
    Column("type", String, nullable=False),
    Index(None, "organization", "policy", "target"),
)

ORGANIZATION_HANDSHAKE = Table(
    "organization_handshake",
    METADATA,
    Column("id", String, primary_key=True),
    _organization(),
    Column("account", String),
    # In lower case beside it, for an account is found by it; NULL when the account itself is invited.
    Column("email", String),
    Column("lower_email", String),
    Column("notes", String, nullable=False),
    Column("state", String, nullable=False),
    Column("requested", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    # A JSON array of pairs.
    Column("tags", String, nullable=False),
    Index(None, "organization", "id"),
    Index(None, "account"),
    Index(None, "lower_email"),
)

ORGANIZATION_CREATION = Table(
    "organization_creation",
    METADATA,
    Column("id", String, primary_key=True),
    _organization(),
    Column("name", String, nullable=False),
    Column("state", String, nullable=False),
    Column("requested", BigInteger, nullable=False),
    Column("account", String),
    Column("failure", String, nullable=False),
    Index(None, "organization", "id"),
)

ORGANIZATION_SERVICE = Table(
    "organization_service",
    METADATA,
    _organization(primary_key=True),
    Column("principal", String, primary_key=True),
    Column("enabled", BigInteger, nullable=False),
)

ORGANIZATION_TAG = Table(
    "organization_tag",
    METADATA,
    _organization(primary_key=True),
    # The id of the root, of a unit, of an account or of a policy.
    Column("resource", String, primary_key=True),
    Column("tag_key", String, primary_key=True),
    Column("tag_value", String, nullable=False),
)

OF_ORGANIZATIONS = (
    ORGANIZATION_TAG,
    ORGANIZATION_SERVICE,
    ORGANIZATION_CREATION,
    ORGANIZATION_HANDSHAKE,
    ORGANIZATION_ATTACHMENT,
    ORGANIZATION_POLICY,
    ORGANIZATION_MEMBER,
    ORGANIZATIONAL_UNIT,
)
"""What goes with an organization; each has the column `organization`."""
