"""A stop takes no longer than `stop_timeout`, whatever clients do with connections, and loses nothing."""

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionError as NoConnection
from botocore.exceptions import HTTPClientError

from keystead.config import DATABASE_NAME
from keystead.names import KeyArn
from keystead.server.loop import STOP_SIGNALS
from keystead.store import open_store
from tests.conftest import Server, dev_server
from tests.server.conftest import happened, wait_for, wait_for_workers

pytestmark = pytest.mark.wire

LEEWAY = 5
"""Seconds that a busy machine may take beyond the limit: half of what the parent waits before it kills."""

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


@pytest.mark.parametrize(("kind", "workers"), [*((kind, 1) for kind in UNFINISHED), ("half of a body", 2)])
def test_a_silent_client_does_not_prolong_a_stop(own_edge: Any, kind: str, workers: int) -> None:
    server = own_edge(stop_timeout=1, workers=workers)
    wait_for_workers(server, workers)
    # Before the other connects, so that its worker has heard of that one by now.
    with connect(server, UNFINISHED[kind]), used(server):
        time.sleep(0.1)
        assert stop(server) < 1 + LEEWAY
    lines = happened(server)
    assert [lines.count(line) for line in ("stopped", "closed")] == [workers] * 2
    assert ("stopped with calls in flight" in server.log.read_text()) == ("body" in kind)


def test_one_stop_is_one_stop_however_many_signals_it_brings(own_edge: Any) -> None:
    """A supervisor signals every process, and the parent passes on what it hears."""
    server = own_edge(stop_timeout=20)
    worker = int(happened(server)[0].split()[1])
    with connect(server, b"POST /thread/slow HTTP/1.1\r\nhost: x\r\n\r\n") as slow:
        wait_for(server, "runs /thread/slow")
        # The parent first: it replaces a worker that ends unasked.
        server.process.terminate()
        for number in STOP_SIGNALS * 3:
            os.kill(worker, number)
            time.sleep(0.02)
        assert slow.recv(4096).startswith(b"HTTP/1.1 200")
    assert server.process.wait(10) == 0
    assert happened(server)[-2:] == ["stopped", "closed"]


@pytest.mark.parametrize("number", STOP_SIGNALS, ids=lambda number: number.name)
def test_a_second_signal_to_the_parent_ends_it_at_once(own_edge: Any, number: signal.Signals) -> None:
    server = own_edge(stop_timeout=600, workers=2)
    wait_for_workers(server, 2)
    with connect(server, HALF_BODY):
        time.sleep(0.1)
        server.process.send_signal(number)
        time.sleep(0.5)
        assert server.process.poll() is None
        server.process.send_signal(number)
        assert server.process.wait(10) == 0
    assert [happened(server).count(line) for line in ("stopped", "closed")] == [2, 2]


def test_workers_whose_parent_was_killed_stop_in_time(own_edge: Any) -> None:
    server = own_edge(stop_timeout=1)
    with connect(server, HALF_BODY):
        time.sleep(0.1)
        server.process.kill()
        wait_for(server, "stopped", "closed")


@pytest.mark.parametrize("leaves", [False, True])
def test_a_call_that_hangs_in_a_thread_is_given_up(own_edge: Any, leaves: bool) -> None:
    server = own_edge(stop_timeout=1)
    with connect(server, b"POST /thread/hangs HTTP/1.1\r\nhost: x\r\n\r\n") as connection:
        wait_for(server, "runs /thread/hangs")
        if leaves:
            connection.close()
        # And two seconds that changes under way get.
        assert stop(server) < 1 + 2 + LEEWAY
    assert happened(server)[-1] == "stopped"
    assert "stopped with changes under way" in server.log.read_text()


def test_long_work_under_way_is_given_up(own_edge: Any) -> None:
    server = own_edge(stop_timeout=1)
    with connect(server, b"POST /long/a/1 HTTP/1.1\r\nhost: x\r\n\r\n"):
        wait_for(server, "runs /long/a/1")
        assert stop(server) < 1 + LEEWAY
    assert happened(server)[-2:] == ["stopped", "closed"]


class Caller(threading.Thread):
    """Calls until the server is gone; `answered` are the request ids of what it was told."""

    def __init__(self, kms: Any, key: str) -> None:
        super().__init__(daemon=True)
        self._kms, self._key = kms, key
        self.answered: list[str] = []

    def run(self) -> None:
        try:
            while True:
                for call in (self._encrypt, self._change):
                    self.answered.append(call()["ResponseMetadata"]["RequestId"])
        except (HTTPClientError, NoConnection):
            pass  # it has stopped

    def _encrypt(self) -> Any:
        return self._kms.encrypt(KeyId=self._key, Plaintext=b"x")

    def _change(self) -> Any:
        return self._kms.update_key_description(KeyId=self._key, Description="changed")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_was_answered_and_the_last_uses_outlive_a_stop_under_load(
    tmp_path: Path, servers: Callable[[Server], Server], workers: str
) -> None:
    server = servers(dev_server(tmp_path, "--workers", workers, KEYSTEAD_STOP_TIMEOUT="1")).start()
    wait_for_workers(server, int(workers))
    kms = server.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    callers = [Caller(server.client("kms"), key) for _ in range(4)]
    with used(server), connect(server, HALF_BODY):
        for caller in callers:
            caller.start()
        time.sleep(1.0)
        assert stop(server) < 1 + LEEWAY
    for caller in callers:
        caller.join(30)
        assert not caller.is_alive()
    store = open_store(str(tmp_path / ".keystead" / DATABASE_NAME))
    with store.read() as tx:
        events = [json.loads(event.record) for _, event in tx.events(0, 1_000_000)]
        use = tx.key_last_use(KeyArn.parse(key))
    store.close()
    answered = {request for caller in callers for request in caller.answered}
    assert len(answered) > 20
    assert answered <= {event["requestID"] for event in events}
    # Uses are noted in memory, and the last ones were written by the stop.
    encrypted = [event["eventID"] for event in events if event["eventName"] == "Encrypt"]
    assert use is not None
    assert use.event_id in encrypted[-10 * len(callers) :]


def test_a_server_in_memory_stops_in_time(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    server = servers(dev_server(tmp_path, "--data", ":memory:", KEYSTEAD_STOP_TIMEOUT="1")).start()
    with connect(server, HALF_BODY):
        assert stop(server) < 1 + LEEWAY
