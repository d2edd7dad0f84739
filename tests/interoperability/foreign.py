"""Other implementations than the server's: the OpenSSL command, and three libraries.

The server works with `cryptography`, libsodium and mlkem-native. Here are the `openssl` command for RSA and
the curves, PyCryptodome for Ed25519ph, dilithium-py for ML-DSA and kyber-py for ML-KEM. `cryptography` is
built on OpenSSL as well, but on another release of it.
"""

import hashlib
import re
import subprocess
from pathlib import Path
from typing import Any

from Crypto.Hash import SHA512
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from dilithium_py.ml_dsa import ML_DSA_44, ML_DSA_65, ML_DSA_87
from kyber_py.ml_kem import ML_KEM_512, ML_KEM_768, ML_KEM_1024

ML_DSA: dict[str, Any] = {"ML_DSA_44": ML_DSA_44, "ML_DSA_65": ML_DSA_65, "ML_DSA_87": ML_DSA_87}
ML_DSA_PUBLIC_BYTES = {"ML_DSA_44": 1312, "ML_DSA_65": 1952, "ML_DSA_87": 2592}
"""FIPS 204, table 2."""
ML_KEM: dict[str, Any] = {"ML_KEM_512": ML_KEM_512, "ML_KEM_768": ML_KEM_768, "ML_KEM_1024": ML_KEM_1024}
ML_KEM_PUBLIC_BYTES = {"ML_KEM_512": 800, "ML_KEM_768": 1184, "ML_KEM_1024": 1568}
"""FIPS 203, table 3."""
SEED_BYTES = 64


class OpenSsl:
    """The `openssl` command, with its files in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def file(self, name: str, content: bytes) -> str:
        path = self._directory / name
        path.write_bytes(content)
        return str(path)

    def run(self, *arguments: str) -> bytes:
        """What it prints; an AssertionError with its complaint if it fails."""
        done = subprocess.run(["openssl", *arguments], capture_output=True, check=False, cwd=self._directory)
        assert done.returncode == 0, done.stderr.decode() or done.stdout.decode()
        return done.stdout

    def verifies(self, public: bytes, algorithm: str, message: bytes, signature: bytes) -> bool:
        """Whether a signature by RSA, ECDSA or Ed25519 is good, told by the exit code."""
        key, signed, given = (
            self.file("public.der", public),
            self.file("message", message),
            self.file("signature", signature),
        )
        if algorithm == "ED25519_SHA_512":
            command = ["pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", key]
            command += ["-sigfile", given, "-in", signed]
        else:
            bits = algorithm.rpartition("_")[2]
            command = ["dgst", f"-sha{bits}", "-verify", key, "-keyform", "DER", "-signature", given]
            if "PSS" in algorithm:
                command += ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
            command += [signed]
        done = subprocess.run(["openssl", *command], capture_output=True, check=False, cwd=self._directory)
        assert done.returncode in (0, 1), done.stderr.decode()
        return done.returncode == 0

    def encrypt(self, public: bytes, algorithm: str, plaintext: bytes) -> bytes:
        """RSAES-OAEP, by default with MGF1 of the same hash."""
        digest = algorithm.removeprefix("RSAES_OAEP_").replace("_", "").lower()
        return self.run(
            *("pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", self.file("public.der", public)),
            *("-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", f"rsa_oaep_md:{digest}"),
            *("-in", self.file("plaintext", plaintext)),
        )

    def new_curve_key(self, curve: str) -> tuple[bytes, bytes]:
        """DER of a fresh private key (PKCS #8) and of its public key."""
        private = self.run(
            *("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-outform", "DER")
        )
        return private, self.public_of(private)

    def public_of(self, private: bytes) -> bytes:
        """DER of the public half of a private key of RSA, a curve or Ed25519."""
        key = self.file("private.der", private)
        return self.run("pkey", "-inform", "DER", "-in", key, "-pubout", "-outform", "DER")

    def shared_secret(self, private: bytes, public: bytes) -> bytes:
        return self.run(
            *("pkeyutl", "-derive", "-keyform", "DER", "-inkey", self.file("private.der", private)),
            *("-peerform", "DER", "-peerkey", self.file("peer.der", public)),
        )

    def kind(self, private: bytes) -> str:
        """What it says that a private key is, once it has checked it: `2048 bit`, `secp256k1`, `ED25519`."""
        key = self.file("private.der", private)
        told = self.run("pkey", "-inform", "DER", "-in", key, "-check", "-noout", "-text").decode()
        named = re.search(r"(?<=ASN1 OID: )\S+", told) or re.search(r"ED25519|(?<=\()\d+ bit", told)
        assert named is not None, told
        return named.group()


def ml_dsa_verifies(spec: str, public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an ML-DSA signature with an empty context is good; the key is DER."""
    verified: bool = ML_DSA[spec].verify(public[-ML_DSA_PUBLIC_BYTES[spec] :], message, signature)
    return verified


def mu(spec: str, public: bytes, message: bytes) -> bytes:
    """The representative of a message, by dilithium-py."""
    raw = public[-ML_DSA_PUBLIC_BYTES[spec] :]
    made: bytes = ML_DSA[spec].prehash_external_mu(raw, message)
    return made


def ed25519ph_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519ph signature (RFC 8032) of a message is good."""
    try:
        eddsa.new(ECC.import_key(public), "rfc8032").verify(SHA512.new(message), signature)
    except ValueError:
        return False
    return True


def digest(algorithm: str, message: bytes) -> bytes:
    """The hash that an algorithm is named after."""
    return hashlib.new(f"sha{algorithm.rpartition('_')[2]}", message).digest()
