"""Key material on its way into KMS: encrypted with the public key that GetParametersForImport gave out.

Either RSAES-OAEP of the material (RFC 8017), or RSA_AES_KEY_WRAP, which is CKM_RSA_AES_KEY_WRAP of PKCS #11:
RSAES-OAEP of a fresh AES-256 key, and behind it the material under AES key wrap with padding by that key
(RFC 5649).
"""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding

from keystead.crypto.key_material import InvalidCiphertext, InvalidMaterial
from keystead.crypto.pkcs8 import load_private_key
from keystead.crypto.rsa import RsaKeyPair
from keystead.crypto.symmetric import KEY_BYTES
from keystead.kinds import EncryptionAlgorithm, WrappingAlgorithm

MAX_BYTES: Final = 6144
"""The longest `EncryptedKeyMaterial` (KMS API Reference, ImportKeyMaterial)."""

_OAEP: Final = {
    WrappingAlgorithm.RSAES_OAEP_SHA_1: EncryptionAlgorithm.RSAES_OAEP_SHA_1,
    WrappingAlgorithm.RSAES_OAEP_SHA_256: EncryptionAlgorithm.RSAES_OAEP_SHA_256,
    WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1: EncryptionAlgorithm.RSAES_OAEP_SHA_1,
    WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256: EncryptionAlgorithm.RSAES_OAEP_SHA_256,
}
_WITH_AES: Final = (WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_1, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256)


def unwrap(algorithm: WrappingAlgorithm, private_key: bytes, wrapped: bytes) -> bytes:
    """The material, of any length; `key_families.accept_material` checks what it is.

    Args:
        algorithm: what the material was wrapped with.
        private_key: the wrapping key, ours: PKCS #8 in DER, as `key_families.new_material` makes it.
        wrapped: what the caller sent.

    Raises:
        InvalidCiphertext: it does not unwrap, untold why.
        InvalidMaterial: `private_key` is no RSA key.
    """
    private = load_private_key(private_key)
    if not isinstance(private, RSAPrivateKey):
        raise InvalidMaterial
    if len(wrapped) > MAX_BYTES:
        raise InvalidCiphertext
    pair = RsaKeyPair(private)
    if algorithm not in _WITH_AES:
        return pair.decrypt(_OAEP[algorithm], wrapped)
    modulus_bytes = private.key_size // 8
    aes_key = pair.decrypt(_OAEP[algorithm], wrapped[:modulus_bytes])
    # AWS asks for a key of 256 bits; whether it takes a shorter one, as PKCS #11 does, is unverified.
    if len(aes_key) != KEY_BYTES:
        raise InvalidCiphertext
    return unwrap_padded(aes_key, wrapped[modulus_bytes:])


def unwrap_padded(aes_key: bytes, wrapped: bytes) -> bytes:
    """What was wrapped by AES key wrap with padding (RFC 5649, section 4.2) under an AES key.

    Raises:
        InvalidCiphertext: it does not unwrap, untold why.
    """
    try:
        return aes_key_unwrap_with_padding(aes_key, wrapped)
    except InvalidUnwrap:
        raise InvalidCiphertext from None
