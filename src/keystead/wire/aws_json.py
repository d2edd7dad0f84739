"""The AWS JSON 1.1 protocol: bodies to requests, responses and errors to bodies.

Source: Smithy, "AWS JSON 1.1 protocol"; what AWS KMS says about bad input is from recordings. The texts of
SerializationException are those of other AWS JSON services (unverified for KMS).
"""

from functools import cache
from typing import Any, TypeVar

import msgspec

from keystead.shapes.constraints import Declared, Kind, ListOf, MapOf, Scalar, Structure, check, declaration
from keystead.shapes.errors import AwsError, SerializationException
from keystead.shapes.record import Record
from keystead.wire.texts import blob_from_text, time_from_text

CONTENT_TYPE = "application/x-amz-json-1.1"

R = TypeVar("R", bound=Record)


def decode(request_type: type[R], body: bytes) -> R:
    """The request in a body.

    An empty body is an empty object, null is an absent member, unknown members are ignored, and of several
    members of one name the last counts.

    Raises:
        ValidationException: a constraint of the model is broken; names every failure.
        SerializationException: not JSON, or a member of the wrong JSON type.
    """
    decoder: msgspec.json.Decoder[R] = _decoder(request_type)
    try:
        return decoder.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # It says no in its own words; AWS's are found by reading the body again.
        return _decode_plainly(request_type, body)


def encode(response: Record | None) -> bytes:
    """The body of a response; empty if and only if the operation has no output shape."""
    return b"" if response is None else _ENCODER.encode(response)


def encode_error(error: AwsError) -> tuple[int, bytes]:
    """The status and body of an error; without a message member when AWS sends none."""
    body = {"__type": error.code}
    if error.message is not None:
        body[error.message_member] = error.message
    if error.reason is not None:
        body["Reason"] = error.reason
    return error.status, _ENCODER.encode(body)


@cache
def _decoder(request_type: type[R]) -> msgspec.json.Decoder[R]:
    return msgspec.json.Decoder(request_type)


def _exact_text(value: object) -> str:
    """Identifiers are subclasses of `str`, which msgspec leaves to us."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


# More seconds than any calendar counts; a longer integer has no float.
_TIMES = 2**63

_ENCODER = msgspec.json.Encoder(enc_hook=_exact_text)


def _decode_plainly(request_type: type[R], body: bytes) -> R:
    try:
        value = msgspec.json.decode(body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SerializationException(None) from None
    structure = declaration(request_type)
    members = _structure(structure, value)
    check(structure, members)
    return msgspec.convert(members, request_type)


def _structure(structure: Structure, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _not_convertible(value, "a Structure")
    return {
        member.name: None if (given := value.get(member.name)) is None else _plain(member.declared, given)
        for member in structure.members
    }


def _plain(declared: Declared, value: Any) -> Any:
    """A JSON value as the plain value that its declaration wants."""
    match declared:
        case Scalar(kind):
            return _scalar(kind, value)
        case Structure():
            return _structure(declared, value)
        case ListOf(member):
            if not isinstance(value, list):
                raise _not_convertible(value, "a List")
            return [None if item is None else _plain(member, item) for item in value]
        case MapOf(_, member):
            if not isinstance(value, dict):
                raise _not_convertible(value, "a Map")
            return {key: None if item is None else _plain(member, item) for key, item in value.items()}


def _scalar(kind: Kind, value: Any) -> Any:
    match kind, value:
        case (Kind.STRING, str()) | (Kind.BOOLEAN, bool()):
            return value
        case Kind.INTEGER, int() if not isinstance(value, bool):
            return value
        case Kind.TIMESTAMP, float():
            return value
        case (Kind.TIMESTAMP, int()) if not isinstance(value, bool) and abs(value) < _TIMES:
            return float(value)
        case (Kind.BLOB | Kind.TIMESTAMP, str()):
            try:
                # The protocol has times as numbers; some clients send ISO 8601.
                return blob_from_text(value) if kind is Kind.BLOB else time_from_text(value)
            except ValueError:
                raise _not_convertible(value, kind.value) from None
        case _:
            raise _not_convertible(value, kind.value)


def _not_convertible(value: Any, wanted: str) -> SerializationException:
    match value:
        case dict():
            return SerializationException("Start of structure or map found where not expected.")
        case list():
            return SerializationException("Start of list found where not expected.")
        case None:
            found = "NULL_VALUE"
        case bool():
            found = f"{value!s}_VALUE".upper()
        case str():
            found = "STRING_VALUE"
        case int():
            found = "NUMBER_VALUE"
        case _:
            found = "DECIMAL_VALUE"
    return SerializationException(f"{found} can not be converted to {wanted}")
