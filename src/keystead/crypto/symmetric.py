"""AES-256 keys that never encrypt twice: every message has a key of its own.

AES-GCM with random 96-bit nonces allows 2^32 messages under one key (NIST SP 800-38D, section 8.3), which
a busy server passes within days. So a key of 256 bits is used only to derive message keys, by the
KDF in counter mode of NIST SP 800-108r1, section 4.1, with HMAC-SHA-256 as its PRF.
"""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from keystead.crypto.key_material import Secret

KEY_BYTES = 32
"""The length of an AES-256 key."""

NONCE_BYTES = 12
"""The length of a GCM nonce, the one SP 800-38D recommends."""

TAG_BYTES = 16
"""The length of a GCM tag, never truncated."""

SALT_BYTES = 16
"""The length of the random salt that makes a message key its own."""

_COUNTER = b"\x00\x00\x00\x01"  # one block of HMAC-SHA-256 is the whole output
_BITS = b"\x00\x00\x01\x00"  # 256, the length of the output


class SymmetricKey(Secret):
    """Key material of 32 bytes, from which message keys are derived.

    Safe to share between threads. It is neither shown, nor pickled, nor compared, and it does not give
    its material back.

    Raises:
        ValueError: the material is not 32 bytes long.
    """

    __slots__ = ("_keyed",)

    def __init__(self, material: bytes) -> None:
        if len(material) != KEY_BYTES:
            raise ValueError(f"symmetric key material is {KEY_BYTES} bytes long")
        # Both hash blocks of the key are absorbed once; each message starts from a copy.
        self._keyed = HMAC(material, SHA256())

    def message_key(self, label: bytes, context: bytes) -> AESGCM:
        """The AES-256-GCM key of one message.

        Args:
            label: what the key is for; constant, without zero bytes.
            context: what tells this message from all others; must hold fresh randomness of `SALT_BYTES`,
                and must have one length for a given label.
        """
        return AESGCM(self._derived(label, context))

    def digest(self, label: bytes, data: bytes) -> bytes:
        """HMAC-SHA-256 of `data` under a key derived for this purpose alone.

        Args:
            label: what the digests are for; constant, without zero bytes, of no message key.
            data: of any length.
        """
        keyed = HMAC(self._derived(label, b""), SHA256())
        keyed.update(data)
        return keyed.finalize()

    def _derived(self, label: bytes, context: bytes) -> bytes:
        prf = self._keyed.copy()
        prf.update(_COUNTER + label + b"\x00" + context + _BITS)
        return prf.finalize()
