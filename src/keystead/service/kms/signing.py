"""Sign and Verify."""

from functools import cache

from keystead.crypto.key_material import InvalidSignature, SigningKeyPair
from keystead.kinds import KeySpec, KeyUsage, MessageType, SigningAlgorithm
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
    algorithm, message_type = _chosen(entry.key.spec, request.signing_algorithm, request.message_type)
    if message_type is MessageType.DIGEST and len(request.message) != hash_bytes(algorithm):
        raise ValidationException(f"Digest is invalid length for algorithm {algorithm}.")
    if message_type is MessageType.EXTERNAL_MU and len(request.message) != MU_BYTES:
        raise ValidationException(f"External Mu is invalid length for algorithm {algorithm}.")
    return algorithm, message_type


@cache  # as many as AWS has kinds of all three
def _chosen(
    spec: KeySpec, signing_algorithm: str, message_type: str | None
) -> tuple[SigningAlgorithm, MessageType]:
    """What a request says, once the message type suits an algorithm that suits the key spec."""
    algorithm = SigningAlgorithm(signing_algorithm)  # known now: SM2DSA is no key's here
    given = MessageType(message_type or MessageType.RAW)
    if not takes(algorithm, given):
        of_spec = TRAITS[spec].algorithms[KeyUsage.SIGN_VERIFY]
        taken = any(takes(SigningAlgorithm(one), given) for one in of_spec)
        what = f"algorithm {algorithm}" if taken else f"key spec {spec}"
        raise ValidationException(f"Message type {given} is incompatible with {what}.")
    return algorithm, given


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
