"""Deriving signing keys, and remembering a few."""

import hmac
from typing import Any

import pytest

from keystead.wire import sigv4


def test_signing_key_of_the_documentation() -> None:
    """The example of the IAM User Guide's older "Examples of how to derive a signing key"."""
    key = sigv4.signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


def empty(key: bytes) -> bytes:
    """The HMAC of nothing under `key`."""
    return hmac.digest(key, b"", "sha256")


def test_signing_keys_are_remembered_by_all_they_depend_on(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = sigv4.SigningKeys()
    asked = [
        (secret, date, region, service)
        for secret in ("one", "two")
        for date in ("20260925", "20260926")
        for region in ("us-east-1", "us-west-2")
        for service in ("kms", "iam")
    ]
    expected = {what: empty(sigv4.signing_key(*what)) for what in asked}
    derived: list[Any] = []
    monkeypatch.setattr(
        sigv4, "keyed", lambda *what, derive=sigv4.keyed: derived.append(what) or derive(*what)
    )
    for _ in range(2):
        assert {what: keys.get(*what).digest() for what in asked} == expected
    assert derived == asked
    assert len(keys) == len(asked)


def test_each_caller_gets_an_hmac_of_its_own() -> None:
    keys = sigv4.SigningKeys()
    what = ("secret", "20260926", "us-east-1", "kms")
    keys.get(*what).update(b"someone else's string to sign")
    assert keys.get(*what).digest() == empty(sigv4.signing_key(*what))


def test_signing_keys_can_be_forgotten() -> None:
    keys = sigv4.SigningKeys()
    keys.get("secret", "20260926", "us-east-1", "kms")
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
    assert old.digest() == empty(sigv4.signing_key("s", "20260901", "us-east-1", "kms"))
    assert len(keys) == keys.DATES
