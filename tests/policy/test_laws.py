"""Theorems of the law, tested on policies made at random but likely to mean something."""

from dataclasses import replace
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from scenes import (
    CALLERS,
    DELEGATES,
    FEDERATED_ARN,
    FOREIGN_ARN,
    KEY,
    OTHER_ARN,
    ROLE_ARN,
    ROOT_A,
    ROOT_B,
    SESSION_ARN,
    USER_ARN,
    A,
    B,
    ask,
    grant,
    policy,
    statement,
)

from keystead.policy import (
    Allowed,
    CallerKind,
    ExplicitlyDenied,
    Facts,
    Grant,
    PolicyKind,
    Request,
    authorize,
    explain,
    sentence,
)

ACTIONS = st.sampled_from(["*", "kms:*", "kms:Encrypt", "kms:Dec*", "s3:*"])
RESOURCES = st.sampled_from(["*", KEY, f"arn:aws:kms:*:{A}:key/*", "arn:aws:s3:::b"])
PRINCIPALS = st.sampled_from(
    [ROOT_A, ROOT_B, USER_ARN, OTHER_ARN, ROLE_ARN, SESSION_ARN, FEDERATED_ARN, FOREIGN_ARN, "*", A]
)
CONDITIONS = st.sampled_from(
    [
        None,
        {"StringEquals": {"kms:ViaService": "x"}},
        {"StringNotEquals": {"kms:ViaService": "x"}},
        {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}},
        {"ArnLike": {"aws:PrincipalArn": "${kms:ViaService}"}},
    ]
)
CONTEXTS = st.fixed_dictionaries(
    {"aws:principalarn": st.sampled_from([USER_ARN, ROLE_ARN])},
    optional={"kms:viaservice": st.sampled_from(["x", "y"]), "aws:tagkeys": st.just(("a", "b"))},
)
REQUESTS = st.builds(
    lambda caller, action, context: ask(caller, action, context=context, encryption_context={}),
    st.sampled_from(CALLERS),
    st.sampled_from(["kms:Encrypt", "kms:Decrypt"]),
    CONTEXTS,
)


@st.composite
def statements(draw: st.DrawFn, *, principal: bool) -> dict[str, Any]:
    made = statement(
        Effect=draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"])),
        Action=draw(ACTIONS),
        Resource=draw(RESOURCES),
        Condition=draw(CONDITIONS),
    )
    return made | (
        {"Principal": {"AWS": draw(st.lists(PRINCIPALS, min_size=1, max_size=2))}} if principal else {}
    )


def lists(principal: bool) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(statements(principal=principal), min_size=1, max_size=3)


KEY_STATEMENTS, IDENTITY_STATEMENTS = lists(True), lists(False)
GRANTS: st.SearchStrategy[tuple[Grant, ...]] = st.lists(
    st.builds(lambda whom, by: grant(whom, "Encrypt", issued_by=by), PRINCIPALS, st.sampled_from([A, B])),
    max_size=1,
).map(tuple)


def facts_of(key: list[dict[str, Any]], identity: list[dict[str, Any]], grants: tuple[Grant, ...]) -> Facts:
    return Facts(
        key_policy=policy(PolicyKind.KEY, *key),
        identity=(policy(PolicyKind.IDENTITY, *identity),),
        grants=grants,
    )


FACTS = st.builds(facts_of, KEY_STATEMENTS, IDENTITY_STATEMENTS, GRANTS)


def allowed(request: Request, facts: Facts) -> bool:
    return isinstance(authorize(request, facts), Allowed)


@settings(max_examples=150, deadline=None)
@given(REQUESTS, FACTS, st.sampled_from(["key", "identity", "boundary", "session", "endpoint"]))
def test_a_deny_of_everything_wins_in_every_layer(request: Request, facts: Facts, where: str) -> None:
    event("allowed before" if allowed(request, facts) else "denied before")
    kinds = {"boundary": PolicyKind.BOUNDARY, "session": PolicyKind.SESSION, "identity": PolicyKind.IDENTITY}
    deny = statement(Effect="Deny")
    if where == "key":
        changed = replace(facts, key_policy=policy(PolicyKind.KEY, deny | {"Principal": "*"}))
    elif where == "endpoint":
        changed = replace(facts, endpoint=policy(PolicyKind.ENDPOINT, deny | {"Principal": "*"}))
    elif where == "boundary":
        changed = replace(facts, boundary=policy(kinds[where], deny))
    else:
        changed = replace(facts, **{where: (policy(kinds[where], deny),)})
    kind = request.caller.kind
    exempt = where != "key" and (
        kind is CallerKind.SERVICE or (kind is CallerKind.ROOT and where != "endpoint")
    )
    if exempt:
        return
    assert not allowed(request, changed)
    if request.caller.account == A:
        assert isinstance(authorize(request, changed), ExplicitlyDenied)


@settings(max_examples=100, deadline=None)
@given(REQUESTS, KEY_STATEMENTS, IDENTITY_STATEMENTS)
def test_nothing_is_allowed_without_an_allow(
    request: Request, key: list[dict[str, Any]], identity: list[dict[str, Any]]
) -> None:
    denying = facts_of(
        [made | {"Effect": "Deny"} for made in key], [made | {"Effect": "Deny"} for made in identity], ()
    )
    assert not allowed(request, denying)
    assert not allowed(request, Facts())


@settings(max_examples=150, deadline=None)
@given(REQUESTS, KEY_STATEMENTS, IDENTITY_STATEMENTS, GRANTS, statements(principal=True), st.booleans())
def test_adding_a_deny_never_allows(
    request: Request,
    key: list[dict[str, Any]],
    identity: list[dict[str, Any]],
    grants: tuple[Grant, ...],
    more: dict[str, Any],
    in_key_policy: bool,
) -> None:
    deny = more | {"Effect": "Deny"}
    if in_key_policy:
        changed = facts_of([*key, deny], identity, grants)
    else:
        del deny["Principal"]
        changed = facts_of(key, [*identity, deny], grants)
    if allowed(request, changed):
        assert allowed(request, facts_of(key, identity, grants))


@settings(max_examples=150, deadline=None)
@given(REQUESTS, KEY_STATEMENTS, IDENTITY_STATEMENTS, GRANTS, st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(
    request: Request,
    key: list[dict[str, Any]],
    identity: list[dict[str, Any]],
    grants: tuple[Grant, ...],
    dice: Any,
) -> None:
    before = authorize(request, facts_of(key, identity, grants))
    shuffled, shuffled_identity = key * 2, identity * 2
    dice.shuffle(shuffled)
    dice.shuffle(shuffled_identity)
    after = authorize(request, facts_of(shuffled, shuffled_identity, grants))
    assert type(before) is type(after)
    if not isinstance(before, Allowed | ExplicitlyDenied):
        assert before == after


@settings(max_examples=150, deadline=None)
@given(REQUESTS, FACTS, IDENTITY_STATEMENTS)
def test_a_boundary_never_adds(request: Request, facts: Facts, ceiling: list[dict[str, Any]]) -> None:
    if allowed(request, replace(facts, boundary=policy(PolicyKind.BOUNDARY, *ceiling))):
        assert allowed(request, facts)


@settings(max_examples=150, deadline=None)
@given(REQUESTS, FACTS, IDENTITY_STATEMENTS)
def test_a_session_policy_never_adds(request: Request, facts: Facts, ceiling: list[dict[str, Any]]) -> None:
    # A federated session without session policy has less than one with a session policy that allows all.
    if request.caller.kind is CallerKind.FEDERATED_USER:
        facts = replace(facts, session=(policy(PolicyKind.SESSION, statement()),))
    if allowed(request, replace(facts, session=(policy(PolicyKind.SESSION, *ceiling),))):
        assert allowed(request, facts)


@settings(max_examples=150, deadline=None)
@given(REQUESTS, FACTS, IDENTITY_STATEMENTS)
def test_an_scp_never_adds(request: Request, facts: Facts, ceiling: list[dict[str, Any]]) -> None:
    if allowed(request, replace(facts, scps=((policy(PolicyKind.SCP, *ceiling),),))):
        assert allowed(request, facts)


@settings(max_examples=100, deadline=None)
@given(REQUESTS, IDENTITY_STATEMENTS)
def test_without_the_root_statement_identity_policies_are_cut_off(
    request: Request, identity: list[dict[str, Any]]
) -> None:
    other = statement(Principal={"AWS": OTHER_ARN})
    assert not allowed(request, facts_of([other], identity, ()))
    with_it = facts_of([other, DELEGATES], identity, ())
    event("opened by delegation" if allowed(request, with_it) else "still closed")


@settings(max_examples=100, deadline=None)
@given(REQUESTS, FACTS)
def test_every_refusal_has_a_sentence_and_every_decision_a_trace(request: Request, facts: Facts) -> None:
    decision = authorize(request, facts)
    assert explain(request, facts).decision == decision
    if not isinstance(decision, Allowed):
        told = sentence(request, decision)
        assert told.startswith(
            f"User: {request.caller.arn} is not authorized to perform: {request.action} on "
        )
        if request.caller.account == B:
            assert KEY not in told
