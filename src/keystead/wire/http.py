"""One HTTP request and response as values, free of any server."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it arrived.

    Attributes:
        method: as sent.
        path: still percent-encoded, without the query string.
        query: still percent-encoded, without the question mark.
        headers: names in lower case; the values of a repeated header joined by commas in their order.
        body: the whole body.
        client: the peer's IP address.
        secure: whether the connection is TLS.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    client: str
    secure: bool


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response to send; `headers` lacks Date and Content-Length, which the server adds."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = field(repr=False)
