"""The law: request and facts in, decision out (`docs/policy.md`).

Who is limited by which policies is `consulted`, who is allowed is `decide`, which reason a refusal names is
`_silence`. Sources: IAM User Guide, "Policy evaluation logic"; KMS Developer Guide, "Key policies" and
"Grants"; the recorded cases in `vectors/policy`.
"""

from collections.abc import Mapping, Set
from typing import Final, NamedTuple

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
from keystead.policy.evaluate import Applied, evaluate, make_check
from keystead.policy.grants import covers, held_by
from keystead.policy.language.document import PolicyKind
from keystead.policy.request import OF_NO_ACCOUNT, AttachedPolicy, Caller, CallerKind, Facts, Request
from keystead.policy.strength import strength_of

# In Python 3.11 finding a member on its class takes 0.1 us, and a decision finds dozens.
IDENTITY, RESOURCE, SESSION, BOUNDARY, SCP, RCP, ENDPOINT = (
    Layer.IDENTITY,
    Layer.RESOURCE,
    Layer.SESSION,
    Layer.BOUNDARY,
    Layer.SCP,
    Layer.RCP,
    Layer.ENDPOINT,
)
ROOT, USER, ROLE_SESSION, FEDERATED_USER, SERVICE = (
    CallerKind.ROOT,
    CallerKind.USER,
    CallerKind.ROLE_SESSION,
    CallerKind.FEDERATED_USER,
    CallerKind.SERVICE,
)
DIRECT, ROLE, ACCOUNT = Strength.DIRECT, Strength.ROLE, Strength.ACCOUNT

RETIRE_GRANT: Final = "kms:RetireGrant"
"""Decided by the grant that it retires, and exempt from resource control policies (recorded)."""

_CALLERS_SIDE = (SCP, ENDPOINT, IDENTITY, BOUNDARY, SESSION)
_OWNERS_SIDE = (RCP, RESOURCE)
_REPORTED_FIRST = (SCP, RCP, ENDPOINT, RESOURCE, *_CALLERS_SIDE[2:])
"""Which of several explicit denies is named (unverified)."""

Named = Applied | str
"""What names the caller on the resource's side: a statement of its policy, or the id of a grant."""

_NOBODY: Final[Mapping[Strength, Named]] = {}


def authorize(request: Request, facts: Facts) -> Decision:
    """Whether the request is allowed, and by what; else the one reason that is reported.

    What nothing allows is denied, and a Deny that applies is never outweighed.
    """
    return decide(request, facts, consult(request, facts))


def decide(request: Request, facts: Facts, says: "Says") -> Decision:
    """As `authorize`, of what the layers say."""
    # 1. Some operations cannot be used from another account, whatever the policies say.
    foreign = is_foreign(request)
    if foreign and not request.cross_account:
        return ImplicitlyDenied(RESOURCE, hidden=True)

    # 2. A foreign caller whom the owner's side does not let in learns that and no more: not whether the
    #    resource exists, nor, by conditions in policies of its own, what the resource is like.
    named, trusted = named_by_owner(request, facts, says)
    if foreign:
        closed = says.denial(_OWNERS_SIDE)
        if closed is not None or not named:
            return closed or ImplicitlyDenied(RESOURCE, hidden=True)

    # 3. An explicit deny ends it.
    denied = says.denial(_CALLERS_SIDE if foreign else _REPORTED_FIRST)
    if denied is not None:
        return denied

    # 4. Every level of the organization, and the endpoint, must allow.
    for layer in (SCP, RCP, ENDPOINT):
        if layer in says.silent:
            return ImplicitlyDenied(layer, hidden=foreign and layer is RCP)

    # 5. The caller's side: identity policies under the ceilings of boundary and session policy.
    ceilings = [layer for layer in (SESSION, BOUNDARY) if not says.allows(layer)]
    root = request.caller.kind is ROOT
    iam = not ceilings and (root or says.allows(IDENTITY))

    # 6. The resource's side: how strongly its policy and grants name the caller. Across accounts only what
    #    the caller's own account granted counts without the caller's side.
    by: Named | None = trusted.get(DIRECT)
    if by is None and not ceilings:
        by = trusted.get(ROLE)
    if by is None and iam and (named or not (foreign or _resource_decides(request, facts))):
        return Allowed(says.identity_by() or told(next(iter(named.values()), None)))

    if by is not None:
        return Allowed(told(by))
    return ImplicitlyDenied(_silence(request, facts, says, named, ceilings))


def is_foreign(request: Request) -> bool:
    """Whether the resource is of another account. Services calling for themselves belong to none."""
    caller = request.caller
    return caller.account != request.owner and caller.kind not in OF_NO_ACCOUNT


class Says(NamedTuple):
    """What the layers say. A layer that does not exist for the request is in none of the three.

    Such a layer limits nothing.

    Attributes:
        denied: the Deny that applies, by layer.
        silent: layers that neither allow nor deny; of an organization layer, at some level.
        allowed: the statements that allow, by layer and strength.
    """

    denied: Mapping[Layer, Applied]
    silent: Set[Layer]
    allowed: Mapping[Layer, Mapping[Strength, Applied]]

    def allows(self, layer: Layer) -> bool:
        """Whether the layer lets the request pass."""
        return layer not in self.silent and layer not in self.denied

    def denial(self, layers: tuple[Layer, ...]) -> ExplicitlyDenied | None:
        """The first explicit deny in the order of `layers`."""
        if self.denied:
            for layer in layers:
                if layer in self.denied:
                    return ExplicitlyDenied(self.denied[layer].named(layer))
        return None

    def identity_by(self) -> Statement | None:
        """The identity statement that allows, if one does."""
        for applied in self.allowed.get(IDENTITY, {}).values():
            return applied.named(IDENTITY)
        return None


Policies = tuple[AttachedPolicy, ...]


def consulted(request: Request, facts: Facts) -> dict[Layer, tuple[Policies, ...]]:
    """The policies that apply to the request, by layer; organization layers have an item for each level.

    An item without policies exists and allows nothing. This is the table of who is limited by what.
    """
    caller = request.caller
    layers: dict[Layer, tuple[Policies, ...]] = {}
    person = caller.kind in (USER, ROLE_SESSION, FEDERATED_USER)
    if facts.scps is not None and _under_scps(caller):
        layers[SCP] = facts.scps
    if facts.rcps is not None and _under_rcps(request):
        layers[RCP] = facts.rcps
    if facts.endpoint is not None and caller.kind is not SERVICE:
        layers[ENDPOINT] = ((facts.endpoint,),)
    resource = facts.key_policy if request.on_key else facts.resource_policy
    if resource is not None:
        layers[RESOURCE] = ((resource,),)
    if caller.kind is not ROOT:
        # Everybody but a root user needs identity policies; who is of no account has none to be helped by.
        layers[IDENTITY] = (facts.identity if person else (),)
    if facts.boundary is not None and person:
        layers[BOUNDARY] = ((facts.boundary,),)
    if facts.session is not None and person:
        layers[SESSION] = (facts.session,)
    elif caller.kind is FEDERATED_USER:
        # A federated session without session policies has no permissions of its issuer's (IAM User Guide).
        layers[SESSION] = ((),)
    return layers


def _under_scps(caller: Caller) -> bool:
    return not (caller.kind in OF_NO_ACCOUNT or caller.management or caller.service_linked)


def _under_rcps(request: Request) -> bool:
    return request.action != RETIRE_GRANT and request.resource != "*" and not request.caller.service_linked


def consult(request: Request, facts: Facts) -> Says:
    """What each layer says of the request."""
    check = make_check(request, facts)
    denied: dict[Layer, Applied] = {}
    silent: set[Layer] = set()
    allowed: dict[Layer, Mapping[Strength, Applied]] = {}
    for layer, levels in consulted(request, facts).items():
        for policies in levels:
            outcome = evaluate(policies, check)
            if outcome.denied is not None:
                denied.setdefault(layer, outcome.denied)
            elif outcome.allowed:
                allowed[layer] = outcome.allowed
            else:
                silent.add(layer)
    return Says(denied, silent, allowed)


def told(by: Named | None) -> By | None:
    """What allowed, as a decision names it."""
    return by.named(RESOURCE) if isinstance(by, Applied) else by


def named_by_owner(
    request: Request, facts: Facts, says: Says
) -> tuple[Mapping[Strength, Named], Mapping[Strength, Named]]:
    """How strongly the resource's side names the caller; and what of that needs no word of the caller's."""
    if request.action == RETIRE_GRANT:
        return _named_for_retirement(request)
    foreign, caller = is_foreign(request), request.caller
    by_policy = says.allowed.get(RESOURCE, _NOBODY)
    grants = held_by(caller, facts.grants) if request.on_key else ()
    if not grants:
        return by_policy, _NOBODY if foreign else by_policy
    named: dict[Strength, Named] = dict(by_policy)
    at_home: dict[Strength, Named] = {}
    for grant in grants:
        held = strength_of(grant.grantee, caller)
        if held is not None and covers(grant, request):
            named.setdefault(held, grant.grant_id)
            if grant.issuing_account == caller.account:
                at_home.setdefault(held, grant.grant_id)
    return named, at_home if foreign else named


def _named_for_retirement(request: Request) -> tuple[Mapping[Strength, Named], Mapping[Strength, Named]]:
    """The same for RetireGrant: the grant names its retirers, and no policy does (KMS API, `RetireGrant`)."""
    grant, caller = request.retires, request.caller
    if grant is None:
        return _NOBODY, _NOBODY
    named: dict[Strength, Named] = {}
    grantee = strength_of(grant.grantee, caller) if "RetireGrant" in grant.operations else None
    for held in (strength_of(grant.retiring, caller), grantee):
        if held is not None:
            named[held] = grant.grant_id
    if caller.account in (grant.issuing_account, request.owner):
        named.setdefault(ACCOUNT, grant.grant_id)
    trusted = not is_foreign(request) or grant.issuing_account == caller.account
    return named, named if trusted else _NOBODY


def _resource_decides(request: Request, facts: Facts) -> bool:
    """Whether identity policies alone open nothing: so it is for keys and for the assumption of roles."""
    trust = facts.resource_policy is not None and facts.resource_policy.policy.kind is PolicyKind.TRUST
    return request.on_key or trust or request.action == RETIRE_GRANT


def _silence(
    request: Request, facts: Facts, says: Says, named: Mapping[Strength, Named], ceilings: list[Layer]
) -> Layer:
    """The layer whose silence is reported.

    Recorded: a silent session policy is named before silent identity policies, but not to a foreign caller
    whom a grant names directly. The rest is unverified.
    """
    if request.caller.kind in OF_NO_ACCOUNT:
        return RESOURCE
    foreign = is_foreign(request)
    directly = foreign and set(named) == {DIRECT}
    if ceilings and not (directly and not says.allows(IDENTITY)):
        return ceilings[0]
    if named or foreign or not _resource_decides(request, facts):
        return IDENTITY
    return RESOURCE
