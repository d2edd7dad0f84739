"""The one place that opens connections: GET of an `https://` URL, within limits.

Nothing is sent but the request itself, no redirect is followed, no proxy is asked, and the certificate is
always checked: against the system's certificate authorities, or those that the operator gave.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from keystead.config import ConfigError
from keystead.service.issuer_keys import Unreachable

MAX_SECONDS: Final = 5.0
"""To connect, to agree on TLS, and for everything from there to the last byte: so long for each."""

MAX_BYTES: Final = 512 << 10
"""The longest body."""


def https_get(certificate_authorities: Path | None) -> Callable[[str], bytes]:
    """A function that gets the body of a URL, or raises `Unreachable`.

    Args:
        certificate_authorities: PEM file with those to trust beside the system's.

    Raises:
        ConfigError: the file cannot be read or holds no certificate.
    """
    # The system's authorities take long to read, and most servers never need them.
    context = cache(lambda: _context(certificate_authorities))
    if certificate_authorities is not None:
        context()
    return lambda url: _get(url, context())


def _context(certificate_authorities: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if certificate_authorities is not None:
        try:
            context.load_verify_locations(certificate_authorities)
        except OSError as error:  # ssl.SSLError is one
            raise ConfigError(
                f"cannot read certificates from `{certificate_authorities}`: {error.strerror or error}"
            ) from None
    return context


def _get(url: str, context: ssl.SSLContext) -> bytes:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Unreachable("its URL is none") from None
    if parts.scheme != "https" or not host or parts.username is not None:
        raise Unreachable("its URL is not one of https://")
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    late = threading.Event()
    try:
        connection = http.client.HTTPSConnection(host, port)
        # Set, so that the connection makes none of its own, which would try each address for as long again.
        connection.sock = connected = _connect(host, connection.port, context)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"the connection failed: {type(error).__name__}") from None
    # The timeout of a socket is for each of its operations; a peer that trickles must not hold us longer.
    watchdog = threading.Timer(MAX_SECONDS, lambda: _hang_up(connected, late))
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("GET", path or "/", headers={"Accept": "application/json"})
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            raise Unreachable(f"it answered {response.status}")
        body = response.read(MAX_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"the connection failed: {type(error).__name__}") from None
    finally:
        watchdog.cancel()
        connection.close()
    if late.is_set():  # a body without a length ends where we hung up
        raise Unreachable("it took too long")
    if len(body) > MAX_BYTES:
        raise Unreachable("its answer is too long")
    return body


def _connect(host: str, port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    """A connection to the first of the host's addresses that takes one; all of them share the time.

    The look-up of the name is the system's, with the system's limits.
    """
    deadline = time.monotonic() + MAX_SECONDS
    failed: OSError = OSError("the name has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(left)
            plain.connect(address)
            plain.settimeout(MAX_SECONDS)
            return context.wrap_socket(plain, server_hostname=host)
        except OSError as error:  # ssl.SSLError is one
            plain.close()
            failed = error
    raise failed


def _hang_up(connected: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):  # it ended meanwhile
        connected.shutdown(socket.SHUT_RDWR)
