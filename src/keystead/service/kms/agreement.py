"""DeriveSharedSecret."""

from keystead.crypto.key_material import AgreementKeyPair, InvalidPublicKey
from keystead.kinds import KeyUsage
from keystead.service.call import Call
from keystead.service.kms.labour import by_key
from keystead.service.kms.material import current_material, refuse_algorithm
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import DeriveSharedSecretRequest, DeriveSharedSecretResponse


@reads(
    "kms",
    "DeriveSharedSecret",
    OnKey("kms:DeriveSharedSecret", aliases=True, cross_account=True, usage=KeyUsage.KEY_AGREEMENT),
    recipient="shared_secret",
    labour=by_key(private=True),
    recorded=recorded("key_id", "key_agreement_algorithm"),
)
def derive_shared_secret(call: Call, request: DeriveSharedSecretRequest) -> DeriveSharedSecretResponse:
    """The raw shared secret of the key and another party's public key."""
    entry = call.key
    refuse_algorithm(entry, request.key_agreement_algorithm)
    try:
        secret = current_material(call, entry, AgreementKeyPair).shared_secret(request.public_key)
    except InvalidPublicKey:
        raise ValidationException(None) from None
    return DeriveSharedSecretResponse(
        key_id=entry.arn,
        shared_secret=secret,
        key_agreement_algorithm=request.key_agreement_algorithm,
        key_origin=entry.key.origin.value,
    )
