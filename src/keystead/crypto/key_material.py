"""What key material can do, whatever the family of its key: one class a capability.

`key_families.py` makes and loads the material of every key spec. An instance holds secrets: it is neither
shown, nor pickled, nor compared, and gives its secrets back to `private_bytes` alone. All of them are safe to
share between threads. What takes long releases the interpreter's lock.

A message, a digest, a ciphertext or a public key comes from a caller: each method bounds and checks it, and
tells a failure by one of the exceptions below, without a reason.
"""

from abc import ABC, abstractmethod
from typing import NoReturn

from keystead.kinds import EncryptionAlgorithm, MacAlgorithm, MessageType, SigningAlgorithm


class InvalidSignature(Exception):
    """The signature is not of this message by this key."""


class InvalidMac(Exception):
    """The MAC is not of this message by this key."""


class InvalidCiphertext(Exception):
    """The ciphertext does not open: wrong key or context, damage or foreign bytes, untold which."""

    def __init__(self) -> None:
        super().__init__("the ciphertext is not valid")


class InvalidPublicKey(Exception):
    """The other party's public key is malformed, or on another curve."""


class InvalidMaterial(Exception):
    """Bytes that are no material for the key spec: of another length or family, or not well-formed."""


class Secret:
    """What is not shown and not pickled."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} is not pickled")


class MacKey(Secret, ABC):
    """Material of HMAC keys (FIPS 198-1)."""

    __slots__ = ()

    @abstractmethod
    def mac(self, algorithm: MacAlgorithm, message: bytes) -> bytes:
        """The full-length MAC: 28, 32, 48 or 64 bytes."""

    @abstractmethod
    def verify_mac(self, algorithm: MacAlgorithm, message: bytes, mac: bytes) -> None:
        """Returns if `mac` is that of `message`, compared in constant time; raises `InvalidMac` if not."""


class KeyPair(Secret, ABC):
    """Material of a key that has a public half."""

    __slots__ = ()

    @property
    @abstractmethod
    def public_key(self) -> bytes:
        """The public key: DER of SubjectPublicKeyInfo (RFC 5280). Made once."""

    @abstractmethod
    def private_bytes(self) -> bytes:
        """The private key: DER of PKCS #8 PrivateKeyInfo (RFC 5958); of post-quantum keys the seed alone."""


class SigningKeyPair(KeyPair):
    """RSA, ECDSA, Ed25519 and ML-DSA."""

    __slots__ = ()

    @abstractmethod
    def sign(self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes) -> bytes:
        """The signature, encoded as AWS does: DER for ECDSA (RFC 3279, section 2.2.3), raw for the others.

        The caller sees to it that algorithm, message type and the length of a digest or mu suit the key
        (`model/key_spec.py`); ValueError if not.
        """

    @abstractmethod
    def verify(
        self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes, signature: bytes
    ) -> None:
        """Returns if the signature is good; raises `InvalidSignature` if not. Obligations as for `sign`."""


class EncryptionKeyPair(KeyPair):
    """RSA for RSAES-OAEP (RFC 8017, section 7.1), with an empty label and MGF1 of the same hash."""

    __slots__ = ()

    @abstractmethod
    def encrypt(self, algorithm: EncryptionAlgorithm, plaintext: bytes) -> bytes:
        """The ciphertext, as long as the modulus; ValueError for a plaintext that is too long."""

    @abstractmethod
    def decrypt(self, algorithm: EncryptionAlgorithm, ciphertext: bytes) -> bytes:
        """The plaintext, or `InvalidCiphertext`."""


class AgreementKeyPair(KeyPair):
    """Elliptic curve Diffie-Hellman (SP 800-56A Rev. 3, section 5.7.1.2)."""

    __slots__ = ()

    @abstractmethod
    def shared_secret(self, peer: bytes) -> bytes:
        """The raw x-coordinate: 32, 48 or 66 bytes.

        Args:
            peer: DER of the other SubjectPublicKeyInfo.

        Raises:
            InvalidPublicKey: it is malformed, not on this curve, or trailed by other bytes.
        """


class EncapsulationKeyPair(KeyPair):
    """ML-KEM (FIPS 203)."""

    __slots__ = ()

    @abstractmethod
    def encapsulate(self) -> tuple[bytes, bytes]:
        """A fresh shared secret of 32 bytes for the public half, and its ciphertext."""

    @abstractmethod
    def decapsulate(self, ciphertext: bytes) -> bytes:
        """The shared secret of 32 bytes; for a ciphertext that is not genuine a pseudo-random one.

        Raises:
            InvalidCiphertext: the ciphertext has the wrong length.
        """
