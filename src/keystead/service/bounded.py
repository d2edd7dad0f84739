"""A mapping that stays small."""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Bounded(dict[K, V], Generic[K, V]):
    """A mapping of at most `capacity` entries; the oldest entry goes first.

    First in, first out costs a plain look-up on a hit, and a dropped entry costs one read.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self._capacity = capacity

    def keep(self, key: K, value: V) -> None:
        """Adds or replaces an entry."""
        while len(self) >= self._capacity:
            try:
                del self[next(iter(self))]
            except (StopIteration, KeyError, RuntimeError):  # another thread was quicker
                break
        self[key] = value
