"""Documents as text: AWS's layout, and the same document with other principals.

KMS returns key policies re-serialised: two blanks a level, `"name" : value`, arrays on one line with
objects opening inside (`[ {`). The functions keep the order of members.
"""

import re
from collections.abc import Callable, Iterator

from keystead.policy.language.json_reader import (
    JsonArray,
    JsonMember,
    JsonObject,
    JsonScalar,
    JsonString,
    JsonValue,
    read_json,
)


def pretty(text: str) -> str:
    """The JSON document `text` in AWS's layout. `InvalidJson` (a ValueError) if it is none."""
    return _write(read_json(text), 0)


def condensed(text: str) -> str:
    """The JSON document `text` without white space between its tokens; its meaning is the same."""
    return _BETWEEN.sub(lambda found: found[1] or "", text)


_BETWEEN = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\n\r]+', re.DOTALL)
"""A string, in which white space is content, or white space."""


def rewrite_principals(text: str, replace: Callable[[str], str]) -> str:
    """The policy `text` in AWS's layout, each AWS principal but `*` replaced by what `replace` makes of it.

    Meant for binding ARNs to unique ids and for turning them back. `InvalidJson` if the text is not JSON;
    what is no principal is left as it is.
    """
    return _write(_in_document(read_json(text), replace), 0)


def write_json(value: JsonValue) -> str:
    """The text of `value` in AWS's layout."""
    return _write(value, 0)


def _in_document(root: JsonValue, replace: Callable[[str], str]) -> JsonValue:
    if not isinstance(root, JsonObject):
        return root
    return _map_members(
        root, ("Statement",), lambda value: _map_items(value, lambda item: _in_statement(item, replace))
    )


def _in_statement(statement: JsonValue, replace: Callable[[str], str]) -> JsonValue:
    return _map_members(
        statement,
        ("Principal", "NotPrincipal"),
        lambda value: _map_members(
            value, ("AWS",), lambda given: _map_items(given, lambda item: _name(item, replace))
        ),
    )


def _name(value: JsonValue, replace: Callable[[str], str]) -> JsonValue:
    if not isinstance(value, JsonString) or value.value == "*":
        return value
    return JsonString(replace(value.value), value.at)


def _map_members(
    value: JsonValue, names: tuple[str, ...], change: Callable[[JsonValue], JsonValue]
) -> JsonValue:
    if not isinstance(value, JsonObject):
        return value
    return JsonObject(
        tuple(
            JsonMember(member.name, change(member.value) if member.name in names else member.value, member.at)
            for member in value.members
        ),
        value.at,
        value.end,
    )


def _map_items(value: JsonValue, change: Callable[[JsonValue], JsonValue]) -> JsonValue:
    """`value` with its items changed, or itself changed where a single value stands for a list."""
    if not isinstance(value, JsonArray):
        return change(value)
    return JsonArray(tuple(change(item) for item in value.items), value.at)


def _write(value: JsonValue, depth: int) -> str:
    match value:
        case JsonString(text):
            return quote(text)
        case JsonScalar(text):
            return text
        case JsonArray(items):
            return f"[ {', '.join(_write(item, depth) for item in items)} ]" if items else "[ ]"
        case JsonObject(members):
            if not members:
                return "{ }"
            inside = "  " * (depth + 1)
            lines = ",\n".join(f"{inside}{quote(m.name)} : {_write(m.value, depth + 1)}" for m in members)
            return f"{{\n{lines}\n{'  ' * depth}}}"


_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quote(text: str) -> str:
    """`text` as a JSON string; only what must be escaped is."""
    return f'"{"".join(_escaped(text))}"'


def _escaped(text: str) -> Iterator[str]:
    for character in text:
        if character in _SHORT:
            yield _SHORT[character]
        elif character < " ":
            yield f"\\u{ord(character):04x}"
        else:
            yield character
