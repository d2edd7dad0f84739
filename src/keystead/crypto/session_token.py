"""Session tokens: whole sessions as opaque texts, authentic because an owned key sealed them.

A token carries all of its session, the secret access key included, so that every node of an installation can
check a request that comes with it and none has to remember it. It gives no right by itself: what it names is
looked up at each request. Format: `docs/ciphertext.md`, "Session tokens".
"""

import os
import re
import zlib
from typing import Any, Final

import msgspec

from keystead.crypto import base64url
from keystead.crypto.material import OVERHEAD, SealBroken, Sealer
from keystead.crypto.randomness import Random
from keystead.model import Session
from keystead.names import InvalidName

SESSION_TOKEN: Final = "session token"  # noqa: S105 (a purpose, not a secret)
"""The purpose of a sealed session token."""

MAX_TOKEN: Final = 8192
"""The longest token, in characters: what a header of a request may take."""

MAX_PACKED: Final = 4096
"""What session policies and session tags may take together, packed, in bytes.

AWS has such a limit and does not publish it; it is stricter than ours (unverified).
"""

# NOTE: in every token that is out. A token of another version is refused.
_VERSION: Final = b"\x02"

# A token beyond this was not made here; the longest session there can be is a third of it.
_MAX_PLAIN: Final = 1 << 17
_FORM: Final = re.compile(rf"[A-Za-z0-9_-]{{100,{MAX_TOKEN}}}")


class InvalidSessionToken(Exception):
    """A text is no session token of this installation; why is not told."""


def new_session_token(
    sealer: Sealer, session: Session, random: Random = os.urandom, *, at_least: int = 0
) -> str:
    """A token of `session`: ASCII, at most `MAX_TOKEN` characters, of those that need no escape in a URL.

    It has `at_least` so many characters, by zero bytes behind the session.

    Raises:
        ValueError: the session is too large. One whose `packed_size` is at most `MAX_PACKED`, and whose names
            and web identity keep within the limits of STS, is not.
    """
    plain = _VERSION + zlib.compress(_encode(session), 9)
    plain += bytes(max(0, -(-3 * at_least // 4) - len(plain) - OVERHEAD))
    token = base64url.encoded(sealer.seal(plain, SESSION_TOKEN, (), random))
    if len(token) > MAX_TOKEN:
        raise ValueError("the session does not fit into a token")
    return token


def open_session_token(sealer: Sealer, token: str) -> Session:
    """The session that a token carries; whether it has expired is for the caller to say.

    Raises:
        InvalidSessionToken: `new_session_token` did not make it under this root key, or it was changed.
    """
    if not _FORM.fullmatch(token):
        raise InvalidSessionToken
    try:
        plain = sealer.open(base64url.decoded(token), SESSION_TOKEN, ())
    except (ValueError, SealBroken):
        raise InvalidSessionToken from None
    if plain[:1] != _VERSION:
        raise InvalidSessionToken
    try:
        return _decode(_unpacked(plain[1:]))
    except (zlib.error, msgspec.MsgspecError, InvalidName):
        raise InvalidSessionToken from None


def packed_size(session: Session) -> int:
    """What the session's policies and tags take, packed, in bytes; 0 without them."""
    if not session.limited and not session.tags:
        return 0
    return len(zlib.compress(_encode((session.policy, session.policy_arns, session.tags)), 9))


def _unpacked(packed: bytes) -> bytes:
    reader = zlib.decompressobj()
    plain = reader.decompress(packed, _MAX_PLAIN)
    if not reader.eof or reader.unused_data.strip(b"\0"):
        raise InvalidSessionToken
    return plain


def _plain(value: object) -> object:
    """Identifiers are subclasses of `str`, which the encoder asks about."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"a session cannot hold a {type(value).__name__}")


def _identifier(type_: type, value: Any) -> object:
    """The identifiers again, each through its parser."""
    parsed: object = type_.parse(value)  # type: ignore[attr-defined]  # those of `keystead.names` all have it
    return parsed


_encode = msgspec.msgpack.Encoder(enc_hook=_plain).encode
_decode = msgspec.msgpack.Decoder(Session, dec_hook=_identifier).decode
