"""Errors to HTTP responses: the one place where an `AwsError` becomes bytes."""

from keystead.shapes.errors import AwsError
from keystead.wire import aws_json, aws_query, routes
from keystead.wire.http import HttpRequest, HttpResponse
from keystead.wire.routes import Protocol, Route


def response(route: Route, error: AwsError, request_id: str) -> HttpResponse:
    """The answer to a routed call that failed."""
    return _response(route.protocol, error, request_id, route.namespace)


def response_for_unrouted(http: HttpRequest, error: AwsError, request_id: str) -> HttpResponse:
    """The answer to a request that has no route, in the protocol that it looks like."""
    return _response(routes.protocol_of(http), error, request_id, None)


def _response(protocol: Protocol, error: AwsError, request_id: str, namespace: str | None) -> HttpResponse:
    match protocol:
        case Protocol.JSON:
            status, body = aws_json.encode_error(error)
        case Protocol.QUERY:
            status, body = aws_query.encode_error(error, request_id, namespace or aws_query.FAULT_NAMESPACE)
    return HttpResponse(status, routes.headers(protocol, request_id), body)
