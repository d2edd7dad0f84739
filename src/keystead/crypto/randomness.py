"""Randomness as an argument, so that a vector can be made and a test repeated."""

from collections.abc import Callable

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
