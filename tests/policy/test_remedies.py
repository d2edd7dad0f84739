"""Suggestions: each of them works, whatever the facts, and is no wider than the request."""

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from policy_cases import Case, compiled, read_cases, request_and_facts
from scenes import (
    ALLOWS,
    CALLERS,
    DELEGATES,
    FEDERATED,
    FEDERATED_ARN,
    FOREIGN,
    FOREIGN_ARN,
    KEY,
    OTHER_ARN,
    ROLE_ARN,
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
    ask,
    grant,
    key_policy,
    policy,
    statement,
    to,
)
from test_laws import FACTS, IDENTITY_STATEMENTS, REQUESTS

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
from keystead.policy.authorize import consulted
from keystead.policy.calling import make_request
from keystead.policy.explanation.edit import (
    AddAction,
    AddPrincipal,
    AddResource,
    AddStatement,
    AttachPolicy,
    ChangeEncryptionContext,
    CreateGrant,
    DetachPolicy,
    Edit,
    NarrowDeny,
    RemoveDeny,
    ReplaceDeny,
)
from keystead.policy.explanation.remedy import (
    MAX_REMEDIES,
    NoneExists,
    NoneFound,
    NothingDenied,
    Offered,
    Remedy,
)
from keystead.policy.explanation.rule import NotAcrossAccounts, NotRetirer
from keystead.policy.explanation.words import edit_in_words
from keystead.policy.language.defaults import RCP_FULL_AWS_ACCESS

CASES = [case for case in read_cases() if case.kind == "authorize"]
DENIED = [case for case in CASES if case.expect["decision"] == "deny"]


def rebuilt(request: Request, facts: Facts) -> Facts:
    """The facts made anew from the texts of their policies, so that nothing compiled is taken on trust."""

    def again(attached: AttachedPolicy) -> AttachedPolicy:
        if attached.policy is RCP_FULL_AWS_ACCESS:
            return attached
        return replace(attached, policy=compiled(attached.policy.text, attached.policy.kind))

    def each(policies: tuple[AttachedPolicy, ...]) -> tuple[AttachedPolicy, ...]:
        return tuple(again(attached) for attached in policies)

    def lone(attached: AttachedPolicy | None) -> AttachedPolicy | None:
        return None if attached is None else again(attached)

    return Facts(
        key_policy=lone(facts.key_policy),
        resource_policy=lone(facts.resource_policy),
        identity=each(facts.identity),
        boundary=lone(facts.boundary),
        session=None if facts.session is None else each(facts.session),
        scps=None if facts.scps is None else tuple(each(level) for level in facts.scps),
        rcps=None if facts.rcps is None else tuple(each(level) for level in facts.rcps),
        endpoint=lone(facts.endpoint),
        grants=facts.grants,
    )


def assert_works(remedy: Remedy, request: Request, facts: Facts) -> None:
    """The remedy's documents, put into the old facts by hand, allow the request."""
    assert isinstance(authorize(remedy.request, rebuilt(remedy.request, remedy.facts)), Allowed)
    assert remedy.edits
    assert remedy.size > 0
    assert all(edit_in_words(edit).endswith(".") for edit in remedy.edits)
    # What is rendered is what was verified.
    held = {
        (layer, level, position): attached.policy.text
        for layer, levels in consulted(remedy.request, remedy.facts).items()
        for level, policies in enumerate(levels)
        for position, attached in enumerate(policies)
    }
    for edited in remedy.policies:
        place = edited.place
        assert held[place.layer, place.level, place.position] == edited.document
        json.loads(edited.document)
    # Nothing but what the edits say was changed.
    kinds = {type(edit) for edit in remedy.edits}
    if CreateGrant not in kinds:
        assert remedy.facts.grants == facts.grants
    if ChangeEncryptionContext not in kinds:
        assert remedy.request is request


def offered(request: Request, facts: Facts) -> tuple[Remedy, ...]:
    found = remedies(request, facts)
    assert isinstance(found, Offered), found
    for remedy in found.remedies:
        assert_works(remedy, request, facts)
    return found.remedies


def edits(request: Request, facts: Facts) -> list[tuple[Edit, ...]]:
    return [remedy.edits for remedy in offered(request, facts)]


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


def test_an_identity_policy_is_added_where_it_is_missing() -> None:
    facts = Facts(key_policy=key_policy(DELEGATES))
    kinds = [type(each[0]) for each in edits(ask(USER), facts)]
    assert kinds == [CreateGrant, AttachPolicy, AddStatement]
    attached = next(each[0] for each in edits(ask(USER), facts) if isinstance(each[0], AttachPolicy))
    assert attached.layer is Layer.IDENTITY
    assert json.loads(attached.document)["Statement"] == [
        {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": KEY}
    ]


def test_an_action_is_added_to_a_statement_about_nothing_else() -> None:
    exact = (policy(PolicyKind.IDENTITY, statement(Action="kms:Decrypt", Resource=KEY)),)
    first, *_ = edits(ask(USER), Facts(key_policy=key_policy(DELEGATES), identity=exact))
    assert isinstance(first[0], AddAction)
    wide = (policy(PolicyKind.IDENTITY, statement(Action="kms:Decrypt", Resource="*")),)
    others = edits(ask(USER), Facts(key_policy=key_policy(DELEGATES), identity=wide))
    assert not any(isinstance(edit, AddAction) for each in others for edit in each)


def test_a_resource_is_added_to_a_statement_about_nothing_else() -> None:
    exact = (policy(PolicyKind.IDENTITY, statement(Action="kms:encrypt", Resource=KEY[:-1] + "1")),)
    first, *_ = edits(ask(USER), Facts(key_policy=key_policy(DELEGATES), identity=exact))
    assert isinstance(first[0], AddResource)


def test_a_principal_is_added_to_a_statement_about_nothing_else() -> None:
    first, *_ = edits(ask(SESSION), Facts(key_policy=key_policy(to(OTHER_ARN, Action="kms:Encrypt"))))
    assert isinstance(first[0], AddPrincipal)
    assert first[0].principal == ROLE_ARN
    others = edits(ask(SESSION), Facts(key_policy=key_policy(to(OTHER_ARN, Action="kms:*"))))
    assert not any(isinstance(edit, AddPrincipal) for each in others for edit in each)


def test_delegation_is_restored_for_the_action_alone() -> None:
    facts = Facts(key_policy=key_policy(to(OTHER_ARN)), identity=ALLOWS)
    added = [
        json.loads(each[0].statement) for each in edits(ask(USER), facts) if isinstance(each[0], AddStatement)
    ]
    assert added == [
        {"Effect": "Allow", "Principal": {"AWS": name}, "Action": "kms:Encrypt", "Resource": "*"}
        for name in (USER_ARN, ROOT_A)
    ]
    partly = Facts(key_policy=key_policy(to(ROOT_A, Action="kms:Decrypt")), identity=ALLOWS)
    first, *_ = edits(ask(USER), partly)
    assert isinstance(first[0], AddAction)


def test_two_silent_layers_are_one_suggestion() -> None:
    facts = Facts(key_policy=key_policy(DELEGATES), identity=SILENT, boundary=SILENT_BOUNDARY)
    found = offered(ask(USER, "kms:PutKeyPolicy"), facts)
    layers = [
        [edit.place.layer for edit in remedy.edits if isinstance(edit, AddStatement)] for remedy in found
    ]
    assert layers == [[Layer.BOUNDARY, Layer.IDENTITY], [Layer.BOUNDARY, Layer.RESOURCE]]
    assert len(found[0].policies) == 2


def test_a_ceiling_is_never_gone_around() -> None:
    facts = Facts(key_policy=key_policy(to(ROLE_ARN)), session=SILENT_SESSION, boundary=SILENT_BOUNDARY)
    for each in edits(ask(SESSION), facts):
        assert {edit.place.layer for edit in each if isinstance(edit, AddStatement)} == {
            Layer.SESSION,
            Layer.BOUNDARY,
        }


def test_a_federated_user_is_told_to_pass_a_session_policy() -> None:
    facts = Facts(key_policy=key_policy(DELEGATES), identity=ALLOWS)
    ((attached,),) = edits(ask(FEDERATED), facts)
    assert isinstance(attached, AttachPolicy)
    assert attached.layer is Layer.SESSION


def test_every_level_is_opened() -> None:
    silent = (policy(PolicyKind.SCP, statement(Action="s3:*")),)
    facts = Facts(key_policy=key_policy(to(USER_ARN)), scps=(silent, (), silent))
    ((first, second, third),) = edits(ask(USER, context={"aws:principalarn": USER_ARN}), facts)
    assert isinstance(first, AddStatement)
    assert isinstance(second, AttachPolicy)
    assert isinstance(third, AddStatement)
    assert json.loads(first.statement)["Condition"] == {"StringEquals": {"aws:PrincipalArn": USER_ARN}}


def test_a_foreign_caller_needs_both_sides() -> None:
    facts = Facts(key_policy=key_policy(DELEGATES), identity=SILENT)
    for each in edits(ask(FOREIGN), facts):
        assert len(each) == 2
    named = [edit for each in edits(ask(FOREIGN), facts) for edit in each if isinstance(edit, AddStatement)]
    assert any(json.loads(edit.statement).get("Principal") == {"AWS": FOREIGN_ARN} for edit in named)


def test_an_encryption_context_is_asked_for() -> None:
    condition = {"StringEquals": {"kms:EncryptionContext:Team": "pay"}}
    facts = Facts(key_policy=key_policy(to(USER_ARN, Condition=condition)))
    first, *_ = offered(ask(USER, encryption_context={"stage": "x"}), facts)
    assert first.edits == (ChangeEncryptionContext((("Team", "pay"),), ()),)
    assert first.request.encryption_context == {"stage": "x", "Team": "pay"}
    assert dict(first.request.context) == {
        "kms:encryptioncontext:team": "pay",
        "kms:encryptioncontextkeys": ("stage", "Team"),
    }


def test_a_pair_that_is_denied_is_left_out() -> None:
    condition = {"StringEquals": {"kms:EncryptionContext:stage": "prod"}}
    facts = Facts(key_policy=key_policy(to(USER_ARN), to(USER_ARN, Effect="Deny", Condition=condition)))
    request = ask(
        USER,
        context={"kms:encryptioncontext:stage": "prod", "kms:encryptioncontextkeys": ("stage",)},
        encryption_context={"stage": "prod"},
    )
    first, *_ = edits(request, facts)
    assert first == (ChangeEncryptionContext((), ("stage",)),)


def test_the_encryption_context_of_a_grant_is_asked_for() -> None:
    held = grant(USER_ARN, "Encrypt", encryption_context_equals={"Team": "pay"})
    facts = Facts(key_policy=key_policy(to(OTHER_ARN)), grants=(held,))
    found = edits(ask(USER, encryption_context={"stage": "x"}), facts)
    assert (ChangeEncryptionContext((("Team", "pay"),), ("stage",)),) in found


def test_a_new_grant_keeps_the_encryption_context() -> None:
    facts = Facts(key_policy=key_policy(to(OTHER_ARN)))
    found = edits(ask(USER, encryption_context={"stage": "x"}), facts)
    (made,) = [each[0].grant for each in found if isinstance(each[0], CreateGrant)]
    assert (made.grantee, made.operations, made.encryption_context_equals) == (
        USER_ARN,
        frozenset({"Encrypt"}),
        {"stage": "x"},
    )


def test_no_grant_is_offered_where_its_constraint_could_not_be_kept() -> None:
    facts = Facts(key_policy=key_policy(to(OTHER_ARN)))
    found = edits(ask(USER, encryption_context={f"n{n}": "x" for n in range(9)}), facts)
    assert not any(isinstance(edit, CreateGrant) for each in found for edit in each)


def test_names_with_wildcards_are_not_put_into_policies() -> None:
    for resource in ("arn:aws:s3:::b/a*", "arn:aws:s3:::b/${aws:username}"):
        request = replace(ask(USER, "s3:GetObject"), resource=resource, on_key=False)
        same = (policy(PolicyKind.IDENTITY, statement(Action="s3:PutObject", Resource="arn:aws:s3:::b/a*")),)
        assert isinstance(remedies(request, Facts(identity=same)), NoneExists)


def test_a_condition_is_not_given_up_but_turned_to_the_request() -> None:
    condition = {"StringEquals": {"kms:ViaService": "s3"}, "Bool": {"aws:SecureTransport": "true"}}
    request = ask(USER, "kms:PutKeyPolicy", context={"kms:viaservice": "ebs", "aws:securetransport": "true"})
    ((added,),) = edits(request, Facts(key_policy=key_policy(to(USER_ARN, Condition=condition))))
    assert isinstance(added, AddStatement)
    assert json.loads(added.statement)["Condition"] == {
        "Bool": {"aws:SecureTransport": "true"},
        "StringEquals": {"kms:ViaService": "ebs"},
    }


# Exceptions to a Deny.

CALLED = {"aws:principalarn": USER_ARN}


def narrowed(deny: dict[str, Any], caller: Any = USER, **more: Any) -> list[dict[str, Any]] | None:
    """The statements in place of a Deny of the key policy; None if it is removed."""
    request = ask(caller, "kms:PutKeyPolicy", context=CALLED if caller is USER else None)
    facts = Facts(key_policy=key_policy(to(caller.arn), deny), **more)
    (edit,), *_ = edits(request, facts)
    if isinstance(edit, RemoveDeny):
        return None
    assert isinstance(edit, NarrowDeny)
    return [json.loads(each) for each in edit.statements]


def test_a_deny_of_all_spares_one_principal_and_action() -> None:
    deny = statement(Effect="Deny", Principal="*", Sid="no")
    left = narrowed(deny)
    assert left is not None
    excepted, rest = left
    assert excepted["Condition"] == {"StringNotEquals": {"aws:PrincipalArn": USER_ARN}}
    assert excepted["Sid"] == "no"
    assert rest["Condition"] == {"StringEquals": {"aws:PrincipalArn": USER_ARN}}
    assert rest["NotAction"] == "kms:PutKeyPolicy"
    assert "Sid" not in rest


def test_an_exception_that_is_there_is_widened() -> None:
    condition = {"ArnNotLike": {"aws:PrincipalArn": [OTHER_ARN]}}
    left = narrowed(statement(Effect="Deny", Principal="*", Action="kms:Put*", Condition=condition))
    assert left is not None
    assert [each["Condition"] for each in left] == [
        {"ArnNotLike": {"aws:PrincipalArn": [OTHER_ARN, USER_ARN]}}
    ]


def test_a_listed_principal_and_action_are_taken_out() -> None:
    deny = to(USER_ARN, OTHER_ARN, Effect="Deny", Action=["kms:PutKeyPolicy", "kms:Encrypt"])
    left = narrowed(deny)
    assert left is not None
    assert [(each["Principal"], each["Action"]) for each in left] == [
        ({"AWS": OTHER_ARN}, ["kms:PutKeyPolicy", "kms:Encrypt"]),
        ({"AWS": USER_ARN}, "kms:Encrypt"),
    ]


def test_a_deny_that_says_nothing_else_is_removed() -> None:
    assert narrowed(to(USER_ARN, Effect="Deny", Action="kms:PutKeyPolicy")) is None


def test_not_principal_gets_the_names_that_are_missing_if_the_account_is_there() -> None:
    deny = statement(Effect="Deny", Action="kms:Put*", NotPrincipal={"AWS": [ROOT_A]})
    left = narrowed(deny, SESSION, identity=ALLOWS)
    assert left is not None
    assert left[0]["NotPrincipal"] == {"AWS": [ROOT_A, ROLE_ARN, SESSION.arn]}


def test_an_identity_deny_is_cut_by_action_and_resource() -> None:
    denying = (policy(PolicyKind.IDENTITY, statement(), statement(Effect="Deny")),)
    ((edit,), *_) = edits(ask(USER), Facts(key_policy=key_policy(DELEGATES), identity=denying))
    assert isinstance(edit, NarrowDeny)
    assert [json.loads(each) for each in edit.statements] == [
        {"Effect": "Deny", "NotAction": "kms:Encrypt", "Resource": "*"},
        {"Effect": "Deny", "Action": "kms:Encrypt", "NotResource": KEY},
    ]


def test_a_policy_that_holds_the_deny_alone_is_detached() -> None:
    deny = policy(PolicyKind.IDENTITY, statement(Effect="Deny", Action="kms:Encrypt", Resource=KEY))
    ((edit,), *_) = edits(ask(USER), Facts(key_policy=key_policy(to(USER_ARN)), identity=(deny, *ALLOWS)))
    assert isinstance(edit, DetachPolicy)


def test_a_boundary_that_holds_the_deny_alone_allows_instead() -> None:
    boundary = policy(PolicyKind.BOUNDARY, statement(Effect="Deny", Action="kms:Encrypt", Resource=KEY))
    ((edit,), *_) = edits(ask(USER), Facts(key_policy=key_policy(to(USER_ARN)), boundary=boundary))
    assert isinstance(edit, ReplaceDeny)
    assert json.loads(edit.statement) == {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": KEY}


def test_equal_denies_are_removed_one_after_the_other() -> None:
    deny = to(USER_ARN, Effect="Deny", Action="kms:Encrypt")
    (each,) = edits(ask(USER), Facts(key_policy=key_policy(deny, deny, to(USER_ARN))))
    assert [type(edit) for edit in each] == [RemoveDeny, RemoveDeny]


def test_several_denies_are_answered_together() -> None:
    denying = statement(Effect="Deny", Action="kms:*")
    facts = Facts(
        key_policy=key_policy(DELEGATES, statement(Effect="Deny", Principal="*", Action="kms:*")),
        identity=(*ALLOWS, policy(PolicyKind.IDENTITY, denying, denying)),
    )
    (each,) = edits(ask(USER, context=CALLED), facts)
    assert len(each) == 3


# Where nothing helps.


def test_nothing_helps_across_accounts_where_the_operation_has_no_such_use() -> None:
    facts = Facts(key_policy=key_policy(to(FOREIGN_ARN)), identity=ALLOWS)
    found = remedies(ask(FOREIGN, "kms:ScheduleKeyDeletion", cross_account=False), facts)
    assert found == NoneExists(NotAcrossAccounts())


def test_nothing_helps_a_stranger_to_retire_a_grant() -> None:
    request = ask(FOREIGN, "kms:RetireGrant", retires=grant(OTHER_ARN, "Encrypt"))
    assert remedies(request, Facts(identity=ALLOWS)) == NoneExists(NotRetirer())


def test_the_search_is_bounded() -> None:
    denies = [statement(Effect="Deny", Action="kms:Enc*") for _ in range(20)]
    facts = Facts(
        key_policy=key_policy(DELEGATES), identity=(policy(PolicyKind.IDENTITY, statement(), *denies),)
    )
    found = remedies(ask(USER), facts)
    assert isinstance(found, NoneFound | NoneExists)


def test_large_facts_are_answered_in_a_moment() -> None:
    many = [
        to(f"arn:aws:iam::{A}:user/u{n}", Action=["kms:Encrypt", "kms:Decrypt"], Sid=f"s{n}")
        for n in range(300)
    ]
    identity = tuple(
        policy(PolicyKind.IDENTITY, *[statement(Action=f"s3:Get{n}{m}") for m in range(100)])
        for n in range(5)
    )
    grants = tuple(grant(f"arn:aws:iam::{A}:user/u{n}", "Encrypt") for n in range(5000))
    facts = Facts(key_policy=key_policy(*many), identity=identity, boundary=SILENT_BOUNDARY, grants=grants)
    began = time.perf_counter()
    assert offered(ask(USER), facts)
    took = time.perf_counter() - began
    print(f"suggestions among 800 statements and 5,000 grants took {took:.2f} s")
    assert took < 5  # it takes a tenth of that; a busy test machine gets more
