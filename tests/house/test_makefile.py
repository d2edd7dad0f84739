"""`make` alone says what there is to do."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FACES = [
    "run",
    "setup",
    "test",
    "test-slow",
    "test-wycheproof",
    "test-nightly",
    "fuzz",
    "check",
    "fix",
    "bench",
    "docs",
    "constraints",
]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Make, freed of what a surrounding make put into the environment."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_make_without_arguments_lists_the_targets() -> None:
    listed = make()
    assert listed.returncode == 0
    names = re.findall(r"^make (\S+) +\S", listed.stdout, re.M)
    assert set(FACES) <= set(names)
    assert len(names) == len(set(names)) == len(listed.stdout.splitlines())


@pytest.mark.parametrize("face", FACES)
def test_every_face_has_a_recipe(face: str) -> None:
    planned = make("--dry-run", face)
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.strip()


def test_an_interpreter_that_is_too_old_is_refused_in_words(tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.1 && exit 0\nexit 1\n')
    old.chmod(0o755)
    refused = make("python", f"PYTHON={old}", f"VENV={tmp_path / 'none'}")
    assert refused.returncode != 0
    assert "Keystead needs Python 3.11 or newer" in refused.stdout
    assert "Python 3.9.1" in refused.stdout
    assert not (tmp_path / "none").exists()


def test_a_missing_interpreter_is_refused_in_words(tmp_path: Path) -> None:
    refused = make("python", f"PYTHON={tmp_path / 'nothing'}")
    assert refused.returncode != 0
    assert "there is no" in refused.stdout


def test_ci_is_strict_asks_nothing_and_ends_with_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert "set -euo pipefail" in lines
    assert "exec </dev/null" in lines
    assert lines[-2:] == ["make check", "make test"]
