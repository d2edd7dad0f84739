"""The scenarios recorded on AWS (`vectors/kms/sts.json`)."""

from pathlib import Path
from typing import Any

import pytest
from recorded import Player, read_scenarios
from tests.conftest import Server

SCENARIOS = read_scenarios(Path(__file__).parents[2] / "vectors" / "kms" / "sts.json")

pytestmark = pytest.mark.wire


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["id"])
def test_scenario(scenario: dict[str, Any], shared_dev: Server) -> None:
    Player(shared_dev).play(scenario)
