"""Actions and operations of IAM, as far as Keystead needs them, and their condition keys.

Source: Service Authorization Reference.
"""

from keystead.policy.catalogue.iam_entities import (
    BOUNDED,
    ENTITY_ACTIONS,
    ENTITY_KEYS,
    ENTITY_OPERATIONS,
    TAGGED,
)
from keystead.policy.catalogue.iam_sign_in import SIGN_IN_ACTIONS, SIGN_IN_OPERATIONS
from keystead.policy.catalogue.vocabulary import AccessLevel, Action, Check, Operation, ResourceType

_LIST, _READ, _WRITE = AccessLevel.LIST, AccessLevel.READ, AccessLevel.WRITE
_PERMISSIONS = AccessLevel.PERMISSIONS_MANAGEMENT

IAM_KEYS = ENTITY_KEYS


def _on_identity(name: str, access: AccessLevel, keys: tuple[str, ...] = TAGGED) -> Action:
    return Action(f"iam:{name}", access, {ResourceType.IDENTITY: keys})


IAM_ACTIONS = (
    _on_identity("CreateAccessKey", _PERMISSIONS),
    _on_identity("DeleteAccessKey", _PERMISSIONS),
    _on_identity("DeleteUser", _PERMISSIONS),
    _on_identity("DeleteUserPolicy", _PERMISSIONS, BOUNDED),
    _on_identity("GetAccessKeyLastUsed", _READ),
    Action("iam:GetContextKeysForCustomPolicy", _READ, {ResourceType.NONE: ()}),
    _on_identity("GetContextKeysForPrincipalPolicy", _READ),
    _on_identity("GetUser", _READ),
    _on_identity("GetUserPolicy", _READ),
    _on_identity("ListAccessKeys", _LIST),
    _on_identity("ListMFADevices", _LIST),
    Action("iam:ListSAMLProviders", _LIST, {ResourceType.NONE: ()}),
    _on_identity("ListSSHPublicKeys", _LIST),
    Action("iam:ListServerCertificates", _LIST, {ResourceType.NONE: ()}),
    _on_identity("ListServiceSpecificCredentials", _LIST),
    _on_identity("ListSigningCertificates", _LIST),
    _on_identity("ListUserPolicies", _LIST),
    _on_identity("ListUsers", _LIST, ()),
    Action("iam:ListVirtualMFADevices", _LIST, {ResourceType.NONE: ()}),
    _on_identity("PutUserPolicy", _PERMISSIONS, BOUNDED),
    Action("iam:SimulateCustomPolicy", _READ, {ResourceType.NONE: ()}),
    _on_identity("SimulatePrincipalPolicy", _READ),
    _on_identity("UpdateAccessKey", _PERMISSIONS),
    _on_identity("UpdateUser", _PERMISSIONS),
    *SIGN_IN_ACTIONS,
    *ENTITY_ACTIONS,
)


def _operation(name: str, on: str = "", resource: ResourceType = ResourceType.IDENTITY) -> Operation:
    return Operation("iam", name, (Check(f"iam:{name}", resource, on),))


IAM_OPERATIONS = (
    _operation("CreateAccessKey"),
    _operation("DeleteAccessKey"),
    _operation("DeleteUser"),
    _operation("DeleteUserPolicy"),
    _operation("GetAccessKeyLastUsed", "user of the access key"),
    _operation("GetContextKeysForCustomPolicy", resource=ResourceType.NONE),
    _operation("GetContextKeysForPrincipalPolicy"),
    _operation("GetUser"),
    _operation("GetUserPolicy"),
    _operation("ListAccessKeys"),
    _operation("ListMFADevices"),
    _operation("ListSAMLProviders", resource=ResourceType.NONE),
    _operation("ListSSHPublicKeys"),
    _operation("ListServerCertificates", resource=ResourceType.NONE),
    _operation("ListServiceSpecificCredentials"),
    _operation("ListSigningCertificates"),
    _operation("ListUserPolicies"),
    _operation("ListUsers", "path prefix"),
    _operation("ListVirtualMFADevices", resource=ResourceType.NONE),
    _operation("PutUserPolicy"),
    _operation("SimulateCustomPolicy", resource=ResourceType.NONE),
    _operation("SimulatePrincipalPolicy"),
    _operation("UpdateAccessKey"),
    Operation(
        "iam",
        "UpdateUser",
        (
            Check("iam:UpdateUser", ResourceType.IDENTITY, "user"),
            Check("iam:UpdateUser", ResourceType.IDENTITY, "user under the new name and path"),
        ),
    ),
    *SIGN_IN_OPERATIONS,
    *ENTITY_OPERATIONS,
)
