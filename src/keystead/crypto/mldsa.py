"""ML-DSA key pairs (FIPS 204), with an empty context string; signatures are hedged, so they differ each time.

A signature of a message is one of its representative mu, and the other way round.
"""

from typing import Self

from cryptography import exceptions
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PrivateKey,
    MLDSA65PrivateKey,
    MLDSA87PrivateKey,
)

from keystead.crypto.key_material import InvalidMaterial, InvalidSignature, SigningKeyPair
from keystead.crypto.pkcs8 import DER, PKCS8, PLAIN, SPKI, load_private_key
from keystead.kinds import MessageType, SigningAlgorithm
from keystead.model.key_spec import MU_BYTES

PrivateKey = MLDSA44PrivateKey | MLDSA65PrivateKey | MLDSA87PrivateKey


class MlDsaKeyPair(SigningKeyPair):
    """An ML-DSA key pair of one parameter set. `generate` and `load` make it."""

    __slots__ = ("_private", "_public", "_public_der")

    def __init__(self, private: PrivateKey) -> None:
        self._private = private
        self._public = private.public_key()
        self._public_der = self._public.public_bytes(DER, SPKI)

    @classmethod
    def generate(cls, kind: type[PrivateKey]) -> Self:
        """A fresh one of the parameter set that the library's class `kind` is for."""
        return cls(kind.generate())

    @classmethod
    def load(cls, kind: type[PrivateKey], material: bytes) -> Self:
        """From DER of PKCS #8 that holds the seed alone (RFC 9881, section 6).

        Raises:
            InvalidMaterial: it is anything else.
        """
        private = load_private_key(material)
        if not isinstance(private, kind):
            raise InvalidMaterial
        pair = cls(private)
        if pair.private_bytes() != material:
            raise InvalidMaterial
        return pair

    @property
    def public_key(self) -> bytes:
        return self._public_der

    def private_bytes(self) -> bytes:
        return self._private.private_bytes(DER, PKCS8, PLAIN)

    def sign(self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes) -> bytes:
        if _is_mu(algorithm, message_type, message):
            return self._private.sign_mu(message)
        return self._private.sign(message)

    def verify(
        self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes, signature: bytes
    ) -> None:
        mu = _is_mu(algorithm, message_type, message)
        try:
            if mu:
                self._public.verify_mu(signature, message)
            else:
                self._public.verify(signature, message)
        except exceptions.InvalidSignature:
            raise InvalidSignature from None


def _is_mu(algorithm: SigningAlgorithm, message_type: MessageType, message: bytes) -> bool:
    match algorithm, message_type:
        case SigningAlgorithm.ML_DSA_SHAKE_256, MessageType.RAW:
            return False
        case SigningAlgorithm.ML_DSA_SHAKE_256, MessageType.EXTERNAL_MU:
            if len(message) != MU_BYTES:
                raise ValueError("mu is 64 bytes long")
            return True
        case _:
            raise ValueError("ML-DSA keys do not sign so")
