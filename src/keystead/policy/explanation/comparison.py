"""One statement and one request, element by element: what the statement says and what the request has.

`keystead.policy.evaluate.examine` alone decides whether an element matches. It stops at the first that does
not; here it is asked again with that element waived, until every element has been looked at. It is asked of
a statement whose elements are answers already, so that asking again costs next to nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from keystead.policy.conditions import Condition
from keystead.policy.decision import Strength
from keystead.policy.evaluate import Check, Element, examine
from keystead.policy.language.statement import Statement, compile_actions, compile_resources
from keystead.policy.operators import UNEVALUABLE, Context, Verdict
from keystead.policy.request import ContextValue, Request


@dataclass(frozen=True, slots=True)
class Listed:
    """The element names what it covers, as written."""

    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Excepted:
    """The element is a Not-form: it covers everything but its entries, as written."""

    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unstated:
    """A key policy's statement without this element: it is stored and applies to nothing."""


Expected = Listed | Excepted | Unstated
"""What a statement says in one of its elements."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The request does not have the condition key."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """The request has the condition key, but it is for IAM policies and counts as absent in a key policy."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the request holds under the condition key: a text, or a tuple of texts for a multivalued key."""

    value: ContextValue


Actual = Absent | Unseen | Held
"""What the request has under a condition key."""


@dataclass(frozen=True, slots=True)
class PrincipalComparison:
    """Principal or NotPrincipal, and the caller's ARN."""

    expected: Expected
    caller: str


@dataclass(frozen=True, slots=True)
class ActionComparison:
    """Action or NotAction, and the action."""

    expected: Expected
    action: str


@dataclass(frozen=True, slots=True)
class ResourceComparison:
    """Resource or NotResource, and the resource's ARN."""

    expected: Expected
    resource: str


@dataclass(frozen=True, slots=True)
class ConditionComparison:
    """One condition: operator and key as written, its operands, and what the request has under the key."""

    operator: str
    key: str
    operands: tuple[str, ...]
    actual: Actual


@dataclass(frozen=True, slots=True)
class ConditionUndecided:
    """A condition that cannot be decided: for an Allow as if it failed, for a Deny as if it held."""

    operator: str
    key: str
    operands: tuple[str, ...]
    actual: Actual


Comparison = (
    PrincipalComparison | ActionComparison | ResourceComparison | ConditionComparison | ConditionUndecided
)
"""One element of a statement beside what the request has there. Whether they match, the place says."""

_ANY_ACTION: Final = compile_actions(("*",), excluded=False)
_NO_ACTION: Final = compile_actions((), excluded=False)
_ANY_RESOURCE: Final = compile_resources(("*",), excluded=False, variables=False)
_NO_RESOURCE: Final = compile_resources((), excluded=False, variables=False)


def compare(
    statement: Statement, request: Request, check: Check, context: Mapping[str, ContextValue]
) -> tuple[Strength | None, tuple[Comparison, ...]]:
    """How strongly the statement applies, with all its elements; or None, with those that do not match.

    Elements that fail stand in the order they are looked at: the first is the one `examine` stops at. What
    cannot be decided is named after what fails outright.

    `check` is the request's, and `context` is what the statement's policy sees (`make_check` and `seen_by`
    of `keystead.policy.evaluate`). Every element is matched once, which is all that takes time.
    """
    settled = _settled(statement, check, context)
    found = examine(settled, check, context)
    if isinstance(found, Strength):
        return found, _matches(statement, settled, request, context)
    return None, _mismatches(statement, settled, request, check, context)


def _settled(statement: Statement, check: Check, context: Mapping[str, ContextValue]) -> Statement:
    """The statement with an answer in the place of each element that takes time to match."""
    action, resource = statement.action, statement.resource
    if action is not None:
        action = _ANY_ACTION if action.matches(check.action) else _NO_ACTION
    if resource is not None:
        resource = _ANY_RESOURCE if resource.matches(check.resource, context) else _NO_RESOURCE
    conditions = tuple(
        replace(condition, decide=_always(condition.decide(context.get(condition.lookup), context)))
        for condition in statement.conditions
    )
    return replace(statement, action=action, resource=resource, conditions=conditions)


def _always(verdict: Verdict) -> Callable[[ContextValue | None, Context], Verdict]:
    return lambda held, context: verdict  # noqa: ARG005 - one shape for all


def _mismatches(
    statement: Statement,
    settled: Statement,
    request: Request,
    check: Check,
    context: Mapping[str, ContextValue],
) -> tuple[Comparison, ...]:
    found: list[Comparison] = []
    undecided: list[Comparison] = []
    rest = replace(settled, conditions=())
    while isinstance(failing := examine(rest, check, context), Element):
        found.append(_of_element(failing, statement, request))
        match failing:
            case Element.ACTION:
                rest = replace(rest, action=_ANY_ACTION)
            case Element.RESOURCE:
                rest = replace(rest, resource=_ANY_RESOURCE)
            case Element.PRINCIPAL:
                rest = replace(rest, principal=None)
    for condition in settled.conditions:
        if isinstance(examine(replace(rest, conditions=(condition,)), check, context), Condition):
            compared = _of_condition(condition, request, context)
            (undecided if isinstance(compared, ConditionUndecided) else found).append(compared)
    return (*found, *undecided)


def _matches(
    statement: Statement, settled: Statement, request: Request, context: Mapping[str, ContextValue]
) -> tuple[Comparison, ...]:
    elements = [Element.ACTION, Element.RESOURCE]
    if statement.principal is not None:
        elements.append(Element.PRINCIPAL)
    return (
        *(_of_element(element, statement, request) for element in elements),
        *(_of_condition(condition, request, context) for condition in settled.conditions),
    )


def _of_element(element: Element, statement: Statement, request: Request) -> Comparison:
    match element:
        case Element.ACTION:
            action = statement.action
            said = Unstated() if action is None else _expected(action.patterns, excluded=action.excluded)
            return ActionComparison(said, request.action)
        case Element.RESOURCE:
            resource = statement.resource
            said = (
                Unstated() if resource is None else _expected(resource.patterns, excluded=resource.excluded)
            )
            return ResourceComparison(said, request.resource)
        case Element.PRINCIPAL:
            principal = statement.principal
            assert principal is not None  # without the element it cannot be what fails
            entries = tuple(entry.text for entry in principal.entries)
            return PrincipalComparison(_expected(entries, excluded=principal.excluded), request.caller.arn)


def _expected(entries: tuple[str, ...], *, excluded: bool) -> Listed | Excepted:
    return Excepted(entries) if excluded else Listed(entries)


def _of_condition(
    condition: Condition, request: Request, context: Mapping[str, ContextValue]
) -> ConditionComparison | ConditionUndecided:
    held = context.get(condition.lookup)
    actual: Actual
    if held is not None:
        actual = Held(held)
    else:
        actual = Absent() if request.context.get(condition.lookup) is None else Unseen()
    undecided = condition.decide(held, context) is UNEVALUABLE
    kind = ConditionUndecided if undecided else ConditionComparison
    return kind(condition.operator, condition.key, condition.operands, actual)
