"""Actions and operations of Organizations, as far as Keystead has them, and their condition keys.

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
_TAGGING = AccessLevel.TAGGING

POLICY_TYPE = "organizations:PolicyType"
SERVICE_PRINCIPAL = "organizations:ServicePrincipal"

ORGANIZATIONS_KEYS = (
    ConditionKey(
        POLICY_TYPE,
        ValueType.STRING,
        "type of the policy, `SERVICE_CONTROL_POLICY` or `RESOURCE_CONTROL_POLICY`, or the one asked for",
    ),
    ConditionKey(SERVICE_PRINCIPAL, ValueType.STRING, "service principal in the request"),
)

_NEW = (REQUEST_TAG, TAG_KEYS)


def _on_entity(name: str, access: AccessLevel, *keys: str) -> Action:
    return Action(f"organizations:{name}", access, {ResourceType.ORGANIZATION: (RESOURCE_TAG, *keys)})


def _on_nothing(name: str, access: AccessLevel, *keys: str) -> Action:
    return Action(f"organizations:{name}", access, {ResourceType.NONE: keys})


ORGANIZATIONS_ACTIONS = (
    _on_entity("AcceptHandshake", _WRITE),
    _on_entity("AttachPolicy", _WRITE, POLICY_TYPE),
    _on_entity("CancelHandshake", _WRITE),
    _on_entity("CloseAccount", _WRITE),
    _on_nothing("CreateAccount", _WRITE, *_NEW),
    _on_nothing("CreateOrganization", _WRITE),
    _on_entity("CreateOrganizationalUnit", _WRITE, *_NEW),
    _on_nothing("CreatePolicy", _WRITE, POLICY_TYPE, *_NEW),
    _on_entity("DeclineHandshake", _WRITE),
    _on_nothing("DeleteOrganization", _WRITE),
    _on_entity("DeleteOrganizationalUnit", _WRITE),
    _on_entity("DeletePolicy", _WRITE, POLICY_TYPE),
    _on_entity("DescribeAccount", _READ),
    _on_nothing("DescribeCreateAccountStatus", _READ),
    _on_entity("DescribeHandshake", _READ),
    _on_nothing("DescribeOrganization", _READ),
    _on_entity("DescribeOrganizationalUnit", _READ),
    _on_entity("DescribePolicy", _READ, POLICY_TYPE),
    _on_entity("DetachPolicy", _WRITE, POLICY_TYPE),
    _on_nothing("DisableAWSServiceAccess", _WRITE, SERVICE_PRINCIPAL),
    _on_entity("DisablePolicyType", _WRITE, POLICY_TYPE),
    _on_nothing("EnableAWSServiceAccess", _WRITE, SERVICE_PRINCIPAL),
    _on_entity("EnablePolicyType", _WRITE, POLICY_TYPE),
    _on_entity("InviteAccountToOrganization", _WRITE, *_NEW),
    _on_nothing("LeaveOrganization", _WRITE),
    _on_nothing("ListAWSServiceAccessForOrganization", _LIST),
    _on_nothing("ListAccounts", _LIST),
    _on_entity("ListAccountsForParent", _LIST),
    _on_entity("ListChildren", _LIST),
    _on_nothing("ListCreateAccountStatus", _LIST),
    _on_nothing("ListDelegatedAdministrators", _LIST, SERVICE_PRINCIPAL),
    _on_nothing("ListHandshakesForAccount", _LIST),
    _on_nothing("ListHandshakesForOrganization", _LIST),
    _on_entity("ListOrganizationalUnitsForParent", _LIST),
    _on_entity("ListParents", _LIST),
    _on_nothing("ListPolicies", _LIST, POLICY_TYPE),
    _on_entity("ListPoliciesForTarget", _LIST, POLICY_TYPE),
    _on_nothing("ListRoots", _LIST),
    _on_entity("ListTagsForResource", _LIST),
    _on_entity("ListTargetsForPolicy", _LIST, POLICY_TYPE),
    _on_entity("MoveAccount", _WRITE),
    _on_entity("RemoveAccountFromOrganization", _WRITE),
    _on_entity("TagResource", _TAGGING, *_NEW),
    _on_entity("UntagResource", _TAGGING, TAG_KEYS),
    _on_entity("UpdateOrganizationalUnit", _WRITE),
    _on_entity("UpdatePolicy", _WRITE, POLICY_TYPE),
)


def _operation(action: Action) -> Operation:
    name = action.name.partition(":")[2]
    on = _CHECKED_ON.get(name, ("",))
    (resource,) = action.keys
    return Operation("organizations", name, tuple(Check(action.name, resource, which) for which in on))


_CHECKED_ON = {
    "AttachPolicy": ("policy", "target"),
    "CreateOrganizationalUnit": ("parent",),
    "DetachPolicy": ("policy", "target"),
    "ListAccountsForParent": ("parent",),
    "ListChildren": ("parent",),
    "ListOrganizationalUnitsForParent": ("parent",),
    "ListParents": ("child",),
    "ListPoliciesForTarget": ("target",),
    "MoveAccount": ("account", "source", "destination"),
}
"""Which entities an operation is checked on, where its name does not say it."""

ORGANIZATIONS_OPERATIONS = tuple(map(_operation, ORGANIZATIONS_ACTIONS))
"""One an action: operations and actions have the same names."""
