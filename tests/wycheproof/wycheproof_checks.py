"""What each kind of Wycheproof case asks of `crypto`, and what we answer where a case leaves it open.

A check returns if the case is taken and raises one of `REFUSALS` if it is refused; a wrong result fails.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from keystead.crypto import symmetric
from keystead.crypto.ecc import EccKeyPair
from keystead.crypto.key_families import accept_material, load_material, new_material
from keystead.crypto.key_material import (
    EncapsulationKeyPair,
    EncryptionKeyPair,
    InvalidCiphertext,
    InvalidMac,
    InvalidMaterial,
    InvalidPublicKey,
    InvalidSignature,
    SigningKeyPair,
)
from keystead.crypto.key_wrap import unwrap_padded
from keystead.crypto.mac import HmacKey
from keystead.kinds import EncryptionAlgorithm, KeySpec, MacAlgorithm, MessageType, SigningAlgorithm

Json = dict[str, Any]
Check = Callable[[Json, Json], None]

REFUSALS = (InvalidSignature, InvalidMac, InvalidCiphertext, InvalidPublicKey, InvalidMaterial)

ACCEPTABLE = {
    ("EcdhTest", "CompressedPoint"): (
        True,
        "RFC 5480, section 2.2 allows compressed points, and this one is on the curve",
    ),
    ("EcdhTest", "UnnamedCurve"): (
        False,
        "RFC 5480, section 2.1.1 forbids explicit parameters, the door of invalid-curve attacks",
    ),
    ("EcdhTest", "InvalidAsn"): (False, "it is not DER, and a key has one encoding"),
    ("RsassaPkcs1Verify", "MissingNull"): (
        False,
        "RFC 8017, section 9.2 has signers write NULL; to compare with one encoding is to have no parser",
    ),
}
"""Type and flag of the cases that may go either way: whether we take them, and why."""

CURVES = {
    "secp256r1": (KeySpec.ECC_NIST_P256, SigningAlgorithm.ECDSA_SHA_256, ec.SECP256R1()),
    "secp384r1": (KeySpec.ECC_NIST_P384, SigningAlgorithm.ECDSA_SHA_384, ec.SECP384R1()),
    "secp521r1": (KeySpec.ECC_NIST_P521, SigningAlgorithm.ECDSA_SHA_512, ec.SECP521R1()),
    "secp256k1": (KeySpec.ECC_SECG_P256K1, SigningAlgorithm.ECDSA_SHA_256, ec.SECP256K1()),
}
SEED_HEADS = {
    "ML-KEM-512": (KeySpec.ML_KEM_512, "3054020100300b060960864801650304040104428040"),
    "ML-KEM-768": (KeySpec.ML_KEM_768, "3054020100300b060960864801650304040204428040"),
    "ML-KEM-1024": (KeySpec.ML_KEM_1024, "3054020100300b060960864801650304040304428040"),
}


def groups(path: Path) -> Iterator[Json]:
    """The groups of a file, with what the file says of its algorithm."""
    content = json.loads(path.read_text())
    for group in content["testGroups"]:
        yield {**group, "algorithm": content["algorithm"]}


def is_taken(group: Json, case: Json) -> bool:
    """Whether our code takes the case."""
    try:
        CHECKS[group["type"]](group, case)
    except REFUSALS:
        return False
    return True


def should_be_taken(group: Json, case: Json) -> bool:
    """What Wycheproof says, or where it leaves that open, we."""
    match case["result"]:
        case "valid":
            return not_offered(group, case) is None
        case "invalid":
            return False
        case "acceptable":
            [decision] = {
                ACCEPTABLE[group["type"], f] for f in case["flags"] if (group["type"], f) in ACCEPTABLE
            }
            return decision[0]
        case other:
            raise AssertionError(other)


def not_offered(group: Json, case: Json) -> str | None:
    """Why a valid case must be refused nevertheless: KMS has no such thing."""
    match group["type"]:
        case "MacTest" if group["keySize"] != hmac_bits(group):
            return "an HMAC key is as long as its hash"
        case "MacTest" if group["tagSize"] != hmac_bits(group):
            return "a MAC is never truncated"
        case "RsaesOaepDecrypt" if case["label"]:
            return "the label of OAEP is empty"
        case "MlDsaVerify" if case.get("ctx"):
            return "the context string of ML-DSA is empty"
    return None


def left_out(group: Json) -> str | None:
    """Why a group says nothing about us: the library can do it, and we never ask for it."""
    if group["type"] == "AeadTest" and (group["keySize"], group["ivSize"], group["tagSize"]) != (
        256,
        96,
        128,
    ):
        return "AES-GCM is used with keys of 256 bits, nonces of 96 and tags of 128"
    return None


@cache
def _some_pair(spec: KeySpec) -> bytes:
    return new_material(spec)


def verifier(spec: KeySpec, public: bytes) -> SigningKeyPair:
    """A key pair that verifies with this public half: the vectors have no private one."""
    try:
        key = load_der_public_key(public)
    except ValueError:
        raise InvalidPublicKey from None
    pair = load_material(spec, _some_pair(spec))
    assert isinstance(pair, SigningKeyPair)
    # The vectors have public keys alone, for our `verify`; its interface has no such members.
    pair._public = key  # type: ignore[attr-defined]
    if spec is KeySpec.ECC_NIST_EDWARDS25519:
        pair._public_raw = key.public_bytes_raw()  # type: ignore[attr-defined, union-attr]
    return pair


def _verify(spec: KeySpec, algorithm: SigningAlgorithm, group: Json, case: Json) -> None:
    pair = verifier(spec, unhex(group["publicKeyDer"]))
    pair.verify(algorithm, MessageType.RAW, unhex(case["msg"]), unhex(case["sig"]))


def ecdsa(group: Json, case: Json) -> None:
    spec, algorithm, _ = CURVES[group["publicKey"]["curve"]]
    assert algorithm.endswith(group["sha"].replace("-", "_"))
    _verify(spec, algorithm, group, case)


def eddsa(group: Json, case: Json) -> None:
    _verify(KeySpec.ECC_NIST_EDWARDS25519, SigningAlgorithm.ED25519_SHA_512, group, case)


def ml_dsa(group: Json, case: Json) -> None:
    # A key of a wrong length has no DER of its parameter set; the DER tells which one is meant.
    oid = unhex(group["publicKeyDer"]).split(unhex("06096086480165030403"), 1)[1][0]
    spec = {17: KeySpec.ML_DSA_44, 18: KeySpec.ML_DSA_65, 19: KeySpec.ML_DSA_87}[oid]
    _verify(spec, SigningAlgorithm.ML_DSA_SHAKE_256, group, case)


def rsa_pkcs1(group: Json, case: Json) -> None:
    algorithm = SigningAlgorithm(f"RSASSA_PKCS1_V1_5_{group['sha'].replace('-', '_')}")
    _verify(KeySpec(f"RSA_{group['keySize']}"), algorithm, group, case)


def rsa_pss(group: Json, case: Json) -> None:
    assert group["mgf"] == "MGF1"
    assert group["mgfSha"] == group["sha"]
    algorithm = SigningAlgorithm(f"RSASSA_PSS_{group['sha'].replace('-', '_')}")
    _verify(KeySpec(f"RSA_{group['keySize']}"), algorithm, group, case)


@cache
def _accepted(spec: KeySpec, material: bytes) -> EncryptionKeyPair:
    pair = load_material(spec, accept_material(spec, material))
    assert isinstance(pair, EncryptionKeyPair)
    return pair


def rsa_oaep(group: Json, case: Json) -> None:
    assert group["mgfSha"] == group["sha"]
    pair = _accepted(KeySpec(f"RSA_{group['keySize']}"), unhex(group["privateKeyPkcs8"]))
    algorithm = EncryptionAlgorithm(f"RSAES_OAEP_{group['sha'].replace('-', '_')}")
    assert pair.decrypt(algorithm, unhex(case["ct"])) == unhex(case["msg"])


def hmac_bits(group: Json) -> int:
    return int(group["algorithm"].removeprefix("HMACSHA"))


def hmac(group: Json, case: Json) -> None:
    algorithm = MacAlgorithm(f"HMAC_SHA_{hmac_bits(group)}")
    key = HmacKey(algorithm, unhex(case["key"]))
    key.verify_mac(algorithm, unhex(case["msg"]), unhex(case["tag"]))


def aes_gcm(group: Json, case: Json) -> None:
    key, nonce, data, text = (unhex(case[name]) for name in ("key", "iv", "aad", "msg"))
    sealed = unhex(case["ct"]) + unhex(case["tag"])
    message_key = symmetric.AESGCM(key)  # what SymmetricKey.message_key makes
    try:
        assert message_key.decrypt(nonce, sealed, data) == text
    except InvalidTag:
        raise InvalidCiphertext from None
    assert message_key.encrypt(nonce, text, data) == sealed


def aes_kwp(group: Json, case: Json) -> None:
    assert unwrap_padded(unhex(case["key"]), unhex(case["ct"])) == unhex(case["msg"])


def ecdh(group: Json, case: Json) -> None:
    assert group["encoding"] == "asn"
    _, _, curve = CURVES[group["curve"]]
    pair = EccKeyPair(ec.derive_private_key(int(case["private"], 16), curve))
    assert pair.shared_secret(unhex(case["public"])) == unhex(case["shared"])


def ml_kem(group: Json, case: Json) -> None:
    spec, head = SEED_HEADS[group["parameterSet"]]
    pair = load_material(spec, unhex(head) + unhex(case["seed"]))
    assert isinstance(pair, EncapsulationKeyPair)
    assert pair.public_key.endswith(unhex(case["ek"]))
    assert pair.decapsulate(unhex(case["c"])) == unhex(case["K"])


def unhex(digits: str) -> bytes:
    return bytes.fromhex(digits)


CHECKS: dict[str, Check] = {
    "AeadTest": aes_gcm,
    "EcdhTest": ecdh,
    "EcdsaVerify": ecdsa,
    "EddsaVerify": eddsa,
    "KeywrapTest": aes_kwp,
    "MLKEMTest": ml_kem,
    "MacTest": hmac,
    "MlDsaVerify": ml_dsa,
    "RsaesOaepDecrypt": rsa_oaep,
    "RsassaPkcs1Verify": rsa_pkcs1,
    "RsassaPssVerify": rsa_pss,
}
