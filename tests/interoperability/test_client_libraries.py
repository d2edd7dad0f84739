"""Client libraries that sign and encrypt with AWS KMS, unchanged, against a running server.

Their packages are in requirements/clients.txt, which `make test-slow` installs. They are imported where they
are used: without them these tests fail, and the quick ones know nothing of them.
"""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

pytestmark = [pytest.mark.wire, pytest.mark.slow]

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""SEC 2, section 2.4.1."""


@pytest.fixture
def ambient(shared_dev: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment from which a library makes its own boto3 client."""
    for name, value in shared_dev.aws_environment().items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)


SCHEMES = [
    ("RSA_2048", None, "rsassa-pss-sha256"),
    ("RSA_2048", "rsassa-pss-sha512", "rsassa-pss-sha512"),
    ("RSA_3072", "rsa-pkcs1v15-sha384", "rsa-pkcs1v15-sha384"),
    ("ECC_NIST_P256", None, "ecdsa-sha2-nistp256"),
    ("ECC_NIST_P384", None, "ecdsa-sha2-nistp384"),
]


@pytest.mark.parametrize(("spec", "asked", "scheme"), SCHEMES)
@pytest.mark.usefixtures("ambient")
def test_securesystemslib_signs(key_of: Any, spec: str, asked: str | None, scheme: str) -> None:
    from securesystemslib.exceptions import UnverifiedSignatureError
    from securesystemslib.signer import AWSSigner

    key, _ = key_of(spec, "SIGN_VERIFY")
    uri, public = AWSSigner.import_(key, asked)
    assert public.scheme == scheme
    signer = AWSSigner.from_priv_key_uri(uri, public)
    signature = signer.sign(b"a release")
    public.verify_signature(signature, b"a release")
    with pytest.raises(UnverifiedSignatureError):
        public.verify_signature(signature, b"another release")


def test_tink_encrypts_under_a_key_of_ours(shared_dev: Any, kms: Any) -> None:
    """Its remote AEAD, and an envelope of it; boto3 is Tink's way to KMS too."""
    import tink
    from tink import aead
    from tink.integration import awskms

    aead.register()
    key = kms.create_key()["KeyMetadata"]["Arn"]
    client = awskms.new_client(boto3_client=kms, key_uri=f"aws-kms://{key}")
    remote = client.get_aead(f"aws-kms://{key}")
    blob = remote.encrypt(b"the plaintext", b"the purpose")
    assert remote.decrypt(blob, b"the purpose") == b"the plaintext"
    with pytest.raises(tink.TinkError):
        remote.decrypt(blob, b"another purpose")
    envelope = aead.KmsEnvelopeAead(aead.aead_key_templates.AES256_GCM, remote)
    sealed = envelope.encrypt(b"x" * 100_000, b"file 17")
    assert envelope.decrypt(sealed, b"file 17") == b"x" * 100_000


def test_ethereum_recovers_the_address_from_a_signature(kms: Any, key_of: Any) -> None:
    """As wallets on KMS do: sign the Keccak digest, bring s into the lower half, try both parities."""
    from eth_keys import keys
    from eth_utils import keccak

    key, public = key_of("ECC_SECG_P256K1", "SIGN_VERIFY")
    ours = keys.PublicKey(public[-64:])  # the uncompressed point without its first byte
    for number in range(8):
        digest = keccak(json.dumps({"nonce": number}).encode())
        signature = kms.sign(
            KeyId=key, MessageType="DIGEST", SigningAlgorithm="ECDSA_SHA_256", Message=digest
        )["Signature"]
        r, s = decode_dss_signature(signature)
        s = min(s, SECP256K1_ORDER - s)
        recovered = {
            keys.Signature(vrs=(v, r, s)).recover_public_key_from_msg_hash(digest).to_checksum_address()
            for v in (0, 1)
        }
        assert ours.to_checksum_address() in recovered
