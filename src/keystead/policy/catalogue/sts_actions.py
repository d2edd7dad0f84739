"""Actions and operations of STS, as far as Keystead needs them, and their condition keys.

Source: Service Authorization Reference. Keys of a provider's own, `ISSUER:sub` and its like, belong to the
check of AssumeRoleWithWebIdentity and have no row: their names are the issuers'.
"""

from keystead.policy.catalogue.global_keys import REQUEST_TAG, RESOURCE_TAG, TAG_KEYS
from keystead.policy.catalogue.vocabulary import (
    AccessLevel,
    Action,
    Cardinality,
    Check,
    ConditionKey,
    Operation,
    ResourceType,
    ValueType,
)

STS_KEYS = (
    ConditionKey("sts:ExternalId", ValueType.STRING, "`ExternalId`, if it was sent"),
    ConditionKey("sts:RoleSessionName", ValueType.STRING, "`RoleSessionName`"),
    ConditionKey(
        "sts:SourceIdentity",
        ValueType.STRING,
        "`SourceIdentity`, or what the web identity token gives; if there is one",
    ),
    ConditionKey(
        "sts:TransitiveTagKeys",
        ValueType.STRING,
        "names of the tags asked for that go with chained roles; absent if there are none",
        Cardinality.MULTI,
    ),
)

_ROLE = (
    RESOURCE_TAG,
    "iam:ResourceTag/",
    REQUEST_TAG,
    TAG_KEYS,
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
    "sts:TransitiveTagKeys",
)


def _on_role(name: str, access: AccessLevel) -> Action:
    return Action(f"sts:{name}", access, {ResourceType.IDENTITY: _ROLE})


STS_ACTIONS = (
    _on_role("AssumeRole", AccessLevel.WRITE),
    _on_role("AssumeRoleWithWebIdentity", AccessLevel.WRITE),
    Action("sts:DecodeAuthorizationMessage", AccessLevel.WRITE, {ResourceType.NONE: ()}),
    Action("sts:GetAccessKeyInfo", AccessLevel.READ, {ResourceType.NONE: ()}),
    Action("sts:GetCallerIdentity", AccessLevel.READ, {ResourceType.NONE: ()}),
    Action("sts:GetFederationToken", AccessLevel.READ, {ResourceType.IDENTITY: (REQUEST_TAG, TAG_KEYS)}),
    Action("sts:GetSessionToken", AccessLevel.READ, {ResourceType.NONE: ()}),
    _on_role("SetSourceIdentity", AccessLevel.WRITE),
    _on_role("TagSession", AccessLevel.TAGGING),
)


def _check(action: str, on: str = "", resource: ResourceType = ResourceType.IDENTITY) -> Check:
    return Check(f"sts:{action}", resource, on)


_TAGGED = "role, if the session has tags"
_IDENTIFIED = "role, if the session has a source identity"

STS_OPERATIONS = (
    Operation(
        "sts",
        "AssumeRole",
        (
            _check("AssumeRole", "role"),
            _check("TagSession", _TAGGED),
            _check("SetSourceIdentity", _IDENTIFIED),
        ),
    ),
    Operation(
        "sts",
        "AssumeRoleWithWebIdentity",
        (
            _check("AssumeRoleWithWebIdentity", "role"),
            _check("TagSession", _TAGGED),
            _check("SetSourceIdentity", _IDENTIFIED),
        ),
        note="the web identity is the caller; no signature",
    ),
    Operation(
        "sts",
        "DecodeAuthorizationMessage",
        (_check("DecodeAuthorizationMessage", resource=ResourceType.NONE),),
    ),
    Operation("sts", "GetAccessKeyInfo", (_check("GetAccessKeyInfo", resource=ResourceType.NONE),)),
    Operation("sts", "GetCallerIdentity", (), note="needs no permission"),
    Operation(
        "sts",
        "GetFederationToken",
        (
            _check("GetFederationToken", "federated user"),
            _check("TagSession", "federated user, if there are tags"),
        ),
    ),
    Operation("sts", "GetSessionToken", (), note="needs no permission"),
)
