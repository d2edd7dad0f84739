"""Requests and responses of Keystead's own service, for services that act for callers.

Written by hand in the form of the generated modules: AWS has no public operation like it.
"""

# ruff: noqa: D101 -- the page `docs/services.md` documents the structures
from typing import Annotated

from msgspec import Meta

from keystead.shapes.errors import AwsError
from keystead.shapes.record import OperationShape, Record, ServiceShape

MethodType = Annotated[
    str, Meta(min_length=1, max_length=16, pattern=r"^(?a:[A-Z]+)\Z", extra={"pattern": r"[A-Z]+"})
]


PathType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=8192,
        pattern=r"^(?a:/[!-~]*)\Z",
        extra={"pattern": r"/[!-~]*"},
    ),
]


QueryType = Annotated[
    str,
    Meta(max_length=8192, pattern=r"^(?a:[!-~]*)\Z", extra={"pattern": r"[!-~]*"}),
]


HeaderName = Annotated[str, Meta(min_length=1, max_length=128)]


HeaderValue = Annotated[str, Meta(max_length=16384)]


HeaderMap = Annotated[dict[HeaderName, HeaderValue], Meta(min_length=1, max_length=64)]


PayloadHashType = Annotated[
    str,
    Meta(min_length=1, max_length=128, pattern=r"^(?a:[A-Za-z0-9-]+)\Z", extra={"pattern": r"[A-Za-z0-9-]+"}),
]


class CreateForwardedSessionRequest(Record, frozen=True, kw_only=True):
    method: MethodType
    path: PathType
    query: QueryType | None = None
    headers: HeaderMap
    payload_hash: PayloadHashType

    SENSITIVE = frozenset({"headers", "query"})


class CallerIdentity(Record, frozen=True, kw_only=True):
    arn: str
    account: str
    user_id: str


class ForwardedCredentials(Record, frozen=True, kw_only=True):
    access_key_id: str
    secret_access_key: str
    session_token: str
    expiration: float

    SENSITIVE = frozenset({"secret_access_key", "session_token"})


class CreateForwardedSessionResponse(Record, frozen=True, kw_only=True):
    caller: CallerIdentity
    credentials: ForwardedCredentials


class CallerNotProvenException(AwsError):
    """What a service received does not prove that somebody asked it."""

    code = "CallerNotProvenException"
    status = 403


OPERATIONS: dict[str, OperationShape] = {
    operation.name: operation
    for operation in (
        OperationShape(
            "CreateForwardedSession", CreateForwardedSessionRequest, CreateForwardedSessionResponse
        ),
    )
}


SERVICE = ServiceShape(name="keystead", version="2026-11-27", namespace=None, operations=OPERATIONS)
