"""The cases recorded on AWS (`vectors/policy`, see its README)."""

import json
from pathlib import Path

import pytest
from policy_cases import Case, compiled, make_caller, read_cases, request_and_facts

from keystead.policy import (
    Allowed,
    Decision,
    ExplicitlyDenied,
    ImplicitlyDenied,
    Layer,
    Malformed,
    PolicyKind,
    Request,
    Statement,
    authorize,
    explain,
    parse_policy,
    sentence,
)

CASES = read_cases()

LAYERS = {
    "identity": Layer.IDENTITY,
    "session": Layer.SESSION,
    "boundary": Layer.BOUNDARY,
    "resource": Layer.RESOURCE,
    "scp": Layer.SCP,
    "rcp": Layer.RCP,
}
STORES = {
    "iam-identity-policy": PolicyKind.IDENTITY,
    "sts-session-policy": PolicyKind.SESSION,
    "organizations-rcp": PolicyKind.RCP,
}
SIMULATOR = "simulator"
"""The topic of cases that are for the simulator alone; `test_simulator_vectors` runs them."""

NOT_ASSERTED = {
    "missing_context_keys": "what the simulator reports beside its decision; `test_simulator_vectors` does",
    "stored_version": "what a store makes of a missing Version; a store's business",
}


def chosen(*kinds: str) -> list[Case]:
    return [case for case in CASES if case.kind in kinds and case.topic != SIMULATOR]


def reason(decision: Decision) -> tuple[str, Layer | None]:
    match decision:
        case Allowed():
            return "allow", None
        case ExplicitlyDenied(by):
            return "explicit", by.layer
        case ImplicitlyDenied(layer):
            return "implicit", layer


@pytest.mark.parametrize("case", chosen("authorize", "simulate"), ids=lambda case: case.id)
def test_decision(case: Case) -> None:
    request, facts = request_and_facts(case)
    decision = authorize(request, facts)
    how, layer = reason(decision)
    expect = case.expect
    assert ("allow" if how == "allow" else "deny") == expect["decision"], decision
    if "reason" in expect:
        assert how == expect["reason"]
    if "layer" in expect:
        assert layer == LAYERS[expect["layer"]]
    if "message" in expect:
        assert sentence(request, decision) == expect["message"]


@pytest.mark.parametrize("case", chosen("authorize", "simulate"), ids=lambda case: case.id)
def test_the_trace_agrees(case: Case) -> None:
    request, facts = request_and_facts(case)
    assert explain(request, facts).decision == authorize(request, facts)


@pytest.mark.parametrize("case", chosen("message"), ids=lambda case: case.id)
def test_message(case: Case) -> None:
    data, expect = case.data, case.expect
    arn, resource = data["principal"]["arn"], data["resource"]["arn"]
    kind = "assumed-role" if ":sts:" in arn else "user"
    caller = make_caller({"type": kind, "arn": arn, "account": arn.split(":")[4]})
    owner = resource.split(":")[4]
    assert data["cross_account"] is (owner != caller.account)
    request = Request(caller, data["action"], resource, owner, ":key/" in resource, True, {})
    layer = LAYERS[expect["layer"]]
    by = Statement(layer, "policy", data.get("policy_arn", ""), 0, "")
    decision = ExplicitlyDenied(by) if expect["reason"] == "explicit" else ImplicitlyDenied(layer)
    assert sentence(request, decision) == expect["message"]


@pytest.mark.parametrize("case", chosen("validate"), ids=lambda case: case.id)
def test_validation(case: Case) -> None:
    parsed = parse_policy(json.dumps(case.data["document"]), STORES[case.data["store"]])
    assert isinstance(parsed, Malformed) is not case.expect["accepted"], parsed
    if isinstance(parsed, Malformed) and "message" in case.expect:
        assert parsed.findings[0].message == case.expect["message"]


def test_all_cases_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    here = chosen("authorize", "simulate", "message", "validate")
    by_simulator = [case for case in CASES if case.kind == "simulate"]
    assert {case.id for case in here} | {case.id for case in by_simulator} == {case.id for case in CASES}
    with capsys.disabled():
        print(
            f"\nvectors/policy: {len(CASES)} cases, all run: {len(here)} as live requests, "
            f"{len(by_simulator)} by the simulator"
        )


def test_the_loader_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no cases"):
        read_cases(tmp_path)


def test_the_loader_refuses_an_unknown_member(tmp_path: Path) -> None:
    case = {**CASES[0].data, "surprise": 1}
    file = {"topic": "t", "description": "d", "cases": [case]}
    (tmp_path / "t.json").write_text(json.dumps(file))
    with pytest.raises(ValueError, match="surprise"):
        read_cases(tmp_path)


def test_compiled_refuses_what_is_malformed() -> None:
    with pytest.raises(ValueError):
        compiled("{", PolicyKind.KEY)
