"""The change feed: what other connections committed, cheaply.

SQLite counts the commits of other connections (`PRAGMA data_version`). Only when that number has moved
is the table `change` asked, by its primary key. Audit events move the number too: one lookup each.
"""

import sqlite3
import threading
from collections.abc import Sequence

from keystead.store.port import Change, Topic

_CHANGES = "SELECT sequence, topic, subject FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?"
_LAST = "SELECT coalesce(max(sequence), 0) FROM change"

AT_MOST = 10_000
"""So many changes are told one by one; more than that count as everything."""


class ChangeFeed:
    """One reader's place in the feed. Safe to share between threads; each change is told once.

    Args:
        connection: used by nothing else. It must never write: a connection's own commits do not count.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version_cursor = connection.cursor()
        self._lock = threading.Lock()
        self._version = self._data_version()
        self._seen = self._last()

    def since_last(self) -> Sequence[Change] | None:
        """As `Store.changes`; raises `sqlite3.Error`."""
        with self._lock:
            # The version is read first: what is committed between the two statements moves it again.
            version = self._data_version()
            if version == self._version:
                return ()
            changes = self._after_seen()
            self._version = version
            return changes

    def close(self) -> None:
        """Closes the connection."""
        with self._lock:
            self._connection.close()

    def _after_seen(self) -> Sequence[Change] | None:
        rows = self._connection.execute(_CHANGES, (self._seen, AT_MOST + 1)).fetchall()
        if not rows:
            return ()
        if len(rows) > AT_MOST:
            self._seen = self._last()
            return None
        # SQLite gives sequences out without gaps, so one at the start means that entries were pruned.
        # After a reset that does not matter: it already says everything.
        complete = rows[0][0] == self._seen + 1 or rows[0][1] == Topic.RESET
        self._seen = rows[-1][0]
        return (
            [Change(sequence, Topic(topic), subject) for sequence, topic, subject in rows]
            if complete
            else None
        )

    def _data_version(self) -> int:
        version: int = self._version_cursor.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _last(self) -> int:
        (last,) = self._connection.execute(_LAST).fetchone()
        return int(last)
