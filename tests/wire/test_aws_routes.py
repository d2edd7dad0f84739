"""Which operation a request asks for, and what a request that asks for none gets."""

import json
from typing import Any
from xml.etree import ElementTree

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.shapes import iam, kms, kms_errors, sts
from keystead.shapes.errors import AwsError
from keystead.wire import aws_query, faults, routes
from keystead.wire.http import HttpRequest
from keystead.wire.routes import Protocol

FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def request(
    method: str = "POST",
    path: str = "/",
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
) -> HttpRequest:
    return HttpRequest(method, path, query, headers or {}, body, "192.0.2.1", True)


def target(name: str) -> dict[str, str]:
    return {"x-amz-target": name, "content-type": "application/x-amz-json-1.1"}


@pytest.mark.parametrize("name", sorted(kms.OPERATIONS))
def test_every_kms_operation_is_routed_by_its_target(name: str) -> None:
    prefix = botocore.session.get_session().get_service_model("kms").metadata["targetPrefix"]
    route = routes.route(request(headers=target(f"{prefix}.{name}")))
    assert (route.service, route.protocol, route.operation) == ("kms", Protocol.JSON, name)
    assert route.shape is kms.OPERATIONS[name]


@pytest.mark.parametrize("service", [iam.SERVICE, sts.SERVICE], ids=lambda service: service.name)
def test_every_query_operation_is_routed_by_action_and_version(service: Any) -> None:
    for name, shape in service.operations.items():
        form = f"Action={name}&Version={service.version}"
        posted = routes.route(request(headers=FORM, body=form.encode()))
        asked = routes.route(request("GET", query=form))
        assert posted is asked
        assert (posted.service, posted.protocol, posted.operation) == (service.name, Protocol.QUERY, name)
        assert posted.shape is shape


@pytest.mark.parametrize(
    ("http", "status", "code"),
    [
        (request(headers=target("TrentService.Explode")), 400, "UnknownOperationException"),
        (request(headers=target("DynamoDB_20120810.ListTables")), 400, "UnknownOperationException"),
        (request(headers=target("")), 400, "UnknownOperationException"),
        (request(headers={"content-type": "application/x-amz-json-1.1"}), 400, "UnknownOperationException"),
        (request("GET"), 404, "UnknownOperationException"),
        (request("GET", headers=target("TrentService.Encrypt")), 404, "UnknownOperationException"),
        (request("DELETE", headers=target("TrentService.Encrypt")), 404, "UnknownOperationException"),
        (request(path="/keys", headers=target("TrentService.Encrypt")), 404, "UnknownOperationException"),
        (request(headers=FORM), 400, "MissingAction"),
        (request(headers=FORM, body=b"Action="), 400, "MissingAction"),
        (request(headers=FORM, body=b"Action=Explode&Version=2010-05-08"), 400, "InvalidAction"),
        (request(headers=FORM, body=b"Action=GetUser&Version=2011-06-15"), 400, "InvalidAction"),
        (request(headers=FORM, body=b"Action=GetUser"), 400, "InvalidAction"),
        (request(headers=FORM, body=b"Action=%ff"), 400, "MalformedInput"),
        (request("GET", query="Action=\udcff"), 400, "MalformedInput"),
    ],
)
def test_a_request_without_a_route_is_refused(http: HttpRequest, status: int, code: str) -> None:
    with pytest.raises(AwsError) as raised:
        routes.route(http)
    answer = faults.response_for_unrouted(http, raised.value, "id")
    assert answer.status == status
    assert code_of(answer.headers, answer.body) == code


def code_of(headers: list[tuple[str, str]], body: bytes) -> str:
    """The error code, read in the form that the content type promises."""
    if dict(headers)["content-type"] == "text/xml":
        (code,) = ElementTree.fromstring(body).iter(f"{{{aws_query.FAULT_NAMESPACE}}}Code")
        return code.text or ""
    assert dict(headers)["content-type"] == "application/x-amz-json-1.1"
    found: str = json.loads(body)["__type"]
    return found


def test_an_unknown_action_is_named_with_its_version() -> None:
    http = request(headers=FORM, body=b"Action=Explode&Version=2010-05-08")
    with pytest.raises(AwsError, match=r"Could not find operation Explode for version 2010-05-08$"):
        routes.route(http)


def said(error: AwsError) -> tuple[str, str, str | None]:
    return error.code, error.query_code, error.message


@pytest.mark.parametrize(
    ("http", "operation"),
    [
        (request(headers=target("TrentService.Encrypt")), "Encrypt"),
        (request("GET", query="Action=GetUser&Version=2010-05-08"), "GetUser"),
    ],
)
def test_an_operation_that_is_not_offered_is_unknown(http: HttpRequest, operation: str) -> None:
    sentence = f"Keystead does not support {operation} yet."
    assert said(routes.not_offered(routes.route(http))) == (
        "UnknownOperationException",
        "InvalidAction",
        sentence,
    )


@pytest.mark.parametrize(
    ("http", "operation"),
    [
        (
            request(headers=target("AWSOrganizationsV20161128.DescribeEffectivePolicy")),
            "DescribeEffectivePolicy",
        ),
        (request(headers=FORM, body=b"Action=GetCredentialReport&Version=2010-05-08"), "GetCredentialReport"),
        (request("GET", query="Action=AssumeRoleWithSAML&Version=2011-06-15"), "AssumeRoleWithSAML"),
    ],
)
def test_so_is_one_of_aws_without_shapes_in_the_same_words(http: HttpRequest, operation: str) -> None:
    with pytest.raises(AwsError) as raised:
        routes.route(http)
    assert said(raised.value) == (
        "UnknownOperationException",
        "InvalidAction",
        f"Keystead does not support {operation} yet.",
    )


@pytest.mark.parametrize(
    "name",
    ["TrentService.GetCredentialReport", "AWSOrganizationsV20161128.Explode", "DescribeEffectivePolicy"],
)
def test_what_aws_does_not_have_has_no_sentence(name: str) -> None:
    with pytest.raises(AwsError) as raised:
        routes.route(request(headers=target(name)))
    assert raised.value.message is None


def test_a_call_is_decoded_and_answered_in_its_protocol() -> None:
    http = request(headers=target("TrentService.DescribeKey"), body=b'{"KeyId":"k"}')
    route = routes.route(http)
    assert routes.decode(route, http) == kms.DescribeKeyRequest(key_id="k")
    answer = routes.encode(route, kms.DescribeKeyResponse(), "id")
    assert (answer.status, answer.body) == (200, b"{}")
    assert answer.headers == [("content-type", "application/x-amz-json-1.1"), ("x-amzn-requestid", "id")]

    http = request("GET", query="Action=GetUser&Version=2010-05-08&UserName=a")
    route = routes.route(http)
    assert routes.decode(route, http) == iam.GetUserRequest(user_name="a")
    answer = routes.encode(route, sts.GetCallerIdentityResponse(account="1"), "id")
    assert answer.headers == [("content-type", "text/xml"), ("x-amzn-requestid", "id")]
    assert b"<Account>1</Account>" in answer.body


def test_an_error_is_answered_in_the_protocol_of_its_route() -> None:
    route = routes.route(request(headers=target("TrentService.DescribeKey")))
    answer = faults.response(route, kms_errors.KMSInternalException("down"), "id")
    assert (answer.status, json.loads(answer.body)) == (
        500,
        {"__type": "KMSInternalException", "message": "down"},
    )
    assert ("x-amzn-requestid", "id") in answer.headers
    route = routes.route(request("GET", query="Action=GetUser&Version=2010-05-08"))
    assert b'xmlns="https://iam.amazonaws.com/' in faults.response(route, AwsErrorOfIam("no"), "id").body


class AwsErrorOfIam(AwsError):
    code = "Example"


@given(
    st.sampled_from(["POST", "GET", "PUT", "\udcff"]),
    st.sampled_from(["/", "", "//"]),
    st.text(max_size=20),
    st.dictionaries(
        st.sampled_from(["x-amz-target", "content-type"]),
        st.text(max_size=20) | st.just(FORM["content-type"]),
    ),
    st.binary(max_size=40),
)
def test_any_request_has_a_route_or_a_declared_error(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    http = request(method, path, query, headers, body)
    refused: AwsError | None = None
    try:
        routes.route(http)
    except AwsError as error:
        refused = error
    if refused is not None:
        assert faults.response_for_unrouted(http, refused, "id").status in {400, 404}
