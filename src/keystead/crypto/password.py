"""Passwords of IAM users: hashed by Argon2id, and the hashes sealed under the installation's root key.

The hash makes each guess expensive, even for who has the root key; the seal makes guessing pointless for who
has the database alone, and binds the hashes to their user, so that nobody can move theirs to somebody else.

A user's hashes are one text, newest first, each in the PHC string format of Argon2, one a line.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from keystead.crypto.argon2id import OWASP_LOW_MEMORY, SALT_BYTES, VERSION, Argon2idCost, stretch
from keystead.crypto.material import SealBroken, Sealer
from keystead.crypto.randomness import Random, draw

PASSWORDS = "login passwords"
"""The purpose of sealed passwords."""

COST = OWASP_LOW_MEMORY
"""What new passwords cost. A change of it takes effect for each user with the next password."""

_DIGEST_BYTES = 32
_PHC = re.compile(
    rf"\$argon2id\$v={VERSION}\$m=([0-9]{{1,7}}),t=([0-9]{{1,2}}),p=([0-9]{{1,2}})"
    r"\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})"
)


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """What is kept of a password."""

    cost: Argon2idCost
    salt: bytes
    digest: bytes = field(repr=False)


def hash_password(
    password: str, like: PasswordHash | None = None, random: Random = os.urandom
) -> PasswordHash:
    """The hash of a password; runs Argon2id once.

    Args:
        password: what the user types; its UTF-8 is hashed.
        like: the hash of the same user's password before. Its salt is used again if its cost is still `COST`:
            then one run of Argon2id tells whether a password is any of the user's last ones.
        random: for a new salt.
    """
    salt = like.salt if like is not None and like.cost == COST else draw(random, SALT_BYTES)
    return PasswordHash(COST, salt, _digest(password, COST, salt))


def position(password: str, hashes: Sequence[PasswordHash]) -> int | None:
    """Where the password is among `hashes`, the first of several; None if it is none of them.

    Runs Argon2id once for each salt among them, which is once as long as `COST` does not change.
    """
    digests: dict[tuple[Argon2idCost, bytes], bytes] = {}
    found = None
    for index, each in enumerate(hashes):
        made = (each.cost, each.salt)
        if made not in digests:
            digests[made] = _digest(password, *made)
        # No early end: the time does not tell which of them it was.
        if hmac.compare_digest(digests[made], each.digest) and found is None:
            found = index
    return found


def seal_passwords(
    sealer: Sealer, unique_id: str, hashes: Sequence[PasswordHash], random: Random = os.urandom
) -> bytes:
    """A user's hashes as the store keeps them, bound to the user's unique id."""
    return sealer.seal("\n".join(map(_phc, hashes)).encode(), PASSWORDS, (unique_id,), random)


def open_passwords(sealer: Sealer, unique_id: str, sealed: bytes) -> tuple[PasswordHash, ...]:
    """A user's hashes, newest first.

    Raises:
        SealBroken: it is not what `seal_passwords` made for this user.
    """
    lines = sealer.open(sealed, PASSWORDS, (unique_id,)).decode().split("\n")
    try:
        return tuple(map(_parsed, lines))
    except ValueError:
        raise SealBroken(PASSWORDS, (unique_id,)) from None


def _digest(password: str, cost: Argon2idCost, salt: bytes) -> bytes:
    return stretch(password.encode(), cost, salt, _DIGEST_BYTES)


def _phc(each: PasswordHash) -> str:
    cost = each.cost
    return (
        f"$argon2id$v={VERSION}$m={cost.memory_kib},t={cost.iterations},p={cost.parallelism}"
        f"${_unpadded(each.salt)}${_unpadded(each.digest)}"
    )


def _parsed(text: str) -> PasswordHash:
    match = _PHC.fullmatch(text)
    if match is None:
        raise ValueError
    memory, iterations, parallelism, salt, digest = match.groups()
    cost = Argon2idCost(int(memory), int(iterations), int(parallelism))
    try:
        return PasswordHash(cost, base64.b64decode(f"{salt}=="), base64.b64decode(f"{digest}="))
    except binascii.Error:
        raise ValueError from None


def _unpadded(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")
