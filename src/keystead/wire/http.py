"""One HTTP request and response as values, free of any server.

They are msgspec structs because each call makes some: a frozen dataclass takes ten times as long to make.
"""

from collections.abc import Mapping

import msgspec


class HttpRequest(msgspec.Struct, frozen=True):
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
    body: bytes
    client: str
    secure: bool

    def __repr__(self) -> str:
        """Neither headers, which hold credentials, nor the body."""
        return f"HttpRequest({self.method!r}, {self.path!r}, <{len(self.body)} bytes>)"


class HttpResponse(msgspec.Struct, frozen=True):
    """A response to send; `headers` lacks Date and Content-Length, which the server adds."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __repr__(self) -> str:
        """Without the body, which may be a secret."""
        return f"HttpResponse({self.status}, {self.headers!r}, <{len(self.body)} bytes>)"
