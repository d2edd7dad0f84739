"""AWS JSON: against botocore as the client, against recorded sentences, and against anything at all."""

import base64
import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.parsers import JSONParser
from botocore.serialize import JSONSerializer
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert
from msgspec import json as fast_json
from samples import plain, sample

from keystead.kinds import KeySpec
from keystead.names import AccountId
from keystead.shapes import kms, kms_errors
from keystead.shapes.errors import (
    AccessDeniedException,
    InternalFailure,
    SerializationException,
    ValidationException,
)
from keystead.wire import aws_json

MODEL = botocore.session.get_session().get_service_model("kms")
VECTORS = json.loads((Path(__file__).parents[2] / "vectors/wire/validation.json").read_text("utf-8"))


def filled(value: Any) -> Any:
    """A vector's body with its repetitions written out."""
    match value:
        case {"$repeat": [text, count]}:
            return base64.b64encode(text.encode() * count).decode()
        case {"$characters": [text, count]}:
            return text * count
        case dict():
            return {key: filled(item) for key, item in value.items()}
        case list():
            return [filled(item) for item in value]
        case _:
            return value


def body_of(case: dict[str, Any]) -> bytes:
    assert set(case) in ({"id", "provenance", "operation", form, "expect"} for form in ("body", "text"))
    assert case["provenance"] in VECTORS["provenance"]
    text = case["text"] if "text" in case else json.dumps(filled(case["body"]))
    return text.encode()


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["id"])
def test_a_request_is_judged_as_the_vector_says(case: dict[str, Any]) -> None:
    request_type = kms.OPERATIONS[case["operation"]].request
    if case["expect"] == "accepted":
        assert isinstance(aws_json.decode(request_type, body_of(case)), request_type)
        return
    with pytest.raises((ValidationException, SerializationException)) as raised:
        aws_json.decode(request_type, body_of(case))
    error = raised.value
    assert {"code": error.code, "message": error.message} == case["expect"]


def test_the_vectors_have_distinct_ids() -> None:
    ids = [case["id"] for case in VECTORS["cases"]]
    assert ids
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("full", [True, False], ids=["full", "least"])
@pytest.mark.parametrize("name", sorted(kms.OPERATIONS))
def test_what_botocore_sends_is_read_on_the_fast_path(name: str, full: bool) -> None:
    shape = MODEL.operation_model(name).input_shape
    given = sample(shape, full=full)
    sent = JSONSerializer().serialize_to_request(given, MODEL.operation_model(name))["body"]
    request_type = kms.OPERATIONS[name].request
    expected = convert(plain(given), request_type)
    assert aws_json.decode(request_type, sent) == expected
    assert fast_json.decode(sent, type=request_type) == expected


@pytest.mark.parametrize("full", [True, False], ids=["full", "least"])
@pytest.mark.parametrize("name", sorted(kms.OPERATIONS))
def test_botocore_reads_what_we_answer(name: str, full: bool) -> None:
    shape, response_type = MODEL.operation_model(name).output_shape, kms.OPERATIONS[name].response
    if shape is None or response_type is None:
        assert shape is response_type is None
        assert aws_json.encode(None) == b""
        return
    given = sample(shape, full=full)
    body = aws_json.encode(convert(plain(given), response_type))
    answer = {"status_code": 200, "headers": {}, "body": body}
    parsed = JSONParser(timestamp_parser=lambda value: value).parse(answer, shape)
    del parsed["ResponseMetadata"]
    assert parsed == plain(given)


@pytest.mark.parametrize(
    "error",
    [
        kms_errors.NotFoundException("Key 'a' does not exist"),
        kms_errors.InvalidCiphertextException(None),
        AccessDeniedException("User: a is not authorized"),
        InternalFailure(None),
    ],
    ids=lambda error: error.code,
)
def test_botocore_reads_our_errors(error: Any) -> None:
    status, body = aws_json.encode_error(error)
    parsed = JSONParser().parse({"status_code": status, "headers": {}, "body": body}, None)
    assert parsed["Error"]["Code"] == error.code
    assert parsed["Error"]["Message"] == (error.message or "")
    assert status == error.status


def test_an_error_without_a_message_has_no_message_member() -> None:
    _, body = aws_json.encode_error(kms_errors.InvalidCiphertextException(None))
    assert json.loads(body) == {"__type": "InvalidCiphertextException"}


def test_access_denied_spells_its_message_with_a_capital() -> None:
    status, body = aws_json.encode_error(AccessDeniedException("no"))
    assert (status, json.loads(body)) == (400, {"__type": "AccessDeniedException", "Message": "no"})


def test_identifiers_and_kinds_are_written_as_their_texts() -> None:
    record = kms.KeyMetadata(
        key_id="k",
        aws_account_id=AccountId("111122223333"),
        key_spec=KeySpec.SYMMETRIC_DEFAULT,
        enabled=False,
        encryption_algorithms=[],
    )
    assert json.loads(aws_json.encode(record)) == {
        "AWSAccountId": "111122223333",
        "KeyId": "k",
        "Enabled": False,
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": [],
    }


@pytest.mark.parametrize("opening", [b"[", b'{"KeyId":', b'{"Unknown":', b'{"Tags":[', b'{"a":[{"b":'])
def test_a_depth_bomb_is_a_serialization_error(opening: bytes) -> None:
    for body in (opening * 100_000, b'{"KeyId":"k","x":' + opening * 100_000):
        with pytest.raises(SerializationException):
            aws_json.decode(kms.TagResourceRequest, body)


@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_of_many_digits_is_refused(digits: int) -> None:
    for member in (b"ValidTo", b"KeyId"):
        with pytest.raises(SerializationException):
            aws_json.decode(kms.ImportKeyMaterialRequest, b'{"%s":%s}' % (member, b"9" * digits))


def test_the_number_of_failures_in_one_answer_is_bounded() -> None:
    body = json.dumps({"KeyId": "k", "Tags": [{}] * 100_000}).encode()
    with pytest.raises(ValidationException, match=r": 1000 validation errors detected: ") as raised:
        aws_json.decode(kms.TagResourceRequest, body)
    assert len(str(raised.value)) < 200_000


REQUESTS = st.sampled_from(
    [
        kms.EncryptRequest,
        kms.CreateGrantRequest,
        kms.CreateKeyRequest,
        kms.GenerateRandomRequest,
        kms.ImportKeyMaterialRequest,
        kms.TagResourceRequest,
        kms.CreateCustomKeyStoreRequest,
    ]
)


@settings(max_examples=200, deadline=None)
@given(REQUESTS, st.binary(max_size=200))
def test_any_bytes_are_a_request_or_a_declared_error(request_type: Any, body: bytes) -> None:
    judge(request_type, body)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.binary(max_size=20).map(lambda blob: base64.b64encode(blob).decode()),
    st.sampled_from(
        ["Decrypt", "k" * 65, "alias/a", "2026-09-21", "AAA", "us-east-1", "key store", "PUBLIC_ENDPOINT"]
    ),
)
NAMES = st.sampled_from(
    sorted({name for shape in MODEL.shape_names for name in getattr(MODEL.shape_for(shape), "members", {})})
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(REQUESTS, st.data())
def test_any_json_is_a_request_or_a_declared_error(request_type: Any, data: st.DataObject) -> None:
    names = st.sampled_from([*request_type.__struct_encode_fields__, "Other"])
    judge(request_type, json.dumps(data.draw(st.dictionaries(names, VALUES, max_size=6))).encode())


def judge(request_type: Any, body: bytes) -> None:
    """Decoding gives a request or a declared error, and both ways of decoding agree."""
    try:
        fast = fast_json.decode(body or b"{}", type=request_type)
    except ValueError:
        fast = None
    try:
        request = aws_json.decode(request_type, body)
    except (ValidationException, SerializationException):
        assert fast is None
        return
    assert isinstance(request, request_type)
    if fast is None:
        assert request_type is kms.ImportKeyMaterialRequest, (
            "only times have a form that the fast path refuses"
        )
        assert isinstance(json.loads(body)["ValidTo"], str)
    else:
        assert request == fast == aws_json._decode_plainly(request_type, body)
