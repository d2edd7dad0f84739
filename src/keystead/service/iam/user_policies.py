"""PutUserPolicy, GetUserPolicy, ListUserPolicies, DeleteUserPolicy: the inline policies of users.

Names of inline policies are compared with regard to case, unlike those of users: the User Guide ("IAM and
AWS STS quotas", name requirements) lists users among the names that are not, and inline policies not.
"""

from keystead.model import InlinePolicy, Principal
from keystead.policy import Malformed, PolicyKind, parse_policy
from keystead.service.call import Call, WriteCall
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
from keystead.shapes.iam_errors import (
    LimitExceededException,
    MalformedPolicyDocumentException,
    NoSuchEntityException,
)
from keystead.store.port import ReadTx

MOST_CHARACTERS = 2048
"""Of all inline policies of a user together, white space not counted (IAM User Guide, quotas)."""

_WHITE_SPACE = " \t\n\r"
"""JSON's (RFC 8259); other blanks count."""


@writes(
    "iam",
    "PutUserPolicy",
    on_user("iam:PutUserPolicy"),
    recorded=recorded("user_name", "policy_name", "policy_document"),
)
def put_user_policy(call: WriteCall, request: PutUserPolicyRequest) -> None:
    """Adds or replaces an inline policy; in force for the user's next request."""
    user = user_of(call, call.tx, request.user_name)
    parsed = parse_policy(request.policy_document, PolicyKind.IDENTITY)
    if isinstance(parsed, Malformed):
        raise MalformedPolicyDocumentException(parsed.findings[0].located)
    policy = InlinePolicy(user.unique_id, request.policy_name, request.policy_document)
    others = (other for other in call.tx.inline_policies(user.unique_id) if other.name != policy.name)
    if sum(_characters(each.document) for each in (policy, *others)) > MOST_CHARACTERS:
        raise LimitExceededException(
            f"Maximum policy size of {MOST_CHARACTERS} bytes exceeded for user {user.name}"
        )
    call.tx.put_inline_policy(policy)


def _characters(document: str) -> int:
    return sum(character not in _WHITE_SPACE for character in document)


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
        policy = _policy_of(tx, user, request.policy_name)
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
        found = tx.inline_policies(user_of(call, tx, request.user_name).unique_id)
    after = sorted(policy.name for policy in found if policy.name > bounds.after)
    names = bounds.cut(after, lambda name: name)
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
    policy = _policy_of(call.tx, user, request.policy_name)
    call.tx.delete_inline_policy(policy.principal, policy.name)


def _policy_of(tx: ReadTx, user: Principal, name: str) -> InlinePolicy:
    policy = tx.inline_policy(user.unique_id, name)
    if policy is None:
        raise NoSuchEntityException(f"The user policy with name {name} cannot be found.")
    return policy
