"""Policy variables: `${key}`, `${key, 'default'}` and the characters `${*}`, `${?}`, `${$}`.

Text that a variable brings in is literal, never a wildcard; a multivalued key feeds no variable, not even
with a default (both recorded on AWS). A `${` that begins no variable is literal text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum


class Wildcard(Enum):
    """A character of a pattern that stands for others."""

    RUN = "*"
    ONE = "?"


@dataclass(frozen=True, slots=True)
class Variable:
    """A place to fill: `key` in lower case, `default` for when the key is absent."""

    key: str
    default: str | None


Piece = str | Wildcard
"""A piece of a pattern: literal text or a wildcard."""

Template = tuple[Piece | Variable, ...]
"""What an operand or a resource says, before the request is known."""

_WILDCARD = re.compile(r"(?P<wildcard>[*?])")
# The inside of a variable ends at the next `$`, `{` or `}`, so that a scan is linear whatever the text.
_SPECIAL = re.compile(r"\$\{(?:(?P<literal>[*?$])|(?P<inside>[^${}]+))\}|(?P<wildcard>[*?])")


def parse_template(text: str, *, variables: bool, wildcards: bool) -> Template:
    """The pieces of `text`. Without `variables` (version 2008-10-17) `${...}` is literal text."""
    pieces: list[Piece | Variable] = []
    literal: list[str] = []
    at = 0
    for found in (_SPECIAL if variables else _WILDCARD).finditer(text):
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
    pieces = tuple(piece for piece in template if not isinstance(piece, Variable))
    return pieces if len(pieces) == len(template) else None


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


def variable_keys(template: Template) -> frozenset[str]:
    """The condition keys that the template reads, in lower case."""
    return frozenset(piece.key for piece in template if isinstance(piece, Variable))


def written_keys(text: str) -> Iterator[str]:
    """The condition keys that the variables of `text` read, each as it is spelled there."""
    for found in _SPECIAL.finditer(text):
        if isinstance(_piece(found, wildcards=False), Variable):
            yield found[2].partition(",")[0].strip()


def _piece(found: re.Match[str], *, wildcards: bool) -> Piece | Variable:
    parts = found.groupdict()
    if parts["wildcard"] is not None:
        return Wildcard(parts["wildcard"]) if wildcards else parts["wildcard"]
    if parts["literal"] is not None:
        return parts["literal"]
    key, comma, default = (part.strip() for part in parts["inside"].partition(","))
    quoted = len(default) >= 2 and default[0] == default[-1] == "'" and "'" not in default[1:-1]
    if not key or (comma and not quoted):
        return found.group()
    return Variable(key.lower(), default[1:-1] if comma else None)


def _flush(literal: list[str], pieces: list[Piece | Variable]) -> None:
    text = "".join(literal)
    literal.clear()
    if text:
        pieces.append(text)
