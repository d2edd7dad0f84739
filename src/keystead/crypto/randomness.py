"""Randomness as an argument, so that a vector can be made and a test repeated."""

import os
from collections.abc import Callable
from functools import partial
from weakref import ref

Random = Callable[[int], bytes]
"""Returns as many bytes as asked for, from a cryptographically secure source; `os.urandom` in service."""


def draw(random: Random, count: int) -> bytes:
    """`count` bytes from `random`.

    Raises:
        ValueError: it returned another number of bytes, which would make a weak key or a repeated nonce.
    """
    drawn = random(count)
    if len(drawn) != count:
        raise ValueError(f"the source of randomness returned {len(drawn)} bytes in place of {count}")
    return drawn


def below(bound: int, random: Random) -> int:
    """A number from 0 to `bound` - 1; 64 bits more than it needs make it even but for one part in 2**64."""
    return int.from_bytes(draw(random, bound.bit_length() // 8 + 9)) % bound


class Portions:
    """A source of randomness that fetches portions of one size many at a time.

    A system call for each message would cost as much as encrypting it. For salts and nonces, which are public
    once used; keys are drawn from the system itself, so that no key lies in memory before its time.

    No portion is given out twice: not to two threads, and not to two processes after a fork.

    Args:
        random: where portions come from.
        size: bytes of a portion; other counts are drawn from `random` each time.
    """

    _COUNT = 128

    def __init__(self, random: Random, size: int) -> None:
        self._random = random
        self._size = size
        self._ready: list[bytes] = []
        # Asking for the process id at each call would be a system call again.
        os.register_at_fork(after_in_child=partial(_forget, ref(self)))

    def __call__(self, count: int) -> bytes:
        """`count` bytes."""
        if count != self._size:
            return self._random(count)
        try:
            return self._ready.pop()  # one step of the interpreter, so no two threads get the same
        except IndexError:
            fetched = draw(self._random, self._COUNT * count)
            made = [fetched[at : at + count] for at in range(0, len(fetched), count)]
            portion = made.pop()
            self._ready.extend(made)
            return portion


def _forget(portions: "ref[Portions]") -> None:
    """In a forked process: what the parent has ready is the parent's."""
    alive = portions()
    if alive is not None:
        alive._ready = []
