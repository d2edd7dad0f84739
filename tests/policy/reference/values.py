"""Numbers, dates, addresses and base64 as condition operators read them (6.4, 6.5)."""

import base64
import datetime
import ipaddress
from fractions import Fraction

DIGITS = "0123456789"
FINEST = 256
"""Characters; what is longer is read neither as a number nor as a date (the product's own bound)."""


def digits(text: str, least: int, most: int) -> bool:
    return least <= len(text) <= most and all(character in DIGITS for character in text)


def number(text: str) -> Fraction | None:
    """6.4, recorded: `01`, `+1`, `1.`, `1.0`, `.5` and `1e0` are numbers, `NaN` and `Infinity` are not."""
    if len(text) > FINEST:
        return None
    body = text[1:] if text[:1] in ("+", "-") else text
    mantissa, e, exponent = body.replace("E", "e").partition("e")
    unsigned = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    if e and not digits(unsigned, 1, 4):
        return None
    whole, _, part = mantissa.partition(".")
    if not digits(whole + part, 1, FINEST):
        return None
    value = Fraction(int(whole + part), 10 ** len(part)) * Fraction(10) ** int(exponent or "0")
    return -value if text[0] == "-" else value


def date(text: str) -> int | None:
    """6.4: milliseconds since 1970 of an ISO 8601 date or of epoch seconds. Four digits are a year."""
    if len(text) > FINEST:
        return None
    if digits(text, 4, 4) or "-" in text[4:5]:
        return calendar_date(text)
    seconds = number(text)
    if seconds is None:
        return None
    milliseconds = abs(seconds) * 1000
    cut = milliseconds.numerator // milliseconds.denominator
    return cut if seconds >= 0 else -cut


def calendar_date(text: str) -> int | None:
    day, t, time = text.partition("T")
    numbers = day.split("-")
    lengths = [len(one) for one in numbers]
    if lengths not in ([4], [4, 2], [4, 2, 2]) or not all(digits(one, 1, 4) for one in numbers):
        return None
    if t and len(numbers) != 3:
        return None
    year, month, day_of_month = [int(one) for one in [*numbers, "1", "1"][:3]]
    try:
        days = datetime.date(year, month, day_of_month).toordinal() - datetime.date(1970, 1, 1).toordinal()
    except ValueError:
        return None
    within = time_of_day(time) if t else 0
    return None if within is None else days * 86_400_000 + within


def time_of_day(text: str) -> int | None:
    """`12:30`, `12:30:05`, `12:30:05.123`, and a zone: `Z`, `+02:00` or `+0200`. Without one it is UTC."""
    clock, offset = text, 0
    if text.endswith("Z"):
        clock = text[:-1]
    else:
        for sign in ("+", "-"):
            if sign in text:
                clock, _, zone = text.partition(sign)
                hours, minutes = zone[:2], zone[2:].removeprefix(":")
                if not digits(hours, 2, 2) or not digits(minutes, 2, 2):
                    return None
                if int(hours) > 23 or int(minutes) > 59:
                    return None
                offset = (int(hours) * 60 + int(minutes)) * 60_000 * (1 if sign == "+" else -1)
    parts = clock.split(":")
    if len(parts) not in (2, 3) or not all(digits(part, 2, 2) for part in parts[:2]):
        return None
    second, point, fraction = parts[2].partition(".") if len(parts) == 3 else ("00", "", "")
    if not digits(second, 2, 2) or (point and not digits(fraction, 1, FINEST)):
        return None
    hour, minute = int(parts[0]), int(parts[1])
    if hour > 23 or minute > 59 or int(second) > 59:
        return None
    milliseconds = int((fraction + "000")[:3])
    return ((hour * 60 + minute) * 60 + int(second)) * 1000 + milliseconds - offset


def v4(text: str) -> ipaddress.IPv4Address | None:
    """6.5: four decimal octets; leading zeros mean nothing."""
    octets = text.split(".")
    if len(octets) != 4 or not all(digits(octet, 1, 10) and int(octet) < 256 for octet in octets):
        return None
    return ipaddress.IPv4Address(".".join(str(int(octet)) for octet in octets))


def v6(text: str) -> ipaddress.IPv6Address | None:
    """6.5: hexadecimal groups; recorded: `2001:db8:::1` has an empty group too many, and is accepted."""
    if "." in text or "%" in text or "/" in text:
        return None
    try:
        return ipaddress.IPv6Address(text.replace(":::", "::", 1) if "::::" not in text else text)
    except ValueError:
        return None


def address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """A request's address. Recorded: an IPv4-mapped one is the IPv4 address, dotted or not."""
    found = v4(text)
    if found is not None:
        return found
    head, _, tail = text.rpartition(":")
    if "." in tail:
        dotted, rest = v4(tail), v6(f"{head}:0:0")
        if dotted is None or rest is None or rest.ipv4_mapped is None:
            return None
        return dotted
    six = v6(text)
    return six if six is None or six.ipv4_mapped is None else six.ipv4_mapped


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """An operand. None: it matches nothing (6.5)."""
    written, slash, length = text.partition("/")
    length = length.removeprefix("+")
    if slash and not digits(length, 1, 10):
        return None
    four, six = v4(written), v6(written)
    widest = 32 if four is not None else 128
    prefix = int(length) if slash else widest
    if prefix > widest:
        return None
    if four is not None:
        return ipaddress.IPv4Network((int(four), prefix), strict=False)
    if six is None or six.ipv4_mapped is not None:
        return None
    try:
        return ipaddress.IPv6Network((int(six), prefix), strict=True)
    except ValueError:
        return None  # recorded: with host bits it matches nothing


def canonical_base64(text: str) -> bool:
    """6.4: the only form that compares."""
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except ValueError:
        return False
