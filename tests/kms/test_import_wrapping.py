"""Material that others made and wrapped, over the wire: by the OpenSSL command, and by PyCryptodome.

What the imported keys do is verified with the same two: a MAC, a signature, a shared secret, a ciphertext.
"""

import hashlib
import hmac
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from Crypto.Cipher import AES, PKCS1_OAEP
from Crypto.Hash import SHA1, SHA256, SHA512
from Crypto.PublicKey import ECC, RSA
from Crypto.Signature import DSS, eddsa, pss
from world import World, refused

MESSAGE = b"what is signed"
FOREVER = {"ExpirationModel": "KEY_MATERIAL_DOES_NOT_EXPIRE"}


def openssl(directory: Path, *arguments: str) -> bytes:
    done = subprocess.run(["openssl", *arguments], cwd=directory, capture_output=True, check=True, timeout=60)
    return done.stdout


def wrapped_by_openssl(directory: Path, public_key: bytes, material: bytes, algorithm: str) -> bytes:
    """KMS Developer Guide, "Importing key material: encrypt the key material"."""
    function = "sha1" if algorithm.endswith("SHA_1") else "sha256"
    (directory / "wrapping.der").write_bytes(public_key)
    oaep = ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", f"rsa_oaep_md:{function}"]
    oaep += ["-pkeyopt", f"rsa_mgf1_md:{function}"]
    encrypt = ["pkeyutl", "-encrypt", "-in", "plain", "-inkey", "wrapping.der", "-keyform", "DER", "-pubin"]
    if algorithm.startswith("RSAES_OAEP"):
        (directory / "plain").write_bytes(material)
        return openssl(directory, *encrypt, *oaep)
    key = os.urandom(32)
    (directory / "plain").write_bytes(key)
    head = openssl(directory, *encrypt, *oaep)
    (directory / "plain").write_bytes(material)
    wrap = ["enc", "-id-aes256-wrap-pad", "-iv", "A65959A6", "-K", key.hex(), "-in", "plain"]
    return head + openssl(directory, *wrap)


def wrapped_by_pycryptodome(_: Path, public_key: bytes, material: bytes, algorithm: str) -> bytes:
    function = SHA1 if algorithm.endswith("SHA_1") else SHA256
    oaep = PKCS1_OAEP.new(RSA.import_key(public_key), hashAlgo=function)
    if algorithm.startswith("RSAES_OAEP"):
        return oaep.encrypt(material)
    key = os.urandom(32)
    return oaep.encrypt(key) + AES.new(key, AES.MODE_KWP).seal(material)


WRAPPERS = {"openssl": wrapped_by_openssl, "pycryptodome": wrapped_by_pycryptodome}


def private_key(directory: Path, spec: str) -> bytes:
    """PKCS #8 in DER, made by the OpenSSL command."""
    match spec:
        case "ECC_NIST_EDWARDS25519":
            kind = ["-algorithm", "ed25519"]
        case "RSA_2048":
            kind = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        case _:
            curve = {"ECC_NIST_P256": "P-256", "ECC_NIST_P384": "P-384", "ECC_NIST_P521": "P-521"}
            kind = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve.get(spec, 'secp256k1')}"]
    # Not `genpkey -outform DER`: versions of OpenSSL differ in whether that is PKCS #8.
    openssl(directory, "genpkey", *kind, "-out", "private.pem")
    return openssl(directory, "pkcs8", "-topk8", "-nocrypt", "-in", "private.pem", "-outform", "DER")


def public_half(directory: Path, private: bytes) -> bytes:
    (directory / "private.der").write_bytes(private)
    return openssl(directory, "pkey", "-in", "private.der", "-inform", "DER", "-pubout", "-outform", "DER")


def new_key(kms: Any, spec: str, usage: str) -> str:
    answer = kms.create_key(Origin="EXTERNAL", KeySpec=spec, KeyUsage=usage)
    return str(answer["KeyMetadata"]["Arn"])


def bring(
    kms: Any, directory: Path, key: str, material: bytes, algorithm: str, wrapping_key: str, by: str
) -> None:
    asked = kms.get_parameters_for_import(
        KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec=wrapping_key
    )
    kms.import_key_material(
        KeyId=key,
        ImportToken=asked["ImportToken"],
        EncryptedKeyMaterial=WRAPPERS[by](directory, asked["PublicKey"], material, algorithm),
        **FOREVER,
    )


OAEP_1, OAEP_256 = "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"
WRAP_1, WRAP_256 = "RSA_AES_KEY_WRAP_SHA_1", "RSA_AES_KEY_WRAP_SHA_256"


@pytest.mark.wire
@pytest.mark.parametrize(
    ("algorithm", "wrapping_key", "by"),
    [
        (OAEP_1, "RSA_2048", "openssl"),
        (OAEP_256, "RSA_2048", "pycryptodome"),
        (OAEP_256, "RSA_4096", "openssl"),
    ],
)
class TestSecrets:
    def test_symmetric(
        self, world: World, tmp_path: Path, algorithm: str, wrapping_key: str, by: str
    ) -> None:
        """What one key encrypts another with the same material does not open: a blob names its key."""
        key = new_key(world.kms, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT")
        bring(world.kms, tmp_path, key, b"M" * 32, algorithm, wrapping_key, by)
        blob = world.kms.encrypt(KeyId=key, Plaintext=MESSAGE)["CiphertextBlob"]
        assert world.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == MESSAGE

    def test_hmac(self, world: World, tmp_path: Path, algorithm: str, wrapping_key: str, by: str) -> None:
        secret = os.urandom(64)
        key = new_key(world.kms, "HMAC_512", "GENERATE_VERIFY_MAC")
        bring(world.kms, tmp_path, key, secret, algorithm, wrapping_key, by)
        mac = world.kms.generate_mac(KeyId=key, Message=MESSAGE, MacAlgorithm="HMAC_SHA_512")["Mac"]
        assert mac == hmac.new(secret, MESSAGE, hashlib.sha512).digest()


@pytest.mark.wire
@pytest.mark.parametrize(
    ("spec", "algorithm", "wrapping_key", "by"),
    [
        ("RSA_2048", WRAP_1, "RSA_2048", "openssl"),
        ("RSA_2048", WRAP_256, "RSA_3072", "pycryptodome"),
        ("ECC_NIST_P256", OAEP_256, "RSA_2048", "openssl"),
        ("ECC_NIST_P256", WRAP_256, "RSA_2048", "pycryptodome"),
        ("ECC_NIST_P384", OAEP_1, "RSA_2048", "pycryptodome"),
        ("ECC_NIST_P521", OAEP_256, "RSA_3072", "pycryptodome"),
        ("ECC_NIST_P521", WRAP_1, "RSA_2048", "openssl"),
        ("ECC_SECG_P256K1", OAEP_256, "RSA_2048", "openssl"),
        ("ECC_NIST_EDWARDS25519", OAEP_256, "RSA_3072", "openssl"),
        ("ECC_NIST_EDWARDS25519", WRAP_256, "RSA_2048", "pycryptodome"),
    ],
)
def test_key_pairs(
    world: World, tmp_path: Path, spec: str, algorithm: str, wrapping_key: str, by: str
) -> None:
    private = private_key(tmp_path, spec)
    key = new_key(world.kms, spec, "SIGN_VERIFY")
    bring(world.kms, tmp_path, key, private, algorithm, wrapping_key, by)
    public = world.kms.get_public_key(KeyId=key)["PublicKey"]
    assert public == public_half(tmp_path, private)
    signing = {
        "RSA_2048": "RSASSA_PSS_SHA_256",
        "ECC_NIST_P384": "ECDSA_SHA_384",
        "ECC_NIST_P521": "ECDSA_SHA_512",
        "ECC_NIST_EDWARDS25519": "ED25519_SHA_512",
    }.get(spec, "ECDSA_SHA_256")
    signature = world.kms.sign(KeyId=key, Message=MESSAGE, SigningAlgorithm=signing)["Signature"]
    (tmp_path / "public.der").write_bytes(public)
    (tmp_path / "message").write_bytes(MESSAGE)
    (tmp_path / "signature").write_bytes(signature)
    verify = ["pkeyutl", "-verify", "-pubin", "-inkey", "public.der", "-keyform", "DER", "-rawin"]
    verify += ["-in", "message", "-sigfile", "signature"]
    if spec == "RSA_2048":
        verify += [
            "-digest",
            "sha256",
            "-pkeyopt",
            "rsa_padding_mode:pss",
            "-pkeyopt",
            "rsa_pss_saltlen:digest",
        ]
        pss.new(RSA.import_key(public)).verify(SHA256.new(MESSAGE), signature)
    elif spec == "ECC_NIST_EDWARDS25519":
        eddsa.new(ECC.import_key(public), "rfc8032").verify(MESSAGE, signature)
    else:
        verify += ["-digest", "sha" + signing.rpartition("_")[2]]
        if spec == "ECC_NIST_P521":
            DSS.new(ECC.import_key(public), "fips-186-3", "der").verify(SHA512.new(MESSAGE), signature)
    openssl(tmp_path, *verify)
    # And the other way: signed outside with the private key that was imported, verified by the API.
    scheme = verify[verify.index("signature") + 1 :]
    (tmp_path / "private.der").write_bytes(private)
    sign = ["pkeyutl", "-sign", "-inkey", "private.der", "-keyform", "DER", "-rawin", "-in", "message"]
    foreign = openssl(tmp_path, *sign, *scheme)
    answer = world.kms.verify(KeyId=key, Message=MESSAGE, SigningAlgorithm=signing, Signature=foreign)
    assert answer["SignatureValid"]


@pytest.mark.wire
def test_an_rsa_key_in_either_encoding_decrypts(world: World, tmp_path: Path) -> None:
    private = private_key(tmp_path, "RSA_2048")
    key = new_key(world.kms, "RSA_2048", "ENCRYPT_DECRYPT")
    indefinite = b"\x30\x80" + private[4:] + b"\0\0"  # BER, X.690, section 8.1.3.6
    for encoded in (private, indefinite):
        bring(world.kms, tmp_path, key, encoded, WRAP_256, "RSA_2048", "openssl")
    blob = PKCS1_OAEP.new(RSA.import_key(private).public_key(), hashAlgo=SHA256).encrypt(MESSAGE)
    answer = world.kms.decrypt(KeyId=key, CiphertextBlob=blob, EncryptionAlgorithm=OAEP_256)
    assert answer["Plaintext"] == MESSAGE


@pytest.mark.wire
def test_a_curve_agrees(world: World, tmp_path: Path) -> None:
    private, other = (private_key(tmp_path, "ECC_NIST_P384") for _ in range(2))
    key = new_key(world.kms, "ECC_NIST_P384", "KEY_AGREEMENT")
    bring(world.kms, tmp_path, key, private, WRAP_256, "RSA_2048", "pycryptodome")
    peer = public_half(tmp_path, other)
    answer = world.kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=peer)
    assert answer["KeyOrigin"] == "EXTERNAL"
    (tmp_path / "other.der").write_bytes(other)
    (tmp_path / "public.der").write_bytes(public_half(tmp_path, private))
    derive = ["pkeyutl", "-derive", "-inkey", "other.der", "-keyform", "DER"]
    assert answer["SharedSecret"] == openssl(tmp_path, *derive, "-peerkey", "public.der", "-peerform", "DER")


@pytest.mark.wire
def test_what_is_no_key_of_the_spec_is_refused(world: World, tmp_path: Path) -> None:
    """Another curve, another kind, a public key, a key that is encrypted, a text: all the same."""
    key = new_key(world.kms, "ECC_NIST_P256", "SIGN_VERIFY")
    right = private_key(tmp_path, "ECC_NIST_P256")
    (tmp_path / "right.der").write_bytes(right)
    convert = ["pkcs8", "-topk8", "-in", "right.der", "-inform", "DER", "-outform", "DER"]
    materials = [
        private_key(tmp_path, "ECC_NIST_P384"),
        private_key(tmp_path, "ECC_SECG_P256K1"),
        private_key(tmp_path, "ECC_NIST_EDWARDS25519"),
        public_half(tmp_path, right),
        openssl(tmp_path, *convert, "-passout", "pass:secret"),
        openssl(tmp_path, "pkey", "-in", "right.der", "-inform", "DER"),
        right + b"\0",
        right[:-1],
    ]
    asked = world.kms.get_parameters_for_import(
        KeyId=key, WrappingAlgorithm=WRAP_256, WrappingKeySpec="RSA_2048"
    )
    for material in materials:
        wrapped = wrapped_by_pycryptodome(tmp_path, asked["PublicKey"], material, WRAP_256)
        given = {"KeyId": key, "ImportToken": asked["ImportToken"], "EncryptedKeyMaterial": wrapped}
        said = refused("InvalidCiphertextException", world.kms.import_key_material, **given, **FOREVER)
        assert said == ""
