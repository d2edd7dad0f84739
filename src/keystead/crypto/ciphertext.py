"""The symmetric ciphertext blob: what Encrypt, ReEncrypt and GenerateDataKey return and Decrypt takes.

The format is public and stable, byte by byte, in `docs/ciphertext.md`; `vectors/ciphertext/` holds examples.
Blobs outlive every release: a new format gets new first bytes, and this one is read for ever.

    0      1     2     3      5               37       38        54      70       82             82+n
    | 0x01 | 0x02 | kind | 0x0078 | key material id | id form | key id | salt | nonce | ciphertext n | tag |
"""

import os
from collections.abc import Mapping
from enum import IntEnum
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from keystead.crypto.key_material import InvalidCiphertext
from keystead.crypto.randomness import Random, draw
from keystead.crypto.symmetric import NONCE_BYTES, SALT_BYTES, TAG_BYTES, SymmetricKey
from keystead.names import KeyId, KeyMaterialId

MAX_BYTES = 6144
"""The longest blob: Decrypt's limit on `CiphertextBlob` (KMS API Reference)."""

RANDOM_BYTES = SALT_BYTES + NONCE_BYTES
"""What sealing one message draws: 28 bytes."""

# NOTE: these numbers are in every ciphertext ever sealed. They never change.
_VERSION = b"\x01\x02"
_MARK = b"\x00\x78"
_MATERIAL, _FORM, _KEY_ID, _SALT, _NONCE, _BODY = 5, 37, 38, 54, 70, 82
_FORM_UUID, _FORM_MULTI_REGION = 1, 2
_LABEL = b"keystead/symmetric/v1"


class CiphertextKind(IntEnum):
    """Which operations make the blob; the value is its third byte."""

    ENCRYPT = 2
    """Encrypt and ReEncrypt."""
    DATA_KEY = 3
    """GenerateDataKey, GenerateDataKeyPair and their WithoutPlaintext forms."""


_KINDS = {kind.value: kind for kind in CiphertextKind}


class Header(NamedTuple):
    """What a blob says about itself in clear: enough to find the key that opens it."""

    kind: CiphertextKind
    material_id: KeyMaterialId
    key_id: KeyId


def canonical_context(context: Mapping[str, str]) -> bytes:
    """The encryption context as bytes: the same for equal contexts, different for different ones.

    For each pair, in the order of the UTF-8 bytes of its name: the length of the name as 4 bytes
    big-endian, the name, the length of the value likewise, the value. No context is no bytes, so an empty
    context equals an absent one. No normalization: contexts that look alike may differ. The caller
    bounds the size.

    Raises:
        ValueError: a name or a value is not valid Unicode (it holds a lone surrogate).
    """
    if not context:
        return b""
    try:
        pairs = [(name.encode(), value.encode()) for name, value in context.items()]
    except UnicodeEncodeError:
        raise ValueError("the encryption context is not valid Unicode") from None
    if len(pairs) > 1:
        pairs.sort()
    parts: list[bytes] = []
    for name, value in pairs:
        parts += (_length(len(name)), name, _length(len(value)), value)
    return b"".join(parts)


_length = Struct(">I").pack


def seal(
    key: SymmetricKey,
    header: Header,
    plaintext: bytes,
    context: Mapping[str, str],
    random: Random = os.urandom,
) -> bytes:
    """The blob of `plaintext` under `key`, whose ids `header` must carry.

    Draws `RANDOM_BYTES` bytes from `random` in one call: the salt and the nonce.

    Raises:
        ValueError: the blob would be longer than `MAX_BYTES`, the context is not valid Unicode, or
            `random` failed its contract. A validated request leads to none of these.
    """
    if _BODY + len(plaintext) + TAG_BYTES > MAX_BYTES:
        raise ValueError("the plaintext is too long for a ciphertext blob")
    head = _encode(header) + draw(random, RANDOM_BYTES)
    message_key = key.message_key(_LABEL, head[:_NONCE])
    return head + message_key.encrypt(head[_NONCE:], plaintext, head + canonical_context(context))


def open(key: SymmetricKey, blob: bytes, context: Mapping[str, str]) -> bytes:  # noqa: A001 (its name)
    """The plaintext of `blob`, which `key` sealed with this `context`.

    Raises:
        InvalidCiphertext: anything else.
    """
    if not _well_formed(blob):
        raise InvalidCiphertext
    head = blob[:_BODY]
    try:
        associated = head + canonical_context(context)
    except ValueError:  # nothing is ever sealed with such a context
        raise InvalidCiphertext from None
    message_key = key.message_key(_LABEL, head[:_NONCE])
    try:
        return message_key.decrypt(head[_NONCE:], blob[_BODY:], associated)
    except InvalidTag:
        raise InvalidCiphertext from None


def peek(blob: bytes) -> Header:
    """What `blob` says about itself. Nothing is authenticated until `open` has returned.

    Raises:
        InvalidCiphertext: it is not a blob of this format.
    """
    if not _well_formed(blob):
        raise InvalidCiphertext
    digits = blob[_KEY_ID:_SALT].hex()
    if blob[_FORM] == _FORM_UUID:
        digits = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    else:
        digits = f"mrk-{digits}"
    # Any bytes make well-formed ids, so there is nothing to parse.
    return Header(_KINDS[blob[2]], KeyMaterialId(blob[_MATERIAL:_FORM].hex()), KeyId(digits))


@lru_cache(maxsize=4096)  # it is the same for every message under one material
def _encode(header: Header) -> bytes:
    """The first 54 bytes: everything that is not random."""
    if header.key_id.multi_region:
        form, digits = _FORM_MULTI_REGION, header.key_id[4:]
    else:
        form, digits = _FORM_UUID, header.key_id.replace("-", "")
    return b"".join(
        (
            _VERSION,
            header.kind.to_bytes(1, "big"),
            _MARK,
            bytes.fromhex(header.material_id),
            form.to_bytes(1, "big"),
            bytes.fromhex(digits),
        )
    )


def _well_formed(blob: bytes) -> bool:
    return (
        _BODY + TAG_BYTES <= len(blob) <= MAX_BYTES
        and blob[:2] == _VERSION
        and blob[2] in _KINDS
        and blob[3:_MATERIAL] == _MARK
        and blob[_FORM] in (_FORM_UUID, _FORM_MULTI_REGION)
    )
