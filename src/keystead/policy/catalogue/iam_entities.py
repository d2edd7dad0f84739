"""Actions and operations of IAM on roles, groups, managed policies and instance profiles, and on tags.

Source: Service Authorization Reference. Keys of resources that Keystead does not have are left out.
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

_LIST, _READ, _TAGGING = AccessLevel.LIST, AccessLevel.READ, AccessLevel.TAGGING
_PERMISSIONS = AccessLevel.PERMISSIONS_MANAGEMENT

_IDENTITY, _POLICY = ResourceType.IDENTITY, ResourceType.POLICY
_PROFILE, _NONE = ResourceType.INSTANCE_PROFILE, ResourceType.NONE

BOUNDARY = "iam:PermissionsBoundary"
_POLICY_ARN = "iam:PolicyARN"

ENTITY_KEYS = (
    ConditionKey("iam:AWSServiceName", ValueType.STRING, "service that the role is made for"),
    ConditionKey("iam:PassedToService", ValueType.STRING, "service that the role is handed to"),
    ConditionKey(
        BOUNDARY,
        ValueType.ARN,
        "permissions boundary that is asked for, else that of the user or role, if it has one",
    ),
    ConditionKey(_POLICY_ARN, ValueType.ARN, "managed policy to attach or detach"),
    ConditionKey("iam:ResourceTag/", ValueType.STRING, "value of that tag of the user or role, if it has it"),
)

TAGGED = (RESOURCE_TAG, "iam:ResourceTag/")
BOUNDED = (*TAGGED, BOUNDARY)
_ATTACHED = (*BOUNDED, _POLICY_ARN)
_ASKED_FOR = (REQUEST_TAG, TAG_KEYS)
_MADE = (*TAGGED, BOUNDARY, *_ASKED_FOR)

_Rows = tuple[tuple[str, AccessLevel, tuple[str, ...]], ...]

_ON_GROUPS: _Rows = (
    ("AddUserToGroup", _PERMISSIONS, ()),
    ("AttachGroupPolicy", _PERMISSIONS, (_POLICY_ARN,)),
    ("CreateGroup", _PERMISSIONS, ()),
    ("DeleteGroup", _PERMISSIONS, ()),
    ("DeleteGroupPolicy", _PERMISSIONS, ()),
    ("DetachGroupPolicy", _PERMISSIONS, (_POLICY_ARN,)),
    ("GetGroup", _READ, ()),
    ("GetGroupPolicy", _READ, ()),
    ("ListAttachedGroupPolicies", _LIST, ()),
    ("ListGroupPolicies", _LIST, ()),
    ("ListGroups", _LIST, ()),
    ("PutGroupPolicy", _PERMISSIONS, ()),
    ("RemoveUserFromGroup", _PERMISSIONS, ()),
    ("UpdateGroup", _PERMISSIONS, ()),
)
_ON_ROLES: _Rows = (
    ("AttachRolePolicy", _PERMISSIONS, _ATTACHED),
    ("CreateRole", _PERMISSIONS, _MADE),
    ("CreateServiceLinkedRole", _PERMISSIONS, (*TAGGED, "iam:AWSServiceName")),
    ("DeleteRole", _PERMISSIONS, BOUNDED),
    ("DeleteRolePermissionsBoundary", _PERMISSIONS, BOUNDED),
    ("DeleteRolePolicy", _PERMISSIONS, BOUNDED),
    ("DeleteServiceLinkedRole", _PERMISSIONS, TAGGED),
    ("DetachRolePolicy", _PERMISSIONS, _ATTACHED),
    ("GetRole", _READ, BOUNDED),
    ("GetRolePolicy", _READ, TAGGED),
    ("GetServiceLinkedRoleDeletionStatus", _READ, TAGGED),
    ("ListAttachedRolePolicies", _LIST, TAGGED),
    ("ListInstanceProfilesForRole", _LIST, TAGGED),
    ("ListRolePolicies", _LIST, TAGGED),
    ("ListRoleTags", _LIST, TAGGED),
    ("ListRoles", _LIST, ()),
    ("PassRole", AccessLevel.WRITE, (*TAGGED, "iam:PassedToService")),
    ("PutRolePermissionsBoundary", _PERMISSIONS, BOUNDED),
    ("PutRolePolicy", _PERMISSIONS, BOUNDED),
    ("TagRole", _TAGGING, (*TAGGED, *_ASKED_FOR)),
    ("UntagRole", _TAGGING, (*TAGGED, TAG_KEYS)),
    ("UpdateAssumeRolePolicy", _PERMISSIONS, BOUNDED),
    ("UpdateRole", _PERMISSIONS, BOUNDED),
    ("UpdateRoleDescription", _PERMISSIONS, BOUNDED),
)
_ON_USERS: _Rows = (
    ("AttachUserPolicy", _PERMISSIONS, _ATTACHED),
    ("CreateUser", _PERMISSIONS, _MADE),
    ("DeleteUserPermissionsBoundary", _PERMISSIONS, BOUNDED),
    ("DetachUserPolicy", _PERMISSIONS, _ATTACHED),
    ("ListAttachedUserPolicies", _LIST, TAGGED),
    ("ListGroupsForUser", _LIST, TAGGED),
    ("ListUserTags", _LIST, TAGGED),
    ("PutUserPermissionsBoundary", _PERMISSIONS, BOUNDED),
    ("TagUser", _TAGGING, (*TAGGED, *_ASKED_FOR)),
    ("UntagUser", _TAGGING, (*TAGGED, TAG_KEYS)),
)
_ON_POLICIES: _Rows = (
    ("CreatePolicy", _PERMISSIONS, (RESOURCE_TAG, *_ASKED_FOR)),
    ("CreatePolicyVersion", _PERMISSIONS, (RESOURCE_TAG,)),
    ("DeletePolicy", _PERMISSIONS, (RESOURCE_TAG,)),
    ("DeletePolicyVersion", _PERMISSIONS, (RESOURCE_TAG,)),
    ("GetPolicy", _READ, (RESOURCE_TAG,)),
    ("GetPolicyVersion", _READ, (RESOURCE_TAG,)),
    ("ListEntitiesForPolicy", _LIST, (RESOURCE_TAG,)),
    ("ListPolicyTags", _LIST, (RESOURCE_TAG,)),
    ("ListPolicyVersions", _LIST, (RESOURCE_TAG,)),
    ("SetDefaultPolicyVersion", _PERMISSIONS, (RESOURCE_TAG,)),
    ("TagPolicy", _TAGGING, (RESOURCE_TAG, *_ASKED_FOR)),
    ("UntagPolicy", _TAGGING, (RESOURCE_TAG, TAG_KEYS)),
)
_ON_PROFILES: _Rows = (
    ("AddRoleToInstanceProfile", _PERMISSIONS, (RESOURCE_TAG,)),
    ("CreateInstanceProfile", _PERMISSIONS, (RESOURCE_TAG, *_ASKED_FOR)),
    ("DeleteInstanceProfile", _PERMISSIONS, (RESOURCE_TAG,)),
    ("GetInstanceProfile", _READ, (RESOURCE_TAG,)),
    ("ListInstanceProfileTags", _LIST, (RESOURCE_TAG,)),
    ("ListInstanceProfiles", _LIST, ()),
    ("RemoveRoleFromInstanceProfile", _PERMISSIONS, (RESOURCE_TAG,)),
    ("TagInstanceProfile", _TAGGING, (RESOURCE_TAG, *_ASKED_FOR)),
    ("UntagInstanceProfile", _TAGGING, (RESOURCE_TAG, TAG_KEYS)),
)
_ON_NOTHING: _Rows = (
    ("GetAccountAuthorizationDetails", _READ, ()),
    ("GetAccountSummary", _LIST, ()),
    ("ListPolicies", _LIST, ()),
)

_BY_RESOURCE = (
    (_IDENTITY, (*_ON_GROUPS, *_ON_ROLES, *_ON_USERS)),
    (_POLICY, _ON_POLICIES),
    (_PROFILE, _ON_PROFILES),
    (_NONE, _ON_NOTHING),
)

ENTITY_ACTIONS = tuple(
    Action(f"iam:{name}", access, {resource: keys})
    for resource, rows in _BY_RESOURCE
    for name, access, keys in rows
)

_WHICH = {
    "ListGroups": "path prefix",
    "ListInstanceProfiles": "path prefix",
    "ListRoles": "path prefix",
    "UpdateGroup": "under the old name",
}
"""Which resource a check is on, where the operation does not say it."""

_MORE = {
    "AddRoleToInstanceProfile": (Check("iam:PassRole", _IDENTITY, "the role"),),
    "CreateInstanceProfile": (Check("iam:TagInstanceProfile", _PROFILE, "if tags are given"),),
    "CreatePolicy": (Check("iam:TagPolicy", _POLICY, "if tags are given"),),
    "CreateRole": (Check("iam:TagRole", _IDENTITY, "if tags are given"),),
    "CreateUser": (Check("iam:TagUser", _IDENTITY, "if tags are given"),),
    "UpdateGroup": (Check("iam:UpdateGroup", _IDENTITY, "under the new name, if there is one"),),
}
"""The checks of an operation beyond the one on its own action."""

ENTITY_OPERATIONS = tuple(
    Operation(
        "iam",
        name,
        (Check(f"iam:{name}", resource, _WHICH.get(name, "")), *_MORE.get(name, ())),
    )
    for resource, rows in _BY_RESOURCE
    for name, _, _ in rows
    if name != "PassRole"
)
