"""What is particular to SQLite: the file, its settings, and the statements we do not leave to SQLAlchemy."""

import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from keystead.model import AuditEvent
from keystead.store.audit_batch import MOST_EVENTS, batches, pack
from keystead.store.port import StoreError

IN_MEMORY = ":memory:"

_JOURNAL_SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes that the write-ahead log is cut back to after a burst."""

_MEMDB_SINCE = (3, 36, 0)
"""The first SQLite where several connections can share a database of the memdb VFS."""

_creation = threading.Lock()
# INVARIANT: no other thread connects to a file while `create` has its descriptor, because closing that
# would drop SQLite's locks on it (sqlite.org/howtocorrupt.html, 2.2). Everyone passes `create` first.


class SqliteDatabase:
    """Where a database is and how to connect to it.

    Args:
        location: the path of a file, or `:memory:` for a new database of this object alone.
        durable: whether a commit waits until the disk has it.
        patience: seconds to wait for another connection's lock.
    """

    def __init__(self, location: str, *, durable: bool, patience: float) -> None:
        self.in_memory = location == IN_MEMORY
        self.name = location
        self._synchronous = "FULL" if durable else "NORMAL"
        self._patience = patience
        if not self.in_memory:
            self._path = Path(location).absolute()
            return
        if sqlite3.sqlite_version_info < _MEMDB_SINCE:
            raise StoreError(f"`:memory:` needs SQLite 3.36 or later; this is {sqlite3.sqlite_version}")
        self._uri = f"file:/keystead-{uuid.uuid4()}?vfs=memdb"

    def create(self) -> None:
        """Makes the file, for the owner's eyes only, unless it is there, and turns its write-ahead log on."""
        if self.in_memory:
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _creation:
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            if not self._path.is_file():
                raise StoreError(f"`{self.name}` is not a file; name a file for the database") from None
        except OSError as error:
            raise StoreError(f"creating `{self.name}` failed: {error.strerror}") from error
        connection = self.connect()
        try:
            self._use_write_ahead_log(connection)
        finally:
            connection.close()

    def connect(self, patience: float | None = None) -> sqlite3.Connection:
        """A new connection in autocommit mode: the caller says BEGIN. One thread at a time may use it.

        Args:
            patience: seconds to wait for a lock, when the database's own will not do.
        """
        connection = sqlite3.connect(
            self._uri if self.in_memory else self._path.as_uri() + "?mode=rw",
            uri=True,
            timeout=self._patience if patience is None else patience,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for setting in (
                f"synchronous = {self._synchronous}",
                "foreign_keys = ON",
                # Deleted rows held sealed secrets and policies: overwrite them.
                "secure_delete = ON",
                # The schema may not call functions with side effects, even if someone tampers with it.
                "trusted_schema = OFF",
                f"journal_size_limit = {_JOURNAL_SIZE_LIMIT}",
            ):
                connection.execute(f"PRAGMA {setting}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def connect_read_only(self) -> sqlite3.Connection:
        """A new connection that refuses to write."""
        connection = self.connect()
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _use_write_ahead_log(self, connection: sqlite3.Connection) -> None:
        """The mode stays with the file. SQLite does not wait for locks here, so we do."""
        give_up = time.monotonic() + self._patience
        while True:
            try:
                (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
                time.sleep(0.01)
                continue
            if mode != "wal":
                raise StoreError(
                    f"`{self.name}` cannot have a write-ahead log; "
                    "put it on a local file system, shared memory between processes is needed"
                )
            return


def driver_connection(connection: Connection) -> sqlite3.Connection:
    """What `connection` speaks through."""
    driver: object = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


# Numbers go on behind the last batch. One statement is a transaction by itself where there is none.
_APPEND = (
    "INSERT INTO audit_batch (first, events, earliest, latest, packed) SELECT "
    "coalesce((SELECT first + events FROM audit_batch ORDER BY first DESC LIMIT 1), 1), ?, ?, ?, ?"
)


def insert_events(connection: sqlite3.Connection, events: Sequence[AuditEvent]) -> None:
    """Adds `events` in their order, with one statement for each batch.

    Each step of a statement gives the interpreter lock away and must win it back from the event loop, so
    there are as few as can be.
    """
    for batch in batches(events):
        times = [event.time for event in batch]
        connection.execute(_APPEND, (len(batch), min(times), max(times), pack(batch)))


def commit_events(connection: sqlite3.Connection, events: Sequence[AuditEvent]) -> None:
    """`insert_events` in a transaction of its own."""
    if len(events) <= MOST_EVENTS:
        insert_events(connection, events)
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        insert_events(connection, events)
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
