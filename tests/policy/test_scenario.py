"""Requests and facts as JSON texts: what they mean, and where their faults are."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_cases import Case, read_cases, request_and_facts

from keystead.policy import Caller, CallerKind, Malformed, Scenario, authorize, read_scenario
from keystead.policy.calling import ACROSS_ACCOUNTS
from keystead.policy.scenario import FULL_ACCESS, read_grants

CASES = [case for case in read_cases() if case.kind == "authorize"]
A, B = "111111111111", "222222222222"
ALICE = f"arn:aws:iam::{A}:user/team/alice"
KEY = f"arn:aws:kms:us-east-1:{A}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE, SESSIONS = f"arn:aws:iam::{A}:role/r", f"arn:aws:sts::{A}:assumed-role"
PLAIN: dict[str, Any] = {
    "principal": {"type": "user", "arn": ALICE},
    "action": "kms:Encrypt",
    "resource": KEY,
    "policies": {},
}


def read(**members: Any) -> Scenario:
    scenario = read_scenario(json.dumps(PLAIN | members))
    assert isinstance(scenario, Scenario), scenario
    return scenario


def fault(text: str) -> tuple[str, str]:
    """Path and message of the first finding."""
    found = read_scenario(text)
    assert isinstance(found, Malformed)
    return found.findings[0].path, found.findings[0].message


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_recorded_case_is_a_scenario(case: Case) -> None:
    """Read by other code than the tests' loader, it means the same."""
    scenario = read_scenario(json.dumps(case.data))
    assert isinstance(scenario, Scenario), scenario
    request, facts = request_and_facts(case)
    assert authorize(scenario.request, scenario.facts) == authorize(request, facts)
    assert scenario.request.caller == request.caller
    assert scenario.facts.grants == facts.grants
    assert (scenario.request.creates, scenario.request.retires) == (request.creates, request.retires)
    assert {key: scenario.request.context.get(key) for key in request.context} == dict(request.context)


def test_what_follows_from_the_names_is_filled_in() -> None:
    request = read(encryption_context={"Team": "pay"}).request
    assert request.caller == Caller(CallerKind.USER, ALICE, A, "")
    assert (request.owner, request.on_key, request.cross_account) == (A, True, True)
    assert request.context == {
        "aws:principaltype": "User",
        "aws:principalisawsservice": "false",
        "aws:resourceaccount": A,
        "aws:principalarn": ALICE,
        "aws:principalaccount": A,
        "aws:username": "alice",
        "kms:calleraccount": A,
        "kms:encryptioncontext:team": "pay",
        "kms:encryptioncontextkeys": ("Team",),
    }


def test_what_is_given_wins_and_null_is_absent() -> None:
    context = read(
        context={"AWS:PrincipalArn": None, "kms:CallerAccount": B, "aws:TagKeys": ["a"]}
    ).request.context
    assert "aws:principalarn" not in context
    assert (context["kms:calleraccount"], context["aws:tagkeys"]) == (B, ("a",))


def test_operations_have_an_empty_encryption_context_or_none() -> None:
    assert read().request.encryption_context == {}
    assert read(action="kms:DescribeKey").request.encryption_context is None


def test_use_across_accounts_follows_from_the_action_unless_told() -> None:
    assert not read(action="kms:ScheduleKeyDeletion").request.cross_account
    assert read(action="kms:ScheduleKeyDeletion", cross_account=True).request.cross_account
    assert read(action="s3:GetObject").request.cross_account
    assert {"ReEncryptFrom", "ReEncryptTo", "RetireGrant"} <= ACROSS_ACCOUNTS


def test_full_access_is_part_of_every_level_of_rcps() -> None:
    deny = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}
    named = {
        "name": "no",
        "arn": "arn:aws:organizations::1:policy/o-1/resource_control_policy/p-1",
        "document": deny,
    }
    facts = read(policies={"rcp": [[], [named]]}).facts
    assert facts.rcps is not None
    assert facts.rcps[0] == (FULL_ACCESS,)
    assert [each.name for each in facts.rcps[1]] == ["RCPFullAWSAccess", "no"]


def test_the_grant_to_retire_is_named_or_the_first() -> None:
    grants = [
        {"id": name, "grantee_principal": ALICE, "operations": ["Encrypt"], "issuing_account": A}
        for name in "xy"
    ]
    retire = {"action": "kms:RetireGrant", "grants": grants}
    first, second = read(**retire).request.retires, read(**retire, request={"GrantId": "y"}).request.retires
    assert first is not None
    assert second is not None
    assert (first.grant_id, second.grant_id) == ("x", "y")
    path, message = fault(json.dumps(PLAIN | retire | {"request": {"GrantId": "z"}}))
    assert (path, message) == ("request.GrantId", "there is no grant with this id")


@pytest.mark.parametrize(
    ("members", "path", "message"),
    [
        ({"surprise": 1}, "", "unknown member `surprise`"),
        ({"principal": {"arn": ALICE}}, "principal", "the member `type` is missing"),
        ({"principal": {"type": "group", "arn": ALICE}}, "principal.type", "the type is none of"),
        ({"principal": {"type": "user", "arn": 1}}, "principal.arn", "a string is expected"),
        ({"principal": {"type": "user", "arn": "ana"}}, "principal.arn", "an ARN is arn:aws:"),
        ({"principal": {"type": "user", "arn": ALICE.replace(A, "1")}}, "principal.arn", "twelve digits"),
        (
            {"principal": {"type": "user", "arn": f"{ALICE}!"}},
            "principal.arn",
            "1 to 128 letters, digits and",
        ),
        ({"principal": {"type": "root", "arn": ALICE}}, "principal.arn", "not that of a caller of type root"),
        ({"principal": {"type": "service", "arn": "logs"}}, "principal.arn", "an ARN is arn:aws:"),
        (
            {"principal": {"type": "assumed-role", "arn": ROLE}},
            "principal.arn",
            "a role calls by its sessions",
        ),
        (
            {"principal": {"type": "assumed-role", "arn": f"{SESSIONS}/r/s"}},
            "principal.arn",
            "the name of a session has 2 to 64 letters, digits and _+=,.@-",
        ),
        (
            {"principal": {"type": "assumed-role", "arn": f"{SESSIONS}/r/run", "role_arn": f"{ROLE}2"}},
            "principal.role_arn",
            "has the name in the session's ARN",
        ),
        ({"action": None}, "action", "a string is expected"),
        ({"resource": {"arn": KEY, "acount": A}}, "resource", "unknown member `acount`"),
        ({"context": {"a:b": 1}}, "context.a:b", "a string is expected"),
        ({"context": {"a:b": "1", "A:B": "2"}}, "context.A:B", "the key stands twice"),
        ({"context": {"a:b": {"multi": False, "values": []}}}, "context.a:b.values", "has one value"),
        ({"context": []}, "context", "an object is expected"),
        ({"cross_account": "yes"}, "cross_account", "true or false is expected"),
        ({"encryption_context": {"a": 1}}, "encryption_context.a", "a string is expected"),
        ({"grants": {}}, "grants", "an array is expected"),
        ({"grants": [{}]}, "grants[0]", "the member `grantee_principal` is missing"),
        ({"policies": {"boundary": []}}, "policies.boundary", "there is one boundary or none"),
        ({"policies": {"scp": {}}}, "policies.scp", "an array is expected"),
        ({"policies": {"key_policy": {}}}, "policies.key_policy", "the policy has no statement"),
        ({"policies": {"identity": [{"document": {}, "sid": ""}]}}, "policies.identity[0]", "unknown member"),
    ],
)
def test_faults(members: dict[str, Any], path: str, message: str) -> None:
    where, said = fault(json.dumps(PLAIN | members))
    assert where == path
    assert message in said


def test_faults_of_a_policy_are_placed_in_the_whole_text() -> None:
    text = """{
  "principal": {"type": "user", "arn": "arn:aws:iam::111111111111:user/alice"},
  "action": "kms:Encrypt", "resource": "*",
  "policies": {"identity": [{"Statement": {"Effect": "No", "Action": "*", "Resource": "*"},
    "Version": "1"}]}}"""
    found = read_scenario(text)
    assert isinstance(found, Malformed)
    assert [(each.line, each.column, each.path) for each in found.findings] == [
        (5, 15, "policies.identity[0].Version"),
        (4, 53, "policies.identity[0].Statement.Effect"),
    ]


def test_json_faults() -> None:
    assert fault("{")[1].startswith("the text is not valid JSON")
    assert fault('{"a": {"b": 1, "b": 2}}')[1] == "`b` stands twice in one object"
    assert fault("[]") == ("", "an object is expected")
    assert isinstance(read_grants("{}"), Malformed)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=50) | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps))
def test_any_text_is_a_scenario_or_malformed(text: str) -> None:
    assert isinstance(read_scenario(text), Scenario | Malformed)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted([*PLAIN, "grants", "request", "context", "encryption_context"])),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "type",
                        "arn",
                        "values",
                        "multi",
                        "identity",
                        "rcp",
                        "policies",
                        "document",
                        "constraints",
                    ]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=8,
    ),
)
def test_any_member_is_read_or_refused(name: str, value: object) -> None:
    assert isinstance(read_scenario(json.dumps(PLAIN | {name: value})), Scenario | Malformed)
