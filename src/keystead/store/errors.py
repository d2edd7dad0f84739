"""The one place where a database's error becomes a `StoreError` in words.

Messages name what was being done and what to do, never the statement or its parameters: parameters
hold policies and sealed secrets.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, ResourceClosedError

from keystead.store.port import StoreError

# Primary result codes, https://www.sqlite.org/rescode.html; the extended part is in the higher bits.
_ADVICE = {
    sqlite3.SQLITE_BUSY: "the database is locked by another transaction; try again",
    sqlite3.SQLITE_LOCKED: "the database is locked by another transaction; try again",
    sqlite3.SQLITE_READONLY: "the database is read-only; check owner and mode of the file and its directory",
    sqlite3.SQLITE_IOERR: "the disk or file system failed; check the system's log before going on",
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened; check that its directory is there and writable",
    sqlite3.SQLITE_CORRUPT: "the database is damaged; stop, keep the files and restore a backup",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database; name another file or move this one away",
    sqlite3.SQLITE_CONSTRAINT: "a row refers to one that is not there, or is still referred to",
}


def in_words(error: sqlite3.Error, doing: str) -> StoreError:
    """What went wrong while `doing` (a phrase such as "opening `keys.db`")."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Errors of the driver itself, such as use after close, carry no code.
        return StoreError(f"{doing} failed: {error}")
    name = getattr(error, "sqlite_errorname", code)
    return StoreError(f"{doing} failed: {_ADVICE.get(code & 0xFF, error)} ({name})")


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turns the database's errors that leave the block into `StoreError`; lets all others pass."""
    try:
        yield
    except sqlite3.Error as error:
        raise in_words(error, doing) from error
    except DBAPIError as error:
        # Not `from error`: that one's text is the statement, which helps nobody who runs a service.
        cause = error.orig
        if isinstance(cause, sqlite3.Error):
            raise in_words(cause, doing) from cause
        raise StoreError(f"{doing} failed") from cause
    except ResourceClosedError as error:
        raise StoreError(f"{doing} failed: the store is closed") from error
