"""Symmetric ciphertext blobs of a KMS key, and the encryption contexts they are bound to."""

from collections.abc import Mapping

from keystead.crypto import ciphertext
from keystead.crypto.ciphertext import CiphertextKind, Header
from keystead.crypto.key_material import InvalidCiphertext
from keystead.crypto.symmetric import SymmetricKey
from keystead.names import KeyMaterialId
from keystead.service.call import Call
from keystead.service.entries import KeyEntry
from keystead.service.lookup import header_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms_errors import InvalidCiphertextException, KMSInternalException


def seal(
    call: Call,
    entry: KeyEntry,
    kind: CiphertextKind,
    plaintext: bytes,
    context: Mapping[str, str] | None,
) -> bytes:
    """The blob of a plaintext under the current material of a symmetric encryption key."""
    material_id = entry.key.current_material
    material = call.material(entry, material_id)
    if material_id is None or not isinstance(material, SymmetricKey):
        raise KMSInternalException(None)
    header = Header(kind, material_id, entry.key.arn.key_id)
    return ciphertext.seal(material, header, plaintext, context or {}, call.salts)


def open_blob(
    call: Call, entry: KeyEntry, blob: bytes, context: Mapping[str, str] | None
) -> tuple[bytes, KeyMaterialId]:
    """The plaintext and the id of the material that opened it; InvalidCiphertextException says no more."""
    header = header_of(blob)
    material = None if header is None else call.material(entry, header.material_id)
    if header is None or not isinstance(material, SymmetricKey):
        raise InvalidCiphertextException(None)
    try:
        return ciphertext.open(material, blob, context or {}), header.material_id
    except InvalidCiphertext:
        raise InvalidCiphertextException(None) from None


def check_context(context: Mapping[str, str] | None) -> None:
    """Bounds an encryption context and refuses text that has no UTF-8 form."""
    if not context:
        return
    # Four bytes are the most a character takes: most contexts are plainly small enough.
    characters = sum(map(len, context)) + sum(map(len, context.values()))
    if 4 * (characters + 2 * len(context)) <= MOST_CONTEXT_BYTES:
        return
    try:
        size = len(ciphertext.canonical_context(context))
    except ValueError:
        raise ValidationException("EncryptionContext contains text that is not valid Unicode.") from None
    if size > MOST_CONTEXT_BYTES:
        raise ValidationException(
            f"EncryptionContext is too large: {size} bytes when encoded, {MOST_CONTEXT_BYTES} at most."
        )


MOST_CONTEXT_BYTES = 8192
"""As much as an external key store proxy takes (XKS API 1.0.3); the sentence is ours, AWS's is unknown."""
