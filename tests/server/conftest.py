"""The edge around a fake service, as a real server."""

import json
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Server, free_port

_PROGRAM = Path(__file__).parent / "fake_server.py"


def fake_server(directory: Path, **settings: object) -> Server:
    """The edge with these settings, not started yet. Its happenings are in `happened`."""
    port = free_port()
    overrides = [f"{name}={json.dumps(value)}" for name, value in settings.items()]
    command = [sys.executable, str(_PROGRAM), str(port), str(directory / "happened"), *overrides]
    return Server(command, port, directory)


def happened(server: Server) -> list[str]:
    """What the fake service and store noted, oldest first."""
    return (server.directory / "happened").read_text().splitlines()


def wait_for(server: Server, *lines: str) -> None:
    """Returns when each of these lines has happened."""
    give_up = time.monotonic() + 20
    while missing := set(lines) - set(happened(server)):
        assert time.monotonic() < give_up, f"{missing} did not happen"
        time.sleep(0.02)


def wait_for_workers(server: Server, count: int) -> None:
    """Returns when so many workers are ready: each listens on a socket of its own, on the same port."""
    give_up = time.monotonic() + 20
    while True:
        table = Path("/proc/net/tcp").read_text().splitlines()[1:]
        ready = sum(f":{server.port:04X}" in line.split()[1] and line.split()[3] == "0A" for line in table)
        if ready >= count:
            return
        assert time.monotonic() < give_up, f"{ready} of {count} workers are ready"
        time.sleep(0.02)


def talk(server: Server, *sent: bytes, timeout: float = 10) -> bytes:
    """Sends bytes and returns all that comes back until the server closes."""
    received = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=timeout) as connection:
        for part in sent:
            try:
                connection.sendall(part)
            except OSError:
                break  # it answered and closed before it heard all
        while True:
            try:
                part = connection.recv(65536)
            except ConnectionResetError:
                return received
            if not part:
                return received
            received += part


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory):
    """One edge for the tests of a module, with a short limit for bodies."""
    server = fake_server(tmp_path_factory.mktemp("edge"), body_timeout=1, development=True)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture
def own_edge(tmp_path: Path, servers: Callable[[Server], Server]) -> Callable[..., Server]:
    """Makes and starts an edge of the test's own."""
    return lambda **settings: servers(fake_server(tmp_path, **settings)).start()
