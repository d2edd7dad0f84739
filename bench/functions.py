"""The cost of each key family's operations beside the same call of the library that does them: no server."""

import statistics
from collections.abc import Callable, Iterator
from typing import NamedTuple

from Crypto.PublicKey import MLKEM
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from bench.decision import microseconds
from keystead.crypto.key_families import load_material, new_material
from keystead.crypto.key_material import (
    AgreementKeyPair,
    EncapsulationKeyPair,
    EncryptionKeyPair,
    MacKey,
    SigningKeyPair,
)
from keystead.kinds import EncryptionAlgorithm, KeySpec, MacAlgorithm, MessageType, SigningAlgorithm

MESSAGE = bytes(range(32))
RAW = MessageType.RAW


class Pair(NamedTuple):
    """One operation, done by the library alone and by our function."""

    name: str
    bare: Callable[[], object]
    ours: Callable[[], object]


def measure(rounds: int) -> dict[str, float]:
    """Runs and prints it. Microseconds by name; `<name>/bare` are the ratios."""
    figures: dict[str, float] = {}
    print(f"{'':<44}{'bare us':>10}{'us':>10}{'/bare':>8}")
    for name, bare, ours in pairs():
        alone, with_us = [], []
        for _ in range(rounds):
            alone.append(microseconds(bare))
            with_us.append(microseconds(ours))
        ratio = statistics.median(b / a for a, b in zip(alone, with_us, strict=True))
        figures[name], figures[f"{name}/bare"] = statistics.median(with_us), ratio
        print(f"{name:<44}{statistics.median(alone):>10.1f}{figures[name]:>10.1f}{ratio:>8.2f}", flush=True)
    return figures


def pairs() -> Iterator[Pair]:
    """What is measured."""
    yield hmac()
    for spec in (KeySpec.RSA_2048, KeySpec.RSA_3072, KeySpec.RSA_4096):
        yield from rsa_signing(spec)
    yield rsa_decryption()
    yield from p256()
    yield ed25519()
    yield ml_dsa()
    yield from ml_kem()


def hmac() -> Pair:
    material = new_material(KeySpec.HMAC_256)
    key = load_material(KeySpec.HMAC_256, material)
    assert isinstance(key, MacKey)

    def bare() -> bytes:
        mac = HMAC(material, SHA256())
        mac.update(MESSAGE)
        return mac.finalize()

    return Pair("HMAC_SHA_256", bare, lambda: key.mac(MacAlgorithm.HMAC_SHA_256, MESSAGE))


def rsa_signing(spec: KeySpec) -> Iterator[Pair]:
    material = new_material(spec)
    private, pair = load_der_private_key(material, None), load_material(spec, material)
    assert isinstance(private, rsa.RSAPrivateKey)
    assert isinstance(pair, SigningKeyPair)
    for algorithm, padding in (
        (SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256, PKCS1v15()),
        (SigningAlgorithm.RSASSA_PSS_SHA_256, PSS(MGF1(SHA256()), 32)),
    ):
        yield signing(spec, pair, algorithm, lambda p=padding: private.sign(MESSAGE, p, SHA256()))


def signing(
    spec: KeySpec, pair: SigningKeyPair, algorithm: SigningAlgorithm, bare: Callable[[], bytes]
) -> Pair:
    return Pair(f"{spec} {algorithm}", bare, lambda: pair.sign(algorithm, RAW, MESSAGE))


def rsa_decryption() -> Pair:
    spec, algorithm = KeySpec.RSA_2048, EncryptionAlgorithm.RSAES_OAEP_SHA_256
    material = new_material(spec)
    private, pair = load_der_private_key(material, None), load_material(spec, material)
    assert isinstance(private, rsa.RSAPrivateKey)
    assert isinstance(pair, EncryptionKeyPair)
    ciphertext, padding = pair.encrypt(algorithm, MESSAGE), OAEP(MGF1(SHA256()), SHA256(), None)
    return Pair(
        f"{spec} {algorithm}, decrypt",
        lambda: private.decrypt(ciphertext, padding),
        lambda: pair.decrypt(algorithm, ciphertext),
    )


def p256() -> Iterator[Pair]:
    spec, algorithm = KeySpec.ECC_NIST_P256, SigningAlgorithm.ECDSA_SHA_256
    material = new_material(spec)
    private, pair = load_der_private_key(material, None), load_material(spec, material)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    assert isinstance(pair, SigningKeyPair)
    assert isinstance(pair, AgreementKeyPair)
    signature = pair.sign(algorithm, RAW, MESSAGE)
    public, der = private.public_key(), pair.public_key
    yield signing(spec, pair, algorithm, lambda: private.sign(MESSAGE, ec.ECDSA(SHA256())))
    yield Pair(
        f"{spec} {algorithm}, verify",
        lambda: public.verify(signature, MESSAGE, ec.ECDSA(SHA256())),
        lambda: pair.verify(algorithm, RAW, MESSAGE, signature),
    )

    def exchange() -> bytes:
        peer = load_der_public_key(der)
        assert isinstance(peer, ec.EllipticCurvePublicKey)
        return private.exchange(ec.ECDH(), peer)

    yield Pair(f"{spec} ECDH", exchange, lambda: pair.shared_secret(der))


def ed25519() -> Pair:
    spec, private = KeySpec.ECC_NIST_EDWARDS25519, Ed25519PrivateKey.generate()
    pair = load_material(spec, new_material(spec))
    assert isinstance(pair, SigningKeyPair)
    return signing(spec, pair, SigningAlgorithm.ED25519_SHA_512, lambda: private.sign(MESSAGE))


def ml_dsa() -> Pair:
    spec, private = KeySpec.ML_DSA_65, MLDSA65PrivateKey.generate()
    pair = load_material(spec, new_material(spec))
    assert isinstance(pair, SigningKeyPair)
    return signing(spec, pair, SigningAlgorithm.ML_DSA_SHAKE_256, lambda: private.sign(MESSAGE))


def ml_kem() -> Iterator[Pair]:
    material = new_material(KeySpec.ML_KEM_512)
    bare_512, bare_768 = MLKEM.import_key(material), MLKEM768PrivateKey.generate()
    yield decapsulation(KeySpec.ML_KEM_512, bare_512._encaps()[1], bare_512._decaps)
    yield decapsulation(KeySpec.ML_KEM_768, bare_768.public_key().encapsulate()[1], bare_768.decapsulate)


def decapsulation(spec: KeySpec, ciphertext: bytes, bare: Callable[[bytes], bytes]) -> Pair:
    pair = load_material(spec, new_material(spec))
    assert isinstance(pair, EncapsulationKeyPair)
    return Pair(f"{spec}, decapsulate", lambda: bare(ciphertext), lambda: pair.decapsulate(ciphertext))
