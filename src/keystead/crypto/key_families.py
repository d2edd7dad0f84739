"""The material of every key spec: made, loaded, taken from outside.

What is stored is the key itself for symmetric and HMAC keys, and DER of PKCS #8 for key pairs. Each key has
one form, so that imported material can be compared with earlier material byte for byte.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PrivateKey,
    MLDSA65PrivateKey,
    MLDSA87PrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM1024PrivateKey

from keystead.crypto import mldsa, mlkem
from keystead.crypto.ecc import EccKeyPair
from keystead.crypto.edwards import Ed25519KeyPair
from keystead.crypto.key_material import InvalidMaterial, KeyPair, MacKey
from keystead.crypto.mac import HmacKey
from keystead.crypto.mldsa import MlDsaKeyPair
from keystead.crypto.mlkem import MlKem512KeyPair, MlKemKeyPair
from keystead.crypto.pkcs8 import definite
from keystead.crypto.randomness import Random, draw
from keystead.crypto.rsa import RsaKeyPair
from keystead.crypto.symmetric import KEY_BYTES, SymmetricKey
from keystead.kinds import KeySpec, MacAlgorithm
from keystead.model.key_spec import hash_bytes

Material = SymmetricKey | MacKey | KeyPair
"""Key material ready for use."""


@dataclass(frozen=True, slots=True)
class _Secret:
    """A family without a public half: its material is a number of random bytes."""

    length: int
    load: Callable[[bytes], SymmetricKey | MacKey]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A family with a public half.

    Attributes:
        generate: a fresh key pair.
        load: from stored bytes.
        accept: from bytes that someone else made, in any of the encodings that are taken.
    """

    generate: Callable[[], KeyPair]
    load: Callable[[bytes], KeyPair]
    accept: Callable[[bytes], KeyPair]


def new_material(spec: KeySpec, random: Random = os.urandom) -> bytes:
    """Fresh material, as it is stored.

    RSA takes tenths of a second, without the interpreter's lock.

    Args:
        spec: any but SM2, of which there are no keys.
        random: for symmetric and HMAC keys; key pairs are made by the libraries of their own randomness.
    """
    family = _FAMILIES[spec]
    if isinstance(family, _Secret):
        return draw(random, family.length)
    return family.generate().private_bytes()


def new_key_pair(spec: KeySpec) -> KeyPair:
    """A fresh key pair, which nothing keeps.

    Raises:
        ValueError: keys of this spec have no public half.
    """
    family = _FAMILIES[spec]
    if isinstance(family, _Secret):
        raise ValueError(f"{spec} keys have no public half")  # noqa: TRY004 (the value `spec` is at fault)
    return family.generate()


def load_material(spec: KeySpec, material: bytes) -> Material:
    """Material ready for use, from bytes that `new_material` or `accept_material` returned for this spec.

    Raises:
        InvalidMaterial: they did not.
    """
    return _FAMILIES[spec].load(material)


def accept_material(spec: KeySpec, material: bytes) -> bytes:
    """Material that someone else made, checked, as it is stored.

    Symmetric and HMAC keys are as many bytes as the spec says. Key pairs are PKCS #8 in DER, of a key of the
    spec, whose numbers belong together; for RSA and the elliptic curves lengths may be BER's indefinite ones,
    which AWS takes for these and refuses for Ed25519 (recorded). ML-DSA and ML-KEM keys are their seed alone.

    RSA takes up to a twentieth of a second, nearly all of it without the interpreter's lock.

    Raises:
        InvalidMaterial: anything else.
    """
    family = _FAMILIES[spec]
    if isinstance(family, _Secret):
        family.load(material)
        return material
    return family.accept(material).private_bytes()


def _symmetric(material: bytes) -> SymmetricKey:
    if len(material) != KEY_BYTES:
        raise InvalidMaterial
    return SymmetricKey(material)


def _hmac(algorithm: MacAlgorithm) -> _Secret:
    return _Secret(hash_bytes(algorithm), partial(HmacKey, algorithm))


def _rsa(bits: int) -> _Pair:
    def accept(material: bytes) -> KeyPair:
        pair = RsaKeyPair.load(bits, definite(material))
        if not pair.consistent():
            raise InvalidMaterial
        return pair

    return _Pair(partial(RsaKeyPair.generate, bits), partial(RsaKeyPair.load, bits), accept)


def _ecc(curve: ec.EllipticCurve) -> _Pair:
    def accept(material: bytes) -> KeyPair:
        return EccKeyPair.load(curve, definite(material))

    return _Pair(partial(EccKeyPair.generate, curve), partial(EccKeyPair.load, curve), accept)


def _ml_dsa(kind: type[mldsa.PrivateKey]) -> _Pair:
    load = partial(MlDsaKeyPair.load, kind)
    return _Pair(partial(MlDsaKeyPair.generate, kind), load, load)


def _ml_kem(kind: type[mlkem.PrivateKey]) -> _Pair:
    load = partial(MlKemKeyPair.load, kind)
    return _Pair(partial(MlKemKeyPair.generate, kind), load, load)


_FAMILIES: Final[Mapping[KeySpec, _Secret | _Pair]] = MappingProxyType(
    {
        KeySpec.SYMMETRIC_DEFAULT: _Secret(KEY_BYTES, _symmetric),
        KeySpec.RSA_2048: _rsa(2048),
        KeySpec.RSA_3072: _rsa(3072),
        KeySpec.RSA_4096: _rsa(4096),
        KeySpec.ECC_NIST_P256: _ecc(ec.SECP256R1()),
        KeySpec.ECC_NIST_P384: _ecc(ec.SECP384R1()),
        KeySpec.ECC_NIST_P521: _ecc(ec.SECP521R1()),
        KeySpec.ECC_SECG_P256K1: _ecc(ec.SECP256K1()),
        KeySpec.ECC_NIST_EDWARDS25519: _Pair(
            Ed25519KeyPair.generate, Ed25519KeyPair.load, Ed25519KeyPair.load
        ),
        KeySpec.ML_DSA_44: _ml_dsa(MLDSA44PrivateKey),
        KeySpec.ML_DSA_65: _ml_dsa(MLDSA65PrivateKey),
        KeySpec.ML_DSA_87: _ml_dsa(MLDSA87PrivateKey),
        KeySpec.ML_KEM_512: _Pair(MlKem512KeyPair.generate, MlKem512KeyPair.load, MlKem512KeyPair.load),
        KeySpec.ML_KEM_768: _ml_kem(MLKEM768PrivateKey),
        KeySpec.ML_KEM_1024: _ml_kem(MLKEM1024PrivateKey),
        KeySpec.HMAC_224: _hmac(MacAlgorithm.HMAC_SHA_224),
        KeySpec.HMAC_256: _hmac(MacAlgorithm.HMAC_SHA_256),
        KeySpec.HMAC_384: _hmac(MacAlgorithm.HMAC_SHA_384),
        KeySpec.HMAC_512: _hmac(MacAlgorithm.HMAC_SHA_512),
    }
)
