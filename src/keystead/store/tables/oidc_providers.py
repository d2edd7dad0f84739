"""OIDC providers. Their lists are bounded and always read together, so each is one column."""

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from keystead.store.tables.metadata import METADATA

OIDC_PROVIDER = Table(
    "oidc_provider",
    METADATA,
    Column("account", String, ForeignKey("account.id"), primary_key=True),
    # Without `https://`.
    Column("url", String, primary_key=True),
    # JSON: lists of texts, and of pairs of texts.
    Column("client_ids", String, nullable=False),
    Column("thumbprints", String, nullable=False),
    Column("tags", String, nullable=False),
    Column("created", BigInteger, nullable=False),
)
