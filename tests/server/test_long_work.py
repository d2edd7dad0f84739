"""Long work over the wire: accounts share its queue, and nothing is begun for clients that have left."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from keystead.server.threads import cores
from keystead.service.throttle import SENTENCE
from tests.conftest import Server, dev_server
from tests.server.conftest import happened, wait_for

pytestmark = pytest.mark.wire

AT_ONCE = max(1, cores() - 1)


def ask(server: Server, path: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    connection.sendall(f"POST {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    return connection


def go_on(server: Server) -> None:
    """Lets the work of the fake service, which waits for this, be done."""
    (server.directory / "happened.go").touch()


def test_nothing_is_begun_for_a_client_that_has_left(own_edge: Any) -> None:
    server = own_edge()
    under_way = [ask(server, f"/long/a/{n}") for n in range(AT_ONCE)]
    wait_for(server, *(f"runs /long/a/{n}" for n in range(AT_ONCE)))
    leaving = ask(server, "/quick")
    assert leaving.recv(4096).startswith(b"HTTP/1.1 200")
    leaving.sendall(b"POST /long/a/leaves HTTP/1.1\r\nhost: x\r\n\r\n")
    staying = ask(server, "/long/a/stays")
    wait_for(server, "decided /long/a/leaves", "decided /long/a/stays")  # and so they wait
    leaving.close()
    wait_for(server, "busy /long/a/leaves")
    assert "runs /long/a/stays" not in happened(server)
    go_on(server)
    for connection in (*under_way, staying):
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        connection.close()
    assert "runs /long/a/leaves" not in happened(server)
    assert "stored /long/a/leaves" in happened(server)  # its event


@pytest.fixture
def small(tmp_path: Path, servers: Callable[[Server], Server]) -> Server:
    """A server that lets little long work wait."""
    return servers(dev_server(tmp_path, "--data", ":memory:", KEYSTEAD_SLOW_QUEUE=str(AT_ONCE + 3))).start()


def test_an_account_that_floods_the_queue_does_not_keep_others_out(small: Server) -> None:
    flood, other = (small.client("kms", (account, "test")) for account in ("111122223333", "444455556666"))
    key, others_key = (kms.create_key()["KeyMetadata"]["KeyId"] for kms in (flood, other))
    enough = threading.Event()
    refused: list[Any] = []

    def make_many() -> None:
        kms = small.client("kms", ("111122223333", "test"))
        while not enough.is_set():
            try:
                kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="RSA_2048")
            except ClientError as error:
                refused.append(error.response["Error"])
                enough.wait(0.02)  # as every client does

    makers = [threading.Thread(target=make_many, daemon=True) for _ in range(AT_ONCE + 6)]
    for maker in makers:
        maker.start()
    while not refused:  # until the queue is full
        assert any(maker.is_alive() for maker in makers)
        enough.wait(0.01)
    for _ in range(5):
        made = other.generate_data_key_pair_without_plaintext(KeyId=others_key, KeyPairSpec="RSA_2048")
        assert made["KeyPairSpec"] == "RSA_2048"
    enough.set()
    for maker in makers:
        maker.join(60)
    assert refused[0]["Code"] == "ThrottlingException"
    assert refused[0]["Message"] == SENTENCE
