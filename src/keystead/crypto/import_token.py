"""Import tokens: what ImportKeyMaterial needs to know of a GetParametersForImport, sealed.

A token carries the private half of its wrapping key, so that nothing is kept for it and any worker can take
it. It opens for one key and its key spec alone. Format: `docs/ciphertext.md`, "Import tokens".
"""

import os
from dataclasses import dataclass, field

from keystead.crypto.material import SealBroken, Sealer
from keystead.crypto.randomness import Random
from keystead.kinds import KeySpec, WrappingAlgorithm
from keystead.names import KeyArn

IMPORT_TOKEN = "import token"  # noqa: S105 (a purpose, not a secret)
"""The purpose of a sealed import token."""

_TIME_BYTES = 8


class InvalidImportToken(Exception):
    """Bytes are no import token for this key; why is not told."""


@dataclass(frozen=True, slots=True)
class ImportParameters:
    """How material comes in.

    Attributes:
        algorithm: what it is wrapped with.
        private_key: the wrapping key, DER of PKCS #8.
        valid_to: until when the parameters may be used, in milliseconds; that is for the caller to check.
    """

    algorithm: WrappingAlgorithm
    private_key: bytes = field(repr=False)
    valid_to: int


def new_import_token(
    sealer: Sealer, key: KeyArn, spec: KeySpec, parameters: ImportParameters, random: Random = os.urandom
) -> bytes:
    """A token for `key`, at most 3000 bytes (AWS's are at most 6144)."""
    plaintext = (
        parameters.valid_to.to_bytes(_TIME_BYTES)
        + parameters.algorithm.encode()
        + b"\0"
        + parameters.private_key
    )
    return sealer.seal(plaintext, IMPORT_TOKEN, _names(key, spec), random)


def open_import_token(sealer: Sealer, key: KeyArn, spec: KeySpec, token: bytes) -> ImportParameters:
    """What `new_import_token` was given.

    Raises:
        InvalidImportToken: it did not make the token for this key, or it was changed.
    """
    try:
        plaintext = sealer.open(token, IMPORT_TOKEN, _names(key, spec))
    except SealBroken:
        raise InvalidImportToken from None
    algorithm, _, private_key = plaintext[_TIME_BYTES:].partition(b"\0")
    valid_to = int.from_bytes(plaintext[:_TIME_BYTES])
    return ImportParameters(WrappingAlgorithm(algorithm.decode()), private_key, valid_to)


def _names(key: KeyArn, spec: KeySpec) -> tuple[str, ...]:
    return key.account, key.region, key.key_id, spec
