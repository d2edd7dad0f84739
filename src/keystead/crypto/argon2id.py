"""Argon2id (RFC 9106): what makes guessing a passphrase or a password cost something.

It runs outside of the interpreter's lock. It belongs into a thread, and never into a transaction.
"""

from dataclasses import dataclass
from typing import Final

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

VERSION: Final = 0x13
"""RFC 9106; stored beside what it made, so it must not follow the library's default."""

SALT_BYTES: Final = 16
"""RFC 9106, section 4."""


class OutOfMemory(Exception):
    """There was not as much memory as the cost asks for."""


@dataclass(frozen=True, slots=True)
class Argon2idCost:
    """What one guess costs; RFC 9106, section 3.1 names the parameters.

    The lower bounds are the least that OWASP's Password Storage Cheat Sheet accepts; the upper ones keep a
    changed row from demanding more than a machine has.

    Raises:
        ValueError: a bound is not kept.
    """

    memory_kib: int
    iterations: int
    parallelism: int

    def __post_init__(self) -> None:
        if not 19 * 1024 <= self.memory_kib <= 1024 * 1024:
            raise ValueError("Argon2id memory is 19 MiB to 1 GiB")
        if not 1 <= self.iterations <= 16:
            raise ValueError("Argon2id iterations are 1 to 16")
        if not 1 <= self.parallelism <= 16:
            raise ValueError("Argon2id parallelism is 1 to 16")


RFC_9106_LOW_MEMORY = Argon2idCost(memory_kib=64 * 1024, iterations=3, parallelism=4)
"""The second recommended option of RFC 9106, section 4."""

OWASP_LOW_MEMORY = Argon2idCost(memory_kib=19 * 1024, iterations=2, parallelism=1)
"""The option of OWASP's Password Storage Cheat Sheet for many sign-ins at a time."""


def stretch(secret: bytes, cost: Argon2idCost, salt: bytes, length: int) -> bytes:
    """`length` bytes made of a secret. `OWASP_LOW_MEMORY` takes some 25 ms, the other a tenth of a second.

    Raises `OutOfMemory`.
    """
    try:
        return hash_secret_raw(
            secret,
            salt,
            time_cost=cost.iterations,
            memory_cost=cost.memory_kib,
            parallelism=cost.parallelism,
            hash_len=length,
            type=Type.ID,
            version=VERSION,
        )
    except HashingError as error:
        raise OutOfMemory(
            f"Argon2id could not run, it needs {cost.memory_kib // 1024} MiB of memory: {error}"
        ) from None
