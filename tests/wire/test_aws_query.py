"""AWS Query: against botocore as the client, against the vectors, and against anything at all."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode
from xml.etree import ElementTree

import botocore.session
import pytest
from botocore.parsers import QueryParser
from botocore.serialize import QuerySerializer
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert
from samples import TIME, plain, sample

from keystead.shapes import iam, iam_errors, sts
from keystead.shapes.errors import (
    AccessDeniedException,
    InternalFailure,
    SerializationException,
    ValidationException,
)
from keystead.wire import aws_query

SESSION = botocore.session.get_session()
SERVICES = {service.name: service for service in (iam.SERVICE, sts.SERVICE)}
MODELS = {name: SESSION.get_service_model(name) for name in SERVICES}
OPERATIONS = [(name, operation) for name, service in SERVICES.items() for operation in service.operations]
VECTORS = json.loads((Path(__file__).parents[2] / "vectors/wire/validation-query.json").read_text("utf-8"))
REQUEST_ID = "12345678-1234-4234-8234-123456789012"

each_operation = pytest.mark.parametrize(("service", "name"), OPERATIONS)
full_and_least = pytest.mark.parametrize("full", [True, False], ids=["full", "least"])


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["id"])
def test_a_form_is_judged_as_the_vector_says(case: dict[str, Any]) -> None:
    assert set(case) == {"id", "provenance", "operation", "form", "expect"}
    assert case["provenance"] in VECTORS["provenance"]
    request_type = iam.OPERATIONS[case["operation"]].request
    if case["expect"] == "accepted":
        assert isinstance(decode(request_type, case["form"].encode()), request_type)
        return
    with pytest.raises((ValidationException, SerializationException)) as raised:
        decode(request_type, case["form"].encode())
    assert {"code": raised.value.query_code, "message": raised.value.message} == case["expect"]


def decode(request_type: Any, form: bytes) -> Any:
    return aws_query.decode(request_type, aws_query.parse_form(form))


@full_and_least
@each_operation
def test_what_botocore_sends_is_read(service: str, name: str, full: bool) -> None:
    model = MODELS[service].operation_model(name)
    given = {} if model.input_shape is None else sample(model.input_shape, full=full)
    sent = QuerySerializer().serialize_to_request(given, model)["body"]
    assert sent["Action"] == name
    request_type = SERVICES[service].operations[name].request
    assert decode(request_type, urlencode(sent).encode()) == convert(plain(given), request_type)


def test_botocores_empty_list_is_an_empty_list() -> None:
    model = MODELS["iam"].operation_model("CreateUser")
    sent = QuerySerializer().serialize_to_request({"UserName": "a", "Tags": []}, model)["body"]
    assert decode(iam.CreateUserRequest, urlencode(sent).encode()).tags == []


def test_list_members_are_read_in_the_order_of_their_numbers() -> None:
    tags = "&".join(f"Tags.member.{n}.Key=k{n}&Tags.member.{n}.Value=" for n in (10, 9, 2))
    request = decode(iam.CreateUserRequest, f"UserName=a&{tags}".encode())
    assert [tag.key for tag in request.tags] == ["k2", "k9", "k10"]


@full_and_least
@each_operation
def test_botocore_reads_what_we_answer(service: str, name: str, full: bool) -> None:
    shape = MODELS[service].operation_model(name).output_shape
    operation, namespace = SERVICES[service].operations[name], SERVICES[service].namespace
    assert namespace is not None
    given = {} if shape is None else sample(shape, full=full)
    record = None if operation.response is None else convert(plain(given), operation.response)
    body = aws_query.encode(name, record, REQUEST_ID, namespace)
    parsed = QueryParser(timestamp_parser=lambda text: text).parse(
        {"status_code": 200, "headers": {}, "body": body}, shape
    )
    assert parsed.pop("ResponseMetadata")["RequestId"] == REQUEST_ID
    assert unquoted(parsed) == iso_times(given)
    root = ElementTree.fromstring(body)
    assert root.tag == f"{{{namespace}}}{name}Response"


DOCUMENTS = {"PolicyDocument", "AssumeRolePolicyDocument", "Document"}


def unquoted(value: Any, name: str = "") -> Any:
    """Policy documents as they were before IAM encoded them."""
    match value:
        case dict():
            return {key: unquoted(item, key) for key, item in value.items()}
        case list():
            return [unquoted(item) for item in value]
        case _:
            return unquote(value) if name in DOCUMENTS else value


def iso_times(value: Any) -> Any:
    match value:
        case dict():
            return {key: iso_times(item) for key, item in value.items()}
        case list():
            return [iso_times(item) for item in value]
        case _:
            return "2026-09-21T14:13:20Z" if value is TIME else value


def test_a_policy_document_is_percent_encoded() -> None:
    response = iam.GetUserPolicyResponse(user_name="a", policy_name="p", policy_document='{"a": "~é"}')
    body = aws_query.encode("GetUserPolicy", response, REQUEST_ID, "urn:x")
    assert b"<PolicyDocument>%7B%22a%22%3A%20%22~%C3%A9%22%7D</PolicyDocument>" in body


@pytest.mark.parametrize(
    ("error", "code", "status", "fault"),
    [
        (iam_errors.NoSuchEntityException("The user a<b cannot be found."), "NoSuchEntity", 404, "Sender"),
        (iam_errors.ServiceFailureException(None), "ServiceFailure", 500, "Receiver"),
        (AccessDeniedException("User: a is not authorized"), "AccessDenied", 403, "Sender"),
        (ValidationException("1 validation error"), "ValidationError", 400, "Sender"),
        (InternalFailure(None), "InternalFailure", 500, "Receiver"),
    ],
)
def test_botocore_reads_our_errors(error: Any, code: str, status: int, fault: str) -> None:
    sent, body = aws_query.encode_error(error, REQUEST_ID)
    parsed = QueryParser().parse({"status_code": sent, "headers": {}, "body": body}, None)
    assert sent == status
    assert parsed["Error"] == {"Type": fault, "Code": code, "Message": error.message or None}
    assert parsed["ResponseMetadata"]["RequestId"] == REQUEST_ID


@given(st.text())
def test_any_text_gives_well_formed_xml(text: str) -> None:
    _, body = aws_query.encode_error(ValidationException(text), REQUEST_ID)
    (message,) = ElementTree.fromstring(body).iter(f"{{{aws_query.FAULT_NAMESPACE}}}Message")
    expected = "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
    assert (message.text or "") == expected


REQUESTS = st.sampled_from([iam.CreateUserRequest, iam.ListUsersRequest, iam.PutUserPolicyRequest])
PARTS = st.sampled_from(
    ["UserName", "Tags", "member", "1", "2", "Key", "Value", "MaxItems", "", "PolicyDocument"]
)
PARAMETERS = st.dictionaries(
    st.lists(PARTS, min_size=1, max_size=6).map(".".join), st.text(max_size=5), max_size=8
)


@given(REQUESTS, st.binary(max_size=100) | PARAMETERS.map(lambda form: urlencode(form).encode()))
@settings(max_examples=300, deadline=None)
def test_any_form_is_a_request_or_a_declared_error(request_type: Any, form: bytes) -> None:
    try:
        request = decode(request_type, form)
    except (ValidationException, SerializationException):
        return
    assert isinstance(request, request_type)


def test_parameters_are_bounded_in_number_and_depth() -> None:
    with pytest.raises(SerializationException):
        aws_query.parse_form(b"&".join(b"a%d=b" % n for n in range(aws_query.MAX_PARAMETERS + 1)))
    assert decode(iam.GetUserRequest, b"UserName=a&" + b"x." * 400_000 + b"=").user_name == "a"
