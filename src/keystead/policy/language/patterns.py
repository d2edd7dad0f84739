r"""Wildcards: `*` is any run of characters, `?` is exactly one UTF-16 unit; nothing else is special.

Recorded on AWS: `*` crosses `/`, `:` and line breaks, `?` matches a line break, a character beyond
U+FFFF needs `??`, and `[`, `]` and `\` are ordinary. Matching takes no back-tracking: between two `*`
the leftmost fit is as good as any, so a pattern is a sequence of searches.
"""

import functools
from array import array
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, NamedTuple

from keystead.policy.language.variables import Piece, Wildcard

Matcher = Callable[[str], bool]


def units(text: str) -> str:
    """`text` with every character beyond U+FFFF written as its two UTF-16 units."""
    return text if text.isascii() else _units(text)


@functools.lru_cache(maxsize=16)  # one text is tried against many patterns
def _units(text: str) -> str:
    if max(text) <= "\uffff":
        return text
    # "utf-16" is in the machine's order, as the array is, behind a mark of two bytes.
    return "".join(map(chr, array("H", text.encode("utf-16", "surrogatepass")[2:])))


def compile_glob(pieces: Iterable[Piece]) -> Matcher:
    """A function that tells whether a whole text fits the pattern."""
    segments = _segments(pieces)
    if len(segments) == 1 and isinstance(segments[0], str):
        literal = segments[0]
        return lambda text: units(text) == literal
    if all(isinstance(segment, str) for segment in segments):
        plain = [segment for segment in segments if isinstance(segment, str)]
        if len(plain) == 2:
            return _prefix_and_suffix(*plain)
    return _sequence(segments)


class ArnForm(Enum):
    """Why a pattern is not compiled."""

    NOT_AN_ARN = "not an ARN"


def compile_arn(pieces: tuple[Piece, ...]) -> Matcher | ArnForm:
    """A function that tells whether an ARN fits, part by part; wildcards never cross the first five colons.

    `NOT_AN_ARN` if the pattern has fewer than six parts or does not begin with `arn:`. The function is
    false for a text that is no ARN.
    """
    parts = _six_parts(pieces)
    if parts is None or parts[0] != ("arn",):
        return ArnForm.NOT_AN_ARN
    head, rest = parts[:5], compile_glob(parts[5])
    if all(len(part) <= 1 and all(isinstance(piece, str) for piece in part) for part in head):
        # Five literal parts end at the fifth colon of any text that begins with them.
        prefix = "".join("".join(str(piece) for piece in part) + ":" for part in head)
        length = len(prefix)
        if not prefix.isascii():
            return _by_parts(tuple(compile_glob(part) for part in parts))
        if rest is _anything:
            return lambda text: text.startswith(prefix)
        return lambda text: text.startswith(prefix) and rest(text[length:])
    return _by_parts(tuple(compile_glob(part) for part in parts))


def has_arn_form(pieces: tuple[Piece, ...]) -> bool:
    """Whether `compile_arn` compiles the pattern; cheap, however long it is."""
    parts = _six_parts(pieces)
    return parts is not None and parts[0] == ("arn",)


def is_arn(text: str) -> bool:
    """Whether `text` has an ARN's six parts. Of a pattern without variables: whether it compiles."""
    return text.startswith("arn:") and text.count(":") >= 5


def _by_parts(matchers: tuple[Matcher, ...]) -> Matcher:
    def match(text: str) -> bool:
        parts = text.split(":", 5)
        return len(parts) == 6 and all(fits(part) for fits, part in zip(matchers, parts, strict=True))

    return match


def _six_parts(pieces: tuple[Piece, ...]) -> list[tuple[Piece, ...]] | None:
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if not isinstance(piece, str):
            parts[-1].append(piece)
            continue
        first, *others = piece.split(":", 6 - len(parts)) if len(parts) < 6 else [piece]
        if first:
            parts[-1].append(first)
        parts.extend([other] if other else [] for other in others)
    if len(parts) != 6:
        return None
    return [tuple(part) for part in parts]


_LONG: Final = 512
"""Units; in a longer text even several units without holes are searched by `_Places`."""


class _Places:
    """A text as one set of places for each unit: a number whose bits say where the unit stands.

    Searching it takes a step for each unit of the segment, and each step is about all places at once
    (compare Baeza-Yates and Gonnet, "A new approach to text searching", 1992). Whatever tries a segment at
    one place of the text after the other takes time that multiplies their lengths.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._of: dict[str, int] = {}

    def find(self, segment: "_Holed", start: int) -> int:
        """The leftmost place of `segment` from `start` on; -1 if there is none."""
        room = len(self._text) - segment.length + 1 - start
        if room <= 0:
            return -1
        left = ((1 << room) - 1) << start
        for at, unit in segment.units:
            left &= self._standing(unit) >> at
            if not left:
                return -1
        return (left & -left).bit_length() - 1

    def _standing(self, unit: str) -> int:
        places = self._of.get(unit)
        if places is None:
            bits = bytearray(len(self._text) // 8 + 1)
            at = self._text.find(unit)
            while at >= 0:
                bits[at >> 3] |= 1 << (at & 7)
                at = self._text.find(unit, at + 1)
            places = self._of[unit] = int.from_bytes(bits, "little")
        return places


_places = functools.lru_cache(maxsize=2)(_Places)  # one text is tried against many patterns


class _Holed(NamedTuple):
    """What stands between two `*`: its length, holes and all, and what stands where in it."""

    length: int
    units: tuple[tuple[int, str], ...]


# A segment is what stands between two `*`: it covers a fixed number of units. Most have no holes.
_Segment = str | _Holed


def _segments(pieces: Iterable[Piece]) -> list[_Segment]:
    runs: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece is Wildcard.RUN:
            runs.append([])
        else:
            runs[-1].append(piece)
    # Empty segments between `**` are no constraint.
    return [_segment(run) for place, run in enumerate(runs) if run or place in (0, len(runs) - 1)]


def _segment(run: list[Piece]) -> _Segment:
    parts = [units(piece) if isinstance(piece, str) else "" for piece in run]
    if Wildcard.ONE not in run:
        return "".join(parts)
    placed: list[tuple[int, str]] = []
    length = 0
    for part in parts:
        placed += enumerate(part, start=length)
        length += len(part) or 1
    return _Holed(length, tuple(placed))


def _anything(text: str) -> bool:  # noqa: ARG001 - the signature is a matcher's
    return True


def _prefix_and_suffix(prefix: str, suffix: str) -> Matcher:
    if not prefix and not suffix:
        return _anything
    if not suffix:
        return lambda text: units(text).startswith(prefix)
    length = len(prefix) + len(suffix)

    def match(text: str) -> bool:
        text = units(text)
        return len(text) >= length and text.startswith(prefix) and text.endswith(suffix)

    return match


def _sequence(segments: list[_Segment]) -> Matcher:
    if len(segments) == 1:
        (only,) = segments
        return lambda text: _at(only, units(text), 0, whole=True) >= 0
    first, *middle, last = segments
    room = _length(last)

    def match(text: str) -> bool:
        text = units(text)
        at = _at(first, text, 0)
        for segment in middle:
            if at < 0:
                return False
            at = _search(segment, text, at)
        start = len(text) - room
        return 0 <= at <= start and _at(last, text, start, whole=True) >= 0

    return match


def _length(segment: _Segment) -> int:
    return len(segment) if isinstance(segment, str) else segment.length


def _at(segment: _Segment, text: str, start: int, *, whole: bool = False) -> int:
    """The end of `segment` if it stands at `start` (and, for `whole`, reaches the end); else -1."""
    end = start + _length(segment)
    if end > len(text) or (whole and end != len(text)):
        return -1
    if isinstance(segment, str):
        return end if text.startswith(segment, start) else -1
    return end if all(text[start + at] == unit for at, unit in segment.units) else -1


def _search(segment: _Segment, text: str, start: int) -> int:
    """The end of the leftmost place of `segment` from `start` on; -1 if there is none."""
    if isinstance(segment, str):
        if len(text) <= _LONG or len(segment) == 1:
            place = text.find(segment, start)
            return -1 if place < 0 else place + len(segment)
        segment = _Holed(len(segment), tuple(enumerate(segment)))
    place = _places(text).find(segment, start)
    return -1 if place < 0 else place + segment.length
