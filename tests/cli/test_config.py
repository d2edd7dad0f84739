"""Settings: where they come from, which wins, and what is said when one cannot be used."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from keystead.config import ConfigError, Settings, describe_settings, load_settings

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "vectors/config/refusals.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_refusals(case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if "file" in case:
        Path("keystead.toml").write_text(case["file"])
    file = Path("keystead.toml") if case.get("named", "file" in case) else None
    with pytest.raises(ConfigError) as caught:
        load_settings(case.get("environment", {}), case.get("options"), file=file)
    assert str(caught.value) == case["sentence"]


def test_the_later_place_wins(tmp_path: Path) -> None:
    file = tmp_path / "keystead.toml"
    file.write_text('port = 1\nhost = "a"\nworkers = 2\n')
    settings = load_settings(
        {"KEYSTEAD_PORT": "2", "KEYSTEAD_HOST": "b"},
        {"port": 3, "host": None},
        file=file,
        defaults={"threads": 1},
    )
    assert (settings.port, settings.host, settings.workers, settings.threads) == (3, "b", 2, 1)


def test_the_environment_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "keystead.toml"
    file.write_text("port = 7")
    assert load_settings({"KEYSTEAD_CONFIG": str(file)}).port == 7


def test_types_of_the_environment() -> None:
    settings = load_settings(
        {"KEYSTEAD_INSECURE_HTTP": "True", "KEYSTEAD_ROOT_KEY_FILE": "/k", "KEYSTEAD_AUDIT_COMMIT": "thread"}
    )
    assert settings == Settings(insecure_http=True, root_key_file=Path("/k"), audit_commit="thread")


def test_what_kubernetes_announces_is_passed_over() -> None:
    announced = {
        "KEYSTEAD_SERVICE_HOST": "10.0.0.1",
        "KEYSTEAD_SERVICE_PORT_HTTPS": "4599",
        "KEYSTEAD_PORT": "tcp://10.0.0.1:4599",
        "KEYSTEAD_PORT_4599_TCP_ADDR": "10.0.0.1",
    }
    assert load_settings(announced) == Settings()


def test_settings_can_be_handed_to_a_new_process() -> None:
    settings = Settings(data="/d", root_key_file=Path("/k"))
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_the_reference_is_up_to_date() -> None:
    assert describe_settings() in (ROOT / "docs/configuration.md").read_text()


def test_the_memory_has_no_database_file() -> None:
    assert Settings(data=":memory:").database == ":memory:"
    assert Settings(data="/d").database == "/d/keystead.db"


@pytest.mark.parametrize(
    ("given", "inline"),
    [
        ({}, False),
        ({"durable": False}, True),
        ({"data": ":memory:"}, True),
        ({"audit_commit": "inline"}, True),
        ({"audit_commit": "thread", "durable": False}, False),
    ],
)
def test_calls_go_on_while_the_disk_is_awaited_unless_told_otherwise(
    given: dict[str, Any], inline: bool
) -> None:
    assert Settings(**given).commits_inline is inline
