"""Request ids: random UUIDs (RFC 9562, version 4), as AWS sends in `x-amzn-RequestId`."""

from collections.abc import Callable

_BATCH = 256
_VARIANT = "89ab" * 4


class RequestIds:
    """Draws request ids. Randomness is fetched for many at once: a system call each would cost too much.

    Not for several threads. Make it after the fork, or two processes share ids.
    """

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._digits = ""
        self._next = 0

    def draw(self) -> str:
        """The text of a new UUID."""
        start = self._next
        if start == len(self._digits):
            self._digits = self._random(16 * _BATCH).hex()
            start = 0
        self._next = start + 32
        digits = self._digits[start : start + 32]
        return (
            f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}"
            f"-{_VARIANT[int(digits[16], 16)]}{digits[17:20]}-{digits[20:]}"
        )
