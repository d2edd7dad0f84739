"""A strict JSON reader that keeps positions, spellings and duplicate members.

The standard library's reader forgets where a value stood, keeps the last of two equal members and turns
numbers into floats. A policy needs the opposite: findings have a place, a duplicate is a fault, and a
number in a condition is compared as its text.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

MAX_CHARACTERS = 131_072
"""The longest text read; the KMS API's shape of a policy admits no more (KMS API, `PutKeyPolicy`)."""

MAX_INK = 32_768
"""The most characters but white space. No kind of policy may hold more: key policies 32,768 bytes, those of
IAM and Organizations less, white space not counted (KMS Developer Guide and IAM User Guide, "Quotas"). It
bounds the time that a text takes."""

MAX_DEPTH = 32
"""The deepest nesting read. A policy needs six levels; the bound keeps the reader's recursion small."""


class InvalidJson(ValueError):
    """The text is not JSON as RFC 8259 defines it, or exceeds a bound of this reader.

    Attributes:
        reason: what is wrong, in words.
        at: offset in the text, from 0.
    """

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"{reason} at offset {at}")
        self.reason = reason
        self.at = at


# Named tuples are immutable and, unlike frozen dataclasses, cheap to make by the thousand.


class JsonString(NamedTuple):
    """A string; `value` is unescaped."""

    value: str
    at: int


class JsonScalar(NamedTuple):
    """A number, `true`, `false` or `null`; `text` is its spelling."""

    text: str
    at: int


class JsonArray(NamedTuple):
    """An array."""

    items: tuple["JsonValue", ...]
    at: int


class JsonMember(NamedTuple):
    """A member of an object; `at` is where its name stands."""

    name: str
    value: "JsonValue"
    at: int


class JsonObject(NamedTuple):
    """An object with its members in order, duplicates included; `end` is just after its closing brace.

    An object that was made and not read begins and ends at 0.
    """

    members: tuple[JsonMember, ...]
    at: int
    end: int = 0


JsonValue = JsonString | JsonScalar | JsonArray | JsonObject

_BLANK = re.compile(r"[ \t\n\r]*")
_CHUNK = re.compile(r'[^"\\\x00-\x1f]*')
# Most strings and member names: nothing in them is escaped.
_PLAIN = re.compile(r'"([^"\\\x00-\x1f]*)"')
_PLAIN_NAME = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def read_json(text: str) -> JsonValue:
    """The value of `text`, or `InvalidJson`. Time is linear in the length of the text."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidJson(f"the text is longer than {MAX_CHARACTERS} characters", MAX_CHARACTERS)
    if len(text) > MAX_INK and len(text) - sum(map(text.count, " \t\n\r")) > MAX_INK:
        raise InvalidJson(f"the text holds more than {MAX_INK} characters but white space", len(text))
    value, end = _value(text, _skip(text, 0), MAX_DEPTH)
    end = _skip(text, end)
    if end != len(text):
        raise InvalidJson("text follows the value", end)
    return value


def end_of(text: str, value: JsonValue) -> int:
    """The offset behind `value`, which `read_json` read from `text`."""
    return _value(text, value.at, MAX_DEPTH)[1]


def repeated(value: JsonValue) -> Iterator[JsonMember]:
    """Every member whose object has an earlier member of the same name, in the document's order."""
    match value:
        case JsonObject(members):
            seen: set[str] = set()
            for member in members:
                if member.name in seen:
                    yield member
                seen.add(member.name)
                if isinstance(member.value, JsonObject | JsonArray):
                    yield from repeated(member.value)
        case JsonArray(items):
            for item in items:
                if isinstance(item, JsonObject | JsonArray):
                    yield from repeated(item)
        case _:
            return


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """The line, from 1, and the column, from 0, of an offset. CR, LF and CR LF each end one line."""
    before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] > " ":
        return at
    blank = _BLANK.match(text, at)
    assert blank is not None  # the pattern matches the empty text
    return blank.end()


def _value(text: str, at: int, depth: int) -> tuple[JsonValue, int]:
    first = text[at : at + 1]
    if first == '"':
        string, end = _string(text, at)
        return JsonString(string, at), end
    if first in ("{", "["):
        if depth == 0:
            raise InvalidJson(f"more than {MAX_DEPTH} levels of nesting", at)
        return _object(text, at, depth - 1) if first == "{" else _array(text, at, depth - 1)
    found = _NUMBER.match(text, at) or _WORD.match(text, at)
    if found is None:
        raise InvalidJson("a value is expected" if first else "the text ends too early", at)
    return JsonScalar(found.group(), at), found.end()


def _object(text: str, start: int, depth: int) -> tuple[JsonObject, int]:
    members: list[JsonMember] = []
    at = _skip(text, start + 1)
    if text[at : at + 1] == "}":
        return JsonObject((), start, at + 1), at + 1
    while True:
        name, start_of_value = _name(text, at)
        value, end = _value(text, start_of_value, depth)
        members.append(JsonMember(name, value, at))
        end = _skip(text, end)
        if text[end : end + 1] == "}":
            return JsonObject(tuple(members), start, end + 1), end + 1
        if text[end : end + 1] != ",":
            raise InvalidJson("a comma or a closing brace is expected", end)
        at = _skip(text, end + 1)


def _name(text: str, at: int) -> tuple[str, int]:
    """A member's name, and where its value begins."""
    plain = _PLAIN_NAME.match(text, at)
    if plain is not None:
        return _whole(plain[1], at), plain.end()
    if text[at : at + 1] != '"':
        raise InvalidJson("a member name in double quotes is expected", at)
    name, end = _string(text, at)
    colon = _skip(text, end)
    if text[colon : colon + 1] != ":":
        raise InvalidJson("a colon is expected", colon)
    return name, _skip(text, colon + 1)


def _array(text: str, start: int, depth: int) -> tuple[JsonArray, int]:
    items: list[JsonValue] = []
    at = _skip(text, start + 1)
    if text[at : at + 1] == "]":
        return JsonArray((), start), at + 1
    while True:
        value, end = _value(text, at, depth)
        items.append(value)
        end = _skip(text, end)
        if text[end : end + 1] == "]":
            return JsonArray(tuple(items), start), end + 1
        if text[end : end + 1] != ",":
            raise InvalidJson("a comma or a closing bracket is expected", end)
        at = _skip(text, end + 1)


def _string(text: str, start: int) -> tuple[str, int]:
    plain = _PLAIN.match(text, start)
    if plain is not None:
        return _whole(plain[1], start), plain.end()
    chunks: list[str] = []
    at = start + 1
    while True:
        chunk = _CHUNK.match(text, at)
        assert chunk is not None  # the pattern matches the empty text
        chunks.append(chunk.group())
        at = chunk.end()
        stop = text[at : at + 1]
        if stop == '"':
            return _whole("".join(chunks), start), at + 1
        if stop != "\\":
            raise InvalidJson("a control character in a string" if stop else "a string does not end", at)
        character, at = _escape(text, at)
        chunks.append(character)


def _escape(text: str, at: int) -> tuple[str, int]:
    letter = text[at + 1 : at + 2]
    if letter in _ESCAPES:
        return _ESCAPES[letter], at + 2
    if letter != "u":
        raise InvalidJson("an unknown escape", at)
    first, end = _unit(text, at)
    if 0xD800 <= first < 0xDC00 and text[end : end + 2] == "\\u":
        second, after = _unit(text, end)
        if 0xDC00 <= second < 0xE000:
            return chr(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)), after
    return chr(first), end


def _unit(text: str, at: int) -> tuple[int, int]:
    digits = _HEX.match(text, at + 2)
    if digits is None:
        raise InvalidJson("four hexadecimal digits are expected", at)
    return int(digits.group(), 16), digits.end()


def _whole(value: str, at: int) -> str:
    # Half a surrogate pair is no character: it could be neither compared nor stored as UTF-8.
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidJson("an unpaired surrogate in a string", at)
    return value
