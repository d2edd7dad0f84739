"""The rule that decided: which line of the law (`keystead.policy.authorize`) a decision comes from.

A rule is read off a decision and never the other way round, so the two cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from keystead.policy.authorize import RETIRE_GRANT, Says, is_foreign, named_by_owner, told
from keystead.policy.decision import (
    Allowed,
    By,
    Decision,
    ExplicitlyDenied,
    ImplicitlyDenied,
    Layer,
    Statement,
    Strength,
)
from keystead.policy.request import CallerKind, Facts, Request


@dataclass(frozen=True, slots=True)
class NamedByOwner:
    """Key policy or grant (`by`: statement or grant id) names the caller so strongly that it suffices."""

    by: By
    strength: Strength


@dataclass(frozen=True, slots=True)
class LeftToIdentity:
    """Key policy or grant (`opened`) leaves it to the caller's side, which allows.

    `identity` is None for a root user, who needs no identity policy.
    """

    opened: By
    identity: Statement | None


@dataclass(frozen=True, slots=True)
class IdentityAlone:
    """No policy of the resource's side is asked; the caller's side allows. `identity`: as before."""

    identity: Statement | None


@dataclass(frozen=True, slots=True)
class NotAcrossAccounts:
    """The operation cannot be used on another account's resource, whatever the policies say."""


@dataclass(frozen=True, slots=True)
class DenyApplies:
    """An explicit deny. `level` is that of an organization layer, from 0; 0 elsewhere."""

    statement: Statement
    level: int


@dataclass(frozen=True, slots=True)
class LevelSilent:
    """A level (from 0, the root's) of the service or resource control policies allows nothing."""

    layer: Layer
    level: int


@dataclass(frozen=True, slots=True)
class CeilingSilent:
    """The boundary, the session policies or the endpoint policy do not allow it."""

    layer: Layer


@dataclass(frozen=True, slots=True)
class NoSessionPolicy:
    """A federated user's token carries no session policy, so it has no permission of its issuer's."""


@dataclass(frozen=True, slots=True)
class IdentitySilent:
    """It is the identity policies' to allow, and none does."""


@dataclass(frozen=True, slots=True)
class NoDelegation:
    """The identity policies allow it, but no key policy (or trust policy) leaves it to them."""


@dataclass(frozen=True, slots=True)
class NoResourceAllow:
    """Neither key policy (or trust policy) nor grant names the caller or its account for this."""


@dataclass(frozen=True, slots=True)
class OwnerSideSilent:
    """The resource is another account's, and nothing on the owner's side lets the caller in."""


@dataclass(frozen=True, slots=True)
class NotRetirer:
    """RetireGrant: the grant names others as its retirers, and the caller's account has no say."""


AllowRule = NamedByOwner | LeftToIdentity | IdentityAlone
DenyRule = (
    NotAcrossAccounts
    | DenyApplies
    | LevelSilent
    | CeilingSilent
    | NoSessionPolicy
    | IdentitySilent
    | NoDelegation
    | NoResourceAllow
    | OwnerSideSilent
    | NotRetirer
)
Rule = AllowRule | DenyRule
"""Why a request was allowed, or the one reason that a refusal names."""


@dataclass(frozen=True, slots=True)
class FirstLevels:
    """For each layer the first level, from 0, that denies, and the first that is silent."""

    denying: Mapping[Layer, int]
    silent: Mapping[Layer, int]


def deciding_rule(
    request: Request, facts: Facts, says: Says, levels: FirstLevels, decision: Decision
) -> Rule:
    """The rule behind `decision`; `says` and `levels` are what the layers say."""
    match decision:
        case Allowed(by):
            return _allow(request, facts, says, by)
        case ExplicitlyDenied(by):
            return DenyApplies(by, levels.denying[by.layer])
        case ImplicitlyDenied(layer):
            return _silence(request, facts, says, levels, layer)


def _allow(request: Request, facts: Facts, says: Says, by: By | None) -> AllowRule:
    named, trusted = named_by_owner(request, facts, says)
    for strength in (Strength.DIRECT, Strength.ROLE):
        if by is not None and told(trusted.get(strength)) == by:
            return NamedByOwner(by, strength)
    identity = by if isinstance(by, Statement) and by.layer is Layer.IDENTITY else None
    opened = told(next(iter(named.values()), None))
    return IdentityAlone(identity) if opened is None else LeftToIdentity(opened, identity)


def _silence(request: Request, facts: Facts, says: Says, levels: FirstLevels, layer: Layer) -> DenyRule:
    match layer:
        case Layer.SCP | Layer.RCP:
            return LevelSilent(layer, levels.silent[layer])
        case Layer.SESSION if request.caller.kind is CallerKind.FEDERATED_USER and facts.session is None:
            return NoSessionPolicy()
        case Layer.SESSION | Layer.BOUNDARY | Layer.ENDPOINT:
            return CeilingSilent(layer)
        case Layer.IDENTITY:
            return IdentitySilent()
        case Layer.RESOURCE:
            return _owner_silence(request, says)


def _owner_silence(request: Request, says: Says) -> DenyRule:
    foreign = is_foreign(request)
    if foreign and not request.cross_account:
        return NotAcrossAccounts()
    if request.action == RETIRE_GRANT:
        return NotRetirer()
    if foreign:
        return OwnerSideSilent()
    return NoDelegation() if says.identity_by() is not None else NoResourceAllow()
