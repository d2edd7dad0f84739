"""PutRolePolicy, GetRolePolicy, ListRolePolicies, DeleteRolePolicy: the inline policies of roles."""

from keystead.service.call import Call, WriteCall
from keystead.service.iam import inline_policies
from keystead.service.iam.inline_policies import Holders
from keystead.service.iam.named import on_role, own_role_of, role_of
from keystead.service.iam.pages import page
from keystead.service.operation import reads, recorded, writes
from keystead.shapes.iam import (
    DeleteRolePolicyRequest,
    GetRolePolicyRequest,
    GetRolePolicyResponse,
    ListRolePoliciesRequest,
    ListRolePoliciesResponse,
    PutRolePolicyRequest,
)

ROLES = Holders("role", 10240)


@writes(
    "iam",
    "PutRolePolicy",
    on_role("iam:PutRolePolicy"),
    recorded=recorded("role_name", "policy_name", "policy_document"),
)
def put_role_policy(call: WriteCall, request: PutRolePolicyRequest) -> None:
    """Adds or replaces an inline policy; in force for the next request of its sessions."""
    role = own_role_of(call, call.tx, request.role_name)
    inline_policies.put(call.tx, ROLES, role, request.policy_name, request.policy_document)


@reads(
    "iam",
    "GetRolePolicy",
    on_role("iam:GetRolePolicy"),
    recorded=recorded("role_name", "policy_name"),
)
def get_role_policy(call: Call, request: GetRolePolicyRequest) -> GetRolePolicyResponse:
    """An inline policy as it was put; on the wire it is percent-encoded."""
    with call.reading() as tx:
        role = role_of(call, tx, request.role_name)
        policy = inline_policies.get(tx, ROLES, role, request.policy_name)
    return GetRolePolicyResponse(
        role_name=role.name, policy_name=policy.name, policy_document=policy.document
    )


@reads(
    "iam",
    "ListRolePolicies",
    on_role("iam:ListRolePolicies"),
    recorded=recorded("role_name", "marker", "max_items"),
)
def list_role_policies(call: Call, request: ListRolePoliciesRequest) -> ListRolePoliciesResponse:
    """The names of a role's inline policies, in their order."""
    bounds = page(call, request)
    with call.reading() as tx:
        names = inline_policies.names(tx, role_of(call, tx, request.role_name), bounds)
    return ListRolePoliciesResponse(
        policy_names=list(names.items),
        is_truncated=names.marker is not None,
        marker=names.marker,
    )


@writes(
    "iam",
    "DeleteRolePolicy",
    on_role("iam:DeleteRolePolicy"),
    recorded=recorded("role_name", "policy_name"),
)
def delete_role_policy(call: WriteCall, request: DeleteRolePolicyRequest) -> None:
    """Removes an inline policy; in force for the next request of its sessions."""
    role = own_role_of(call, call.tx, request.role_name)
    inline_policies.delete(call.tx, ROLES, role, request.policy_name)
