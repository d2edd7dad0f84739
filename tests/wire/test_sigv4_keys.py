"""Deriving signing keys, and remembering a few."""

import pytest

from keystead.wire import sigv4


def test_signing_key_of_the_documentation() -> None:
    """The example of the IAM User Guide's older "Examples of how to derive a signing key"."""
    key = sigv4.signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


def test_signing_keys_are_remembered_by_all_they_depend_on() -> None:
    keys = sigv4.SigningKeys()
    asked = [
        (secret, date, region, service)
        for secret in ("one", "two")
        for date in ("20260925", "20260926")
        for region in ("us-east-1", "us-west-2")
        for service in ("kms", "iam")
    ]
    for _ in range(2):
        for what in asked:
            assert keys.get(*what) == sigv4.signing_key(*what)
    assert len(keys) == len(asked)
    assert keys.get(*asked[0]) is keys.get(*asked[0])
    keys.clear()
    assert len(keys) == 0


def test_signing_keys_are_bounded() -> None:
    keys = sigv4.SigningKeys(maxsize=8)
    for number in range(50):
        assert keys.get(f"s{number}", "20260926", "us-east-1", "kms")
        assert len(keys) <= 8
    with pytest.raises(ValueError, match="maxsize"):
        sigv4.SigningKeys(maxsize=0)


def test_signing_keys_of_old_days_are_forgotten() -> None:
    keys = sigv4.SigningKeys()
    for day in range(1, 31):
        keys.get("s", f"202609{day:02}", "us-east-1", "kms")
    assert len(keys) == keys.DATES
    old = keys.get("s", "20260901", "us-east-1", "kms")
    assert old == sigv4.signing_key("s", "20260901", "us-east-1", "kms")
    assert len(keys) == keys.DATES
