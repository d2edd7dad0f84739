"""Copying the write-ahead log into the database beside the writer, so that no call waits for it.

SQLite itself would do it inside of every so manieth commit, and the calls of that commit would wait for
thousands of pages. Source: sqlite.org/wal.html, "Checkpointing" and "Avoiding Excessively Large WAL Files".
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from keystead.store.port import StoreError

PAGE_BYTES = 4096
"""SQLite's page size."""

PAGES = 1000
"""Pages written to the log before it is copied: SQLite's own measure."""

PAGES_OF_A_COMMIT = 4
"""What a commit writes beyond its content: the table's last page, inner pages, the counter of sequences."""

MOST_PAGES = 2_000
"""A log of more pages (8 MiB) is begun anew once it is copied, which keeps writers out for the rest of it.

SQLite writes over the old log then, and a commit that makes no file longer waits half as long for the disk.
"""


class Checkpointer:
    """Copies in a thread of its own whenever enough was written.

    Args:
        connection: used by nothing else; its patience bounds how long a new beginning waits for readers.
        turn: the writer's turn, taken to begin the log anew.
    """

    def __init__(
        self, connection: sqlite3.Connection, turn: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._connection = connection
        self._turn = turn
        # Held for one statement, never while the turn is waited for: who has the turn may wait for this.
        self._using = threading.Lock()
        self._written = 0
        self._due = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)
        self._thread.start()

    def committed(self, size: int) -> None:
        """Counts a commit of about `size` bytes; called with the writer's turn."""
        self._written += PAGES_OF_A_COMMIT + size // PAGE_BYTES
        if self._written >= PAGES:
            self._written = 0
            self._due.set()

    def close(self) -> None:
        """Ends the thread and closes the connection. The last connection of all copies what is left."""
        self._closing = True
        self._due.set()
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            if self._closing:
                return
            try:
                self.checkpoint()
            except (sqlite3.Error, StoreError):
                # Nothing is lost: the log is whole, and the next commit that reaches the measure tries again.
                # What ails the disk, the next commit says in words.
                continue

    def checkpoint(self) -> None:
        """Copies what it can without waiting; begins a log anew that has grown too long."""
        if self._copy("PASSIVE") > MOST_PAGES:
            with self._turn():
                self._copy("RESTART")

    def truncate(self) -> bool:
        """Copies everything and cuts the log to nothing, unless a reader is in the way. With the turn."""
        return self._run_checkpoint("TRUNCATE")[0] == 0

    def _copy(self, mode: str) -> int:
        """Pages in the log."""
        return self._run_checkpoint(mode)[1]

    def _run_checkpoint(self, mode: str) -> tuple[int, int]:
        """Whether somebody was in the way, and pages in the log."""
        with self._using:
            busy, pages, _copied = self._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        return int(busy), int(pages)
