"""Encapsulate and Decapsulate."""

from keystead.crypto.key_material import EncapsulationKeyPair, InvalidCiphertext
from keystead.kinds import KeyUsage
from keystead.service.call import Call
from keystead.service.kms.labour import by_key
from keystead.service.kms.material import current_material, refuse_algorithm
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.kms import (
    DecapsulateRequest,
    DecapsulateResponse,
    EncapsulateRequest,
    EncapsulateResponse,
)
from keystead.shapes.kms_errors import InvalidCiphertextException


def _on_key(action: str) -> OnKey:
    return OnKey(action, aliases=True, cross_account=True, usage=KeyUsage.ENCAPSULATE_DECAPSULATE)


# What CloudTrail shows of these calls is unverified.
_RECORDED = recorded("key_id", "encapsulation_algorithm")


@reads("kms", "Encapsulate", _on_key("kms:Encapsulate"), labour=by_key(private=False), recorded=_RECORDED)
def encapsulate(call: Call, request: EncapsulateRequest) -> EncapsulateResponse:
    """A fresh shared secret, in plain and for the holder of the private key."""
    entry = call.key
    refuse_algorithm(entry, request.encapsulation_algorithm)
    secret, blob = current_material(call, entry, EncapsulationKeyPair).encapsulate()
    return EncapsulateResponse(
        key_id=entry.arn,
        shared_secret=secret,
        shared_secret_ciphertext_blob=blob,
        encapsulation_algorithm=request.encapsulation_algorithm,
    )


@reads("kms", "Decapsulate", _on_key("kms:Decapsulate"), labour=by_key(private=True), recorded=_RECORDED)
def decapsulate(call: Call, request: DecapsulateRequest) -> DecapsulateResponse:
    """The shared secret of a ciphertext; of one that is not genuine, a pseudo-random one (FIPS 203)."""
    entry = call.key
    refuse_algorithm(entry, request.encapsulation_algorithm)
    key = current_material(call, entry, EncapsulationKeyPair)
    try:
        secret = key.decapsulate(request.shared_secret_ciphertext_blob)
    except InvalidCiphertext:
        raise InvalidCiphertextException(None) from None
    return DecapsulateResponse(
        key_id=entry.arn,
        shared_secret=secret,
        encapsulation_algorithm=request.encapsulation_algorithm,
    )
