"""Elements of ASN.1 in DER (X.690): a tag, a length that is definite and minimal, a content."""

from typing import Final

SEQUENCE: Final = 0x30
OCTET_STRING: Final = 0x04
INDEFINITE: Final = 0x80
"""What says that a length is indefinite, which BER allows; what is larger says how many octets it has."""

END_OF_CONTENTS: Final = b"\x00\x00"
"""What ends an element of indefinite length."""


def element(tag: int, content: bytes) -> bytes:
    """One element; the tag is one octet."""
    length = len(content)
    if length < INDEFINITE:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, INDEFINITE + len(octets))) + octets + content
