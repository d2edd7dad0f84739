"""Actions and operations of IAM and STS, as far as Keystead needs them, and their condition keys.

Source: Service Authorization Reference.
"""

from keystead.policy.catalogue.global_keys import REQUEST_TAG, RESOURCE_TAG, TAG_KEYS
from keystead.policy.catalogue.iam_entities import (
    BOUNDED,
    ENTITY_ACTIONS,
    ENTITY_KEYS,
    ENTITY_OPERATIONS,
    TAGGED,
)
from keystead.policy.catalogue.vocabulary import AccessLevel, Action, Check, Operation, ResourceType

_LIST, _READ, _WRITE = AccessLevel.LIST, AccessLevel.READ, AccessLevel.WRITE
_PERMISSIONS, _TAGGING = AccessLevel.PERMISSIONS_MANAGEMENT, AccessLevel.TAGGING

IAM_KEYS = ENTITY_KEYS


def _on_identity(name: str, access: AccessLevel, keys: tuple[str, ...] = TAGGED) -> Action:
    return Action(f"iam:{name}", access, {ResourceType.IDENTITY: keys})


def _on_provider(name: str, access: AccessLevel, keys: tuple[str, ...] = (RESOURCE_TAG,)) -> Action:
    return Action(f"iam:{name}", access, {ResourceType.OIDC_PROVIDER: keys})


IAM_ACTIONS = (
    _on_identity("CreateAccessKey", _WRITE),
    _on_identity("DeleteAccessKey", _WRITE),
    _on_identity("DeleteUser", _WRITE),
    _on_identity("DeleteUserPolicy", _PERMISSIONS, BOUNDED),
    _on_provider("AddClientIDToOpenIDConnectProvider", _WRITE),
    _on_provider("CreateOpenIDConnectProvider", _WRITE, (REQUEST_TAG, TAG_KEYS)),
    _on_provider("DeleteOpenIDConnectProvider", _WRITE),
    Action("iam:GetContextKeysForCustomPolicy", _READ, {ResourceType.NONE: ()}),
    _on_identity("GetContextKeysForPrincipalPolicy", _READ),
    _on_provider("GetOpenIDConnectProvider", _READ),
    _on_identity("GetUser", _READ),
    _on_identity("GetUserPolicy", _READ),
    _on_identity("ListAccessKeys", _LIST),
    _on_identity("ListMFADevices", _LIST),
    _on_provider("ListOpenIDConnectProviderTags", _LIST),
    Action("iam:ListOpenIDConnectProviders", _LIST, {ResourceType.NONE: ()}),
    _on_identity("ListSSHPublicKeys", _LIST),
    _on_identity("ListServiceSpecificCredentials", _LIST),
    _on_identity("ListSigningCertificates", _LIST),
    _on_identity("ListUserPolicies", _LIST),
    _on_identity("ListUsers", _LIST, ()),
    Action("iam:ListVirtualMFADevices", _LIST, {ResourceType.NONE: ()}),
    _on_identity("PutUserPolicy", _PERMISSIONS, BOUNDED),
    _on_provider("RemoveClientIDFromOpenIDConnectProvider", _WRITE),
    Action("iam:SimulateCustomPolicy", _READ, {ResourceType.NONE: ()}),
    _on_identity("SimulatePrincipalPolicy", _READ),
    _on_provider("TagOpenIDConnectProvider", _TAGGING, (RESOURCE_TAG, REQUEST_TAG, TAG_KEYS)),
    _on_provider("UntagOpenIDConnectProvider", _TAGGING, (RESOURCE_TAG, TAG_KEYS)),
    _on_identity("UpdateAccessKey", _WRITE),
    _on_provider("UpdateOpenIDConnectProviderThumbprint", _WRITE),
    Action("sts:DecodeAuthorizationMessage", _WRITE, {ResourceType.NONE: ()}),
    Action("sts:GetCallerIdentity", _READ, {ResourceType.NONE: ()}),
    *ENTITY_ACTIONS,
)


def _operation(name: str, on: str = "", resource: ResourceType = ResourceType.IDENTITY) -> Operation:
    return Operation("iam", name, (Check(f"iam:{name}", resource, on),))


_PROVIDER = ResourceType.OIDC_PROVIDER

IAM_OPERATIONS = (
    _operation("AddClientIDToOpenIDConnectProvider", resource=_PROVIDER),
    _operation("CreateAccessKey"),
    _operation("CreateOpenIDConnectProvider", resource=_PROVIDER),
    _operation("DeleteAccessKey"),
    _operation("DeleteOpenIDConnectProvider", resource=_PROVIDER),
    _operation("DeleteUser"),
    _operation("DeleteUserPolicy"),
    _operation("GetContextKeysForCustomPolicy", resource=ResourceType.NONE),
    _operation("GetContextKeysForPrincipalPolicy"),
    _operation("GetOpenIDConnectProvider", resource=_PROVIDER),
    _operation("GetUser"),
    _operation("GetUserPolicy"),
    _operation("ListAccessKeys"),
    _operation("ListMFADevices"),
    _operation("ListOpenIDConnectProviderTags", resource=_PROVIDER),
    _operation("ListOpenIDConnectProviders", resource=ResourceType.NONE),
    _operation("ListSSHPublicKeys"),
    _operation("ListServiceSpecificCredentials"),
    _operation("ListSigningCertificates"),
    _operation("ListUserPolicies"),
    _operation("ListUsers", "path prefix"),
    _operation("ListVirtualMFADevices", resource=ResourceType.NONE),
    _operation("PutUserPolicy"),
    _operation("RemoveClientIDFromOpenIDConnectProvider", resource=_PROVIDER),
    _operation("SimulateCustomPolicy", resource=ResourceType.NONE),
    _operation("SimulatePrincipalPolicy"),
    _operation("TagOpenIDConnectProvider", resource=_PROVIDER),
    _operation("UntagOpenIDConnectProvider", resource=_PROVIDER),
    _operation("UpdateAccessKey"),
    _operation("UpdateOpenIDConnectProviderThumbprint", resource=_PROVIDER),
    Operation(
        "sts",
        "DecodeAuthorizationMessage",
        (Check("sts:DecodeAuthorizationMessage", ResourceType.NONE),),
    ),
    Operation("sts", "GetCallerIdentity", (), note="needs no permission"),
    *ENTITY_OPERATIONS,
)
