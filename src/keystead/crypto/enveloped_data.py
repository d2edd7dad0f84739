"""CiphertextForRecipient: a plaintext for the holder of an RSA key, as CMS EnvelopedData (RFC 5652).

One recipient by key transport with RSAES-OAEP and SHA-256 (RFC 3560), content in AES-256-CBC. It is in BER,
with the indefinite lengths that the answers of AWS KMS have (seen in the field): AWS's SDK for enclaves reads
the outer structures in no other form.
"""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.hashes import SHA256, Hash
from cryptography.hazmat.primitives.padding import PKCS7

from keystead.crypto.der import END_OF_CONTENTS, INDEFINITE, OCTET_STRING, SEQUENCE, element
from keystead.crypto.pkcs8 import DER, SPKI
from keystead.crypto.randomness import Random, draw
from keystead.crypto.rsa import oaep
from keystead.kinds import EncryptionAlgorithm

KEY_BYTES: Final = 32
IV_BYTES: Final = 16

_NULL: Final = b"\x05\x00"
_OBJECT_IDENTIFIER: Final = 0x06
_SET: Final = 0x31
_CONTEXT_0: Final = 0x80
_CONSTRUCTED_0: Final = 0xA0
_CONSTRUCTED_1: Final = 0xA1

_OAEP: Final = oaep(EncryptionAlgorithm.RSAES_OAEP_SHA_256)

_VERSION_2: Final = b"\x02\x01\x02"
"""Of both structures, for the recipient is named by a key identifier (RFC 5652, sections 6.1 and 6.2.1)."""


def seal(public_key: RSAPublicKey, plaintext: bytes, random: Random) -> bytes:
    """`plaintext`, encrypted for the holder of `public_key`.

    Args:
        public_key: of at least 2048 bits.
        plaintext: any number of bytes.
        random: draws the content key and its initialization vector. OAEP draws its own seed.
    """
    content_key, iv = draw(random, KEY_BYTES), draw(random, IV_BYTES)
    padder = PKCS7(AES256.block_size).padder()
    encryptor = Cipher(AES256(content_key), CBC(iv)).encryptor()
    padded = padder.update(plaintext) + padder.finalize()
    return enveloped_data(
        key_identifier(public_key),
        public_key.encrypt(content_key, _OAEP),
        iv,
        encryptor.update(padded) + encryptor.finalize(),
    )


def key_identifier(public_key: RSAPublicKey) -> bytes:
    """What names the recipient: SHA-256 of its SubjectPublicKeyInfo (unverified; AWS's is of that size)."""
    digest = Hash(SHA256())
    digest.update(public_key.public_bytes(DER, SPKI))
    return digest.finalize()


def enveloped_data(recipient: bytes, encrypted_key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """The ContentInfo with an EnvelopedData of these parts."""
    key_transport = _value(
        SEQUENCE,
        _VERSION_2,
        _value(_CONTEXT_0, recipient),
        _OAEP_SHA_256,
        _value(OCTET_STRING, encrypted_key),
    )
    content = _open(
        SEQUENCE,
        _DATA,
        _value(SEQUENCE, _AES_256_CBC, _value(OCTET_STRING, iv)),
        _open(_CONSTRUCTED_0, _value(OCTET_STRING, ciphertext)),
    )
    enveloped = _open(SEQUENCE, _VERSION_2, _value(_SET, key_transport), content)
    return _open(SEQUENCE, _ENVELOPED_DATA, _open(_CONSTRUCTED_0, enveloped))


def _value(tag: int, *contents: bytes) -> bytes:
    return element(tag, b"".join(contents))


def _open(tag: int, *contents: bytes) -> bytes:
    """One value of indefinite length."""
    return bytes((tag, INDEFINITE)) + b"".join(contents) + END_OF_CONTENTS


def _oid(hexadecimal: str) -> bytes:
    return _value(_OBJECT_IDENTIFIER, bytes.fromhex(hexadecimal))


_DATA: Final = _oid("2a864886f70d010701")
_ENVELOPED_DATA: Final = _oid("2a864886f70d010703")
_AES_256_CBC: Final = _oid("60864801650304012a")
_SHA_256: Final = _value(SEQUENCE, _oid("608648016503040201"), _NULL)
_OAEP_SHA_256: Final = _value(
    SEQUENCE,
    _oid("2a864886f70d010107"),
    _value(
        SEQUENCE,
        _value(_CONSTRUCTED_0, _SHA_256),
        _value(_CONSTRUCTED_1, _value(SEQUENCE, _oid("2a864886f70d010108"), _SHA_256)),
    ),
)
"""RSAES-OAEP with SHA-256 for the label and in MGF1 (RFC 4055, section 4.1)."""
