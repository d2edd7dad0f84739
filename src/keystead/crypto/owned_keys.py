"""AWS owned keys: under them, and not under the root key itself, Keystead seals its own tokens.

There are keys for each purpose, numbered from 1 on. The newest one seals, all of them open, so that a new one
ends nothing. What is sealed for any other purpose is sealed under the root key. Format: `docs/ciphertext.md`,
"Owned keys".

    0      1        5
    | 0x02 | number | what a Sealer makes under that key
"""

import os
from collections.abc import Iterable
from typing import Final

from keystead.crypto.authorization_message import AUTHORIZATION_MESSAGE
from keystead.crypto.grant_token import GRANT_TOKEN
from keystead.crypto.import_token import IMPORT_TOKEN
from keystead.crypto.material import SealBroken, Sealer
from keystead.crypto.randomness import Random, draw
from keystead.crypto.session_token import SESSION_TOKEN
from keystead.crypto.symmetric import KEY_BYTES
from keystead.model import OwnedKey

MARKER: Final = "marker"
"""The purpose of a sealed marker of a page."""

PURPOSES: Final = (AUTHORIZATION_MESSAGE, GRANT_TOKEN, IMPORT_TOKEN, MARKER, SESSION_TOKEN)
"""What owned keys are for."""

_OWNED_KEY: Final = "owned key"
"""The purpose of their own material, under the root key."""

# NOTE: in every token that is out.
_VERSION: Final = b"\x02"
_NUMBER_BYTES: Final = 4
_HEAD: Final = len(_VERSION) + _NUMBER_BYTES


def new_owned_key(
    root: Sealer, purpose: str, number: int, created: int, random: Random = os.urandom
) -> OwnedKey:
    """A fresh key, bound to its purpose and number; `created` is in milliseconds."""
    sealed = root.seal(draw(random, KEY_BYTES), _OWNED_KEY, (purpose, str(number)), random)
    return OwnedKey(purpose, number, sealed, created)


class InstallationSealer(Sealer):
    """Seals and opens for every purpose, under the key that is meant for it. Safe to share between threads.

    It must `learn` the owned keys before it can seal what they are for.
    """

    __slots__ = ("_owned", "_root")

    def __init__(self, root: Sealer) -> None:
        self._root = root
        self._owned: dict[str, dict[int, Sealer]] = {}

    def learn(self, keys: Iterable[OwnedKey]) -> None:
        """Knows these keys, and no others; `SealBroken` if the root key does not open one."""
        owned: dict[str, dict[int, Sealer]] = {purpose: {} for purpose in PURPOSES}
        for key in keys:
            names = (key.purpose, str(key.number))
            owned.setdefault(key.purpose, {})[key.number] = Sealer(
                self._root.open(key.sealed, _OWNED_KEY, names)
            )
        self._owned = owned

    def seal(
        self, plaintext: bytes, purpose: str, names: tuple[str, ...], random: Random = os.urandom
    ) -> bytes:
        """As `Sealer.seal`."""
        if purpose not in PURPOSES:
            return self._root.seal(plaintext, purpose, names, random)
        keys = self._owned[purpose]
        number = max(keys)
        sealed = keys[number].seal(plaintext, purpose, names, random)
        return _VERSION + number.to_bytes(_NUMBER_BYTES, "big") + sealed

    def open(self, sealed: bytes, purpose: str, names: tuple[str, ...]) -> bytes:
        """As `Sealer.open`."""
        if purpose not in PURPOSES:
            return self._root.open(sealed, purpose, names)
        key = self._owned[purpose].get(int.from_bytes(sealed[len(_VERSION) : _HEAD], "big"))
        if key is None or sealed[: len(_VERSION)] != _VERSION:
            raise SealBroken(purpose, names)
        return key.open(sealed[_HEAD:], purpose, names)

    def digest(self, data: bytes, purpose: str, names: tuple[str, ...]) -> bytes:
        """As `Sealer.digest`, under the root key: what is digested stays, and owned keys change."""
        return self._root.digest(data, purpose, names)
