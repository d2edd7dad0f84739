"""Documents as text: AWS's layout, and the same document with other principals.

KMS returns key policies re-serialised: two blanks a level, `"name" : value`, arrays on one line with
objects opening inside (`[ {`). The functions keep the order of members.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from keystead.policy.language.json_reader import (
    JsonArray,
    JsonObject,
    JsonScalar,
    JsonString,
    JsonValue,
    end_of,
    read_json,
)


def pretty(text: str) -> str:
    """The JSON document `text` in AWS's layout. `InvalidJson` (a ValueError) if it is none."""
    return _write(read_json(text), 0)


def aws_principals(text: str) -> Iterator[str]:
    """The AWS principals but `*` that the policy `text` names, in its order. `InvalidJson` if it is none."""
    return (name.value for name in _principals(read_json(text)))


def condensed(text: str) -> str:
    """The JSON document `text` without white space between its tokens; its meaning is the same."""
    return _BETWEEN.sub(lambda found: found[1] or "", text)


_BETWEEN = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\n\r]+', re.DOTALL)
"""A string, in which white space is content, or white space."""


def rewrite_principals(text: str, replace: Callable[[str], str]) -> str:
    """The policy `text`, each AWS principal but `*` replaced by what `replace` makes of it.

    Meant for binding ARNs to unique ids and for turning them back: everything else stays to the letter, white
    space and order too. `InvalidJson` if the text is not JSON; what is no principal is left as it is.
    """
    pieces: list[str] = []
    done = 0
    for name in _principals(read_json(text)):
        other = replace(name.value)
        if other != name.value:
            pieces += (text[done : name.at], quote(other))
            done = end_of(text, name)
    return "".join((*pieces, text[done:]))


def write_json(value: JsonValue) -> str:
    """The text of `value` in AWS's layout."""
    return _write(value, 0)


def _principals(root: JsonValue) -> Iterator[JsonString]:
    """The AWS principals that the policy `root` names, in its order."""
    for statements in _members(root, "Statement"):
        for statement in _items(statements):
            for element in _members(statement, "Principal", "NotPrincipal"):
                for names in _members(element, "AWS"):
                    for name in _items(names):
                        if isinstance(name, JsonString) and name.value != "*":
                            yield name


def _members(value: JsonValue, *names: str) -> Iterator[JsonValue]:
    """What the object holds under `names`; nothing of what is no object."""
    if isinstance(value, JsonObject):
        yield from (member.value for member in value.members if member.name in names)


def _items(value: JsonValue) -> Iterable[JsonValue]:
    """The items of a list, or the single value that stands for one."""
    return value.items if isinstance(value, JsonArray) else (value,)


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
