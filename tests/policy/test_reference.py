"""The reference evaluator is held by the recordings, and the product by both."""

import pytest
from policy_cases import Case, read_cases
from reference import decide

CASES = [
    case for case in read_cases() if case.kind in ("authorize", "simulate") and case.topic != "simulator"
]


def test_there_are_recordings() -> None:
    assert len(CASES) > 530


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_reference_decides_as_recorded(case: Case) -> None:
    how, layer = decide(case.data)
    expect = case.expect
    assert ("allow" if how == "allow" else "deny") == expect["decision"]
    if "reason" in expect:
        assert how == expect["reason"]
    if "layer" in expect:
        assert layer == expect["layer"]
