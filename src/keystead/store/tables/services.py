"""Services that call as service principals, and their access keys. They belong to no account."""

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table

from keystead.store.tables.metadata import METADATA

SERVICE = Table(
    "service",
    METADATA,
    Column("name", String, primary_key=True),
    Column("display_name", String, nullable=False),
    Column("created", BigInteger, nullable=False),
)

SERVICE_CREDENTIAL = Table(
    "service_credential",
    METADATA,
    Column("access_key_id", String, primary_key=True),
    Column("service", String, ForeignKey("service.name"), nullable=False, index=True),
    Column("status", String, nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("created", BigInteger, nullable=False),
)
