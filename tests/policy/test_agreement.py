"""The product decides as the reference does, on policies and requests made by dice.

20,000 cases by default. `make test-nightly` takes a million and other dice: `KEYSTEAD_CASES` says how many,
`KEYSTEAD_SEED` where the seeds begin.
"""

import importlib
import json
import os
from random import Random

import pytest
from agreement import compare, differ, product, smallest
from reference import decide
from tame_worlds import tame
from wild_worlds import wild

CHUNK = 2_500
CASES = int(os.environ.get("KEYSTEAD_CASES", "20000"))
FIRST_SEED = int(os.environ.get("KEYSTEAD_SEED", "0"))
SEEDS = range(FIRST_SEED, FIRST_SEED + max(1, CASES // (2 * CHUNK)))
MAKERS = {"tame": tame, "wild": wild}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", MAKERS)
def test_the_product_decides_as_the_reference(
    kind: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = compare(MAKERS[kind], seed, CHUNK)
    share = outcome.allowed / outcome.seen
    if outcome.disputed:
        scene = smallest(outcome.disputed[0])
        pytest.fail(
            f"{len(outcome.disputed)} of {outcome.seen} {kind} cases of seed {seed} are disputed; the "
            f"smallest: {json.dumps(scene, ensure_ascii=False)}\n"
            f"the product says {product(scene)}, the reference {decide(scene)}"
        )
    with capsys.disabled():
        print(f"\n{kind}, seed {seed}: {outcome.seen} cases agree, {share:.0%} of them allowed", end="")
    assert 0.2 <= share <= 0.8


def test_a_dispute_is_found_and_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product that let identity policies alone open keys would not pass."""
    law = importlib.import_module("keystead.policy.authorize")
    monkeypatch.setattr(law, "_resource_decides", lambda *_: False)
    outcome = compare(tame, 0, 400)
    assert outcome.disputed
    scene = smallest(outcome.disputed[0])
    assert differ(scene)
    assert len(json.dumps(scene)) < len(json.dumps(outcome.disputed[0]))


def test_the_same_seed_makes_the_same_world() -> None:
    for make in MAKERS.values():
        assert make(Random(7)) == make(Random(7)) != make(Random(8))
