"""No recorded case on sessions is left out in silence."""

from typing import Any

import pytest
from session_cases import (
    BOUNDARIES,
    CHAINS,
    GRANTS,
    NO_SQS,
    TAGGING,
    by_run,
    run_of,
    sorted_by_run,
)
from tests.policy.policy_cases import Case


def test_every_case_runs_or_has_a_reason() -> None:
    assert {run: len(cases) for run, cases in by_run().items()} == {
        TAGGING: 446,
        GRANTS: 25,
        BOUNDARIES: 19,
        CHAINS: 9,
        NO_SQS: 3,
    }


@pytest.mark.parametrize(
    "unknown",
    [{"surprise": 1}, {"policies": {"surprise": []}}, {"resource": {"arn": "*", "surprise": ""}}],
    ids=["case", "policies", "resource"],
)
def test_an_unknown_member_is_refused(unknown: dict[str, Any]) -> None:
    case = by_run()[GRANTS][0] | unknown
    with pytest.raises(ValueError, match="surprise"):
        sorted_by_run([Case("grants", case)])


def test_an_action_that_nobody_runs_is_refused() -> None:
    case = by_run()[GRANTS][0] | {"action": "s3:GetObject"}
    with pytest.raises(ValueError, match="nobody runs s3:GetObject"):
        run_of(Case("grants", case))
