"""Every recorded scenario of vectors/kms passes, in process and over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scenario_runner import run
from scenario_stages import InProcessStage, WireStage
from scenarios import Scenario, Suspicious, load

SCENARIOS = load()


def parameters(scenarios: list[Scenario], *, wire: bool) -> list[Any]:
    """On the wire, what waits for minutes of AWS's waits for seconds of ours."""
    slow = pytest.mark.slow
    return [
        pytest.param(one, id=one["id"], marks=[slow] if wire and "slow" in one.get("tags", ()) else [])
        for one in scenarios
    ]


@pytest.fixture
def stage() -> Iterator[InProcessStage]:
    made = InProcessStage()
    yield made
    made.inside.store.close()


@pytest.mark.parametrize("scenario", parameters(SCENARIOS, wire=False))
def test_it_passes(scenario: Scenario, stage: InProcessStage) -> None:
    run(scenario, stage)


@pytest.mark.wire
@pytest.mark.parametrize("scenario", parameters(SCENARIOS, wire=True))
def test_it_passes_over_http(scenario: Scenario, shared_dev: Any) -> None:
    run(scenario, WireStage(shared_dev))


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(Suspicious, match="no scenarios"):
        load(tmp_path)


CALL = {"operation": "CreateKey", "input": {}, "expect": {"output": {}}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"surprise": 1}, "members"),
        ({"tags": ["unheard"]}, "tags"),
        ({"steps": []}, "no steps"),
        ({"steps": [CALL | {"surprise": 1}]}, "members"),
        ({"steps": [CALL | {"poll": {"seconds": 1}}]}, "members"),
        ({"steps": [CALL | {"expect": {"output": {}, "error": {}}}]}, "members"),
        ({"steps": [CALL | {"expect": {"error": {"code": "X", "text": "y"}}}]}, "members"),
        ({"steps": [CALL | {"expect": {"output": {"A": "<sometimes>"}}}]}, "pattern"),
        ({"steps": [CALL | {"expect": {"output": {"A": {"<some>": []}}}}]}, "pattern"),
        ({"steps": [CALL | {"input": {"A": {"$magic": 1}}}]}, "function"),
        ({"cleanup": [CALL]}, "members"),
    ],
)
def test_the_loader_is_suspicious(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    scenario = {"id": "a", "provenance": "ours", "steps": [CALL]} | change
    document = {"topic": "t", "description": "d", "scenarios": [scenario]}
    (tmp_path / "t.json").write_text(json.dumps(document))
    with pytest.raises(Suspicious, match=said):
        load(tmp_path)


def test_a_scenario_is_in_one_file(tmp_path: Path) -> None:
    for topic in ("t", "u"):
        scenario = {"id": "a", "provenance": "ours", "steps": [CALL]}
        document = {"topic": topic, "description": "d", "scenarios": [scenario]}
        (tmp_path / f"{topic}.json").write_text(json.dumps(document))
    with pytest.raises(Suspicious, match="twice"):
        load(tmp_path)
