"""Servers under measurement: started on one core, stopped with everything they started."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config

REGION = "us-east-1"
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and the root credentials that it knows."""

    process: subprocess.Popen[bytes]
    port: int
    access_key_id: str = "test"
    secret: str = "test"

    def client(self, service: str, access_key_id: str = "", secret: str = "") -> BaseClient:
        """A client as the given user, as root without one."""
        return botocore.session.Session().create_client(
            service,
            region_name=REGION,
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=access_key_id or self.access_key_id,
            aws_secret_access_key=secret or self.secret,
            config=Config(retries={"total_max_attempts": 1}),
        )


def cores() -> tuple[int, int]:
    """The server's core and the load generator's; the same one twice on a machine with a single core."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextlib.contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started inside inherits the core."""
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, usable)


@contextlib.contextmanager
def bare(*options: str) -> Iterator[Server]:
    """The yardstick, `bench.bare`."""
    port = free_port()
    with running([sys.executable, "-m", "bench.bare", str(port), *options], port) as process:
        yield Server(process, port)


@contextlib.contextmanager
def keystead_dev(data: str, *options: str) -> Iterator[Server]:
    """`keystead dev` with its state at `data`."""
    port = free_port()
    command = ["dev", "--port", str(port), "--data", data, *options]
    with running([*keystead(), *command], port) as process:
        yield Server(process, port)


@dataclass(frozen=True, slots=True)
class Installation:
    """What `keystead init` made: where it is, and its root access key."""

    data: Path
    root_key_file: Path
    access_key_id: str
    secret: str


def initialise(directory: Path) -> Installation:
    """A new installation under `directory`, which is made if it is not there."""
    directory.mkdir(exist_ok=True)
    data, root_key_file = directory / "data", directory / "root.key"
    command = [*keystead(), "init", "--data", str(data), "--root-key-file", str(root_key_file)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Installation(data, root_key_file, *root_access_key(printed))


@contextlib.contextmanager
def keystead_serve(installation: Installation, *, pinned: bool = True) -> Iterator[Server]:
    """`keystead serve`, the production server, without TLS; on its core, or on all unless `pinned`."""
    port = free_port()
    command = ["serve", "--data", str(installation.data), "--root-key-file", str(installation.root_key_file)]
    command = [*keystead(), *command, "--port", str(port), "--insecure-http"]
    with running(command, port, pinned=pinned) as process:
        yield Server(process, port, installation.access_key_id, installation.secret)


def root_access_key(printed: str) -> tuple[str, str]:
    """The access key that `keystead init` printed."""
    access_key_id = re.search(r"\bAKIA[A-Z2-7]{16}\b", printed)
    secret = re.search(r"(?<![\w/+])[\w/+]{40}(?![\w/+])", printed)
    if not access_key_id or not secret:
        raise SystemExit(f"`keystead init` printed no access key:\n{printed}")
    return access_key_id.group(), secret.group()


def keystead() -> list[str]:
    """The command of the interpreter that runs the bench."""
    return [str(Path(sys.executable).with_name("keystead"))]


@contextlib.contextmanager
def running(command: list[str], port: int, *, pinned: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """`command` on the server's core, from its first answer on; its process group is ended at the end."""
    with on_core(cores()[0]) if pinned else contextlib.nullcontext():
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for_answer(process, port)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for_answer(process: subprocess.Popen[bytes], port: int, seconds: float = 20.0) -> None:
    """Returns at the first answer of `/readyz`; ends the bench in words if none comes."""
    request = b"GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(request)
            if connection.recv(64).startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.005)
    raise SystemExit(f"no answer from {process.args}")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def family(pid: int) -> list[int]:
    """`pid` and every process it started, directly or not."""
    pids = [pid]
    for parent in pids:
        children = Path(f"/proc/{parent}/task/{parent}/children")
        pids.extend(int(child) for child in children.read_text().split())
    return pids


def processor_seconds(pid: int) -> float:
    """Processor time that `pid` and what it started have used, in user and in kernel mode."""
    ticks = 0
    for each in family(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def resident_mib(pid: int) -> float:
    """The resident memory of one process, in MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 2**20
