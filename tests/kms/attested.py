"""A whole service in process that trusts a hypervisor, and what enclaves of it send."""

import json
from dataclasses import dataclass, field
from typing import Any

from scene import arn
from tests.enclaves import PCRS, Enclave, Hypervisor
from tests.iam.in_process import ACCOUNT, NOW, InProcess
from world import allow, delegation, document

from keystead.crypto.attestation import AttestationRoots

HYPERVISOR = Hypervisor(NOW)
ENCLAVE = Enclave()
RSAES_OAEP_SHA_256 = "RSAES_OAEP_SHA_256"
IMAGE = PCRS[0].hex()


def recipient(**other: Any) -> dict[str, Any]:
    """A `Recipient` as it should be, but for fields of its document."""
    made = HYPERVISOR.document(**{"public_key": ENCLAVE.public_key} | other)
    return {"KeyEncryptionAlgorithm": RSAES_OAEP_SHA_256, "AttestationDocument": made}


def forged(**fields: Any) -> dict[str, Any]:
    """Of a hypervisor that is not trusted."""
    made = Hypervisor(NOW).document(ENCLAVE.public_key, **fields)
    return {"KeyEncryptionAlgorithm": RSAES_OAEP_SHA_256, "AttestationDocument": made}


@dataclass
class Attested:
    """A service that trusts the hypervisor, and a key of its root user."""

    inside: InProcess = field(
        default_factory=lambda: InProcess(attestation_roots=AttestationRoots(HYPERVISOR.root_pem))
    )

    def __post_init__(self) -> None:
        self.kms = self.inside.client("kms")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]
        self.blob = self.kms.encrypt(KeyId=self.key, Plaintext=b"a secret")["CiphertextBlob"]

    def user(self, name: str) -> Any:
        iam = self.inside.client("iam")
        iam.create_user(UserName=name)
        return self.inside.client("kms", iam.create_access_key(UserName=name)["AccessKey"])

    def only_for(self, name: str, value: str, *actions: str, operator: str = "StringEquals") -> str:
        """A key whose policy lets `name` do this with one measurement, and its root user anything."""
        condition = {operator: {"kms:RecipientAttestation:PCR0": value}}
        policy = document(
            delegation(f"arn:aws:iam::{ACCOUNT}:root"),
            allow({"AWS": arn(name)}, *actions, Condition=condition),
        )
        made: str = self.kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"]
        return made
