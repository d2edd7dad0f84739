"""GenerateDataKey, GenerateDataKeyPair and their forms WithoutPlaintext."""

from keystead.crypto.ciphertext import CiphertextKind
from keystead.crypto.key_families import new_key_pair
from keystead.crypto.key_material import KeyPair
from keystead.kinds import KeySpec, KeyUsage
from keystead.model import Key
from keystead.service.call import Call
from keystead.service.kms.blobs import check_context, seal
from keystead.service.kms.labour import of_new_pair
from keystead.service.operation import OnKey, reads, recorded
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    GenerateDataKeyPairRequest,
    GenerateDataKeyPairResponse,
    GenerateDataKeyPairWithoutPlaintextRequest,
    GenerateDataKeyPairWithoutPlaintextResponse,
    GenerateDataKeyRequest,
    GenerateDataKeyResponse,
    GenerateDataKeyWithoutPlaintextRequest,
    GenerateDataKeyWithoutPlaintextResponse,
)
from keystead.shapes.kms_errors import InvalidKeyUsageException, UnsupportedOperationException

DATA_KEY_BYTES = {"AES_128": 16, "AES_256": 32}

DataKeyRequest = GenerateDataKeyRequest | GenerateDataKeyWithoutPlaintextRequest
DataKeyPairRequest = GenerateDataKeyPairRequest | GenerateDataKeyPairWithoutPlaintextRequest


def _on_key(action: str) -> OnKey:
    return OnKey(
        action,
        aliases=True,
        cross_account=True,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        encryption_context="encryption_context",
    )


def _refuse_asymmetric(key: Key, what: str) -> None:
    """Refuses RSA keys; of a data key the sentence is unverified."""
    if not key.symmetric_encryption:
        raise InvalidKeyUsageException(f"You cannot generate a {what} with an asymmetric CMK")


def _check_data_key(request: DataKeyRequest) -> None:
    check_context(request.encryption_context)
    if (request.key_spec is None) == (request.number_of_bytes is None):
        raise ValidationException("Please specify either number of bytes or key spec.")


def _data_key(call: Call, request: DataKeyRequest) -> tuple[bytes, bytes]:
    """A fresh data key and its ciphertext."""
    _refuse_asymmetric(call.key.key, "data key")
    size = DATA_KEY_BYTES[request.key_spec] if request.key_spec is not None else request.number_of_bytes
    assert size is not None
    plaintext = call.random(size)
    blob = seal(call, call.key, CiphertextKind.DATA_KEY, plaintext, request.encryption_context)
    call.event_data["keyMaterialId"] = call.key.key.current_material
    return plaintext, blob


_DATA_KEY_RECORDED = recorded("key_id", "key_spec", "number_of_bytes", "encryption_context")


@reads(
    "kms",
    "GenerateDataKey",
    _on_key("kms:GenerateDataKey"),
    check=_check_data_key,
    recipient="plaintext",
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
    check=_check_data_key,
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


def _check_pair(request: DataKeyPairRequest) -> None:
    check_context(request.encryption_context)
    if request.key_pair_spec == KeySpec.SM2:
        # SM2 is of the China Regions; the sentence is unverified.
        raise UnsupportedOperationException(f"KeyPairSpec {request.key_pair_spec} is not supported.")


def _new_pair(call: Call, request: DataKeyPairRequest) -> KeyPair:
    """A fresh key pair; one of RSA takes a tenth of a second or more."""
    _refuse_asymmetric(call.key.key, "data key pair")
    return new_key_pair(KeySpec(request.key_pair_spec))


def _data_key_pair(call: Call, request: DataKeyPairRequest) -> tuple[KeyPair, bytes]:
    """The key pair and the ciphertext of its private key, which is PKCS #8."""
    pair: KeyPair = call.prepared
    private = pair.private_bytes()
    blob = seal(call, call.key, CiphertextKind.DATA_KEY, private, request.encryption_context)
    call.event_data["keyMaterialId"] = call.key.key.current_material
    return pair, blob


_PAIR_RECORDED = recorded("key_id", "key_pair_spec", "encryption_context")


@reads(
    "kms",
    "GenerateDataKeyPair",
    _on_key("kms:GenerateDataKeyPair"),
    check=_check_pair,
    prepare=_new_pair,
    recipient="private_key_plaintext",
    labour=of_new_pair,
    recorded=_PAIR_RECORDED,
)
def generate_data_key_pair(call: Call, request: GenerateDataKeyPairRequest) -> GenerateDataKeyPairResponse:
    """A key pair for use outside: the public key, and the private one in plain and encrypted."""
    pair, blob = _data_key_pair(call, request)
    return GenerateDataKeyPairResponse(
        private_key_ciphertext_blob=blob,
        private_key_plaintext=pair.private_bytes(),
        public_key=pair.public_key,
        key_id=call.key.arn,
        key_pair_spec=request.key_pair_spec,
        key_material_id=call.key.key.current_material,
    )


@reads(
    "kms",
    "GenerateDataKeyPairWithoutPlaintext",
    _on_key("kms:GenerateDataKeyPairWithoutPlaintext"),
    check=_check_pair,
    prepare=_new_pair,
    labour=of_new_pair,
    recorded=_PAIR_RECORDED,
)
def generate_data_key_pair_without_plaintext(
    call: Call, request: GenerateDataKeyPairWithoutPlaintextRequest
) -> GenerateDataKeyPairWithoutPlaintextResponse:
    """A key pair, the private key encrypted only."""
    pair, blob = _data_key_pair(call, request)
    return GenerateDataKeyPairWithoutPlaintextResponse(
        private_key_ciphertext_blob=blob,
        public_key=pair.public_key,
        key_id=call.key.arn,
        key_pair_spec=request.key_pair_spec,
        key_material_id=call.key.key.current_material,
    )
