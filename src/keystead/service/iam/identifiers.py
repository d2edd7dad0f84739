"""New access keys and unique ids, in the forms IAM gives them.

Source: IAM User Guide, "IAM identifiers" (unique id prefixes). The alphabet of ids is that of base 32
(RFC 4648), which is what ids seen in the field are made of.
"""

import base64
from collections.abc import Callable
from typing import Literal

from keystead.names import AccessKeyId

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

UniqueIdPrefix = Literal["AIDA", "AROA", "AGPA", "ANPA", "AIPA"]
"""User, role, group, managed policy, instance profile."""


def new_access_key_id(random: Callable[[int], bytes]) -> AccessKeyId:
    """A long-term access key id: `AKIA` and 16 characters, 80 bits of randomness."""
    return AccessKeyId.parse("AKIA" + _base32(random, 16))


def new_secret(random: Callable[[int], bytes]) -> str:
    """A secret access key: 40 characters of base 64, 240 bits of randomness."""
    return base64.b64encode(random(30)).decode()


def new_unique_id(prefix: UniqueIdPrefix, random: Callable[[int], bytes]) -> str:
    """The unique id of an IAM entity: its prefix and 17 characters, 85 bits of randomness."""
    return prefix + _base32(random, 17)


def _base32(random: Callable[[int], bytes], length: int) -> str:
    # 256 is a multiple of 32, so that taking five bits of each byte is even.
    return "".join(_BASE32[byte & 31] for byte in random(length))
