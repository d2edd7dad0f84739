"""What fills the `organizations:` keys, one function a key."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds
from keystead.service.call import Call, Touched
from keystead.service.organization_policies import organization_policy
from keystead.shapes import organizations as shapes


def policy_type(call: Call, _touched: Touched) -> str | None:
    match call.request:
        case shapes.CreatePolicyRequest() as request:
            return request.type
        case shapes.EnablePolicyTypeRequest() | shapes.DisablePolicyTypeRequest() as request:
            return request.policy_type
        case shapes.ListPoliciesRequest() | shapes.ListPoliciesForTargetRequest() as request:
            return request.filter
        case request:
            policy = getattr(request, "policy_id", None)
            return None if policy is None else _type_of(call, policy)


def _type_of(call: Call, id: str) -> str | None:
    entry = call.account_entry
    if entry is None or entry.organization is None:
        return None
    with call.reading() as tx:
        policy = organization_policy(tx, entry.organization, id)
    return None if policy is None else policy.type.value
