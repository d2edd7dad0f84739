"""The trace of a decision: everything that was considered, and which rule decided.

Nothing of it is computed by `authorize`: whoever does not ask for a trace pays nothing.
"""

from dataclasses import dataclass

from keystead.policy.authorize import RETIRE_GRANT, Says, consult, consulted, decide, named_by_owner
from keystead.policy.decision import Allowed, Decision, Layer, Statement, Strength
from keystead.policy.evaluate import Applied, Check, make_check, seen_by
from keystead.policy.explanation.comparison import Comparison, compare
from keystead.policy.explanation.grant_comparison import GrantMismatch, grant_mismatches, retirer_mismatch
from keystead.policy.explanation.refusal import sentence
from keystead.policy.explanation.rule import FirstLevels, Rule, deciding_rule
from keystead.policy.language.statement import Effect
from keystead.policy.request import AttachedPolicy, Facts, Grant, Request
from keystead.policy.strength import strength_of


@dataclass(frozen=True, slots=True)
class Matched:
    """The statement applies.

    Attributes:
        strength: how strongly it names the caller; `DIRECT` where the kind of policy has no Principal.
        elements: what matched what, in the order the elements are looked at.
    """

    strength: Strength
    elements: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """The statement does not apply.

    `elements` are all that do not match, in the order they are looked at: the first one is where
    `authorize` stops. There is at least one.
    """

    elements: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class StatementTrace:
    """One statement. `position` is its policy's place among those of the layer or level, from 0."""

    statement: Statement
    position: int
    effect: Effect
    verdict: Matched | Unmatched


@dataclass(frozen=True, slots=True)
class LayerTrace:
    """One layer, or one level of an organization layer (`level` from 0, the root's; 0 elsewhere).

    `result` is `Effect.DENY`, `Effect.ALLOW`, or None for a silent layer.
    """

    layer: Layer
    level: int
    result: Effect | None
    statements: tuple[StatementTrace, ...]


@dataclass(frozen=True, slots=True)
class GrantMatched:
    """The grant applies to the request, with a strength."""

    strength: Strength


@dataclass(frozen=True, slots=True)
class GrantUnmatched:
    """The grant does not apply, for each of `reasons`, of which there is at least one."""

    reasons: tuple[GrantMismatch, ...]


@dataclass(frozen=True, slots=True)
class GrantTrace:
    """One grant of the key; for RetireGrant the one that would be retired."""

    grant_id: str
    issuing_account: str
    verdict: GrantMatched | GrantUnmatched


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that was considered, complete also when the first layer denied.

    Attributes:
        caller: the caller's ARN.
        action: as requested.
        resource: as requested.
        decision: `authorize`'s.
        rule: the rule that decided.
        refusal: AWS's sentence to the client; None if allowed.
        layers: those that exist for the request, in the order `authorize` looks at them.
        grants: in the order of the facts.
    """

    caller: str
    action: str
    resource: str
    decision: Decision
    rule: Rule
    refusal: str | None
    layers: tuple[LayerTrace, ...]
    grants: tuple[GrantTrace, ...]


def explain(request: Request, facts: Facts, *, from_ciphertext: bool = False) -> Trace:
    """The decision of `authorize` with every statement and grant that was considered.

    `from_ciphertext` says that the request named no key and the ciphertext did: AWS's sentence to the client
    then names none. Time is linear in the size of the policies and the number of grants.
    """
    says = consult(request, facts)
    decision = decide(request, facts, says)
    check = make_check(request, facts)
    layers = tuple(
        _layer(layer, level, policies, request, check)
        for layer, levels in consulted(request, facts).items()
        for level, policies in enumerate(levels)
    )
    # Of several levels the first is told: the last of the reversed ones stands.
    levels = FirstLevels(
        denying={each.layer: each.level for each in reversed(layers) if each.result is Effect.DENY},
        silent={each.layer: each.level for each in reversed(layers) if each.result is None},
    )
    refusal = (
        None
        if isinstance(decision, Allowed)
        else sentence(request, decision, from_ciphertext=from_ciphertext)
    )
    return Trace(
        caller=request.caller.arn,
        action=request.action,
        resource=request.resource,
        decision=decision,
        rule=deciding_rule(request, facts, says, levels, decision),
        refusal=refusal,
        layers=layers,
        grants=_grants(request, facts, says),
    )


def _layer(
    layer: Layer, level: int, policies: tuple[AttachedPolicy, ...], request: Request, check: Check
) -> LayerTrace:
    statements = tuple(
        _statement(position, Applied(attached, statement), layer, request, check)
        for position, attached in enumerate(policies)
        for statement in attached.policy.statements
    )
    # A layer is a deny if any statement that applies is one, else an allow if any is (`evaluate`).
    effects = {statement.effect for statement in statements if isinstance(statement.verdict, Matched)}
    result = next((effect for effect in (Effect.DENY, Effect.ALLOW) if effect in effects), None)
    return LayerTrace(layer, level, result, statements)


def _statement(position: int, place: Applied, layer: Layer, request: Request, check: Check) -> StatementTrace:
    statement = place.statement
    context = seen_by(place.attached.policy, check)
    strength, elements = compare(statement, request, check, context)
    verdict = Unmatched(elements) if strength is None else Matched(strength, elements)
    return StatementTrace(place.named(layer), position, statement.effect, verdict)


def _grants(request: Request, facts: Facts, says: Says) -> tuple[GrantTrace, ...]:
    if request.action != RETIRE_GRANT:
        return tuple(_grant(grant, request) for grant in facts.grants) if request.on_key else ()
    if request.retires is None:
        return ()
    named, _ = named_by_owner(request, facts, says)
    strength = next((strength for strength in Strength if strength in named), None)
    retired = request.retires
    verdict = (
        GrantUnmatched((retirer_mismatch(retired, request),)) if strength is None else GrantMatched(strength)
    )
    return (GrantTrace(retired.grant_id, retired.issuing_account, verdict),)


def _grant(grant: Grant, request: Request) -> GrantTrace:
    reasons = grant_mismatches(grant, request)
    strength = None if reasons else strength_of(grant.grantee, request.caller)
    verdict = GrantUnmatched(reasons) if strength is None else GrantMatched(strength)
    return GrantTrace(grant.grant_id, grant.issuing_account, verdict)
