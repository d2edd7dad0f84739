"""New ids, in the forms that Organizations gives them.

Source: Organizations API Reference, the patterns of the ids. The lengths are those of ids seen in AWS's
documentation, the shortest where it shows several.
"""

from keystead.crypto.randomness import Random, below

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_organization_id(random: Random) -> str:
    """`o-` and ten characters."""
    return f"o-{_text(10, random)}"


def new_root_id(random: Random) -> str:
    """`r-` and four characters."""
    return f"r-{_text(4, random)}"


def new_unit_id(root: str, random: Random) -> str:
    """`ou-`, the root's four characters and eight of its own."""
    return f"ou-{root.removeprefix('r-')}-{_text(8, random)}"


def new_policy_id(random: Random) -> str:
    """`p-` and eight characters."""
    return f"p-{_text(8, random)}"


def new_handshake_id(random: Random) -> str:
    """`h-` and 32 characters."""
    return f"h-{_text(32, random)}"


def new_creation_id(random: Random) -> str:
    """`car-` and 32 characters."""
    return f"car-{_text(32, random)}"


def _text(length: int, random: Random) -> str:
    number = below(36**length, random)
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(digits)
