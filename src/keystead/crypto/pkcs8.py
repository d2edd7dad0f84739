"""PKCS #8 PrivateKeyInfo (RFC 5958) around what the library gives and takes.

The library parses; this module bounds what it is given and adds what it has not.
"""

from typing import Final

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from keystead.crypto.der import END_OF_CONTENTS, INDEFINITE, OCTET_STRING, SEQUENCE, element
from keystead.crypto.key_material import InvalidMaterial

MAX_BYTES: Final = 8192
"""The longest encoding that is looked at; that of an RSA key of 4096 bits is a third of it."""

DER: Final = Encoding.DER
PKCS8: Final = PrivateFormat.PKCS8
SPKI: Final = PublicFormat.SubjectPublicKeyInfo
PLAIN: Final = NoEncryption()
"""Private keys are sealed as a whole (`material.py`); their encoding carries no encryption of its own."""

_CONSTRUCTED, _HIGH_TAG = 0x20, 0x1F
_MAX_DEPTH = 8


def load_private_key(material: bytes) -> PrivateKeyTypes:
    """The library's key; an RSA key without the slow check of its primes (`RsaKeyPair.checked` is that).

    Raises:
        InvalidMaterial: it is not DER of a plain PrivateKeyInfo that the library knows, and of nothing else.
    """
    if len(material) > MAX_BYTES:
        raise InvalidMaterial
    try:
        key = load_der_private_key(material, password=None, unsafe_skip_rsa_key_validation=True)
    except (
        ValueError,
        TypeError,  # it is encrypted
        UnsupportedAlgorithm,
        InternalError,  # it says X448 or Ed448 and is not as long as that
    ):
        raise InvalidMaterial from None
    # The library also takes the formats before PKCS #8, where no AlgorithmIdentifier follows the version.
    head = 2 if material[1] < INDEFINITE else 2 + material[1] - INDEFINITE
    if material[head + 3] != SEQUENCE:
        raise InvalidMaterial
    return key


def private_key_info(algorithm: bytes, private_key: bytes) -> bytes:
    """DER of PrivateKeyInfo, version 1.

    Args:
        algorithm: DER of the AlgorithmIdentifier.
        private_key: the content of the OCTET STRING.
    """
    return element(SEQUENCE, b"\x02\x01\x00" + algorithm + element(OCTET_STRING, private_key))


def definite(encoded: bytes) -> bytes:
    """BER with every length made definite and minimal (X.690, section 8.1.3); what is DER stays the same.

    Only lengths are changed: strings in pieces and other liberties of BER are left to be refused.

    Raises:
        InvalidMaterial: it is not one element, or it is too long or too deep.
    """
    if len(encoded) > MAX_BYTES:
        raise InvalidMaterial
    whole, end = _definite(encoded, 0, _MAX_DEPTH)
    if end != len(encoded):
        raise InvalidMaterial
    return whole


def _definite(encoded: bytes, at: int, depth: int) -> tuple[bytes, int]:
    """The element that starts at `at`, and where it ends."""
    if not depth:
        raise InvalidMaterial
    if at + 2 > len(encoded):
        raise InvalidMaterial
    tag, length = encoded[at], encoded[at + 1]
    at += 2
    if tag & _HIGH_TAG == _HIGH_TAG:
        raise InvalidMaterial
    if length == INDEFINITE:
        if not tag & _CONSTRUCTED:
            raise InvalidMaterial
        return _until_end(encoded, at, tag, depth)
    if length > INDEFINITE:
        octets = length - INDEFINITE
        length = int.from_bytes(encoded[at : at + octets])
        at += octets
    end = at + length
    if end > len(encoded):
        raise InvalidMaterial
    if not tag & _CONSTRUCTED:
        return element(tag, encoded[at:end]), end
    content = bytearray()
    while at < end:
        inner, at = _definite(encoded, at, depth - 1)
        content += inner
    if at != end:
        raise InvalidMaterial
    return element(tag, bytes(content)), end


def _until_end(encoded: bytes, at: int, tag: int, depth: int) -> tuple[bytes, int]:
    """The element of indefinite length whose content starts at `at`."""
    content = bytearray()
    while encoded[at : at + 2] != END_OF_CONTENTS:
        inner, at = _definite(encoded, at, depth - 1)
        content += inner
    return element(tag, bytes(content)), at + 2
