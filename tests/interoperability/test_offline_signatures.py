"""Signatures of every algorithm and message type verify elsewhere, with what GetPublicKey answers."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from foreign import OpenSsl, digest, ed25519ph_verifies, ml_dsa_verifies, mu

from keystead.kinds import KeyUsage, MessageType, SigningAlgorithm
from keystead.model.key_spec import TRAITS, takes

pytestmark = pytest.mark.wire

MESSAGE = b"a message of which each bit counts"

CASES = [
    (spec.value, algorithm.value, message_type.value)
    for spec, traits in TRAITS.items()
    for algorithm in traits.algorithms.get(KeyUsage.SIGN_VERIFY, ())
    for message_type in MessageType
    if isinstance(algorithm, SigningAlgorithm) and takes(algorithm, message_type)
]


def given(spec: str, algorithm: str, message_type: str, public: bytes) -> bytes:
    """What the request holds for `MESSAGE`."""
    match message_type:
        case "RAW":
            return MESSAGE
        case "DIGEST":
            return digest(algorithm, MESSAGE)
        case _:
            return mu(spec, public, MESSAGE)


def verifies(openssl: OpenSsl, spec: str, algorithm: str, public: bytes, signature: bytes) -> bool:
    """Whether another implementation takes it for a signature of `MESSAGE`."""
    if spec.startswith("ML_DSA"):
        return ml_dsa_verifies(spec, public, MESSAGE, signature)
    if algorithm == "ED25519_PH_SHA_512":  # KMS hashes the digest once more
        return ed25519ph_verifies(public, digest(algorithm, MESSAGE), signature)
    return openssl.verifies(public, algorithm, MESSAGE, signature)


@pytest.mark.parametrize(("spec", "algorithm", "message_type"), CASES)
def test_a_signature(
    kms: Any, key_of: Any, openssl: OpenSsl, spec: str, algorithm: str, message_type: str
) -> None:
    key, public = key_of(spec, "SIGN_VERIFY")
    asked = {
        "KeyId": key,
        "SigningAlgorithm": algorithm,
        "MessageType": message_type,
        "Message": given(spec, algorithm, message_type, public),
    }
    signature = kms.sign(**asked)["Signature"]
    assert verifies(openssl, spec, algorithm, public, signature)
    assert kms.verify(**asked, Signature=signature)["SignatureValid"]
    wrong = signature[:-1] + bytes((signature[-1] ^ 1,))
    assert not verifies(openssl, spec, algorithm, public, wrong)
    with pytest.raises(ClientError, match="KMSInvalidSignatureException"):
        kms.verify(**asked, Signature=wrong)


def test_every_spec_that_signs_is_here() -> None:
    assert len({spec for spec, _, _ in CASES}) == 11
    assert {algorithm for _, algorithm, _ in CASES} == set(SigningAlgorithm)
