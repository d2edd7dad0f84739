"""Encrypt, Decrypt and ReEncrypt, with symmetric and RSA keys."""

from collections.abc import Mapping

from keystead.crypto.ciphertext import CiphertextKind
from keystead.crypto.key_material import EncryptionKeyPair, InvalidCiphertext
from keystead.kinds import EncryptionAlgorithm, KeyUsage
from keystead.model.key_spec import most_plaintext
from keystead.names import KeyMaterialId
from keystead.service.call import Call
from keystead.service.entries import KeyEntry
from keystead.service.kms.blobs import check_context, open_blob, seal
from keystead.service.kms.labour import by_key
from keystead.service.kms.material import current_material, refuse_algorithm
from keystead.service.lookup import null_member
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    DecryptRequest,
    DecryptResponse,
    EncryptRequest,
    EncryptResponse,
    ReEncryptRequest,
    ReEncryptResponse,
)
from keystead.shapes.kms_errors import InvalidCiphertextException

DEFAULT_ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT.value


def _on_key(action: str, *, ciphertext: str = "") -> OnKey:
    return OnKey(
        action,
        aliases=True,
        cross_account=True,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        ciphertext=ciphertext,
        algorithm="encryption_algorithm",
        encryption_context="encryption_context",
    )


_RECORDED = recorded(
    "key_id",
    "encryption_algorithm",
    "encryption_context",
    defaults={"encryption_algorithm": DEFAULT_ALGORITHM},
)


def _encrypt(
    call: Call, entry: KeyEntry, algorithm: str | None, plaintext: bytes, context: Mapping[str, str] | None
) -> tuple[bytes, KeyMaterialId | None]:
    """The ciphertext, and the id of the material if it is one of several."""
    if (algorithm is None or algorithm == DEFAULT_ALGORITHM) and entry.key.symmetric_encryption:
        return seal(call, entry, CiphertextKind.ENCRYPT, plaintext, context), entry.key.current_material
    key, suited = _rsa(call, entry, algorithm, context)
    most = most_plaintext(entry.key.spec, suited)
    if len(plaintext) > most:
        raise ValidationException(
            f"Algorithm {suited} and key spec {entry.key.spec} cannot encrypt data larger than {most} bytes."
        )
    return key.encrypt(suited, plaintext), None


def _decrypt(
    call: Call, entry: KeyEntry, algorithm: str | None, blob: bytes, context: Mapping[str, str] | None
) -> tuple[bytes, KeyMaterialId | None]:
    """The plaintext, and the id of the material that opened it if it is one of several.

    Without an algorithm the blob is taken for a symmetric one, whatever the key (recorded).
    """
    if algorithm is None or algorithm == DEFAULT_ALGORITHM:
        return open_blob(call, entry, blob, context)
    key, suited = _rsa(call, entry, algorithm, context)
    try:
        return key.decrypt(suited, blob), None
    except InvalidCiphertext:
        raise InvalidCiphertextException(None) from None


def _rsa(
    call: Call, entry: KeyEntry, algorithm: str | None, context: Mapping[str, str] | None
) -> tuple[EncryptionKeyPair, EncryptionAlgorithm]:
    """The RSA key and the algorithm, once they suit each other."""
    refuse_algorithm(entry, algorithm or DEFAULT_ALGORITHM)
    suited = EncryptionAlgorithm(algorithm or DEFAULT_ALGORITHM)  # known now: SM2PKE is no key's here
    if context:
        raise ValidationException(
            "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs."
        )
    return current_material(call, entry, EncryptionKeyPair), suited


def _check_encrypt(request: EncryptRequest) -> None:
    check_context(request.encryption_context)


def _check_decrypt(request: DecryptRequest) -> None:
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
    _on_key("kms:Encrypt"),
    check=_check_encrypt,
    recorded=_RECORDED,
)
def encrypt(call: Call, request: EncryptRequest) -> EncryptResponse:
    """Encrypts under the key's current material: up to 4096 bytes, with RSA what the algorithm takes."""
    entry, algorithm = call.key, request.encryption_algorithm
    blob, material_id = _encrypt(call, entry, algorithm, request.plaintext, request.encryption_context)
    if material_id is not None:
        call.event_data["keyMaterialId"] = material_id
    return EncryptResponse(
        ciphertext_blob=blob, key_id=entry.arn, encryption_algorithm=algorithm or DEFAULT_ALGORITHM
    )


@reads(
    "kms",
    "Decrypt",
    _on_key("kms:Decrypt", ciphertext="ciphertext_blob"),
    check=_check_decrypt,
    recipient="plaintext",
    labour=by_key(private=True),
    recorded=_RECORDED,
)
def decrypt(call: Call, request: DecryptRequest) -> DecryptResponse:
    """Decrypts what Encrypt, ReEncrypt or a data key operation made, with the material the blob names.

    An RSA ciphertext names nothing: its request names key and algorithm.
    """
    entry, algorithm = call.key, request.encryption_algorithm
    if request.ciphertext_blob is None or request.dry_run_modifiers:  # a dry run that ignores it
        refuse_algorithm(entry, algorithm or DEFAULT_ALGORITHM)
        return DecryptResponse()
    plaintext, material_id = _decrypt(
        call, entry, algorithm, request.ciphertext_blob, request.encryption_context
    )
    if material_id is not None:
        call.event_data["keyMaterialId"] = material_id
    return DecryptResponse(
        key_id=entry.arn,
        plaintext=plaintext,
        encryption_algorithm=algorithm or DEFAULT_ALGORITHM,
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
    labour=by_key(private=True),
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
    source_algorithm = request.source_encryption_algorithm or DEFAULT_ALGORITHM
    destination_algorithm = request.destination_encryption_algorithm or DEFAULT_ALGORITHM
    refuse_algorithm(destination, destination_algorithm)
    if request.ciphertext_blob is None or request.dry_run_modifiers:  # a dry run that ignores it
        refuse_algorithm(source, source_algorithm)
        return ReEncryptResponse()
    plaintext, opened_with = _decrypt(
        call, source, source_algorithm, request.ciphertext_blob, request.source_encryption_context
    )
    blob, sealed_with = _encrypt(
        call, destination, destination_algorithm, plaintext, request.destination_encryption_context
    )
    if opened_with is not None:
        call.event_data["sourceKeyMaterialId"] = opened_with
    if sealed_with is not None:
        call.event_data["destinationKeyMaterialId"] = sealed_with
    return ReEncryptResponse(
        ciphertext_blob=blob,
        source_key_id=source.arn,
        key_id=destination.arn,
        source_encryption_algorithm=source_algorithm,
        destination_encryption_algorithm=destination_algorithm,
        source_key_material_id=opened_with,
        destination_key_material_id=sealed_with,
    )
