"""Random UUIDs (RFC 9562, version 4) as texts: request ids and event ids."""

from collections.abc import Callable
from struct import Struct

_BATCH = 256
_BYTES = 16

_RANDOM = int.from_bytes(bytes.fromhex("ffffffffffff0fff3fffffffffffffff") * _BATCH, "big")
"""The bits that are random, of all the UUIDs of a batch in a row."""
_FIXED = int.from_bytes(bytes.fromhex("00000000000040008000000000000000") * _BATCH, "big")
"""Version and variant likewise (RFC 9562, sections 4.1 and 4.2)."""

_groups = Struct("8s4s4s4s12s").iter_unpack


class Uuids:
    """Draws random UUIDs. May be shared between threads.

    Many are made at once, because a system call for each would cost more than the rest of it. Make it after
    the fork, or two processes share ids.

    Args:
        random: as many random bytes as asked for.
    """

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._ready: list[str] = []

    def draw(self) -> str:
        """The text of a new UUID."""
        try:
            return self._ready.pop()
        except IndexError:
            made = self._made()
            drawn = made.pop()
            self._ready.extend(made)
            return drawn

    def _made(self) -> list[str]:
        bits = int.from_bytes(self._random(_BYTES * _BATCH), "big") & _RANDOM | _FIXED
        digits = bits.to_bytes(_BYTES * _BATCH, "big").hex().encode()
        return b" ".join(map(b"-".join, _groups(digits))).decode().split(" ")
