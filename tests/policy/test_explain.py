"""What a trace tells, and that it agrees with the decision and with what was recorded."""

import pytest
from hypothesis import given, settings
from policy_cases import Case, read_cases, request_and_facts
from random_facts import FACTS, REQUESTS
from scenes import (
    ALLOWS,
    DELEGATES,
    KEY,
    OPEN_BOUNDARY,
    OPEN_SESSION,
    OTHER_ARN,
    SESSION,
    SESSION_ARN,
    USER,
    USER_ARN,
    A,
    ask,
    grant,
    policy,
    statement,
    to,
)
from traces import trace_of, verdict

from keystead.policy import (
    Allowed,
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
)
from keystead.policy.explanation.grant_comparison import (
    ContextEqualsMismatch,
    ContextSubsetMismatch,
    GranteeMismatch,
    OperationMismatch,
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


# What the trace says.


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
