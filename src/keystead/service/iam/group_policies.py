"""PutGroupPolicy, GetGroupPolicy, ListGroupPolicies, DeleteGroupPolicy: the inline policies of groups."""

from keystead.service.call import Call, WriteCall
from keystead.service.iam import inline_policies
from keystead.service.iam.inline_policies import Holders
from keystead.service.iam.named import group_of, on_group
from keystead.service.iam.pages import page
from keystead.service.operation import reads, recorded, writes
from keystead.shapes.iam import (
    DeleteGroupPolicyRequest,
    GetGroupPolicyRequest,
    GetGroupPolicyResponse,
    ListGroupPoliciesRequest,
    ListGroupPoliciesResponse,
    PutGroupPolicyRequest,
)

GROUPS = Holders("group", 5120)


@writes(
    "iam",
    "PutGroupPolicy",
    on_group("iam:PutGroupPolicy"),
    recorded=recorded("group_name", "policy_name", "policy_document"),
)
def put_group_policy(call: WriteCall, request: PutGroupPolicyRequest) -> None:
    """Adds or replaces an inline policy; in force for the members' next request."""
    group = group_of(call, call.tx, request.group_name)
    inline_policies.put(call.tx, GROUPS, group, request.policy_name, request.policy_document)


@reads(
    "iam",
    "GetGroupPolicy",
    on_group("iam:GetGroupPolicy"),
    recorded=recorded("group_name", "policy_name"),
)
def get_group_policy(call: Call, request: GetGroupPolicyRequest) -> GetGroupPolicyResponse:
    """An inline policy as it was put; on the wire it is percent-encoded."""
    with call.reading() as tx:
        group = group_of(call, tx, request.group_name)
        policy = inline_policies.get(tx, GROUPS, group, request.policy_name)
    return GetGroupPolicyResponse(
        group_name=group.name, policy_name=policy.name, policy_document=policy.document
    )


@reads(
    "iam",
    "ListGroupPolicies",
    on_group("iam:ListGroupPolicies"),
    recorded=recorded("group_name", "marker", "max_items"),
)
def list_group_policies(call: Call, request: ListGroupPoliciesRequest) -> ListGroupPoliciesResponse:
    """The names of a group's inline policies, in their order."""
    bounds = page(call, request)
    with call.reading() as tx:
        names = inline_policies.names(tx, group_of(call, tx, request.group_name), bounds)
    return ListGroupPoliciesResponse(
        policy_names=list(names.items),
        is_truncated=names.marker is not None,
        marker=names.marker,
    )


@writes(
    "iam",
    "DeleteGroupPolicy",
    on_group("iam:DeleteGroupPolicy"),
    recorded=recorded("group_name", "policy_name"),
)
def delete_group_policy(call: WriteCall, request: DeleteGroupPolicyRequest) -> None:
    """Removes an inline policy; in force for the members' next request."""
    group = group_of(call, call.tx, request.group_name)
    inline_policies.delete(call.tx, GROUPS, group, request.policy_name)
