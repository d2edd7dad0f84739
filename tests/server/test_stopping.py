"""A stop takes no longer than `stop_timeout`, whatever clients do with their connections, and loses nothing."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keystead.names import KeyArn
from keystead.store import open_store
from tests.conftest import Server, dev_server
from tests.server.conftest import happened, wait_for_workers

pytestmark = pytest.mark.wire

LEEWAY = 4
"""Seconds that a busy machine may take beyond the limit, and less than the parent waits before it kills."""

HALF_BODY = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc"
UNFINISHED = {
    "never used": b"",
    "half of the headers": b"POST / HTTP/1.1\r\nhost: x\r\n",
    "half of a body": HALF_BODY,
    "half of a chunked body": b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
}


def connect(server: Server, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    connection.sendall(sent)
    return connection


def used(server: Server) -> socket.socket:
    """A connection over which a request was answered, kept alive."""
    connection = connect(server, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
    assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    return connection


def stop(server: Server) -> float:
    """Stops it, which must succeed; how many seconds it took."""
    began = time.monotonic()
    assert server.stop(30) == 0
    return time.monotonic() - began


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("kind", UNFINISHED)
def test_a_silent_client_does_not_prolong_a_stop(own_edge: Any, kind: str, workers: int) -> None:
    server = own_edge(stop_timeout=2, workers=workers)
    wait_for_workers(server, workers)
    # Before the other connects, so that its worker has heard of that one by now.
    with connect(server, UNFINISHED[kind]), used(server):
        time.sleep(0.1)
        assert stop(server) < 2 + LEEWAY
    lines = happened(server)
    assert [lines.count(line) for line in ("stopped", "closed")] == [workers] * 2
    assert ("stopped with calls in flight" in server.log.read_text()) == ("body" in kind)
