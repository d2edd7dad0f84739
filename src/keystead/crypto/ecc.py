"""Key pairs on the NIST curves and secp256k1: ECDSA (FIPS 186-5) and ECDH (SP 800-56A Rev. 3).

Signatures are randomised, and s is not made the lower of its two values (whether AWS does is unverified).
"""

from typing import Final, Self

from cryptography import exceptions
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
)

from keystead.crypto.hash_function import hash_function
from keystead.crypto.key_material import (
    AgreementKeyPair,
    InvalidMaterial,
    InvalidPublicKey,
    InvalidSignature,
    SigningKeyPair,
)
from keystead.crypto.pkcs8 import DER, PLAIN, SPKI, load_private_key, private_key_info
from keystead.kinds import MessageType, SigningAlgorithm

_ALGORITHMS: Final = {
    ec.SECP256R1.name: SigningAlgorithm.ECDSA_SHA_256,
    ec.SECP384R1.name: SigningAlgorithm.ECDSA_SHA_384,
    ec.SECP521R1.name: SigningAlgorithm.ECDSA_SHA_512,
    ec.SECP256K1.name: SigningAlgorithm.ECDSA_SHA_256,
}
"""Each curve has one, of the hash that is as strong as it."""

# AlgorithmIdentifiers: id-ecPublicKey with the curve's object identifier (RFC 5480, section 2.1.1).
_IDENTIFIERS: Final = {
    ec.SECP256R1.name: bytes.fromhex("301306072a8648ce3d020106082a8648ce3d030107"),
    ec.SECP384R1.name: bytes.fromhex("301006072a8648ce3d020106052b81040022"),
    ec.SECP521R1.name: bytes.fromhex("301006072a8648ce3d020106052b81040023"),
    ec.SECP256K1.name: bytes.fromhex("301006072a8648ce3d020106052b8104000a"),
}

_MAX_PEER_BYTES: Final = 1024
"""The longest public key that is parsed; those of P-521 have 158 bytes."""


class EccKeyPair(SigningKeyPair, AgreementKeyPair):
    """A key pair on one of four curves. `generate` and `load` make it."""

    __slots__ = ("_algorithm", "_private", "_public", "_public_der", "_schemes")

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        self._public = private.public_key()
        self._public_der = self._public.public_bytes(DER, SPKI)
        self._algorithm = _ALGORITHMS[private.curve.name]
        function = hash_function(self._algorithm)
        self._schemes = {
            MessageType.RAW: ec.ECDSA(function),
            MessageType.DIGEST: ec.ECDSA(Prehashed(function)),
        }

    @classmethod
    def generate(cls, curve: ec.EllipticCurve) -> Self:
        """A fresh one."""
        return cls(ec.generate_private_key(curve))

    @classmethod
    def load(cls, curve: ec.EllipticCurve, material: bytes) -> Self:
        """From DER of PKCS #8; the library checks that a public key in it is the private key's.

        Raises:
            InvalidMaterial: it is anything but a private key on this curve, by its name.
        """
        private = load_private_key(material)
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != curve.name:
            raise InvalidMaterial
        return cls(private)

    @property
    def public_key(self) -> bytes:
        return self._public_der

    def private_bytes(self) -> bytes:
        # The ECPrivateKey (RFC 5915) in AWS's answers names the curve a second time: 250 bytes for P-521.
        private_key = self._private.private_bytes(DER, PrivateFormat.TraditionalOpenSSL, PLAIN)
        return private_key_info(_IDENTIFIERS[self._private.curve.name], private_key)

    def sign(self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes) -> bytes:
        return self._private.sign(message, self._scheme(algorithm, message_type))

    def verify(
        self, algorithm: SigningAlgorithm, message_type: MessageType, message: bytes, signature: bytes
    ) -> None:
        scheme = self._scheme(algorithm, message_type)
        try:
            self._public.verify(signature, message, scheme)
        except exceptions.InvalidSignature:
            raise InvalidSignature from None

    def _scheme(self, algorithm: SigningAlgorithm, message_type: MessageType) -> ec.ECDSA:
        scheme = self._schemes.get(message_type)
        if scheme is None or algorithm is not self._algorithm:
            raise ValueError("the key does not sign so")
        return scheme

    def shared_secret(self, peer: bytes) -> bytes:
        if len(peer) > _MAX_PEER_BYTES:
            raise InvalidPublicKey
        try:
            public = load_der_public_key(peer)
        except (ValueError, UnsupportedAlgorithm):
            raise InvalidPublicKey from None
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise InvalidPublicKey
        if public.curve.name != self._private.curve.name:
            raise InvalidPublicKey
        point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        # The library also takes the hybrid form, 06 or 07. RFC 5480, section 2.2: it MUST be rejected.
        if peer.endswith(point[1:]) and peer[-len(point)] != point[0]:
            raise InvalidPublicKey
        return self._private.exchange(ec.ECDH(), public)
