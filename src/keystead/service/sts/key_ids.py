"""Access key ids of temporary credentials: they tell their account, as AWS's do, and no table has to.

`ASIA` and 16 characters of base 32 (RFC 4648) are 80 bits. AWS keeps an account in the first 48 of them, from
the second bit on, and tools read it there; the rest is random.
"""

import base64
import binascii
from typing import Final

from keystead.crypto.randomness import Random, draw
from keystead.names import AccessKeyId, AccountId

PREFIX: Final = "ASIA"

_BITS: Final = 80
_SHIFT: Final = 39
"""Bits behind the account."""

_ACCOUNT: Final = (1 << 40) - 1  # twelve digits are less than 2^40
_MOST: Final = 10**12


def new_temporary_key_id(account: AccountId, random: Random) -> AccessKeyId:
    """A fresh id with 40 bits of randomness: enough to tell keys apart, for it is no secret."""
    drawn = int.from_bytes(draw(random, _BITS // 8))
    others = drawn & ~(_ACCOUNT << _SHIFT)
    number = others | (int(account) << _SHIFT)
    return AccessKeyId.parse(PREFIX + base64.b32encode(number.to_bytes(_BITS // 8)).decode())


def account_of(access_key_id: str) -> AccountId | None:
    """The account in the id of a temporary access key, or None if it is no such id."""
    text = access_key_id.removeprefix(PREFIX)
    if not access_key_id.startswith(PREFIX) or len(text) != _BITS // 5:
        return None
    try:
        number = int.from_bytes(base64.b32decode(text))
    except binascii.Error:
        return None
    account = (number >> _SHIFT) & _ACCOUNT
    return AccountId.parse(f"{account:012}") if account < _MOST else None
