"""Shared secrets and RSA encryption: limits, foreign keys, one error."""

import key_pairs
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.key_families import new_key_pair
from keystead.crypto.key_material import (
    AgreementKeyPair,
    EncryptionKeyPair,
    InvalidCiphertext,
    InvalidPublicKey,
)
from keystead.kinds import EncryptionAlgorithm, KeySpec
from keystead.model.key_spec import most_plaintext

SECRET_BYTES = {KeySpec.ECC_NIST_P256: 32, KeySpec.ECC_NIST_P384: 48, KeySpec.ECC_NIST_P521: 66}
OAEP = [EncryptionAlgorithm.RSAES_OAEP_SHA_1, EncryptionAlgorithm.RSAES_OAEP_SHA_256]
by_spec = pytest.mark.parametrize("spec", key_pairs.AGREEMENT)
by_oaep = pytest.mark.parametrize("algorithm", OAEP)


def agreeing(spec: KeySpec) -> AgreementKeyPair:
    pair = key_pairs.pair(spec)
    assert isinstance(pair, AgreementKeyPair)
    return pair


def encrypting(spec: KeySpec) -> EncryptionKeyPair:
    pair = key_pairs.pair(spec)
    assert isinstance(pair, EncryptionKeyPair)
    return pair


@by_spec
def test_both_parties_have_the_same_secret(spec):
    other = new_key_pair(spec)
    assert isinstance(other, AgreementKeyPair)
    secret = agreeing(spec).shared_secret(other.public_key)
    assert secret == other.shared_secret(agreeing(spec).public_key)
    assert len(secret) == SECRET_BYTES[spec]
    assert len(agreeing(spec).shared_secret(agreeing(spec).public_key)) == SECRET_BYTES[spec]


@by_spec
def test_a_peer_is_a_key_of_the_same_curve(spec):
    for other in key_pairs.PAIRS:
        if other is not spec:
            with pytest.raises(InvalidPublicKey):
                agreeing(spec).shared_secret(key_pairs.pair(other).public_key)


@by_spec
def test_a_peer_is_a_subject_public_key_info_and_nothing_more(spec):
    public = agreeing(spec).public_key
    size = SECRET_BYTES[spec]
    off_the_curve = public[:-1] + bytes([public[-1] ^ 1])
    key = new_key_pair(spec)
    for peer in (
        b"",
        b"\x00",
        public[:-1],
        public[1:],
        public + b"\x00",
        public + public,
        public[-2 * size - 1 :],
        off_the_curve,
        public[: -2 * size] + bytes(2 * size),
        public[: -2 * size - 1] + b"\x00",
        key.private_bytes(),
        b"\x30\x80" + public[3 if public[1] > 127 else 2 :] + b"\x00\x00",
        bytes(8192),
    ):
        with pytest.raises(InvalidPublicKey) as refused:
            agreeing(spec).shared_secret(peer)
        assert refused.value.args == ()


@by_spec
def test_the_hybrid_form_of_a_point_is_refused(spec):
    """RFC 5480, section 2.2: 02, 03 and 04 are the forms."""
    while True:
        public = bytearray(new_key_pair(spec).public_key)
        at = len(public) - 2 * SECRET_BYTES[spec] - 1
        assert public[at] == 4
        if not public[-1] & 1:
            break
    for form in (0x06, 0x07, 0x05, 0x00):
        public[at] = form
        with pytest.raises(InvalidPublicKey):
            agreeing(spec).shared_secret(bytes(public))


@by_spec
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_peer_is_refused(spec, data):
    public = bytearray(agreeing(spec).public_key)
    at = data.draw(st.integers(0, len(public) - 1))
    public[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(InvalidPublicKey):
        agreeing(spec).shared_secret(bytes(public))


@by_spec
def test_a_compressed_point_is_taken(spec):
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    other = new_key_pair(spec)
    assert isinstance(other, AgreementKeyPair)
    key = load_der_public_key(other.public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    size = SECRET_BYTES[spec]
    point = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    identifier = other.public_key[3 if other.public_key[1] > 127 else 2 : -2 * size - 1]
    identifier = identifier[: 2 + identifier[1]]
    body = identifier + bytes([0x03, 2 + size, 0]) + point
    peer = bytes([0x30, len(body)]) + body
    assert agreeing(spec).shared_secret(peer) == agreeing(spec).shared_secret(other.public_key)


@pytest.mark.parametrize("spec", key_pairs.RSA)
@by_oaep
def test_as_much_is_encrypted_as_fits(spec, algorithm):
    pair, most = encrypting(spec), most_plaintext(spec, algorithm)
    for plaintext in (b"\x00", bytes(most)):
        ciphertext = pair.encrypt(algorithm, plaintext)
        assert len(ciphertext) == most + 2 * (20 if algorithm.endswith("_1") else 32) + 2
        assert pair.decrypt(algorithm, ciphertext) == plaintext
    with pytest.raises(ValueError):
        pair.encrypt(algorithm, bytes(most + 1))


@settings(max_examples=60, deadline=None)
@given(algorithm=st.sampled_from(OAEP), data=st.data())
def test_every_bit_of_a_ciphertext_counts(algorithm, data):
    pair = encrypting(KeySpec.RSA_2048)
    ciphertext = bytearray(pair.encrypt(algorithm, b"plaintext"))
    at = data.draw(st.integers(0, len(ciphertext) - 1))
    ciphertext[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(InvalidCiphertext):
        pair.decrypt(algorithm, bytes(ciphertext))


@by_oaep
def test_one_error_for_one_reason(algorithm):
    pair = encrypting(KeySpec.RSA_2048)
    good = pair.encrypt(algorithm, b"plaintext")
    [other] = set(OAEP) - {algorithm}
    for foreign in (
        b"",
        good[:-1],
        b"\x00" + good,
        good + b"\x00",
        bytes(256),
        b"\x00" * 255 + b"\x01",
        b"\xff" * 256,
        pair.encrypt(other, b"plaintext"),
        encrypting(KeySpec.RSA_3072).encrypt(algorithm, b"plaintext"),
    ):
        with pytest.raises(InvalidCiphertext) as refused:
            pair.decrypt(algorithm, foreign)
        assert str(refused.value) == "the ciphertext is not valid"
        assert refused.value.__suppress_context__


def test_a_pair_does_not_encrypt_symmetrically():
    pair = encrypting(KeySpec.RSA_2048)
    with pytest.raises(ValueError, match="do not encrypt so"):
        pair.encrypt(EncryptionAlgorithm.SYMMETRIC_DEFAULT, b"plaintext")
    with pytest.raises(ValueError, match="do not encrypt so"):
        pair.decrypt(EncryptionAlgorithm.SYMMETRIC_DEFAULT, bytes(256))
