"""Suggestions work, whatever the facts, and are no wider than the request."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from policy_cases import Case, compiled, read_cases, request_and_facts
from random_facts import FACTS, IDENTITY_STATEMENTS, REQUESTS
from remedy_checks import assert_works, offered
from scenes import (
    CALLERS,
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
    grant,
    policy,
)

from keystead.policy import (
    Allowed,
    AttachedPolicy,
    Caller,
    Facts,
    Layer,
    Malformed,
    PolicyKind,
    Request,
    authorize,
    parse_policy,
    remedies,
)
from keystead.policy.calling import make_request
from keystead.policy.explanation.edit import (
    AddAction,
    AddPrincipal,
    AddResource,
    AddStatement,
    AttachPolicy,
    CreateGrant,
)
from keystead.policy.explanation.remedy import (
    MAX_REMEDIES,
    NothingDenied,
    Offered,
    Remedy,
)

CASES = [case for case in read_cases() if case.kind == "authorize"]
DENIED = [case for case in CASES if case.expect["decision"] == "deny"]


@pytest.mark.parametrize("case", DENIED, ids=lambda case: case.id)
def test_every_recorded_refusal_has_a_suggestion_that_works(case: Case) -> None:
    request, facts = request_and_facts(case)
    assert 1 <= len(offered(request, facts)) <= MAX_REMEDIES


SIMULATED = [case for case in read_cases() if case.kind == "simulate"]


@pytest.mark.parametrize("case", SIMULATED, ids=lambda case: case.id)
def test_suggestions_for_simulated_cases_work_too(case: Case) -> None:
    request, facts = request_and_facts(case)
    found = remedies(request, facts)
    assert isinstance(found, NothingDenied) is isinstance(authorize(request, facts), Allowed)
    for remedy in found.remedies if isinstance(found, Offered) else ():
        assert_works(remedy, request, facts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_nothing_is_suggested_for_what_is_allowed(case: Case) -> None:
    request, facts = request_and_facts(case)
    assert isinstance(remedies(request, facts), NothingDenied) is (case.expect["decision"] == "allow")


@settings(max_examples=150, deadline=None)
@given(REQUESTS, FACTS, st.none() | IDENTITY_STATEMENTS, st.none() | IDENTITY_STATEMENTS)
def test_suggestions_always_work(
    request: Request, facts: Facts, ceiling: list[dict[str, Any]] | None, scp: list[dict[str, Any]] | None
) -> None:
    facts = replace(
        facts,
        boundary=None if ceiling is None else policy(PolicyKind.BOUNDARY, *ceiling),
        scps=None if scp is None else ((policy(PolicyKind.SCP, *scp),),),
    )
    found = remedies(request, facts)
    event(type(found).__name__)
    assert isinstance(found, NothingDenied) is isinstance(authorize(request, facts), Allowed)
    assert found == remedies(request, facts)
    if isinstance(found, Offered):
        sizes = [remedy.size for remedy in found.remedies]
        assert sizes == sorted(sizes)
        assert len(sizes) <= MAX_REMEDIES
        for remedy in found.remedies:
            assert_works(remedy, request, facts)


# Wilder facts: Not-forms, all layers, constrained grants, conditions of many kinds.
NAMES = st.sampled_from(
    [ROOT_A, ROOT_B, USER_ARN, OTHER_ARN, ROLE_ARN, SESSION_ARN, FEDERATED_ARN, FOREIGN_ARN]
)
LISTED_NAMES = st.lists(NAMES, min_size=1, max_size=3).map(lambda names: {"AWS": names})
PATTERNS = st.lists(
    st.sampled_from(["*", "kms:*", "kms:Encrypt", "KMS:encrypt", "kms:En?rypt", "kms:Decrypt"]),
    min_size=1,
    max_size=2,
)
PLACES = st.lists(
    st.sampled_from(["*", KEY, KEY[:-1] + "?", f"arn:aws:kms:*:{A}:key/${{aws:username}}"]),
    min_size=1,
    max_size=2,
)
CONDITION_BLOCKS = st.dictionaries(
    st.sampled_from(
        [
            "StringEquals",
            "StringNotEquals",
            "StringLikeIfExists",
            "ForAnyValue:StringEquals",
            "Null",
            "ArnNotLike",
        ]
    ),
    st.dictionaries(
        st.sampled_from(
            ["kms:EncryptionContext:Team", "kms:EncryptionContextKeys", "aws:PrincipalArn", "kms:ViaService"]
        ),
        st.sampled_from(["pay", ["ops", "pay"], "true", "false", USER_ARN, [ROLE_ARN, "${aws:username}"]]),
        min_size=1,
        max_size=2,
    ),
    min_size=1,
    max_size=2,
)


@st.composite
def wild_statements(draw: st.DrawFn, kind: PolicyKind) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    if kind in (PolicyKind.KEY, PolicyKind.ENDPOINT):
        name = (
            "Principal" if made["Effect"] == "Allow" else draw(st.sampled_from(["Principal", "NotPrincipal"]))
        )
        made[name] = draw(LISTED_NAMES | st.just("*"))
    made[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(PATTERNS)
    made[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(PLACES)
    if draw(st.booleans()):
        made["Condition"] = draw(CONDITION_BLOCKS)
    return made


@st.composite
def wild_policies(draw: st.DrawFn, kind: PolicyKind) -> AttachedPolicy:
    made = draw(st.lists(wild_statements(kind), min_size=1, max_size=3))
    text = json.dumps({"Version": "2012-10-17", "Statement": made})
    parsed = parse_policy(text, kind)
    assume(not isinstance(parsed, Malformed))
    return AttachedPolicy(compiled(text, kind), "wild")


def few(kind: PolicyKind) -> st.SearchStrategy[tuple[AttachedPolicy, ...]]:
    return st.lists(wild_policies(kind), max_size=2).map(tuple)


PAIRS = st.dictionaries(st.sampled_from(["Team", "stage"]), st.sampled_from(["pay", "ops"]), max_size=2)
WILD_FACTS = st.builds(
    Facts,
    key_policy=wild_policies(PolicyKind.KEY),
    identity=few(PolicyKind.IDENTITY),
    boundary=st.none() | wild_policies(PolicyKind.BOUNDARY),
    session=st.none() | few(PolicyKind.SESSION),
    scps=st.none() | st.lists(few(PolicyKind.SCP), max_size=2).map(tuple),
    endpoint=st.none() | wild_policies(PolicyKind.ENDPOINT),
    grants=st.lists(
        st.builds(
            lambda whom, equals, subset: grant(
                whom, "Encrypt", encryption_context_equals=equals, encryption_context_subset=subset
            ),
            NAMES,
            st.none() | PAIRS,
            st.none() | PAIRS,
        ),
        max_size=2,
    ).map(tuple),
)


def wild_request(caller: Caller, pairs: dict[str, str]) -> Request:
    plain = make_request(caller, "kms:Encrypt", KEY, context={}, encryption_context=pairs)
    return replace(plain, owner=A)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CALLERS), PAIRS, WILD_FACTS)
def test_suggestions_work_for_wild_facts(caller: Caller, pairs: dict[str, str], facts: Facts) -> None:
    request = wild_request(caller, pairs)
    found = remedies(request, facts)
    event(type(found).__name__)
    assert isinstance(found, NothingDenied) is isinstance(authorize(request, facts), Allowed)
    for remedy in found.remedies if isinstance(found, Offered) else ():
        assert_works(remedy, request, facts)
        assert NEVER_WIDER.isdisjoint(new_texts(remedy))


NEVER_WIDER = {"kms:*", "*"}


def new_texts(remedy: Remedy) -> set[str]:
    """The actions and resources that a remedy's Allow statements name, the key policy's `*` apart."""
    texts: set[str] = set()
    for edit in remedy.edits:
        match edit:
            case AddStatement(place, text) if place.layer is not Layer.RESOURCE:
                made = json.loads(text)
                texts |= {made["Action"], made["Resource"]}
            case AddStatement(_, text):
                texts.add(json.loads(text)["Action"])
            case AttachPolicy(document=document):
                (made,) = json.loads(document)["Statement"]
                texts |= {made["Action"], made["Resource"]}
            case AddAction(_, text) | AddResource(_, text) | AddPrincipal(_, text):
                texts.add(text)
            case _:
                pass
    return texts


@settings(max_examples=75, deadline=None)
@given(REQUESTS, FACTS, st.sampled_from(["kms:Encrypt", "kms:Decrypt", "kms:Sign"]))
def test_an_added_allow_allows_nothing_else(request: Request, facts: Facts, other_action: str) -> None:
    """With only additions, another action or another resource is as it was."""
    found = remedies(request, facts)
    if other_action == request.action or not isinstance(found, Offered):
        return
    others = (
        replace(request, action=other_action),
        replace(request, resource=KEY.replace("1234abcd", "ffffffff")),
    )
    additions = (AddStatement, AttachPolicy, AddAction, AddResource, AddPrincipal, CreateGrant)
    for remedy in found.remedies:
        if all(isinstance(edit, additions) for edit in remedy.edits):
            event("an addition")
            action, resource = others
            for other in (action,) if _on_the_key(remedy) else (action, resource):
                before = authorize(other, facts)
                assert isinstance(authorize(other, remedy.facts), Allowed) is isinstance(before, Allowed)


def _on_the_key(remedy: Remedy) -> bool:
    """Whether it changes what belongs to the one key: its policy or its grants, which no other key has."""
    return isinstance(remedy.edits[-1], CreateGrant) or any(
        edited.place.layer is Layer.RESOURCE for edited in remedy.policies
    )
