"""Requests and responses of AWS Key Management Service.

Written by `tools/generate_shapes.py` from AWS's model kms 2014-11-01: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from keystead.shapes.record import OperationShape, Record, ServiceShape

KeyIdType = Annotated[str, Meta(min_length=1, max_length=2048)]


class CancelKeyDeletionRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType


class CancelKeyDeletionResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None


CustomKeyStoreIdType = Annotated[str, Meta(min_length=1, max_length=64)]


class ConnectCustomKeyStoreRequest(Record, frozen=True, kw_only=True):
    custom_key_store_id: CustomKeyStoreIdType


class ConnectCustomKeyStoreResponse(Record, frozen=True, kw_only=True):
    pass


AliasNameType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=256,
        pattern=r"^(?a:^[a-zA-Z0-9:/_-]+$)\Z",
        extra={"pattern": r"^[a-zA-Z0-9:/_-]+$"},
    ),
]


class CreateAliasRequest(Record, frozen=True, kw_only=True):
    alias_name: AliasNameType
    target_key_id: KeyIdType


CustomKeyStoreNameType = Annotated[str, Meta(min_length=1, max_length=256)]


CloudHsmClusterIdType = Annotated[
    str,
    Meta(
        min_length=19,
        max_length=24,
        pattern=r"^(?a:cluster-[2-7a-zA-Z]{11,16})\Z",
        extra={"pattern": r"cluster-[2-7a-zA-Z]{11,16}"},
    ),
]


TrustAnchorCertificateType = Annotated[str, Meta(min_length=1, max_length=5000)]


KeyStorePasswordType = Annotated[str, Meta(min_length=7, max_length=32)]


CustomKeyStoreType = Literal["AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]


XksProxyUriEndpointType = Annotated[
    str,
    Meta(
        min_length=10,
        max_length=128,
        pattern=r"^(?a:^https://[a-zA-Z0-9.-]+$)\Z",
        extra={"pattern": r"^https://[a-zA-Z0-9.-]+$"},
    ),
]


XksProxyUriPathType = Annotated[
    str,
    Meta(
        min_length=10,
        max_length=128,
        pattern=r"^(?a:^(/[a-zA-Z0-9\/_-]+/kms/xks/v\d{1,2})$|^(/kms/xks/v\d{1,2})$)\Z",
        extra={"pattern": r"^(/[a-zA-Z0-9\/_-]+/kms/xks/v\d{1,2})$|^(/kms/xks/v\d{1,2})$"},
    ),
]


XksProxyVpcEndpointServiceNameType = Annotated[
    str,
    Meta(
        min_length=20,
        max_length=64,
        pattern=r"^(?a:^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$)\Z",
        extra={"pattern": r"^(com|eu)\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$"},
    ),
]


AccountIdType = Annotated[
    str, Meta(min_length=12, max_length=12, pattern=r"^(?a:[0-9]{12})\Z", extra={"pattern": r"[0-9]{12}"})
]


XksProxyAuthenticationAccessKeyIdType = Annotated[
    str, Meta(min_length=20, max_length=30, pattern=r"^(?a:^[A-Z2-7]+$)\Z", extra={"pattern": r"^[A-Z2-7]+$"})
]


XksProxyAuthenticationRawSecretAccessKeyType = Annotated[
    str,
    Meta(
        min_length=43,
        max_length=64,
        pattern=r"^(?a:^[a-zA-Z0-9\/+=]+$)\Z",
        extra={"pattern": r"^[a-zA-Z0-9\/+=]+$"},
    ),
]


class XksProxyAuthenticationCredentialType(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"access_key_id", "raw_secret_access_key"})

    access_key_id: XksProxyAuthenticationAccessKeyIdType
    raw_secret_access_key: XksProxyAuthenticationRawSecretAccessKeyType


XksProxyConnectivityType = Literal["PUBLIC_ENDPOINT", "VPC_ENDPOINT_SERVICE"]


class CreateCustomKeyStoreRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"key_store_password"})

    custom_key_store_name: CustomKeyStoreNameType
    cloud_hsm_cluster_id: CloudHsmClusterIdType | None = None
    trust_anchor_certificate: TrustAnchorCertificateType | None = None
    key_store_password: KeyStorePasswordType | None = None
    custom_key_store_type: CustomKeyStoreType | None = None
    xks_proxy_uri_endpoint: XksProxyUriEndpointType | None = None
    xks_proxy_uri_path: XksProxyUriPathType | None = None
    xks_proxy_vpc_endpoint_service_name: XksProxyVpcEndpointServiceNameType | None = None
    xks_proxy_vpc_endpoint_service_owner: AccountIdType | None = None
    xks_proxy_authentication_credential: XksProxyAuthenticationCredentialType | None = None
    xks_proxy_connectivity: XksProxyConnectivityType | None = None


class CreateCustomKeyStoreResponse(Record, frozen=True, kw_only=True):
    custom_key_store_id: str | None = None


PrincipalIdType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=256,
        pattern=r"^(?a:^[\w+=,.@:/-]+$)\Z",
        extra={"pattern": r"^[\w+=,.@:/-]+$"},
    ),
]


GrantOperation = Literal[
    "Decrypt",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
    "Sign",
    "Verify",
    "GetPublicKey",
    "CreateGrant",
    "RetireGrant",
    "DescribeKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateMac",
    "VerifyMac",
    "DeriveSharedSecret",
    "Encapsulate",
    "Decapsulate",
]


GrantOperationList = list[GrantOperation]


EncryptionContextKey = str


EncryptionContextValue = str


EncryptionContextType = dict[EncryptionContextKey, EncryptionContextValue]


GrantConstraintSourceArnType = Annotated[
    str,
    Meta(
        min_length=20,
        max_length=512,
        pattern=r"^(?a:^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$)\Z",
        extra={"pattern": r"^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$"},
    ),
]


class GrantConstraints(Record, frozen=True, kw_only=True):
    encryption_context_subset: EncryptionContextType | None = None
    encryption_context_equals: EncryptionContextType | None = None
    source_arn: GrantConstraintSourceArnType | None = None


GrantTokenType = Annotated[str, Meta(min_length=1, max_length=8192)]


GrantTokenList = Annotated[list[GrantTokenType], Meta(max_length=10)]


GrantNameType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=256,
        pattern=r"^(?a:^[a-zA-Z0-9:/_-]+$)\Z",
        extra={"pattern": r"^[a-zA-Z0-9:/_-]+$"},
    ),
]


NullableBooleanType = bool


ServicePrincipalType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        pattern=r"^(?a:^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$)\Z",
        extra={"pattern": r"^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$"},
    ),
]


class CreateGrantRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    grantee_principal: PrincipalIdType | None = None
    retiring_principal: PrincipalIdType | None = None
    operations: GrantOperationList
    constraints: GrantConstraints | None = None
    grant_tokens: GrantTokenList | None = None
    name: GrantNameType | None = None
    dry_run: NullableBooleanType | None = None
    grantee_service_principal: ServicePrincipalType | None = None
    retiring_service_principal: ServicePrincipalType | None = None


class CreateGrantResponse(Record, frozen=True, kw_only=True):
    grant_token: str | None = None
    grant_id: str | None = None


PolicyType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=131072,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0009\u000A\u000D\u0020-\u00FF]+"},
    ),
]


DescriptionType = Annotated[str, Meta(max_length=8192)]


KeyUsageType = Literal[
    "SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT", "ENCAPSULATE_DECAPSULATE"
]


CustomerMasterKeySpec = Literal[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SYMMETRIC_DEFAULT",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
]


KeySpec = Literal[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SYMMETRIC_DEFAULT",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
    "ML_DSA_44",
    "ML_DSA_65",
    "ML_DSA_87",
    "ECC_NIST_EDWARDS25519",
    "ML_KEM_512",
    "ML_KEM_768",
    "ML_KEM_1024",
]


OriginType = Literal["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]


BooleanType = bool


TagKeyType = Annotated[str, Meta(min_length=1, max_length=128)]


TagValueType = Annotated[str, Meta(max_length=256)]


class Tag(Record, frozen=True, kw_only=True):
    tag_key: TagKeyType
    tag_value: TagValueType


TagList = list[Tag]


XksKeyIdType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        pattern=r"^(?a:^[a-zA-Z0-9-_.]+$)\Z",
        extra={"pattern": r"^[a-zA-Z0-9-_.]+$"},
    ),
]


class CreateKeyRequest(Record, frozen=True, kw_only=True):
    policy: PolicyType | None = None
    description: DescriptionType | None = None
    key_usage: KeyUsageType | None = None
    customer_master_key_spec: CustomerMasterKeySpec | None = None
    key_spec: KeySpec | None = None
    origin: OriginType | None = None
    custom_key_store_id: CustomKeyStoreIdType | None = None
    bypass_policy_lockout_safety_check: BooleanType | None = None
    tags: TagList | None = None
    multi_region: NullableBooleanType | None = None
    xks_key_id: XksKeyIdType | None = None


class MultiRegionKey(Record, frozen=True, kw_only=True):
    arn: str | None = None
    region: str | None = None


class MultiRegionConfiguration(Record, frozen=True, kw_only=True):
    multi_region_key_type: str | None = None
    primary_key: MultiRegionKey | None = None
    replica_keys: list[MultiRegionKey] | None = None


class XksKeyConfigurationType(Record, frozen=True, kw_only=True):
    id: str | None = None


class KeyMetadata(Record, frozen=True, kw_only=True):
    aws_account_id: str | None = msgspec.field(default=None, name="AWSAccountId")
    key_id: str
    arn: str | None = None
    creation_date: float | None = None
    enabled: bool | None = None
    description: str | None = None
    key_usage: str | None = None
    key_state: str | None = None
    deletion_date: float | None = None
    valid_to: float | None = None
    origin: str | None = None
    custom_key_store_id: str | None = None
    cloud_hsm_cluster_id: str | None = None
    expiration_model: str | None = None
    key_manager: str | None = None
    customer_master_key_spec: str | None = None
    key_spec: str | None = None
    encryption_algorithms: list[str] | None = None
    signing_algorithms: list[str] | None = None
    key_agreement_algorithms: list[str] | None = None
    encapsulation_algorithms: list[str] | None = None
    multi_region: bool | None = None
    multi_region_configuration: MultiRegionConfiguration | None = None
    pending_deletion_window_in_days: int | None = None
    mac_algorithms: list[str] | None = None
    xks_key_configuration: XksKeyConfigurationType | None = None
    current_key_material_id: str | None = None


class CreateKeyResponse(Record, frozen=True, kw_only=True):
    key_metadata: KeyMetadata | None = None


CiphertextType = Annotated[bytes, Meta(min_length=1, max_length=6144)]


EncapsulationAlgorithmSpec = Literal["ML_KEM"]


class DecapsulateRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    shared_secret_ciphertext_blob: CiphertextType
    encapsulation_algorithm: EncapsulationAlgorithmSpec
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None


class DecapsulateResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"shared_secret"})

    key_id: str | None = None
    shared_secret: bytes | None = None
    encapsulation_algorithm: str | None = None


EncryptionAlgorithmSpec = Literal["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]


KeyEncryptionMechanism = Literal["RSAES_OAEP_SHA_256"]


AttestationDocumentType = Annotated[bytes, Meta(min_length=1, max_length=262144)]


class RecipientInfo(Record, frozen=True, kw_only=True):
    key_encryption_algorithm: KeyEncryptionMechanism | None = None
    attestation_document: AttestationDocumentType | None = None


DryRunModifierType = Literal["IGNORE_CIPHERTEXT"]


DryRunModifierList = list[DryRunModifierType]


class DecryptRequest(Record, frozen=True, kw_only=True):
    ciphertext_blob: CiphertextType | None = None
    encryption_context: EncryptionContextType | None = None
    grant_tokens: GrantTokenList | None = None
    key_id: KeyIdType | None = None
    encryption_algorithm: EncryptionAlgorithmSpec | None = None
    recipient: RecipientInfo | None = None
    dry_run: NullableBooleanType | None = None
    dry_run_modifiers: DryRunModifierList | None = None


class DecryptResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"plaintext"})

    key_id: str | None = None
    plaintext: bytes | None = None
    encryption_algorithm: str | None = None
    ciphertext_for_recipient: bytes | None = None
    key_material_id: str | None = None


class DeleteAliasRequest(Record, frozen=True, kw_only=True):
    alias_name: AliasNameType


class DeleteCustomKeyStoreRequest(Record, frozen=True, kw_only=True):
    custom_key_store_id: CustomKeyStoreIdType


class DeleteCustomKeyStoreResponse(Record, frozen=True, kw_only=True):
    pass


BackingKeyIdType = Annotated[
    str, Meta(min_length=64, max_length=64, pattern=r"^(?a:^[a-f0-9]+$)\Z", extra={"pattern": r"^[a-f0-9]+$"})
]


class DeleteImportedKeyMaterialRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    key_material_id: BackingKeyIdType | None = None


class DeleteImportedKeyMaterialResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    key_material_id: str | None = None


KeyAgreementAlgorithmSpec = Literal["ECDH"]


PublicKeyType = Annotated[bytes, Meta(min_length=1, max_length=8192)]


class DeriveSharedSecretRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    key_agreement_algorithm: KeyAgreementAlgorithmSpec
    public_key: PublicKeyType
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None
    recipient: RecipientInfo | None = None


class DeriveSharedSecretResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"shared_secret"})

    key_id: str | None = None
    shared_secret: bytes | None = None
    ciphertext_for_recipient: bytes | None = None
    key_agreement_algorithm: str | None = None
    key_origin: str | None = None


LimitType = Annotated[int, Meta(ge=1, le=1000)]


MarkerType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1024,
        pattern=r"^(?a:[\u0020-\u00FF]*)\Z",
        extra={"pattern": r"[\u0020-\u00FF]*"},
    ),
]


class DescribeCustomKeyStoresRequest(Record, frozen=True, kw_only=True):
    custom_key_store_id: CustomKeyStoreIdType | None = None
    custom_key_store_name: CustomKeyStoreNameType | None = None
    limit: LimitType | None = None
    marker: MarkerType | None = None


class XksProxyConfigurationType(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"access_key_id"})

    connectivity: str | None = None
    access_key_id: str | None = None
    uri_endpoint: str | None = None
    uri_path: str | None = None
    vpc_endpoint_service_name: str | None = None
    vpc_endpoint_service_owner: str | None = None


class CustomKeyStoresListEntry(Record, frozen=True, kw_only=True):
    custom_key_store_id: str | None = None
    custom_key_store_name: str | None = None
    cloud_hsm_cluster_id: str | None = None
    trust_anchor_certificate: str | None = None
    connection_state: str | None = None
    connection_error_code: str | None = None
    creation_date: float | None = None
    custom_key_store_type: str | None = None
    xks_proxy_configuration: XksProxyConfigurationType | None = None


class DescribeCustomKeyStoresResponse(Record, frozen=True, kw_only=True):
    custom_key_stores: list[CustomKeyStoresListEntry] | None = None
    next_marker: str | None = None
    truncated: bool | None = None


class DescribeKeyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    grant_tokens: GrantTokenList | None = None


class DescribeKeyResponse(Record, frozen=True, kw_only=True):
    key_metadata: KeyMetadata | None = None


class DisableKeyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType


class DisableKeyRotationRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType


class DisconnectCustomKeyStoreRequest(Record, frozen=True, kw_only=True):
    custom_key_store_id: CustomKeyStoreIdType


class DisconnectCustomKeyStoreResponse(Record, frozen=True, kw_only=True):
    pass


class EnableKeyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType


RotationPeriodInDaysType = Annotated[int, Meta(ge=90, le=2560)]


class EnableKeyRotationRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    rotation_period_in_days: RotationPeriodInDaysType | None = None


class EncapsulateRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    encapsulation_algorithm: EncapsulationAlgorithmSpec
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None


class EncapsulateResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"shared_secret"})

    key_id: str | None = None
    shared_secret: bytes | None = None
    shared_secret_ciphertext_blob: bytes | None = None
    encapsulation_algorithm: str | None = None


PlaintextType = Annotated[bytes, Meta(min_length=1, max_length=4096)]


class EncryptRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"plaintext"})

    key_id: KeyIdType
    plaintext: PlaintextType
    encryption_context: EncryptionContextType | None = None
    grant_tokens: GrantTokenList | None = None
    encryption_algorithm: EncryptionAlgorithmSpec | None = None
    dry_run: NullableBooleanType | None = None


class EncryptResponse(Record, frozen=True, kw_only=True):
    ciphertext_blob: bytes | None = None
    key_id: str | None = None
    encryption_algorithm: str | None = None


NumberOfBytesType = Annotated[int, Meta(ge=1, le=1024)]


DataKeySpec = Literal["AES_256", "AES_128"]


class GenerateDataKeyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    encryption_context: EncryptionContextType | None = None
    number_of_bytes: NumberOfBytesType | None = None
    key_spec: DataKeySpec | None = None
    grant_tokens: GrantTokenList | None = None
    recipient: RecipientInfo | None = None
    dry_run: NullableBooleanType | None = None


class GenerateDataKeyResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"plaintext"})

    ciphertext_blob: bytes | None = None
    plaintext: bytes | None = None
    key_id: str | None = None
    ciphertext_for_recipient: bytes | None = None
    key_material_id: str | None = None


DataKeyPairSpec = Literal[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SM2",
    "ECC_NIST_EDWARDS25519",
    "ML_KEM_512",
    "ML_KEM_768",
    "ML_KEM_1024",
]


class GenerateDataKeyPairRequest(Record, frozen=True, kw_only=True):
    encryption_context: EncryptionContextType | None = None
    key_id: KeyIdType
    key_pair_spec: DataKeyPairSpec
    grant_tokens: GrantTokenList | None = None
    recipient: RecipientInfo | None = None
    dry_run: NullableBooleanType | None = None


class GenerateDataKeyPairResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"private_key_plaintext"})

    private_key_ciphertext_blob: bytes | None = None
    private_key_plaintext: bytes | None = None
    public_key: bytes | None = None
    key_id: str | None = None
    key_pair_spec: str | None = None
    ciphertext_for_recipient: bytes | None = None
    key_material_id: str | None = None


class GenerateDataKeyPairWithoutPlaintextRequest(Record, frozen=True, kw_only=True):
    encryption_context: EncryptionContextType | None = None
    key_id: KeyIdType
    key_pair_spec: DataKeyPairSpec
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None


class GenerateDataKeyPairWithoutPlaintextResponse(Record, frozen=True, kw_only=True):
    private_key_ciphertext_blob: bytes | None = None
    public_key: bytes | None = None
    key_id: str | None = None
    key_pair_spec: str | None = None
    key_material_id: str | None = None


class GenerateDataKeyWithoutPlaintextRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    encryption_context: EncryptionContextType | None = None
    key_spec: DataKeySpec | None = None
    number_of_bytes: NumberOfBytesType | None = None
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None


class GenerateDataKeyWithoutPlaintextResponse(Record, frozen=True, kw_only=True):
    ciphertext_blob: bytes | None = None
    key_id: str | None = None
    key_material_id: str | None = None


MacAlgorithmSpec = Literal["HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512"]


class GenerateMacRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"message"})

    message: PlaintextType
    key_id: KeyIdType
    mac_algorithm: MacAlgorithmSpec
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None


class GenerateMacResponse(Record, frozen=True, kw_only=True):
    mac: bytes | None = None
    mac_algorithm: str | None = None
    key_id: str | None = None


class GenerateRandomRequest(Record, frozen=True, kw_only=True):
    number_of_bytes: NumberOfBytesType | None = None
    custom_key_store_id: CustomKeyStoreIdType | None = None
    recipient: RecipientInfo | None = None


class GenerateRandomResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"plaintext"})

    plaintext: bytes | None = None
    ciphertext_for_recipient: bytes | None = None


class GetKeyLastUsageRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType


class KeyLastUsageData(Record, frozen=True, kw_only=True):
    operation: str | None = None
    timestamp: float | None = None
    cloud_trail_event_id: str | None = None
    kms_request_id: str | None = None


class GetKeyLastUsageResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    key_last_usage: KeyLastUsageData | None = None
    tracking_start_date: float | None = None
    key_creation_date: float | None = None


PolicyNameType = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w]+)\Z", extra={"pattern": r"[\w]+"})
]


class GetKeyPolicyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    policy_name: PolicyNameType | None = None


class GetKeyPolicyResponse(Record, frozen=True, kw_only=True):
    policy: str | None = None
    policy_name: str | None = None


class GetKeyRotationStatusRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType


class GetKeyRotationStatusResponse(Record, frozen=True, kw_only=True):
    key_rotation_enabled: bool | None = None
    key_id: str | None = None
    rotation_period_in_days: int | None = None
    next_rotation_date: float | None = None
    on_demand_rotation_start_date: float | None = None


AlgorithmSpec = Literal[
    "RSAES_PKCS1_V1_5",
    "RSAES_OAEP_SHA_1",
    "RSAES_OAEP_SHA_256",
    "RSA_AES_KEY_WRAP_SHA_1",
    "RSA_AES_KEY_WRAP_SHA_256",
    "SM2PKE",
]


WrappingKeySpec = Literal["RSA_2048", "RSA_3072", "RSA_4096", "SM2"]


class GetParametersForImportRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    wrapping_algorithm: AlgorithmSpec
    wrapping_key_spec: WrappingKeySpec


class GetParametersForImportResponse(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"public_key"})

    key_id: str | None = None
    import_token: bytes | None = None
    public_key: bytes | None = None
    parameters_valid_to: float | None = None


class GetPublicKeyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    grant_tokens: GrantTokenList | None = None


class GetPublicKeyResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    public_key: bytes | None = None
    customer_master_key_spec: str | None = None
    key_spec: str | None = None
    key_usage: str | None = None
    encryption_algorithms: list[str] | None = None
    signing_algorithms: list[str] | None = None
    key_agreement_algorithms: list[str] | None = None
    encapsulation_algorithms: list[str] | None = None


DateType = Annotated[float, Meta(ge=-62135596800, le=253402300799)]


ExpirationModelType = Literal["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"]


ImportType = Literal["NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"]


KeyMaterialDescriptionType = Annotated[
    str,
    Meta(
        max_length=256, pattern=r"^(?a:^[a-zA-Z0-9:/_\s.-]+$)\Z", extra={"pattern": r"^[a-zA-Z0-9:/_\s.-]+$"}
    ),
]


class ImportKeyMaterialRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    import_token: CiphertextType
    encrypted_key_material: CiphertextType
    valid_to: DateType | None = None
    expiration_model: ExpirationModelType | None = None
    import_type: ImportType | None = None
    key_material_description: KeyMaterialDescriptionType | None = None
    key_material_id: BackingKeyIdType | None = None


class ImportKeyMaterialResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    key_material_id: str | None = None


class ListAliasesRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType | None = None
    limit: LimitType | None = None
    marker: MarkerType | None = None


class AliasListEntry(Record, frozen=True, kw_only=True):
    alias_name: str | None = None
    alias_arn: str | None = None
    target_key_id: str | None = None
    creation_date: float | None = None
    last_updated_date: float | None = None


class ListAliasesResponse(Record, frozen=True, kw_only=True):
    aliases: list[AliasListEntry] | None = None
    next_marker: str | None = None
    truncated: bool | None = None


GrantIdType = Annotated[str, Meta(min_length=1, max_length=128)]


class ListGrantsRequest(Record, frozen=True, kw_only=True):
    limit: LimitType | None = None
    marker: MarkerType | None = None
    key_id: KeyIdType
    grant_id: GrantIdType | None = None
    grantee_principal: PrincipalIdType | None = None
    grantee_service_principal: ServicePrincipalType | None = None


class GrantListEntry(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    grant_id: str | None = None
    name: str | None = None
    creation_date: float | None = None
    grantee_principal: str | None = None
    retiring_principal: str | None = None
    issuing_account: str | None = None
    operations: list[str] | None = None
    constraints: GrantConstraints | None = None
    grantee_service_principal: str | None = None
    retiring_service_principal: str | None = None


class ListGrantsResponse(Record, frozen=True, kw_only=True):
    grants: list[GrantListEntry] | None = None
    next_marker: str | None = None
    truncated: bool | None = None


class ListKeyPoliciesRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    limit: LimitType | None = None
    marker: MarkerType | None = None


class ListKeyPoliciesResponse(Record, frozen=True, kw_only=True):
    policy_names: list[str] | None = None
    next_marker: str | None = None
    truncated: bool | None = None


IncludeKeyMaterial = Literal["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"]


class ListKeyRotationsRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    include_key_material: IncludeKeyMaterial | None = None
    limit: LimitType | None = None
    marker: MarkerType | None = None


class RotationsListEntry(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    key_material_id: str | None = None
    key_material_description: str | None = None
    import_state: str | None = None
    key_material_state: str | None = None
    expiration_model: str | None = None
    valid_to: float | None = None
    rotation_date: float | None = None
    rotation_type: str | None = None


class ListKeyRotationsResponse(Record, frozen=True, kw_only=True):
    rotations: list[RotationsListEntry] | None = None
    next_marker: str | None = None
    truncated: bool | None = None


ResourceOwnerType = Literal["SELF", "OTHER_ACCOUNTS_VIA_RAM"]


ResourceOwnersList = Annotated[list[ResourceOwnerType], Meta(min_length=1, max_length=2)]


class ListKeysRequest(Record, frozen=True, kw_only=True):
    limit: LimitType | None = None
    marker: MarkerType | None = None
    resource_owners: ResourceOwnersList | None = None


class KeyListEntry(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    key_arn: str | None = None


class ListKeysResponse(Record, frozen=True, kw_only=True):
    keys: list[KeyListEntry] | None = None
    next_marker: str | None = None
    truncated: bool | None = None


class ListResourceTagsRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    limit: LimitType | None = None
    marker: MarkerType | None = None


class ListResourceTagsResponse(Record, frozen=True, kw_only=True):
    tags: list[Tag] | None = None
    next_marker: str | None = None
    truncated: bool | None = None


class ListRetirableGrantsRequest(Record, frozen=True, kw_only=True):
    limit: LimitType | None = None
    marker: MarkerType | None = None
    retiring_principal: PrincipalIdType | None = None
    retiring_service_principal: ServicePrincipalType | None = None


class PutKeyPolicyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    policy_name: PolicyNameType | None = None
    policy: PolicyType
    bypass_policy_lockout_safety_check: BooleanType | None = None


class ReEncryptRequest(Record, frozen=True, kw_only=True):
    ciphertext_blob: CiphertextType | None = None
    source_encryption_context: EncryptionContextType | None = None
    source_key_id: KeyIdType | None = None
    destination_key_id: KeyIdType
    destination_encryption_context: EncryptionContextType | None = None
    source_encryption_algorithm: EncryptionAlgorithmSpec | None = None
    destination_encryption_algorithm: EncryptionAlgorithmSpec | None = None
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None
    dry_run_modifiers: DryRunModifierList | None = None


class ReEncryptResponse(Record, frozen=True, kw_only=True):
    ciphertext_blob: bytes | None = None
    source_key_id: str | None = None
    key_id: str | None = None
    source_encryption_algorithm: str | None = None
    destination_encryption_algorithm: str | None = None
    source_key_material_id: str | None = None
    destination_key_material_id: str | None = None


RegionType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=32,
        pattern=r"^(?a:^([a-z]+-){2,3}\d+$)\Z",
        extra={"pattern": r"^([a-z]+-){2,3}\d+$"},
    ),
]


class ReplicateKeyRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    replica_region: RegionType
    policy: PolicyType | None = None
    bypass_policy_lockout_safety_check: BooleanType | None = None
    description: DescriptionType | None = None
    tags: TagList | None = None


class ReplicateKeyResponse(Record, frozen=True, kw_only=True):
    replica_key_metadata: KeyMetadata | None = None
    replica_policy: str | None = None
    replica_tags: list[Tag] | None = None


class RetireGrantRequest(Record, frozen=True, kw_only=True):
    grant_token: GrantTokenType | None = None
    key_id: KeyIdType | None = None
    grant_id: GrantIdType | None = None
    dry_run: NullableBooleanType | None = None


class RevokeGrantRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    grant_id: GrantIdType
    dry_run: NullableBooleanType | None = None


class RotateKeyOnDemandRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType


class RotateKeyOnDemandResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None


PendingWindowInDaysType = Annotated[int, Meta(ge=1, le=365)]


class ScheduleKeyDeletionRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    pending_window_in_days: PendingWindowInDaysType | None = None


class ScheduleKeyDeletionResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    deletion_date: float | None = None
    key_state: str | None = None
    pending_window_in_days: int | None = None


MessageType = Literal["RAW", "DIGEST", "EXTERNAL_MU"]


SigningAlgorithmSpec = Literal[
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "ECDSA_SHA_256",
    "ECDSA_SHA_384",
    "ECDSA_SHA_512",
    "SM2DSA",
    "ML_DSA_SHAKE_256",
    "ED25519_SHA_512",
    "ED25519_PH_SHA_512",
]


class SignRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"message"})

    key_id: KeyIdType
    message: PlaintextType
    message_type: MessageType | None = None
    grant_tokens: GrantTokenList | None = None
    signing_algorithm: SigningAlgorithmSpec
    dry_run: NullableBooleanType | None = None


class SignResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    signature: bytes | None = None
    signing_algorithm: str | None = None


class TagResourceRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    tags: TagList


TagKeyList = list[TagKeyType]


class UntagResourceRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    tag_keys: TagKeyList


class UpdateAliasRequest(Record, frozen=True, kw_only=True):
    alias_name: AliasNameType
    target_key_id: KeyIdType


class UpdateCustomKeyStoreRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"key_store_password"})

    custom_key_store_id: CustomKeyStoreIdType
    new_custom_key_store_name: CustomKeyStoreNameType | None = None
    key_store_password: KeyStorePasswordType | None = None
    cloud_hsm_cluster_id: CloudHsmClusterIdType | None = None
    xks_proxy_uri_endpoint: XksProxyUriEndpointType | None = None
    xks_proxy_uri_path: XksProxyUriPathType | None = None
    xks_proxy_vpc_endpoint_service_name: XksProxyVpcEndpointServiceNameType | None = None
    xks_proxy_vpc_endpoint_service_owner: AccountIdType | None = None
    xks_proxy_authentication_credential: XksProxyAuthenticationCredentialType | None = None
    xks_proxy_connectivity: XksProxyConnectivityType | None = None


class UpdateCustomKeyStoreResponse(Record, frozen=True, kw_only=True):
    pass


class UpdateKeyDescriptionRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    description: DescriptionType


class UpdatePrimaryRegionRequest(Record, frozen=True, kw_only=True):
    key_id: KeyIdType
    primary_region: RegionType


class VerifyRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"message"})

    key_id: KeyIdType
    message: PlaintextType
    message_type: MessageType | None = None
    signature: CiphertextType
    signing_algorithm: SigningAlgorithmSpec
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None


class VerifyResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    signature_valid: bool | None = None
    signing_algorithm: str | None = None


class VerifyMacRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"message"})

    message: PlaintextType
    key_id: KeyIdType
    mac_algorithm: MacAlgorithmSpec
    mac: CiphertextType
    grant_tokens: GrantTokenList | None = None
    dry_run: NullableBooleanType | None = None


class VerifyMacResponse(Record, frozen=True, kw_only=True):
    key_id: str | None = None
    mac_valid: bool | None = None
    mac_algorithm: str | None = None


OPERATIONS: dict[str, OperationShape] = {
    operation.name: operation
    for operation in (
        OperationShape("CancelKeyDeletion", CancelKeyDeletionRequest, CancelKeyDeletionResponse),
        OperationShape("ConnectCustomKeyStore", ConnectCustomKeyStoreRequest, ConnectCustomKeyStoreResponse),
        OperationShape("CreateAlias", CreateAliasRequest, None),
        OperationShape("CreateCustomKeyStore", CreateCustomKeyStoreRequest, CreateCustomKeyStoreResponse),
        OperationShape("CreateGrant", CreateGrantRequest, CreateGrantResponse),
        OperationShape("CreateKey", CreateKeyRequest, CreateKeyResponse),
        OperationShape("Decapsulate", DecapsulateRequest, DecapsulateResponse),
        OperationShape("Decrypt", DecryptRequest, DecryptResponse),
        OperationShape("DeleteAlias", DeleteAliasRequest, None),
        OperationShape("DeleteCustomKeyStore", DeleteCustomKeyStoreRequest, DeleteCustomKeyStoreResponse),
        OperationShape(
            "DeleteImportedKeyMaterial", DeleteImportedKeyMaterialRequest, DeleteImportedKeyMaterialResponse
        ),
        OperationShape("DeriveSharedSecret", DeriveSharedSecretRequest, DeriveSharedSecretResponse),
        OperationShape(
            "DescribeCustomKeyStores", DescribeCustomKeyStoresRequest, DescribeCustomKeyStoresResponse
        ),
        OperationShape("DescribeKey", DescribeKeyRequest, DescribeKeyResponse),
        OperationShape("DisableKey", DisableKeyRequest, None),
        OperationShape("DisableKeyRotation", DisableKeyRotationRequest, None),
        OperationShape(
            "DisconnectCustomKeyStore", DisconnectCustomKeyStoreRequest, DisconnectCustomKeyStoreResponse
        ),
        OperationShape("EnableKey", EnableKeyRequest, None),
        OperationShape("EnableKeyRotation", EnableKeyRotationRequest, None),
        OperationShape("Encapsulate", EncapsulateRequest, EncapsulateResponse),
        OperationShape("Encrypt", EncryptRequest, EncryptResponse),
        OperationShape("GenerateDataKey", GenerateDataKeyRequest, GenerateDataKeyResponse),
        OperationShape("GenerateDataKeyPair", GenerateDataKeyPairRequest, GenerateDataKeyPairResponse),
        OperationShape(
            "GenerateDataKeyPairWithoutPlaintext",
            GenerateDataKeyPairWithoutPlaintextRequest,
            GenerateDataKeyPairWithoutPlaintextResponse,
        ),
        OperationShape(
            "GenerateDataKeyWithoutPlaintext",
            GenerateDataKeyWithoutPlaintextRequest,
            GenerateDataKeyWithoutPlaintextResponse,
        ),
        OperationShape("GenerateMac", GenerateMacRequest, GenerateMacResponse),
        OperationShape("GenerateRandom", GenerateRandomRequest, GenerateRandomResponse),
        OperationShape("GetKeyLastUsage", GetKeyLastUsageRequest, GetKeyLastUsageResponse),
        OperationShape("GetKeyPolicy", GetKeyPolicyRequest, GetKeyPolicyResponse),
        OperationShape("GetKeyRotationStatus", GetKeyRotationStatusRequest, GetKeyRotationStatusResponse),
        OperationShape(
            "GetParametersForImport", GetParametersForImportRequest, GetParametersForImportResponse
        ),
        OperationShape("GetPublicKey", GetPublicKeyRequest, GetPublicKeyResponse),
        OperationShape("ImportKeyMaterial", ImportKeyMaterialRequest, ImportKeyMaterialResponse),
        OperationShape("ListAliases", ListAliasesRequest, ListAliasesResponse),
        OperationShape("ListGrants", ListGrantsRequest, ListGrantsResponse),
        OperationShape("ListKeyPolicies", ListKeyPoliciesRequest, ListKeyPoliciesResponse),
        OperationShape("ListKeyRotations", ListKeyRotationsRequest, ListKeyRotationsResponse),
        OperationShape("ListKeys", ListKeysRequest, ListKeysResponse),
        OperationShape("ListResourceTags", ListResourceTagsRequest, ListResourceTagsResponse),
        OperationShape("ListRetirableGrants", ListRetirableGrantsRequest, ListGrantsResponse),
        OperationShape("PutKeyPolicy", PutKeyPolicyRequest, None),
        OperationShape("ReEncrypt", ReEncryptRequest, ReEncryptResponse),
        OperationShape("ReplicateKey", ReplicateKeyRequest, ReplicateKeyResponse),
        OperationShape("RetireGrant", RetireGrantRequest, None),
        OperationShape("RevokeGrant", RevokeGrantRequest, None),
        OperationShape("RotateKeyOnDemand", RotateKeyOnDemandRequest, RotateKeyOnDemandResponse),
        OperationShape("ScheduleKeyDeletion", ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse),
        OperationShape("Sign", SignRequest, SignResponse),
        OperationShape("TagResource", TagResourceRequest, None),
        OperationShape("UntagResource", UntagResourceRequest, None),
        OperationShape("UpdateAlias", UpdateAliasRequest, None),
        OperationShape("UpdateCustomKeyStore", UpdateCustomKeyStoreRequest, UpdateCustomKeyStoreResponse),
        OperationShape("UpdateKeyDescription", UpdateKeyDescriptionRequest, None),
        OperationShape("UpdatePrimaryRegion", UpdatePrimaryRegionRequest, None),
        OperationShape("Verify", VerifyRequest, VerifyResponse),
        OperationShape("VerifyMac", VerifyMacRequest, VerifyMacResponse),
    )
}
SERVICE = ServiceShape(name="kms", version="2014-11-01", namespace=None, operations=OPERATIONS)
