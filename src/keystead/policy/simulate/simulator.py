"""One action on resources: what `authorize` decides, told as the simulator tells it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeVar

from keystead.names import AccountId, Arn, InvalidName
from keystead.policy.authorize import authorize, consulted, is_foreign
from keystead.policy.decision import Allowed, Layer, Strength
from keystead.policy.evaluate import Applied, examine, make_check, seen_by
from keystead.policy.language.document import Policy
from keystead.policy.language.positions import Extent, statement_extents
from keystead.policy.language.statement import Effect
from keystead.policy.request import AttachedPolicy, Caller, CallerKind, ContextValue, Facts, Request
from keystead.policy.simulate.differences import as_simulated, default_context, resource_policy_suffices
from keystead.policy.simulate.inputs import NO_RESOURCE, is_key
from keystead.policy.simulate.keys import context_keys
from keystead.policy.simulate.resources import fits, template
from keystead.policy.simulate.results import (
    EvalDecision,
    EvaluationResult,
    MatchedStatement,
    PolicySource,
    ResourceSpecificResult,
)

_SOURCES: Final[Mapping[Layer, PolicySource]] = {
    Layer.IDENTITY: PolicySource.IAM,
    Layer.RESOURCE: PolicySource.RESOURCE,
    Layer.BOUNDARY: PolicySource.BOUNDARY,
}
_SEVERITY: Final = tuple(EvalDecision)

_NOBODY: Final = Caller(CallerKind.USER, "", "", "")
"""Who calls when the simulation names nobody: a user whom only `*` names."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What is simulated. A policy's `name` is its `SourcePolicyId`.

    Attributes:
        identity: of kind IDENTITY.
        boundary: of kind BOUNDARY; None where there is none.
        scps: of kind SCP, levels from the root to the account; None without an organization.
        resource_policy: of kind RESOURCE, for resources that are no KMS keys.
        key_policy: of kind KEY, for those that are.
        caller: made by `caller_of`. Without one no resource belongs to another account.
        owner: the account of resources whose ARN names none; empty: the caller's.
        context: what `read_context` made.
    """

    identity: tuple[AttachedPolicy, ...] = ()
    boundary: AttachedPolicy | None = None
    scps: tuple[tuple[AttachedPolicy, ...], ...] | None = None
    resource_policy: AttachedPolicy | None = None
    key_policy: AttachedPolicy | None = None
    caller: Caller | None = None
    owner: str = ""
    context: Mapping[str, ContextValue] = field(default_factory=dict)

    def policies(self) -> Iterator[AttachedPolicy]:
        """Every policy of the simulation."""
        yield from self.identity
        for lone in (self.boundary, self.resource_policy, self.key_policy):
            if lone is not None:
                yield lone
        for level in self.scps or ():
            yield from level


class Simulator:
    """Simulates requests under one simulation; what all of them share is made once."""

    def __init__(self, simulation: Simulation) -> None:
        self._caller = simulation.caller or _NOBODY
        self._owner = simulation.owner or self._caller.account
        self._context = default_context(simulation.caller) | dict(simulation.context)
        self._key_policy = _lone(simulation.key_policy)
        self._resource_policy = _lone(simulation.resource_policy)
        self._facts = Facts(
            identity=_all(simulation.identity),
            boundary=_lone(simulation.boundary),
            scps=None if simulation.scps is None else tuple(map(_all, simulation.scps)),
        )
        self._extents: dict[Policy, tuple[Extent, ...]] = {}
        self._missing_keys: dict[tuple[AttachedPolicy, ...], tuple[str, ...]] = {}

    def simulate(self, action: str, resources: Sequence[str]) -> EvaluationResult:
        """The result of `action` on `resources`, which `check_actions` and `check_resources` let pass."""
        results = tuple(self._result(action, resource) for resource in resources or (NO_RESOURCE,))
        decision = _strictest(result.eval_resource_decision for result in results)
        missing = _unique(key for result in results for key in result.missing_context_values)
        determining = results
        if decision is EvalDecision.EXPLICIT_DENY:
            # The statements that allow other resources do not determine it (IAM API Reference).
            determining = tuple(result for result in results if result.eval_resource_decision is decision)
        matched = _unique(each for result in determining for each in result.matched_statements)
        nothing_named = [result.eval_resource_name for result in results] == [NO_RESOURCE]
        return EvaluationResult(
            eval_action_name=action,
            eval_resource_name=results[0].eval_resource_name if len(results) == 1 else template(action),
            eval_decision=decision,
            matched_statements=matched,
            missing_context_values=missing if decision is EvalDecision.IMPLICIT_DENY else (),
            eval_decision_details=_details(results, in_one_account=None if nothing_named else {}),
            allowed_by_permissions_boundary=_both(r.allowed_by_permissions_boundary for r in results),
            allowed_by_organizations=_both(r.allowed_by_organizations for r in results),
            resource_specific_results=() if nothing_named else results,
        )

    def _result(self, action: str, resource: str) -> ResourceSpecificResult:
        request, facts = self._request(action, resource)
        live = authorize(request, facts)
        layers = _Layers(tuple(_levels(request, facts)))
        organization = layers.allowed(Layer.SCP)
        allowed = isinstance(live, Allowed) or (
            layers.allowed(Layer.RESOURCE) is True and resource_policy_suffices(request, live)
        )
        fitting = fits(action, resource)
        if layers.denied:
            decision = EvalDecision.EXPLICIT_DENY
        elif allowed and fitting:
            decision = EvalDecision.ALLOWED
        else:
            decision = EvalDecision.IMPLICIT_DENY
        details = layers.details() if is_foreign(request) and organization is not False else None
        implicit = decision is EvalDecision.IMPLICIT_DENY
        # An organization that denies ends the simulation (IAM API Reference).
        unmatched = organization is False or (implicit and not fitting)
        return ResourceSpecificResult(
            eval_resource_name=resource,
            eval_resource_decision=decision,
            matched_statements=() if unmatched else tuple(self._matched(layers, decision)),
            missing_context_values=self._missing(facts) if implicit else (),
            eval_decision_details=details,
            allowed_by_permissions_boundary=layers.allowed(Layer.BOUNDARY),
            allowed_by_organizations=organization,
        )

    def _request(self, action: str, resource: str) -> tuple[Request, Facts]:
        on_key = is_key(resource) and self._key_policy is not None
        request = Request(
            caller=self._caller,
            action=action,
            resource=resource,
            owner=self._owner_of(resource),
            on_key=on_key,
            cross_account=True,
            context=self._context,
        )
        if on_key:
            return request, replace(self._facts, key_policy=self._key_policy)
        policy = None if is_key(resource) else self._resource_policy
        return request, replace(self._facts, resource_policy=policy)

    def _owner_of(self, resource: str) -> str:
        if self._caller is _NOBODY:
            return _NOBODY.account
        try:
            account = Arn.parse(resource).account
        except InvalidName:
            return self._owner
        return account if AccountId.matches(account) else self._owner

    def _missing(self, facts: Facts) -> tuple[str, ...]:
        """The keys that every policy but the SCPs reads and the context lacks."""
        others = (facts.boundary, facts.resource_policy, facts.key_policy)
        attached = (*facts.identity, *(each for each in others if each is not None))
        missing = self._missing_keys.get(attached)
        if missing is None:
            keys = context_keys(each.policy for each in attached)
            missing = tuple(key for key in keys if key.lower() not in self._context)
            self._missing_keys[attached] = missing
        return missing

    def _matched(self, layers: "_Layers", decision: EvalDecision) -> Iterator[MatchedStatement]:
        denied = decision is EvalDecision.EXPLICIT_DENY
        effect = Effect.DENY if denied else Effect.ALLOW
        for level in layers.levels:
            # What a boundary allows, it does not grant.
            if level.layer in _SOURCES and (denied or level.layer is not Layer.BOUNDARY):
                for applied in level.applied:
                    if applied.statement.effect is effect:
                        yield self._placed(applied, _SOURCES[level.layer])

    def _placed(self, applied: Applied, source: PolicySource) -> MatchedStatement:
        attached, statement = applied
        extents = self._extents.get(attached.policy)
        if extents is None:
            extents = self._extents[attached.policy] = statement_extents(attached.policy.text)
        start, end = extents[statement.index]
        return MatchedStatement(attached.name, source, start, end, statement.index, statement.sid)


class _Level(NamedTuple):
    """One layer, or one level of the organization: what it says, and every statement that applies."""

    layer: Layer
    result: Effect | None
    applied: tuple[Applied, ...]


def _levels(request: Request, facts: Facts) -> Iterator[_Level]:
    check = make_check(request, facts)
    for layer, levels in consulted(request, facts).items():
        for policies in levels:
            seen = [(attached, seen_by(attached.policy, check)) for attached in policies]
            applied = tuple(
                Applied(attached, statement)
                for attached, context in seen
                for statement in attached.policy.statements
                if isinstance(examine(statement, check, context), Strength)
            )
            # As `evaluate` has it, which stops at the first Deny.
            effects = {each.statement.effect for each in applied}
            result = next((effect for effect in (Effect.DENY, Effect.ALLOW) if effect in effects), None)
            yield _Level(layer, result, applied)


class _Layers(NamedTuple):
    """What all layers say, those too that `authorize` need not have asked."""

    levels: tuple[_Level, ...]

    @property
    def denied(self) -> bool:
        return any(level.result is Effect.DENY for level in self.levels)

    def allowed(self, layer: Layer) -> bool | None:
        """Whether every level of `layer` allows; None if there is no such layer."""
        results = [level.result for level in self.levels if level.layer is layer]
        return all(result is Effect.ALLOW for result in results) if results else None

    def details(self) -> dict[PolicySource, EvalDecision]:
        """What each kind of policy says by itself."""
        words = {
            Effect.DENY: EvalDecision.EXPLICIT_DENY,
            Effect.ALLOW: EvalDecision.ALLOWED,
            None: EvalDecision.IMPLICIT_DENY,
        }
        return {
            _SOURCES[level.layer]: words[level.result] for level in self.levels if level.layer in _SOURCES
        }


def _all(policies: tuple[AttachedPolicy, ...]) -> tuple[AttachedPolicy, ...]:
    return tuple(replace(each, policy=as_simulated(each.policy)) for each in policies)


def _lone(policy: AttachedPolicy | None) -> AttachedPolicy | None:
    return None if policy is None else _all((policy,))[0]


def _strictest(decisions: Iterable[EvalDecision]) -> EvalDecision:
    return min(decisions, key=_SEVERITY.index)


T = TypeVar("T")


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _both(answers: Iterable[bool | None]) -> bool | None:
    """Whether all say yes; None if nobody was asked."""
    said = [answer for answer in answers if answer is not None]
    return all(said) if said else None


def _details(
    results: Sequence[ResourceSpecificResult], *, in_one_account: Mapping[PolicySource, EvalDecision] | None
) -> Mapping[PolicySource, EvalDecision] | None:
    """The strictest of each kind of policy; `in_one_account` if no resource is another account's."""
    if any(result.allowed_by_organizations is False for result in results):
        return None
    merged: dict[PolicySource, EvalDecision] = {}
    for result in results:
        for source, decision in (result.eval_decision_details or {}).items():
            merged[source] = _strictest((decision, merged.get(source, decision)))
    return merged or in_one_account
