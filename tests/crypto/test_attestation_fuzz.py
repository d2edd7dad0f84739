"""Whatever a caller sends for an attestation document, it is refused in our words, or it is one."""

import os
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.enclaves import Enclave, Hypervisor

from keystead.crypto import cbor
from keystead.crypto.attestation import AttestationRoots, InvalidAttestationDocument
from keystead.crypto.enveloped_data import seal

HYPERVISOR = Hypervisor(1_800_000_123.456)
ENCLAVE = Enclave()
ROOTS = AttestationRoots(HYPERVISOR.root_pem)
WHOLE = HYPERVISOR.document(ENCLAVE.public_key)
FIELDS = HYPERVISOR.fields(ENCLAVE.public_key)


def accepted(document: bytes) -> bool:
    """Whether it proves something: then its key can be encrypted for. Any other exception fails the test."""
    try:
        proved = ROOTS.verify(document, HYPERVISOR.milliseconds)
    except InvalidAttestationDocument:
        return False
    assert seal(proved.public_key, b"a secret", os.urandom)
    return True


@given(st.binary(max_size=200))
def test_bytes(document: bytes) -> None:
    assert not accepted(document)


@given(st.binary(max_size=200))
def test_bytes_that_begin_like_a_document(rest: bytes) -> None:
    assert not accepted(WHOLE[:8] + rest)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@settings(max_examples=150, deadline=None)
def test_no_byte_can_be_changed(at: int, change: int) -> None:
    changed = bytearray(WHOLE)
    changed[at] ^= change
    assert not accepted(bytes(changed))


@given(st.integers(0, len(WHOLE)), st.integers(0, 64), st.binary(max_size=64))
@settings(max_examples=150, deadline=None)
def test_no_piece_can_be_exchanged(at: int, length: int, piece: bytes) -> None:
    changed = WHOLE[:at] + piece + WHOLE[at + length :]
    assert changed.removeprefix(b"\xd2") == WHOLE or not accepted(changed)  # a tag may be there


anything = st.recursive(
    st.none() | st.integers(-(1 << 64), (1 << 64) - 1) | st.binary(max_size=80) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.integers(-1, 40) | st.text(max_size=3), inner)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(FIELDS)), anything)
@settings(max_examples=150, deadline=None)
def test_fields_may_be_anything_even_if_signed(name: str, value: Any) -> None:
    """Nobody but the hypervisor can sign such a document, but its signature is what is looked at last."""
    accepted(HYPERVISOR.document(**FIELDS | {name: value}))


@given(st.binary(max_size=100))
def test_payloads_may_be_anything_even_if_signed(payload: bytes) -> None:
    assert not accepted(HYPERVISOR.sign(payload))


@pytest.mark.parametrize("name", ["certificate", "public_key", "cabundle"])
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_der_may_be_broken_anywhere(name: str, data: st.DataObject) -> None:
    """Certificates and keys are read before anything is proved of them, or after."""
    whole = FIELDS[name][1] if name == "cabundle" else FIELDS[name]
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] = data.draw(st.integers(0, 255))
    changed = changed[: data.draw(st.integers(at, len(whole)))] if data.draw(st.booleans()) else changed
    value: Any = bytes(changed)
    if name == "cabundle":
        value = [FIELDS[name][0], value, *FIELDS[name][2:]]
    took = accepted(HYPERVISOR.sign(cbor.encode(FIELDS | {name: value})))
    assert name == "public_key" or value == FIELDS[name] or not took
