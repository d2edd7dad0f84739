"""ML-KEM key pairs (FIPS 203).

ML-KEM-768 and ML-KEM-1024 are the library's. It leaves ML-KEM-512 out on purpose, as some of the libraries
under it do; that one is mlkem-native's, the verified C of the PQ Code Package, as PyCryptodome ships it. Both
are kept and given out as PKCS #8 of the seed alone (RFC 9935, section 6).
"""

from typing import TYPE_CHECKING, Final, Self

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM1024PrivateKey

from keystead.crypto.key_material import EncapsulationKeyPair, InvalidCiphertext, InvalidMaterial
from keystead.crypto.pkcs8 import DER, PKCS8, PLAIN, SPKI, load_private_key

# PyCryptodome is loaded with the first key of ML-KEM-512: it takes tens of milliseconds to start.
if TYPE_CHECKING:
    from Crypto.PublicKey.MLKEM import MLKEMKey

PrivateKey = MLKEM768PrivateKey | MLKEM1024PrivateKey

SEED_BYTES: Final = 64
"""d and z, of which the whole key follows (FIPS 203, section 7.1)."""

_CIPHERTEXT_BYTES: Final = {MLKEM768PrivateKey: 1088, MLKEM1024PrivateKey: 1568}
_CIPHERTEXT_BYTES_512: Final = 768

# PrivateKeyInfo of ML-KEM-512 up to its seed: version 1, id-alg-ml-kem-512, the choice `seed`.
_HEAD_512: Final = bytes.fromhex("3054020100300b060960864801650304040104428040")


class MlKemKeyPair(EncapsulationKeyPair):
    """An ML-KEM key pair of the parameter sets 768 and 1024. `generate` and `load` make it."""

    __slots__ = ("_ciphertext_bytes", "_private", "_public", "_public_der")

    def __init__(self, private: PrivateKey, ciphertext_bytes: int) -> None:
        self._private = private
        self._public = private.public_key()
        self._public_der = self._public.public_bytes(DER, SPKI)
        self._ciphertext_bytes = ciphertext_bytes

    @classmethod
    def generate(cls, kind: type[PrivateKey]) -> Self:
        """A fresh one of the parameter set that the library's class `kind` is for."""
        return cls(kind.generate(), _CIPHERTEXT_BYTES[kind])

    @classmethod
    def load(cls, kind: type[PrivateKey], material: bytes) -> Self:
        """From DER of PKCS #8 that holds the seed alone. Raises `InvalidMaterial` for anything else."""
        private = load_private_key(material)
        if not isinstance(private, kind):
            raise InvalidMaterial
        pair = cls(private, _CIPHERTEXT_BYTES[kind])
        if pair.private_bytes() != material:
            raise InvalidMaterial
        return pair

    @property
    def public_key(self) -> bytes:
        return self._public_der

    def private_bytes(self) -> bytes:
        return self._private.private_bytes(DER, PKCS8, PLAIN)

    def encapsulate(self) -> tuple[bytes, bytes]:
        return self._public.encapsulate()

    def decapsulate(self, ciphertext: bytes) -> bytes:
        if len(ciphertext) != self._ciphertext_bytes:
            raise InvalidCiphertext
        return self._private.decapsulate(ciphertext)


class MlKem512KeyPair(EncapsulationKeyPair):
    """An ML-KEM-512 key pair. `generate` and `load` make it."""

    __slots__ = ("_private", "_public_der")

    def __init__(self, private: "MLKEMKey") -> None:
        self._private = private
        self._public_der = private.public_key().export_key()

    @classmethod
    def generate(cls) -> Self:
        """A fresh one, of the operating system's randomness."""
        from Crypto.PublicKey import MLKEM

        return cls(MLKEM.generate(param_set=MLKEM.ML_KEM_512))

    @classmethod
    def load(cls, material: bytes) -> Self:
        """From DER of PKCS #8 that holds the seed alone. Raises `InvalidMaterial` for anything else."""
        from Crypto.PublicKey import MLKEM

        seed = material[len(_HEAD_512) :]
        if not material.startswith(_HEAD_512) or len(seed) != SEED_BYTES:
            raise InvalidMaterial
        return cls(MLKEM.construct(param_set=MLKEM.ML_KEM_512, seed=seed))

    @property
    def public_key(self) -> bytes:
        return self._public_der

    def private_bytes(self) -> bytes:
        return _HEAD_512 + self._private.seed

    # PyCryptodome offers encapsulation by itself to its own HPKE alone, so far: the two methods below have no
    # public name. The version is pinned, and tests compare both with vectors.

    def encapsulate(self) -> tuple[bytes, bytes]:
        return self._private._encaps()

    def decapsulate(self, ciphertext: bytes) -> bytes:
        if len(ciphertext) != _CIPHERTEXT_BYTES_512:
            raise InvalidCiphertext
        return self._private._decaps(ciphertext)
