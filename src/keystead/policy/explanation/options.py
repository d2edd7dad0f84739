"""What could be changed about one refusal: for each rule, the edits that may answer it.

Least privilege: an Allow that is offered is exactly the request's (`allowing`), and an entry is added to an
existing statement only if the statement is about nothing else. A ceiling (boundary, session policy,
organization) is never gone around by naming the caller elsewhere: the ceiling itself must allow.
"""

from collections.abc import Iterator

from keystead.names import AccountId, AccountRootArn
from keystead.policy.authorize import RETIRE_GRANT, is_foreign
from keystead.policy.decision import Layer
from keystead.policy.explanation import tree
from keystead.policy.explanation.allowing import allow, caller_name, instead_of, new_statement
from keystead.policy.explanation.comparison import (
    ActionComparison,
    Comparison,
    ConditionComparison,
    ConditionUndecided,
    Listed,
    PrincipalComparison,
    ResourceComparison,
)
from keystead.policy.explanation.edit import (
    CURRENT,
    KINDS,
    AddAction,
    AddPrincipal,
    AddResource,
    AddStatement,
    AttachPolicy,
    CreateGrant,
    DetachPolicy,
    Edit,
    NarrowDeny,
    PolicyPlace,
    RemoveDeny,
    ReplaceDeny,
    StatementPlace,
    policy_at,
    statements_of,
)
from keystead.policy.explanation.encryption_context import (
    MAX_VALUES,
    Option,
    as_granted,
    missing_pairs,
    other_pairs,
)
from keystead.policy.explanation.grant_comparison import ContextEqualsMismatch, ContextSubsetMismatch
from keystead.policy.explanation.narrowing import OF_MANY, is_literal, narrowed, own_entries
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
)
from keystead.policy.explanation.trace import (
    GrantUnmatched,
    LayerTrace,
    Matched,
    StatementTrace,
    Trace,
    Unmatched,
)
from keystead.policy.grants import GRANTABLE, MAX_CONSTRAINT_PAIRS
from keystead.policy.language.json_reader import JsonArray, JsonObject
from keystead.policy.language.layout import write_json
from keystead.policy.language.principal import PrincipalKind
from keystead.policy.language.statement import Effect, Statement
from keystead.policy.request import OF_NO_ACCOUNT, CallerKind, Facts, Grant, Request


def options(request: Request, facts: Facts, trace: Trace) -> Iterator[Option]:
    """Edits that may answer the refusal of `trace`; none if the rule leaves nothing to change."""
    match trace.rule:
        case NamedByOwner() | LeftToIdentity() | IdentityAlone():
            return
        case NotAcrossAccounts() | NotRetirer():
            return
        case DenyApplies(statement, level):
            yield from _against_deny(request, facts, _layer(trace, statement.layer, level))
        case LevelSilent(layer, level):
            yield from _allows(request, facts, _layer(trace, layer, level))
        case CeilingSilent(layer):
            yield from _allows(request, facts, _layer(trace, layer, 0))
        case NoSessionPolicy():
            yield from _allows(request, facts, _layer(trace, Layer.SESSION, 0))
        case IdentitySilent():
            yield from _allows(request, facts, _layer(trace, Layer.IDENTITY, 0))
            if not is_foreign(request) and request.action != RETIRE_GRANT:
                yield from _owners(request, facts, trace)
        case NoDelegation():
            yield from _owners(request, facts, trace)
            yield from _delegation(request, facts, trace)
        case NoResourceAllow() | OwnerSideSilent():
            yield from _owners(request, facts, trace)


def _layer(trace: Trace, layer: Layer, level: int) -> LayerTrace:
    return next(found for found in trace.layers if (found.layer, found.level) == (layer, level))


# Against a Deny.


def _against_deny(request: Request, facts: Facts, layer: LayerTrace) -> Iterator[Option]:
    hit = next(
        found
        for found in layer.statements
        if found.effect is Effect.DENY and isinstance(found.verdict, Matched)
    )
    yield from other_pairs(request, hit.verdict.elements)
    place = _place(layer, hit)
    attached = policy_at(place.policy, request, facts)
    documents = statements_of(attached)
    document = documents[place.index]
    assert isinstance(document, JsonObject)  # it was parsed as a statement
    compiled = attached.policy.statements[place.index]
    left = narrowed(document, compiled, layer.layer, request, bounded=facts.boundary is not None)
    size = tree.distance((document,), left)
    if left:
        yield Option(size, NarrowDeny(place, tuple(write_json(part) for part in left)))
    elif len(documents) > 1:
        yield Option(size, RemoveDeny(place))
    elif layer.layer in (Layer.IDENTITY, Layer.SESSION, Layer.SCP, Layer.RCP):
        yield Option(size, DetachPolicy(place.policy))
    else:
        new = new_statement(request, facts, layer.layer, None)
        if new is not None:
            yield Option(tree.distance((document,), (new,)), ReplaceDeny(place, write_json(new)))


# For an Allow.


def _allows(request: Request, facts: Facts, layer: LayerTrace) -> Iterator[Option]:
    """Edits that make a layer, or one of its levels, allow the request."""
    yield from _extensions(request, facts, layer)
    near = _near_by_condition(layer)
    for found in near:
        yield from missing_pairs(request, found.verdict.elements)
    new = new_statement(request, facts, layer.layer, _kept_conditions(near, layer, request, facts))
    if new is None:
        return
    held = _first_policy(near, layer)
    size = tree.distance((), (new,))
    if held is not None:
        yield Option(size, AddStatement(held, write_json(new)))
    elif layer.layer in KINDS:
        document = tree.made_of(Version=tree.text(CURRENT), Statement=JsonArray((new,), 0))
        yield Option(size + 1, AttachPolicy(layer.layer, layer.level, write_json(document)))


def _owners(request: Request, facts: Facts, trace: Trace) -> Iterator[Option]:
    """Edits that make the resource's side name the caller."""
    if any(layer.layer is Layer.RESOURCE for layer in trace.layers):
        yield from _allows(request, facts, _layer(trace, Layer.RESOURCE, 0))
    near = [
        grant
        for grant, found in zip(facts.grants, trace.grants, strict=False)  # no traces off keys
        if isinstance(found.verdict, GrantUnmatched) and _lacks_pairs(found.verdict)
    ]
    for grant in near[:MAX_VALUES]:
        yield from as_granted(grant, request)
    yield from _new_grant(request)


def _delegation(request: Request, facts: Facts, trace: Trace) -> Iterator[Option]:
    """The account's statement, for exactly this action."""
    for layer in trace.layers:
        if layer.layer is Layer.RESOURCE:
            yield from _extended_delegations(request, facts, layer)
            root = AccountRootArn(AccountId(request.owner))
            new = allow(request, facts, Layer.RESOURCE, tree.made_of(AWS=tree.text(str(root))))
            held = _first_policy((), layer)
            if new is not None and held is not None:
                yield Option(tree.distance((), (new,)), AddStatement(held, write_json(new)))


def _extended_delegations(request: Request, facts: Facts, layer: LayerTrace) -> Iterator[Option]:
    """The action added to the first statement that delegates others to the account and to nobody else."""
    for found in layer.statements:
        match found:
            case StatementTrace(effect=Effect.ALLOW, verdict=Unmatched((ActionComparison(Listed()),))):
                place = _place(layer, found)
                principal = policy_at(place.policy, request, facts).policy.statements[place.index].principal
                entries = () if principal is None else principal.entries
                lone = all(
                    entry.kind is PrincipalKind.ACCOUNT and entry.account == request.owner
                    for entry in entries
                )
                if lone and is_literal(request.action):
                    yield Option(1, AddAction(place, request.action))
                    return
            case _:
                pass


def _extensions(request: Request, facts: Facts, layer: LayerTrace) -> Iterator[Option]:
    """One entry more for a statement that lacks and says nothing else; the first of each kind."""
    kinds: set[type[Edit]] = set()
    for found in layer.statements:
        match found:
            case StatementTrace(effect=Effect.ALLOW, verdict=Unmatched((lone,))):
                place = _place(layer, found)
                statement = policy_at(place.policy, request, facts).policy.statements[place.index]
                edit = _extension(lone, place, statement, layer.layer, request)
                if edit is not None and type(edit) not in kinds:
                    kinds.add(type(edit))
                    yield Option(1, edit)
            case _:
                pass


def _extension(
    lone: Comparison, place: StatementPlace, statement: Statement, layer: Layer, request: Request
) -> Edit | None:
    ours = _only_caller(statement, layer, request)
    action = _only_action(statement, request)
    resource = _only_resource(statement, layer, request)
    match lone:
        case ActionComparison(Listed()) if ours and resource and is_literal(request.action):
            return AddAction(place, request.action)
        case ResourceComparison(Listed()) if ours and action and is_literal(request.resource):
            return AddResource(place, request.resource)
        case PrincipalComparison(Listed()) if action and resource:
            # Services and web identities are not AWS principals.
            named = caller_name(request)
            return None if request.caller.kind in OF_NO_ACCOUNT else AddPrincipal(place, named)
        case _:
            return None


def _only_caller(statement: Statement, layer: Layer, request: Request) -> bool:
    """Whether the statement is about the caller alone. A root user can only be named by its account."""
    principal = statement.principal
    if principal is None:
        return layer not in OF_MANY
    own = set(own_entries(principal, request))
    root = request.caller.kind is CallerKind.ROOT
    return all(
        entry.text in own
        or (root and entry.kind is PrincipalKind.ACCOUNT and entry.account == request.caller.account)
        for entry in principal.entries
    )


def _only_action(statement: Statement, request: Request) -> bool:
    held = statement.action
    named = [request.action.lower()]
    return (
        held is not None and is_literal(request.action) and [each.lower() for each in held.patterns] == named
    )


def _only_resource(statement: Statement, layer: Layer, request: Request) -> bool:
    """Whether it is about the resource alone, as `*` in a key policy is."""
    held = statement.resource
    if layer is Layer.RESOURCE and request.on_key:
        return held is not None
    itself = request.resource == "*" or is_literal(request.resource)
    return held is not None and itself and held.patterns == (request.resource,)


def _near_by_condition(layer: LayerTrace) -> tuple[StatementTrace, ...]:
    """Allow statements about this action on this resource, the nearest first."""
    near = [
        found
        for found in layer.statements
        if found.effect is Effect.ALLOW
        and isinstance(found.verdict, Unmatched)
        and not any(
            isinstance(element, ActionComparison | ResourceComparison) for element in found.verdict.elements
        )
    ]
    return tuple(sorted(near, key=lambda found: len(found.verdict.elements))[:MAX_VALUES])


def _kept_conditions(
    near: tuple[StatementTrace, ...], layer: LayerTrace, request: Request, facts: Facts
) -> JsonObject | None:
    """The conditions of the first of `near`, those that fail replaced by what the request holds."""
    if not near:
        return None
    place = _place(layer, near[0])
    document = statements_of(policy_at(place.policy, request, facts))[place.index]
    assert isinstance(document, JsonObject)  # it was parsed as a statement
    conditions = tree.get(document, "Condition")
    if not isinstance(conditions, JsonObject):
        return None
    for element in near[0].verdict.elements:
        if isinstance(element, ConditionComparison | ConditionUndecided):
            conditions = instead_of(element, conditions)
    return conditions if conditions.members else None


def _first_policy(near: tuple[StatementTrace, ...], layer: LayerTrace) -> PolicyPlace | None:
    if layer.statements:
        return _place(layer, (near or layer.statements)[0]).policy
    return None


def _place(layer: LayerTrace, found: StatementTrace) -> StatementPlace:
    named = found.statement
    policy = PolicyPlace(layer.layer, layer.level, found.position, named.policy, named.policy_arn)
    return StatementPlace(policy, named.index, named.sid)


# About the request, and grants.


def _lacks_pairs(verdict: GrantUnmatched) -> bool:
    match verdict.reasons:
        case (ContextEqualsMismatch() | ContextSubsetMismatch(),):
            return True
        case _:
            return False


def _new_grant(request: Request) -> Iterator[Option]:
    operation = request.action.removeprefix("kms:")
    # Who may create grants or retire them is more than this one request.
    grantable = operation in GRANTABLE and operation not in ("CreateGrant", "RetireGrant")
    if not request.on_key or not grantable or request.caller.kind in OF_NO_ACCOUNT:
        return
    pairs = request.encryption_context or None
    if len(pairs or ()) > MAX_CONSTRAINT_PAIRS:
        return  # without its constraint the grant would be for more than this request
    grant = Grant(
        grant_id="new",
        grantee=caller_name(request),
        operations=frozenset({operation}),
        issuing_account=request.owner,
        encryption_context_equals=pairs,
    )
    # The key, the grantee, the operation and the pairs.
    yield Option(3 + len(pairs or ()), CreateGrant(grant))
