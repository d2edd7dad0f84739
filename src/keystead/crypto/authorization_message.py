"""Encoded authorization messages: what a refusal rested on, sealed for those of the account who may know.

The caller who was refused carries the message and cannot read it, so it must tell nothing by its length
either: all are as long. It is bound to its account and expires. Format: `docs/ciphertext.md`, "Encoded
authorization messages".
"""

import os
import re

from keystead.crypto import base64url
from keystead.crypto.material import SealBroken, Sealer
from keystead.crypto.randomness import Random
from keystead.names import AccountId

AUTHORIZATION_MESSAGE = "authorization message"
"""The purpose of a sealed authorization message."""

CONTENT_BYTES = 2048
"""The longest content. With it a message is 2,810 characters, which a header behind any proxy can hold."""

LIFETIME = 7 * 24 * 3600 * 1000
"""Milliseconds after which a message is refused. AWS says that messages expire, and not when (unverified)."""

_VERSION = b"\x01"
_TIME_BYTES = 8
_HEAD = len(_VERSION) + _TIME_BYTES
_FORM = re.compile(r"[A-Za-z0-9_-]{1,4096}")


class InvalidAuthorizationMessage(Exception):
    """A text is no message of this installation and account, or is too old; why is not told."""


def seal_authorization_message(
    sealer: Sealer, account: AccountId, time: int, content: bytes, random: Random = os.urandom
) -> str:
    """A new message: ASCII of those characters that need no escape in a URL, as long as any other.

    Args:
        sealer: holds the root key.
        account: whose message it is.
        time: milliseconds since the epoch.
        content: at most `CONTENT_BYTES`, without blanks at its end: they are what fills it up.
        random: for the seal.

    Raises:
        ValueError: the content is too long, or ends with a blank.
    """
    if len(content) > CONTENT_BYTES or content.endswith(b" "):
        raise ValueError("not the content of an authorization message")
    plaintext = _VERSION + time.to_bytes(_TIME_BYTES, "big") + content.ljust(CONTENT_BYTES)
    return base64url.encoded(sealer.seal(plaintext, AUTHORIZATION_MESSAGE, (account,), random))


def open_authorization_message(sealer: Sealer, account: AccountId, now: int, message: str) -> bytes:
    """The content of a message of the account; `now` in milliseconds since the epoch.

    Raises:
        InvalidAuthorizationMessage: `seal_authorization_message` did not make it under this root key and for
            this account, it was changed, or it is older than `LIFETIME`.
    """
    if not _FORM.fullmatch(message):
        raise InvalidAuthorizationMessage
    try:
        plaintext = sealer.open(base64url.decoded(message), AUTHORIZATION_MESSAGE, (account,))
    except (ValueError, SealBroken):
        raise InvalidAuthorizationMessage from None
    made = int.from_bytes(plaintext[len(_VERSION) : _HEAD], "big")
    if plaintext[: len(_VERSION)] != _VERSION or now - made > LIFETIME:
        raise InvalidAuthorizationMessage
    return plaintext[_HEAD:].rstrip(b" ")
