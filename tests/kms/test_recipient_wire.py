"""Attested callers over the wire: boto3, the AWS CLI and the OpenSSL command."""

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Server, dev_server
from tests.enclaves import PCRS, Enclave, Hypervisor
from world import World, allow, refused

pytestmark = pytest.mark.wire

ENCLAVE = Enclave()
ALGORITHM = "RSAES_OAEP_SHA_256"


@pytest.fixture(scope="module")
def hypervisor() -> Hypervisor:
    return Hypervisor(time.time())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, hypervisor: Hypervisor) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("attested")
    (directory / "roots.pem").write_bytes(hypervisor.root_pem)
    made = dev_server(directory, "--data", ":memory:", KEYSTEAD_ATTESTATION_ROOTS="roots.pem")
    made.start()
    yield made
    made.kill()


def recipient(hypervisor: Hypervisor, **other: Any) -> dict[str, Any]:
    document = hypervisor.document(**{"public_key": ENCLAVE.public_key} | other)
    return {"KeyEncryptionAlgorithm": ALGORITHM, "AttestationDocument": document}


def test_a_key_for_one_image(server: Server, hypervisor: Hypervisor, account: str) -> None:
    world = World(server, account)
    user = world.user("enclave")
    condition = {"StringEqualsIgnoreCase": {"kms:RecipientAttestation:PCR0": PCRS[0].hex().upper()}}
    key = world.key(
        allow({"AWS": world.arn("enclave")}, "kms:Decrypt", "kms:GenerateDataKey*", Condition=condition)
    )
    made = user.generate_data_key(KeyId=key, KeySpec="AES_256", Recipient=recipient(hypervisor))
    assert not made.get("Plaintext")
    data_key = ENCLAVE.open(made["CiphertextForRecipient"])
    blob = made["CiphertextBlob"]
    opened = user.decrypt(CiphertextBlob=blob, Recipient=recipient(hypervisor))
    assert not opened.get("Plaintext")
    assert ENCLAVE.open(opened["CiphertextForRecipient"]) == data_key
    # RSA keys are made in threads of their own.
    pair = user.generate_data_key_pair(KeyId=key, KeyPairSpec="RSA_2048", Recipient=recipient(hypervisor))
    assert len(ENCLAVE.open(pair["CiphertextForRecipient"])) > 1000
    # Without a document, with one of another image, with a forged one.
    refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob)
    other = recipient(hypervisor, pcrs=PCRS | {0: bytes(48)})
    refused("AccessDeniedException", user.decrypt, CiphertextBlob=blob, Recipient=other)
    forged = recipient(Hypervisor(hypervisor.time))
    told = refused("ValidationException", user.decrypt, CiphertextBlob=blob, Recipient=forged)
    assert told == "The attestation document is not valid: its root is not one that is trusted here."
    assert world.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == data_key


def test_the_aws_cli_and_the_openssl_command(server: Server, hypervisor: Hypervisor, tmp_path: Path) -> None:
    (server.directory / "document").write_bytes(recipient(hypervisor)["AttestationDocument"])
    (tmp_path / "enclave.pem").write_bytes(ENCLAVE.private_pem)
    made = server.aws(
        "kms",
        "generate-random",
        "--number-of-bytes=48",
        f"--recipient=KeyEncryptionAlgorithm={ALGORITHM},AttestationDocument@=fileb://document",
    )
    assert made.returncode == 0, made.stderr
    answer = json.loads(made.stdout)
    assert set(answer) == {"CiphertextForRecipient"}
    sealed = base64.b64decode(answer["CiphertextForRecipient"])
    opened = subprocess.run(
        ["openssl", "cms", "-decrypt", "-inform", "DER", "-inkey", "enclave.pem", "-binary"],
        cwd=tmp_path,
        input=sealed,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert opened.stdout == ENCLAVE.open(sealed)
    assert len(opened.stdout) == 48


def test_documents_of_any_size_that_the_api_takes(server: Server) -> None:
    kms = server.client("kms")
    for size, told in ((262_144, "it is too large"), (262_145, "less than or equal to 262144")):
        given = {"KeyEncryptionAlgorithm": ALGORITHM, "AttestationDocument": bytes(size)}
        assert told in refused("ValidationException", kms.generate_random, NumberOfBytes=1, Recipient=given)


def test_a_server_without_roots(kms: Any, hypervisor: Hypervisor) -> None:
    told = refused(
        "ValidationException", kms.generate_random, NumberOfBytes=1, Recipient=recipient(hypervisor)
    )
    assert told == (
        "Recipient cannot be used: this server trusts no root of attestation documents "
        "(setting attestation_roots)."
    )
