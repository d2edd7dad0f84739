"""How the texts of conditions are read: numbers, dates, addresses, base64.

Each reader returns None for a text that is not of its type. The spellings accepted are those that AWS was
seen to accept; they are wider here and narrower there than Python's.
"""

import base64
import binascii
import functools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
MAX_DIGITS = 256
"""A longer text is not read as a number or a date; no condition key holds one."""

_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?)?)?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT = Context(prec=MAX_DIGITS)  # so that no number that is read is rounded


def read_number(text: str) -> Decimal | None:
    """A decimal number. Recorded: `01`, `+1`, `1.`, `1e0` are 1; `NaN` and `Infinity` are no numbers."""
    if len(text) > MAX_DIGITS or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)


def read_date(text: str) -> int | None:
    """Milliseconds since 1970: an ISO 8601 date or date-time (without zone: UTC), or epoch seconds.

    What is finer than a millisecond is cut off (recorded). Four digits alone are a year (unverified).
    """
    if len(text) > MAX_DIGITS:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        seconds = read_number(text)
        return None if seconds is None else int(seconds.scaleb(3, _EXACT))
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        instant = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    milliseconds = int(((fraction or "") + "000")[:3])
    return (instant - _EPOCH) // timedelta(milliseconds=1) + milliseconds - _offset(zone)


def _offset(zone: str | None) -> int:
    """Milliseconds by which a zone is ahead of UTC."""
    if zone is None or zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return minutes * 60_000 * (-1 if zone[0] == "-" else 1)


def is_base64(text: str) -> bool:
    """Whether `text` is canonical, padded base64: the only form that compares (recorded)."""
    try:
        return base64.b64encode(base64.b64decode(text.encode("ascii"), validate=True)).decode("ascii") == text
    except (UnicodeEncodeError, binascii.Error):
        return False


def lower(text: str) -> str:
    """`text` as the IgnoreCase operators compare it: lower-cased in context, but only up to U+FFFF.

    Recorded: a final sigma is one, the Kelvin sign is `k`, and characters beyond U+FFFF keep their case
    though they count as letters for the sigma.
    """
    return text.lower() if text.isascii() else _lower(text)


def lower_length(text: str) -> int:
    """The length of `lower(text)`, found without making it: one character alone becomes two."""
    return len(text) + text.count("\u0130")


@functools.lru_cache(maxsize=16)  # one text is compared under many conditions
def _lower(text: str) -> str:
    lowered = text.lower()
    if max(text) <= "\uffff":
        return lowered
    # No such character changes the length of the text when it is lower-cased, so they pair up in order.
    kept = iter([character for character in text if character > "\uffff"])
    return "".join(next(kept) if character > "\uffff" else character for character in lowered)


@dataclass(frozen=True, slots=True)
class Network:
    """Addresses of one family (`bits` is 32 or 128) that share their first `prefix` bits."""

    bits: int
    first: int
    prefix: int

    def __contains__(self, address: tuple[int, int]) -> bool:
        bits, value = address
        return bits == self.bits and (value ^ self.first) >> (bits - self.prefix) == 0


_OCTET = re.compile(r"[0-9]{1,10}")
_PREFIX = re.compile(r"\+?([0-9]{1,10})")
_GROUP = re.compile(r"[0-9a-fA-F]{1,4}")
_MAPPED = 0xFFFF


def read_address(text: str) -> tuple[int, int] | None:
    """The family (32 or 128) and the value of an address. Recorded: an IPv4-mapped address counts as IPv4."""
    value = _v4(text)
    if value is not None:
        return 32, value
    head, _, tail = text.rpartition(":")
    if "." in tail:
        # Dotted text is part of an IPv6 address only in the mapped form.
        value = _v4(tail)
        return (32, value) if value is not None and _v6(f"{head}:0:0") == _MAPPED << 32 else None
    value = _v6(text)
    if value is not None and value >> 32 == _MAPPED:
        return 32, value & 0xFFFFFFFF
    return None if value is None else (128, value)


def read_network(text: str) -> Network | None:
    """The network an operand names, or None when it can match nothing.

    Recorded: IPv4 networks are masked; an IPv6 network with host bits, one with a dotted part and one in
    the mapped form match nothing; leading zeros and a plus sign before the prefix length are accepted.
    """
    address, slash, length = text.partition("/")
    value = _v4(address)
    bits = 32 if value is not None else 128
    if value is None:
        value = _v6(address)
    if value is None:
        return None
    prefix = bits
    if slash:
        digits = _PREFIX.fullmatch(length)
        if digits is None or int(digits[1]) > bits:
            return None
        prefix = int(digits[1])
    host = value & ((1 << (bits - prefix)) - 1)
    if bits == 128 and (host or value >> 32 == _MAPPED):
        return None
    return Network(bits, value - host, prefix)


def _v4(text: str) -> int | None:
    octets = text.split(".", 4)
    if len(octets) != 4 or not all(_OCTET.fullmatch(octet) for octet in octets):
        return None
    values = [int(octet) for octet in octets]
    if max(values) > 255:
        return None
    return values[0] << 24 | values[1] << 16 | values[2] << 8 | values[3]


def _v6(text: str) -> int | None:
    if len(text) > 64 or "%" in text:
        return None
    head, run, tail = text.partition("::")
    if "::" in tail:
        return None
    # An empty group beside the compressed run is tolerated: `2001:db8:::1` (recorded).
    left, right = _groups(head), _groups(tail.removeprefix(":"))
    if left is None or right is None:
        return None
    missing = 8 - len(left) - len(right)
    if (missing < 1) if run else (missing != 0):
        return None
    value = 0
    for group in (*left, *[0] * missing, *right):
        value = value << 16 | group
    return value


def _groups(text: str) -> list[int] | None:
    if not text:
        return []
    groups = text.split(":", 8)
    if not all(_GROUP.fullmatch(group) for group in groups):
        return None
    return [int(group, 16) for group in groups]
