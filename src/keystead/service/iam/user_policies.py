"""PutUserPolicy, GetUserPolicy, ListUserPolicies, DeleteUserPolicy: the inline policies of users."""

from keystead.service.call import Call, WriteCall
from keystead.service.iam import inline_policies
from keystead.service.iam.inline_policies import Holders
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import page
from keystead.service.operation import reads, recorded, writes
from keystead.shapes.iam import (
    DeleteUserPolicyRequest,
    GetUserPolicyRequest,
    GetUserPolicyResponse,
    ListUserPoliciesRequest,
    ListUserPoliciesResponse,
    PutUserPolicyRequest,
)

USERS = Holders("user", 2048)


@writes(
    "iam",
    "PutUserPolicy",
    on_user("iam:PutUserPolicy"),
    recorded=recorded("user_name", "policy_name", "policy_document"),
)
def put_user_policy(call: WriteCall, request: PutUserPolicyRequest) -> None:
    """Adds or replaces an inline policy; in force for the user's next request."""
    user = user_of(call, call.tx, request.user_name)
    inline_policies.put(call.tx, USERS, user, request.policy_name, request.policy_document)


@reads(
    "iam",
    "GetUserPolicy",
    on_user("iam:GetUserPolicy"),
    recorded=recorded("user_name", "policy_name"),
)
def get_user_policy(call: Call, request: GetUserPolicyRequest) -> GetUserPolicyResponse:
    """An inline policy as it was put; on the wire it is percent-encoded."""
    with call.reading() as tx:
        user = user_of(call, tx, request.user_name)
        policy = inline_policies.get(tx, USERS, user, request.policy_name)
    return GetUserPolicyResponse(
        user_name=user.name, policy_name=policy.name, policy_document=policy.document
    )


@reads(
    "iam",
    "ListUserPolicies",
    on_user("iam:ListUserPolicies"),
    recorded=recorded("user_name", "marker", "max_items"),
)
def list_user_policies(call: Call, request: ListUserPoliciesRequest) -> ListUserPoliciesResponse:
    """The names of a user's inline policies, in their order."""
    bounds = page(call, request)
    with call.reading() as tx:
        names = inline_policies.names(tx, user_of(call, tx, request.user_name), bounds)
    return ListUserPoliciesResponse(
        policy_names=list(names.items),
        is_truncated=names.marker is not None,
        marker=names.marker,
    )


@writes(
    "iam",
    "DeleteUserPolicy",
    on_user("iam:DeleteUserPolicy"),
    recorded=recorded("user_name", "policy_name"),
)
def delete_user_policy(call: WriteCall, request: DeleteUserPolicyRequest) -> None:
    """Removes an inline policy; in force for the user's next request."""
    user = user_of(call, call.tx, request.user_name)
    inline_policies.delete(call.tx, USERS, user, request.policy_name)
