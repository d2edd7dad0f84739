"""Attaching managed policies to users, roles and groups, detaching and listing them."""

from typing import Any

from keystead.model import Group, Principal
from keystead.names import ManagedPolicyArn
from keystead.service.call import Call, WriteCall
from keystead.service.iam.named import ROOT_PATH, group_of, on_group, on_role, own_role_of, role_of
from keystead.service.iam.named_policy import attachable, check_policy_arn
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import Bounds, Page, page
from keystead.service.iam.roles import SERVICE_LINKED_PATH
from keystead.service.operation import reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import (
    LimitExceededException,
    NoSuchEntityException,
    PolicyNotAttachableException,
)
from keystead.store.port import ReadTx

MOST_POLICIES = 10
"""IAM User Guide, "IAM and AWS STS quotas": managed policies attached to a user, role or group."""


@writes(
    "iam",
    "AttachUserPolicy",
    on_user("iam:AttachUserPolicy"),
    check=check_policy_arn,
    recorded=recorded("user_name", "policy_arn"),
)
def attach_user_policy(call: WriteCall, request: shapes.AttachUserPolicyRequest) -> None:
    """Attaches a policy to a user; in force for its next request."""
    _attach(call, user_of(call, call.tx, request.user_name), request.policy_arn, "PoliciesPerUser")


@writes(
    "iam",
    "AttachRolePolicy",
    on_role("iam:AttachRolePolicy"),
    check=check_policy_arn,
    recorded=recorded("role_name", "policy_arn"),
)
def attach_role_policy(call: WriteCall, request: shapes.AttachRolePolicyRequest) -> None:
    """Attaches a policy to a role; in force for the next request of its sessions."""
    _attach(call, own_role_of(call, call.tx, request.role_name), request.policy_arn, "PoliciesPerRole")


@writes(
    "iam",
    "AttachGroupPolicy",
    on_group("iam:AttachGroupPolicy"),
    check=check_policy_arn,
    recorded=recorded("group_name", "policy_arn"),
)
def attach_group_policy(call: WriteCall, request: shapes.AttachGroupPolicyRequest) -> None:
    """Attaches a policy to a group; in force for the members' next request."""
    _attach(call, group_of(call, call.tx, request.group_name), request.policy_arn, "PoliciesPerGroup")


def _attach(call: WriteCall, entity: Principal | Group, arn: str, quota: str) -> None:
    """Attaches a policy; one that is attached already is left alone."""
    policy = attachable(call.tx, call.account, arn)
    if policy is None:
        raise NoSuchEntityException(f"Policy {arn} does not exist or is not attachable.")
    if policy.account is None and policy.path == SERVICE_LINKED_PATH:
        raise PolicyNotAttachableException("Cannot attach a Service Role Policy to a Customer Role.")
    attached = call.tx.attached_policies(entity.unique_id)
    if arn in attached:
        return
    if len(attached) >= MOST_POLICIES:
        raise LimitExceededException(f"Cannot exceed quota for {quota}: {MOST_POLICIES}")
    call.tx.attach_policy(call.account, entity.unique_id, arn)


@writes(
    "iam",
    "DetachUserPolicy",
    on_user("iam:DetachUserPolicy"),
    check=check_policy_arn,
    recorded=recorded("user_name", "policy_arn"),
)
def detach_user_policy(call: WriteCall, request: shapes.DetachUserPolicyRequest) -> None:
    """Detaches a policy from a user."""
    _detach(call, user_of(call, call.tx, request.user_name), request.policy_arn)


@writes(
    "iam",
    "DetachRolePolicy",
    on_role("iam:DetachRolePolicy"),
    check=check_policy_arn,
    recorded=recorded("role_name", "policy_arn"),
)
def detach_role_policy(call: WriteCall, request: shapes.DetachRolePolicyRequest) -> None:
    """Detaches a policy from a role."""
    _detach(call, own_role_of(call, call.tx, request.role_name), request.policy_arn)


@writes(
    "iam",
    "DetachGroupPolicy",
    on_group("iam:DetachGroupPolicy"),
    check=check_policy_arn,
    recorded=recorded("group_name", "policy_arn"),
)
def detach_group_policy(call: WriteCall, request: shapes.DetachGroupPolicyRequest) -> None:
    """Detaches a policy from a group."""
    _detach(call, group_of(call, call.tx, request.group_name), request.policy_arn)


def _detach(call: WriteCall, entity: Principal | Group, arn: str) -> None:
    if arn not in call.tx.attached_policies(entity.unique_id):
        raise NoSuchEntityException(f"Policy {arn} was not found.")
    call.tx.detach_policy(entity.unique_id, arn)


@reads(
    "iam",
    "ListAttachedUserPolicies",
    on_user("iam:ListAttachedUserPolicies"),
    recorded=recorded("user_name", "path_prefix", "marker", "max_items"),
)
def list_attached_user_policies(
    call: Call, request: shapes.ListAttachedUserPoliciesRequest
) -> shapes.ListAttachedUserPoliciesResponse:
    """The managed policies of a user, by ARN; those of its groups are not among them."""
    bounds = page(call, request)
    with call.reading() as tx:
        found = _page(tx, user_of(call, tx, request.user_name), request, bounds)
    return shapes.ListAttachedUserPoliciesResponse(
        attached_policies=list(found.items), is_truncated=found.marker is not None, marker=found.marker
    )


@reads(
    "iam",
    "ListAttachedRolePolicies",
    on_role("iam:ListAttachedRolePolicies"),
    recorded=recorded("role_name", "path_prefix", "marker", "max_items"),
)
def list_attached_role_policies(
    call: Call, request: shapes.ListAttachedRolePoliciesRequest
) -> shapes.ListAttachedRolePoliciesResponse:
    """The managed policies of a role, by ARN."""
    bounds = page(call, request)
    with call.reading() as tx:
        found = _page(tx, role_of(call, tx, request.role_name), request, bounds)
    return shapes.ListAttachedRolePoliciesResponse(
        attached_policies=list(found.items), is_truncated=found.marker is not None, marker=found.marker
    )


@reads(
    "iam",
    "ListAttachedGroupPolicies",
    on_group("iam:ListAttachedGroupPolicies"),
    recorded=recorded("group_name", "path_prefix", "marker", "max_items"),
)
def list_attached_group_policies(
    call: Call, request: shapes.ListAttachedGroupPoliciesRequest
) -> shapes.ListAttachedGroupPoliciesResponse:
    """The managed policies of a group, by ARN."""
    bounds = page(call, request)
    with call.reading() as tx:
        found = _page(tx, group_of(call, tx, request.group_name), request, bounds)
    return shapes.ListAttachedGroupPoliciesResponse(
        attached_policies=list(found.items), is_truncated=found.marker is not None, marker=found.marker
    )


def shown_attached(tx: ReadTx, unique_id: str) -> list[shapes.AttachedPolicy]:
    """The managed policies of an entity as IAM answers them, by ARN."""
    return [
        shapes.AttachedPolicy(policy_name=arn.rpartition("/")[2], policy_arn=arn)
        for arn in tx.attached_policies(unique_id)
    ]


def _page(tx: ReadTx, entity: Principal | Group, request: Any, bounds: Bounds) -> Page[shapes.AttachedPolicy]:
    prefix = request.path_prefix or ROOT_PATH
    found = [
        policy
        for policy in shown_attached(tx, entity.unique_id)
        if _arn(policy) > bounds.after and ManagedPolicyArn.parse(_arn(policy)).path.startswith(prefix)
    ]
    return bounds.cut(found, _arn)


def _arn(policy: shapes.AttachedPolicy) -> str:
    return policy.policy_arn or ""
