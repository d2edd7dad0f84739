"""Closed vocabularies, in AWS's words and spellings.

Members equal their wire text, so that a decoded request can be compared with them directly.
Source: the KMS API Reference (2014-11-01) unless a class says otherwise.
"""

from enum import StrEnum


class KeySpec(StrEnum):
    """What kind of key material a KMS key holds."""

    SYMMETRIC_DEFAULT = "SYMMETRIC_DEFAULT"
    """AES-256 in GCM."""
    RSA_2048 = "RSA_2048"
    RSA_3072 = "RSA_3072"
    RSA_4096 = "RSA_4096"
    ECC_NIST_P256 = "ECC_NIST_P256"
    ECC_NIST_P384 = "ECC_NIST_P384"
    ECC_NIST_P521 = "ECC_NIST_P521"
    ECC_SECG_P256K1 = "ECC_SECG_P256K1"
    ECC_NIST_EDWARDS25519 = "ECC_NIST_EDWARDS25519"
    ML_DSA_44 = "ML_DSA_44"
    ML_DSA_65 = "ML_DSA_65"
    ML_DSA_87 = "ML_DSA_87"
    ML_KEM_512 = "ML_KEM_512"
    ML_KEM_768 = "ML_KEM_768"
    ML_KEM_1024 = "ML_KEM_1024"
    HMAC_224 = "HMAC_224"
    HMAC_256 = "HMAC_256"
    HMAC_384 = "HMAC_384"
    HMAC_512 = "HMAC_512"
    SM2 = "SM2"
    """Of the China Regions, which Keystead does not have: a request may name it, and is refused."""


class KeyUsage(StrEnum):
    """The cryptographic operations a KMS key is for; never changes."""

    ENCRYPT_DECRYPT = "ENCRYPT_DECRYPT"
    SIGN_VERIFY = "SIGN_VERIFY"
    GENERATE_VERIFY_MAC = "GENERATE_VERIFY_MAC"
    KEY_AGREEMENT = "KEY_AGREEMENT"
    ENCAPSULATE_DECAPSULATE = "ENCAPSULATE_DECAPSULATE"


class KeyState(StrEnum):
    """Where a key stands in its life (KMS Developer Guide, "Key states of AWS KMS keys")."""

    CREATING = "Creating"
    ENABLED = "Enabled"
    DISABLED = "Disabled"
    PENDING_DELETION = "PendingDeletion"
    PENDING_REPLICA_DELETION = "PendingReplicaDeletion"
    PENDING_IMPORT = "PendingImport"
    UNAVAILABLE = "Unavailable"
    UPDATING = "Updating"


class Origin(StrEnum):
    """Where the key material comes from."""

    AWS_KMS = "AWS_KMS"
    EXTERNAL = "EXTERNAL"
    AWS_CLOUDHSM = "AWS_CLOUDHSM"
    EXTERNAL_KEY_STORE = "EXTERNAL_KEY_STORE"


class KeyManager(StrEnum):
    """Who manages a key: a customer, or AWS for a service."""

    CUSTOMER = "CUSTOMER"
    AWS = "AWS"


class RotationType(StrEnum):
    """What led to a rotation."""

    AUTOMATIC = "AUTOMATIC"
    ON_DEMAND = "ON_DEMAND"


class EncryptionAlgorithm(StrEnum):
    """Algorithms of Encrypt and Decrypt."""

    SYMMETRIC_DEFAULT = "SYMMETRIC_DEFAULT"
    RSAES_OAEP_SHA_1 = "RSAES_OAEP_SHA_1"
    RSAES_OAEP_SHA_256 = "RSAES_OAEP_SHA_256"


class SigningAlgorithm(StrEnum):
    """Algorithms of Sign and Verify."""

    RSASSA_PKCS1_V1_5_SHA_256 = "RSASSA_PKCS1_V1_5_SHA_256"
    RSASSA_PKCS1_V1_5_SHA_384 = "RSASSA_PKCS1_V1_5_SHA_384"
    RSASSA_PKCS1_V1_5_SHA_512 = "RSASSA_PKCS1_V1_5_SHA_512"
    RSASSA_PSS_SHA_256 = "RSASSA_PSS_SHA_256"
    RSASSA_PSS_SHA_384 = "RSASSA_PSS_SHA_384"
    RSASSA_PSS_SHA_512 = "RSASSA_PSS_SHA_512"
    ECDSA_SHA_256 = "ECDSA_SHA_256"
    ECDSA_SHA_384 = "ECDSA_SHA_384"
    ECDSA_SHA_512 = "ECDSA_SHA_512"
    ED25519_PH_SHA_512 = "ED25519_PH_SHA_512"
    ED25519_SHA_512 = "ED25519_SHA_512"
    ML_DSA_SHAKE_256 = "ML_DSA_SHAKE_256"


class MessageType(StrEnum):
    """What Sign and Verify are given: the message, its digest, or for ML-DSA its representative mu."""

    RAW = "RAW"
    DIGEST = "DIGEST"
    EXTERNAL_MU = "EXTERNAL_MU"


class MacAlgorithm(StrEnum):
    """Algorithms of GenerateMac and VerifyMac."""

    HMAC_SHA_224 = "HMAC_SHA_224"
    HMAC_SHA_256 = "HMAC_SHA_256"
    HMAC_SHA_384 = "HMAC_SHA_384"
    HMAC_SHA_512 = "HMAC_SHA_512"


class KeyAgreementAlgorithm(StrEnum):
    """Algorithms of DeriveSharedSecret."""

    ECDH = "ECDH"


class EncapsulationAlgorithm(StrEnum):
    """Algorithms of Encapsulate and Decapsulate."""

    ML_KEM = "ML_KEM"


class WrappingAlgorithm(StrEnum):
    """How imported key material is encrypted on its way (KMS API, `AlgorithmSpec`); not the withdrawn one."""

    RSAES_OAEP_SHA_1 = "RSAES_OAEP_SHA_1"
    RSAES_OAEP_SHA_256 = "RSAES_OAEP_SHA_256"
    RSA_AES_KEY_WRAP_SHA_1 = "RSA_AES_KEY_WRAP_SHA_1"
    RSA_AES_KEY_WRAP_SHA_256 = "RSA_AES_KEY_WRAP_SHA_256"


class ExpirationModel(StrEnum):
    """Whether imported key material expires (KMS API, `ExpirationModelType`)."""

    EXPIRES = "KEY_MATERIAL_EXPIRES"
    DOES_NOT_EXPIRE = "KEY_MATERIAL_DOES_NOT_EXPIRE"


class ImportType(StrEnum):
    """Whether imported key material is new to its key."""

    NEW = "NEW_KEY_MATERIAL"
    EXISTING = "EXISTING_KEY_MATERIAL"


class ImportState(StrEnum):
    """Whether a version of imported key material is there."""

    IMPORTED = "IMPORTED"
    PENDING_IMPORT = "PENDING_IMPORT"


class KeyMaterialState(StrEnum):
    """What a version of key material is to its key."""

    CURRENT = "CURRENT"
    NON_CURRENT = "NON_CURRENT"
    PENDING_ROTATION = "PENDING_ROTATION"
    PENDING_MULTI_REGION_IMPORT_AND_ROTATION = "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"


class GrantOperation(StrEnum):
    """What a grant may permit, in the order of AWS's model, which its sentences keep."""

    DECRYPT = "Decrypt"
    ENCRYPT = "Encrypt"
    GENERATE_DATA_KEY = "GenerateDataKey"
    GENERATE_DATA_KEY_WITHOUT_PLAINTEXT = "GenerateDataKeyWithoutPlaintext"
    RE_ENCRYPT_FROM = "ReEncryptFrom"
    RE_ENCRYPT_TO = "ReEncryptTo"
    SIGN = "Sign"
    VERIFY = "Verify"
    GET_PUBLIC_KEY = "GetPublicKey"
    CREATE_GRANT = "CreateGrant"
    RETIRE_GRANT = "RetireGrant"
    DESCRIBE_KEY = "DescribeKey"
    GENERATE_DATA_KEY_PAIR = "GenerateDataKeyPair"
    GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT = "GenerateDataKeyPairWithoutPlaintext"
    GENERATE_MAC = "GenerateMac"
    VERIFY_MAC = "VerifyMac"
    DERIVE_SHARED_SECRET = "DeriveSharedSecret"  # noqa: S105 (an operation, not a secret)
    ENCAPSULATE = "Encapsulate"
    DECAPSULATE = "Decapsulate"


class PrincipalType(StrEnum):
    """What an IAM entity is."""

    USER = "user"
    ROLE = "role"


class CredentialStatus(StrEnum):
    """Whether an access key may sign requests (IAM API, `statusType`)."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"


class AccountState(StrEnum):
    """Where an account stands in its life (Organizations API, `AccountState`)."""

    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"


class FeatureSet(StrEnum):
    """What an organization is for (Organizations API, `OrganizationFeatureSet`)."""

    ALL = "ALL"
    CONSOLIDATED_BILLING = "CONSOLIDATED_BILLING"


class OrganizationPolicyType(StrEnum):
    """The kinds of organization policies that decide about requests (Organizations API, `PolicyType`)."""

    SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
    RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"


class JoinedMethod(StrEnum):
    """How an account came into its organization (Organizations API, `AccountJoinedMethod`)."""

    INVITED = "INVITED"
    CREATED = "CREATED"


class HandshakeState(StrEnum):
    """Where an invitation stands (Organizations API, `HandshakeState`)."""

    OPEN = "OPEN"
    CANCELED = "CANCELED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


class CreateAccountState(StrEnum):
    """How a CreateAccount ended (Organizations API, `CreateAccountState`)."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class OldAccessKeys(StrEnum):
    """What becomes of a root user's access keys when `keystead credential rotate` makes one; our words."""

    KEEP = "keep"
    DEACTIVATE = "deactivate"
    DELETE = "delete"


class MultiRegionKeyType(StrEnum):
    """Which of the related keys one is (KMS API, `MultiRegionConfiguration`)."""

    PRIMARY = "PRIMARY"
    REPLICA = "REPLICA"


REGIONS: frozenset[str] = frozenset(
    """
    af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
    ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6
    ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2
    eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1
    us-east-1 us-east-2 us-west-1 us-west-2
    """.split()
)
"""The Regions of the standard partition; a test compares them with botocore's endpoint data."""

OTHER_REGIONS: frozenset[str] = frozenset(
    """
    cn-north-1 cn-northwest-1 eu-isoe-west-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 us-iso-east-1
    us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1
    """.split()
)
"""The Regions of the other partitions, which have a sentence of their own; a test compares them likewise."""
