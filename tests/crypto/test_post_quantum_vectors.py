"""ML-DSA and ML-KEM against NIST's ACVP samples, known answers, and the encodings of their RFCs."""

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PublicKey,
    MLDSA65PublicKey,
    MLDSA87PublicKey,
)

from keystead.crypto.key_families import accept_material, load_material, new_material
from keystead.crypto.key_material import (
    EncapsulationKeyPair,
    InvalidCiphertext,
    InvalidSignature,
    KeyPair,
    SigningKeyPair,
)
from keystead.kinds import KeySpec, MessageType, SigningAlgorithm

VECTORS = Path(__file__).parents[2] / "vectors" / "crypto"
MEMBERS = {
    "acvp-ml-dsa-keygen": "id parameter_set seed public_sha256",
    "acvp-ml-dsa-sigver": "id parameter_set passed reason public signature",
    "kat-ml-kem": (
        "id parameter_set seed public_sha256 ciphertext shared_secret wrong_ciphertext rejection_secret"
    ),
    "rfc-encodings": "id spec private public_bytes public_sha256",
}
CHOICE = {"message", "context", "mu"}
RAW_PUBLIC_AT = 22
"""Where the key of ML-DSA and ML-KEM starts in a SubjectPublicKeyInfo."""
# PrivateKeyInfo up to the seed.
HEADS = {
    "ML-DSA-44": "3034020100300b060960864801650304031104228020",
    "ML-DSA-65": "3034020100300b060960864801650304031204228020",
    "ML-DSA-87": "3034020100300b060960864801650304031304228020",
    "ML-KEM-512": "3054020100300b060960864801650304040104428040",
    "ML-KEM-768": "3054020100300b060960864801650304040204428040",
    "ML-KEM-1024": "3054020100300b060960864801650304040304428040",
}
ML_DSA_PUBLIC = {
    "ML-DSA-44": MLDSA44PublicKey,
    "ML-DSA-65": MLDSA65PublicKey,
    "ML-DSA-87": MLDSA87PublicKey,
}


def cases(topic):
    content = json.loads((VECTORS / f"{topic}.json").read_text())
    assert set(content) == {"topic", "description", "cases"}
    assert content["topic"] == topic
    assert len({case["id"] for case in content["cases"]}) == len(content["cases"]) > 0
    for case in content["cases"]:
        assert set(case) - CHOICE == set(MEMBERS[topic].split()), case["id"]
    return [pytest.param(case, id=case["id"]) for case in content["cases"]]


def loaded(parameter_set: str, seed: str) -> KeyPair:
    spec = KeySpec(parameter_set.replace("-", "_"))
    pair = load_material(spec, bytes.fromhex(HEADS[parameter_set] + seed))
    assert isinstance(pair, KeyPair)
    return pair


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_every_file_is_read_here():
    assert {path.stem for path in VECTORS.glob("*.json")} == set(MEMBERS)


@pytest.mark.parametrize("case", cases("acvp-ml-dsa-keygen"))
def test_ml_dsa_keys_follow_from_their_seed(case):
    pair = loaded(case["parameter_set"], case["seed"])
    assert sha256(pair.public_key[RAW_PUBLIC_AT:]) == case["public_sha256"]


@pytest.mark.parametrize("case", cases("acvp-ml-dsa-sigver"))
def test_ml_dsa_signatures(case):
    """Contexts are not KMS's, so all cases go by their mu (FIPS 204, algorithm 7, line 6)."""
    public, signature = bytes.fromhex(case["public"]), bytes.fromhex(case["signature"])
    if "mu" in case:
        mu = bytes.fromhex(case["mu"])
    else:
        message, context = bytes.fromhex(case["message"]), bytes.fromhex(case["context"])
        tr = hashlib.shake_256(public).digest(64)
        mu = hashlib.shake_256(tr + bytes((0, len(context))) + context + message).digest(64)
    spec = KeySpec(case["parameter_set"].replace("-", "_"))
    pair = load_material(spec, new_material(spec))
    assert isinstance(pair, SigningKeyPair)
    pair._public = ML_DSA_PUBLIC[case["parameter_set"]].from_public_bytes(public)  # there is no private key
    arguments = SigningAlgorithm.ML_DSA_SHAKE_256, MessageType.EXTERNAL_MU, mu, signature
    if case["passed"]:
        pair.verify(*arguments)
    else:
        with pytest.raises(InvalidSignature):
            pair.verify(*arguments)


@pytest.mark.parametrize("case", cases("kat-ml-kem"))
def test_ml_kem_keys_and_secrets(case):
    pair = loaded(case["parameter_set"], case["seed"])
    assert isinstance(pair, EncapsulationKeyPair)
    assert sha256(pair.public_key[RAW_PUBLIC_AT:]) == case["public_sha256"]
    ciphertext = bytes.fromhex(case["ciphertext"])
    assert pair.decapsulate(ciphertext).hex() == case["shared_secret"]
    assert pair.decapsulate(bytes.fromhex(case["wrong_ciphertext"])).hex() == case["rejection_secret"]
    for wrong in (b"", ciphertext[:-1], ciphertext + b"\x00"):
        with pytest.raises(InvalidCiphertext):
            pair.decapsulate(wrong)


@pytest.mark.parametrize("case", cases("rfc-encodings"))
def test_encodings_are_those_of_the_rfcs(case):
    private, spec = bytes.fromhex(case["private"]), KeySpec(case["spec"])
    pair = load_material(spec, private)
    assert isinstance(pair, KeyPair)
    assert accept_material(spec, private) == pair.private_bytes() == private
    assert len(pair.public_key) == case["public_bytes"]
    assert sha256(pair.public_key) == case["public_sha256"]
