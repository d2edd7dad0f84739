"""The `keystead` program, run as an operator runs it."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import BIN, clean_environment

Keystead = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def keystead(tmp_path: Path) -> Keystead:
    """Runs `keystead` with arguments in the test's directory, to its end."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(BIN / "keystead"), *arguments],
            cwd=tmp_path,
            env=clean_environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


def refused(result: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence with which a command refused."""
    assert result.returncode == 1, result
    assert result.stdout == ""
    match = re.fullmatch(r"keystead: (.+)\n", result.stderr)
    assert match is not None, result.stderr
    return match[1]


def root_access_key(output: str) -> tuple[str, str]:
    """Access key id and secret that `keystead init` printed."""
    key = re.search(r"^  AWS_ACCESS_KEY_ID=(AKIA[A-Z2-7]{16})$", output, re.MULTILINE)
    secret = re.search(r"^  AWS_SECRET_ACCESS_KEY=(\S{40})$", output, re.MULTILINE)
    assert key is not None
    assert secret is not None
    return key[1], secret[1]
