"""Decisions in words: AWS's sentence for a refusal, and the trace of how it came about.

Sources of the sentences: IAM User Guide, "Troubleshoot access denied error messages"; recorded refusals
(`vectors/policy/messages.json`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from keystead.policy.authorize import authorize, consulted, is_foreign
from keystead.policy.conditions import Condition
from keystead.policy.decision import (
    Allowed,
    Decision,
    ExplicitlyDenied,
    ImplicitlyDenied,
    Layer,
    Statement,
    Strength,
)
from keystead.policy.evaluate import Applied, Check, Element, evaluate, examine, make_check, seen_by
from keystead.policy.grants import covers
from keystead.policy.language import statement as language
from keystead.policy.language.statement import Effect
from keystead.policy.request import AttachedPolicy, ContextValue, Facts, Request
from keystead.policy.strength import strength_of

HIDDEN: Final = (
    "because the resource does not exist in this Region, no resource-based policies allow access, "
    "or a resource-based policy explicitly denies access"
)
"""What a foreign caller reads of a key missing, silent or denying (`docs/policy.md`, "Foreign keys")."""

_ORGANIZATION = (Layer.SCP, Layer.RCP)
_OWNERS = (Layer.RCP, Layer.RESOURCE)


def sentence(request: Request, decision: Decision, *, from_ciphertext: bool = False) -> str:
    """AWS's message to the client for a refusal.

    `from_ciphertext` says that the request named no key and the ciphertext did. ValueError if allowed.
    """
    if isinstance(decision, Allowed):
        raise ValueError("an allowed request has no refusal")  # noqa: TRY004 - the value is wrong, not its type
    hides = request.on_key and is_foreign(request)
    if from_ciphertext:
        where = "on the resource associated with this ciphertext"
    elif hides:
        where = "on this resource"
    else:
        where = f"on resource: {request.resource}"
    action = _spelling(request.action)
    reason = HIDDEN if hides and from_ciphertext else _reason(action, decision, hides=hides)
    return f"User: {request.caller.arn} is not authorized to perform: {action} {where} {reason}"


def _reason(action: str, decision: ExplicitlyDenied | ImplicitlyDenied, *, hides: bool) -> str:
    if isinstance(decision, ImplicitlyDenied):
        return (
            HIDDEN if decision.hidden and hides else f"because no {decision.layer} allows the {action} action"
        )
    by = decision.by
    if hides and by.layer in _OWNERS:
        return HIDDEN
    article = "an" if by.layer is Layer.IDENTITY else "a"
    # The ARN of a managed policy is told within one account or organization (IAM User Guide).
    told = by.policy_arn and (not hides or by.layer in _ORGANIZATION)
    return f"with an explicit deny in {article} {by.layer}" + (f": {by.policy_arn}" if told else "")


def _spelling(action: str) -> str:
    # Recorded: SQS alone writes its actions in lower case.
    return action.lower() if action.startswith("sqs:") else action


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why a statement does not apply: its first element that does not match.

    Attributes:
        element: `Principal`, `Action`, `Resource` (or their Not-forms), or `Condition`.
        expected: what the statement says there, as written.
        actual: what the request has; None: absent.
        operator: the condition's operator; empty for other elements.
        key: the condition's key; empty for other elements.
    """

    element: str
    expected: tuple[str, ...]
    actual: ContextValue | None
    operator: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class StatementTrace:
    """One statement: it applies with a strength, or a mismatch keeps it from applying; the other is None."""

    statement: Statement
    effect: Effect
    strength: Strength | None
    mismatch: Mismatch | None


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """One layer, or one level of an organization layer (`level` from 0, the root's).

    `result` is `Effect.DENY`, `Effect.ALLOW`, or None for a silent layer.
    """

    layer: Layer
    level: int
    result: Effect | None
    statements: tuple[StatementTrace, ...]


@dataclass(frozen=True, slots=True)
class GrantTrace:
    """One grant of the key: how strongly it names the caller, if at all, and if it covers the request."""

    grant_id: str
    strength: Strength | None
    covers: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that was considered, complete also when the first layer denied."""

    decision: Decision
    layers: tuple[LayerTrace, ...]
    grants: tuple[GrantTrace, ...]


def explain(request: Request, facts: Facts) -> Trace:
    """The decision of `authorize` with every statement and grant that was considered."""
    check = make_check(request, facts)
    layers = tuple(
        _layer(layer, level, policies, request, check)
        for layer, levels in consulted(request, facts).items()
        for level, policies in enumerate(levels)
    )
    grants = tuple(
        GrantTrace(grant.grant_id, strength_of(grant.grantee, request.caller), covers(grant, request))
        for grant in facts.grants
        if request.on_key
    )
    return Trace(authorize(request, facts), layers, grants)


def _layer(
    layer: Layer, level: int, policies: tuple[AttachedPolicy, ...], request: Request, check: Check
) -> LayerTrace:
    outcome = evaluate(policies, check)
    result = Effect.DENY if outcome.denied else Effect.ALLOW if outcome.allowed else None
    statements = tuple(
        _statement(Applied(attached, statement), layer, request, check)
        for attached in policies
        for statement in attached.policy.statements
    )
    return LayerTrace(layer, level, result, statements)


def _statement(place: Applied, layer: Layer, request: Request, check: Check) -> StatementTrace:
    named, statement = place.named(layer), place.statement
    context = seen_by(place.attached.policy, check)
    found = examine(statement, check, context)
    if isinstance(found, Strength):
        return StatementTrace(named, statement.effect, found, None)
    return StatementTrace(named, statement.effect, None, _mismatch(statement, found, request, context))


def _mismatch(
    statement: language.Statement,
    found: Element | Condition,
    request: Request,
    context: Mapping[str, ContextValue],
) -> Mismatch:
    match found:
        case Condition():
            actual = context.get(found.lookup)
            return Mismatch("Condition", found.operands, actual, found.operator, found.key)
        case Element.PRINCIPAL:
            excluded = statement.principal is not None and statement.principal.excluded
            entries = () if statement.principal is None else statement.principal.entries
            expected = tuple(entry.text for entry in entries)
            return Mismatch("NotPrincipal" if excluded else "Principal", expected, request.caller.arn)
        case Element.ACTION:
            excluded = statement.action is not None and statement.action.excluded
            expected = () if statement.action is None else statement.action.patterns
            return Mismatch("NotAction" if excluded else "Action", expected, request.action)
        case Element.RESOURCE:
            excluded = statement.resource is not None and statement.resource.excluded
            expected = () if statement.resource is None else statement.resource.patterns
            return Mismatch("NotResource" if excluded else "Resource", expected, request.resource)
