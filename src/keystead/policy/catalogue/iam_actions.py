"""The actions and operations of IAM and STS that Keystead has, and their condition keys.

Source: Service Authorization Reference.
"""

from keystead.policy.catalogue.global_keys import REQUEST_TAG, RESOURCE_TAG, TAG_KEYS
from keystead.policy.catalogue.vocabulary import (
    AccessLevel,
    Action,
    Check,
    ConditionKey,
    Operation,
    ResourceType,
    ValueType,
)

_LIST, _READ, _WRITE = AccessLevel.LIST, AccessLevel.READ, AccessLevel.WRITE
_PERMISSIONS = AccessLevel.PERMISSIONS_MANAGEMENT

IAM_KEYS = (
    ConditionKey(
        "iam:PermissionsBoundary",
        ValueType.ARN,
        "permissions boundary of the user, or asked for by CreateUser",
    ),
    ConditionKey("iam:ResourceTag/", ValueType.STRING, "value of that tag of the user, if it has it"),
)

_TAGGED = (RESOURCE_TAG, "iam:ResourceTag/")
_BOUNDED = (*_TAGGED, "iam:PermissionsBoundary")


def _on_user(name: str, access: AccessLevel, keys: tuple[str, ...] = _TAGGED) -> Action:
    return Action(f"iam:{name}", access, {ResourceType.USER: keys})


IAM_ACTIONS = (
    _on_user("CreateAccessKey", _WRITE),
    _on_user("CreateUser", _WRITE, ("iam:PermissionsBoundary", REQUEST_TAG, TAG_KEYS)),
    _on_user("DeleteAccessKey", _WRITE),
    _on_user("DeleteUser", _WRITE),
    _on_user("DeleteUserPolicy", _PERMISSIONS, _BOUNDED),
    _on_user("GetUser", _READ),
    _on_user("GetUserPolicy", _READ),
    _on_user("ListAccessKeys", _LIST),
    _on_user("ListUserPolicies", _LIST),
    _on_user("ListUsers", _LIST, ()),
    _on_user("PutUserPolicy", _PERMISSIONS, _BOUNDED),
    _on_user("UpdateAccessKey", _WRITE),
    Action("sts:GetCallerIdentity", _READ, {ResourceType.NONE: ()}),
)


def _operation(name: str, on: str = "") -> Operation:
    return Operation("iam", name, (Check(f"iam:{name}", ResourceType.USER, on),))


IAM_OPERATIONS = (
    _operation("CreateAccessKey"),
    _operation("CreateUser"),
    _operation("DeleteAccessKey"),
    _operation("DeleteUser"),
    _operation("DeleteUserPolicy"),
    _operation("GetUser"),
    _operation("GetUserPolicy"),
    _operation("ListAccessKeys"),
    _operation("ListUserPolicies"),
    _operation("ListUsers", "path prefix"),
    _operation("PutUserPolicy"),
    _operation("UpdateAccessKey"),
    Operation("sts", "GetCallerIdentity", (), note="needs no permission"),
)
