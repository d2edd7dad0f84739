"""Globs, ARNs, variables and lower-casing, the dumbest way (4.2, 5, 6.4)."""

from typing import Any

Context = dict[str, Any]
"""Condition key in lower case -> a text, or a list of texts for a key that is multivalued by nature."""

Piece = tuple[str, bool]
"""A text, and whether it is literal: then `*` and `?` in it are no wildcards."""

NO_VARIABLE = object()
UNRESOLVED = object()


def pieces(text: str, context: Context, variables: bool) -> list[Piece] | None:
    """5: `text` with its variables filled in, character by character; None if one has no value."""
    made: list[Piece] = []
    at = 0
    while at < len(text):
        if variables and text.startswith("${", at):
            end = text.find("}", at)
            value = NO_VARIABLE if end < 0 else fill(text[at + 2 : end], context)
            if value is UNRESOLVED:
                return None
            if isinstance(value, str):
                made.append((value, True))
                at = end + 1
                continue
        made.append((text[at], False))
        at += 1
    return made


def fill(inside: str, context: Context) -> object:
    """What stands between `${` and `}`: its value, `UNRESOLVED`, or `NO_VARIABLE`: the text is literal."""
    if inside in ("*", "?", "$"):
        return inside
    if "$" in inside or "{" in inside:
        return NO_VARIABLE  # (unverified)
    name, comma, rest = inside.partition(",")
    name, rest = name.strip(), rest.strip()
    if not name:
        return NO_VARIABLE
    if comma and (len(rest) < 2 or rest[0] != "'" or rest[-1] != "'" or "'" in rest[1:-1]):
        return NO_VARIABLE
    held = context.get(name.lower())
    if isinstance(held, list):
        return UNRESOLVED  # recorded: a multivalued key feeds no variable, and no default stands in
    if held is None:
        return rest[1:-1] if comma else UNRESOLVED
    return held


def plain(made: list[Piece]) -> str:
    """The text of the pieces, where nothing is a wildcard."""
    return "".join(text for text, _ in made)


def units(text: str) -> list[int]:
    """UTF-16 units."""
    if text.isascii():
        return list(text.encode("ascii"))
    raw = text.encode("utf-16-le")
    return [raw[at] + 256 * raw[at + 1] for at in range(0, len(raw), 2)]


def glob(pattern: list[Piece], text: str) -> bool:
    """4.2: `*` is any run of units, `?` one unit. Keeps every place of the text that can be reached."""
    wanted = units(text)
    reached = {0}
    for piece, literal in pattern:
        if not reached:
            return False
        if not literal and piece == "*":
            reached = set(range(min(reached), len(wanted) + 1))
        elif not literal and piece == "?":
            reached = {at + 1 for at in reached if at < len(wanted)}
        else:
            for unit in units(piece):
                reached = {at + 1 for at in reached if at < len(wanted) and wanted[at] == unit}
    return len(wanted) in reached


def six_parts(made: list[Piece]) -> list[list[Piece]] | None:
    """4.2: the pattern split at its first five colons; None if it is no ARN."""
    parts: list[list[Piece]] = [[]]
    for piece, literal in made:
        for character in piece:
            if character == ":" and len(parts) < 6:
                parts.append([])
            else:
                parts[-1].append((character, literal))
    if len(parts) < 6 or plain(parts[0]) != "arn":
        return None
    return parts


def is_arn(text: str) -> bool:
    """Whether a request holds an ARN there."""
    parts = text.split(":", 5)
    return len(parts) == 6 and parts[0] == "arn"


def arn_fits(parts: list[list[Piece]], arn: str) -> bool:
    """4.2: part by part."""
    return is_arn(arn) and all(glob(part, text) for part, text in zip(parts, arn.split(":", 5), strict=True))


def lower_cased(text: str) -> str:
    """6.4: lower-casing in context (final sigma), which leaves characters beyond U+FFFF alone."""
    made = ""
    for at, character in enumerate(text):
        if character > "\uffff":
            made += character
        elif character == "Σ":
            # Its form depends on its neighbours: the last of a word is another letter.
            made += text.lower()[len(text[:at].lower())]
        else:
            made += character.lower()
    return made
