"""What the edge promises: recorded before answered, failures without detail, a stop that loses nothing."""

import concurrent.futures
import http.client
import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.server.conftest import fake_server, happened, wait_for_workers

pytestmark = pytest.mark.wire


def call(
    server: Server, path: str, method: str = "POST", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request(method, path, b"" if method == "POST" else None, headers)
        response = connection.getresponse()
        return (
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response.read(),
        )
    finally:
        connection.close()


def test_an_answer_leaves_after_its_event_is_stored(edge: Server) -> None:
    status, headers, _ = call(edge, "/recorded")
    assert status == 200
    assert "stored /recorded" in happened(edge)
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", headers["x-amzn-requestid"]
    )


@pytest.mark.parametrize("path", ["/break", "/crash-commit"])
def test_a_call_that_could_not_be_recorded_fails_and_reveals_nothing(edge: Server, path: str) -> None:
    status, _, body = call(edge, path)
    assert status == 500
    assert body == b'{"__type":"InternalFailure"}'
    assert call(edge, "/after")[0] == 200


def test_only_the_batch_of_a_failed_flush_fails(own_edge) -> None:
    server = own_edge(audit_commit="thread")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        slow = pool.submit(call, server, "/slow-commit")  # holds the flush while the others arrive
        time.sleep(0.2)
        broken = [pool.submit(call, server, path) for path in ("/break", "/x1", "/x2")]
        assert slow.result()[0] == 200
        assert {future.result()[0] for future in broken} == {500}
    assert call(server, "/after")[0] == 200
    assert [line for line in happened(server) if line.startswith("stored")] == [
        "stored /slow-commit",
        "stored /after",
    ]


def test_a_full_queue_refuses_further_calls(own_edge) -> None:
    server = own_edge(audit_commit="thread", audit_queue=2)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        slow = pool.submit(call, server, "/slow-commit")
        time.sleep(0.2)
        waiting = [pool.submit(call, server, f"/x{n}") for n in range(4)]
        statuses = sorted(future.result()[0] for future in waiting)
        assert slow.result()[0] == 200
    assert statuses == [200, 200, 500, 500]


@pytest.mark.parametrize("path", ["/crash", "/store-error"])
def test_an_unexpected_failure_tells_the_client_nothing_and_the_log_no_secret(
    edge: Server, path: str
) -> None:
    status, headers, body = call(edge, path)
    assert (status, body) == (500, b'{"__type":"InternalFailure"}')
    log = edge.log.read_text()
    assert headers["x-amzn-requestid"] in log
    assert "secret-in-an-exception" not in log
    assert "Traceback" not in log


def test_a_failed_query_call_is_answered_in_xml(edge: Server) -> None:
    _, headers, body = call(edge, "/crash", **{"Content-Type": "application/x-www-form-urlencoded"})
    assert headers["content-type"] == "text/xml"
    assert b"<Code>InternalFailure</Code>" in body


def test_slow_calls_do_not_hold_up_the_event_loop(edge: Server) -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(call, edge, "/thread/slow")
        time.sleep(0.2)
        started = time.monotonic()
        assert call(edge, "/quick")[0] == 200
        assert time.monotonic() - started < 0.5
        assert slow.result()[0] == 200


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_the_calls_in_flight(own_edge, how: signal.Signals) -> None:
    server = own_edge()
    idle = http.client.HTTPConnection("127.0.0.1", server.port)
    idle.request("GET", "/healthz")
    idle.getresponse().read()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(call, server, f"/thread/slow{n}") for n in range(4)]
        # A call that no worker has taken yet is not in flight: on a busy machine that takes a while.
        give_up = time.monotonic() + 20
        while sum(line.startswith("runs ") for line in happened(server)) < 4:
            assert time.monotonic() < give_up
            time.sleep(0.02)
        # To the whole group, as a terminal does.
        os.killpg(server.process.pid, how)
        assert [future.result()[0] for future in calls] == [200] * 4
    assert server.process.wait(10) == 0
    idle.close()
    with pytest.raises(ConnectionRefusedError):
        call(server, "/healthz")
    assert happened(server)[-2:] == ["stopped", "closed"]


def test_a_stop_drains_the_queue_of_events(own_edge) -> None:
    server = own_edge(audit_commit="thread")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(call, server, "/slow-commit")]
        time.sleep(0.1)
        calls += [pool.submit(call, server, f"/x{n}") for n in range(3)]
        time.sleep(0.1)
        server.process.terminate()
        assert [future.result()[0] for future in calls] == [200] * 4
    assert server.process.wait(10) == 0
    assert sum(line.startswith("stored") for line in happened(server)) == 4
    assert happened(server)[-1] == "closed"


def test_workers_stop_when_their_parent_is_killed(own_edge) -> None:
    server = own_edge()
    server.process.kill()
    server.process.wait()
    deadline = time.monotonic() + 10
    while happened(server)[-1] != "closed" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert happened(server)[-1] == "closed"


def test_a_crashed_worker_is_replaced(own_edge) -> None:
    server = own_edge()
    worker = int(happened(server)[0].split()[1])
    os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            if call(server, "/healthz", "GET")[0] == 200:
                break
        except OSError:
            time.sleep(0.02)
    assert [line.split()[0] for line in happened(server)].count("worker") == 2
    assert call(server, "/after")[0] == 200
    assert server.stop() == 0


def test_a_worker_in_memory_is_not_replaced(own_edge) -> None:
    server = own_edge(data=":memory:")
    os.kill(int(happened(server)[0].split()[1]), signal.SIGKILL)
    assert server.process.wait(10) == 1


def test_a_worker_that_cannot_be_made_says_why(tmp_path: Path, servers) -> None:
    (tmp_path / "happened.broken").touch()
    server = servers(fake_server(tmp_path))
    server.spawn()
    assert server.process.wait(15) == 1
    said = server.log.read_text()
    assert "keystead: the database is on another planet\n" in said
    assert "Traceback" not in said


def test_several_workers_share_the_port(own_edge) -> None:
    server = own_edge(workers=2)
    wait_for_workers(server, 2)
    assert len({line for line in happened(server) if line.startswith("worker")}) == 2
    assert server.stop() == 0
    assert happened(server).count("closed") == 2


def test_a_stop_amid_the_start_is_heard(tmp_path: Path, servers) -> None:
    for delay in (0.15, 0.3, 0.45, 0.6):
        server = servers(fake_server(tmp_path, workers=2))
        server.spawn()
        time.sleep(delay)
        server.stop(10)


class TestPages:
    """The paths of the server itself."""

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_health(self, edge: Server, path: str) -> None:
        assert call(edge, path, "GET")[::2] == (200, b"ok\n")
        assert call(edge, path, "HEAD")[::2] == (200, b"")
        status, headers, _ = call(edge, path, "POST")
        assert (status, headers["allow"]) == (405, "GET, HEAD")

    def test_not_ready_when_the_store_does_not_answer(self, own_edge) -> None:
        server = own_edge()
        (server.directory / "happened.unready").touch()
        assert call(server, "/readyz", "GET")[::2] == (503, b"the store does not answer\n")
        assert call(server, "/healthz", "GET")[0] == 200

    def test_reset(self, edge: Server) -> None:
        assert call(edge, "/_keystead/reset", "GET")[0] == 405
        assert call(edge, "/_keystead/reset", Origin="http://evil.example")[0] == 403
        assert "reset" not in happened(edge)
        assert call(edge, "/_keystead/reset")[0] == 200
        assert "reset" in happened(edge)

    def test_reset_is_for_development_only(self, own_edge) -> None:
        server = own_edge()
        assert call(server, "/_keystead/reset")[2].startswith(
            b'{"method"'
        )  # went to the service, as any path
        assert "reset" not in happened(server)
