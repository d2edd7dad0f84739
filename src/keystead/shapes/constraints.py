"""What a request may hold, read from its declared types, and AWS's sentences about what it may not.

Decoding by msgspec accepts or refuses as a whole and names one failure in its own words. When it refuses,
`wire` reads the request again, turns it into plain values, and asks here for every failure in AWS's words.
Both read the same annotations, so there is one declaration of each constraint.

Values here are plain: `dict` by AWS's member names for structures, `dict` for maps, `list`, `str`, `bytes`,
`int`, `bool`, `float`; None is an absent member.

Source of the sentences: recordings on AWS. The wording for members of lists of scalars and for map keys and
values is seen at other AWS services (unverified for KMS and IAM).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import islice
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import Meta
from msgspec.structs import fields

from keystead.shapes.errors import ValidationException
from keystead.shapes.record import Record

MAX_ITEMS = 1000
"""Failures named in one answer, so that a small request cannot ask for a huge one; AWS's bound is unknown."""


class Kind(Enum):
    """What a scalar is; the value is AWS's name for it, with its article."""

    STRING = "a String"
    BLOB = "a Blob"
    INTEGER = "an Integer"
    BOOLEAN = "a Boolean"
    TIMESTAMP = "a Timestamp"


@dataclass(frozen=True, slots=True)
class Constraint:
    """One rule for a value: AWS's wording, and whether a value keeps it."""

    wording: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, a blob, a number, a boolean or a time."""

    kind: Kind
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; `constraints` are those of its length."""

    member: "Declared"
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from text."""

    key: Scalar
    value: "Declared"
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a structure; `path` is its name as AWS's sentences spell it."""

    name: str
    path: str
    declared: "Declared"
    required: bool
    sensitive: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure: its members in the model's order."""

    members: tuple[Member, ...]


Declared = Scalar | ListOf | MapOf | Structure


@cache
def declaration(record: type[Record]) -> Structure:
    """What a record's annotations declare.

    Raises TypeError for an annotation that no service model can lead to.
    """
    return _structure(record)


def check(structure: Structure, value: Mapping[str, Any]) -> None:
    """Returns if and only if the members keep every constraint.

    Raises:
        ValidationException: with all failures in one sentence, in the model's order; at most `MAX_ITEMS`.
    """
    items = list(islice(_structure_failures(structure, value, ""), MAX_ITEMS))
    if items:
        count = "1 validation error" if len(items) == 1 else f"{len(items)} validation errors"
        raise ValidationException(f"{count} detected: {'; '.join(items)}")


# From annotations to declarations. Not by `msgspec.inspect`: it sorts the values of an enumeration, and AWS
# lists them in the model's order.


def _structure(record: type[Record]) -> Structure:
    return Structure(
        tuple(
            Member(
                name=field.encode_name,
                path=field.encode_name[0].lower() + field.encode_name[1:],
                declared=_declared(field.type if field.required else _present(field.type)),
                required=field.required,
                sensitive=field.name in record.SENSITIVE,
            )
            for field in fields(record)
        )
    )


def _present(annotation: Any) -> Any:
    """The type of an optional member that is there."""
    match get_args(annotation):
        case (present, none) if none is NoneType:
            return present
    raise TypeError(f"no optional member: {annotation}")


def _declared(annotation: Any) -> Declared:
    meta = Meta()
    if get_origin(annotation) is Annotated:
        annotation, meta = get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return _structure(annotation)
    arguments = get_args(annotation)
    lengths = tuple(_bounds("length", meta.min_length, meta.max_length, len))
    match get_origin(annotation) or annotation:
        case origin if origin is list:
            return ListOf(_declared(arguments[0]), lengths)
        case origin if origin is dict:
            key, value = map(_declared, arguments)
            if isinstance(key, Scalar):
                return MapOf(key, value, lengths)
        case origin if origin is Literal:
            return Scalar(Kind.STRING, (_enumerated(arguments),))
        case scalar if scalar in _KINDS:
            rules = (
                *lengths,
                *_bounds("value", meta.ge, meta.le, lambda value: value),
                *(() if meta.pattern is None else (_pattern(meta),)),
            )
            return Scalar(_KINDS[scalar], rules)
    raise TypeError(f"no service model leads to {annotation}")


_KINDS: dict[Any, Kind] = {
    str: Kind.STRING,
    bytes: Kind.BLOB,
    int: Kind.INTEGER,
    bool: Kind.BOOLEAN,
    float: Kind.TIMESTAMP,
}


def _bounds(
    what: str, low: float | None, high: float | None, measure: Callable[[Any], float]
) -> Iterator[Constraint]:
    if high is not None:
        yield Constraint(
            f"Member must have {what} less than or equal to {high}", lambda value: measure(value) <= high
        )
    if low is not None:
        yield Constraint(
            f"Member must have {what} greater than or equal to {low}", lambda value: measure(value) >= low
        )


def _pattern(meta: Meta) -> Constraint:
    search = re.compile(meta.pattern or "").search
    wording = f"Member must satisfy regular expression pattern: {(meta.extra or {})['pattern']}"
    return Constraint(wording, lambda value: search(value) is not None)


def _enumerated(values: tuple[str, ...]) -> Constraint:
    return Constraint(f"Member must satisfy enum value set: [{', '.join(values)}]", values.__contains__)


# From values to failures.


def _structure_failures(structure: Structure, value: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for member in structure.members:
        path = f"{prefix}{member.path}"
        given = value.get(member.name)
        if given is not None:
            yield from _failures(member.declared, given, path, member.sensitive)
        elif member.required:
            yield _null(path)


def _failures(declared: Declared, value: Any, path: str, sensitive: bool) -> Iterator[str]:
    match declared:
        case Structure():
            yield from _structure_failures(declared, value, f"{path}.")
        case ListOf(member, constraints):
            named = _named(declared, value, path, sensitive)
            yield from _broken(constraints, value, named)
            items = [(item, f"{path}.{index}.member") for index, item in enumerate(value, 1)]
            yield from _parts(member, items, f"{named}Member must satisfy constraint", sensitive)
        case MapOf(key, member, constraints):
            named = _named(declared, value, path, sensitive)
            yield from _broken(constraints, value, named)
            yield from _parts(
                key, [(k, path) for k in value], f"{named}Map keys must satisfy constraint", sensitive
            )
            items = [(item, f"{path}.{k}.member") for k, item in value.items()]
            yield from _parts(member, items, f"{named}Map value must satisfy constraint", sensitive)
        case Scalar(_, constraints):
            yield from _broken(constraints, value, _named(declared, value, path, sensitive))


def _parts(declared: Declared, items: list[tuple[Any, str]], sentence: str, sensitive: bool) -> Iterator[str]:
    """Failures in a list or map: of scalars one sentence with all rules, of others a sentence each."""
    yield from (_null(path) for item, path in items if item is None)
    present = [(item, path) for item, path in items if item is not None]
    if not isinstance(declared, Scalar):
        for item, path in present:
            yield from _failures(declared, item, path, sensitive)
    elif not all(rule.holds(item) for rule in declared.constraints for item, _ in present):
        yield f"{sentence}: [{', '.join(rule.wording for rule in declared.constraints)}]"


def _broken(constraints: tuple[Constraint, ...], value: Any, named: str) -> Iterator[str]:
    return (f"{named}{rule.wording}" for rule in constraints if not rule.holds(value))


def _null(path: str) -> str:
    return f"Value null at '{path}' failed to satisfy constraint: Member must not be null"


def _named(declared: Declared, value: Any, path: str, sensitive: bool) -> str:
    """How a sentence begins: with the value, unless it is a blob, sensitive or holds structures."""
    text = None if sensitive else _echo(declared, value)
    shown = "Value" if text is None else f"Value '{text}'"
    return f"{shown} at '{path}' failed to satisfy constraint: "


def _echo(declared: Declared, value: Any) -> str | None:
    """The value as Java prints it; None if it is not to be shown."""
    match declared:
        case Scalar(Kind.BLOB, _) | Structure():
            return None
        case Scalar():
            return "null" if value is None else str(value)
        case ListOf(member, _):
            items = [_echo(member, item) for item in value]
            return None if None in items else f"[{', '.join(map(str, items))}]"
        case MapOf(_, member, _):
            entries = {key: _echo(member, item) for key, item in value.items()}
            if None in entries.values():
                return None
            return f"{{{', '.join(f'{key}={item}' for key, item in entries.items())}}}"
