"""Sign and Verify."""

from keystead.crypto.key_material import InvalidSignature, SigningKeyPair
from keystead.kinds import KeyUsage, MessageType, SigningAlgorithm
from keystead.model.key_spec import MU_BYTES, TRAITS, hash_bytes, takes
from keystead.service.call import Call
from keystead.service.entries import KeyEntry
from keystead.service.kms.labour import by_key
from keystead.service.kms.material import current_material, refuse_algorithm
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import SignRequest, SignResponse, VerifyRequest, VerifyResponse
from keystead.shapes.kms_errors import KMSInvalidSignatureException


def _on_key(action: str) -> OnKey:
    return OnKey(action, aliases=True, cross_account=True, usage=KeyUsage.SIGN_VERIFY)


_RECORDED = recorded(
    "key_id", "signing_algorithm", "message_type", defaults={"message_type": MessageType.RAW}
)


def _suited(entry: KeyEntry, request: SignRequest | VerifyRequest) -> tuple[SigningAlgorithm, MessageType]:
    """Algorithm and message type, once they suit the key, each other and the message, in this order."""
    refuse_algorithm(entry, request.signing_algorithm)
    algorithm = SigningAlgorithm(request.signing_algorithm)  # known now: SM2DSA is no key's here
    message_type = MessageType(request.message_type or MessageType.RAW)
    if not takes(algorithm, message_type):
        of_spec = TRAITS[entry.key.spec].algorithms[KeyUsage.SIGN_VERIFY]
        taken = any(takes(SigningAlgorithm(one), message_type) for one in of_spec)
        what = f"algorithm {algorithm}" if taken else f"key spec {entry.key.spec}"
        raise ValidationException(f"Message type {message_type} is incompatible with {what}.")
    if message_type is MessageType.DIGEST and len(request.message) != hash_bytes(algorithm):
        raise ValidationException(f"Digest is invalid length for algorithm {algorithm}.")
    if message_type is MessageType.EXTERNAL_MU and len(request.message) != MU_BYTES:
        raise ValidationException(f"External Mu is invalid length for algorithm {algorithm}.")
    return algorithm, message_type


def _signature(call: Call, request: SignRequest) -> bytes:
    entry = call.key
    algorithm, message_type = _suited(entry, request)
    key = current_material(call, entry, SigningKeyPair)
    return key.sign(algorithm, message_type, request.message)


@reads(
    "kms",
    "Sign",
    _on_key("kms:Sign"),
    prepare=_signature,
    labour=by_key(private=True),
    recorded=_RECORDED,
)
def sign(call: Call, request: SignRequest) -> SignResponse:
    """A signature of a message or of its digest."""
    return SignResponse(
        key_id=call.key.arn, signature=call.prepared, signing_algorithm=request.signing_algorithm
    )


@reads("kms", "Verify", _on_key("kms:Verify"), labour=by_key(private=False), recorded=_RECORDED)
def verify(call: Call, request: VerifyRequest) -> VerifyResponse:
    """Whether a signature is good; a bad one is an exception."""
    entry = call.key
    algorithm, message_type = _suited(entry, request)
    key = current_material(call, entry, SigningKeyPair)
    try:
        key.verify(algorithm, message_type, request.message, request.signature)
    except InvalidSignature:
        raise KMSInvalidSignatureException(None) from None
    return VerifyResponse(key_id=entry.arn, signature_valid=True, signing_algorithm=request.signing_algorithm)
