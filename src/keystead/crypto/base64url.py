"""Bytes as text that needs no escape in a URL: base64url without padding (RFC 4648, section 5)."""

import base64


def encoded(data: bytes) -> str:
    """The text of `data`: ASCII letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes whose text this is; no two texts give the same bytes.

    Raises:
        ValueError: `encoded` does not make such a text.
    """
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encoded(data) != text:  # it skips other characters, and unused bits of the last one
        raise ValueError("not base64url")
    return data
