"""GetPublicKey."""

from keystead.crypto.key_material import KeyPair
from keystead.model import Key
from keystead.service.call import Call
from keystead.service.kms.material import current_material
from keystead.service.kms.metadata import algorithms
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.kms import GetPublicKeyRequest, GetPublicKeyResponse
from keystead.shapes.kms_errors import UnsupportedOperationException


def _refuse_symmetric(key: Key) -> None:
    if key.symmetric:
        raise UnsupportedOperationException(None)


@reads(
    "kms",
    "GetPublicKey",
    OnKey("kms:GetPublicKey", aliases=True, cross_account=True, suits=_refuse_symmetric),
    recorded=recorded("key_id"),
)
def get_public_key(call: Call, _: GetPublicKeyRequest) -> GetPublicKeyResponse:
    """The public key as DER of SubjectPublicKeyInfo, and what it is for."""
    entry = call.key
    return GetPublicKeyResponse(
        key_id=entry.arn,
        public_key=current_material(call, entry, KeyPair).public_key,
        customer_master_key_spec=entry.key.spec.value,
        key_spec=entry.key.spec.value,
        key_usage=entry.key.usage.value,
        **algorithms(entry.key),
    )
