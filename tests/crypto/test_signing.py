"""Signatures of every spec, algorithm and message type: our own round, and a second implementation's word.

The second implementation is PyCryptodome, which shares no code with the library that signs; it does not know
secp256k1, which `test_openssl_command.py` has.
"""

import hashlib
from functools import cache

import key_pairs
import pytest
from Crypto.Hash import SHA256, SHA384, SHA512
from Crypto.PublicKey import ECC, MLDSA, RSA
from Crypto.Signature import DSS, eddsa, mldsa, pkcs1_15, pss
from hypothesis import given, settings
from hypothesis import strategies as st
from key_pairs import WAYS, Way, signer
from nacl.bindings import (
    crypto_sign_ed25519ph_final_create,
    crypto_sign_ed25519ph_state,
    crypto_sign_ed25519ph_update,
)

from keystead.crypto.key_families import load_material
from keystead.crypto.key_material import InvalidSignature, SigningKeyPair
from keystead.kinds import KeySpec, MessageType, SigningAlgorithm
from keystead.model.key_spec import hash_bytes, takes

HASHES = {32: SHA256, 48: SHA384, 64: SHA512}
SIGNATURE_BYTES = {
    KeySpec.RSA_2048: 256,
    KeySpec.RSA_3072: 384,
    KeySpec.RSA_4096: 512,
    KeySpec.ECC_NIST_EDWARDS25519: 64,
    KeySpec.ML_DSA_44: 2420,
    KeySpec.ML_DSA_65: 3309,
    KeySpec.ML_DSA_87: 4627,
}
FIXED = ("RSASSA_PKCS1", "ED25519")  # the algorithms that are deterministic
by_way = pytest.mark.parametrize("way", WAYS, ids="-".join)


def verify_elsewhere(way: Way, message: bytes, signature: bytes) -> None:
    """PyCryptodome's word; raises ValueError if it is no."""
    public = signer(way.spec).public_key
    if way.spec in key_pairs.ML_DSA:
        mldsa.new(MLDSA.import_key(public), context=b"").verify(message, signature)
        return
    if way.spec is KeySpec.ECC_NIST_EDWARDS25519:
        key = ECC.import_key(public)
        prehashed = way.algorithm is SigningAlgorithm.ED25519_PH_SHA_512
        eddsa.new(key, "rfc8032").verify(SHA512.new(message) if prehashed else message, signature)
        return
    hashed = HASHES[hash_bytes(way.algorithm)].new(message)
    if way.algorithm.startswith("RSASSA_PKCS1"):
        pkcs1_15.new(RSA.import_key(public)).verify(hashed, signature)
    elif way.algorithm.startswith("RSASSA_PSS"):
        pss.new(RSA.import_key(public), salt_bytes=hashed.digest_size).verify(hashed, signature)
    else:
        DSS.new(ECC.import_key(public), "fips-186-3", encoding="der").verify(hashed, signature)


@by_way
def test_a_signature_verifies_here(way):
    pair = signer(way.spec)
    signature = pair.sign(*way[1:], way.message())
    pair.verify(*way[1:], way.message(), signature)
    assert len(signature) == SIGNATURE_BYTES.get(way.spec, len(signature))
    again = pair.sign(*way[1:], way.message())
    assert (again == signature) is way.algorithm.startswith(FIXED)


@pytest.mark.parametrize("way", [w for w in WAYS if w.spec is not KeySpec.ECC_SECG_P256K1], ids="-".join)
def test_a_signature_verifies_elsewhere(way):
    pair = signer(way.spec)
    message = b"signed here, verified there"
    match way.message_type:
        case MessageType.RAW:
            given_to_kms = message
        case MessageType.DIGEST if way.spec is KeySpec.ECC_NIST_EDWARDS25519:
            # Recorded: KMS hashes the digest again, so the digest is the message of Ed25519ph.
            given_to_kms = message = hashlib.sha512(message).digest()
        case MessageType.DIGEST:
            given_to_kms = HASHES[hash_bytes(way.algorithm)].new(message).digest()
        case MessageType.EXTERNAL_MU:
            given_to_kms = representative(pair, message)
    verify_elsewhere(way, message, pair.sign(*way[1:], given_to_kms))
    with pytest.raises(ValueError):
        verify_elsewhere(way, message + b".", pair.sign(*way[1:], given_to_kms))


def representative(pair: SigningKeyPair, message: bytes) -> bytes:
    """mu of FIPS 204, algorithm 2, for an empty context."""
    raw_public = pair.public_key[22:]
    tr = hashlib.shake_256(raw_public).digest(64)
    return hashlib.shake_256(tr + b"\x00\x00" + message).digest(64)


@pytest.mark.parametrize("spec", key_pairs.ML_DSA)
@settings(max_examples=10, deadline=None)
@given(message=st.binary(min_size=1, max_size=4096))
def test_a_message_and_its_mu_have_the_same_signatures(spec, message):
    pair, algorithm = signer(spec), SigningAlgorithm.ML_DSA_SHAKE_256
    mu = representative(pair, message)
    pair.verify(algorithm, MessageType.EXTERNAL_MU, mu, pair.sign(algorithm, MessageType.RAW, message))
    pair.verify(algorithm, MessageType.RAW, message, pair.sign(algorithm, MessageType.EXTERNAL_MU, mu))


@pytest.mark.parametrize(
    "way",
    [w for w in WAYS if w.message_type is MessageType.DIGEST and not w.algorithm.startswith("ED25519")],
    ids="-".join,
)
@settings(max_examples=5, deadline=None)
@given(message=st.binary(min_size=1, max_size=4096))
def test_a_message_and_its_digest_have_the_same_signatures(way, message):
    pair, digest = signer(way.spec), HASHES[hash_bytes(way.algorithm)].new(message).digest()
    pair.verify(way.algorithm, MessageType.DIGEST, digest, pair.sign(way.algorithm, MessageType.RAW, message))
    pair.verify(way.algorithm, MessageType.RAW, message, pair.sign(way.algorithm, MessageType.DIGEST, digest))


@by_way
def test_nothing_else_verifies(way):
    pair, message = signer(way.spec), way.message()
    signature = pair.sign(*way[1:], message)
    flipped = bytes([signature[-1] ^ 1])
    for wrong in (
        b"",
        b"\x00",
        signature[:-1],
        signature[1:],
        signature + b"\x00",
        signature[:-1] + flipped,
        bytes([signature[0] ^ 1]) + signature[1:],
        bytes(len(signature)),
        b"\xff" * len(signature),
        b"\xff" * 6144,
    ):
        with pytest.raises(InvalidSignature) as refused:
            pair.verify(*way[1:], message, wrong)
        assert refused.value.args == ()
    with pytest.raises(InvalidSignature):
        pair.verify(*way[1:], bytes([message[0] ^ 1]) + message[1:], signature)


@pytest.mark.parametrize(
    "way",
    [way for way in WAYS if way.spec is KeySpec.RSA_2048 and way.message_type is MessageType.RAW],
    ids="-".join,
)
def test_a_signature_of_rsa_is_as_long_as_the_modulus(way):
    """RFC 8017, sections 8.1.2 and 8.2.2, step 1: without a leading zero it is another signature."""
    pair = signer(way.spec)
    for n in range(1 << 14):  # one signature in 256 has such a zero
        message = n.to_bytes(2)
        signature = pair.sign(*way[1:], message)
        if signature[0] == 0:
            break
    pair.verify(*way[1:], message, signature)
    for wrong in (signature[1:], b"\x00" + signature):
        with pytest.raises(InvalidSignature):
            pair.verify(*way[1:], message, wrong)


@cache
def made_once(way: Way) -> bytes:
    """A signature that stays the same when Hypothesis tries again: those of ECDSA differ in length."""
    return signer(way.spec).sign(*way[1:], way.message())


@by_way
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_no_bit_of_a_signature_can_change(way, data):
    pair, message = signer(way.spec), way.message()
    signature = bytearray(made_once(way))
    at = data.draw(st.integers(0, len(signature) - 1))
    signature[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(InvalidSignature):
        pair.verify(*way[1:], message, bytes(signature))


@pytest.mark.parametrize("spec", [KeySpec.RSA_2048])
def test_a_signature_is_of_one_algorithm(spec):
    pair, ways = signer(spec), [w for w in WAYS if w.spec is spec and w.message_type is MessageType.RAW]
    for way in ways:
        signature = pair.sign(*way[1:], b"m")
        for other in ways:
            if other != way:
                with pytest.raises(InvalidSignature):
                    pair.verify(*other[1:], b"m", signature)


@pytest.mark.parametrize("salt", [0, 20, 31, 33, 222])
def test_a_pss_salt_is_as_long_as_the_hash(salt):
    key = RSA.import_key(key_pairs.material(KeySpec.RSA_2048))
    signature = pss.new(key, salt_bytes=salt).sign(SHA256.new(b"m"))
    with pytest.raises(InvalidSignature):
        signer(KeySpec.RSA_2048).verify(SigningAlgorithm.RSASSA_PSS_SHA_256, MessageType.RAW, b"m", signature)


@pytest.mark.parametrize("spec", key_pairs.SIGNING)
def test_a_key_does_not_sign_what_is_not_its_own(spec):
    pair = signer(spec)
    own = {way.algorithm for way in WAYS if way.spec is spec}
    for algorithm in SigningAlgorithm:
        for message_type in MessageType:
            if algorithm in own and takes(algorithm, message_type):
                continue
            with pytest.raises(ValueError, match="not sign so"):
                pair.sign(algorithm, message_type, bytes(64))
            with pytest.raises(ValueError, match="not sign so"):
                pair.verify(algorithm, message_type, bytes(64), bytes(64))


@pytest.mark.parametrize("way", [w for w in WAYS if w.message_type is not MessageType.RAW], ids="-".join)
@pytest.mark.parametrize("change", [-1, 1])
def test_a_digest_and_a_mu_have_one_length(way, change):
    message = (way.message() + b"\x00")[: len(way.message()) + change]
    with pytest.raises(ValueError):
        signer(way.spec).sign(*way[1:], message)
    with pytest.raises(ValueError):
        signer(way.spec).verify(*way[1:], message, bytes(64))


def test_ed25519ph_of_rfc_8032():
    """Section 7.3. Its message is no digest, so libsodium is asked for it, and KMS's key for its key."""
    seed = bytes.fromhex("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42")
    public = bytes.fromhex("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf")
    pair = load_material(
        KeySpec.ECC_NIST_EDWARDS25519, bytes.fromhex("302e020100300506032b657004220420") + seed
    )
    assert isinstance(pair, SigningKeyPair)
    assert pair.public_key.endswith(public)
    state = crypto_sign_ed25519ph_state()
    crypto_sign_ed25519ph_update(state, b"abc")
    assert crypto_sign_ed25519ph_final_create(state, seed + public).hex() == (
        "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
        "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"
    )
