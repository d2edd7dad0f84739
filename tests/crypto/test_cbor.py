"""CBOR: the examples of RFC 8949 (appendix A) that are in our form, those that are not, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.cbor import MAX_DEPTH, InvalidCbor, Value, decode, encode

EXAMPLES: list[tuple[str, Value]] = [
    ("00", 0),
    ("01", 1),
    ("0a", 10),
    ("17", 23),
    ("1818", 24),
    ("1819", 25),
    ("1864", 100),
    ("1903e8", 1000),
    ("1a000f4240", 1000000),
    ("1b000000e8d4a51000", 1000000000000),
    ("1bffffffffffffffff", 18446744073709551615),
    ("3bffffffffffffffff", -18446744073709551616),
    ("20", -1),
    ("29", -10),
    ("3863", -100),
    ("3903e7", -1000),
    ("f6", None),
    ("40", b""),
    ("4401020304", bytes.fromhex("01020304")),
    ("60", ""),
    ("6161", "a"),
    ("6449455446", "IETF"),
    ("62225c", '"\\'),
    ("62c3bc", "\u00fc"),
    ("63e6b0b4", "\u6c34"),
    ("64f0908591", "\U00010151"),
    ("80", []),
    ("83010203", [1, 2, 3]),
    ("8301820203820405", [1, [2, 3], [4, 5]]),
    (
        "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
        list(range(1, 26)),
    ),
    ("a0", {}),
    ("a201020304", {1: 2, 3: 4}),
    ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ("826161a161626163", ["a", {"b": "c"}]),
    (
        "a56161614161626142616361436164614461656145",
        {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"},
    ),
]
INDEFINITE: list[tuple[str, Value]] = [
    ("bfff", {}),
    ("826161bf61626163ff", ["a", {"b": "c"}]),
]
REFUSED = {
    "nothing": "",
    "false": "f4",
    "true": "f5",
    "undefined": "f7",
    "simple value": "f0",
    "simple value in two bytes": "f8ff",
    "half float": "f90000",
    "float": "fa47c35000",
    "double": "fb3ff199999999999a",
    "bignum": "c249010000000000000000",
    "tagged time": "c11a514b67b0",
    "tagged bytes": "d74401020304",
    "bytes in pieces": "5f42010243030405ff",
    "text in pieces": "7f657374726561646d696e67ff",
    "array of any length": "9f018202039f0405ffff",
    "empty array of any length": "9fff",
    "break": "ff",
    "reserved length": "5c",
    "zero in two bytes": "1800",
    "23 in two bytes": "1817",
    "24 in three bytes": "190018",
    "255 in three bytes": "1900ff",
    "65535 in five bytes": "1a0000ffff",
    "four gigabytes less one in nine bytes": "1b00000000ffffffff",
    "length in two bytes": "580100",
    "key twice": "a201020103",
    "text key twice": "a2616101616102",
    "key twice, any length": "bf01020103ff",
    "bytes for a key": "a1410000",
    "null for a key": "a1f600",
    "array for a key": "a18000",
    "map for a key": "a1a000",
    "map without its end": "bf0102",
    "map that ends after a key": "bf01ff",
    "map that is too short": "a20102",
    "array that is too short": "8201",
    "array of more than there is": "9bffffffffffffffff00",
    "map of more than there is": "bbffffffffffffffff0000",
    "bytes of more than there are": "5bffffffffffffffff00",
    "cut number": "19ff",
    "left over": "0000",
    "not UTF-8": "61ff",
    "too deep": "81" * (MAX_DEPTH + 1) + "00",
    "much too deep": "81" * 100_000,
    "maps that are too deep": "bf00" * 100_000,
}


@pytest.mark.parametrize(("encoded", "value"), [*EXAMPLES, *INDEFINITE])
def test_examples_are_read(encoded: str, value: Value) -> None:
    assert decode(bytes.fromhex(encoded)) == value


@pytest.mark.parametrize(("encoded", "value"), EXAMPLES)
def test_examples_are_written(encoded: str, value: Value) -> None:
    assert encode(value).hex() == encoded


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_in_our_form_is_refused(what: str) -> None:
    with pytest.raises(InvalidCbor):
        decode(bytes.fromhex(REFUSED[what]))


def test_numbers_of_more_than_64_bits_are_not_written() -> None:
    with pytest.raises(OverflowError):
        encode(1 << 64)


scalars = st.integers(-(1 << 64), (1 << 64) - 1) | st.binary() | st.text() | st.none()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.integers(-99, 99) | st.text(), inner, max_size=4)
    ),
    max_leaves=8,
).filter(lambda value: depth(value) <= MAX_DEPTH)


def depth(value: Value) -> int:
    inner = value if isinstance(value, list) else value.values() if isinstance(value, dict) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@given(values)
def test_what_is_written_is_read(value: Value) -> None:
    assert decode(encode(value)) == value


@given(st.binary(max_size=64))
def test_any_bytes_are_one_value_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except InvalidCbor:
        return
    if b"\xbf" not in data:  # then there is one way to write it
        assert encode(value) == data
