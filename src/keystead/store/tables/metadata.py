"""The collection that every table belongs to.

Times are milliseconds since 1970-01-01T00:00:00Z. Texts are compared byte by byte; SQLite does that by
default, PostgreSQL will need the collation "C".
"""

from sqlalchemy import MetaData

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Constraints carry names, so that a later migration can drop them."""
