"""Which suggestions are made for which refusal."""

import json
import time
from dataclasses import replace
from typing import Any

from remedy_checks import edits, offered
from scenes import (
    ALLOWS,
    DELEGATES,
    FEDERATED,
    FOREIGN,
    FOREIGN_ARN,
    KEY,
    OTHER_ARN,
    ROLE_ARN,
    ROOT_A,
    SESSION,
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

from keystead.policy import (
    Facts,
    Layer,
    PolicyKind,
    remedies,
)
from keystead.policy.explanation.edit import (
    AddAction,
    AddPrincipal,
    AddResource,
    AddStatement,
    AttachPolicy,
    ChangeEncryptionContext,
    CreateGrant,
    DetachPolicy,
    NarrowDeny,
    RemoveDeny,
    ReplaceDeny,
)
from keystead.policy.explanation.remedy import (
    NoneExists,
    NoneFound,
)
from keystead.policy.explanation.rule import NotAcrossAccounts, NotRetirer


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


def test_null_asks_for_no_value() -> None:
    def context(wanted: str, given: dict[str, str]) -> list[ChangeEncryptionContext]:
        condition = {"Null": {"kms:EncryptionContext:team": wanted}}
        facts = Facts(key_policy=key_policy(to(USER_ARN, Condition=condition)))
        held: dict[str, Any] = {f"kms:encryptioncontext:{name}": value for name, value in given.items()}
        found = edits(ask(USER, context=held, encryption_context=given), facts)
        return [edit for each in found for edit in each if isinstance(edit, ChangeEncryptionContext)]

    assert context("true", {"team": "pay"}) == [ChangeEncryptionContext((), ("team",))]
    assert context("false", {}) == []


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
        for n in range(200)
    ]
    identity = tuple(
        policy(PolicyKind.IDENTITY, *[statement(Action=f"s3:Get{n}{m}") for m in range(100)])
        for n in range(5)
    )
    grants = tuple(grant(f"arn:aws:iam::{A}:user/u{n}", "Encrypt") for n in range(5000))
    facts = Facts(key_policy=key_policy(*many), identity=identity, boundary=SILENT_BOUNDARY, grants=grants)
    began = time.process_time()
    assert offered(ask(USER), facts)
    took = time.process_time() - began
    print(f"suggestions among 700 statements and 5,000 grants took {took:.2f} s")
    assert took < 5  # of processor time; it takes a tenth of that
