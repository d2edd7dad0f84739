"""Attested callers: what proves a `Recipient`, and the answer that only it can read.

A document is verified before authorization, which decides by what it says, and before the look-up of keys,
so that its refusal tells nothing of them. The order is unverified, and so are the sentences.
Documents can be used again while they are new: what is answered opens with the enclave's key alone.
"""

import base64
from typing import TypeVar

from msgspec.structs import replace

from keystead.crypto import enveloped_data
from keystead.crypto.attestation import AttestationDocument, InvalidAttestationDocument
from keystead.service.call import Call
from keystead.service.lookup import null_member
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import RecipientInfo
from keystead.shapes.record import Record

_RECORDED_PCRS = (1, 2, 3, 4, 8)
"""The registers that events show beside that of the image, in the examples of the KMS Developer Guide."""

_IMAGE = 0

R = TypeVar("R", bound=Record)


def attest(call: Call, recipient: RecipientInfo) -> None:
    """Notes in the call what its `Recipient` proves, for policies, the event and the answer.

    It takes milliseconds. The event shows it of calls that are denied, too (unverified).

    Raises:
        ValidationException: it proves nothing, or there are no roots to verify it with.
    """
    if recipient.key_encryption_algorithm is None:
        raise null_member("recipient.key_encryption_algorithm")
    if recipient.attestation_document is None:
        raise null_member("recipient.attestation_document")
    if call.attestation_roots is None:
        raise ValidationException(
            "Recipient cannot be used: this server trusts no root of attestation documents "
            "(setting attestation_roots)."
        )
    try:
        document = call.attestation_roots.verify(recipient.attestation_document, call.time)
    except InvalidAttestationDocument as invalid:
        raise ValidationException(f"The attestation document is not valid: {invalid}.") from None
    call.recipient = document
    call.event_data["recipient"] = _recorded(document)


def _recorded(document: AttestationDocument) -> dict[str, str]:
    """What events show of a document; measurements in base64 (seen in the field)."""
    shown = {"attestationDocumentModuleId": document.module_id}
    names = {_IMAGE: "ImageDigest"} | {register: f"PCR{register}" for register in _RECORDED_PCRS}
    for register, name in names.items():
        if register in document.pcrs:
            measurement = base64.b64encode(document.pcrs[register]).decode()
            shown[f"attestationDocumentEnclave{name}"] = measurement
    return shown


def for_recipient(call: Call, recipient: AttestationDocument, response: R) -> R:
    """The response with its secret member encrypted for the recipient, and no `KeyMaterialId`."""
    secret = call.operation.recipient
    plaintext = getattr(response, secret)
    if plaintext is None:  # a dry run that makes none
        return response
    sealed = enveloped_data.seal(recipient.public_key, plaintext, call.random)
    changed = {secret: None, "ciphertext_for_recipient": sealed, "key_material_id": None}
    return replace(response, **{name: changed[name] for name in changed if hasattr(response, name)})
