"""The `keystead` program, run as an operator runs it."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import BIN, Server, clean_environment, free_port

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


ACCOUNT = "123456789012"
OPENER = ("--root-key-file", "root.key")


@pytest.fixture
def first(keystead: Keystead) -> tuple[str, str]:
    """An installation in `data`, opened by a file; its first root access key."""
    made = keystead("init", "--data", "data", *OPENER, "--account", ACCOUNT)
    assert made.returncode == 0, made.stderr
    return root_access_key(made.stdout)


@pytest.fixture
def server(first: tuple[str, str], tmp_path: Path, servers: Callable[[Server], Server]) -> Server:
    """It is served, by two workers."""
    port = str(port_number := free_port())
    command = [str(BIN / "keystead"), "serve", "--data", "data", *OPENER, "--insecure-http", "--port", port]
    made = servers(Server([*command, "--workers", "2"], port_number, tmp_path))
    made.credentials = first
    return made.start()


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
