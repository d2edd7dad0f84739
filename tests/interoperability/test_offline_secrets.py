"""What is made elsewhere with the answer of GetPublicKey works in the API: ciphertexts and shared secrets."""

from typing import Any

import pytest
from foreign import ML_KEM, ML_KEM_PUBLIC_BYTES, OpenSsl

pytestmark = pytest.mark.wire

RSA = ["RSA_2048", "RSA_3072", "RSA_4096"]
OAEP = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
CURVES = {"ECC_NIST_P256": "prime256v1", "ECC_NIST_P384": "secp384r1", "ECC_NIST_P521": "secp521r1"}


@pytest.mark.parametrize("algorithm", OAEP)
@pytest.mark.parametrize("spec", RSA)
def test_an_rsa_ciphertext_from_outside(
    kms: Any, key_of: Any, openssl: OpenSsl, spec: str, algorithm: str
) -> None:
    key, public = key_of(spec, "ENCRYPT_DECRYPT")
    blob = openssl.encrypt(public, algorithm, b"from outside")
    opened = kms.decrypt(KeyId=key, EncryptionAlgorithm=algorithm, CiphertextBlob=blob)
    assert opened["Plaintext"] == b"from outside"


@pytest.mark.parametrize("spec", CURVES)
def test_both_sides_of_an_agreement_have_one_secret(
    kms: Any, key_of: Any, openssl: OpenSsl, spec: str
) -> None:
    key, public = key_of(spec, "KEY_AGREEMENT")
    private, peer = openssl.new_curve_key(CURVES[spec])
    secret = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=peer)["SharedSecret"]
    assert secret == openssl.shared_secret(private, public)


@pytest.mark.parametrize("spec", ML_KEM)
def test_a_secret_encapsulated_outside(kms: Any, key_of: Any, spec: str) -> None:
    key, public = key_of(spec, "ENCAPSULATE_DECAPSULATE")
    secret, blob = ML_KEM[spec].encaps(public[-ML_KEM_PUBLIC_BYTES[spec] :])
    asked = {"KeyId": key, "EncapsulationAlgorithm": "ML_KEM"}
    assert kms.decapsulate(**asked, SharedSecretCiphertextBlob=blob)["SharedSecret"] == secret
    wrong = bytes((blob[0] ^ 1,)) + blob[1:]
    assert kms.decapsulate(**asked, SharedSecretCiphertextBlob=wrong)["SharedSecret"] != secret
