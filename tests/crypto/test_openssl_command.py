"""What the OpenSSL command verifies, signs, encrypts, wraps and agrees on with the keys that KMS gives out.

It is another build than the library's own OpenSSL, and it is what users have at hand.
"""

import hashlib
import os
import subprocess
from pathlib import Path

import key_pairs
import pytest
from key_pairs import WAYS, Way, signer

from keystead.crypto.key_families import accept_material, new_key_pair
from keystead.crypto.key_material import (
    AgreementKeyPair,
    EncryptionKeyPair,
    InvalidCiphertext,
    InvalidSignature,
)
from keystead.crypto.key_wrap import unwrap
from keystead.kinds import EncryptionAlgorithm, KeySpec, MessageType, SigningAlgorithm, WrappingAlgorithm
from keystead.model.key_spec import hash_bytes

HASHES = {20: "sha1", 32: "sha256", 48: "sha384", 64: "sha512"}
# The command does neither Ed25519ph nor, before OpenSSL 3.5, ML-DSA.
DIGESTS = [
    way
    for way in WAYS
    if way.message_type is MessageType.DIGEST and way.spec is not KeySpec.ECC_NIST_EDWARDS25519
]
by_way = pytest.mark.parametrize("way", DIGESTS, ids="-".join)


@pytest.fixture
def openssl(tmp_path):
    """Runs the command over files of these contents, named in the arguments, and returns its output."""

    def run(*arguments: str, **contents: bytes) -> bytes:
        for name, content in contents.items():
            (tmp_path / name).write_bytes(content)
        done = subprocess.run(
            ["openssl", *arguments], cwd=tmp_path, capture_output=True, check=False, timeout=60
        )
        if done.returncode:
            raise ValueError(done.stderr.decode() + done.stdout.decode())
        return done.stdout

    return run


def pkeyopt(algorithm: str) -> list[str]:
    hash_name = HASHES[hash_bytes(SigningAlgorithm(algorithm))]
    options = [f"digest:{hash_name}"]
    if algorithm.startswith("RSASSA_PSS"):
        options += ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"]
    return [part for option in options for part in ("-pkeyopt", option)]


@by_way
def test_the_command_verifies_what_a_key_signs(openssl, way: Way):
    digest = hashlib.new(HASHES[hash_bytes(way.algorithm)], b"signed by KMS").digest()
    signature = signer(way.spec).sign(*way[1:], digest)
    verify = ["pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "public", "-in", "digest"]
    verify += ["-sigfile", "signature", *pkeyopt(way.algorithm)]
    files = {"public": signer(way.spec).public_key, "signature": signature}
    assert b"Success" in openssl(*verify, digest=digest, **files)
    with pytest.raises(ValueError, match="Verification Failure"):
        openssl(*verify, digest=bytes(len(digest)), **files)


@by_way
def test_a_key_verifies_what_the_command_signs(openssl, way: Way):
    digest = hashlib.new(HASHES[hash_bytes(way.algorithm)], b"signed outside").digest()
    sign = ["pkeyutl", "-sign", "-keyform", "DER", "-inkey", "private", "-in", "digest"]
    signature = openssl(*sign, *pkeyopt(way.algorithm), private=key_pairs.material(way.spec), digest=digest)
    signer(way.spec).verify(*way[1:], digest, signature)
    signer(way.spec).verify(way.algorithm, MessageType.RAW, b"signed outside", signature)
    with pytest.raises(InvalidSignature):
        signer(way.spec).verify(*way[1:], bytes(len(digest)), signature)


def test_ed25519_both_ways(openssl):
    pair = signer(KeySpec.ECC_NIST_EDWARDS25519)
    algorithm = SigningAlgorithm.ED25519_SHA_512
    verify = ["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "public"]
    openssl(
        *verify,
        *("-in", "message", "-sigfile", "signature"),
        public=pair.public_key,
        message=b"m",
        signature=pair.sign(algorithm, MessageType.RAW, b"m"),
    )
    sign = ["pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", "private", "-in", "message"]
    pair.verify(algorithm, MessageType.RAW, b"m", openssl(*sign, private=pair.private_bytes(), message=b"m"))


@pytest.mark.parametrize("spec", key_pairs.RSA)
@pytest.mark.parametrize(
    "algorithm", [EncryptionAlgorithm.RSAES_OAEP_SHA_1, EncryptionAlgorithm.RSAES_OAEP_SHA_256]
)
def test_oaep_both_ways(openssl, spec, algorithm):
    pair = key_pairs.pair(spec)
    assert isinstance(pair, EncryptionKeyPair)
    plaintext = os.urandom(100)
    encrypted = oaep(openssl, pair.public_key, algorithm, plaintext)
    assert pair.decrypt(algorithm, encrypted) == plaintext
    hash_name = HASHES[hash_bytes(algorithm)]
    opened = openssl(
        *("pkeyutl", "-decrypt", "-keyform", "DER", "-inkey", "private", "-in", "ciphertext"),
        *("-pkeyopt", "rsa_padding_mode:oaep"),
        *("-pkeyopt", f"rsa_oaep_md:{hash_name}", "-pkeyopt", f"rsa_mgf1_md:{hash_name}"),
        private=pair.private_bytes(),
        ciphertext=pair.encrypt(algorithm, plaintext),
    )
    assert opened == plaintext


def oaep(
    openssl, public_key: bytes, algorithm: EncryptionAlgorithm | WrappingAlgorithm, text: bytes
) -> bytes:
    hash_name = "sha1" if algorithm.endswith("SHA_1") else "sha256"
    return openssl(
        *("pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", "public", "-in", "plaintext"),
        *("-pkeyopt", "rsa_padding_mode:oaep"),
        *("-pkeyopt", f"rsa_oaep_md:{hash_name}", "-pkeyopt", f"rsa_mgf1_md:{hash_name}"),
        public=public_key,
        plaintext=text,
    )


@pytest.mark.parametrize("spec", key_pairs.AGREEMENT)
def test_both_parties_agree(openssl, spec):
    pair, other = key_pairs.pair(spec), new_key_pair(spec)
    assert isinstance(pair, AgreementKeyPair)
    secret = openssl(
        *("pkeyutl", "-derive", "-keyform", "DER", "-inkey", "private"),
        *("-peerform", "DER", "-peerkey", "peer"),
        private=other.private_bytes(),
        peer=pair.public_key,
    )
    assert pair.shared_secret(other.public_key) == secret


@pytest.mark.parametrize("spec", [s for s in key_pairs.PAIRS if not s.startswith("ML_")])
def test_the_command_reads_data_key_pairs(openssl, spec):
    pair = key_pairs.pair(spec)
    public = openssl(
        *("pkey", "-inform", "DER", "-in", "private", "-pubout", "-outform", "DER"),
        private=pair.private_bytes(),
    )
    assert public == pair.public_key


GENERATED = {
    KeySpec.RSA_2048: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    KeySpec.ECC_NIST_P256: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    KeySpec.ECC_NIST_P384: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    KeySpec.ECC_NIST_P521: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
    KeySpec.ECC_SECG_P256K1: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
    KeySpec.ECC_NIST_EDWARDS25519: ["-algorithm", "ED25519"],
}


@pytest.mark.parametrize("spec", GENERATED)
@pytest.mark.parametrize("algorithm", WrappingAlgorithm)
def test_material_of_the_command_arrives(openssl, tmp_path: Path, spec, algorithm):
    """As the KMS Developer Guide has users do it: generate, wrap for the key that KMS gave, import."""
    openssl("genpkey", *GENERATED[spec], "-out", "text")
    # Without -topk8 the command writes what came before PKCS #8, which KMS does not take.
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", "text", "-outform", "DER", "-out", "material")
    material = (tmp_path / "material").read_bytes()
    wrapping_key = key_pairs.pair(KeySpec.RSA_4096)
    if algorithm.startswith("RSAES"):
        if len(material) > 446:  # what fits under 4096 bits
            return
        wrapped = oaep(openssl, wrapping_key.public_key, algorithm, material)
    else:
        aes_key = os.urandom(32)
        wrap = ["enc", "-e", "-id-aes256-wrap-pad", "-K", aes_key.hex(), "-iv", "A65959A6", "-in", "material"]
        wrapped = oaep(openssl, wrapping_key.public_key, algorithm, aes_key) + openssl(*wrap)
    assert unwrap(algorithm, wrapping_key.private_bytes(), wrapped) == material
    accepted = accept_material(spec, material)
    public = openssl("pkey", "-inform", "DER", "-in", "material", "-pubout", "-outform", "DER")
    assert (
        openssl(
            *("pkey", "-inform", "DER", "-in", "accepted", "-pubout", "-outform", "DER"), accepted=accepted
        )
        == public
    )
    for other in set(WrappingAlgorithm) - {algorithm}:
        with pytest.raises(InvalidCiphertext):
            unwrap(other, wrapping_key.private_bytes(), wrapped)
