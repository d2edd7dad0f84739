"""What an expectation of a scenario matches."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any

ABSENT = "<absent>"
STRUCTURED = {"<json>", "<unordered>", "<contains>"}
HEX64 = "[0-9a-f]{64}"
_KEY_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _text(form: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and re.fullmatch(form, value, re.DOTALL) is not None


def _blob(value: Any) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except binascii.Error:
        return None


PLAIN: dict[str, Callable[[Any], bool]] = {
    "<any>": lambda _: True,
    "<string>": _text(".+"),
    "<arn>": _text("arn:.+"),
    "<uuid>": _text(_KEY_ID),
    "<mrk>": _text("mrk-[0-9a-f]{32}"),
    "<hex64>": _text(HEX64),
    "<timestamp>": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "<bytes>": lambda value: bool(_blob(value)),
}
SIZED: dict[str, Callable[[Any, int], bool]] = {
    "bytes": lambda value, size: len(_blob(value) or b"") == size,
    "length": lambda value, size: len(value) == size,
}
_SIZED = re.compile(r"<(bytes|length):(\d+)>")
_NOT = re.compile(r"<not:(.*)>", re.DOTALL)


def is_pattern(text: str) -> bool:
    """Whether a text in angle brackets is a pattern."""
    return text in PLAIN or text == ABSENT or bool(_SIZED.fullmatch(text) or _NOT.fullmatch(text))


def mismatch(pattern: Any, actual: Any, path: str = "") -> str | None:
    """Where and why `actual` does not match, or None when it does."""
    match pattern:
        case {"<json>": inner}:
            return mismatch(inner, json.loads(actual), f"{path}<json>")
        case {"<unordered>": items}:
            return _unordered(items, actual, path)
        case {"<contains>": inner}:
            found = any(mismatch(inner, item, path) is None for item in actual)
            return None if found else f"{path}: no element like {inner} in {actual}"
        case dict():
            return _subset(pattern, actual, path)
        case list():
            if not isinstance(actual, list) or len(actual) != len(pattern):
                return f"{path}: {actual} is not a list of {len(pattern)}"
            found_wrong = (
                mismatch(one, other, f"{path}[{index}]")
                for index, (one, other) in enumerate(zip(pattern, actual, strict=True))
            )
            return next((wrong for wrong in found_wrong if wrong), None)
        case str() if pattern.startswith("<") and is_pattern(pattern):
            return None if _like(pattern, actual) else f"{path}: {actual!r} is not {pattern}"
        case _:
            return None if _same(pattern, actual) else f"{path}: {actual!r} is not {pattern!r}"


def message_like(expected: str, actual: str) -> bool:
    """Whether an error's message is the expected one; `<hex64>` in it stands for 64 digits."""
    form = HEX64.join(re.escape(part) for part in expected.split("<hex64>"))
    return re.fullmatch(form, actual, re.DOTALL) is not None


def _subset(pattern: dict[str, Any], actual: Any, path: str) -> str | None:
    if not isinstance(actual, dict):
        return f"{path}: {actual!r} is no object"
    for name, inner in pattern.items():
        if inner == ABSENT:
            if name in actual:
                return f"{path}.{name}: there is {actual[name]!r}"
        elif name not in actual:
            return f"{path}.{name} is not there"
        elif wrong := mismatch(inner, actual[name], f"{path}.{name}"):
            return wrong
    return None


def _unordered(items: list[Any], actual: Any, path: str) -> str | None:
    if not isinstance(actual, list) or len(actual) != len(items):
        return f"{path}: {actual} is not a list of {len(items)}"
    left = list(actual)
    for item in items:
        found = next((one for one in left if mismatch(item, one, path) is None), None)
        if found is None:
            return f"{path}: no element like {item} in {left}"
        left.remove(found)
    return None


def _like(pattern: str, actual: Any) -> bool:
    if pattern in PLAIN:
        return PLAIN[pattern](actual)
    if sized := _SIZED.fullmatch(pattern):
        return SIZED[sized[1]](actual, int(sized[2]))
    unlike = _NOT.fullmatch(pattern)
    return unlike is not None and str(actual) != unlike[1]


def _same(pattern: Any, actual: Any) -> bool:
    return bool(pattern == actual) and isinstance(pattern, bool) == isinstance(actual, bool)
