"""The simulator's recorded answers (`vectors/policy`, kind `simulate`).

Those that hold for live requests too are run against `authorize` as well, by `test_policy_vectors`.
"""

from dataclasses import replace

import pytest
from policy_cases import Case, make_facts, members, read_cases, request_and_facts

from keystead.policy import Allowed, authorize
from keystead.policy.simulate import (
    ContextEntry,
    EvalDecision,
    EvaluationResult,
    Simulation,
    Simulator,
    caller_of,
    check_actions,
    check_resources,
    owner_of,
    read_context,
)

CASES = [case for case in read_cases() if case.kind == "simulate"]
DECISIONS = {
    ("allow", None): {EvalDecision.ALLOWED},
    ("deny", "explicit"): {EvalDecision.EXPLICIT_DENY},
    ("deny", "implicit"): {EvalDecision.IMPLICIT_DENY},
    ("deny", None): {EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY},
}
TYPES = {"arn": "string"}
"""The simulator has no type for ARNs."""


def simulation(case: Case) -> Simulation:
    data = case.data
    facts = make_facts(data["policies"], (), case.id)
    caller = None if data["principal"] is None else caller_of(data["principal"]["arn"])
    owner = data["resource"].get("account")
    return Simulation(
        identity=tuple(
            replace(each, name=f"PolicyInputList.{number}") for number, each in enumerate(facts.identity, 1)
        ),
        boundary=facts.boundary,
        scps=facts.scps,
        resource_policy=facts.resource_policy,
        key_policy=facts.key_policy,
        caller=caller,
        owner="" if owner is None else owner_of(f"arn:aws:iam::{owner}:root"),
        context=read_context(entry(name, given) for name, given in data["context"].items()),
    )


def entry(name: str, given: dict[str, object]) -> ContextEntry:
    members(given, {"type", "multi", "values"}, set(), name)
    base = TYPES.get(str(given["type"]), str(given["type"]))
    values = given["values"]
    assert isinstance(values, list)
    return ContextEntry.parse(name, base + "List" if given["multi"] else base, values)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_simulator_answers_as_recorded(case: Case) -> None:
    action, resource = case.data["action"], case.data["resource"]["arn"]
    check_actions([action])
    check_resources([resource])
    result = Simulator(simulation(case)).simulate(action, [resource])
    expect = case.expect
    assert result.eval_decision in DECISIONS[expect["decision"], expect.get("reason")], result
    if "missing_context_keys" in expect:
        assert list(result.missing_context_values) == expect["missing_context_keys"]
    if "layer" in expect:
        assert layer_of(result) == expect["layer"]


def layer_of(refused: EvaluationResult) -> str:
    """The layer to which the members of AWS's answer lay a refusal."""
    if refused.allowed_by_organizations is False:
        return "scp"
    return "boundary" if refused.allowed_by_permissions_boundary is False else "identity"


def test_these_cases_a_live_request_decides_otherwise() -> None:
    """Of the cases that are for the simulator alone; all others hold for both."""
    differing = set()
    for case in CASES:
        live = "allow" if isinstance(authorize(*request_and_facts(case)), Allowed) else "deny"
        if live != case.expect["decision"]:
            differing.add(case.id)
    assert differing == {
        "simulator/values/NumericNotEquals",
        "simulator/same-account/account/boundary-implicit",
        "simulator/default-context/username",
    }
