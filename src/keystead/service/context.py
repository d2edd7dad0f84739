"""Condition keys: which there are, where AWS fills them, and with what.

`KEYS` is the table. A check sees the global keys, those of every key operation when it is on a key, and
those its target declares; everything else is absent. Values are computed when a policy asks for them.

Sources: Service Authorization Reference for KMS; IAM User Guide, "AWS global condition context keys".
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from keystead.policy.request import CallerKind, ContextValue
from keystead.service.call import Call, Touched
from keystead.service.operation import OnAlias, OnArn, OnKey, OnNothing
from keystead.shapes.kms import GrantConstraints

_TRUTH = {True: "true", False: "false"}


class CheckContext(Mapping[str, ContextValue]):
    """The context of one check: condition key in lower case -> value."""

    __slots__ = ("_allowed", "_known", "call", "touched")

    def __init__(self, call: Call, touched: Touched) -> None:
        self.call = call
        self.touched = touched
        self._allowed = _allowed(touched)
        self._known: dict[str, ContextValue | None] = {}

    def get(self, name: str, _default: object = None) -> ContextValue | None:  # type: ignore[override]  # absence is None
        """The value of a condition key, or None when it is absent."""
        known = self._known
        if name in known:
            return known[name]
        value = self._value(name)
        known[name] = value
        return value

    @property
    def consulted(self) -> bool:
        """Whether any condition key was asked for."""
        return bool(self._known)

    def _value(self, name: str) -> ContextValue | None:
        key = KEYS.get(name)
        if key is not None:
            return key.value(self) if key.everywhere or name in self._allowed else None
        for prefix, find in PREFIXES.items():
            if name.startswith(prefix) and prefix in self._allowed:
                return find(self, name[len(prefix) :])
        return None

    def __getitem__(self, name: str) -> ContextValue:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name in KEYS if self.get(name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def asked(self, attribute: str) -> object:
        """A member of the request, None when it has no such member or the caller left it out."""
        return getattr(self.call.request, attribute, None)


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """One condition key.

    Attributes:
        name: in AWS's spelling.
        value: what AWS fills in, None for absence; a tuple for multivalued keys.
        everywhere: whether every check has it; else only those of a target that lists it.
    """

    name: str
    value: Callable[[CheckContext], ContextValue | None]
    everywhere: bool = False


def _instant(context: CheckContext) -> str:
    moment = datetime.fromtimestamp(context.call.time / 1000, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _user_name(context: CheckContext) -> str | None:
    caller = context.call.caller
    return caller.arn.rpartition("/")[2] if caller.kind is CallerKind.USER else None


def _of_key(attribute: str) -> Callable[[CheckContext], str | None]:
    def value(context: CheckContext) -> str | None:
        entry = context.touched.entry
        return None if entry is None else str(getattr(entry.key, attribute))

    return value


def _of_key_or_request(attribute: str, asked: str, default: str) -> Callable[[CheckContext], str | None]:
    def value(context: CheckContext) -> str | None:
        entry = context.touched.entry
        if entry is not None:
            return str(getattr(entry.key, attribute))
        return str(context.asked(asked) or default)

    return value


def _multi_region(context: CheckContext) -> str:
    entry = context.touched.entry
    return _TRUTH[entry.key.multi_region if entry is not None else bool(context.asked("multi_region"))]


def _bypass(context: CheckContext) -> str | None:
    flag = context.asked("bypass_policy_lockout_safety_check")
    return None if flag is None else _TRUTH[bool(flag)]


def _algorithm(context: CheckContext) -> str:
    target = context.touched.target
    asked = context.asked(target.algorithm) if isinstance(target, OnKey) and target.algorithm else None
    return str(asked or "SYMMETRIC_DEFAULT")


def encryption_context(call: Call, touched: Touched) -> Mapping[str, str] | None:
    """The encryption context of a check; None for operations that have none."""
    target = touched.target
    if not isinstance(target, OnKey) or not target.encryption_context:
        return None
    return getattr(call.request, target.encryption_context, None) or {}


def _pairs(context: CheckContext) -> Mapping[str, str]:
    """The pairs that the context keys show: those of the request, or of the grant that it would make."""
    pairs = encryption_context(context.call, context.touched)
    return _constrained_to(context) if pairs is None else pairs


def _context_names(context: CheckContext) -> tuple[str, ...] | None:
    pairs = _pairs(context)
    return tuple(pairs) if pairs else None


def _named(pairs: Mapping[str, str], name: str) -> str | None:
    """The value of the pair called `name`, whatever the case.

    AWS shows no rule for names that differ in case alone: the last in code-point order counts (unverified).
    """
    names = [candidate for candidate in pairs if candidate.lower() == name]
    return pairs[max(names)] if names else None


def _context_pair(context: CheckContext, name: str) -> str | None:
    return _named(_pairs(context), name)


def _same_key(context: CheckContext) -> str | None:
    keys = context.call.keys
    return _TRUTH[keys[0].arn == keys[1].arn] if len(keys) == 2 else None


def _resource_aliases(context: CheckContext) -> tuple[str, ...] | None:
    entry = context.touched.entry
    return (context.call.records.alias_names(entry.key.arn) or None) if entry is not None else None


def _resource_tag(context: CheckContext, name: str) -> str | None:
    entry = context.touched.entry
    return _named({tag.key: tag.value for tag in entry.key.tags}, name) if entry is not None else None


def _request_tags(context: CheckContext) -> dict[str, str]:
    tags = context.asked("tags")
    return {tag.tag_key: tag.tag_value for tag in tags} if isinstance(tags, list | tuple) else {}


def _request_tag(context: CheckContext, name: str) -> str | None:
    return _named(_request_tags(context), name)


def _asked(attribute: str) -> Callable[[CheckContext], str | None]:
    def value(context: CheckContext) -> str | None:
        given = context.asked(attribute)
        return given if isinstance(given, str) else None

    return value


def _constraints(context: CheckContext) -> GrantConstraints | None:
    constraints = context.asked("constraints")
    return constraints if isinstance(constraints, GrantConstraints) else None


def _constrained_to(context: CheckContext) -> Mapping[str, str]:
    constraints = _constraints(context)
    if constraints is None:
        return {}
    return constraints.encryption_context_equals or constraints.encryption_context_subset or {}


def _grant_operations(context: CheckContext) -> tuple[str, ...] | None:
    operations = context.asked("operations")
    return tuple(dict.fromkeys(operations)) or None if isinstance(operations, list) else None


def _grant_constraint_type(context: CheckContext) -> str | None:
    constraints = _constraints(context)
    if constraints is None:
        return None
    if constraints.encryption_context_equals is not None:
        return "EncryptionContextEquals"
    return None if constraints.encryption_context_subset is None else "EncryptionContextSubset"


def _grant_source_arn(context: CheckContext) -> str | None:
    constraints = _constraints(context)
    return None if constraints is None else constraints.source_arn


_TABLE = (
    # Global keys.
    ConditionKey("aws:CurrentTime", _instant, everywhere=True),
    ConditionKey("aws:EpochTime", lambda c: str(c.call.time // 1000), everywhere=True),
    ConditionKey("aws:PrincipalAccount", lambda c: c.call.caller.account, everywhere=True),
    ConditionKey("aws:PrincipalArn", lambda c: c.call.caller.role_arn or c.call.caller.arn, everywhere=True),
    ConditionKey("aws:PrincipalIsAWSService", lambda _: "false", everywhere=True),
    ConditionKey("aws:PrincipalType", lambda c: str(c.call.caller.kind), everywhere=True),
    ConditionKey("aws:Referer", lambda c: c.call.http.headers.get("referer"), everywhere=True),
    ConditionKey("aws:RequestedRegion", lambda c: c.call.region, everywhere=True),
    ConditionKey("aws:ResourceAccount", lambda c: c.touched.owner, everywhere=True),
    ConditionKey("aws:SecureTransport", lambda c: _TRUTH[c.call.http.secure], everywhere=True),
    ConditionKey("aws:SourceIp", lambda c: c.call.http.client or None, everywhere=True),
    ConditionKey("aws:UserAgent", lambda c: c.call.http.headers.get("user-agent"), everywhere=True),
    ConditionKey("aws:userid", lambda c: c.call.caller.unique_id, everywhere=True),
    ConditionKey("aws:username", _user_name, everywhere=True),
    ConditionKey("aws:ViaAWSService", lambda _: "false", everywhere=True),
    # Keys of KMS.
    ConditionKey("kms:CallerAccount", lambda c: c.call.caller.account),
    ConditionKey("kms:KeySpec", _of_key_or_request("spec", "key_spec", "SYMMETRIC_DEFAULT")),
    ConditionKey("kms:CustomerMasterKeySpec", _of_key_or_request("spec", "key_spec", "SYMMETRIC_DEFAULT")),
    ConditionKey("kms:KeyUsage", _of_key_or_request("usage", "key_usage", "ENCRYPT_DECRYPT")),
    ConditionKey("kms:CustomerMasterKeyUsage", _of_key_or_request("usage", "key_usage", "ENCRYPT_DECRYPT")),
    ConditionKey("kms:KeyOrigin", _of_key_or_request("origin", "origin", "AWS_KMS")),
    ConditionKey("kms:MultiRegion", _multi_region),
    ConditionKey("kms:ResourceAliases", _resource_aliases),
    ConditionKey("kms:RequestAlias", lambda c: c.touched.request_alias),
    ConditionKey("kms:EncryptionAlgorithm", _algorithm),
    ConditionKey("kms:EncryptionContextKeys", _context_names),
    ConditionKey("kms:ReEncryptOnSameKey", _same_key),
    ConditionKey("kms:PolicyName", lambda c: str(c.asked("policy_name") or "default")),
    ConditionKey("kms:BypassPolicyLockoutSafetyCheck", _bypass),
    ConditionKey("aws:TagKeys", lambda c: tuple(_request_tags(c)) or None),
    # Keys of grants.
    ConditionKey("kms:GrantOperations", _grant_operations),
    ConditionKey("kms:GranteePrincipal", _asked("grantee_principal")),
    ConditionKey("kms:GranteeServicePrincipal", _asked("grantee_service_principal")),
    ConditionKey("kms:RetiringPrincipal", _asked("retiring_principal")),
    ConditionKey("kms:RetiringServicePrincipal", _asked("retiring_service_principal")),
    ConditionKey("kms:GrantConstraintType", _grant_constraint_type),
    ConditionKey("kms:GrantConstraintSourceArn", _grant_source_arn),
    # No service calls on anybody's behalf here. That AWS fills it on direct calls is unverified.
    ConditionKey("kms:GrantIsForAWSResource", lambda _: "false"),
)

KEYS: dict[str, ConditionKey] = {key.name.lower(): key for key in _TABLE}
"""Condition keys by name in lower case."""

PREFIXES: dict[str, Callable[[CheckContext, str], str | None]] = {
    "kms:encryptioncontext:": _context_pair,
    "aws:resourcetag/": _resource_tag,
    "aws:requesttag/": _request_tag,
}
"""Families of condition keys: the part after the prefix is the name of a pair or a tag, in lower case."""


def _names(*names: str) -> frozenset[str]:
    for name in names:
        if name.lower() not in KEYS and name.lower() not in PREFIXES:
            raise ValueError(f"no condition key {name}")
    return frozenset(name.lower() for name in names)


OF_EVERY_KEY = _names(
    "kms:CallerAccount",
    "kms:KeySpec",
    "kms:CustomerMasterKeySpec",
    "kms:KeyUsage",
    "kms:CustomerMasterKeyUsage",
    "kms:KeyOrigin",
    "kms:MultiRegion",
    "kms:ResourceAliases",
    "aws:ResourceTag/",
)
"""The keys of every check on a KMS key."""

REQUEST_ALIAS = _names("kms:RequestAlias")
"""For operations that take an alias."""

SYMMETRIC = _names("kms:EncryptionAlgorithm", "kms:EncryptionContext:", "kms:EncryptionContextKeys")
"""For operations with an encryption context."""

RE_ENCRYPT = _names("kms:ReEncryptOnSameKey")
POLICY_NAME = _names("kms:PolicyName")
BYPASS = _names("kms:BypassPolicyLockoutSafetyCheck")

CREATE_KEY = _names(
    "kms:CallerAccount",
    "kms:KeySpec",
    "kms:CustomerMasterKeySpec",
    "kms:KeyUsage",
    "kms:CustomerMasterKeyUsage",
    "kms:KeyOrigin",
    "kms:MultiRegion",
    "kms:BypassPolicyLockoutSafetyCheck",
    "aws:RequestTag/",
    "aws:TagKeys",
)
"""For CreateKey, whose key does not exist yet."""

CREATE_GRANT = _names(
    "kms:GrantOperations",
    "kms:GranteePrincipal",
    "kms:GranteeServicePrincipal",
    "kms:RetiringPrincipal",
    "kms:RetiringServicePrincipal",
    "kms:GrantConstraintType",
    "kms:GrantConstraintSourceArn",
    "kms:GrantIsForAWSResource",
    "kms:EncryptionContext:",
    "kms:EncryptionContextKeys",
)
"""For CreateGrant; the encryption context is that of the grant's constraint."""

GRANT_IS_FOR_AWS_RESOURCE = _names("kms:GrantIsForAWSResource")
"""For the other operations on grants."""

_NONE: frozenset[str] = frozenset()
_OF_KEYS: dict[frozenset[str], frozenset[str]] = {}


def _allowed(touched: Touched) -> frozenset[str]:
    target = touched.target
    match target:
        case OnKey():
            # One union for each declaration, not one for each request.
            allowed = _OF_KEYS.get(target.conditions)
            if allowed is None:
                allowed = _OF_KEYS[target.conditions] = target.conditions | OF_EVERY_KEY
            return allowed
        case OnNothing():
            return target.conditions
        case OnAlias() | OnArn():
            return _NONE
        case _:
            return OF_EVERY_KEY


__all__ = [
    "BYPASS",
    "CREATE_GRANT",
    "CREATE_KEY",
    "GRANT_IS_FOR_AWS_RESOURCE",
    "KEYS",
    "OF_EVERY_KEY",
    "POLICY_NAME",
    "PREFIXES",
    "REQUEST_ALIAS",
    "RE_ENCRYPT",
    "SYMMETRIC",
    "CheckContext",
    "ConditionKey",
    "encryption_context",
]
