"""Lengths of BER made definite: DER stays as it is, and hostile lengths end soon."""

import contextlib
import time

import pytest
from der import element, parts
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.key_material import InvalidMaterial
from keystead.crypto.pkcs8 import MAX_BYTES, definite

ELEMENTS = st.recursive(
    st.builds(element, st.sampled_from([2, 4, 5, 6, 0x80]), st.binary(max_size=140)),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: element(0x30, b"".join(parts))),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(ELEMENTS)
def test_der_stays_as_it_is(encoded):
    if depth(encoded) <= 8:
        assert definite(encoded) == encoded


@settings(max_examples=100, deadline=None)
@given(ELEMENTS)
def test_indefinite_lengths_are_made_definite_at_every_depth(encoded):
    if depth(encoded) <= 8:
        assert definite(every_indefinite(encoded)) == encoded


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_other_bytes_are_one_element_or_refused(foreign):
    try:
        made = definite(foreign)
    except InvalidMaterial:
        return
    assert definite(made) == made


@pytest.mark.parametrize(
    "malformed",
    [
        pytest.param("1f0100", id="a tag of more than one byte"),
        pytest.param("04800000", id="a string of indefinite length that is not in pieces"),
        pytest.param("300730030402000500", id="an element that ends behind the one it is in"),
        pytest.param("3003040200", id="an element that ends behind the end"),
        pytest.param("05000500", id="two elements"),
        pytest.param("30800500", id="no end"),
        pytest.param("3080050000", id="half an end"),
        pytest.param("3082ff", id="half a length"),
        pytest.param("05", id="no length"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_not_one_element_is_refused(malformed):
    with pytest.raises(InvalidMaterial):
        definite(bytes.fromhex(malformed))


@pytest.mark.parametrize(
    "hostile",
    [
        b"\x30\x80" * 4000,
        b"\x30\x80" * 9 + b"\x00\x00" * 9,
        b"\x30\x80" + b"\x05\x00" * 4000,
        b"\x30\x80" + b"\x05\x00" * 4000 + b"\x00\x00",
        b"\x30\xff" + b"\xff" * 127,
        b"\x30\x84\xff\xff\xff\xff",
        bytes(MAX_BYTES + 1),
    ],
    ids=lambda hostile: hostile[:4].hex() + f"_{len(hostile)}",
)
def test_hostile_lengths_end_soon(hostile):
    started = time.process_time()
    with contextlib.suppress(InvalidMaterial):
        assert len(definite(hostile)) <= len(hostile) + 2
    assert time.process_time() - started < 1


def depth(encoded: bytes) -> int:
    if not encoded[0] & 0x20:
        return 1
    return 1 + max(map(depth, parts(encoded)), default=0)


def every_indefinite(encoded: bytes) -> bytes:
    if not encoded[0] & 0x20:
        return encoded
    inner = b"".join(map(every_indefinite, parts(encoded)))
    return encoded[:1] + b"\x80" + inner + b"\x00\x00"
