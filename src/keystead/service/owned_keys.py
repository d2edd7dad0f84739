"""The life of AWS owned keys: made when a server first starts, and a new one each year."""

from typing import Final

import structlog

from keystead.crypto.material import Sealer
from keystead.crypto.owned_keys import PURPOSES, InstallationSealer, new_owned_key
from keystead.crypto.randomness import Random
from keystead.model import OwnedKey
from keystead.model.key import DAY
from keystead.store.port import Store

PERIOD: Final = 365 * DAY
"""Milliseconds in which a key seals. It opens for ever: its tokens say themselves how long they are good."""

log = structlog.get_logger("keystead.owned_keys")


class OwnedKeys:
    """The owned keys of an installation, as the store has them.

    Args:
        store: where they are kept; it stays the caller's to close.
        root: seals them; holds the root key.
        random: `n` random bytes.
    """

    def __init__(self, store: Store, root: Sealer, random: Random) -> None:
        self._store = store
        self._root = root
        self._random = random
        self._newest: dict[str, OwnedKey] = {}
        self.sealer = InstallationSealer(root)
        """Seals for every purpose; it has learned what was loaded last."""
        self.load()

    def load(self) -> None:
        """Learns the keys in the store: any process may have made one."""
        with self._store.read() as tx:
            keys = tx.owned_keys()
        self.sealer.learn(keys)
        self._newest = _newest(keys)

    def provide(self, now: int) -> None:
        """Makes the keys that are lacking at `now`, in milliseconds. Any number of processes may do so."""
        if not _lacking(self._newest, now):
            return
        made: dict[str, int] = {}
        with self._store.write("owned keys") as tx:
            newest = _newest(tx.owned_keys())  # another process may have been quicker
            for purpose in _lacking(newest, now):
                made[purpose] = newest[purpose].number + 1 if purpose in newest else 1
                tx.add_owned_key(new_owned_key(self._root, purpose, made[purpose], now, self._random))
        # The first ones are made at the first start, which is nothing to tell of.
        renewed = {purpose: number for purpose, number in made.items() if number > 1}
        if renewed:
            log.info("owned keys renewed", numbers=renewed)
        self.load()


def _newest(keys: tuple[OwnedKey, ...]) -> dict[str, OwnedKey]:
    """The last key of each purpose; `keys` are in the order of their numbers."""
    return {key.purpose: key for key in keys}


def _lacking(newest: dict[str, OwnedKey], now: int) -> list[str]:
    return [
        purpose for purpose in PURPOSES if purpose not in newest or now - newest[purpose].created >= PERIOD
    ]
