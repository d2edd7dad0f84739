"""Keys of issuers under many callers; what happens over time is in tests/sts/test_web_identity.py."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from keystead.crypto.web_identity_token import SigningKeys
from keystead.service import issuer_keys
from keystead.service.issuer_keys import IssuerKeys, UnknownSigningKey, Unreachable, no_network

URL = "https://issuer.example"
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLISHED = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k"}
KEYS = json.dumps({"keys": [PUBLISHED]}).encode()
TOKEN = jwt.encode({"sub": "a"}, KEY, "ES256", headers={"kid": "k"})
UNKNOWN = jwt.encode({"sub": "a"}, KEY, "ES256", headers={"kid": "other"})


class Slow:
    """An issuer that answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.coming = threading.Event()
        self.let = threading.Event()

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        self.coming.set()
        assert self.let.wait(10)
        if url.endswith("openid-configuration"):
            return json.dumps({"issuer": URL, "jwks_uri": f"{URL}/keys"}).encode()
        return KEYS


def test_one_fetches_for_all_who_wait() -> None:
    issuer = Slow()
    keys = IssuerKeys(issuer, {})
    with ThreadPoolExecutor(3) as threads:
        calls = [threads.submit(keys.verify, URL, TOKEN, 1000.0) for _ in range(3)]
        assert issuer.coming.wait(10)
        issuer.let.set()
        assert [call.result(10) for call in calls] == [{"sub": "a"}] * 3
    assert len(issuer.asked) == 2


def test_more_than_a_few_do_not_wait() -> None:
    issuer = Slow()
    keys = IssuerKeys(issuer, {})
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(keys.verify, URL, TOKEN, 1000.0)
        assert issuer.coming.wait(10)
        others = [threads.submit(keys.verify, URL, TOKEN, 1000.0) for _ in range(7)]
        refused = [call for call in others if _refused_at_once(call)]
        assert len(refused) == 7 - (issuer_keys.MAX_BUSY - 1)
        issuer.let.set()
        assert first.result(10) == {"sub": "a"}
        assert [call.result(10) for call in others if call not in refused] == [{"sub": "a"}] * 3


def _refused_at_once(call: Any) -> bool:
    try:
        call.result(1)
    except Unreachable:
        return True
    except TimeoutError:
        return False
    raise AssertionError("nobody can have the keys yet")


def test_who_has_keys_does_not_wait_for_newer_ones() -> None:
    issuer = Slow()
    issuer.let.set()
    keys = IssuerKeys(issuer, {})
    keys.verify(URL, TOKEN, 1000.0)
    issuer.let.clear()
    issuer.coming.clear()
    with ThreadPoolExecutor(1) as threads:
        refreshing = threads.submit(keys.verify, URL, UNKNOWN, 1100.0)
        assert issuer.coming.wait(10)
        assert keys.verify(URL, TOKEN, 1100.0) == {"sub": "a"}
        issuer.let.set()
        with pytest.raises(UnknownSigningKey):
            refreshing.result(10)


def test_issuers_that_are_slow_do_not_take_all_threads() -> None:
    """Each holds up its own callers, and all of them together no more than a few."""
    issuers = [Slow() for _ in range(6)]
    by_host = {f"https://{number}.example": issuer for number, issuer in enumerate(issuers)}
    keys = IssuerKeys(lambda url: by_host[url.partition("/.well")[0]](url), {})
    with ThreadPoolExecutor(6) as threads:
        calls = [threads.submit(keys.verify, url, TOKEN, 1000.0) for url in by_host]
        refused = [call for call in calls if _refused_at_once(call)]
        assert len(refused) == 6 - issuer_keys.MAX_BUSY
        for issuer in issuers:
            issuer.let.set()
        for call in calls:
            with pytest.raises(Unreachable):  # what they answer is another issuer's
                call.result(10)


def test_given_keys_are_used_as_they_are() -> None:
    keys = IssuerKeys(no_network, {URL: SigningKeys(KEYS)})
    assert keys.verify(URL, TOKEN, 0.0) == {"sub": "a"}
    with pytest.raises(UnknownSigningKey):
        keys.verify(URL, UNKNOWN, 0.0)
    with pytest.raises(Unreachable):
        keys.verify("https://other.example", TOKEN, 0.0)


def test_a_clock_that_went_back_asks_again() -> None:
    issuer = Slow()
    issuer.let.set()
    keys = IssuerKeys(issuer, {})
    keys.verify(URL, TOKEN, 1_000_000.0)
    keys.verify(URL, TOKEN, 1000.0)
    assert len(issuer.asked) == 4


def test_issuers_are_not_kept_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuer_keys, "MAX_ISSUERS", 2)
    keys = IssuerKeys(no_network, {})
    for number in range(5):
        with pytest.raises(Unreachable):
            keys.verify(f"https://{number}.example", TOKEN, 0.0)
    assert len(keys._issuers) == 2
