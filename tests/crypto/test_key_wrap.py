"""Imported material unwraps whole or not at all."""

import os

import key_pairs
import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.key_material import EncryptionKeyPair, InvalidCiphertext, InvalidMaterial
from keystead.crypto.key_wrap import MAX_BYTES, unwrap
from keystead.kinds import EncryptionAlgorithm, KeySpec, WrappingAlgorithm

SPEC, MODULUS_BYTES = KeySpec.RSA_2048, 256
WITH_AES = [WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256]
by_algorithm = pytest.mark.parametrize("algorithm", WrappingAlgorithm)


def oaep(algorithm: WrappingAlgorithm, plaintext: bytes) -> bytes:
    pair = key_pairs.pair(SPEC)
    assert isinstance(pair, EncryptionKeyPair)
    name = "RSAES_OAEP_SHA_1" if algorithm.endswith("SHA_1") else "RSAES_OAEP_SHA_256"
    return pair.encrypt(EncryptionAlgorithm(name), plaintext)


def wrapped(algorithm: WrappingAlgorithm, material: bytes, aes_key_bytes: int = 32) -> bytes:
    if algorithm not in WITH_AES:
        return oaep(algorithm, material)
    aes_key = os.urandom(aes_key_bytes)
    return oaep(algorithm, aes_key) + aes_key_wrap_with_padding(aes_key, material)


def opened(algorithm: WrappingAlgorithm, sent: bytes) -> bytes:
    return unwrap(algorithm, key_pairs.material(SPEC), sent)


@by_algorithm
@settings(max_examples=10, deadline=None)
@given(material=st.binary(min_size=1, max_size=190))
def test_material_arrives(algorithm, material):
    assert opened(algorithm, wrapped(algorithm, material)) == material


@pytest.mark.parametrize("algorithm", WITH_AES)
@pytest.mark.parametrize("length", [191, 2400, 5000])
def test_long_material_arrives_under_an_aes_key(algorithm, length):
    material = os.urandom(length)
    assert opened(algorithm, wrapped(algorithm, material)) == material


@by_algorithm
def test_anything_else_is_refused_in_one_way(algorithm):
    good = wrapped(algorithm, bytes(range(32)))
    head, tail = good[:MODULUS_BYTES], good[MODULUS_BYTES:]
    for sent in (
        b"",
        b"\x00",
        good[:-1],
        good[1:],
        good + b"\x00",
        good + bytes(8),
        good[:-8],
        head[:-1],
        head + bytes(8),
        head + bytes(16),
        head + tail + tail,
        bytes(MODULUS_BYTES) + tail,
        tail + head,
        b"\xff" * MODULUS_BYTES,
        b"\xff" * MAX_BYTES,
        b"\xff" * (MAX_BYTES + 1),
    ):
        if sent == good:
            continue
        with pytest.raises(InvalidCiphertext) as refused:
            opened(algorithm, sent)
        assert str(refused.value) == "the ciphertext is not valid"
        assert refused.value.__cause__ is None
        assert refused.value.__suppress_context__ or refused.value.__context__ is None


@by_algorithm
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_bit_counts(algorithm, data):
    sent = bytearray(wrapped(algorithm, bytes(32)))
    at = data.draw(st.integers(0, len(sent) - 1))
    sent[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(InvalidCiphertext):
        opened(algorithm, bytes(sent))


@pytest.mark.parametrize("algorithm", WITH_AES)
@pytest.mark.parametrize("aes_key_bytes", [16, 24])
def test_the_aes_key_has_256_bits(algorithm, aes_key_bytes):
    with pytest.raises(InvalidCiphertext):
        opened(algorithm, wrapped(algorithm, bytes(32), aes_key_bytes))


@pytest.mark.parametrize("algorithm", WITH_AES)
@pytest.mark.parametrize("length", [0, 1, 31, 33])
def test_what_rsa_carries_is_an_aes_key(algorithm, length):
    aes_key = os.urandom(32)
    sent = oaep(algorithm, aes_key[:length].ljust(length, b"\x00"))
    with pytest.raises(InvalidCiphertext):
        opened(algorithm, sent + aes_key_wrap_with_padding(aes_key, bytes(32)))


@by_algorithm
def test_a_wrapping_key_is_an_rsa_key(algorithm):
    with pytest.raises(InvalidMaterial):
        unwrap(algorithm, key_pairs.material(KeySpec.ECC_NIST_P256), bytes(256))
