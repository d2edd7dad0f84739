"""HMACs are those that Python's own module makes of the key that was drawn."""

import hashlib
import hmac

import pytest
from tests.iam.in_process import Chance, InProcess


class Draws(Chance):
    """Chance that remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[bytes] = []

    def __call__(self, length: int) -> bytes:
        self.made.append(super().__call__(length))
        return self.made[-1]


@pytest.mark.parametrize("bits", [224, 256, 384, 512])
def test_an_hmac(bits: int) -> None:
    draws = Draws()
    inside = InProcess(random=draws)
    try:
        kms = inside.client("kms")
        key = kms.create_key(KeySpec=f"HMAC_{bits}", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
        drawn = [one for one in draws.made if len(one) == bits // 8]
        asked = {"KeyId": key, "MacAlgorithm": f"HMAC_SHA_{bits}"}
        for message in (b"m", b"m" * 4096):
            made = kms.generate_mac(**asked, Message=message)["Mac"]
            assert made in [hmac.digest(one, message, getattr(hashlib, f"sha{bits}")) for one in drawn]
            assert kms.verify_mac(**asked, Message=message, Mac=made)["MacValid"]
    finally:
        inside.store.close()
