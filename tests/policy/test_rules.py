"""The rule behind each decision and what came nearest: the specification's rows and traps."""

from typing import Any

import pytest
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
from traces import trace_of, verdict

from keystead.policy import (
    Caller,
    Facts,
    Layer,
    PolicyKind,
    Strength,
    explain,
    nearest_miss,
)
from keystead.policy.explanation.comparison import (
    ActionComparison,
    ConditionComparison,
    ConditionUndecided,
    Excepted,
    Held,
    Listed,
    PrincipalComparison,
    ResourceComparison,
    Unstated,
)
from keystead.policy.explanation.grant_comparison import (
    NothingToCreate,
    NotNarrower,
    RetirerMismatch,
)
from keystead.policy.explanation.nearest import DenyHit, NearestGrant, NearestStatement
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
    Trace,
    Unmatched,
)
from keystead.policy.language.statement import Effect

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
