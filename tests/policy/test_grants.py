"""Grants: constraints, narrowing, retirement."""

from typing import Any

import pytest
from scenes import (
    ALLOWS,
    CALLERS,
    DELEGATES,
    DENIES,
    FOREIGN,
    FOREIGN_ARN,
    KEY,
    OTHER_ARN,
    ROOT,
    ROOT_A,
    ROOT_B,
    SESSION,
    SILENT,
    SILENT_SESSION,
    USER,
    USER_ARN,
    A,
    B,
    ask,
    grant,
    key_policy,
    to,
)

from keystead.policy import Allowed, Caller, Facts, Grant, authorize
from keystead.policy.grants import narrower
from keystead.policy.strength import names_of, strength_of

KEY_POLICY = key_policy(DELEGATES)


def allows(request: Any, *grants: Grant, **more: Any) -> bool:
    facts = Facts(**({"key_policy": KEY_POLICY, "identity": SILENT, "grants": grants} | more))
    return isinstance(authorize(request, facts), Allowed)


def test_a_grant_needs_no_delegation_and_names_itself() -> None:
    facts = Facts(key_policy=key_policy(to(OTHER_ARN)), grants=(grant(USER_ARN, "Encrypt"),))
    assert authorize(ask(USER), facts) == Allowed("grant-1")


def test_a_grant_gives_way_to_a_deny() -> None:
    assert not allows(ask(USER), grant(USER_ARN, "Encrypt"), identity=DENIES)


def test_a_grant_covers_its_operations_alone() -> None:
    assert not allows(ask(USER, "kms:Decrypt"), grant(USER_ARN, "Encrypt"))
    assert not allows(ask(USER), grant(OTHER_ARN, "Encrypt"))
    assert allows(ask(USER, "kms:ReEncryptTo"), grant(USER_ARN, "ReEncryptTo"))


@pytest.mark.parametrize(
    ("constraint", "sent", "allowed"),
    [
        ({"key": "v"}, {"KEY": "v"}, True),
        ({"key": "v"}, {"key": "v", "KEY": "v"}, False),
        ({"key": "v", "KEY": "v"}, {"key": "v"}, False),
        ({"key": "v"}, {"\u212aey": "v"}, False),  # KELVIN SIGN, whose lower case is `k`
        ({"s\u00dcd": "v"}, {"S\u00dcD": "v"}, True),
    ],
)
def test_equals_takes_names_in_either_case_once_each(constraint: Any, sent: Any, allowed: bool) -> None:
    held = grant(USER_ARN, "Encrypt", encryption_context_equals=constraint)
    assert allows(ask(USER, encryption_context=sent), held) is allowed


def test_an_account_as_grantee_delegates() -> None:
    assert not allows(ask(USER), grant(ROOT_A, "Encrypt"))
    assert allows(ask(USER), grant(ROOT_A, "Encrypt"), identity=ALLOWS)


CONSTRAINED: list[tuple[dict[str, Any], dict[str, str] | None, bool]] = [
    ({"encryption_context_equals": {"a": "1"}}, {"a": "1"}, True),
    ({"encryption_context_equals": {"a": "1"}}, {"A": "1"}, True),  # names ignore case (flip: grants.py)
    ({"encryption_context_equals": {"a": "x"}}, {"a": "X"}, False),
    ({"encryption_context_equals": {"a": "1"}}, {"a": "1", "b": "2"}, False),
    ({"encryption_context_equals": {"a": "1"}}, {}, False),
    ({"encryption_context_subset": {"a": "1"}}, {"a": "1", "b": "2"}, True),
    ({"encryption_context_subset": {"a": "1"}}, {"b": "2"}, False),
    ({"encryption_context_subset": {"a": "1"}}, {}, False),
    ({"encryption_context_subset": {"a": "1"}}, None, True),  # an operation without encryption context
]


@pytest.mark.parametrize(("constraints", "context", "expected"), CONSTRAINED)
def test_constraints(constraints: dict[str, Any], context: dict[str, str] | None, expected: bool) -> None:
    request = ask(USER, encryption_context=context)
    assert allows(request, grant(USER_ARN, "Encrypt", **constraints)) is expected


def test_source_arn() -> None:
    bound = grant(USER_ARN, "Encrypt", source_arn="arn:aws:s3:::bucket")
    assert allows(ask(USER, context={"aws:sourcearn": "arn:aws:s3:::bucket"}), bound)
    assert not allows(ask(USER, context={"aws:sourcearn": "arn:aws:s3:::other"}), bound)
    assert not allows(ask(USER), bound)


def child(*operations: str, **constraints: Any) -> Grant:
    return grant(OTHER_ARN, *operations, **constraints)


SUBSET, EQUALS = {"encryption_context_subset": {"a": "1"}}, {"encryption_context_equals": {"a": "1"}}
WIDER = {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("parent", "made", "expected"),
    [
        ({}, child("Decrypt"), True),
        ({}, child("Decrypt", **EQUALS), True),
        ({}, child("Sign"), False),
        (SUBSET, child("Decrypt"), False),
        (SUBSET, child("Decrypt", **SUBSET), True),
        (SUBSET, child("Decrypt", encryption_context_subset=WIDER), True),
        (SUBSET, child("Decrypt", encryption_context_equals=WIDER), True),
        (SUBSET, child("Decrypt", encryption_context_equals={"b": "2"}), False),
        (EQUALS, child("Decrypt", **EQUALS), True),
        (EQUALS, child("Decrypt", **SUBSET), False),
        (EQUALS, child("Decrypt", encryption_context_equals=WIDER), False),
        ({"source_arn": "arn:aws:s3:::b"}, child("Decrypt"), False),
    ],
)
def test_a_grant_made_under_a_grant_is_no_wider(parent: dict[str, Any], made: Grant, expected: bool) -> None:
    held = grant(USER_ARN, "CreateGrant", "Decrypt", **parent)
    assert narrower(made, held) is expected
    if not held.source_arn:
        assert allows(ask(USER, "kms:CreateGrant", creates=made), held) is expected


def test_parents_do_not_add_up_and_the_child_must_be_known() -> None:
    first, second = grant(USER_ARN, "CreateGrant", "Decrypt"), grant(USER_ARN, "CreateGrant", "Encrypt")
    assert not allows(ask(USER, "kms:CreateGrant", creates=child("Decrypt", "Encrypt")), first, second)
    assert not allows(ask(USER, "kms:CreateGrant"), first)
    assert allows(ask(USER, "kms:CreateGrant", creates=child("Sign")), first, identity=ALLOWS)


def retires(caller: Caller, held: Grant, **more: Any) -> bool:
    return allows(ask(caller, "kms:RetireGrant", retires=held), held, **more)


def test_the_retiring_principal_retires() -> None:
    assert retires(USER, grant(OTHER_ARN, "Encrypt", retiring=USER_ARN))
    assert retires(USER, grant(USER_ARN, "Encrypt", "RetireGrant"))
    assert not retires(USER, grant(USER_ARN, "Encrypt"))
    role = grant(OTHER_ARN, "Encrypt", retiring="AROAEXAMPLE0000ROLE")
    assert retires(SESSION, role)
    assert not retires(SESSION, role, session=SILENT_SESSION)


def test_the_issuing_and_the_owning_account_retire_by_identity_policy() -> None:
    held = grant(OTHER_ARN, "Encrypt", issued_by=B)
    assert retires(USER, held, identity=ALLOWS)
    assert not retires(USER, held, identity=SILENT)
    assert retires(ROOT, held)
    assert retires(FOREIGN, held, identity=ALLOWS)
    assert not retires(FOREIGN, grant(OTHER_ARN, "Encrypt", issued_by=A), identity=ALLOWS)


def test_a_foreign_retirer_needs_its_own_policies_unless_its_account_issued() -> None:
    assert not retires(FOREIGN, grant(OTHER_ARN, "Encrypt", retiring=FOREIGN_ARN))
    assert retires(FOREIGN, grant(OTHER_ARN, "Encrypt", retiring=FOREIGN_ARN), identity=ALLOWS)
    assert retires(FOREIGN, grant(OTHER_ARN, "Encrypt", retiring=FOREIGN_ARN, issued_by=B))


def test_a_key_policy_cannot_allow_but_can_deny_retirement() -> None:
    held = grant(OTHER_ARN, "Encrypt", issued_by=B)
    assert not retires(USER, held, key_policy=key_policy(to(USER_ARN)))
    denying = key_policy(to(USER_ARN, Effect="Deny"))
    assert not retires(USER, grant(OTHER_ARN, "Encrypt", retiring=USER_ARN), key_policy=denying)


def test_retirement_without_a_grant_is_denied() -> None:
    assert not allows(ask(USER, "kms:RetireGrant"), identity=ALLOWS)
    assert not allows(ask(ROOT, "kms:RetireGrant", resource=KEY))


EVERY_NAME = sorted(
    {text for one in CALLERS for text in (one.arn, one.unique_id, one.account, one.role_arn, one.issuer_arn)}
    | {one.unique_id.partition(":")[0] for one in CALLERS}
    | {ROOT_A, ROOT_B, "", "*", "AROAEXAMPLE0000ROLE:other", f"arn:aws:sts::{A}:assumed-role/r/other"}
)


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.arn)
def test_the_names_of_a_caller_are_those_that_name_it(caller: Caller) -> None:
    """So that looking its grants up by these names finds all of them."""
    names = names_of(caller)
    assert set(names) == {text for text in EVERY_NAME if strength_of(text, caller) is not None}
    assert len(set(names)) == len(names)
    assert names
