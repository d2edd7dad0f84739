"""The constraint files hold what the project asks for, hashed, and say nothing about where it comes from."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = PROJECT["project"]["dependencies"]
BUILD = PROJECT["build-system"]["requires"]
GROUPS = PROJECT["dependency-groups"]
ASKED = {
    "runtime.txt": RUNTIME,
    "build.txt": BUILD,
    "dev.txt": [*RUNTIME, *BUILD, *GROUPS["dev"]],
    "docs.txt": GROUPS["docs"],
    "ansible.txt": GROUPS["ansible"],
    "clients.txt": GROUPS["clients"],
}
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)"
    r'(?P<marker> ; python_version < "[0-9.]+")?'
    r"(?P<hashes>( \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.M,
)


def pins(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text()
    return {canonicalize_name(pin["name"]): pin["version"] for pin in PIN.finditer(text)}


def test_there_is_a_file_for_every_use() -> None:
    assert {path.name for path in (ROOT / "requirements").glob("*.txt")} == set(ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_a_file_is_made_of_hashed_pins_alone(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    rest = PIN.sub("", text).strip()
    assert rest == "# Written by `make constraints` from pyproject.toml. Do not edit."
    assert pins(name)


@pytest.mark.parametrize("name", ASKED)
def test_every_dependency_is_pinned_as_the_project_asks(name: str) -> None:
    pinned = pins(name)
    for requirement in map(Requirement, ASKED[name]):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in {name}: run `make constraints`"
        assert requirement.specifier.contains(version), f"{name} pins {requirement.name} {version}"


@pytest.mark.parametrize("name", ["runtime.txt", "build.txt", "docs.txt", "clients.txt"])
def test_one_environment_can_hold_them_all(name: str) -> None:
    everything = pins("dev.txt")
    differing = {n: v for n, v in pins(name).items() if everything.get(n, v) != v}
    assert differing == {}


def test_botocore_stays_out_of_what_users_install() -> None:
    assert not {"botocore", "boto3", "awscli"} & set(pins("runtime.txt"))
