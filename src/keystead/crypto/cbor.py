"""CBOR (RFC 8949), as much of it as attestation documents use, and one way to write each value.

Integers, byte strings, text strings, arrays, maps and null. Lengths and integers have their shortest form,
and lengths are definite: but for maps, for documents of 2026 have one of indefinite length where those of
2024 have not (seen in the field). Everything else is refused: tags, floats, other simple values, keys that
come twice, bytes that are left over. Libraries read all of CBOR, most of which would be ours to refuse.
"""

from typing import Final, TypeAlias

Key: TypeAlias = "int | str"
Value: TypeAlias = "int | bytes | str | list[Value] | dict[Key, Value] | None"

MAX_DEPTH: Final = 4
"""Arrays and maps in each other."""

_NULL: Final = 0xF6
_BREAK: Final = 0xFF
_ANY_LENGTH_MAP: Final = 0xBF
_LENGTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}
"""The bytes of an argument that follows its initial byte, by what that says of them."""


class InvalidCbor(Exception):
    """The bytes are not one value in the form that is read here."""


def decode(data: bytes) -> Value:
    """The value that `data` is.

    Raises:
        InvalidCbor: it is none, or not in this form.
    """
    reader = _Reader(data)
    value = reader.value(MAX_DEPTH)
    if reader.at != len(data):
        raise InvalidCbor("bytes follow the value")
    return value


def encode(value: Value) -> bytes:
    """`value` in this form, maps of definite length and in the order that they have."""
    match value:
        case None:
            return bytes((_NULL,))
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            text = value.encode()
            return _head(3, len(text)) + text
        case list():
            return _head(4, len(value)) + b"".join(map(encode, value))
        case dict():
            pairs = (encode(key) + encode(each) for key, each in value.items())
            return _head(5, len(value)) + b"".join(pairs)


def _head(kind: int, argument: int) -> bytes:
    """The initial byte and the argument, as short as can be; OverflowError for more than 64 bits."""
    if argument < 24:
        return bytes((kind << 5 | argument,))
    for said, size in _LENGTHS.items():
        if argument < 1 << 8 * size:
            return bytes((kind << 5 | said,)) + argument.to_bytes(size)
    raise OverflowError("a number of more than 64 bits")


class _Reader:
    """Where reading is; it takes time and memory in proportion to the bytes, whatever they say."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self, depth: int) -> Value:
        initial = self._take(1)[0]
        if initial == _NULL:
            return None
        if initial == _ANY_LENGTH_MAP:
            return self._map(None, depth)
        kind, argument = initial >> 5, self._argument(initial & 0x1F)
        match kind:
            case 0:
                return argument
            case 1:
                return -1 - argument
            case 2:
                return self._take(argument)
            case 3:
                return self._text(argument)
            case 4:
                self._check_depth(depth)
                return [self.value(depth - 1) for _ in range(argument)]
            case 5:
                return self._map(argument, depth)
            case _:
                raise InvalidCbor("a tag, a float or a simple value")

    def _take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if len(taken) != count:
            raise InvalidCbor("the bytes end too early")
        self.at += count
        return taken

    def _argument(self, said: int) -> int:
        if said < 24:
            return said
        size = _LENGTHS.get(said)
        if size is None:
            raise InvalidCbor("an indefinite or reserved length")
        argument = int.from_bytes(self._take(size))
        if argument < 24 or (size > 1 and argument < 1 << 4 * size):
            raise InvalidCbor("a number that is longer than it need be")
        return argument

    def _text(self, length: int) -> str:
        try:
            return self._take(length).decode()
        except UnicodeDecodeError:
            raise InvalidCbor("a text that is not UTF-8") from None

    def _map(self, pairs: int | None, depth: int) -> dict[Key, Value]:
        self._check_depth(depth)
        found: dict[Key, Value] = {}
        while not self._broken() if pairs is None else len(found) < pairs:
            key = self.value(0)
            if not isinstance(key, int | str):
                raise InvalidCbor("a key that is no number and no text")
            if key in found:
                raise InvalidCbor("a key that comes twice")
            found[key] = self.value(depth - 1)
        return found

    def _broken(self) -> bool:
        """Whether a map of indefinite length ends here; steps over its end."""
        ends = self.data[self.at : self.at + 1] == bytes([_BREAK])
        self.at += ends
        return ends

    @staticmethod
    def _check_depth(depth: int) -> None:
        if depth <= 0:
            raise InvalidCbor("arrays and maps that are too deep in each other")
