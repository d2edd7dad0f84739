"""A hypervisor that is trusted, an enclave of it, and what becomes of its documents."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.enclaves import Enclave, Hypervisor

from keystead.crypto import cbor
from keystead.crypto.attestation import AttestationDocument, AttestationRoots, InvalidAttestationDocument

NOW = 1_800_000_123.456
HYPERVISOR = Hypervisor(NOW)
ENCLAVE = Enclave()
ROOTS = AttestationRoots(HYPERVISOR.root_pem)
TIME = HYPERVISOR.milliseconds


def verified(document: bytes, time: int = TIME, roots: AttestationRoots = ROOTS) -> AttestationDocument:
    return roots.verify(document, time)


def why_not(document: bytes, time: int = TIME, roots: AttestationRoots = ROOTS) -> str:
    with pytest.raises(InvalidAttestationDocument) as caught:
        roots.verify(document, time)
    return str(caught.value)


def document(**other: Any) -> bytes:
    return HYPERVISOR.document(**({"public_key": ENCLAVE.public_key} | other))


def payload(**other: Any) -> bytes:
    return cbor.encode(HYPERVISOR.fields(ENCLAVE.public_key, **other))


def spki(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded
