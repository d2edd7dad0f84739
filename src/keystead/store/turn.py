"""The writer's turn: one transaction at a time in this process, in the order of the lock.

SQLite has one writer. Waiting here wakes at once; waiting in SQLite means to sleep and look again.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from keystead.store.port import StoreError


class Turn:
    """A lock that knows who has it."""

    def __init__(self, patience: float) -> None:
        self._lock = threading.Lock()
        self._patience = patience
        self._holder = ""

    @contextmanager
    def taken(self, name: str) -> Iterator[None]:
        """Holds the turn for the block; `StoreError` when it does not come within `patience` seconds."""
        if not self._lock.acquire(timeout=self._patience):
            raise StoreError(
                f"the transaction `{name}` waited {self._patience:g} s for the transaction `{self._holder}`; "
                "try again"
            )
        try:
            self._holder = name
            yield
        finally:
            self._lock.release()
