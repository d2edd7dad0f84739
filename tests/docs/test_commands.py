"""Every command in the documentation works when it is pasted, page by page."""

import contextlib
import datetime
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import shell_session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pages import ROOT, Block, blocks, pages
from shell_session import EXECUTED, REFUSED, Command, Wrong, commands, matches

BIN = Path(sys.executable).parent


def executed(page: Path) -> list[Command]:
    return [command for block in blocks(page) if block.language in EXECUTED for command in commands(block)]


WITH_COMMANDS = [page for page in pages() if executed(page)]


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def environment(home: Path) -> dict[str, str]:
    """Of somebody who has nothing set up for AWS."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "KEYSTEAD_", "MAKE", "MFLAGS"))}
    return kept | {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "HOME": str(home),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_PAGER": "",
        "NO_COLOR": "1",
    }


@contextlib.contextmanager
def development_server(directory: Path) -> Iterator[int]:
    """The port of a server as `make run` starts it, which keeps nothing."""
    port = free_port()
    home = directory / "server"
    home.mkdir()
    command = ["keystead", "dev", "--data", ":memory:", "--port", str(port)]
    with (directory / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [BIN / command[0], *command[1:]], env=environment(home), stdout=log, stderr=log
        )
    try:
        waiting = [sys.executable, Path(__file__).with_name("wait_until_ready.py"), str(port), "server.log"]
        subprocess.run(waiting, cwd=directory, check=True)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def make_certificate(directory: Path) -> None:
    """`server.pem` and `server.key`, which pages about TLS take for granted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (directory / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (directory / "server.key").write_bytes(key.private_bytes(*encoding))


def test_the_readme_has_commands() -> None:
    assert ROOT / "README.md" in WITH_COMMANDS


@pytest.mark.wire
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name)
def test_commands_of_a_page_work(page: Path, tmp_path: Path) -> None:
    made = executed(page)
    home = tmp_path / "home"
    home.mkdir()
    make_certificate(home)
    with contextlib.ExitStack() as stack:
        if shell_session.starts_a_server(made):
            port = free_port()
        else:
            port = stack.enter_context(development_server(tmp_path))
        shell_session.run(made, home, environment(home), port)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_no_commands_escape_by_their_tag(page: Path) -> None:
    escaping = [f"line {block.line}: {block.language}" for block in blocks(page) if block.language in REFUSED]
    assert escaping == [], "use `console` or `sh`, which are run"


def test_a_failing_command_is_reported_with_its_line(tmp_path: Path) -> None:
    block = Block("console", "$ true\n$ echo one; false\n", 7)
    with pytest.raises(Wrong, match="line 9: exit 1") as wrong:
        shell_session.run(list(commands(block)), tmp_path, environment(tmp_path), 1)
    assert "one" in str(wrong.value)


def test_other_output_is_reported(tmp_path: Path) -> None:
    block = Block("console", "$ echo one\ntwo\n", 1)
    with pytest.raises(Wrong, match="should print"):
        shell_session.run(list(commands(block)), tmp_path, environment(tmp_path), 1)


def test_commands_share_one_shell(tmp_path: Path) -> None:
    block = Block("console", "$ name=keystead\n$ echo \\\n>   $name\nkeyste...\n", 1)
    shell_session.run(list(commands(block)), tmp_path, environment(tmp_path), 1)


def test_a_shell_that_ends_early_is_reported(tmp_path: Path) -> None:
    with pytest.raises(Wrong, match="the shell ended"):
        shell_session.run(list(commands(Block("sh", "exit 0\n", 1))), tmp_path, environment(tmp_path), 1)


def test_dots_stand_for_anything() -> None:
    assert matches("a ... z", "a b\nc z\n\n")
    assert not matches("a ... z", "a b c")
    assert not matches("a.z", "abz")
