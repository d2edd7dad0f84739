"""The few shapes of statement that transactions are made of.

Statements are built once, as constants of the modules that use them, so that SQLAlchemy compiles each
once and finds it again by identity.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Executable,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.dialects import sqlite

from keystead.store.port import AlreadyExists, StoreError, Topic
from keystead.store.tables import CHANGE

Parameters = Mapping[str, object]

_DIALECT = sqlite.dialect(paramstyle="named")


def at(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Conditions on the primary key; the parameters are `at_` and the column's name.

    The prefix keeps them apart from the columns that an UPDATE sets.
    """
    return tuple(column == bindparam(f"at_{column.name}") for column in table.primary_key.columns)


def insert_if_absent(table: Table) -> sqlite.Insert:
    """An insert of all columns that leaves an existing row alone, for `WriteConnection.add`.

    The clause is the same in SQLite and PostgreSQL, and keeps the transaction usable in both.
    """
    return sqlite.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def upsert(table: Table) -> sqlite.Insert:
    """An insert of all columns that overwrites the row with the same primary key."""
    statement = sqlite.insert(table)
    values = {
        column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=values)


def upsert_later(table: Table, rows: Select[Any], time: Column[Any]) -> sqlite.Insert:
    """An insert of the selected rows that overwrites those whose `time` is earlier."""
    names = [column.name for column in table.columns]
    statement = sqlite.insert(table).from_select(names, rows)
    values = {
        column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key
    }
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_=values,
        where=statement.excluded[time.name] > time,
    )


def page_by_name(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    """A page of what IAM keeps in `table`: by lower-cased name, those whose path begins with a prefix.

    The parameters are `path_prefix`, `after`, which is such a name or empty, and `limit`.
    """
    return (
        select(table)
        .where(
            *conditions,
            table.c.lower_name > bindparam("after"),
            # Not LIKE: a path may hold `%` and `_`, and SQLite's LIKE disregards case.
            func.substr(table.c.path, 1, func.length(bindparam("path_prefix"))) == bindparam("path_prefix"),
        )
        .order_by(table.c.lower_name)
        .limit(bindparam("limit"))
    )


class PointRead:
    """A SELECT of at most one row, ready for the driver.

    What calls look up by name goes this way: SQLAlchemy's own takes several times as long as SQLite does, and
    where more keys are used than a worker keeps, every call looks up.

    Args:
        statement: all of its parameters are given to each look-up.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._sql = str(statement.compile(dialect=_DIALECT))
        columns = list(statement.selected_columns)
        names = [str(column.key) for column in columns]
        # The names are known only here, and mypy wants them written out.
        self._row: Callable[..., Any] = namedtuple("Row", names)  # type: ignore[misc]
        converters = [
            column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None) for column in columns
        ]
        self._convert = [(at, converter) for at, converter in enumerate(converters) if converter is not None]

    def first(self, connection: sqlite3.Connection, parameters: Parameters) -> Any | None:
        """The row, its columns as attributes, or None; raises `sqlite3.Error`."""
        found = connection.execute(self._sql, parameters).fetchone()
        if found is None:
            return None
        values = list(found)
        for at, convert in self._convert:
            values[at] = convert(values[at])
        return self._row(*values)


class ReadConnection:
    """A connection for the length of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Connection | None = connection

    def end(self) -> None:
        """Lets go of the connection: it may serve another transaction next."""
        self._connection = None

    @property
    def connection(self) -> Connection:
        """The connection, or `StoreError` after the transaction's end."""
        if self._connection is None:
            raise StoreError("this transaction has ended; begin another one")
        return self._connection

    def point(self, read: PointRead, parameters: Parameters) -> Any | None:
        """The row of a `PointRead`, or None."""
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return read.first(driver, parameters)

    def row(self, statement: Executable, parameters: Parameters) -> Row[Any] | None:
        """The first row, or None."""
        return self.connection.execute(statement, parameters).first()

    def rows(self, statement: Executable, parameters: Parameters) -> Sequence[Row[Any]]:
        """All rows; the statement bounds them."""
        return self.connection.execute(statement, parameters).all()


PRUNE_EVERY = 256
"""The feed is pruned once in so many changes: a delete for each of them would double the cost."""

_ADD_CHANGE = insert(CHANGE)
_PRUNE = delete(CHANGE).where(CHANGE.c.sequence <= bindparam("through"))


class WriteConnection(ReadConnection):
    """A connection that may write.

    Args:
        connection: inside a transaction that holds the writer's lock.
        clock: milliseconds since 1970, for the change feed.
        keep_changes: how many changes stay in the feed.

    Attributes:
        removed_secrets: whether key material was removed, so that the files are to be scrubbed.
    """

    def __init__(self, connection: Connection, clock: Callable[[], int], keep_changes: int) -> None:
        super().__init__(connection)
        self._clock = clock
        self._keep_changes = keep_changes
        self.removed_secrets = False

    def add(self, statement: sqlite.Insert, parameters: Parameters, what: str) -> None:
        """Runs an `insert_if_absent`; raises `AlreadyExists` when it added nothing."""
        if self.connection.execute(statement, parameters).rowcount == 0:
            raise AlreadyExists(f"{what} exists already")

    def alter(self, statement: Executable, parameters: Parameters, what: str) -> None:
        """Runs an update or delete of one row; raises `StoreError` when there is none."""
        if self.connection.execute(statement, parameters).rowcount == 0:
            raise StoreError(f"{what} does not exist")

    def record(self, topic: Topic, subject: object) -> None:
        """Adds to the change feed, and now and then drops its oldest entries."""
        change = {"topic": topic.value, "subject": str(subject), "committed": self._clock()}
        inserted = self.connection.execute(_ADD_CHANGE, change).inserted_primary_key
        assert inserted is not None
        (sequence,) = inserted
        if sequence % PRUNE_EVERY == 0:
            self.connection.execute(_PRUNE, {"through": sequence - self._keep_changes})
