"""The connections that the server opens: what they bring, and what they refuse."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keystead.config import ConfigError
from keystead.server import outgoing
from keystead.server.outgoing import https_get
from keystead.service.issuer_keys import Unreachable
from tests.server.https_issuer import HttpsServer, certificate


def trickle(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def redirect(handler: Any) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/good")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


ANSWERS = {
    "/good?a=b": (200, b"{}"),
    "/large": (200, bytes(outgoing.MAX_BYTES + 1)),
    "/largest": (200, bytes(outgoing.MAX_BYTES)),
    "/gone": (410, b"{}"),
    "/trickle": trickle,
    "/redirect": redirect,
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HttpsServer]:
    made = HttpsServer(tmp_path_factory.mktemp("https"), ANSWERS)
    yield made
    made.close()


def test_a_body_within_limits(server: HttpsServer) -> None:
    get = https_get(server.certificate)
    assert get(f"{server.url}/good?a=b") == b"{}"
    assert len(get(f"{server.url}/largest")) == outgoing.MAX_BYTES


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/large", "too long"),
        ("/gone", "answered 410"),
        ("/absent", "answered 404"),
        ("/redirect", "answered 302"),
    ],
)
def test_anything_else_is_refused(server: HttpsServer, path: str, why: str) -> None:
    with pytest.raises(Unreachable, match=why):
        https_get(server.certificate)(server.url + path)


def test_who_trickles_is_left(server: HttpsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MAX_SECONDS", 0.4)
    started = time.monotonic()
    with pytest.raises(Unreachable):
        https_get(server.certificate)(f"{server.url}/trickle")
    assert time.monotonic() - started < 3


def test_addresses_that_are_silent_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "MAX_SECONDS", 0.4)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = (socket.AF_INET, socket.SOCK_STREAM, 0, "", silent.getsockname())
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [address] * 8)
        started = time.monotonic()
        with pytest.raises(Unreachable):
            https_get(None)("https://silent.example/")
    assert time.monotonic() - started < 2


def test_the_certificate_is_checked(server: HttpsServer, tmp_path: Path) -> None:
    for authorities in (None, certificate(tmp_path)[0]):
        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            https_get(authorities)(f"{server.url}/good?a=b")
    with pytest.raises(Unreachable):  # the name in it is another
        https_get(server.certificate)(f"{server.url.replace('127.0.0.1', '127.0.0.2')}/good?a=b")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "file:///etc/passwd",
        "https://",
        "https://user@127.0.0.1/",
        "https://127.0.0.1:99999/",
        "https://[/",
        "https://127.0.0.1:1/",
        "https://127.0.0.1:1/a b",
        "https://127.0.0.1:1/\r\nX: y",
        "https://\x00/",
        "https://a\nb/",
    ],
)
def test_urls_that_lead_nowhere(url: str) -> None:
    with pytest.raises(Unreachable):
        https_get(None)(url)


def test_files_without_certificates(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read certificates"):
        https_get(tmp_path / "absent.pem")
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate\n")
    with pytest.raises(ConfigError, match="cannot read certificates"):
        https_get(empty)
