"""The schema version: new databases are made, older ones migrated, newer ones refused.

The version is where Alembic keeps it. Checking costs one query; Alembic itself, a third of a second to
import, is loaded only when there is something to migrate. Several processes may start at once: whoever gets
the writer's lock first does the work, the others look again once they have it.
"""

import threading

from sqlalchemy import Connection, inspect, text

from keystead.store.port import StoreError
from keystead.store.tables import METADATA

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0017",
    "0018",
)
"""All schema versions from first to last; one module each in `migrations/versions`."""

HEAD = REVISIONS[-1]

_MIGRATIONS = "keystead.store:migrations"

_alembic = threading.Lock()
"""Alembic keeps the migration in progress in module globals; two databases must not migrate at once."""


def at_head(connection: Connection) -> bool:
    """Whether there is nothing to do. Takes no lock that keeps others waiting."""
    with connection.begin():
        return _version(connection) == HEAD


def bring_to_head(connection: Connection, name: str) -> None:
    """Makes or migrates the database, unless someone else just did, or raises `StoreError`.

    Args:
        connection: `connection.begin()` must take the writer's lock, and wait for it longer than a
            migration takes.
        name: what to call the database in errors.
    """
    with connection.begin():
        version = _version(connection)
        if version == HEAD:
            return
        if version is None:
            _create(connection, name)
        elif version in REVISIONS:
            _migrate(connection)
        else:
            raise StoreError(
                f"`{name}` has schema version `{version}`, and this release of Keystead knows versions up to "
                f"`{HEAD}`; run the release that wrote it or a later one, or restore an older backup"
            )


def _version(connection: Connection) -> str | None:
    """The schema version, or None in a database without one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if version is None else str(version)


def _create(connection: Connection, name: str) -> None:
    if tables := inspect(connection).get_table_names():
        raise StoreError(
            f"`{name}` is a database of something else (it has the table `{tables[0]}`); name another file"
        )
    METADATA.create_all(connection)
    # As Alembic would: https://alembic.sqlalchemy.org/en/latest/cookbook.html, "from scratch".
    connection.execute(
        text(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": HEAD})


def _migrate(connection: Connection) -> None:
    # Imported here because of its cost, see above.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    with _alembic:
        command.upgrade(config, HEAD)
