"""The few Wycheproof cases that the tree holds: one of each flag and result for each kind."""

from pathlib import Path

import pytest
from wycheproof_checks import CHECKS, groups, is_taken, should_be_taken

VECTORS = Path(__file__).parents[2] / "vectors" / "crypto" / "wycheproof"
FILES = sorted(path.name for path in VECTORS.glob("*_test.json"))


def test_every_kind_is_there() -> None:
    assert {group["type"] for name in FILES for group in groups(VECTORS / name)} == set(CHECKS)


@pytest.mark.parametrize("name", FILES)
def test_chosen_cases(name: str) -> None:
    answers = set()
    for group in groups(VECTORS / name):
        for case in group["tests"]:
            answers.add(taken := is_taken(group, case))
            assert taken is should_be_taken(group, case), (case["tcId"], case["comment"])
    assert answers == {True, False}
