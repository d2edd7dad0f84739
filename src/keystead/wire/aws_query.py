"""The AWS Query protocol of IAM and STS: forms to requests, responses and errors to XML.

Source: Smithy, "AWS Query protocol"; the IAM and STS API References. Which forms of an integer are taken is
recorded; the texts of MalformedInput are ours (unverified).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote
from xml.sax.saxutils import escape

import msgspec

from keystead.shapes.constraints import Declared, Kind, ListOf, MapOf, Scalar, Structure, check, declaration
from keystead.shapes.errors import AwsError, SerializationException
from keystead.shapes.record import Record
from keystead.wire.texts import blob_from_text, text_from_blob, text_from_time, time_from_text

CONTENT_TYPE = "text/xml"

MAX_PARAMETERS = 1000
"""Far above the largest request of either service: fifty tags are a hundred parameters."""

MAX_DEPTH = 16
"""Dots in the name of a parameter; `Tags.member.1.Key` has three."""

FAULT_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09"
"""The namespace of errors that belong to no service's version."""

URL_ENCODED = frozenset({"PolicyDocument", "AssumeRolePolicyDocument", "Document"})
"""Members that IAM answers percent-encoded ("compliant with RFC 3986"), which no model says."""

R = TypeVar("R", bound=Record)


def parse_form(text: bytes) -> dict[str, str]:
    """The parameters of a form or of a query string; the last of several of one name counts.

    Raises SerializationException (MalformedInput) for one that is not UTF-8 or has too many parameters.
    """
    try:
        pairs = parse_qsl(
            text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS
        )
    except ValueError:  # UnicodeDecodeError is one
        raise SerializationException("The request parameters could not be read.") from None
    return dict(pairs)


def decode(request_type: type[R], form: Mapping[str, str]) -> R:
    """The request in a form; unknown parameters are ignored, so `Action` and `Version` may stay in it.

    Raises:
        ValidationException: a constraint of the model is broken; names every failure.
        SerializationException: a parameter of the wrong type (MalformedInput).
    """
    structure = declaration(request_type)
    members = _structure(structure, _tree(form))
    check(structure, members)
    return msgspec.convert(members, request_type)


def encode(operation: str, response: Record | None, request_id: str, namespace: str) -> bytes:
    """The XML of a response; `namespace` is the service's."""
    result = "" if response is None else _element(f"{operation}Result", response)
    return (
        f'<{operation}Response xmlns="{namespace}">{result}'
        f"<ResponseMetadata>{_element('RequestId', request_id)}</ResponseMetadata></{operation}Response>"
    ).encode()


def encode_error(error: AwsError, request_id: str, namespace: str = FAULT_NAMESPACE) -> tuple[int, bytes]:
    """The status and XML of an error."""
    fault = "Sender" if error.query_status < 500 else "Receiver"
    parts = (("Type", fault), ("Code", error.query_code), ("Message", error.message or ""))
    inner = "".join(_element(name, text) for name, text in parts)
    return error.query_status, (
        f'<ErrorResponse xmlns="{namespace}"><Error>{inner}</Error>'
        f"{_element('RequestId', request_id)}</ErrorResponse>"
    ).encode()


# From forms to plain values.


class _Node(dict[str, "_Node"]):
    """What follows a prefix: its own text, if any, and the parameters below it."""

    text: str | None = None


def _tree(form: Mapping[str, str]) -> _Node:
    """`Tags.member.1.Key=a` as nested nodes."""
    root = _Node()
    for name, text in form.items():
        if name.count(".") > MAX_DEPTH:
            continue  # no shape is that deep, so it is an unknown parameter
        node = root
        for part in name.split("."):
            node = node.setdefault(part, _Node())
        node.text = text
    return root


def _structure(structure: Structure, node: _Node) -> dict[str, Any]:
    return {
        member.name: _plain(member.declared, below, member.name)
        for member in structure.members
        if (below := node.get(member.name)) is not None
    }


def _plain(declared: Declared, node: _Node, name: str) -> Any:
    """A parameter and those below it as the plain value that the declaration wants."""
    match declared:
        case Structure():
            return _structure(declared, node)
        case ListOf(member):
            return [_plain(member, item, name) for item in _numbered(node.get("member"))]
        case Scalar(kind):
            return None if node.text is None else _scalar(kind, node.text, name)
        case MapOf():
            raise TypeError("no operation of IAM or STS that we have takes a map")


def _numbered(node: _Node | None) -> Iterator[_Node]:
    """The members of a list by their numbers; the numbers may have gaps."""
    numbers = [(int(key), key) for key in node or () if re.fullmatch("[0-9]{1,9}", key)]
    return (node[key] for _, key in sorted(numbers)) if node is not None else iter(())


def _scalar(kind: Kind, text: str, name: str) -> Any:
    match kind:
        case Kind.STRING:
            return text
        case Kind.INTEGER:
            # Recorded: `0900` and `+900` are taken; blanks, `900.0`, `9e2` and more than 32 bits are not.
            if re.fullmatch("[+-]?[0-9]{1,20}", text) and -(2**31) <= int(text) < 2**31:
                return int(text)
        case Kind.BOOLEAN:
            if text in {"true", "false"}:
                return text == "true"
        case Kind.BLOB | Kind.TIMESTAMP:
            try:
                return blob_from_text(text) if kind is Kind.BLOB else time_from_text(text)
            except ValueError:
                pass  # like any other value of the wrong type, below
    raise SerializationException(f"The value of {name} can not be converted to {kind.value}.")


# From values to XML.

# Characters that XML 1.0 has no way to write (section 2.2), and the carriage return, which a reader would
# turn into a line feed (2.11).
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITIES = {"\r": "&#13;", '"': "&quot;"}


def _element(name: str, value: Any) -> str:
    return f"<{name}>{_content(name, value)}</{name}>"


def _content(name: str, value: Any) -> str:
    match value:
        case Record():
            return "".join(_members(value))
        case list():
            return "".join(_element("member", item) for item in value)
        case dict():
            entries = ((_element("key", key), _element("value", item)) for key, item in value.items())
            return "".join(f"<entry>{key}{item}</entry>" for key, item in entries)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return text_from_time(value)
        case bytes():
            return text_from_blob(value)
        case str():
            text = quote(value, safe="-_.~") if name in URL_ENCODED else value
            return escape(_UNWRITABLE.sub("\ufffd", text), _ENTITIES)
    raise TypeError(f"no XML form for {type(value).__name__}")


def _members(record: Record) -> Iterator[str]:
    for attribute, name in zip(record.__struct_fields__, record.__struct_encode_fields__, strict=True):
        value = getattr(record, attribute)
        if value is not None:
            yield _element(name, value)
