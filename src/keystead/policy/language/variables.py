"""Policy variables: `${key}`, `${key, 'default'}` and the characters `${*}`, `${?}`, `${$}`.

Text that a variable brings in is literal, never a wildcard; a multivalued key feeds no variable, not even
with a default (both recorded on AWS). A `${` that begins no variable is literal text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast


class Wildcard(Enum):
    """A character of a pattern that stands for others."""

    RUN = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    """A place to fill: `key` in lower case, `default` for when the key is absent."""

    key: str
    default: str | None


_WILDCARDS: dict[str, "Piece"] = {wildcard.value: wildcard for wildcard in Wildcard}

Piece = str | Wildcard
"""A piece of a pattern: literal text or a wildcard."""

Template = tuple[Piece | Variable, ...]
"""What an operand or a resource says, before the request is known."""

_WILDCARD = re.compile(r"([*?])")
# The inside of a variable ends at the next `$`, `{` or `}`, so that a scan is linear whatever the text.
_SPECIAL = re.compile(r"\$\{(?:([*?$])|([^${}]+))\}|([*?])")


def parse_template(text: str, *, variables: bool, wildcards: bool) -> Template:
    """The pieces of `text`. Without `variables` (version 2008-10-17) `${...}` is literal text."""
    if not (variables and "${" in text):
        if not wildcards or not ("*" in text or "?" in text):
            return (text,) if text else ()
        return tuple([_WILDCARDS.get(part, part) for part in _WILDCARD.split(text) if part])
    pieces: list[Piece | Variable] = []
    literal: list[str] = []
    at = 0
    for found in _SPECIAL.finditer(text):
        piece = _piece(found, wildcards=wildcards)
        literal.append(text[at : found.start()])
        at = found.end()
        if isinstance(piece, str):
            literal.append(piece)
            continue
        _flush(literal, pieces)
        pieces.append(piece)
    literal.append(text[at:])
    _flush(literal, pieces)
    return tuple(pieces)


def fixed(template: Template) -> tuple[Piece, ...] | None:
    """The pieces if the template has no variable, else None."""
    for piece in template:
        if isinstance(piece, Variable):
            return None
    return cast("tuple[Piece, ...]", template)


def resolve(template: Template, context: Mapping[str, str | tuple[str, ...]]) -> tuple[Piece, ...] | None:
    """The pieces with the request's values filled in, or None when a variable has no value."""
    pieces: list[Piece] = []
    for piece in template:
        if isinstance(piece, Variable):
            held = context.get(piece.key)
            value = piece.default if held is None else held
            if not isinstance(value, str):
                return None
            pieces.append(value)
        else:
            pieces.append(piece)
    return tuple(pieces)


def least_length(pieces: Iterable[Piece]) -> int:
    """Characters that a text must have to fit: a value brought in a thousand times fits no shorter text."""
    return sum([len(piece) for piece in pieces if isinstance(piece, str)])


def variable_keys(template: Template) -> frozenset[str]:
    """The condition keys that the template reads, in lower case."""
    return frozenset([piece.key for piece in template if isinstance(piece, Variable)])


def written_keys(text: str) -> Iterator[str]:
    """The condition keys that the variables of `text` read, each as it is spelled there."""
    for found in _SPECIAL.finditer(text):
        if isinstance(_piece(found, wildcards=False), Variable):
            yield found[2].partition(",")[0].strip()


def _piece(found: re.Match[str], *, wildcards: bool) -> Piece | Variable:
    literal, inside, wildcard = found.groups()
    if wildcard is not None:
        return _WILDCARDS[wildcard] if wildcards else wildcard
    if literal is not None:
        return literal
    key, comma, default = (part.strip() for part in inside.partition(","))
    quoted = len(default) >= 2 and default[0] == default[-1] == "'" and "'" not in default[1:-1]
    if not key or (comma and not quoted):
        return found.group()
    return Variable(key.lower(), default[1:-1] if comma else None)


def _flush(literal: list[str], pieces: list[Piece | Variable]) -> None:
    text = "".join(literal)
    literal.clear()
    if text:
        pieces.append(text)
