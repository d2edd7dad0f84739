"""Random UUIDs (RFC 9562, version 4) as texts: request ids and event ids."""

from collections.abc import Callable

_BATCH = 256
_VARIANT = "89ab" * 4


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
        digits = self._random(16 * _BATCH).hex()
        return [
            f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-4{digits[at + 13 : at + 16]}"
            f"-{_VARIANT[int(digits[at + 16], 16)]}{digits[at + 17 : at + 20]}-{digits[at + 20 : at + 32]}"
            for at in range(0, len(digits), 32)
        ]
