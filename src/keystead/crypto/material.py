"""Secrets at rest: key material and access key secrets, sealed under the installation's root key.

A sealed secret opens only in the row it was sealed for: the names of that row are associated data, so a
copy of it under another key, account or Region is refused. Format: `docs/ciphertext.md`, "Sealed secrets".

    0      1       17        29             29+n
    | 0x01 | salt | nonce | ciphertext n | tag |
"""

import os

from cryptography.exceptions import InvalidTag

from keystead.crypto.key_families import Material, load_material
from keystead.crypto.key_material import InvalidMaterial, Secret
from keystead.crypto.randomness import Random, draw
from keystead.crypto.symmetric import NONCE_BYTES, SALT_BYTES, TAG_BYTES, SymmetricKey
from keystead.kinds import KeySpec
from keystead.names import AccessKeyId, KeyArn, KeyMaterialId

KEY_MATERIAL = "key material"
"""The purpose of sealed key material."""

IMPORTED_MATERIAL_ID = "imported key material id"
"""The purpose of the digests that are ids of imported key material."""

ACCESS_KEY_SECRET = "access key secret"  # noqa: S105 (a purpose, not a secret)
"""The purpose of a sealed access key secret."""

MAX_BYTES = 1 << 16
"""The longest secret; the largest there is, an RSA private key of 4096 bits, is a twentieth of it."""

# NOTE: these are in every row ever sealed. They never change.
_VERSION = b"\x01"
_NONCE, _BODY = 1 + SALT_BYTES, 1 + SALT_BYTES + NONCE_BYTES
_LABEL = b"keystead/sealed/v1"
_DIGEST_LABEL = b"keystead/digest/v1"

OVERHEAD = _BODY + TAG_BYTES
"""How much longer a sealed secret is than the secret, in bytes."""


class SealBroken(Exception):
    """A sealed secret does not open: another root key sealed it, or the row was changed or moved.

    For operators, never for callers of the API.

    Attributes:
        purpose: what was sealed.
        names: the row it was read from.
    """

    def __init__(self, purpose: str, names: tuple[str, ...]) -> None:
        super().__init__(
            f"the sealed {purpose} of {' '.join(names)} does not open: it was changed, belongs to another "
            "row, or was sealed under another root key"
        )
        self.purpose = purpose
        self.names = names


class Sealer(Secret):
    """Seals and opens under a root key of 32 bytes. Safe to share between threads.

    Raises:
        ValueError: the root key is not 32 bytes long.
    """

    __slots__ = ("_key",)

    def __init__(self, root: bytes) -> None:
        self._key = SymmetricKey(root)

    def seal(
        self,
        plaintext: bytes,
        purpose: str,
        names: tuple[str, ...],
        random: Random = os.urandom,
    ) -> bytes:
        """`plaintext` sealed for one purpose and one row.

        Args:
            plaintext: at most `MAX_BYTES`.
            purpose: what it is, one constant a kind of secret.
            names: the identity of the row, always as many for one purpose. Not secret.
            random: asked once, for the salt and the nonce together.

        Raises:
            ValueError: the plaintext is too long, or `random` failed its contract.
        """
        if len(plaintext) > MAX_BYTES:
            raise ValueError(f"too long to seal as {purpose}")
        head = _VERSION + draw(random, SALT_BYTES + NONCE_BYTES)
        message_key = self._key.message_key(_LABEL, head[:_NONCE])
        return head + message_key.encrypt(head[_NONCE:], plaintext, head + _row(purpose, names))

    def open(self, sealed: bytes, purpose: str, names: tuple[str, ...]) -> bytes:
        """What was sealed for this purpose and this row.

        Raises:
            SealBroken: anything else.
        """
        if not _BODY + TAG_BYTES <= len(sealed) <= _BODY + MAX_BYTES + TAG_BYTES or sealed[:1] != _VERSION:
            raise SealBroken(purpose, names)
        head = sealed[:_BODY]
        message_key = self._key.message_key(_LABEL, head[:_NONCE])
        try:
            return message_key.decrypt(head[_NONCE:], sealed[_BODY:], head + _row(purpose, names))
        except InvalidTag:
            raise SealBroken(purpose, names) from None

    def digest(self, data: bytes, purpose: str, names: tuple[str, ...]) -> bytes:
        """32 bytes that tell whether `data` is the same as before, and nothing else without the root key.

        Args:
            data: of any length.
            purpose: what is compared, one constant a kind.
            names: among what it is compared, always as many for one purpose.
        """
        return self._key.digest(_DIGEST_LABEL, _row(purpose, names) + data)


def seal_material(
    sealer: Sealer,
    key: KeyArn,
    id: KeyMaterialId,
    material: bytes,
    random: Random = os.urandom,
) -> bytes:
    """Key material as the store keeps it, bound to its key's account, Region and id and to its own id."""
    return sealer.seal(material, KEY_MATERIAL, _material_names(key, id), random)


def open_material(sealer: Sealer, spec: KeySpec, key: KeyArn, id: KeyMaterialId, sealed: bytes) -> Material:
    """The material of a key, ready for use.

    Raises:
        SealBroken: it is not what `seal_material` made for this key and id, or no material for the spec.
    """
    names = _material_names(key, id)
    try:
        return load_material(spec, sealer.open(sealed, KEY_MATERIAL, names))
    except InvalidMaterial:
        raise SealBroken(KEY_MATERIAL, names) from None


def reseal_material(
    sealer: Sealer,
    id: KeyMaterialId,
    sealed: bytes,
    *,
    key: KeyArn,
    to: KeyArn,
    random: Random = os.urandom,
) -> bytes:
    """What `seal_material` made for `key`, made anew for `to`, a key related to it; the material stays here.

    Raises:
        SealBroken: it is not what was made for this key and id.
    """
    return seal_material(sealer, to, id, sealer.open(sealed, KEY_MATERIAL, _material_names(key, id)), random)


def seal_secret(
    sealer: Sealer, access_key_id: AccessKeyId, secret: str, random: Random = os.urandom
) -> bytes:
    """The secret access key as the store keeps it, bound to its access key id."""
    return sealer.seal(secret.encode(), ACCESS_KEY_SECRET, (access_key_id,), random)


def open_secret(sealer: Sealer, access_key_id: AccessKeyId, sealed: bytes) -> str:
    """The secret access key.

    Raises:
        SealBroken: it is not what `seal_secret` made for this access key id.
    """
    return sealer.open(sealed, ACCESS_KEY_SECRET, (access_key_id,)).decode()


def new_material_id(random: Random = os.urandom) -> KeyMaterialId:
    """A fresh id for material that KMS made itself; it says nothing about the material."""
    return KeyMaterialId.parse(draw(random, 32).hex())


def imported_material_id(sealer: Sealer, key: KeyArn, material: bytes) -> KeyMaterialId:
    """The id of imported material: the same bytes have the same id in one key, and another in another key.

    Multi-Region keys that are related have one key id, hence the same ids. Without the root key the id says
    nothing about the material, short or guessable as that may be.
    """
    names = (key.account, key.key_id)
    return KeyMaterialId.parse(sealer.digest(material, IMPORTED_MATERIAL_ID, names).hex())


def _material_names(key: KeyArn, id: KeyMaterialId) -> tuple[str, ...]:
    return key.account, key.region, key.key_id, id


def _row(purpose: str, names: tuple[str, ...]) -> bytes:
    """Purpose and names, each behind its length as 4 bytes big-endian: different for different ones."""
    texts = [text.encode() for text in (purpose, *names)]
    return b"".join(len(text).to_bytes(4, "big") + text for text in texts)
