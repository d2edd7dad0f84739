"""What fills the `kms:` keys, one function a key."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds
from collections.abc import Mapping

from keystead.kinds import KeySpec, KeyUsage, MultiRegionKeyType, Origin
from keystead.model import Key
from keystead.model.key import DAY
from keystead.service.call import Call, Touched
from keystead.service.context.grant_values import constrained_to
from keystead.service.context.value import TRUTH, Value
from keystead.service.operation import OnKey
from keystead.shapes.kms import CreateKeyRequest, ReplicateKeyRequest


def caller_account(call: Call, _touched: Touched) -> str | None:
    return call.caller.account or None


# The KMS key: the one that the check is on, or the one that CreateKey asks for. A key that is not there has
# no attributes, whatever members of the same name the request has.


def _key_of(call: Call, touched: Touched) -> Key | None:
    """The key whose attributes a check shows. A replica has those of its primary."""
    if touched.entry is not None:
        return touched.entry.key
    if isinstance(call.request, ReplicateKeyRequest) and not touched.on_key and call.keys:
        return call.keys[0].key
    return None


def key_spec(call: Call, touched: Touched) -> str | None:
    key, request = _key_of(call, touched), call.request
    if key is not None:
        return key.spec.value
    if isinstance(request, CreateKeyRequest) and not touched.on_key:
        return request.key_spec or request.customer_master_key_spec or KeySpec.SYMMETRIC_DEFAULT.value
    return None


def key_usage(call: Call, touched: Touched) -> str | None:
    key, request = _key_of(call, touched), call.request
    if key is not None:
        return key.usage.value
    if isinstance(request, CreateKeyRequest) and not touched.on_key:
        return request.key_usage or KeyUsage.ENCRYPT_DECRYPT.value
    return None


def key_origin(call: Call, touched: Touched) -> str | None:
    key, request = _key_of(call, touched), call.request
    if key is not None:
        return key.origin.value
    if isinstance(request, CreateKeyRequest) and not touched.on_key:
        return request.origin or Origin.AWS_KMS.value
    return None


def multi_region(call: Call, touched: Touched) -> str | None:
    key, request = _key_of(call, touched), call.request
    if key is not None:
        return TRUTH[key.multi_region]
    if isinstance(request, CreateKeyRequest) and not touched.on_key:
        return TRUTH[bool(request.multi_region)]
    return None


def multi_region_key_type(call: Call, touched: Touched) -> str | None:
    if touched.entry is not None:
        return touched.entry.key.multi_region_key_type
    match call.request:
        case CreateKeyRequest(multi_region=True) if not touched.on_key:
            return MultiRegionKeyType.PRIMARY
        case ReplicateKeyRequest() if not touched.on_key:
            return MultiRegionKeyType.REPLICA
        case _:
            return None


def resource_aliases(call: Call, touched: Touched) -> tuple[str, ...] | None:
    entry = touched.entry
    return None if entry is None else call.records.alias_names(entry.key.arn) or None


def trailing_days_without_key_usage(call: Call, touched: Touched) -> str | None:
    """Whole days since the last use; of a key never used, since its creation (unverified)."""
    if touched.entry is None:
        return None
    key = touched.entry.key
    with call.reading() as tx:
        use = call.last_usage.of(tx, key.arn)
    since = key.created if use is None else use.time
    return str(max(0, call.time - since) // DAY)


def request_alias(_call: Call, touched: Touched) -> str | None:
    return touched.request_alias


# Encryption.


def encryption_algorithm(call: Call, touched: Touched) -> str:
    target = touched.target
    asked = (
        getattr(call.request, target.algorithm) if isinstance(target, OnKey) and target.algorithm else None
    )
    return asked or "SYMMETRIC_DEFAULT"


def encryption_context(call: Call, touched: Touched) -> Mapping[str, str] | None:
    """The encryption context of a check; None for operations that have none."""
    target = touched.target
    if not isinstance(target, OnKey) or not target.encryption_context:
        return None
    return getattr(call.request, target.encryption_context, None) or {}


def encryption_context_pairs(call: Call, touched: Touched) -> Mapping[str, str]:
    """The pairs that the condition keys show: the request's, or those of a grant's constraint."""
    pairs = encryption_context(call, touched)
    return constrained_to(call, touched) if pairs is None else pairs


def encryption_context_keys(call: Call, touched: Touched) -> tuple[str, ...] | None:
    return tuple(encryption_context_pairs(call, touched)) or None


def re_encrypt_on_same_key(call: Call, _touched: Touched) -> str | None:
    keys = call.keys
    return TRUTH[keys[0].arn == keys[1].arn] if len(keys) == 2 else None


def recipient_attestation(call: Call, _touched: Touched) -> Mapping[str, str]:
    """The measurements in the verified document of an enclave; documents of a NitroTPM are refused."""
    if call.recipient is None:
        return {}
    pcrs = {f"PCR{register}": measurement.hex() for register, measurement in call.recipient.pcrs.items()}
    return {"ImageSha384": pcrs["PCR0"], **pcrs} if "PCR0" in pcrs else pcrs


# Members of the request.


def member(attribute: str, default: str | None = None) -> Value:
    """A member of the request; without `default` the key is absent when the member is left out."""

    def value(call: Call, _touched: Touched) -> str | None:
        given = getattr(call.request, attribute, None)
        return default if given is None else str(given)

    return value


def bypass_policy_lockout_safety_check(call: Call, _touched: Touched) -> str | None:
    flag = getattr(call.request, "bypass_policy_lockout_safety_check", None)
    return None if flag is None else TRUTH[flag]


def valid_to(call: Call, _touched: Touched) -> str | None:
    seconds = getattr(call.request, "valid_to", None)
    return None if seconds is None else f"{seconds:.3f}".rstrip("0").removesuffix(".")
