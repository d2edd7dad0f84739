"""What is refused of the families of keys, in AWS's words: recorded, unless a comment says otherwise."""

from collections.abc import Iterator
from typing import Any

import pytest
from scene import Scene
from world import refused

from keystead.kinds import KeyUsage
from keystead.model.key_spec import TRAITS


@pytest.fixture(scope="module")
def shared() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.inside.store.close()


class TestCreateKey:
    @pytest.mark.parametrize("spec", [spec.value for spec in TRAITS if spec != "SYMMETRIC_DEFAULT"])
    def test_a_usage_must_be_said(self, shared: Scene, spec: str) -> None:
        assert refused("ValidationException", shared.kms.create_key, KeySpec=spec) == (
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
        )

    def test_no_pair_but_those_of_the_table(self, shared: Scene) -> None:
        for spec, traits in TRAITS.items():
            for usage in KeyUsage:
                if usage not in traits.algorithms:
                    asked = {"KeySpec": spec.value, "KeyUsage": usage.value}
                    assert refused("ValidationException", shared.kms.create_key, **asked) == (
                        f"KeyUsage {usage} is not compatible with KeySpec {spec}"
                    )

    @pytest.mark.parametrize("spec", ["ML_DSA_44", "ML_DSA_65", "ML_DSA_87"])
    def test_ml_dsa_is_not_imported(self, shared: Scene, spec: str) -> None:
        asked = {"KeySpec": spec, "KeyUsage": "SIGN_VERIFY", "Origin": "EXTERNAL"}
        assert refused("ValidationException", shared.kms.create_key, **asked) == (
            f"KeySpec {spec} is not supported for Origin EXTERNAL"
        )

    def test_two_names_of_one_member(self, shared: Scene) -> None:
        asked = {"KeySpec": "RSA_2048", "CustomerMasterKeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}
        assert refused("ValidationException", shared.kms.create_key, **asked) == (
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. "
            "CustomerMasterKeySpec is deprecated."
        )

    def test_sm2_is_of_other_regions(self, shared: Scene) -> None:
        asked = {"KeySpec": "SM2", "KeyUsage": "SIGN_VERIFY"}
        refused("UnsupportedOperationException", shared.kms.create_key, **asked)  # the sentence is ours

    @pytest.mark.parametrize(
        ("spec", "usage"),
        [
            (spec, usage)
            for spec, traits in TRAITS.items()
            for usage in traits.algorithms
            if spec not in ("RSA_3072", "RSA_4096")  # they take seconds: tests/interoperability makes them
        ],
    )
    def test_every_kind_is_made_and_shows_its_algorithms(self, shared: Scene, spec: str, usage: str) -> None:
        made = shared.kms.create_key(KeySpec=str(spec), KeyUsage=str(usage))["KeyMetadata"]
        assert (made["KeySpec"], made["CustomerMasterKeySpec"], made["KeyUsage"]) == (spec, spec, usage)
        shown = [made[name] for name in made if name.endswith("Algorithms")]
        assert shown == [list(map(str, TRAITS[spec].algorithms[usage]))]
        assert ("CurrentKeyMaterialId" in made) is (spec == "SYMMETRIC_DEFAULT")
        assert made["MultiRegion"] is False


def signing(shared: Scene, spec: str, algorithm: str, message_type: str, message: bytes) -> str:
    asked = {
        "KeyId": shared.new(spec, "SIGN_VERIFY"),
        "SigningAlgorithm": algorithm,
        "MessageType": message_type,
        "Message": message,
    }
    said = refused("ValidationException", shared.kms.sign, **asked)
    assert refused("ValidationException", shared.kms.verify, **asked, Signature=b"s") == said
    return said


EDWARDS, ML_DSA = "ECC_NIST_EDWARDS25519", "ML_DSA_44"


@pytest.mark.parametrize(
    ("spec", "algorithm", "message_type", "size", "sentence"),
    [
        (EDWARDS, "ED25519_PH_SHA_512", "RAW", 64, "incompatible with algorithm ED25519_PH_SHA_512."),
        (EDWARDS, "ED25519_SHA_512", "DIGEST", 64, "incompatible with algorithm ED25519_SHA_512."),
        (EDWARDS, "ED25519_SHA_512", "EXTERNAL_MU", 64, f"incompatible with key spec {EDWARDS}."),
        (ML_DSA, "ML_DSA_SHAKE_256", "DIGEST", 64, "incompatible with key spec ML_DSA_44."),
        ("ECC_NIST_P384", "ECDSA_SHA_384", "EXTERNAL_MU", 64, "incompatible with key spec ECC_NIST_P384."),
    ],
)
def test_a_message_type_that_does_not_suit(
    shared: Scene, spec: str, algorithm: str, message_type: str, size: int, sentence: str
) -> None:
    said = signing(shared, spec, algorithm, message_type, b"m" * size)
    assert said == f"Message type {message_type} is {sentence}"


@pytest.mark.parametrize(
    ("spec", "algorithm", "size"),
    [
        ("ECC_NIST_P256", "ECDSA_SHA_256", 31),
        ("ECC_NIST_P384", "ECDSA_SHA_384", 49),
        ("ECC_NIST_P521", "ECDSA_SHA_512", 66),
        ("ECC_SECG_P256K1", "ECDSA_SHA_256", 64),
        ("RSA_2048", "RSASSA_PSS_SHA_384", 32),
        ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512", 1),
        (EDWARDS, "ED25519_PH_SHA_512", 63),
    ],
)
def test_a_digest_of_another_length(shared: Scene, spec: str, algorithm: str, size: int) -> None:
    said = signing(shared, spec, algorithm, "DIGEST", b"d" * size)
    assert said == f"Digest is invalid length for algorithm {algorithm}."


@pytest.mark.parametrize("size", [63, 65])
def test_a_mu_of_another_length(shared: Scene, size: int) -> None:
    said = signing(shared, ML_DSA, "ML_DSA_SHAKE_256", "EXTERNAL_MU", b"m" * size)
    assert said == "External Mu is invalid length for algorithm ML_DSA_SHAKE_256."


@pytest.fixture(scope="module")
def key(shared: Scene) -> str:
    return shared.new("RSA_2048", "ENCRYPT_DECRYPT")


class TestRsa:
    @pytest.mark.parametrize(("algorithm", "most"), [("RSAES_OAEP_SHA_1", 214), ("RSAES_OAEP_SHA_256", 190)])
    def test_the_longest_plaintext(self, shared: Scene, key: str, algorithm: str, most: int) -> None:
        asked: dict[str, Any] = {"KeyId": key, "EncryptionAlgorithm": algorithm}
        blob = shared.kms.encrypt(**asked, Plaintext=b"p" * most)["CiphertextBlob"]
        assert shared.kms.decrypt(**asked, CiphertextBlob=blob)["Plaintext"] == b"p" * most
        said = refused("ValidationException", shared.kms.encrypt, **asked, Plaintext=b"p" * (most + 1))
        assert said == (
            f"Algorithm {algorithm} and key spec RSA_2048 cannot encrypt data larger than {most} bytes."
        )

    def test_the_algorithm_must_be_said(self, shared: Scene, key: str) -> None:
        sentence = "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."
        said = refused("InvalidKeyUsageException", shared.kms.encrypt, KeyId=key, Plaintext=b"p")
        assert said == sentence
        asked = {"KeyId": key, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
        blob = shared.kms.encrypt(**asked, Plaintext=b"p")["CiphertextBlob"]
        assert refused("InvalidCiphertextException", shared.kms.decrypt, KeyId=key, CiphertextBlob=blob) == ""

    def test_the_key_must_be_said(self, shared: Scene) -> None:
        asked = {"CiphertextBlob": b"c" * 256, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
        assert refused("ValidationException", shared.kms.decrypt, **asked) == "KeyId must not be null"

    def test_an_empty_context_is_none(self, shared: Scene, key: str) -> None:
        asked = {"KeyId": key, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256", "EncryptionContext": {}}
        blob = shared.kms.encrypt(**asked, Plaintext=b"p")["CiphertextBlob"]
        del asked["EncryptionContext"]
        assert shared.kms.decrypt(**asked, CiphertextBlob=blob)["Plaintext"] == b"p"


def test_an_agreement_on_another_curve(shared: Scene) -> None:
    """In a dry run too; AWS says nothing more."""
    key = shared.new("ECC_NIST_P256", "KEY_AGREEMENT")
    other = shared.kms.get_public_key(KeyId=shared.new("ECC_NIST_P384", "KEY_AGREEMENT"))["PublicKey"]
    for peer in (other, b"\x30\x00", other[:-1]):
        for more in ({}, {"DryRun": True}):
            asked = {"KeyId": key, "KeyAgreementAlgorithm": "ECDH", "PublicKey": peer, **more}
            assert refused("ValidationException", shared.kms.derive_shared_secret, **asked) == ""
