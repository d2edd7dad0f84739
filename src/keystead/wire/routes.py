"""Which operation a request asks for, and the way from its bytes to a record and back.

One port serves all APIs, so a request is routed by what it says: AWS JSON names the operation in the header
`X-Amz-Target`, AWS Query in the parameters `Action` and `Version`. The host name is not looked at.
"""

from dataclasses import dataclass
from enum import Enum

from keystead.shapes import iam, keystead, kms, organizations, sts
from keystead.shapes.errors import (
    AwsError,
    MissingActionException,
    UnknownOperationException,
    UnroutableRequest,
    ValidationException,
)
from keystead.shapes.organizations_errors import InvalidInputException
from keystead.shapes.record import OperationShape, Record, ServiceShape
from keystead.wire import aws_json, aws_query
from keystead.wire.http import HttpRequest, HttpResponse


class Protocol(Enum):
    """How a request is written; the value is the content type of the answer."""

    JSON = aws_json.CONTENT_TYPE
    """AWS JSON 1.1: KMS, Organizations and Keystead's own service."""

    QUERY = aws_query.CONTENT_TYPE
    """AWS Query: IAM and STS."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes.

    Attributes:
        service: `kms`, `iam`, `organizations`, `sts` or `keystead`.
        protocol: how its request is read and its answer written.
        operation: the operation's name.
        shape: its request and response types.
        version: the service's API version.
        namespace: the XML namespace of its answers; None for AWS JSON.
    """

    service: str
    protocol: Protocol
    operation: str
    shape: OperationShape
    version: str
    namespace: str | None


def _routes(service: ServiceShape, protocol: Protocol) -> dict[str, Route]:
    return {
        name: Route(service.name, protocol, name, shape, service.version, service.namespace)
        for name, shape in service.operations.items()
    }


_PREFIXES = {
    "TrentService": kms.SERVICE,
    "AWSOrganizationsV20161128": organizations.SERVICE,
    "Keystead": keystead.SERVICE,
}
TARGETS = {
    f"{prefix}.{name}": route
    for prefix, service in _PREFIXES.items()
    for name, route in _routes(service, Protocol.JSON).items()
}
_VERSIONS = {service.version: service for service in (iam.SERVICE, sts.SERVICE)}
ACTIONS = {version: _routes(service, Protocol.QUERY) for version, service in _VERSIONS.items()}


def route(http: HttpRequest) -> Route:
    """The route of a request.

    Raises:
        UnknownOperationException: it names an operation that we have no shapes for (InvalidAction in Query);
            in AWS's words if AWS has none of that name. As `UnroutableRequest`, it is no API call at all.
        MissingActionException: a form without an `Action`.
        SerializationException: a form that cannot be read.
    """
    if http.path != "/" or http.method not in {"POST", "GET"}:
        raise UnroutableRequest(None)
    target = http.headers.get("x-amz-target")
    if target is None:
        return _query_route(http)
    if http.method != "POST":
        raise UnroutableRequest(None)
    found = TARGETS.get(target)
    if found is None:
        prefix, _, name = target.partition(".")
        raise _without_shapes(_PREFIXES.get(prefix), name) or UnknownOperationException(None)
    return found


def protocol_of(http: HttpRequest) -> Protocol:
    """How to answer a request that could not be routed: in XML if it looks like a Query, else in JSON."""
    if "x-amz-target" in http.headers:
        return Protocol.JSON
    return Protocol.QUERY if _is_form(http) or "Action=" in http.query else Protocol.JSON


def not_offered(route: Route) -> AwsError:
    """The error for an operation that AWS has and this service does not."""
    return _not_yet(route.operation)


def _not_yet(operation: str) -> UnknownOperationException:
    # The sentence is ours: AWS has none for an operation that it has.
    return UnknownOperationException(f"Keystead does not support {operation} yet.")


def _without_shapes(service: ServiceShape | None, operation: str) -> UnknownOperationException | None:
    """As `not_offered`, of an operation without shapes; None if AWS has no such operation."""
    return _not_yet(operation) if service is not None and operation in service.others else None


def decode(route: Route, http: HttpRequest) -> Record:
    """The request's record.

    Raises:
        ValidationException: it breaks a constraint of the model. Organizations says InvalidInputException for
            it, in one sentence that names no member (seen in the field for patterns, else unverified).
        SerializationException: it cannot be read.
    """
    if route.protocol is Protocol.JSON:
        try:
            return aws_json.decode(route.shape.request, http.body)
        except ValidationException:
            if route.service != organizations.SERVICE.name:
                raise
            sentence = "You provided a value that does not match the required pattern."
            raise InvalidInputException(sentence, reason="INVALID_PATTERN") from None
    return aws_query.decode(route.shape.request, aws_query.parse_form(_parameters(http)))


def encode(route: Route, response: Record | None, request_id: str) -> HttpResponse:
    """The answer to a call that succeeded; `response` is None if and only if the operation has no output."""
    if route.namespace is None:
        body = aws_json.encode(response)
    else:
        body = aws_query.encode(route.operation, response, request_id, route.namespace)
    return HttpResponse(200, headers(route.protocol, request_id), body)


def headers(protocol: Protocol, request_id: str) -> list[tuple[str, str]]:
    """The headers of every answer, successful or not."""
    return [("content-type", protocol.value), ("x-amzn-requestid", request_id)]


def _query_route(http: HttpRequest) -> Route:
    parameters = _parameters(http)
    if protocol_of(http) is not Protocol.QUERY:
        raise UnroutableRequest(None) if http.method == "GET" else UnknownOperationException(None)
    form = aws_query.parse_form(parameters)
    action, version = form.get("Action"), form.get("Version", "")
    if not action:
        raise MissingActionException("Missing Action")
    found = ACTIONS.get(version, {}).get(action)
    if found is None:
        raise _without_shapes(_VERSIONS.get(version), action) or _no_such_action(action, version)
    return found


def _parameters(http: HttpRequest) -> bytes:
    """Where a Query request keeps its parameters: the form it posts, else the query string."""
    if http.method == "POST" and _is_form(http):
        return http.body
    # What a server could not decode comes as lone surrogates, and is refused as no UTF-8 in its turn.
    return http.query.encode("utf-8", "surrogatepass")


def _is_form(http: HttpRequest) -> bool:
    content_type = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    return content_type == "application/x-www-form-urlencoded"


def _no_such_action(action: str, version: str) -> UnknownOperationException:
    # AWS tells an action from a version it does not know; how much of a long one it repeats is ours.
    return UnknownOperationException(
        f"Could not find operation {action[:128]} for version {version[:32] or 'NO_VERSION_SPECIFIED'}"
    )
