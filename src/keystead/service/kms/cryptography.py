"""Encrypt, Decrypt, ReEncrypt, GenerateDataKey and GenerateDataKeyWithoutPlaintext with symmetric keys."""

from collections.abc import Mapping

from keystead.crypto import ciphertext
from keystead.crypto.ciphertext import CiphertextKind, Header
from keystead.crypto.key_material import InvalidCiphertext
from keystead.kinds import EncryptionAlgorithm, KeyUsage
from keystead.service.call import Call
from keystead.service.kms.not_yet import refuse_recipient
from keystead.service.lookup import header_of, null_member
from keystead.service.operation import OnKey, reads, recorded
from keystead.service.records import KeyEntry
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    DecryptRequest,
    DecryptResponse,
    EncryptRequest,
    EncryptResponse,
    GenerateDataKeyRequest,
    GenerateDataKeyResponse,
    GenerateDataKeyWithoutPlaintextRequest,
    GenerateDataKeyWithoutPlaintextResponse,
    ReEncryptRequest,
    ReEncryptResponse,
)
from keystead.shapes.kms_errors import (
    InvalidCiphertextException,
    InvalidKeyUsageException,
    KMSInternalException,
)

DEFAULT_ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT.value
DATA_KEY_BYTES = {"AES_128": 16, "AES_256": 32}


def _on_key(action: str, *, ciphertext: str = "", algorithm: str = "") -> OnKey:
    return OnKey(
        action,
        aliases=True,
        cross_account=True,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        ciphertext=ciphertext,
        algorithm=algorithm,
        encryption_context="encryption_context",
    )


_RECORDED = recorded(
    "key_id",
    "encryption_algorithm",
    "encryption_context",
    defaults={"encryption_algorithm": DEFAULT_ALGORITHM},
)


def _check_algorithm(entry: KeyEntry, algorithm: str | None) -> None:
    if algorithm is not None and algorithm != DEFAULT_ALGORITHM:
        raise InvalidKeyUsageException(
            f"Algorithm {algorithm} is incompatible with key spec {entry.key.spec}."
        )


def _seal(
    call: Call,
    entry: KeyEntry,
    kind: CiphertextKind,
    plaintext: bytes,
    context: Mapping[str, str] | None,
) -> bytes:
    material_id = entry.key.current_material
    material = call.material(entry, material_id)
    if material is None or material_id is None:
        raise KMSInternalException(None)
    header = Header(kind, material_id, entry.key.arn.key_id)
    return ciphertext.seal(material, header, plaintext, context or {}, call.salts)


def _open(call: Call, entry: KeyEntry, blob: bytes, context: Mapping[str, str] | None) -> tuple[bytes, str]:
    """The plaintext and the id of the material that opened it; InvalidCiphertextException says no more."""
    header = header_of(blob)
    material = None if header is None else call.material(entry, header.material_id)
    if header is None or material is None:
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


def _check_request(
    request: EncryptRequest | GenerateDataKeyRequest | GenerateDataKeyWithoutPlaintextRequest,
) -> None:
    check_context(request.encryption_context)


def _check_decrypt(request: DecryptRequest) -> None:
    refuse_recipient(request.recipient)
    check_context(request.encryption_context)
    _check_modifiers(request.dry_run, request.dry_run_modifiers)
    if request.encryption_algorithm not in (None, DEFAULT_ALGORITHM) and request.key_id is None:
        raise ValidationException("KeyId must not be null")
    if request.ciphertext_blob is None and (not request.dry_run_modifiers or request.key_id is None):
        raise null_member("ciphertext_blob")


def _check_modifiers(dry_run: bool | None, modifiers: object) -> None:
    if modifiers and not dry_run:
        raise ValidationException("DryRunModifiers can only be specified when DryRun is true")


@reads(
    "kms",
    "Encrypt",
    _on_key("kms:Encrypt", algorithm="encryption_algorithm"),
    check=_check_request,
    recorded=_RECORDED,
)
def encrypt(call: Call, request: EncryptRequest) -> EncryptResponse:
    """Encrypts up to 4096 bytes under the key's current material."""
    entry = call.key
    _check_algorithm(entry, request.encryption_algorithm)
    blob = _seal(call, entry, CiphertextKind.ENCRYPT, request.plaintext, request.encryption_context)
    call.event_data["keyMaterialId"] = str(entry.key.current_material)
    return EncryptResponse(ciphertext_blob=blob, key_id=entry.arn, encryption_algorithm=DEFAULT_ALGORITHM)


@reads(
    "kms",
    "Decrypt",
    _on_key("kms:Decrypt", ciphertext="ciphertext_blob", algorithm="encryption_algorithm"),
    check=_check_decrypt,
    recorded=_RECORDED,
)
def decrypt(call: Call, request: DecryptRequest) -> DecryptResponse:
    """Decrypts what Encrypt, ReEncrypt or a data key operation made, with the material the blob names."""
    entry = call.key
    _check_algorithm(entry, request.encryption_algorithm)
    if request.ciphertext_blob is None:  # a dry run that ignores the ciphertext
        return DecryptResponse()
    plaintext, material_id = _open(call, entry, request.ciphertext_blob, request.encryption_context)
    call.event_data["keyMaterialId"] = material_id
    return DecryptResponse(
        key_id=entry.arn,
        plaintext=plaintext,
        encryption_algorithm=DEFAULT_ALGORITHM,
        key_material_id=material_id,
    )


def _check_re_encrypt(request: ReEncryptRequest) -> None:
    check_context(request.source_encryption_context)
    check_context(request.destination_encryption_context)
    _check_modifiers(request.dry_run, request.dry_run_modifiers)
    if request.source_encryption_algorithm not in (None, DEFAULT_ALGORITHM) and request.source_key_id is None:
        raise ValidationException("KeyId must not be null")
    if request.ciphertext_blob is None and (not request.dry_run_modifiers or request.source_key_id is None):
        raise null_member("ciphertext_blob")


def _side(action: str, side: str, *, ciphertext: str = "") -> OnKey:
    return OnKey(
        action,
        member=f"{side}_key_id",
        aliases=True,
        cross_account=True,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        ciphertext=ciphertext,
        algorithm=f"{side}_encryption_algorithm",
        encryption_context=f"{side}_encryption_context",
    )


@reads(
    "kms",
    "ReEncrypt",
    _side("kms:ReEncryptFrom", "source", ciphertext="ciphertext_blob"),
    _side("kms:ReEncryptTo", "destination"),
    check=_check_re_encrypt,
    recorded=recorded(
        "source_encryption_algorithm",
        "source_encryption_context",
        "source_key_id",
        "destination_encryption_algorithm",
        "destination_encryption_context",
        "destination_key_id",
        defaults={
            "source_encryption_algorithm": DEFAULT_ALGORITHM,
            "destination_encryption_algorithm": DEFAULT_ALGORITHM,
        },
    ),
)
def re_encrypt(call: Call, request: ReEncryptRequest) -> ReEncryptResponse:
    """Decrypts under the source key and encrypts under the destination key; the plaintext never leaves."""
    source, destination = call.keys
    _check_algorithm(source, request.source_encryption_algorithm)
    _check_algorithm(destination, request.destination_encryption_algorithm)
    if request.ciphertext_blob is None:  # a dry run that ignores the ciphertext
        return ReEncryptResponse()
    plaintext, material_id = _open(call, source, request.ciphertext_blob, request.source_encryption_context)
    blob = _seal(call, destination, CiphertextKind.ENCRYPT, plaintext, request.destination_encryption_context)
    call.event_data["sourceKeyMaterialId"] = material_id
    call.event_data["destinationKeyMaterialId"] = destination.key.current_material
    return ReEncryptResponse(
        ciphertext_blob=blob,
        source_key_id=source.arn,
        key_id=destination.arn,
        source_encryption_algorithm=DEFAULT_ALGORITHM,
        destination_encryption_algorithm=DEFAULT_ALGORITHM,
        source_key_material_id=material_id,
        destination_key_material_id=destination.key.current_material,
    )


def _check_data_key(request: GenerateDataKeyRequest) -> None:
    refuse_recipient(request.recipient)
    _check_data_key_size(request)


def _check_data_key_size(request: GenerateDataKeyRequest | GenerateDataKeyWithoutPlaintextRequest) -> None:
    _check_request(request)
    if (request.key_spec is None) == (request.number_of_bytes is None):
        raise ValidationException("Please specify either number of bytes or key spec.")


def _data_key(
    call: Call, request: GenerateDataKeyRequest | GenerateDataKeyWithoutPlaintextRequest
) -> tuple[bytes, bytes]:
    """A fresh data key and its ciphertext."""
    size = DATA_KEY_BYTES[request.key_spec] if request.key_spec is not None else request.number_of_bytes
    assert size is not None
    plaintext = call.random(size)
    blob = _seal(call, call.key, CiphertextKind.DATA_KEY, plaintext, request.encryption_context)
    call.event_data["keyMaterialId"] = call.key.key.current_material
    return plaintext, blob


_DATA_KEY_RECORDED = recorded("key_id", "key_spec", "number_of_bytes", "encryption_context")


@reads(
    "kms",
    "GenerateDataKey",
    _on_key("kms:GenerateDataKey"),
    check=_check_data_key,
    recorded=_DATA_KEY_RECORDED,
)
def generate_data_key(call: Call, request: GenerateDataKeyRequest) -> GenerateDataKeyResponse:
    """A data key for use outside, in plain and encrypted."""
    plaintext, blob = _data_key(call, request)
    return GenerateDataKeyResponse(
        ciphertext_blob=blob,
        plaintext=plaintext,
        key_id=call.key.arn,
        key_material_id=call.key.key.current_material,
    )


@reads(
    "kms",
    "GenerateDataKeyWithoutPlaintext",
    _on_key("kms:GenerateDataKeyWithoutPlaintext"),
    check=_check_data_key_size,
    recorded=_DATA_KEY_RECORDED,
)
def generate_data_key_without_plaintext(
    call: Call, request: GenerateDataKeyWithoutPlaintextRequest
) -> GenerateDataKeyWithoutPlaintextResponse:
    """A data key, encrypted only."""
    _, blob = _data_key(call, request)
    return GenerateDataKeyWithoutPlaintextResponse(
        ciphertext_blob=blob, key_id=call.key.arn, key_material_id=call.key.key.current_material
    )
