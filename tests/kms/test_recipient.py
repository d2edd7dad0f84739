"""Attested callers, in process: what each operation answers, and documents that prove nothing."""

from typing import Any

import pytest
from attested import ENCLAVE, HYPERVISOR, Attested, forged, recipient
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from tests.iam.in_process import InProcess
from world import refused

from keystead.service.operation import REGISTRY
from keystead.shapes import kms as shapes

# What is answered.


def test_decrypt(attested: Attested) -> None:
    answer = attested.kms.decrypt(CiphertextBlob=attested.blob, Recipient=recipient())
    assert ENCLAVE.open(answer.pop("CiphertextForRecipient")) == b"a secret"
    del answer["ResponseMetadata"]
    assert answer == {"KeyId": attested.key, "EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}


def test_decrypt_with_rsa(attested: Attested) -> None:
    key = attested.kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["KeyId"]
    given = {"KeyId": key, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    blob = attested.kms.encrypt(Plaintext=b"a secret", **given)["CiphertextBlob"]
    answer = attested.kms.decrypt(CiphertextBlob=blob, Recipient=recipient(), **given)
    assert ENCLAVE.open(answer["CiphertextForRecipient"]) == b"a secret"
    assert "Plaintext" not in answer


@pytest.mark.parametrize(("given", "size"), [({"KeySpec": "AES_128"}, 16), ({"NumberOfBytes": 1024}, 1024)])
def test_generate_data_key(attested: Attested, given: dict[str, Any], size: int) -> None:
    answer = attested.kms.generate_data_key(KeyId=attested.key, Recipient=recipient(), **given)
    plaintext = ENCLAVE.open(answer.pop("CiphertextForRecipient"))
    assert len(plaintext) == size
    blob = answer.pop("CiphertextBlob")
    assert attested.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == plaintext
    del answer["ResponseMetadata"]
    assert answer == {"KeyId": attested.key}


@pytest.mark.parametrize("spec", ["ECC_NIST_P256", "RSA_2048"])
def test_generate_data_key_pair(attested: Attested, spec: str) -> None:
    answer = attested.kms.generate_data_key_pair(KeyId=attested.key, KeyPairSpec=spec, Recipient=recipient())
    private = ENCLAVE.open(answer.pop("CiphertextForRecipient"))
    public = load_der_private_key(private, None).public_key()
    assert public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) == answer.pop("PublicKey")
    blob = answer.pop("PrivateKeyCiphertextBlob")
    assert attested.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == private
    del answer["ResponseMetadata"]
    assert answer == {"KeyId": attested.key, "KeyPairSpec": spec}


def test_generate_random(attested: Attested) -> None:
    answer = attested.kms.generate_random(NumberOfBytes=32, Recipient=recipient())
    assert len(ENCLAVE.open(answer.pop("CiphertextForRecipient"))) == 32
    assert set(answer) == {"ResponseMetadata"}


def test_derive_shared_secret(attested: Attested) -> None:
    key = attested.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["Arn"]
    peer = ec.generate_private_key(ec.SECP256R1()).public_key()
    given = {
        "KeyId": key,
        "KeyAgreementAlgorithm": "ECDH",
        "PublicKey": peer.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    }
    secret = attested.kms.derive_shared_secret(**given)["SharedSecret"]
    answer = attested.kms.derive_shared_secret(Recipient=recipient(), **given)
    assert ENCLAVE.open(answer.pop("CiphertextForRecipient")) == secret
    del answer["ResponseMetadata"]
    assert answer == {"KeyId": key, "KeyAgreementAlgorithm": "ECDH", "KeyOrigin": "AWS_KMS"}


def test_no_two_answers_are_alike(attested: Attested) -> None:
    answers = [
        attested.kms.decrypt(CiphertextBlob=attested.blob, Recipient=recipient())["CiphertextForRecipient"]
        for _ in range(2)
    ]
    assert answers[0] != answers[1]


@pytest.mark.parametrize(
    "more", [{}, {"DryRunModifiers": ["IGNORE_CIPHERTEXT"]}], ids=["decrypts", "does not"]
)
def test_a_dry_run(attested: Attested, more: dict[str, Any]) -> None:
    given = {"KeyId": attested.key, "DryRun": True, "Recipient": recipient()} | more
    if not more:
        given["CiphertextBlob"] = attested.blob
    refused("DryRunOperationException", attested.kms.decrypt, **given)


def test_every_operation_whose_request_has_a_recipient_encrypts_a_secret_for_it() -> None:
    declared = {name: op.recipient for (service, name), op in REGISTRY.items() if service == "kms"}
    for name, recipient_of in declared.items():
        operation = shapes.OPERATIONS[name]
        has_one = "recipient" in operation.request.__struct_fields__
        assert bool(recipient_of) == has_one, name
        if has_one:
            assert operation.response is not None
            assert recipient_of in operation.response.SENSITIVE
            assert "ciphertext_for_recipient" in operation.response.__struct_fields__
    assert sum(map(bool, declared.values())) == 5


# What proves nothing.


def test_a_server_without_roots_refuses_in_words() -> None:
    inside = InProcess()
    told = refused(
        "ValidationException",
        inside.client("kms").generate_random,
        NumberOfBytes=1,
        Recipient=recipient(),
    )
    assert told == (
        "Recipient cannot be used: this server trusts no root of attestation documents "
        "(setting attestation_roots)."
    )
    inside.store.close()


@pytest.mark.parametrize(
    ("missing", "path"),
    [
        ("KeyEncryptionAlgorithm", "recipient.keyEncryptionAlgorithm"),
        ("AttestationDocument", "recipient.attestationDocument"),
    ],
)
def test_a_recipient_that_lacks_a_member(attested: Attested, missing: str, path: str) -> None:
    given = recipient()
    del given[missing]
    told = refused("ValidationException", attested.kms.generate_random, NumberOfBytes=1, Recipient=given)
    assert f"Value null at '{path}'" in told


def test_another_algorithm(attested: Attested) -> None:
    given = recipient() | {"KeyEncryptionAlgorithm": "RSAES_OAEP_SHA_1"}
    told = refused("ValidationException", attested.kms.generate_random, NumberOfBytes=1, Recipient=given)
    assert "keyEncryptionAlgorithm" in told


PROVE_NOTHING = {
    "forged": (forged(), "its root is not one that is trusted here"),
    "old": (recipient(timestamp=HYPERVISOR.milliseconds - 300_001), "it is not of the last five minutes"),
    "no key": (recipient(public_key=None), "it has no public key to encrypt for"),
    "bytes": (recipient() | {"AttestationDocument": b"\x00"}, "it is no COSE_Sign1 structure"),
}


@pytest.mark.parametrize("what", PROVE_NOTHING)
def test_documents_that_prove_nothing(attested: Attested, what: str) -> None:
    given, why = PROVE_NOTHING[what]
    told = refused("ValidationException", attested.kms.decrypt, CiphertextBlob=attested.blob, Recipient=given)
    assert told.startswith(f"The attestation document is not valid: {why}")
    assert "additionalEventData" not in attested.inside.events()[-1]


def test_documents_serve_for_five_minutes(attested: Attested) -> None:
    given = recipient()
    attested.inside.now += 299
    for _ in range(2):
        attested.kms.decrypt(CiphertextBlob=attested.blob, Recipient=given)
    attested.inside.now += 2
    refused("ValidationException", attested.kms.decrypt, CiphertextBlob=attested.blob, Recipient=given)


@pytest.mark.parametrize("what", ["forged", "old"])
def test_a_refusal_tells_nothing_of_keys(attested: Attested, what: str) -> None:
    """The document is looked at first, for who may use the key and for who may not."""
    nobody = attested.user("nobody")
    given, _ = PROVE_NOTHING[what]
    for key in (attested.key, attested.key[:-12] + "0123456789ab", "alias/none"):
        for client in (attested.kms, nobody):
            refused(
                "ValidationException",
                client.generate_data_key,
                KeyId=key,
                KeySpec="AES_256",
                Recipient=given,
            )
