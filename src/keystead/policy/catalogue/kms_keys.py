"""The condition keys of KMS.

Sources: KMS Developer Guide, "AWS KMS condition keys"; Service Authorization Reference. A key that describes
a request parameter has the parameter's default when it is left out, unless the row says that it is absent.
"""

from keystead.policy.catalogue.vocabulary import Cardinality, ConditionKey, UsableIn, ValueType

_STRING, _BOOL, _NUMERIC, _DATE = ValueType.STRING, ValueType.BOOL, ValueType.NUMERIC, ValueType.DATE
_MULTI = Cardinality.MULTI

KMS_KEYS = (
    # The caller, and the way of the call.
    ConditionKey("kms:CallerAccount", _STRING, "account of the caller; absent for services (unverified)"),
    ConditionKey(
        "kms:ViaService",
        _STRING,
        "`SERVICE.REGION.amazonaws.com` of the service that forwards a caller's request; absent on direct "
        "calls",
    ),
    # The KMS key: of the check, or asked for by CreateKey.
    ConditionKey(
        "kms:KeySpec", _STRING, "`KeySpec` of the key, or of CreateKey (default `SYMMETRIC_DEFAULT`)"
    ),
    ConditionKey(
        "kms:KeyUsage", _STRING, "`KeyUsage` of the key, or of CreateKey (default `ENCRYPT_DECRYPT`)"
    ),
    ConditionKey("kms:KeyOrigin", _STRING, "`Origin` of the key, or of CreateKey (default `AWS_KMS`)"),
    ConditionKey("kms:MultiRegion", _BOOL, "whether the key is multi-Region, or CreateKey asks for one"),
    ConditionKey("kms:MultiRegionKeyType", _STRING, "`PRIMARY` or `REPLICA`; absent for single-Region keys"),
    ConditionKey("kms:CustomerMasterKeySpec", _STRING, "old name of `kms:KeySpec`"),
    ConditionKey("kms:CustomerMasterKeyUsage", _STRING, "old name of `kms:KeyUsage`"),
    ConditionKey(
        "kms:ResourceAliases",
        _STRING,
        "all aliases of the key, `alias/NAME`; absent if it has none",
        _MULTI,
        UsableIn.IAM_POLICIES,
    ),
    ConditionKey(
        "kms:RequestAlias",
        _STRING,
        "`alias/NAME` when the request names the key by an alias name or alias ARN; else absent",
    ),
    # Encryption.
    ConditionKey("kms:EncryptionAlgorithm", _STRING, "algorithm used, default `SYMMETRIC_DEFAULT`"),
    ConditionKey(
        "kms:EncryptionContext:",
        _STRING,
        "value of that pair of the encryption context; CreateGrant and RetireGrant: of the grant's "
        "constraint. The name ignores case; of names that differ in case alone the last in code-point order "
        "counts (unverified)",
    ),
    ConditionKey(
        "kms:EncryptionContextKeys",
        _STRING,
        "names of all pairs of the encryption context as sent; they are values here and compared with case; "
        "absent without encryption context",
        _MULTI,
    ),
    ConditionKey("kms:ReEncryptOnSameKey", _BOOL, "whether source and destination key are the same"),
    ConditionKey("kms:DataKeyPairSpec", _STRING, "`KeyPairSpec` of the request"),
    ConditionKey(
        "kms:RecipientAttestation:",
        _STRING,
        "measurement (`ImageSha384`, `PCR0`..., `NitroTPMPCR0`...) in the attestation document that the "
        "request brings in `Recipient`",
    ),
    # Other cryptography.
    ConditionKey("kms:SigningAlgorithm", _STRING, "`SigningAlgorithm` of the request"),
    ConditionKey("kms:MessageType", _STRING, "`MessageType` of the request, default `RAW`"),
    ConditionKey("kms:MacAlgorithm", _STRING, "`MacAlgorithm` of the request"),
    ConditionKey("kms:KeyAgreementAlgorithm", _STRING, "`KeyAgreementAlgorithm` of the request"),
    # Key policies.
    ConditionKey(
        "kms:BypassPolicyLockoutSafetyCheck", _BOOL, "the flag of the request; absent when it is left out"
    ),
    ConditionKey("kms:PolicyName", _STRING, "`PolicyName` of the request, default `default`"),
    # Grants.
    ConditionKey("kms:GrantOperations", _STRING, "`Operations` of CreateGrant", _MULTI),
    ConditionKey("kms:GranteePrincipal", _STRING, "`GranteePrincipal` of CreateGrant, as given"),
    ConditionKey("kms:GranteeServicePrincipal", _STRING, "`GranteeServicePrincipal` of CreateGrant"),
    ConditionKey("kms:RetiringPrincipal", _STRING, "`RetiringPrincipal` of CreateGrant, as given"),
    ConditionKey("kms:RetiringServicePrincipal", _STRING, "`RetiringServicePrincipal` of CreateGrant"),
    ConditionKey(
        "kms:GrantConstraintType",
        _STRING,
        "`EncryptionContextEquals` or `EncryptionContextSubset`, of the grant that is made or retired; "
        "absent without such a constraint",
    ),
    ConditionKey("kms:GrantConstraintSourceArn", ValueType.ARN, "`SourceArn` constraint of CreateGrant"),
    ConditionKey(
        "kms:GrantIsForAWSResource",
        _BOOL,
        "`true` when a service forwards the call for a resource of its own, else `false` (that it is there "
        "on direct calls is unverified)",
    ),
    # The life of a key.
    ConditionKey("kms:RotationPeriodInDays", _NUMERIC, "`RotationPeriodInDays` of the request, default 365"),
    ConditionKey(
        "kms:ScheduleKeyDeletionPendingWindowInDays",
        _NUMERIC,
        "`PendingWindowInDays` of the request, default 30",
    ),
    ConditionKey(
        "kms:TrailingDaysWithoutKeyUsage",
        _NUMERIC,
        "whole days since the key was last used; for a key never used, since its creation (unverified)",
    ),
    # Imported material.
    ConditionKey("kms:WrappingAlgorithm", _STRING, "`WrappingAlgorithm` of the request"),
    ConditionKey("kms:WrappingKeySpec", _STRING, "`WrappingKeySpec` of the request"),
    ConditionKey(
        "kms:ExpirationModel", _STRING, "`ExpirationModel` of the request; absent when it is left out"
    ),
    ConditionKey(
        "kms:ValidTo",
        _DATE,
        "`ValidTo` of the request in seconds since 1970, absent when it is left out; numeric operators work "
        "too",
    ),
    # Multi-Region keys.
    ConditionKey("kms:PrimaryRegion", _STRING, "Region that is to become primary"),
    ConditionKey("kms:ReplicaRegion", _STRING, "Region of the replica asked for"),
)
