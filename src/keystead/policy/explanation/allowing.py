"""An Allow statement for exactly one request: this action, this principal, this resource.

Where a statement comes near and fails by a condition, the new one keeps its conditions, and asks for what the
request holds in place of those that fail.
"""

from typing import Final

from keystead.policy.decision import Layer
from keystead.policy.explanation import tree
from keystead.policy.explanation.comparison import ConditionComparison, ConditionUndecided, Held
from keystead.policy.explanation.narrowing import is_literal, principal_form
from keystead.policy.language.document import PolicyKind
from keystead.policy.language.json_reader import JsonObject, JsonValue
from keystead.policy.request import Facts, Request

_PASSING: Final = ("Date", "Numeric")
"""Operators on what another request will hardly have again; their values are not asked for."""


def instead_of(failing: ConditionComparison | ConditionUndecided, conditions: JsonObject) -> JsonObject:
    """The conditions without the failing one; a text that the request holds is asked for in its place."""
    conditions = _without(conditions, failing.operator, failing.key)
    match failing.actual:
        case Held(str() as value) if "$" not in value and not failing.operator.startswith(_PASSING):
            return _with_equal(conditions, failing.key, value)
        case _:
            return conditions


def _without(conditions: JsonObject, operator: str, key: str) -> JsonObject:
    block = tree.get(conditions, operator)
    if not isinstance(block, JsonObject):
        return conditions
    left = tree.drop(block, key)
    return tree.put(conditions, operator, left) if left.members else tree.drop(conditions, operator)


def _with_equal(conditions: JsonObject, key: str, value: str) -> JsonObject:
    """The conditions, and `StringEquals` of the key, unless they have one already."""
    block = tree.get(conditions, "StringEquals")
    block = block if isinstance(block, JsonObject) else JsonObject((), 0)
    if any(member.name.lower() == key.lower() for member in block.members):
        return conditions
    return tree.put(conditions, "StringEquals", tree.put(block, key, tree.text(value)))


def new_statement(
    request: Request, facts: Facts, layer: Layer, conditions: JsonObject | None
) -> JsonObject | None:
    """The Allow as a policy of `layer` would hold it; None if it cannot."""
    match layer:
        case Layer.RESOURCE | Layer.ENDPOINT:
            form = principal_form(request.caller)
            principal = tree.made_of(**{form: tree.text(caller_name(request))})
            return allow(request, facts, layer, principal, conditions)
        case Layer.SCP:
            return allow(request, facts, layer, None, _for_caller(conditions, request))
        case Layer.IDENTITY | Layer.BOUNDARY | Layer.SESSION:
            return allow(request, facts, layer, None, conditions)
        case Layer.RCP:
            return None  # customers' RCPs cannot allow


def allow(
    request: Request,
    facts: Facts,
    layer: Layer,
    principal: JsonValue | None,
    conditions: JsonObject | None = None,
) -> JsonObject | None:
    """An Allow of exactly the request; None if its names cannot stand in a policy for themselves alone."""
    if not is_literal(request.action) or not (request.resource == "*" or is_literal(request.resource)):
        return None
    statement = tree.made_of(Effect=tree.text("Allow"))
    if principal is not None:
        statement = tree.put(statement, "Principal", principal)
    statement = tree.put(statement, "Action", tree.text(request.action))
    if layer is not Layer.RESOURCE or not _is_trust(facts):
        # In a key policy `*` is the key.
        resource = "*" if layer is Layer.RESOURCE and request.on_key else request.resource
        statement = tree.put(statement, "Resource", tree.text(resource))
    return statement if conditions is None else tree.put(statement, "Condition", conditions)


def _is_trust(facts: Facts) -> bool:
    """Whether the resource's side is the trust policy of a role, which has no Resource."""
    return facts.resource_policy is not None and facts.resource_policy.policy.kind is PolicyKind.TRUST


def _for_caller(conditions: JsonObject | None, request: Request) -> JsonObject | None:
    """The conditions, and that the principal is this one, in a policy that has no Principal."""
    arn = request.context.get("aws:principalarn")
    if not isinstance(arn, str) or not is_literal(arn):
        return conditions
    return _with_equal(conditions or JsonObject((), 0), "aws:PrincipalArn", arn)


def caller_name(request: Request) -> str:
    """The caller as a policy names it: a session by its role."""
    return request.caller.role_arn or request.caller.arn
