"""Who is limited by what: the worked rows and the table of strengths (`docs/policy.md`)."""

from typing import Any

import pytest
from scenes import (
    ALIAS,
    ALLOWS,
    DELEGATES,
    DENIES,
    FEDERATED,
    FEDERATED_ARN,
    FOREIGN,
    FOREIGN_ARN,
    FOREIGN_ROOT,
    KEY,
    LINKED,
    OPEN_BOUNDARY,
    OPEN_SESSION,
    OTHER_ARN,
    ROLE_ARN,
    ROOT,
    ROOT_A,
    ROOT_B,
    SERVICE,
    SESSION,
    SESSION_ARN,
    SILENT,
    SILENT_BOUNDARY,
    SILENT_SESSION,
    USER,
    USER_ARN,
    A,
    ask,
    key_policy,
    policy,
    statement,
    to,
)

from keystead.policy import (
    RCP_FULL_AWS_ACCESS,
    Allowed,
    AttachedPolicy,
    Caller,
    Decision,
    ExplicitlyDenied,
    Facts,
    ImplicitlyDenied,
    Layer,
    PolicyKind,
    authorize,
)


def outcome(decision: Decision) -> str:
    match decision:
        case Allowed():
            return "allowed"
        case ExplicitlyDenied():
            return "explicit"
        case ImplicitlyDenied(_, True):
            return "hidden"
        case ImplicitlyDenied(layer):
            return layer.name.lower()


EVERYONE_IF_ROLE = statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalArn": ROLE_ARN}})
EVERYONE_IF_SESSION = statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalArn": SESSION_ARN}})
SCP_DENIES = ((policy(PolicyKind.SCP, statement(Effect="Deny")),),)
LISTED = statement(Effect="Deny", NotPrincipal={"AWS": [USER_ARN, ROOT_A]})
AS_ROLE = {"aws:principalarn": ROLE_ARN}

# Number, caller, key policy, other facts, outcome.
ROWS: list[tuple[int, Caller, list[dict[str, Any]], dict[str, Any], str]] = [
    (1, USER, [DELEGATES], {"identity": ALLOWS}, "allowed"),
    (2, USER, [DELEGATES], {"identity": SILENT}, "identity"),
    (3, USER, [to(OTHER_ARN)], {"identity": ALLOWS}, "resource"),
    (4, USER, [to(USER_ARN)], {"identity": SILENT, "boundary": SILENT_BOUNDARY}, "allowed"),
    (5, USER, [to(USER_ARN)], {"identity": DENIES}, "explicit"),
    (6, SESSION, [to(ROLE_ARN)], {"identity": SILENT}, "allowed"),
    (7, SESSION, [to(ROLE_ARN)], {"identity": SILENT, "session": SILENT_SESSION}, "session"),
    (8, SESSION, [to(SESSION_ARN)], {"session": SILENT_SESSION, "boundary": SILENT_BOUNDARY}, "allowed"),
    (9, SESSION, [EVERYONE_IF_ROLE], {"boundary": SILENT_BOUNDARY}, "allowed"),
    (10, SESSION, [EVERYONE_IF_SESSION], {}, "resource"),
    (11, FOREIGN, [to(ROOT_B)], {"identity": ALLOWS}, "allowed"),
    (12, FOREIGN, [to(FOREIGN_ARN)], {"identity": SILENT}, "identity"),
    (14, ROOT, [DELEGATES], {}, "allowed"),
    (15, ROOT, [to(OTHER_ARN)], {}, "resource"),
    (16, FEDERATED, [DELEGATES], {"identity": ALLOWS}, "session"),
    (17, FEDERATED, [to(FEDERATED_ARN)], {}, "allowed"),
    (18, LINKED, [to(ROLE_ARN)], {"scps": SCP_DENIES}, "allowed"),
    (19, USER, [DELEGATES, LISTED], {"identity": ALLOWS, "boundary": OPEN_BOUNDARY}, "explicit"),
    (20, USER, [to(USER_ARN, Resource=None)], {"identity": SILENT}, "resource"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row[0]))
def test_worked_row(row: tuple[int, Caller, list[dict[str, Any]], dict[str, Any], str]) -> None:
    _, caller, statements, more, expected = row
    facts = Facts(key_policy=key_policy(*statements), **more)
    assert outcome(authorize(ask(caller, context=AS_ROLE), facts)) == expected


def test_worked_row_13_an_operation_that_cannot_cross_accounts() -> None:
    facts = Facts(key_policy=key_policy(to(FOREIGN_ARN, Action="kms:*")), identity=ALLOWS)
    request = ask(FOREIGN, "kms:ScheduleKeyDeletion", cross_account=False)
    assert outcome(authorize(request, facts)) == "hidden"


def test_not_principal_spares_whom_it_lists_in_full() -> None:
    def decide(caller: Caller, *names: str) -> str:
        deny = statement(Effect="Deny", NotPrincipal={"AWS": list(names)})
        return outcome(authorize(ask(caller), Facts(key_policy=key_policy(DELEGATES, deny), identity=ALLOWS)))

    assert decide(USER, USER_ARN, ROOT_A) == "allowed"
    assert decide(USER, USER_ARN, A) == "allowed"
    assert decide(USER, USER_ARN) == "explicit"
    assert decide(USER, ROOT_A) == "explicit"
    assert decide(SESSION, SESSION_ARN, ROLE_ARN, ROOT_A) == "allowed"
    assert decide(SESSION, ROLE_ARN, ROOT_A) == "explicit"
    assert decide(SESSION, SESSION_ARN, ROOT_A) == "explicit"
    assert decide(ROOT, ROOT_A) == "allowed"
    assert decide(USER, "*") == "allowed"


# What limits an Allow of the key policy in the same account: silent identity, boundary, session policy.
LIMITS = [
    (USER, USER_ARN, (False, False, False)),
    (SESSION, SESSION_ARN, (False, False, False)),
    (SESSION, "*", (False, False, False)),
    (FEDERATED, FEDERATED_ARN, (False, False, False)),
    (SESSION, ROLE_ARN, (False, True, True)),
    (FEDERATED, USER_ARN, (False, True, True)),
    (SESSION, ROOT_A, (True, True, True)),
    (USER, A, (True, True, True)),
]


@pytest.mark.parametrize(("caller", "named", "limited"), LIMITS)
def test_strengths(caller: Caller, named: str, limited: tuple[bool, bool, bool]) -> None:
    by_identity, by_boundary, by_session = limited
    policies = key_policy(to(named))
    open_facts = {"identity": ALLOWS, "boundary": OPEN_BOUNDARY, "session": OPEN_SESSION}

    def allowed(**changes: Any) -> bool:
        return isinstance(
            authorize(ask(caller), Facts(key_policy=policies, **(open_facts | changes))), Allowed
        )

    assert allowed()
    assert allowed(identity=SILENT) is not by_identity
    assert allowed(boundary=SILENT_BOUNDARY) is not by_boundary
    assert allowed(session=SILENT_SESSION) is not by_session
    assert not allowed(identity=DENIES)


def test_stored_unique_ids_bind_principals() -> None:
    def decide(caller: Caller, name: str) -> str:
        return outcome(authorize(ask(caller), Facts(key_policy=key_policy(to(name)), identity=SILENT)))

    assert decide(USER, "AIDAEXAMPLE0000USER") == "allowed"
    assert decide(SESSION, "AROAEXAMPLE0000ROLE") == "allowed"
    assert decide(SESSION, "AROAEXAMPLE0000ROLE:run") == "allowed"
    assert decide(SESSION, "AROAEXAMPLE0000ROLE:other") == "resource"
    assert decide(SESSION, "AROAEXAMPLE00000NEW") == "resource"
    assert decide(FEDERATED, "AIDAEXAMPLE0000USER") == "session"  # ROLE strength, and no session policy


def test_names_are_compared_with_case_and_path() -> None:
    def decide(name: str) -> str:
        return outcome(authorize(ask(SESSION), Facts(key_policy=key_policy(to(name)), identity=SILENT)))

    assert (
        decide(ROLE_ARN.upper().replace("ARN:AWS:IAM", "arn:aws:iam").replace("ROLE/", "role/")) == "resource"
    )
    assert decide(f"arn:aws:iam::{A}:role/r") == "resource"


def test_services_need_no_identity_policy_and_are_bound_by_rcps_alone() -> None:
    named = key_policy(statement(Principal={"Service": "logs.amazonaws.com"}))
    rcp = policy(PolicyKind.RCP, statement(Effect="Deny", Principal="*", Action="kms:*"))
    assert outcome(authorize(ask(SERVICE), Facts(key_policy=named, scps=SCP_DENIES))) == "allowed"
    assert outcome(authorize(ask(SERVICE), Facts(key_policy=named, rcps=((rcp,),)))) == "explicit"
    assert (
        outcome(authorize(ask(SERVICE), Facts(key_policy=key_policy(DELEGATES), identity=ALLOWS)))
        == "resource"
    )


def test_aliases_and_requests_without_resource_are_for_identity_policies() -> None:
    facts = Facts(identity=ALLOWS)
    assert outcome(authorize(ask(USER, "kms:ListKeys", resource="*"), facts)) == "allowed"
    assert outcome(authorize(ask(USER, "kms:CreateAlias", resource=ALIAS), facts)) == "allowed"
    assert outcome(authorize(ask(ROOT, "kms:ListKeys", resource="*"), Facts())) == "allowed"
    assert outcome(authorize(ask(FOREIGN, "kms:CreateAlias", resource=ALIAS), facts)) == "hidden"
    only_keys = (policy(PolicyKind.IDENTITY, statement(Resource=KEY)),)
    assert (
        outcome(authorize(ask(USER, "kms:ListKeys", resource="*"), Facts(identity=only_keys))) == "identity"
    )
    not_keys = (policy(PolicyKind.IDENTITY, statement(Resource=None, NotResource=KEY)),)
    assert outcome(authorize(ask(USER, "kms:ListKeys", resource="*"), Facts(identity=not_keys))) == "allowed"


def test_a_key_policy_speaks_of_its_own_key() -> None:
    def decide(resource: str) -> str:
        return outcome(authorize(ask(USER), Facts(key_policy=key_policy(to(USER_ARN, Resource=resource)))))

    assert decide(KEY) == "allowed"
    assert decide(KEY[:-1] + "c") == "resource"
    assert decide(ALIAS) == "resource"


def test_key_policies_do_not_see_keys_for_iam_policies() -> None:
    context = {"aws:resourcetag/team": "red", "kms:resourcealiases": ("alias/pay",)}
    tagged = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    in_key_policy = Facts(key_policy=key_policy(to(USER_ARN, Condition=tagged)))
    assert outcome(authorize(ask(USER, context=context), in_key_policy)) == "resource"
    identity = (policy(PolicyKind.IDENTITY, statement(Condition=tagged)),)
    in_identity = Facts(key_policy=key_policy(DELEGATES), identity=identity)
    assert outcome(authorize(ask(USER, context=context), in_identity)) == "allowed"
    variable = {"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}}
    facts = Facts(key_policy=key_policy(to(USER_ARN, Condition=variable)))
    assert (
        outcome(authorize(ask(USER, context=context | {"aws:principaltag/team": "red"}), facts)) == "resource"
    )


def test_every_level_of_the_organization_must_allow() -> None:
    full = policy(PolicyKind.SCP, statement())
    other = policy(PolicyKind.SCP, statement(Action="s3:*"))

    def decide(*levels: tuple[AttachedPolicy, ...], caller: Caller = USER) -> str:
        return outcome(
            authorize(ask(caller), Facts(key_policy=key_policy(to(USER_ARN, ROOT_A)), scps=levels))
        )

    assert decide((full,), (full, other)) == "allowed"
    assert decide((full,), (other,)) == "scp"
    assert decide((full,), ()) == "scp"
    assert decide((other,), caller=ROOT) == "scp"
    manager = Caller(ROOT.kind, ROOT.arn, ROOT.account, ROOT.unique_id, management=True)
    assert decide((other,), caller=manager) == "allowed"


def test_endpoint_policies_limit_everyone() -> None:
    closed = policy(PolicyKind.ENDPOINT, statement(Principal="*", Action="s3:*"))
    for caller in (USER, ROOT, LINKED):
        facts = Facts(key_policy=key_policy(statement(Principal="*")), endpoint=closed)
        assert outcome(authorize(ask(caller), facts)) == "endpoint"


def test_foreign_roots_need_no_identity_policy() -> None:
    facts = Facts(key_policy=key_policy(to(ROOT_B)))
    assert outcome(authorize(ask(FOREIGN_ROOT), facts)) == "allowed"


def test_a_foreign_caller_cannot_tell_a_missing_key_from_a_denying_one() -> None:
    denying = key_policy(statement(Effect="Deny", Principal="*"))
    rcps = ((AttachedPolicy(RCP_FULL_AWS_ACCESS, "full"),),)
    for identity in (ALLOWS, SILENT, DENIES):
        missing = authorize(ask(FOREIGN), Facts(identity=identity))
        silent = authorize(
            ask(FOREIGN), Facts(key_policy=key_policy(DELEGATES), identity=identity, rcps=rcps)
        )
        assert missing == silent
        denied = authorize(ask(FOREIGN), Facts(key_policy=denying, identity=identity))
        assert isinstance(denied, ExplicitlyDenied)  # worded as the others: see test_sentences.py
        assert denied.by.layer is Layer.RESOURCE


def test_trust_policies_decide_the_assumption_of_roles() -> None:
    def decide(caller: Caller, identity: tuple[AttachedPolicy, ...], *names: str) -> str:
        trust = policy(PolicyKind.TRUST, to(*names, Action="sts:AssumeRole", Resource=None))
        request = ask(caller, "sts:AssumeRole", resource=ROLE_ARN)
        return outcome(authorize(request, Facts(resource_policy=trust, identity=identity)))

    assert decide(USER, ALLOWS, ROOT_A) == "allowed"
    assert decide(USER, SILENT, ROOT_A) == "identity"
    assert decide(USER, SILENT, USER_ARN) == "allowed"
    assert decide(USER, ALLOWS, OTHER_ARN) == "resource"
    assert decide(FOREIGN, ALLOWS, ROOT_B) == "allowed"
    assert decide(FOREIGN, SILENT, ROOT_B) == "identity"
