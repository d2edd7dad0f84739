"""The actions and operations of KMS, API version 2014-11-01.

Sources: Service Authorization Reference; KMS Developer Guide, "AWS KMS permissions"; KMS API, "Cross-account
use" of each operation.
"""

from collections.abc import Sequence

from keystead.policy.catalogue.global_keys import REQUEST_TAG, RESOURCE_TAG, TAG_KEYS
from keystead.policy.catalogue.vocabulary import AccessLevel, Action, Check, Operation, ResourceType

_LIST, _READ, _WRITE = AccessLevel.LIST, AccessLevel.READ, AccessLevel.WRITE
_PERMISSIONS, _TAGGING = AccessLevel.PERMISSIONS_MANAGEMENT, AccessLevel.TAGGING
_KEY, _ALIAS, _NONE = ResourceType.KEY, ResourceType.ALIAS, ResourceType.NONE

_OF_NEW_KEY = (
    "kms:CallerAccount",
    "kms:ViaService",
    "kms:KeySpec",
    "kms:KeyUsage",
    "kms:KeyOrigin",
    "kms:MultiRegion",
    "kms:MultiRegionKeyType",
    "kms:CustomerMasterKeySpec",
    "kms:CustomerMasterKeyUsage",
)
OF_EVERY_KEY = (*_OF_NEW_KEY, "kms:ResourceAliases", RESOURCE_TAG)
"""The condition keys of every check on a KMS key."""

_ALIASED = ("kms:RequestAlias",)
_CONTEXT = ("kms:EncryptionContext:", "kms:EncryptionContextKeys")
_SYMMETRIC = (*_ALIASED, "kms:EncryptionAlgorithm", *_CONTEXT)
_RECIPIENT = ("kms:RecipientAttestation:",)
_PAIR = ("kms:DataKeyPairSpec",)
_RE_ENCRYPT = (*_SYMMETRIC, "kms:ReEncryptOnSameKey")
_SIGN = (*_ALIASED, "kms:SigningAlgorithm", "kms:MessageType")
_MAC = (*_ALIASED, "kms:MacAlgorithm")
_TAGS = (REQUEST_TAG, TAG_KEYS)
_FOR_AWS = ("kms:GrantIsForAWSResource",)
_STORE = ("kms:CallerAccount",)
_UNUSED = ("kms:TrailingDaysWithoutKeyUsage",)
_BYPASS = ("kms:BypassPolicyLockoutSafetyCheck",)
_CREATE_KEY = (*_OF_NEW_KEY, *_BYPASS, *_TAGS)
_CREATE_GRANT = (
    "kms:GrantOperations",
    "kms:GranteePrincipal",
    "kms:GranteeServicePrincipal",
    "kms:RetiringPrincipal",
    "kms:RetiringServicePrincipal",
    "kms:GrantConstraintType",
    "kms:GrantConstraintSourceArn",
    *_FOR_AWS,
    *_CONTEXT,
)


def _action(
    name: str,
    access: AccessLevel,
    *,
    key: Sequence[str] | None = None,
    alias: Sequence[str] | None = None,
    none: Sequence[str] | None = None,
) -> Action:
    """An action of KMS; `key` lists what a check on a key has beyond `OF_EVERY_KEY`."""
    keys: dict[ResourceType, tuple[str, ...]] = {}
    if alias is not None:
        keys[_ALIAS] = tuple(alias)
    if key is not None:
        keys[_KEY] = (*OF_EVERY_KEY, *key)
    if none is not None:
        keys[_NONE] = tuple(none)
    return Action(f"kms:{name}", access, keys)


KMS_ACTIONS = (
    _action("CancelKeyDeletion", _WRITE, key=()),
    _action("ConnectCustomKeyStore", _WRITE, none=_STORE),
    _action("CreateAlias", _WRITE, alias=(), key=()),
    _action("CreateCustomKeyStore", _WRITE, none=_STORE),
    _action("CreateGrant", _PERMISSIONS, key=_CREATE_GRANT),
    _action("CreateKey", _WRITE, none=_CREATE_KEY),
    # Nothing is published on condition keys for the algorithm of Decapsulate and Encapsulate (unverified).
    _action("Decapsulate", _WRITE, key=_ALIASED),
    _action("Decrypt", _WRITE, key=(*_SYMMETRIC, *_RECIPIENT)),
    _action("DeleteAlias", _WRITE, alias=(), key=()),
    _action("DeleteCustomKeyStore", _WRITE, none=_STORE),
    _action("DeleteImportedKeyMaterial", _WRITE, key=()),
    _action("DeriveSharedSecret", _WRITE, key=(*_ALIASED, "kms:KeyAgreementAlgorithm", *_RECIPIENT)),
    _action("DescribeCustomKeyStores", _READ, none=_STORE),
    _action("DescribeKey", _READ, key=_ALIASED),
    _action("DisableKey", _WRITE, key=_UNUSED),
    _action("DisableKeyRotation", _WRITE, key=()),
    _action("DisconnectCustomKeyStore", _WRITE, none=_STORE),
    _action("EnableKey", _WRITE, key=()),
    _action("EnableKeyRotation", _WRITE, key=("kms:RotationPeriodInDays",)),
    _action("Encapsulate", _WRITE, key=_ALIASED),
    _action("Encrypt", _WRITE, key=_SYMMETRIC),
    _action("GenerateDataKey", _WRITE, key=(*_SYMMETRIC, *_RECIPIENT)),
    _action("GenerateDataKeyPair", _WRITE, key=(*_SYMMETRIC, *_RECIPIENT, *_PAIR)),
    _action("GenerateDataKeyPairWithoutPlaintext", _WRITE, key=(*_SYMMETRIC, *_PAIR)),
    _action("GenerateDataKeyWithoutPlaintext", _WRITE, key=_SYMMETRIC),
    _action("GenerateMac", _WRITE, key=_MAC),
    _action("GenerateRandom", _WRITE, none=_RECIPIENT),
    _action("GetKeyLastUsage", _READ, key=()),
    _action("GetKeyPolicy", _READ, key=("kms:PolicyName",)),
    _action("GetKeyRotationStatus", _READ, key=()),
    _action("GetParametersForImport", _READ, key=("kms:WrappingAlgorithm", "kms:WrappingKeySpec")),
    _action("GetPublicKey", _READ, key=_ALIASED),
    _action("ImportKeyMaterial", _WRITE, key=("kms:ExpirationModel", "kms:ValidTo")),
    _action("ListAliases", _LIST, none=()),
    _action("ListGrants", _LIST, key=_FOR_AWS),
    _action("ListKeyPolicies", _LIST, key=()),
    _action("ListKeyRotations", _LIST, key=()),
    _action("ListKeys", _LIST, none=()),
    _action("ListResourceTags", _LIST, key=()),
    _action("ListRetirableGrants", _LIST, none=()),
    _action("PutKeyPolicy", _PERMISSIONS, key=(*_BYPASS, "kms:PolicyName")),
    _action("ReEncryptFrom", _WRITE, key=_RE_ENCRYPT),
    _action("ReEncryptTo", _WRITE, key=_RE_ENCRYPT),
    _action("ReplicateKey", _WRITE, key=("kms:ReplicaRegion",)),
    _action("RetireGrant", _PERMISSIONS, key=("kms:GrantConstraintType", *_CONTEXT)),
    _action("RevokeGrant", _PERMISSIONS, key=_FOR_AWS),
    _action("RotateKeyOnDemand", _WRITE, key=()),
    _action("ScheduleKeyDeletion", _WRITE, key=("kms:ScheduleKeyDeletionPendingWindowInDays", *_UNUSED)),
    _action("Sign", _WRITE, key=_SIGN),
    _action("SynchronizeMultiRegionKey", _WRITE, key=()),
    # On no resource it is the second check of CreateKey with tags (which keys that one has is unverified).
    _action("TagResource", _TAGGING, key=_TAGS, none=_CREATE_KEY),
    _action("UntagResource", _TAGGING, key=(TAG_KEYS,)),
    _action("UpdateAlias", _WRITE, alias=(), key=()),
    _action("UpdateCustomKeyStore", _WRITE, none=_STORE),
    _action("UpdateKeyDescription", _WRITE, key=()),
    _action("UpdatePrimaryRegion", _WRITE, key=("kms:PrimaryRegion",)),
    _action("Verify", _WRITE, key=_SIGN),
    _action("VerifyMac", _WRITE, key=_MAC),
)


def _operation(
    name: str, *checks: Check, resource: ResourceType = _KEY, x: bool = False, note: str = ""
) -> Operation:
    """An operation of KMS; without `checks` it is one, of the action of its name on `resource`."""
    return Operation("kms", name, checks or (Check(f"kms:{name}", resource),), x, note)


_TAG_NEW_KEY = Check("kms:TagResource", _NONE, "if the request has tags")

KMS_OPERATIONS = (
    _operation("CancelKeyDeletion"),
    _operation("ConnectCustomKeyStore", resource=_NONE),
    _operation("CreateAlias", Check("kms:CreateAlias", _ALIAS), Check("kms:CreateAlias", _KEY)),
    _operation(
        "CreateCustomKeyStore",
        resource=_NONE,
        note="for a CloudHSM key store AWS also asks for `cloudhsm:DescribeClusters` and "
        "`iam:CreateServiceLinkedRole`",
    ),
    _operation("CreateGrant", x=True),
    _operation(
        "CreateKey",
        Check("kms:CreateKey", _NONE),
        _TAG_NEW_KEY,
        Check(
            "iam:CreateServiceLinkedRole",
            ResourceType.IDENTITY,
            "the service-linked role of multi-Region keys, for the first one of an account",
        ),
    ),
    _operation("Decapsulate", x=True),
    _operation("Decrypt", x=True),
    _operation("DeleteAlias", Check("kms:DeleteAlias", _ALIAS), Check("kms:DeleteAlias", _KEY)),
    _operation("DeleteCustomKeyStore", resource=_NONE),
    _operation("DeleteImportedKeyMaterial"),
    _operation("DeriveSharedSecret", x=True),
    _operation("DescribeCustomKeyStores", resource=_NONE),
    _operation("DescribeKey", x=True),
    _operation("DisableKey"),
    _operation("DisableKeyRotation"),
    _operation("DisconnectCustomKeyStore", resource=_NONE),
    _operation("EnableKey"),
    _operation("EnableKeyRotation"),
    _operation("Encapsulate", x=True),
    _operation("Encrypt", x=True),
    _operation("GenerateDataKey", x=True),
    _operation("GenerateDataKeyPair", x=True),
    _operation("GenerateDataKeyPairWithoutPlaintext", x=True),
    _operation("GenerateDataKeyWithoutPlaintext", x=True),
    _operation("GenerateMac", x=True),
    _operation("GenerateRandom", resource=_NONE),
    _operation("GetKeyLastUsage"),
    _operation("GetKeyPolicy"),
    _operation("GetKeyRotationStatus", x=True),
    _operation("GetParametersForImport"),
    _operation("GetPublicKey", x=True),
    _operation("ImportKeyMaterial"),
    _operation("ListAliases", resource=_NONE, note="also when it is asked for the aliases of one key"),
    _operation("ListGrants", x=True),
    _operation("ListKeyPolicies"),
    _operation("ListKeyRotations"),
    _operation("ListKeys", resource=_NONE),
    _operation("ListResourceTags"),
    _operation("ListRetirableGrants", resource=_NONE),
    _operation("PutKeyPolicy"),
    _operation(
        "ReEncrypt",
        Check("kms:ReEncryptFrom", _KEY, "source"),
        Check("kms:ReEncryptTo", _KEY, "destination"),
        x=True,
    ),
    _operation(
        "ReplicateKey",
        Check("kms:ReplicateKey", _KEY, "primary, in its Region"),
        Check("kms:CreateKey", _NONE, "in the replica's Region"),
        _TAG_NEW_KEY,
    ),
    _operation(
        "RetireGrant", x=True, note="the grant decides, see [How decisions are made](policy.md#grants)"
    ),
    _operation("RevokeGrant", x=True),
    _operation("RotateKeyOnDemand"),
    _operation("ScheduleKeyDeletion"),
    _operation("Sign", x=True),
    _operation("TagResource"),
    _operation("UntagResource"),
    _operation(
        "UpdateAlias",
        Check("kms:UpdateAlias", _ALIAS),
        Check("kms:UpdateAlias", _KEY, "present"),
        Check("kms:UpdateAlias", _KEY, "new"),
    ),
    _operation("UpdateCustomKeyStore", resource=_NONE),
    _operation("UpdateKeyDescription"),
    _operation(
        "UpdatePrimaryRegion",
        Check("kms:UpdatePrimaryRegion", _KEY, "present primary"),
        Check("kms:UpdatePrimaryRegion", _KEY, "replica that becomes primary, in its Region"),
    ),
    _operation("Verify", x=True),
    _operation("VerifyMac", x=True),
)
