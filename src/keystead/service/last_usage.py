"""When keys were last used: noted in memory by each call, written to the store now and then.

A write for each call would cost more than the call. So a process that crashes forgets what it noted since it
last wrote, and another process learns of it a little later; the audit events have it all the same.
"""

from keystead.model import KeyUse
from keystead.names import KeyArn
from keystead.store.port import ReadTx, Store

MOST_KEYS = 1000
"""In one transaction, so that it does not hold up calls for long."""


Use = tuple[str, int, str, str]
"""What a `KeyUse` is made of: each call makes one, and a bare tuple is made in a fifth of the time."""


class LastUsage:
    """What this process noted. `note` may be called while another thread is in `write`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: dict[str, Use] = {}

    def note(self, arn: str, use: Use) -> None:
        """Notes that a cryptographic operation with the key went well."""
        self._noted[arn] = use

    def of(self, tx: ReadTx, key: KeyArn) -> KeyUse | None:
        """The last use of a key that this process noted or any wrote."""
        noted, written = self._noted.get(str(key)), tx.key_last_use(key)
        if noted is None:
            return written
        use = KeyUse(*noted)
        return use if written is None or written.time < use.time else written

    def write(self) -> None:
        """Writes what was noted; what the store refuses stays noted. In one thread at a time."""
        noted = list(self._noted.items())
        for start in range(0, len(noted), MOST_KEYS):
            some = noted[start : start + MOST_KEYS]
            with self._store.write("last usage") as tx:
                tx.put_key_last_uses({KeyArn.parse(arn): KeyUse(*use) for arn, use in some})
            for arn, use in some:
                self._forget(arn, use)

    def _forget(self, arn: str, written: Use) -> None:
        """Drops a note unless a later one has taken its place."""
        noted = self._noted.pop(arn, written)
        if noted is not written:
            self._noted.setdefault(arn, noted)

    def forget(self) -> None:
        """Drops all notes: the store was emptied."""
        self._noted.clear()
