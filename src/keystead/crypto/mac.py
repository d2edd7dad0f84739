"""HMAC keys (FIPS 198-1)."""

from hmac import compare_digest

from cryptography.hazmat.primitives.hmac import HMAC

from keystead.crypto.hash_function import hash_function
from keystead.crypto.key_material import InvalidMac, InvalidMaterial, MacKey
from keystead.kinds import MacAlgorithm
from keystead.model.key_spec import hash_bytes


class HmacKey(MacKey):
    """Material of one HMAC key spec, as long as the output of its hash function.

    Raises:
        InvalidMaterial: the material has another length.
    """

    __slots__ = ("_algorithm", "_keyed")

    def __init__(self, algorithm: MacAlgorithm, material: bytes) -> None:
        if len(material) != hash_bytes(algorithm):
            raise InvalidMaterial
        self._algorithm = algorithm
        # Both hash blocks of the key are absorbed once; each message starts from a copy.
        self._keyed = HMAC(material, hash_function(algorithm))

    def mac(self, algorithm: MacAlgorithm, message: bytes) -> bytes:
        if algorithm is not self._algorithm:
            raise ValueError("the key has another MAC algorithm")
        keyed = self._keyed.copy()
        keyed.update(message)
        return keyed.finalize()

    def verify_mac(self, algorithm: MacAlgorithm, message: bytes, mac: bytes) -> None:
        if not compare_digest(self.mac(algorithm, message), mac):
            raise InvalidMac
