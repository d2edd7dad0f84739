"""GetKeyPolicy, PutKeyPolicy, ListKeyPolicies."""

from keystead.service.call import Call, WriteCall
from keystead.service.kms.key_policy import PUT_KEY_POLICY, accept_policy
from keystead.service.kms.pages import page
from keystead.service.operation import OnKey, reads, recorded, writes
from keystead.service.principals import shown_document
from keystead.service.recording import key_id_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    GetKeyPolicyRequest,
    GetKeyPolicyResponse,
    ListKeyPoliciesRequest,
    ListKeyPoliciesResponse,
    PutKeyPolicyRequest,
)
from keystead.shapes.kms_errors import NotFoundException

DEFAULT = "default"


@reads(
    "kms",
    "GetKeyPolicy",
    OnKey("kms:GetKeyPolicy"),
    recorded=recorded("key_id", "policy_name", defaults={"policy_name": DEFAULT}),
)
def get_key_policy(call: Call, request: GetKeyPolicyRequest) -> GetKeyPolicyResponse:
    """The key policy, in AWS's layout."""
    if request.policy_name not in (None, DEFAULT):
        raise NotFoundException("No such policy exists")
    with call.reading() as tx:
        policy = shown_document(tx, call.key.key.policy)
    return GetKeyPolicyResponse(policy=policy, policy_name=DEFAULT)


def _check_put(request: PutKeyPolicyRequest) -> None:
    if request.policy_name == "AWS_RAM":
        raise ValidationException("The AWS_RAM policy can only be managed by the RAM service")
    if request.policy_name not in (None, DEFAULT):
        raise NotFoundException("No such policy exists")


@writes(
    "kms",
    "PutKeyPolicy",
    PUT_KEY_POLICY,
    check=_check_put,
    recorded=recorded(
        "key_id",
        "policy_name",
        "policy",
        "bypass_policy_lockout_safety_check",
        defaults={"policy_name": DEFAULT, "bypass_policy_lockout_safety_check": False},
        elements=key_id_of,
    ),
)
def put_key_policy(call: WriteCall, request: PutKeyPolicyRequest) -> None:
    """Replaces the key policy; refused when the caller would lock itself out."""
    key = accept_policy(
        call, call.key.key, request.policy, bypass=bool(request.bypass_policy_lockout_safety_check)
    )
    call.tx.set_key_policy(key.arn, key.policy)


@reads("kms", "ListKeyPolicies", OnKey("kms:ListKeyPolicies"), recorded=recorded("key_id", "limit", "marker"))
def list_key_policies(call: Call, request: ListKeyPoliciesRequest) -> ListKeyPoliciesResponse:
    """The names of a key's policies: there is one."""
    page(call, request, default=100, of=call.key.arn)
    return ListKeyPoliciesResponse(policy_names=[DEFAULT], truncated=False)
