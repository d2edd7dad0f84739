"""Runs the commands of one page in one shell, in order, as a reader would who pastes them.

A `sh` block is a script. In a `console` block, lines after `$ ` are commands (a trailing backslash goes on)
and what follows is what they print, with `...` for anything. Two kinds of command do not return and are
treated apart: `make TARGET` is asked only whether it has a recipe, and a server (`keystead dev`,
`keystead serve`) runs in the background until the next server or the end of the page. `ELSEWHERE` says what
is replaced so that a test touches nothing outside its directory.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pages import ROOT, Block

EXECUTED = {"console", "sh"}
REFUSED = {"bash", "shell", "shell-session", "zsh", "shellsession", "cmd", "powershell"}
"""Tags that look like commands but would not be run."""

ELSEWHERE = {"/var/lib/": "./", "/run/secrets/": "./", "/etc/": "./", "0.0.0.0": "127.0.0.1"}
"""Places of the documentation -> places in the test's directory, and addresses of this machine only."""

_PRELUDE = """
stop_server() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; server=; }; }
trap stop_server EXIT
"""
_WAIT = Path(__file__).with_name("wait_until_ready.py")
_SERVER = re.compile(r"(\S*/)?keystead (dev|serve)\b(?!.*--help)")


@dataclass(frozen=True, slots=True)
class Command:
    """One command and what it should print, None if the page does not say."""

    text: str
    printed: str | None
    line: int


class Wrong(Exception):
    """A command failed, or printed something else than the page says."""


def commands(block: Block) -> Iterator[Command]:
    """The commands of an executed block."""
    if block.language == "sh":
        yield Command(block.text, None, block.line)
        return
    lines = block.text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    if lines and starts[:1] != [0]:
        raise Wrong(f"line {block.line + 1}: a `console` block begins with a command")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = start
        while lines[last].endswith("\\") and last + 1 < end:
            last += 1
        text = "\n".join(line.removeprefix("$ ").removeprefix("> ") for line in lines[start : last + 1])
        yield Command(text, "\n".join(lines[last + 1 : end]) or None, block.line + 1 + start)


def starts_a_server(made: Sequence[Command]) -> bool:
    """Whether a command of the page is a server, so that the page needs none from outside."""
    return any(_SERVER.match(command.text) for command in made)


def runnable(command: str, port: int) -> str:
    """The command as a test can run it: on its own port, and returning."""
    command = re.sub(r"\b4599\b", str(port), command)
    for place, here in ELSEWHERE.items():
        command = command.replace(place, here)
    if command.startswith("make "):
        return f"make --no-print-directory -C {shlex.quote(str(ROOT))} --dry-run {command[5:]} >/dev/null"
    if _SERVER.match(command):
        if "--port" not in command:
            command = f"{command.rstrip()} --port {port}"
        waiting = f"{shlex.quote(sys.executable)} {shlex.quote(str(_WAIT))} {port} server.log"
        return f"stop_server\n{command.rstrip()} >server.log 2>&1 & server=$!; {waiting}"
    return command


def run(made: Sequence[Command], directory: Path, environment: Mapping[str, str], port: int) -> None:
    """Runs the commands in `directory`. Raises `Wrong` at the first that is not as the page says."""
    mark = "=== the end of command"
    script = [_PRELUDE]
    for number, command in enumerate(made):
        script.append(f"{runnable(command.text, port)}\n_status=$?; echo; echo {mark} {number} $_status")
    shell = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=directory,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        timeout=120,
        check=False,
    )
    parts = re.split(rf"\n?^{mark} (\d+) (\d+)$\n", shell.stdout, flags=re.M)
    for number, command in enumerate(made):
        if 3 * number + 2 >= len(parts):
            raise Wrong(f"line {command.line}: the shell ended in\n{command.text}\n{parts[-1]}")
        printed, status = parts[3 * number], parts[3 * number + 2]
        if status != "0":
            raise Wrong(f"line {command.line}: exit {status} of\n{command.text}\n{printed}")
        if command.printed is not None and not matches(command.printed, printed):
            told = f"should print\n{command.printed}\nand printed\n{printed}"
            raise Wrong(f"line {command.line}: {command.text}\n{told}")


def matches(expected: str, printed: str) -> bool:
    """Whether `printed` is `expected`, where `...` stands for anything; spaces at line ends do not count."""
    pattern = ".*".join(re.escape(tidy(part)) for part in expected.split("..."))
    return re.fullmatch(pattern, tidy(printed), re.S) is not None


def tidy(text: str) -> str:
    """Without trailing spaces and surrounding empty lines."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")
