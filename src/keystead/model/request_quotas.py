"""Quotas of requests: which one a request counts against, and AWS's values, in requests a second.

They hold for an account in a Region. Source: KMS Developer Guide, "Request quotas" (2026). Quotas are called
as in Service Quotas, without the words " request rate". What the guide does not list is unverified: the
quotas of ML-KEM, of data key pairs of newer specs, and of operations since 2024.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

SYMMETRIC = "Cryptographic operations (symmetric)"
RSA = "Cryptographic operations (RSA)"
ECC = "Cryptographic operations (ECC)"
"""SM2 keys share it."""
ML_DSA = "Cryptographic operations (ML-DSA)"
ML_KEM = "Cryptographic operations (ML-KEM)"

BY_KEY = frozenset(
    """
    Decapsulate Decrypt DeriveSharedSecret Encapsulate Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext
    GenerateMac GenerateRandom ReEncrypt Sign Verify VerifyMac
    """.split()
)
"""Operations that count against the quota of their key's kind."""

BY_PAIR = frozenset({"GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"})
"""Operations that count against the quota of the spec of the pair, and of no other."""

# A key's spec begins with one of these, or the key is symmetric.
_KINDS = (("RSA_", RSA), ("ECC_", ECC), ("SM2", ECC), ("ML_DSA_", ML_DSA), ("ML_KEM_", ML_KEM))

_PAIRS = {
    "ECC_NIST_P256": 25.0,
    "ECC_SECG_P256K1": 25.0,
    "ECC_NIST_EDWARDS25519": 25.0,
    "SM2": 25.0,
    "ML_KEM_512": 25.0,
    "ML_KEM_768": 25.0,
    "ML_KEM_1024": 25.0,
    "ECC_NIST_P384": 10.0,
    "ECC_NIST_P521": 5.0,
    "RSA_2048": 1.0,
    "RSA_3072": 0.5,
    "RSA_4096": 0.1,
}

_MANAGEMENT = {
    2000.0: "DescribeKey GetPublicKey ListResourceTags",
    1000.0: "GetKeyPolicy GetKeyRotationStatus",
    500.0: "ListAliases ListKeys",
    100.0: "ListGrants ListKeyPolicies ListRetirableGrants",
    50.0: "CreateGrant",
    30.0: "RetireGrant RevokeGrant",
    15.0: "DeleteAlias EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion",
    10.0: "TagResource",
    5.0: """
        CancelKeyDeletion ConnectCustomKeyStore CreateAlias CreateCustomKeyStore CreateKey
        DeleteCustomKeyStore DeleteImportedKeyMaterial DescribeCustomKeyStores DisableKey DisableKeyRotation
        DisconnectCustomKeyStore EnableKey GetKeyLastUsage ImportKeyMaterial ListKeyRotations ReplicateKey
        RotateKeyOnDemand UntagResource UpdateAlias UpdateCustomKeyStore UpdateKeyDescription
        UpdatePrimaryRegion
        """,
    0.25: "GetParametersForImport",
}


@dataclass(frozen=True, slots=True)
class RequestQuotas:
    """Requests a second, by quota; one that is not there does not hold.

    Attributes:
        rates: by name.
        regional: by name and Region, where a Region has another value.
    """

    rates: Mapping[str, float]
    regional: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def rate(self, quota: str, region: str) -> float | None:
        """Requests a second that an account may make there, None for any number."""
        return self.regional.get((quota, region)) or self.rates.get(quota)


def pair_quota(spec: str) -> str:
    """The quota of data key pairs of a spec."""
    return f"GenerateDataKeyPair ({spec})"


AWS_REQUEST_QUOTAS = RequestQuotas(
    {SYMMETRIC: 10_000.0, RSA: 1000.0, ECC: 1000.0, ML_DSA: 1000.0, ML_KEM: 1000.0}
    | {pair_quota(spec): rate for spec, rate in _PAIRS.items()}
    | {name: rate for rate, names in _MANAGEMENT.items() for name in names.split()},
    {
        (SYMMETRIC, region): rate
        for rate, regions in (
            (20_000.0, "ap-northeast-1 ap-southeast-1 ap-southeast-2 eu-central-1 eu-west-2 us-east-2"),
            (50_000.0, "eu-west-1 us-east-1 us-west-2"),  # (unverified)
        )
        for region in regions.split()
    },
)


def quota_of(operation: str, spec: str | None) -> str:
    """The quota that a request counts against.

    Args:
        operation: of KMS.
        spec: of the key for those of `BY_KEY`, None for a key that is not there and where none is used; of
            the pair for those of `BY_PAIR`; else it does not matter.
    """
    if operation in BY_KEY:
        return next((quota for begin, quota in _KINDS if spec and spec.startswith(begin)), SYMMETRIC)
    if operation in BY_PAIR:
        return pair_quota(spec or "")
    return operation
