"""The trace of a decision: its rule, what matched and what did not, and the nearest miss."""

from typing import Any

import pytest
from hypothesis import given, settings
from policy_cases import Case, read_cases, request_and_facts
from scenes import (
    ALLOWS,
    DELEGATES,
    DENIES,
    FEDERATED,
    FEDERATED_ARN,
    FOREIGN,
    FOREIGN_ARN,
    KEY,
    LINKED,
    OPEN_BOUNDARY,
    OPEN_SESSION,
    OTHER_ARN,
    ROLE_ARN,
    ROOT,
    ROOT_A,
    ROOT_B,
    SESSION,
    SESSION_ARN,
    SILENT,
    SILENT_BOUNDARY,
    SILENT_SESSION,
    USER,
    USER_ARN,
    A,
    B,
    ask,
    grant,
    key_policy,
    policy,
    statement,
    to,
)
from test_laws import FACTS, REQUESTS

from keystead.policy import (
    Allowed,
    Caller,
    ExplicitlyDenied,
    Facts,
    ImplicitlyDenied,
    Layer,
    PolicyKind,
    Request,
    Strength,
    authorize,
    explain,
    nearest_miss,
    sentence,
)
from keystead.policy.evaluate import examine, make_check, seen_by
from keystead.policy.explanation.comparison import (
    Absent,
    ActionComparison,
    ConditionComparison,
    ConditionUndecided,
    Excepted,
    Held,
    Listed,
    PrincipalComparison,
    ResourceComparison,
    Unseen,
    Unstated,
)
from keystead.policy.explanation.grant_comparison import (
    ContextEqualsMismatch,
    ContextSubsetMismatch,
    GranteeMismatch,
    NothingToCreate,
    NotNarrower,
    OperationMismatch,
    RetirerMismatch,
    SourceArnMismatch,
)
from keystead.policy.explanation.nearest import MAX_NEAREST, DenyHit, NearestGrant, NearestStatement
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
    GrantMatched,
    GrantUnmatched,
    LayerTrace,
    Matched,
    Trace,
    Unmatched,
)
from keystead.policy.explanation.words import (
    comparison_in_words,
    grant_mismatch_in_words,
    rule_in_words,
)
from keystead.policy.language.statement import Effect

CASES = [case for case in read_cases() if case.kind == "authorize"]
BY_ARN = {"aws:principalarn": ROLE_ARN}


def to_everyone_if(arn: str) -> dict[str, Any]:
    return statement(Principal="*", Condition={"ArnEquals": {"aws:PrincipalArn": arn}})


# Specification of the engine, worked rows: caller, key policy, the rest of the facts, the rule, and which
# statement or grant of the nearest miss (None: nothing near).
ROWS: list[tuple[int, Caller, tuple[dict[str, Any], ...], dict[str, Any], type, str | None]] = [
    (1, USER, (DELEGATES,), {"identity": ALLOWS}, LeftToIdentity, None),
    (2, USER, (DELEGATES,), {"identity": SILENT}, IdentitySilent, "identity 0"),
    (3, USER, (to(OTHER_ARN),), {"identity": ALLOWS}, NoDelegation, "resource 0"),
    (4, USER, (to(USER_ARN),), {"identity": SILENT, "boundary": SILENT_BOUNDARY}, NamedByOwner, None),
    (5, USER, (to(USER_ARN),), {"identity": DENIES}, DenyApplies, "deny identity 0"),
    (6, SESSION, (to(ROLE_ARN),), {"identity": SILENT}, NamedByOwner, None),
    (7, SESSION, (to(ROLE_ARN),), {"session": SILENT_SESSION}, CeilingSilent, "session 0"),
    (
        8,
        SESSION,
        (to(SESSION_ARN),),
        {"session": SILENT_SESSION, "boundary": SILENT_BOUNDARY},
        NamedByOwner,
        None,
    ),
    (9, SESSION, (to_everyone_if(ROLE_ARN),), {"boundary": SILENT_BOUNDARY}, NamedByOwner, None),
    (10, SESSION, (to_everyone_if(SESSION_ARN),), {}, NoResourceAllow, "resource 0"),
    (11, FOREIGN, (to(ROOT_B),), {"identity": ALLOWS}, LeftToIdentity, None),
    (12, FOREIGN, (to(FOREIGN_ARN),), {"identity": SILENT}, IdentitySilent, "identity 0"),
    (13, FOREIGN, (to(FOREIGN_ARN),), {"identity": ALLOWS}, NotAcrossAccounts, None),
    (14, ROOT, (DELEGATES,), {}, NamedByOwner, None),
    (15, ROOT, (to(OTHER_ARN),), {}, NoResourceAllow, "resource 0"),
    (16, FEDERATED, (DELEGATES,), {"identity": ALLOWS}, NoSessionPolicy, None),
    (17, FEDERATED, (to(FEDERATED_ARN),), {}, NamedByOwner, None),
    (
        18,
        LINKED,
        (to(ROLE_ARN),),
        {"scps": ((policy(PolicyKind.SCP, statement(Effect="Deny")),),)},
        NamedByOwner,
        None,
    ),
    (
        19,
        USER,
        (DELEGATES, statement(Effect="Deny", NotPrincipal={"AWS": [USER_ARN, ROOT_A]})),
        {"identity": ALLOWS, "boundary": OPEN_BOUNDARY},
        DenyApplies,
        "deny resource 1",
    ),
    (20, USER, (to(USER_ARN, Resource=None),), {"identity": SILENT}, NoResourceAllow, "resource 0"),
]
NAMES = {
    Layer.IDENTITY: "identity",
    Layer.RESOURCE: "resource",
    Layer.SESSION: "session",
    Layer.BOUNDARY: "boundary",
    Layer.SCP: "scp",
    Layer.RCP: "rcp",
    Layer.ENDPOINT: "endpoint",
}


def near(trace: Trace) -> str | None:
    """The first nearest miss in short."""
    for miss in nearest_miss(trace):
        match miss:
            case DenyHit(hit):
                return f"deny {NAMES[hit.layer]} {hit.index}"
            case NearestStatement(found):
                return f"{NAMES[found.layer]} {found.index}"
            case NearestGrant(grant_id):
                return grant_id
    return None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"row {row[0]}")
def test_worked_rows(row: Any) -> None:
    number, caller, statements, more, rule, missed = row
    action = "kms:ScheduleKeyDeletion" if number == 13 else "kms:Encrypt"
    request = ask(caller, action, cross_account=number != 13, context=BY_ARN)
    trace = explain(request, Facts(key_policy=key_policy(*statements), **more))
    assert type(trace.rule) is rule
    assert near(trace) == missed


def trace_of(
    caller: Caller, *statements: dict[str, Any], request: Request | None = None, **more: Any
) -> Trace:
    return explain(request or ask(caller), Facts(key_policy=key_policy(*statements), **more))


# The traps of the specification that are about decisions.


def test_trap_1_delegation_is_bounded_by_its_own_statement() -> None:
    trace = trace_of(USER, to(ROOT_A, Action="kms:Decrypt"), identity=ALLOWS)
    assert trace.rule == NoDelegation()
    (missed,) = nearest_miss(trace)
    assert isinstance(missed, NearestStatement)
    assert missed.elements == (ActionComparison(Listed(("kms:Decrypt",)), "kms:Encrypt"),)


def test_trap_2_a_role_is_held_by_a_silent_boundary_and_a_session_is_not() -> None:
    assert trace_of(SESSION, to(ROLE_ARN), boundary=SILENT_BOUNDARY).rule == CeilingSilent(Layer.BOUNDARY)
    trace = trace_of(SESSION, to(SESSION_ARN), boundary=SILENT_BOUNDARY)
    assert isinstance(trace.rule, NamedByOwner)
    assert trace.rule.strength is Strength.DIRECT
    role = trace_of(SESSION, to(ROLE_ARN))
    assert isinstance(role.rule, NamedByOwner)
    assert role.rule.strength is Strength.ROLE


def test_trap_3_naming_does_not_suffice_across_accounts_but_a_grant_of_the_own_account_does() -> None:
    assert trace_of(FOREIGN, statement(Principal="*")).rule == IdentitySilent()
    own = trace_of(FOREIGN, to(OTHER_ARN), grants=(grant(FOREIGN_ARN, "Encrypt", issued_by=B),))
    assert own.rule == NamedByOwner("grant-1", Strength.DIRECT)
    owners = trace_of(FOREIGN, to(OTHER_ARN), grants=(grant(FOREIGN_ARN, "Encrypt", issued_by=A),))
    assert owners.rule == IdentitySilent()


def test_trap_4_a_federated_user_without_session_policy_has_grants_alone() -> None:
    assert trace_of(FEDERATED, DELEGATES, identity=ALLOWS).rule == NoSessionPolicy()
    direct = trace_of(FEDERATED, DELEGATES, grants=(grant(FEDERATED_ARN, "Encrypt"),))
    assert direct.rule == NamedByOwner("grant-1", Strength.DIRECT)


def test_trap_6_not_principal_denies_whom_it_does_not_list_whole() -> None:
    deny = statement(Effect="Deny", NotPrincipal={"AWS": [USER_ARN]})
    trace = trace_of(USER, to(USER_ARN), deny)
    assert isinstance(trace.rule, DenyApplies)
    (hit,) = nearest_miss(trace)
    assert isinstance(hit, DenyHit)
    assert hit.elements[2] == PrincipalComparison(Excepted((USER_ARN,)), USER_ARN)


def test_trap_8_a_multivalued_key_without_set_operator_never_matches() -> None:
    condition = {"StringNotEquals": {"aws:TagKeys": "x"}}
    trace = trace_of(
        USER, to(USER_ARN, Condition=condition), request=ask(USER, context={"aws:tagkeys": ("a", "b")})
    )
    (missed,) = nearest_miss(trace)
    assert isinstance(missed, NearestStatement)
    assert missed.elements == (
        ConditionComparison("StringNotEquals", "aws:TagKeys", ("x",), Held(("a", "b"))),
    )


def test_trap_10_what_cannot_be_decided_is_told_as_such() -> None:
    condition = {"ArnLike": {"aws:PrincipalArn": "${kms:ViaService}"}}
    request = ask(USER, context={"aws:principalarn": USER_ARN, "kms:viaservice": "no-arn"})
    undecided = ConditionUndecided("ArnLike", "aws:PrincipalArn", ("${kms:ViaService}",), Held(USER_ARN))
    allowing = trace_of(USER, to(USER_ARN, Condition=condition), request=request)
    assert verdict(allowing).elements == (undecided,)
    denying = trace_of(USER, to(USER_ARN), to(USER_ARN, Effect="Deny", Condition=condition), request=request)
    (hit,) = nearest_miss(denying)
    assert isinstance(hit, DenyHit)
    assert undecided in hit.elements


def test_trap_12_a_key_policy_statement_without_resource_applies_to_nothing() -> None:
    trace = trace_of(USER, DELEGATES, to(USER_ARN, Effect="Deny", Resource=None), identity=ALLOWS)
    assert isinstance(trace.rule, LeftToIdentity)
    assert verdict(trace, 1) == Unmatched((ResourceComparison(Unstated(), KEY),))


def test_trap_14_a_grant_decides_who_retires_it() -> None:
    held = grant(OTHER_ARN, "Encrypt", issued_by=A, retiring=OTHER_ARN)

    def retire(caller: Caller, **more: Any) -> Trace:
        request = ask(caller, "kms:RetireGrant", retires=held)
        return explain(request, Facts(key_policy=key_policy(to(FOREIGN_ARN, USER_ARN)), **more))

    stranger = retire(FOREIGN, identity=ALLOWS)
    assert stranger.rule == NotRetirer()
    reason = RetirerMismatch(OTHER_ARN, "", (A,), FOREIGN_ARN)
    assert nearest_miss(stranger) == (NearestGrant("grant-1", (reason,)),)
    assert retire(USER).rule == IdentitySilent()
    assert retire(USER, identity=ALLOWS).rule == LeftToIdentity(
        "grant-1",
        retire(USER, identity=ALLOWS).decision.by,  # type: ignore[union-attr,arg-type]
    )


def test_trap_15_organization_levels_are_named() -> None:
    open_scp = policy(PolicyKind.SCP, statement())
    silent = policy(PolicyKind.SCP, statement(Action="s3:*"))
    trace = trace_of(USER, to(USER_ARN), scps=((open_scp,), (silent,), (open_scp,)))
    assert trace.rule == LevelSilent(Layer.SCP, 1)
    assert [(layer.level, layer.result) for layer in trace.layers if layer.layer is Layer.SCP] == [
        (0, Effect.ALLOW),
        (1, None),
        (2, Effect.ALLOW),
    ]
    deny = policy(PolicyKind.SCP, statement(), statement(Effect="Deny", Action="kms:*"))
    denied = trace_of(USER, to(USER_ARN), scps=((open_scp,), (open_scp,), (deny,)))
    assert isinstance(denied.rule, DenyApplies)
    assert (denied.rule.level, denied.rule.statement.index) == (2, 1)


def test_trap_16_alias_checks_know_no_key_policy() -> None:
    request = ask(USER, "kms:CreateAlias", resource=f"arn:aws:kms:us-east-1:{A}:alias/pay")
    assert isinstance(explain(request, Facts(identity=ALLOWS)).rule, IdentityAlone)
    assert explain(request, Facts(identity=SILENT)).rule == IdentitySilent()


def test_trap_17_an_operation_without_cross_account_use_stays_refused() -> None:
    request = ask(FOREIGN, "kms:ScheduleKeyDeletion", cross_account=False)
    trace = explain(request, Facts(key_policy=key_policy(to(ROOT_B)), identity=ALLOWS))
    assert trace.rule == NotAcrossAccounts()
    assert nearest_miss(trace) == ()
    assert [layer.result for layer in trace.layers] == [Effect.ALLOW, Effect.ALLOW]


def test_trap_18_a_child_grant_needs_one_parent() -> None:
    parent = grant(USER_ARN, "CreateGrant", "Decrypt", encryption_context_subset={"a": "1"})
    wider = grant(OTHER_ARN, "Encrypt")
    looser = grant(OTHER_ARN, "Decrypt")
    for creates, reason in (
        (wider, NotNarrower(("Encrypt",))),
        (looser, NotNarrower(())),
        (None, NothingToCreate()),
    ):
        request = ask(USER, "kms:CreateGrant", creates=creates)
        trace = trace_of(USER, to(OTHER_ARN), request=request, grants=(parent,))
        assert trace.grants[0].verdict == GrantUnmatched((reason,))


def test_trap_20_session_policies_are_named_before_identity_policies() -> None:
    trace = trace_of(SESSION, DELEGATES, identity=SILENT, session=SILENT_SESSION)
    assert trace.rule == CeilingSilent(Layer.SESSION)
    foreign = trace_of(FOREIGN, DELEGATES, identity=ALLOWS)
    assert foreign.rule == OwnerSideSilent()
    assert foreign.refusal is not None
    assert KEY not in foreign.refusal


# What the trace says.


def verdict(trace: Trace, number: int = 0, layer: Layer = Layer.RESOURCE) -> Matched | Unmatched:
    (found,) = [each for each in trace.layers if each.layer is layer]
    return found.statements[number].verdict


def test_every_element_that_does_not_match_is_told_in_the_order_they_are_looked_at() -> None:
    condition = {"StringEquals": {"kms:ViaService": ["s3", "ebs"], "kms:CallerAccount": A}}
    trace = trace_of(
        USER, to(OTHER_ARN, Action=["kms:Decrypt"], NotResource=KEY, Resource=None, Condition=condition)
    )
    assert verdict(trace) == Unmatched(
        (
            ActionComparison(Listed(("kms:Decrypt",)), "kms:Encrypt"),
            ResourceComparison(Excepted((KEY,)), KEY),
            PrincipalComparison(Listed((OTHER_ARN,)), USER_ARN),
            ConditionComparison("StringEquals", "kms:ViaService", ("s3", "ebs"), Absent()),
            ConditionComparison("StringEquals", "kms:CallerAccount", (A,), Absent()),
        )
    )


def test_a_key_for_iam_policies_is_unseen_by_a_key_policy() -> None:
    condition = {"StringEquals": {"aws:ResourceTag/team": "pay"}}
    request = ask(USER, context={"aws:resourcetag/team": "pay"})
    trace = trace_of(USER, to(USER_ARN, Condition=condition), request=request)
    assert verdict(trace).elements == (
        ConditionComparison("StringEquals", "aws:ResourceTag/team", ("pay",), Unseen()),
    )


def test_what_matched_is_told_too() -> None:
    trace = trace_of(USER, to(USER_ARN, OTHER_ARN, Sid="us"))
    assert verdict(trace) == Matched(
        Strength.DIRECT,
        (
            ActionComparison(Listed(("*",)), "kms:Encrypt"),
            ResourceComparison(Listed(("*",)), KEY),
            PrincipalComparison(Listed((USER_ARN, OTHER_ARN)), USER_ARN),
        ),
    )


def test_all_layers_are_looked_at_after_a_deny() -> None:
    deny = policy(PolicyKind.SCP, statement(Effect="Deny"))
    trace = trace_of(
        SESSION, DELEGATES, scps=((deny,),), identity=ALLOWS, boundary=OPEN_BOUNDARY, session=OPEN_SESSION
    )
    assert [layer.layer for layer in trace.layers] == [
        Layer.SCP,
        Layer.RESOURCE,
        Layer.IDENTITY,
        Layer.BOUNDARY,
        Layer.SESSION,
    ]
    assert [layer.result for layer in trace.layers] == [Effect.DENY, *[Effect.ALLOW] * 4]


def test_why_grants_do_not_apply() -> None:
    given = {"Team": "pay", "stage": "prod"}
    request = ask(USER, encryption_context=given, context={"aws:sourcearn": "arn:aws:s3:::b"})
    source = "arn:aws:s3:::a"
    grants = (
        grant(OTHER_ARN, "Decrypt"),
        grant(USER_ARN, "Encrypt", encryption_context_equals={"team": "pay", "x": "y"}),
        grant(USER_ARN, "Encrypt", encryption_context_subset={"team": "PAY"}),
        grant(USER_ARN, "Encrypt", source_arn=source),
        grant(USER_ARN, "Encrypt", encryption_context_subset={"TEAM": "pay"}),
    )
    trace = trace_of(USER, to(OTHER_ARN), request=request, grants=grants)
    assert [found.verdict for found in trace.grants] == [
        GrantUnmatched((GranteeMismatch(OTHER_ARN, USER_ARN), OperationMismatch(("Decrypt",), "Encrypt"))),
        GrantUnmatched((ContextEqualsMismatch((("x", "y"),), (("stage", "prod"),)),)),
        GrantUnmatched((ContextSubsetMismatch((("team", "PAY"),)),)),
        GrantUnmatched((SourceArnMismatch(source, Held("arn:aws:s3:::b")),)),
        GrantMatched(Strength.DIRECT),
    ]
    assert trace.rule == NamedByOwner("grant-1", Strength.DIRECT)


def test_the_nearest_miss_has_fewest_mismatches_then_the_latest() -> None:
    elsewhere = {"StringEquals": {"kms:ViaService": "s3"}}
    trace = trace_of(
        USER,
        to(OTHER_ARN, Action="kms:Decrypt"),
        to(USER_ARN, Action="kms:Decrypt"),
        to(OTHER_ARN),
        to(USER_ARN, Condition=elsewhere, Sid="near"),
        grants=(grant(OTHER_ARN, "Encrypt"),),
    )
    (missed,) = nearest_miss(trace)
    assert isinstance(missed, NearestStatement)
    assert missed.statement.sid == "near"
    equals = trace_of(USER, to(OTHER_ARN), to(SESSION_ARN), grants=(grant(OTHER_ARN, "Encrypt"),) * 2)
    assert [type(each) for each in nearest_miss(equals)] == [NearestStatement, NearestStatement, NearestGrant]


def test_an_allowed_request_has_no_miss_and_no_refusal() -> None:
    trace = trace_of(USER, to(USER_ARN))
    assert (nearest_miss(trace), trace.refusal) == ((), None)


# Against what was recorded.

LAYERS = {
    "identity": Layer.IDENTITY,
    "session": Layer.SESSION,
    "boundary": Layer.BOUNDARY,
    "resource": Layer.RESOURCE,
    "scp": Layer.SCP,
    "rcp": Layer.RCP,
}


def layer_of(trace: Trace) -> Layer | None:
    """The layer that the deciding rule is about."""
    match trace.rule:
        case DenyApplies(found):
            return found.layer
        case LevelSilent(layer) | CeilingSilent(layer):
            return layer
        case NoSessionPolicy():
            return Layer.SESSION
        case IdentitySilent():
            return Layer.IDENTITY
        case NoDelegation() | NoResourceAllow() | OwnerSideSilent() | NotAcrossAccounts() | NotRetirer():
            return Layer.RESOURCE
        case NamedByOwner() | LeftToIdentity() | IdentityAlone():
            return None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_trace_agrees_with_the_recording(case: Case) -> None:
    request, facts = request_and_facts(case)
    trace = explain(request, facts)
    expect = case.expect
    assert isinstance(trace.decision, Allowed) is (expect["decision"] == "allow")
    assert (layer_of(trace) is None) is (expect["decision"] == "allow")
    if "reason" in expect:
        assert isinstance(trace.rule, DenyApplies) is (expect["reason"] == "explicit")
    if "layer" in expect:
        assert layer_of(trace) is LAYERS[expect["layer"]]
    if "message" in expect:
        assert trace.refusal == expect["message"]


def assert_consistent(request: Request, facts: Facts) -> None:
    """What must hold of any trace."""
    trace = explain(request, facts)
    decision = authorize(request, facts)
    assert trace.decision == decision
    if isinstance(decision, Allowed):
        assert trace.refusal is None
    else:
        assert trace.refusal == sentence(request, decision)
        assert isinstance(decision, ExplicitlyDenied | ImplicitlyDenied)
        layer = decision.by.layer if isinstance(decision, ExplicitlyDenied) else decision.layer
        assert layer_of(trace) is layer
        assert isinstance(trace.rule, DenyApplies) is isinstance(decision, ExplicitlyDenied)
    for each in trace.layers:
        assert_layer(each)


def assert_layer(layer: LayerTrace) -> None:
    effects = {each.effect for each in layer.statements if isinstance(each.verdict, Matched)}
    expected = Effect.DENY if Effect.DENY in effects else Effect.ALLOW if effects else None
    assert layer.result is expected
    assert all(each.verdict.elements for each in layer.statements)


@settings(max_examples=150, deadline=None)
@given(REQUESTS, FACTS)
def test_any_trace_is_consistent_and_has_words(request: Request, facts: Facts) -> None:
    assert_consistent(request, facts)
    trace = explain(request, facts)
    assert rule_in_words(trace.rule).endswith(".")
    for layer in trace.layers:
        for found in layer.statements:
            assert all(comparison_in_words(element) for element in found.verdict.elements)
    for granted in trace.grants:
        if isinstance(granted.verdict, GrantUnmatched):
            assert all(grant_mismatch_in_words(reason) for reason in granted.verdict.reasons)
    found_near = nearest_miss(trace)
    assert len(found_near) <= MAX_NEAREST
    if isinstance(trace.decision, Allowed):
        assert found_near == ()
    if isinstance(trace.rule, DenyApplies):
        assert [type(each) for each in found_near] == [DenyHit]
        assert isinstance(found_near[0], DenyHit)
        assert found_near[0].statement == trace.rule.statement


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_first_mismatch_is_where_the_evaluator_stops(case: Case) -> None:
    request, facts = request_and_facts(case)
    assert_consistent(request, facts)
    check = make_check(request, facts)
    trace = explain(request, facts)
    for layer, attached in ((Layer.IDENTITY, facts.identity), (Layer.SESSION, facts.session or ())):
        for found in (each for level in trace.layers if level.layer is layer for each in level.statements):
            compiled = attached[found.position].policy.statements[found.statement.index]
            stopped = examine(compiled, check, seen_by(attached[found.position].policy, check))
            match found.verdict:
                case Matched(strength):
                    assert stopped is strength
                case Unmatched((ConditionComparison(operator, key) | ConditionUndecided(operator, key), *_)):
                    assert (stopped.operator, stopped.key) == (operator, key)  # type: ignore[union-attr]
                case Unmatched((first, *_)):
                    assert type(first).__name__ == f"{stopped}Comparison"
