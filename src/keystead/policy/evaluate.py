"""One policy and one request: which statements apply, and why the others do not.

`examine` is the only place that decides whether a statement applies. `explain` asks it of every statement;
`evaluate` leaves out those that cannot apply because of their actions or their principals.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from keystead.policy.catalogue import IAM_ONLY_KEYS
from keystead.policy.conditions import Condition
from keystead.policy.decision import Layer, Statement, Strength
from keystead.policy.language import statement as language
from keystead.policy.language.document import Policy
from keystead.policy.language.principal import Principal
from keystead.policy.language.statement import Effect
from keystead.policy.operators import UNEVALUABLE
from keystead.policy.request import AttachedPolicy, Caller, ContextValue, Facts, Request
from keystead.policy.strength import spared, strength, texts_of

# In Python 3.11 finding a member on its class takes 0.1 us, and a decision finds dozens.
ALLOW, DENY, DIRECT = Effect.ALLOW, Effect.DENY, Strength.DIRECT


class Element(StrEnum):
    """The element of a statement that does not match."""

    PRINCIPAL = "Principal"
    ACTION = "Action"
    RESOURCE = "Resource"


# The next three are made for every decision; named tuples are immutable and cheap to make.


class Check(NamedTuple):
    """A request as statements see it.

    Attributes:
        called: every text by which a Principal element can name the caller.
        action: in lower case, for action names ignore case.
        bounded: whether the caller has a permissions boundary.
    """

    caller: Caller
    called: Set[str]
    action: str
    resource: str
    context: Mapping[str, ContextValue]
    bounded: bool


def make_check(request: Request, facts: Facts) -> Check:
    """The check of `request`."""
    bounded = facts.boundary is not None
    caller = request.caller
    return Check(caller, texts_of(caller), request.action.lower(), request.resource, request.context, bounded)


class Applied(NamedTuple):
    """A statement that applies, and where it stands."""

    attached: AttachedPolicy
    statement: language.Statement

    def named(self, layer: Layer) -> Statement:
        """The statement as a decision names it."""
        return Statement(
            layer, self.attached.name, self.attached.arn, self.statement.index, self.statement.sid
        )


class Outcome(NamedTuple):
    """What the policies of one layer say.

    Attributes:
        denied: the first Deny that applies.
        allowed: by strength, the first Allow that applies. Policies without Principal allow as `DIRECT`.
    """

    denied: Applied | None
    allowed: Mapping[Strength, Applied]


def evaluate(policies: Iterable[AttachedPolicy], check: Check) -> Outcome:
    """The outcome of one layer: a deny of any of its policies, else the allows of all of them."""
    allowed: dict[Strength, Applied] = {}
    called = check.called
    for attached in policies:
        context = seen_by(attached.policy, check)
        for statement in attached.policy.about(check.action):
            principal = statement.principal
            if principal is not None and not principal.open and principal.texts.isdisjoint(called):
                continue  # most statements of a long policy are about others
            if statement.conditions and _failing(statement, context) is not None:
                continue  # conditions first: they are quickly looked at, and most often what fails
            found = _reach(statement, check, context)
            if isinstance(found, Strength):
                if statement.effect is DENY:
                    return Outcome(Applied(attached, statement), {})
                if found not in allowed:
                    allowed[found] = Applied(attached, statement)
    return Outcome(None, allowed)


def seen_by(policy: Policy, check: Check) -> Mapping[str, ContextValue]:
    """The context as the policy sees it: a key policy does not see keys that are for IAM policies only."""
    return _WithoutIamOnlyKeys(check.context) if policy.iam_only_keys else check.context


def examine(
    statement: language.Statement, check: Check, context: Mapping[str, ContextValue]
) -> Strength | Element | Condition:
    """How strongly the statement applies, or the first element that keeps it from applying.

    Action, Resource, Principal and the conditions are looked at in this order.
    """
    action = statement.action
    if action is None or not action.matches(check.action):
        return Element.ACTION
    found = _reach(statement, check, context)
    if isinstance(found, Element):
        return found
    failing = _failing(statement, context)
    return found if failing is None else failing


def _reach(
    statement: language.Statement, check: Check, context: Mapping[str, ContextValue]
) -> Strength | Element:
    """How strongly the statement names the caller, for the resource; or which of the two does not match."""
    resource = statement.resource
    if resource is None or not (resource.all or resource.matches(check.resource, context)):
        return Element.RESOURCE
    principal = statement.principal
    if principal is None:
        return DIRECT
    if principal.excluded:
        named = _not_excluded(statement.effect, principal, check)
    else:
        named = strength(principal, check.caller)
    return Element.PRINCIPAL if named is None else named


def _failing(statement: language.Statement, context: Mapping[str, ContextValue]) -> Condition | None:
    """The first condition that does not hold; of an Allow, failing that, one that cannot be decided."""
    undecided: Condition | None = None
    for condition in statement.conditions:
        verdict = condition.decide(context.get(condition.lookup), context)
        if verdict is False:
            return condition
        if verdict is UNEVALUABLE:
            undecided = condition
    # The rule for what cannot be evaluated (`operators.UNEVALUABLE`): it allows nothing and denies all.
    return undecided if statement.effect is ALLOW else None


def _not_excluded(effect: Effect, principal: Principal, check: Check) -> Strength | None:
    """The reach of a NotPrincipal."""
    if effect is ALLOW:
        # Endpoint policies alone may say this. It reaches only those whom no entry names.
        return None if strength(principal, check.caller) else DIRECT
    return None if spared(principal, check.caller, bounded=check.bounded) else DIRECT


@dataclass(frozen=True, slots=True)
class _WithoutIamOnlyKeys(Mapping[str, ContextValue]):
    """A context as a key policy sees it (`docs/policy.md`, "Condition keys")."""

    context: Mapping[str, ContextValue]

    def __getitem__(self, key: str) -> ContextValue:
        held = None if key.startswith(IAM_ONLY_KEYS) else self.context.get(key)
        if held is None:
            raise KeyError(key)
        return held

    def __iter__(self) -> Iterator[str]:
        return (key for key in self.context if not key.startswith(IAM_ONLY_KEYS))

    def __len__(self) -> int:
        return sum(1 for _ in self)
