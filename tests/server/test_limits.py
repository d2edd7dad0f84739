"""What a client may not do to the server: sizes, times, malformed HTTP."""

import http.client
import json
import time
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.server.conftest import happened, talk

pytestmark = pytest.mark.wire

MEGABYTE = b"\0" * (1 << 20)


def post(path: str, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: keystead", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def resident(server: Server) -> int:
    """Bytes of memory of the worker."""
    pid = next(line.split()[1] for line in happened(server) if line.startswith("worker"))
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def test_a_body_of_100_mb_is_refused_unread(edge: Server) -> None:
    before = resident(edge)
    answer = talk(edge, post("/", "Content-Length: 104857600"), *[MEGABYTE] * 100)
    assert status(answer) == 413
    assert b'"__type":"RequestEntityTooLargeException"' in answer
    assert b"connection: close" in answer
    assert resident(edge) - before < 8 << 20


def test_a_chunked_body_of_100_mb_is_cut_off(edge: Server) -> None:
    before = resident(edge)
    chunk = b"100000\r\n" + MEGABYTE + b"\r\n"
    answer = talk(edge, post("/", "Transfer-Encoding: chunked"), *[chunk] * 100)
    assert status(answer) == 413
    assert resident(edge) - before < 16 << 20


def test_the_largest_body_is_accepted(edge: Server) -> None:
    answer = talk(edge, post("/", f"Content-Length: {len(MEGABYTE)}"), MEGABYTE)
    assert status(answer) == 200
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["body"] == 1 << 20


def test_a_chunked_body_is_put_together(edge: Server) -> None:
    answer = talk(
        edge, post("/", "Transfer-Encoding: chunked"), b"3\r\nabc\r\n", b"2\r\nde\r\n", b"0\r\n\r\n"
    )
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["body"] == 5


def test_query_clients_get_their_refusals_in_xml(edge: Server) -> None:
    answer = talk(
        edge,
        post(
            "/", "Content-Length: 9999999", "Content-Type: application/x-www-form-urlencoded; charset=utf-8"
        ),
    )
    assert status(answer) == 413
    assert b"<Code>RequestEntityTooLargeException</Code>" in answer


@pytest.mark.parametrize("framing", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_a_body_that_does_not_come_is_given_up(edge: Server, framing: str) -> None:
    started = time.monotonic()
    answer = talk(edge, post("/", framing), b"3\r\n")
    assert status(answer) == 408
    assert 0.9 < time.monotonic() - started < 5


def test_a_client_that_leaves_amid_its_body_harms_nobody(edge: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", edge.port)
    connection.putrequest("POST", "/left")
    connection.putheader("Content-Length", "10")
    connection.endheaders(b"abc")
    connection.close()
    assert status(talk(edge, post("/", "Content-Length: 0"))) == 200
    assert "stored /left" not in happened(edge)


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        pytest.param(post("/", *[f"X-{n}: 1" for n in range(120)]), 431, id="too many headers"),
        pytest.param(post("/", "X-Big: " + "a" * 300_000), 431, id="headers too large"),
        pytest.param(
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64, 400, id="TLS to a plain port"
        ),
        pytest.param(
            post("/", "Content-Length: 0", "User-Agent: caf\u00e9"), 400, id="a header that is not ASCII"
        ),
        pytest.param(b"\0\xff\xfe garbage \r\n\r\n", 400, id="garbage"),
        pytest.param(post("/", "Content-Length: 3", "Content-Length: 4") + b"abcd", 400, id="two lengths"),
        pytest.param(post("/", "Content-Length: -1"), 400, id="negative length"),
        pytest.param(post("/", "Content-Length: 1e3"), 400, id="length that is no number"),
    ],
)
def test_malformed_http_is_refused(edge: Server, request_bytes: bytes, expected: int) -> None:
    answer = talk(edge, request_bytes)
    assert status(answer) == expected
    assert b"Traceback" not in answer
    assert status(talk(edge, post("/", "Content-Length: 0"))) == 200


def test_a_broken_chunk_ends_the_body(edge: Server) -> None:
    """What came before it reaches the service, where no signature over a longer body can match."""
    answer = talk(edge, post("/", "Transfer-Encoding: chunked") + b"3\r\nabc\r\nzz\r\n")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["body"] == 3


def test_a_length_given_twice_alike_is_one_length(edge: Server) -> None:
    answer = talk(edge, post("/", "Content-Length: 5", "Content-Length: 5"), b"abcde")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["body"] == 5


def test_http_1_0(edge: Server) -> None:
    answer = talk(edge, b"POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab")
    assert answer.startswith(b"HTTP/1.0 200")


def test_pipelined_requests_are_answered_in_order(edge: Server) -> None:
    first = b"POST /thread/first HTTP/1.1\r\nHost: k\r\nContent-Length: 1\r\n\r\na"
    answer = talk(edge, first, post("/second", "Content-Length: 1") + b"b")
    assert answer.index(b"/thread/first") < answer.index(b"/second")
    assert answer.count(b"HTTP/1.1 200") == 2


def test_headers_reach_the_service_as_sent(edge: Server) -> None:
    answer = talk(
        edge,
        post("/a%20b//c?x=%41&y", "Content-Length: 0", "X-Twice: one", "x-twice:  two ", "X-AMZ-Date: D"),
    )
    seen = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert seen["path"] == "/a%20b//c"
    assert seen["query"] == "x=%41&y"
    assert seen["headers"]["x-twice"] == "one,two"
    assert seen["headers"]["x-amz-date"] == "D"
    assert seen["client"] == "127.0.0.1"
    assert seen["secure"] is False


def test_more_connections_than_allowed_wait(own_edge) -> None:
    server = own_edge(connections=2)
    held = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=10) for _ in range(3)]
    try:
        for connection in held[:2]:
            connection.request("GET", "/healthz")
            assert connection.getresponse().read() == b"ok\n"
        held[2].request("GET", "/healthz")
        held[2].sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            held[2].getresponse()
        held[0].close()
        held[2].sock.settimeout(10)
        assert held[2].sock.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        for connection in held:
            connection.close()


def test_an_idle_connection_is_closed(own_edge) -> None:
    server = own_edge(header_timeout=1)
    started = time.monotonic()
    talk(server, b"GET /healthz HTTP/1.1\r\nHost: k\r\n")
    assert time.monotonic() - started < 5
