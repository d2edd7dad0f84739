"""What each key spec is for: usages, algorithms and origins, as one table.

The order of usages, algorithms and specs is AWS's, which answers and sentences keep.
Source: KMS API Reference, CreateKey, and recordings of KeyMetadata.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from keystead.kinds import (
    EncapsulationAlgorithm,
    EncryptionAlgorithm,
    KeyAgreementAlgorithm,
    KeySpec,
    KeyUsage,
    MacAlgorithm,
    MessageType,
    Origin,
    SigningAlgorithm,
)

Algorithm = (
    EncryptionAlgorithm | SigningAlgorithm | MacAlgorithm | KeyAgreementAlgorithm | EncapsulationAlgorithm
)


@dataclass(frozen=True, slots=True)
class SpecTraits:
    """What a key spec allows.

    Attributes:
        algorithms: of each usage that it can have.
        origins: where its material may come from.
        symmetric: whether its keys have no public half.
    """

    algorithms: Mapping[KeyUsage, tuple[Algorithm, ...]]
    origins: tuple[Origin, ...] = (Origin.AWS_KMS, Origin.EXTERNAL)
    symmetric: bool = False


_RSA: Final = SpecTraits(
    {
        KeyUsage.ENCRYPT_DECRYPT: (
            EncryptionAlgorithm.RSAES_OAEP_SHA_1,
            EncryptionAlgorithm.RSAES_OAEP_SHA_256,
        ),
        KeyUsage.SIGN_VERIFY: (
            SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256,
            SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_384,
            SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_512,
            SigningAlgorithm.RSASSA_PSS_SHA_256,
            SigningAlgorithm.RSASSA_PSS_SHA_384,
            SigningAlgorithm.RSASSA_PSS_SHA_512,
        ),
    }
)
_ML_DSA: Final = SpecTraits(
    {KeyUsage.SIGN_VERIFY: (SigningAlgorithm.ML_DSA_SHAKE_256,)}, origins=(Origin.AWS_KMS,)
)
# Whether AWS imports ML-KEM keys is unverified.
_ML_KEM: Final = SpecTraits(
    {KeyUsage.ENCAPSULATE_DECAPSULATE: (EncapsulationAlgorithm.ML_KEM,)}, origins=(Origin.AWS_KMS,)
)


def _nist_curve(signing: SigningAlgorithm) -> SpecTraits:
    return SpecTraits(
        {KeyUsage.SIGN_VERIFY: (signing,), KeyUsage.KEY_AGREEMENT: (KeyAgreementAlgorithm.ECDH,)}
    )


def _hmac(algorithm: MacAlgorithm) -> SpecTraits:
    return SpecTraits({KeyUsage.GENERATE_VERIFY_MAC: (algorithm,)}, symmetric=True)


TRAITS: Final[Mapping[KeySpec, SpecTraits]] = MappingProxyType(
    {
        KeySpec.SYMMETRIC_DEFAULT: SpecTraits(
            {KeyUsage.ENCRYPT_DECRYPT: (EncryptionAlgorithm.SYMMETRIC_DEFAULT,)},
            origins=tuple(Origin),
            symmetric=True,
        ),
        KeySpec.RSA_2048: _RSA,
        KeySpec.RSA_3072: _RSA,
        KeySpec.RSA_4096: _RSA,
        KeySpec.ECC_NIST_P256: _nist_curve(SigningAlgorithm.ECDSA_SHA_256),
        KeySpec.ECC_NIST_P384: _nist_curve(SigningAlgorithm.ECDSA_SHA_384),
        KeySpec.ECC_NIST_P521: _nist_curve(SigningAlgorithm.ECDSA_SHA_512),
        KeySpec.ECC_SECG_P256K1: SpecTraits({KeyUsage.SIGN_VERIFY: (SigningAlgorithm.ECDSA_SHA_256,)}),
        KeySpec.ECC_NIST_EDWARDS25519: SpecTraits(
            {KeyUsage.SIGN_VERIFY: (SigningAlgorithm.ED25519_PH_SHA_512, SigningAlgorithm.ED25519_SHA_512)}
        ),
        KeySpec.ML_DSA_44: _ML_DSA,
        KeySpec.ML_DSA_65: _ML_DSA,
        KeySpec.ML_DSA_87: _ML_DSA,
        KeySpec.ML_KEM_512: _ML_KEM,
        KeySpec.ML_KEM_768: _ML_KEM,
        KeySpec.ML_KEM_1024: _ML_KEM,
        KeySpec.HMAC_224: _hmac(MacAlgorithm.HMAC_SHA_224),
        KeySpec.HMAC_256: _hmac(MacAlgorithm.HMAC_SHA_256),
        KeySpec.HMAC_384: _hmac(MacAlgorithm.HMAC_SHA_384),
        KeySpec.HMAC_512: _hmac(MacAlgorithm.HMAC_SHA_512),
    }
)
"""Every key spec that there are keys of."""

_RSA_BYTES: Final = {KeySpec.RSA_2048: 256, KeySpec.RSA_3072: 384, KeySpec.RSA_4096: 512}
_HASH_BYTES: Final = {"SHA_1": 20, "SHA_224": 28, "SHA_256": 32, "SHA_384": 48, "SHA_512": 64}

MU_BYTES: Final = 64
"""The length of an ML-DSA message representative (FIPS 204)."""


def hash_bytes(algorithm: Algorithm) -> int:
    """The length of the hash that an algorithm is named after."""
    family, _, bits = algorithm.rpartition("_")
    return _HASH_BYTES[f"{family.rpartition('_')[2]}_{bits}"]


def most_plaintext(spec: KeySpec, algorithm: EncryptionAlgorithm) -> int:
    """The longest plaintext of RSAES-OAEP in bytes (RFC 8017, section 7.1.1)."""
    return _RSA_BYTES[spec] - 2 * hash_bytes(algorithm) - 2


def takes(algorithm: SigningAlgorithm, message_type: MessageType) -> bool:
    """Whether Sign and Verify take a message of this type for the algorithm."""
    match message_type:
        case MessageType.RAW:
            return algorithm is not SigningAlgorithm.ED25519_PH_SHA_512
        case MessageType.DIGEST:
            return algorithm not in (SigningAlgorithm.ED25519_SHA_512, SigningAlgorithm.ML_DSA_SHAKE_256)
        case MessageType.EXTERNAL_MU:
            return algorithm is SigningAlgorithm.ML_DSA_SHAKE_256
