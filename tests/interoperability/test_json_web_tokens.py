"""JSON Web Tokens signed through Sign, verified by PyJWT with a JWK of what GetPublicKey answers."""

import base64
import hashlib
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

pytestmark = pytest.mark.wire

CLAIMS = {"sub": "ada", "amount": 17}
ALGORITHMS = {
    "RS256": ("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256"),
    "PS256": ("RSA_2048", "RSASSA_PSS_SHA_256"),
    "PS512": ("RSA_2048", "RSASSA_PSS_SHA_512"),
    "ES256": ("ECC_NIST_P256", "ECDSA_SHA_256"),
    "ES384": ("ECC_NIST_P384", "ECDSA_SHA_384"),
    "ES512": ("ECC_NIST_P521", "ECDSA_SHA_512"),
    "ES256K": ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
    "EdDSA": ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512"),
}
"""By their names in RFC 7518, RFC 8037 and RFC 8812."""

NUMBER_BYTES = {"ES256": 32, "ES384": 48, "ES512": 66, "ES256K": 32}
"""Of each half of a signature (RFC 7518, section 3.4)."""


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def token(kms: Any, key: str, algorithm: str) -> str:
    parts = (json.dumps(part).encode() for part in ({"alg": algorithm, "typ": "JWT"}, CLAIMS))
    signed = ".".join(map(encoded, parts))
    asked: dict[str, Any] = {"Message": signed.encode(), "MessageType": "RAW"}
    if algorithm != "EdDSA":
        digest = hashlib.new(f"sha{algorithm[2:5]}", signed.encode()).digest()
        asked = {"Message": digest, "MessageType": "DIGEST"}
    signature = kms.sign(KeyId=key, SigningAlgorithm=ALGORITHMS[algorithm][1], **asked)["Signature"]
    if algorithm in NUMBER_BYTES:
        size = NUMBER_BYTES[algorithm]
        signature = b"".join(number.to_bytes(size) for number in decode_dss_signature(signature))
    return f"{signed}.{encoded(signature)}"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_token(kms: Any, key_of: Any, algorithm: str) -> None:
    key, public = key_of(ALGORITHMS[algorithm][0], "SIGN_VERIFY")
    made = jwt.get_algorithm_by_name(algorithm)
    jwk = jwt.PyJWK(made.to_jwk(load_der_public_key(public), as_dict=True), algorithm)
    signed = token(kms, key, algorithm)
    assert jwt.decode(signed, jwk, algorithms=[algorithm]) == CLAIMS
    head, _, signature = signed.split(".")
    forged = f"{head}.{encoded(json.dumps(CLAIMS | {'amount': 18}).encode())}.{signature}"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(forged, jwk, algorithms=[algorithm])
