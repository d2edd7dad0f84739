"""Grant tokens: opaque texts that name a grant, authentic because an owned key sealed them.

A token says which grant it is of and nothing else: it gives nobody a right. Each is sealed anew, so that two
tokens of one grant have nothing to see in common. Format: `docs/ciphertext.md`, "Grant tokens".
"""

import os
import re
from dataclasses import dataclass

from keystead.crypto import base64url
from keystead.crypto.material import SealBroken, Sealer
from keystead.crypto.randomness import Random
from keystead.names import GrantId, KeyArn

GRANT_TOKEN = "grant token"  # noqa: S105 (a purpose, not a secret)
"""The purpose of a sealed grant token."""

# Without padding; the longest is 29 bytes of head, a key ARN, a blank, 64 digits and a tag.
_FORM = re.compile(r"[A-Za-z0-9_-]{200,400}")


class InvalidGrantToken(Exception):
    """A text is no grant token of this installation; why is not told."""


@dataclass(frozen=True, slots=True)
class NamedGrant:
    """What a token names: a grant, and the key it was made for. Either may be gone by now."""

    key: KeyArn
    id: GrantId


def new_grant_token(sealer: Sealer, grant: NamedGrant, random: Random = os.urandom) -> str:
    """A new token of a grant: ASCII, at most 400 characters, of those that need no escape in a URL."""
    sealed = sealer.seal(f"{grant.key} {grant.id}".encode(), GRANT_TOKEN, (), random)
    return base64url.encoded(sealed)


def open_grant_token(sealer: Sealer, token: str) -> NamedGrant:
    """The grant that a token names.

    Raises:
        InvalidGrantToken: `new_grant_token` did not make it under this root key, or it was changed.
    """
    if not _FORM.fullmatch(token):
        raise InvalidGrantToken
    try:
        sealed = base64url.decoded(token)
        key, _, grant_id = sealer.open(sealed, GRANT_TOKEN, ()).decode().partition(" ")
        return NamedGrant(KeyArn.parse(key), GrantId.parse(grant_id))
    except (ValueError, SealBroken):
        raise InvalidGrantToken from None
