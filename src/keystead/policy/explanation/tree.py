"""Changing policy documents as trees: small functions on the values of the JSON reader.

Every function gives a new value; what is not changed keeps its order and spelling.
"""

from collections import Counter
from collections.abc import Iterator

from keystead.policy.language.json_reader import (
    JsonArray,
    JsonMember,
    JsonObject,
    JsonScalar,
    JsonString,
    JsonValue,
)


def text(value: str) -> JsonString:
    """A string."""
    return JsonString(value, 0)


def texts(*values: str) -> JsonValue:
    """A string, or an array of several."""
    return text(values[0]) if len(values) == 1 else JsonArray(tuple(text(value) for value in values), 0)


def made_of(**members: JsonValue) -> JsonObject:
    """An object."""
    return JsonObject(tuple(JsonMember(name, value, 0) for name, value in members.items()), 0)


def get(value: JsonObject, name: str) -> JsonValue | None:
    """The member `name`, or None."""
    return next((member.value for member in value.members if member.name == name), None)


def put(value: JsonObject, name: str, given: JsonValue) -> JsonObject:
    """The object with the member `name` replaced, or added at the end."""
    if get(value, name) is None:
        return JsonObject((*value.members, JsonMember(name, given, 0)), value.at)
    members = (
        JsonMember(member.name, given if member.name == name else member.value, member.at)
        for member in value.members
    )
    return JsonObject(tuple(members), value.at)


def swap(value: JsonObject, old: str, new: str, given: JsonValue) -> JsonObject:
    """The object with the member `old` called `new` and replaced, in its place."""
    members = (
        JsonMember(new, given, member.at) if member.name == old else member for member in value.members
    )
    return JsonObject(tuple(members), value.at)


def drop(value: JsonObject, name: str) -> JsonObject:
    """The object without the member `name`."""
    return JsonObject(tuple(member for member in value.members if member.name != name), value.at)


def items(value: JsonValue | None) -> tuple[JsonValue, ...]:
    """The items of an array; of another value, itself alone; of nothing, none."""
    return () if value is None else value.items if isinstance(value, JsonArray) else (value,)


def strings(value: JsonValue | None) -> tuple[str, ...]:
    """The texts among the items."""
    return tuple(item.value for item in items(value) if isinstance(item, JsonString))


def append(value: JsonValue | None, *more: JsonValue) -> JsonValue:
    """`value` as an array with `more` at its end."""
    return JsonArray((*items(value), *more), 0)


def leaves(value: JsonValue, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text or other scalar of a document with the name of the member it stands under."""
    match value:
        case JsonString(content) | JsonScalar(content):
            yield name, content
        case JsonArray(members):
            for item in members:
                yield from leaves(item, name)
        case JsonObject(members):
            for member in members:
                yield from leaves(member.value, member.name)


def distance(before: tuple[JsonValue, ...], after: tuple[JsonValue, ...]) -> int:
    """How many texts stand in one and not in the other."""
    old = Counter(leaf for value in before for leaf in leaves(value))
    new = Counter(leaf for value in after for leaf in leaves(value))
    return (old - new).total() + (new - old).total()
