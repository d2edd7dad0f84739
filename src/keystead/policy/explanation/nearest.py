"""The nearest miss: of all that could have allowed a denied request, what came closest.

The order, from nearest: fewest elements that do not match; of equals the one whose first such element
stands latest in the order (action or operation, resource, principal or grantee, conditions or constraints);
of equals statements before grants, in the order of the trace. All that agree in the first two are named, up
to `MAX_NEAREST`. Only what the deciding rule waits for is considered: under a silent boundary the
boundary's Allow statements, and so on.
"""

from dataclasses import dataclass
from typing import Final

from keystead.policy.decision import Layer, Statement
from keystead.policy.explanation.comparison import (
    ActionComparison,
    Comparison,
    ConditionComparison,
    ConditionUndecided,
    PrincipalComparison,
    ResourceComparison,
)
from keystead.policy.explanation.grant_comparison import (
    ContextEqualsMismatch,
    ContextSubsetMismatch,
    GranteeMismatch,
    GrantMismatch,
    NothingToCreate,
    NotNarrower,
    OperationMismatch,
    RetirerMismatch,
    SourceArnMismatch,
)
from keystead.policy.explanation.rule import (
    CeilingSilent,
    DenyApplies,
    IdentityAlone,
    IdentitySilent,
    LeftToIdentity,
    LevelSilent,
    NamedByOwner,
    NoDelegation,
    NoResourceAllow,
    NoSessionPolicy,
    NotAcrossAccounts,
    NotRetirer,
    OwnerSideSilent,
    Rule,
)
from keystead.policy.explanation.trace import (
    GrantTrace,
    GrantUnmatched,
    Matched,
    StatementTrace,
    Trace,
    Unmatched,
)
from keystead.policy.language.statement import Effect

MAX_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class DenyHit:
    """The Deny that refused the request, and what made it hit: every element with what it matched."""

    statement: Statement
    elements: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class NearestStatement:
    """An Allow statement that came closest, and every element that does not match."""

    statement: Statement
    elements: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class NearestGrant:
    """A grant that came closest, and every reason why it does not apply."""

    grant_id: str
    reasons: tuple[GrantMismatch, ...]


NearMiss = DenyHit | NearestStatement | NearestGrant


def nearest_miss(trace: Trace) -> tuple[NearMiss, ...]:
    """What came closest to allowing a denied request; empty if it was allowed or nothing comes near.

    A function of the trace alone. After an explicit deny it is that Deny.
    """
    match trace.rule:
        case DenyApplies(statement, level):
            return tuple(
                DenyHit(found.statement, found.verdict.elements)
                for layer in trace.layers
                if (layer.layer, layer.level) == (statement.layer, level)
                for found in layer.statements
                if found.effect is Effect.DENY and isinstance(found.verdict, Matched)
            )[:1]
        case _:
            return _nearest(trace, _awaited(trace.rule))


def _awaited(rule: Rule) -> tuple[Layer, int] | None:
    """The layer and level whose Allow statements the rule waits for, or None if there is none."""
    match rule:
        case LevelSilent(layer, level):
            return layer, level
        case CeilingSilent(layer):
            return layer, 0
        case IdentitySilent():
            return Layer.IDENTITY, 0
        case NoDelegation() | NoResourceAllow() | OwnerSideSilent() | NotRetirer():
            return Layer.RESOURCE, 0
        case NotAcrossAccounts() | NoSessionPolicy() | DenyApplies():
            return None
        case NamedByOwner() | LeftToIdentity() | IdentityAlone():
            return None


def _nearest(trace: Trace, awaited: tuple[Layer, int] | None) -> tuple[NearMiss, ...]:
    ranked: list[tuple[tuple[int, int], NearMiss]] = []
    # No policy decides who retires a grant.
    if not isinstance(trace.rule, NotRetirer):
        for layer in trace.layers:
            if (layer.layer, layer.level) == awaited:
                ranked += (pair for statement in layer.statements if (pair := _near_statement(statement)))
    if awaited is not None and awaited[0] is Layer.RESOURCE:
        ranked += (pair for grant in trace.grants if (pair := _near_grant(grant)))
    if not ranked:
        return ()
    best = min(rank for rank, _ in ranked)
    return tuple(miss for rank, miss in ranked if rank == best)[:MAX_NEAREST]


def _near_statement(found: StatementTrace) -> tuple[tuple[int, int], NearMiss] | None:
    match found:
        case StatementTrace(effect=Effect.ALLOW, verdict=Unmatched(elements)):
            rank = (len(elements), -min(_order(element) for element in elements))
            return rank, NearestStatement(found.statement, elements)
        case _:
            return None


def _near_grant(found: GrantTrace) -> tuple[tuple[int, int], NearMiss] | None:
    match found.verdict:
        case GrantUnmatched(reasons):
            rank = (len(reasons), -min(_order(reason) for reason in reasons))
            return rank, NearestGrant(found.grant_id, reasons)
        case _:
            return None


def _order(element: Comparison | GrantMismatch) -> int:
    """When the element is looked at; of a grant its operation is first, like a statement's action."""
    match element:
        case ActionComparison() | OperationMismatch():
            return 0
        case ResourceComparison():
            return 1
        case PrincipalComparison() | GranteeMismatch() | RetirerMismatch():
            return 2
        case ConditionComparison() | ConditionUndecided():
            return 3
        case ContextEqualsMismatch() | ContextSubsetMismatch() | SourceArnMismatch():
            return 3
        case NotNarrower() | NothingToCreate():
            return 3
