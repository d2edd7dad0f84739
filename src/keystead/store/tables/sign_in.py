"""Passwords of users, what accounts ask of them, and the names of accounts to sign in to."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table

from keystead.store.tables.metadata import METADATA

LOGIN_PROFILE = Table(
    "login_profile",
    METADATA,
    Column("principal", String, ForeignKey("principal.unique_id"), primary_key=True),
    Column("sealed_passwords", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("reset_required", Boolean, nullable=False),
)

PASSWORD_POLICY = Table(
    "password_policy",
    METADATA,
    Column("account", String, ForeignKey("account.id"), primary_key=True),
    Column("minimum_length", Integer, nullable=False),
    Column("require_symbols", Boolean, nullable=False),
    Column("require_numbers", Boolean, nullable=False),
    Column("require_uppercase", Boolean, nullable=False),
    Column("require_lowercase", Boolean, nullable=False),
    Column("users_may_change", Boolean, nullable=False),
    # Days, and passwords; 0 for none.
    Column("max_age", Integer, nullable=False),
    Column("reuse_prevention", Integer, nullable=False),
    Column("hard_expiry", Boolean, nullable=False),
)

ACCOUNT_ALIAS = Table(
    "account_alias",
    METADATA,
    Column("account", String, ForeignKey("account.id"), primary_key=True),
    # One installation, one name space: an alias must tell the account.
    Column("alias", String, nullable=False, unique=True),
)
