"""Where the statements of a document stand, as IAM's policy simulator counts lines and columns.

Recorded: both count from 1, and CR, LF and CR LF each end a line. A statement begins just after the list's
`[` or the statement before it, and a lone statement just after its own `{`; it ends just after its `}`.
"""

import re
from bisect import bisect_right
from typing import NamedTuple

from keystead.policy.language.json_reader import JsonArray, JsonObject, read_json

_LINE_END = re.compile(r"\r\n|\r|\n")


class Position(NamedTuple):
    """A place between two characters; line and column count from 1."""

    line: int
    column: int


class Extent(NamedTuple):
    """Where a statement begins and ends."""

    start: Position
    end: Position


def statement_extents(text: str) -> tuple[Extent, ...]:
    """The extent of every statement of the policy `text`, in their order; empty for what is no policy.

    `InvalidJson` (a ValueError) if the text is not JSON.
    """
    lines = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def position(at: int) -> Position:
        line = bisect_right(lines, at)
        return Position(line, at - lines[line - 1] + 1)

    return tuple(Extent(position(start), position(end)) for start, end in _offsets(text))


def _offsets(text: str) -> list[tuple[int, int]]:
    root = read_json(text)
    members = root.members if isinstance(root, JsonObject) else ()
    value = next((member.value for member in members if member.name == "Statement"), None)
    if isinstance(value, JsonObject):
        return [(value.at + 1, value.end)]
    offsets: list[tuple[int, int]] = []
    if isinstance(value, JsonArray):
        start = value.at + 1
        for item in value.items:
            if isinstance(item, JsonObject):
                offsets.append((start, item.end))
                start = item.end
    return offsets
