"""Data key pairs of every spec load elsewhere, and their halves belong together."""

from typing import Any

import pytest
from foreign import ML_KEM, ML_KEM_PUBLIC_BYTES, SEED_BYTES, OpenSsl

from keystead.model.key_spec import TRAITS

pytestmark = pytest.mark.wire

KINDS = {
    "RSA_2048": "2048 bit",
    "RSA_3072": "3072 bit",
    "RSA_4096": "4096 bit",
    "ECC_NIST_P256": "prime256v1",
    "ECC_NIST_P384": "secp384r1",
    "ECC_NIST_P521": "secp521r1",
    "ECC_SECG_P256K1": "secp256k1",
    "ECC_NIST_EDWARDS25519": "ED25519",
}
"""What OpenSSL calls them."""


@pytest.fixture(scope="module")
def wrapping(shared_dev: Any) -> str:
    return str(shared_dev.client("kms").create_key()["KeyMetadata"]["Arn"])


def pair(kms: Any, wrapping: str, spec: str) -> tuple[bytes, bytes]:
    """The halves of a new pair, whose private one is what its ciphertext opens to."""
    asked = {"KeyId": wrapping, "KeyPairSpec": spec, "EncryptionContext": {"app": "pay"}}
    made = kms.generate_data_key_pair(**asked)
    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"], EncryptionContext={"app": "pay"})
    assert opened["Plaintext"] == made["PrivateKeyPlaintext"]
    return made["PrivateKeyPlaintext"], made["PublicKey"]


@pytest.mark.parametrize("spec", KINDS)
def test_a_pair_of_rsa_or_a_curve(kms: Any, wrapping: str, openssl: OpenSsl, spec: str) -> None:
    private, public = pair(kms, wrapping, spec)
    assert openssl.kind(private) == KINDS[spec]
    assert openssl.public_of(private) == public


@pytest.mark.parametrize("spec", ML_KEM)
def test_a_pair_of_ml_kem(kms: Any, wrapping: str, spec: str) -> None:
    """The private key is the seed alone."""
    private, public = pair(kms, wrapping, spec)
    encapsulation_key, _ = ML_KEM[spec].key_derive(private[-SEED_BYTES:])
    assert encapsulation_key == public[-ML_KEM_PUBLIC_BYTES[spec] :]


def test_a_pair_without_its_private_key(kms: Any, wrapping: str, openssl: OpenSsl) -> None:
    made = kms.generate_data_key_pair_without_plaintext(KeyId=wrapping, KeyPairSpec="ECC_NIST_P521")
    assert "PrivateKeyPlaintext" not in made
    private = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"])["Plaintext"]
    assert openssl.public_of(private) == made["PublicKey"]


def test_every_spec_is_here() -> None:
    offered = {spec.value for spec, traits in TRAITS.items() if not traits.symmetric}
    assert {*KINDS, *ML_KEM} == {spec for spec in offered if not spec.startswith("ML_DSA")}
