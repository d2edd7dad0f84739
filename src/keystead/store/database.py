"""The store itself: connections, turns and transactions."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from keystead.model import AuditEvent
from keystead.store.changes import ChangeFeed
from keystead.store.checkpoint import Checkpointer
from keystead.store.errors import in_words, translated
from keystead.store.port import Change, ReadTx, Store, StoreError, WriteTx
from keystead.store.schema import at_head, bring_to_head
from keystead.store.sqlite import SqliteDatabase, commit_events, driver_connection
from keystead.store.transactions import SqlReadTx, SqlWriteTx
from keystead.store.turn import Turn

KEEP_CHANGES = 100_000
"""So far back the change feed reaches; who was away for longer reads everything anew."""

PATIENCE = 5.0
"""Seconds to wait for another transaction."""

RESTART_PATIENCE = 0.1
"""Seconds that a new beginning of the write-ahead log waits for readers; it is tried again later."""

MIGRATION_PATIENCE = 300.0
"""Seconds to wait while another process migrates a large database."""

_CHANGES = "reading the change feed"


def milliseconds_now() -> int:
    """The wall clock."""
    return time.time_ns() // 1_000_000


def open_store(
    location: str,
    *,
    durable: bool = True,
    clock: Callable[[], int] = milliseconds_now,
    patience: float = PATIENCE,
    keep_changes: int = KEEP_CHANGES,
) -> Store:
    """Opens a database, and makes or migrates it first where needed.

    Args:
        location: the path of a SQLite file, or `:memory:` for a new database that only this store sees
            and that goes when it is closed.
        durable: whether a commit returns only when the disk has it. Without, a loss of power may take
            the last commits; the crash of a process takes nothing either way.
        clock: milliseconds since 1970, written beside each change.
        patience: seconds to wait for another transaction before giving up.
        keep_changes: how many changes the feed keeps, at least.

    Raises:
        StoreError: in words: not a database, not ours, too new, locked, no space, no permission.
    """
    if "://" in location:
        raise StoreError(f"`{location}` is a URL; this release keeps its data in SQLite, name a file")
    if not location:
        raise StoreError("no database is named; name a file or `:memory:`")
    database = SqliteDatabase(location, durable=durable, patience=patience)
    with translated(f"opening `{location}`"):
        database.create()
        return SqlStore(database, clock, patience, keep_changes)


class SqlStore:
    """A `Store` on SQLite.

    One connection writes, guarded by the writer's turn. Reads take a connection from the pool or make one.
    A thread has one transaction at a time: a read inside a read joins it, everything else is refused, because
    it would wait for itself or see what the outer one is about to change.

    The memdb VFS has no snapshots: there, an open read keeps the writer from committing and the other
    way round. So in memory all transactions take turns.
    """

    def __init__(
        self, database: SqliteDatabase, clock: Callable[[], int], patience: float, keep_changes: int
    ) -> None:
        self._in_memory = database.in_memory
        self._clock = clock
        self._keep_changes = keep_changes
        self._turn = Turn(patience)
        self._thread = threading.local()
        self._idle: list[Connection] = []
        self._closed = threading.Event()
        # In memory: whether something was committed since the last look at the change feed.
        self._moved = False
        self._unscrubbed = True
        self._read_engine = _engine(database.connect_read_only, "BEGIN")
        self._writer = _engine(database.connect, "BEGIN IMMEDIATE").connect()
        try:
            with self._reader() as reader:
                current = at_head(reader)
            if not current:
                patient = partial(database.connect, MIGRATION_PATIENCE)
                with _engine(patient, "BEGIN IMMEDIATE").connect() as connection:
                    bring_to_head(connection, database.name)
            self._feed = ChangeFeed(database.connect_read_only())
            self._checkpointer = None if self._in_memory else self._checkpoints(database)
        except BaseException:
            self._writer.close()
            self._close_idle()
            raise
        self._raw_writer = driver_connection(self._writer)

    def _checkpoints(self, database: SqliteDatabase) -> Checkpointer:
        driver_connection(self._writer).execute("PRAGMA wal_autocheckpoint = 0")
        return Checkpointer(database.connect(RESTART_PATIENCE), lambda: self._turn.taken("checkpoint"))

    def _committed(self, events: Sequence[AuditEvent] = ()) -> None:
        if self._checkpointer is not None:
            self._checkpointer.committed(sum(len(event.record) for event in events))

    def read(self) -> AbstractContextManager[ReadTx]:
        joined: SqlReadTx | None = getattr(self._thread, "read", None)
        return nullcontext(joined) if joined is not None else self._read()

    @contextmanager
    def write(self, name: str) -> Iterator[WriteTx]:
        """As `Store.write`; `StoreError` names the transaction."""
        with self._alone(f"the transaction `{name}`"), self._turn.taken(name):
            tx = SqlWriteTx(self._writer, self._clock, self._keep_changes)
            try:
                with translated(f"the transaction `{name}`"), self._writer.begin():
                    yield tx
                self._moved = True
                self._unscrubbed |= tx.removed_secrets
                self._committed()
            finally:
                tx.end()

    def changes(self) -> Sequence[Change] | None:
        """As `Store.changes`, from outside of transactions. Each change is told once, to one caller."""
        self._refuse_inside(_CHANGES)
        if not self._in_memory:
            # Every request passes here: a plain `try` costs nothing, `translated` a microsecond.
            try:
                return self._feed.since_last()
            except sqlite3.Error as error:
                raise in_words(error, _CHANGES) from error
        if not self._moved:
            return ()
        with self._alone(_CHANGES), self._turn.taken("changes"), translated(_CHANGES):
            self._moved = False
            return self._feed.since_last()

    def append_events(self, events: Sequence[AuditEvent]) -> None:
        if not events:
            return
        with (
            self._alone("appending events"),
            self._turn.taken("append_events"),
            translated("appending events"),
        ):
            commit_events(self._raw_writer, events)
            self._committed(events)

    def scrub(self) -> bool:
        if self._checkpointer is None or not self._unscrubbed:
            return True  # in memory there is no log
        doing = "scrubbing"
        with self._alone(doing), self._turn.taken(doing), translated(doing):
            # Deleted rows were overwritten where they stood (`secure_delete`); older copies of their pages
            # are in the log alone.
            self._unscrubbed = not self._checkpointer.truncate()
            return not self._unscrubbed

    def close(self) -> None:
        """Waits for the writer, then closes every connection; those of reads in progress when they end."""
        if self._checkpointer is not None:
            self._checkpointer.close()
        with self._alone("closing the store"), self._turn.taken("close"):
            self._closed.set()
            self._feed.close()
            self._writer.close()
            self._close_idle()

    def _close_idle(self) -> None:
        """May run in several threads at once; each connection is popped by one of them."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:
                return
            connection.close()

    @contextmanager
    def _read(self) -> Iterator[ReadTx]:
        turn = self._turn.taken("read") if self._in_memory else nullcontext()
        with self._alone("a read"), turn, translated("a read"), self._reader() as connection:
            tx = SqlReadTx(connection)
            self._thread.read = tx
            try:
                with connection.begin():
                    yield tx
            finally:
                self._thread.read = None
                tx.end()

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        """A connection of the pool: last in, first out, because its page cache is the warmest."""
        if self._closed.is_set():
            raise StoreError("the store is closed")
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._read_engine.connect()
        try:
            yield connection
        except (sqlite3.Error, DBAPIError):
            # Whatever is wrong with it, the next read gets another one.
            connection.close()
            raise
        finally:
            if not connection.closed:
                self._idle.append(connection)
            if self._closed.is_set():
                self._close_idle()

    def _refuse_inside(self, doing: str) -> None:
        outer = getattr(self._thread, "doing", None)
        if outer:
            raise StoreError(f"{doing} was begun inside of {outer}; finish that first")

    @contextmanager
    def _alone(self, doing: str) -> Iterator[None]:
        """Marks the thread as having a transaction."""
        self._refuse_inside(doing)
        self._thread.doing = doing
        try:
            yield
        finally:
            self._thread.doing = None


def _engine(connect: Callable[[], sqlite3.Connection], begin: str) -> Engine:
    """An engine whose transactions start with `begin`: Python's driver would start them late, or never."""
    # Parameters hold policies and sealed secrets: they stay out of errors and logs.
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        driver_connection(connection).execute(begin)

    return engine
