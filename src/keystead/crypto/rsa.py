"""RSA key pairs (RFC 8017): RSASSA-PKCS1-v1_5, RSASSA-PSS and RSAES-OAEP.

A PSS salt is as long as the hash, also in signatures that are verified. OAEP and PSS use MGF1 with the same
hash. The library blinds what it does with the private key.
"""

from math import lcm
from typing import Final, Self

from cryptography import exceptions
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PSS, AsymmetricPadding, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from keystead.crypto.hash_function import hash_function
from keystead.crypto.key_material import (
    EncryptionKeyPair,
    InvalidCiphertext,
    InvalidMaterial,
    InvalidSignature,
    SigningKeyPair,
)
from keystead.crypto.pkcs8 import DER, PKCS8, PLAIN, SPKI, load_private_key
from keystead.kinds import EncryptionAlgorithm, MessageType, SigningAlgorithm

PUBLIC_EXPONENT: Final = 65537
"""Of the keys that are made here (FIPS 186-5, appendix A.1.1); others may be imported."""

MAX_EXPONENT_BITS: Final = 64
"""Of keys that others made: the most that OpenSSL takes for keys of more than 3072 bits."""


def _padding(algorithm: SigningAlgorithm, function: HashAlgorithm) -> AsymmetricPadding:
    if algorithm.startswith("RSASSA_PSS"):
        return PSS(MGF1(function), function.digest_size)
    return PKCS1v15()


_Scheme = tuple[AsymmetricPadding, HashAlgorithm | Prehashed]

_SIGNING: Final[dict[tuple[SigningAlgorithm, MessageType], _Scheme]] = {
    (algorithm, message_type): (_padding(algorithm, function), given)
    for algorithm in SigningAlgorithm
    if algorithm.startswith("RSASSA")
    for function in (hash_function(algorithm),)
    for message_type, given in (
        (MessageType.RAW, function),
        (MessageType.DIGEST, Prehashed(function)),
    )
}

_ENCRYPTION: Final[dict[EncryptionAlgorithm, AsymmetricPadding]] = {
    algorithm: OAEP(MGF1(hash_function(algorithm)), hash_function(algorithm), label=None)
    for algorithm in (EncryptionAlgorithm.RSAES_OAEP_SHA_1, EncryptionAlgorithm.RSAES_OAEP_SHA_256)
}


class RsaKeyPair(SigningKeyPair, EncryptionKeyPair):
    """An RSA key pair. `generate` and `load` make it."""

    __slots__ = ("_private", "_public", "_public_der")

    def __init__(self, private: rsa.RSAPrivateKey) -> None:
        self._private = private
        self._public = private.public_key()
        self._public_der = self._public.public_bytes(DER, SPKI)

    @classmethod
    def generate(cls, bits: int) -> Self:
        """A fresh one. Takes tenths of a second, without the interpreter's lock."""
        return cls(rsa.generate_private_key(PUBLIC_EXPONENT, bits))

    @classmethod
    def load(cls, bits: int, material: bytes) -> Self:
        """From DER of PKCS #8. That the numbers of the key belong together is not checked: see `checked`.

        Raises:
            InvalidMaterial: it is anything but an RSA key with a modulus of `bits`.
        """
        private = load_private_key(material)
        if not isinstance(private, rsa.RSAPrivateKey) or private.key_size != bits:
            raise InvalidMaterial
        return cls(private)

    @property
    def public_key(self) -> bytes:
        return self._public_der

    def private_bytes(self) -> bytes:
        return self._private.private_bytes(DER, PKCS8, PLAIN)

    def sign(self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes) -> bytes:
        padding, given = _scheme(algorithm, message_type)
        return self._private.sign(message, padding, given)

    def verify(
        self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes, signature: bytes
    ) -> None:
        padding, given = _scheme(algorithm, message_type)
        try:
            self._public.verify(signature, message, padding, given)
        except exceptions.InvalidSignature:
            raise InvalidSignature from None
        # The library also takes a PSS signature without its leading zeros (RFC 8017, section 8.1.2, step 1).
        if len(signature) * 8 != self._public.key_size:
            raise InvalidSignature

    def encrypt(self, algorithm: EncryptionAlgorithm, plaintext: bytes) -> bytes:
        return self._public.encrypt(plaintext, oaep(algorithm))

    def decrypt(self, algorithm: EncryptionAlgorithm, ciphertext: bytes) -> bytes:
        padding = oaep(algorithm)
        try:
            return self._private.decrypt(ciphertext, padding)
        except ValueError:  # INVARIANT: one error for one reason, also for the length
            raise InvalidCiphertext from None

    def checked(self) -> Self:
        """A key that someone else made, in the one form it is kept in.

        That form has p above q and d below lcm(p - 1, q - 1), as FIPS 186-5 has it; others write the same key
        otherwise. Takes up to a twentieth of a second, nearly all of it without the interpreter's lock, which
        is why the library's own check is not used: it takes five times as long and keeps the lock.

        A prime is what passes rounds of Miller-Rabin with random bases and a Lucas test: no composite number
        is known that would. Python's numbers do not take constant time; a key is checked once, on its import.

        Raises:
            InvalidMaterial: its numbers do not belong together (RFC 8017, section 3.2), or the public
                exponent is longer than `MAX_EXPONENT_BITS`.
        """
        numbers = self._private.private_numbers()
        if not _consistent(numbers):
            raise InvalidMaterial
        p, q = max(numbers.p, numbers.q), min(numbers.p, numbers.q)
        d = numbers.d % lcm(p - 1, q - 1)
        one_form = rsa.RSAPrivateNumbers(
            p=p,
            q=q,
            d=d,
            dmp1=d % (p - 1),
            dmq1=d % (q - 1),
            iqmp=pow(q, -1, p),
            public_numbers=numbers.public_numbers,
        )
        return type(self)(one_form.private_key(unsafe_skip_rsa_key_validation=True))


def _consistent(numbers: rsa.RSAPrivateNumbers) -> bool:
    # Loaded when a key is imported, for most servers never see one.
    from Crypto.Math.Primality import PROBABLY_PRIME, test_probable_prime

    n, e = numbers.public_numbers.n, numbers.public_numbers.e
    p, q, d = numbers.p, numbers.q, numbers.d
    return (
        n == p * q
        and p != q
        and min(p, q).bit_length() > MAX_EXPONENT_BITS
        and 3 <= e < 1 << MAX_EXPONENT_BITS
        and 1 < d < n
        and e * d % (p - 1) == 1
        and e * d % (q - 1) == 1
        and numbers.dmp1 == d % (p - 1)
        and numbers.dmq1 == d % (q - 1)
        and 0 < numbers.iqmp < p
        and numbers.iqmp * q % p == 1
        and test_probable_prime(p) == PROBABLY_PRIME
        and test_probable_prime(q) == PROBABLY_PRIME
    )


def _scheme(algorithm: SigningAlgorithm, message_type: MessageType) -> _Scheme:
    try:
        return _SIGNING[algorithm, message_type]
    except KeyError:
        raise ValueError("RSA keys do not sign so") from None


def oaep(algorithm: EncryptionAlgorithm) -> AsymmetricPadding:
    """The padding of an encryption with RSA; ValueError for an algorithm of another kind of key."""
    try:
        return _ENCRYPTION[algorithm]
    except KeyError:
        raise ValueError("RSA keys do not encrypt so") from None
