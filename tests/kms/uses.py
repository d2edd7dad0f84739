"""The operations on keys of the families: for each a key that suits it, a call that works, and its faults."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore import xform_name

Arguments = dict[str, Any]

MESSAGE = b"the message"
INVALID_USAGE = "InvalidKeyUsageException"
"""Of algorithms that are not the key's too."""


@dataclass(frozen=True)
class Fault:
    """Arguments with which the operation itself refuses the call, and how."""

    code: str
    message: str
    arguments: Arguments


@dataclass(frozen=True)
class Use:
    """An operation under a kind of key.

    Attributes:
        arguments: those of a call that works, beside the key; from a client and the key's ARN.
        misused: a kind of key with another usage.
        faults: in the order in which they are told.
    """

    operation: str
    spec: str
    usage: str
    arguments: Callable[[Any, str], Arguments]
    misused: tuple[str, str] = ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
    faults: tuple[Fault, ...] = ()

    @property
    def method(self) -> str:
        """What boto3 calls it."""
        return str(xform_name(self.operation))

    def call(self, kms: Any, **arguments: Any) -> Any:
        return getattr(kms, self.method)(**arguments)


def _sign(_kms: Any, _key: str) -> Arguments:
    return {"Message": MESSAGE, "SigningAlgorithm": "ECDSA_SHA_256"}


def _verify(kms: Any, key: str) -> Arguments:
    signed = _sign(kms, key)
    return signed | {"Signature": kms.sign(KeyId=key, **signed)["Signature"]}


def _mac(_kms: Any, _key: str) -> Arguments:
    return {"Message": MESSAGE, "MacAlgorithm": "HMAC_SHA_256"}


def _verify_mac(kms: Any, key: str) -> Arguments:
    made = _mac(kms, key)
    return made | {"Mac": kms.generate_mac(KeyId=key, **made)["Mac"]}


def _derive(kms: Any, key: str) -> Arguments:
    public = kms.get_public_key(KeyId=key)["PublicKey"]
    return {"KeyAgreementAlgorithm": "ECDH", "PublicKey": public}


def _encapsulate(_kms: Any, _key: str) -> Arguments:
    return {"EncapsulationAlgorithm": "ML_KEM"}


def _decapsulate(kms: Any, key: str) -> Arguments:
    asked = _encapsulate(kms, key)
    blob = kms.encapsulate(KeyId=key, **asked)["SharedSecretCiphertextBlob"]
    return asked | {"SharedSecretCiphertextBlob": blob}


def _encrypt(_kms: Any, _key: str) -> Arguments:
    return {"Plaintext": MESSAGE, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}


def _decrypt(kms: Any, key: str) -> Arguments:
    blob = kms.encrypt(KeyId=key, **_encrypt(kms, key))["CiphertextBlob"]
    return {"CiphertextBlob": blob, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}


def _pair(_kms: Any, _key: str) -> Arguments:
    return {"KeyPairSpec": "ECC_NIST_P256"}


def _incompatible(algorithm: str, spec: str, member: str) -> Fault:
    sentence = f"Algorithm {algorithm} is incompatible with key spec {spec}."
    return Fault(INVALID_USAGE, sentence, {member: algorithm})


_SIGN_FAULTS = (
    _incompatible("RSASSA_PSS_SHA_512", "ECC_NIST_P256", "SigningAlgorithm"),
    _incompatible("SM2DSA", "ECC_NIST_P256", "SigningAlgorithm"),
    Fault(
        "ValidationException",
        "Message type EXTERNAL_MU is incompatible with key spec ECC_NIST_P256.",
        {"MessageType": "EXTERNAL_MU"},
    ),
    Fault(
        "ValidationException",
        "Digest is invalid length for algorithm ECDSA_SHA_256.",
        {"MessageType": "DIGEST", "Message": b"\x01" * 31},
    ),
)
_CONTEXT = Fault(
    "ValidationException",
    "EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.",
    {"EncryptionContext": {"app": "pay"}},
)
_MAC_KIND = ("HMAC_256", "GENERATE_VERIFY_MAC")
_PLAIN_CURVE = ("ECC_NIST_P256", "SIGN_VERIFY")

USES = (
    Use("Sign", *_PLAIN_CURVE, _sign, faults=_SIGN_FAULTS),
    Use(
        "Verify",
        *_PLAIN_CURVE,
        _verify,
        faults=(*_SIGN_FAULTS, Fault("KMSInvalidSignatureException", "", {"Signature": b"\x30\x00"})),
    ),
    Use(
        "GenerateMac",
        *_MAC_KIND,
        _mac,
        faults=(_incompatible("HMAC_SHA_512", "HMAC_256", "MacAlgorithm"),),
    ),
    Use(
        "VerifyMac",
        *_MAC_KIND,
        _verify_mac,
        faults=(
            _incompatible("HMAC_SHA_512", "HMAC_256", "MacAlgorithm"),
            Fault("KMSInvalidMacException", "", {"Mac": b"\x00" * 7}),
        ),
    ),
    Use(
        "DeriveSharedSecret",
        "ECC_NIST_P256",
        "KEY_AGREEMENT",
        _derive,
        misused=_PLAIN_CURVE,
        faults=(Fault("ValidationException", "", {"PublicKey": b"no key"}),),
    ),
    Use("Encapsulate", "ML_KEM_768", "ENCAPSULATE_DECAPSULATE", _encapsulate, misused=_PLAIN_CURVE),
    Use(
        "Decapsulate",
        "ML_KEM_768",
        "ENCAPSULATE_DECAPSULATE",
        _decapsulate,
        faults=(Fault("InvalidCiphertextException", "", {"SharedSecretCiphertextBlob": b"x" * 1087}),),
    ),
    Use(
        "Encrypt",
        "RSA_2048",
        "ENCRYPT_DECRYPT",
        _encrypt,
        misused=_MAC_KIND,
        faults=(
            _incompatible("SM2PKE", "RSA_2048", "EncryptionAlgorithm"),
            _CONTEXT,
            Fault(
                "ValidationException",
                "Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 "
                "cannot encrypt data larger than 190 bytes.",
                {"Plaintext": b"x" * 191},
            ),
        ),
    ),
    Use(
        "Decrypt",
        "RSA_2048",
        "ENCRYPT_DECRYPT",
        _decrypt,
        misused=_MAC_KIND,
        faults=(
            _incompatible("SM2PKE", "RSA_2048", "EncryptionAlgorithm"),
            _CONTEXT,
            Fault("InvalidCiphertextException", "", {"CiphertextBlob": b"x" * 256}),
        ),
    ),
    Use("GenerateDataKeyPair", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", _pair, misused=_MAC_KIND),
    Use(
        "GenerateDataKeyPairWithoutPlaintext",
        "SYMMETRIC_DEFAULT",
        "ENCRYPT_DECRYPT",
        _pair,
        misused=_MAC_KIND,
    ),
)
"""Each member of a fault replaces one of a call that works, so that faults can be put together."""
