"""Ed25519 key pairs (RFC 8032): Ed25519 itself and Ed25519ph.

Both are deterministic. Ed25519 is the library's; it has no Ed25519ph, which is libsodium's.
"""

from typing import Final, Self

from cryptography import exceptions
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.bindings import (
    crypto_sign_ed25519ph_final_create,
    crypto_sign_ed25519ph_final_verify,
    crypto_sign_ed25519ph_state,
    crypto_sign_ed25519ph_update,
)
from nacl.exceptions import BadSignatureError

from keystead.crypto.key_material import InvalidMaterial, InvalidSignature, SigningKeyPair
from keystead.crypto.pkcs8 import DER, PKCS8, PLAIN, SPKI, load_private_key
from keystead.kinds import MessageType, SigningAlgorithm
from keystead.model.key_spec import hash_bytes

SIGNATURE_BYTES: Final = 64
"""RFC 8032, section 5.1.6."""


class Ed25519KeyPair(SigningKeyPair):
    """An Ed25519 key pair. `generate` and `load` make it."""

    __slots__ = ("_private", "_public", "_public_der", "_public_raw")

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self._public = private.public_key()
        self._public_der = self._public.public_bytes(DER, SPKI)
        self._public_raw = self._public.public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """A fresh one."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, material: bytes) -> Self:
        """From DER of PKCS #8. Raises `InvalidMaterial` for anything else."""
        private = load_private_key(material)
        if not isinstance(private, Ed25519PrivateKey):
            raise InvalidMaterial
        return cls(private)

    @property
    def public_key(self) -> bytes:
        return self._public_der

    def private_bytes(self) -> bytes:
        return self._private.private_bytes(DER, PKCS8, PLAIN)

    def sign(self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes) -> bytes:
        if _is_pure(algorithm, message_type):
            return self._private.sign(message)
        return crypto_sign_ed25519ph_final_create(
            _prehashed(message), self._private.private_bytes_raw() + self._public_raw
        )

    def verify(
        self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes, signature: bytes
    ) -> None:
        pure = _is_pure(algorithm, message_type)
        prehashed = None if pure else _prehashed(message)
        if len(signature) != SIGNATURE_BYTES:
            raise InvalidSignature
        try:
            if prehashed is None:
                self._public.verify(signature, message)
            else:
                crypto_sign_ed25519ph_final_verify(prehashed, signature, self._public_raw)
        except (exceptions.InvalidSignature, BadSignatureError):
            raise InvalidSignature from None


def _is_pure(algorithm: SigningAlgorithm, message_type: MessageType) -> bool:
    match algorithm, message_type:
        case SigningAlgorithm.ED25519_SHA_512, MessageType.RAW:
            return True
        case SigningAlgorithm.ED25519_PH_SHA_512, MessageType.DIGEST:
            return False
        case _:
            raise ValueError("Ed25519 keys do not sign so")


def _prehashed(digest: bytes) -> crypto_sign_ed25519ph_state:
    """The state of Ed25519ph with the digest as its message: KMS hashes it once more (recorded)."""
    if len(digest) != hash_bytes(SigningAlgorithm.ED25519_PH_SHA_512):
        raise ValueError("a SHA-512 digest is 64 bytes long")
    state = crypto_sign_ed25519ph_state()
    crypto_sign_ed25519ph_update(state, digest)
    return state
