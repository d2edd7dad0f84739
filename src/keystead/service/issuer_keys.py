"""The signing keys of OpenID Connect issuers: fetched when a token needs them, kept for a while.

Keys come from the issuer's discovery document and the key set it names, over HTTPS (OpenID Connect Discovery
1.0), or from a file that the operator gave. How long they are trusted:

- They are fetched anew once they are `REFRESH_AFTER` old. If that fails they serve on until `MAX_AGE`, and
  not a moment longer: a key that an issuer has withdrawn does not outlive it.
- A token that names a key they lack makes them be fetched at once, but not within `PAUSE` of the last try:
  tokens are anybody's to send, and the issuer must not be flooded through us.

One caller fetches at a time for an issuer, and others wait for it; of all issuers together `MAX_BUSY` callers
fetch or wait.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import structlog

from keystead.crypto.web_identity_token import (
    NOT_JSON,
    InvalidKeySet,
    InvalidWebIdentityToken,
    SigningKeys,
    UnknownSigningKey,
)

REFRESH_AFTER: Final = 900.0
MAX_AGE: Final = 3600.0
PAUSE: Final = 30.0
"""Seconds."""

MAX_ISSUERS: Final = 1000
"""Issuers whose keys are kept."""

MAX_BUSY: Final = 4
"""Callers that fetch or wait at a time; a worker has other things to do with its threads."""

MAX_WAIT: Final = 15.0
"""Seconds that they wait at most; few fetches take longer."""

DISCOVERY: Final = "/.well-known/openid-configuration"

SCHEME: Final = "https://"

log = structlog.get_logger("keystead.service")

Fetch = Callable[[str], bytes]
"""The body of the answer to a GET of an `https://` URL, 200 and within limits; or it raises `Unreachable`."""


class Unreachable(Exception):
    """Nothing usable came from an issuer; the text says why, for the log."""


@dataclass(slots=True)
class _Issuer:
    """What is known of an issuer. Times are seconds of the callers' clock; the lock is held for a fetch."""

    keys: SigningKeys | None = None
    fetched: float = 0.0
    tried: float | None = None
    why_not: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


_read_discovery = msgspec.json.Decoder(_Discovery).decode


def no_network(_url: str) -> bytes:
    """A `Fetch` for a service that is to open no connections."""
    raise Unreachable("this server opens no connections")


class IssuerKeys:
    """Verifies tokens with the keys of their issuers. May be shared between threads.

    Args:
        fetch: see `Fetch`; it may take its time.
        given: key sets of issuers, by issuer, that are used as they are; nothing is fetched for those.
    """

    def __init__(self, fetch: Fetch, given: Mapping[str, SigningKeys]) -> None:
        self._fetch = fetch
        self._given = given
        self._issuers: dict[str, _Issuer] = {}
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(MAX_BUSY)

    def verify(self, issuer: str, token: str, now: float) -> Mapping[str, Any]:
        """The claims of `token`, which `issuer` signed; `now` is in seconds.

        The caller has made sure that the issuer is one to be trusted with requests to its URL.

        Raises:
            InvalidWebIdentityToken: it did not.
            UnknownSigningKey: the issuer does not publish the key that the token names.
            Unreachable: its keys cannot be had.
        """
        given = self._given.get(issuer)
        if given is not None:
            return given.verify(token)
        known = self._known(issuer)
        keys = self._keys(issuer, known, now)
        try:
            return keys.verify(token)
        except UnknownSigningKey:
            newer = self._fetched(issuer, known, now)
            if newer is None or newer is keys:
                raise
            return newer.verify(token)

    def _known(self, issuer: str) -> _Issuer:
        with self._lock:
            known = self._issuers.get(issuer)
            if known is None:
                if len(self._issuers) >= MAX_ISSUERS:
                    del self._issuers[next(iter(self._issuers))]
                known = self._issuers[issuer] = _Issuer()
            return known

    def _keys(self, issuer: str, known: _Issuer, now: float) -> SigningKeys:
        keys, age = known.keys, now - known.fetched
        if keys is not None and 0 <= age < REFRESH_AFTER:
            return keys
        newer = self._fetched(issuer, known, now)
        if newer is not None:
            return newer
        keys, age = known.keys, now - known.fetched
        if keys is not None and 0 <= age < MAX_AGE:
            return keys
        raise Unreachable(known.why_not or "another request waits for it")

    def _fetched(self, issuer: str, known: _Issuer, now: float) -> SigningKeys | None:
        """Keys that were fetched just now, by this call or by the one that it waited for; None if not."""
        before = known.tried
        with self._turn(known) as mine:
            if not mine:
                return None
            if known.tried != before:  # somebody else tried while this call waited
                return known.keys if known.fetched == known.tried else None
            if known.tried is not None and 0 <= now - known.tried < PAUSE:
                return None
            known.tried = now
            try:
                known.keys = self._fetch_keys(issuer)
            except Unreachable as unreachable:
                known.why_not = str(unreachable)
                log.warning("the keys of an issuer cannot be had", issuer=issuer, reason=known.why_not)
                return None
            known.fetched = now
            return known.keys

    @contextmanager
    def _turn(self, known: _Issuer) -> Iterator[bool]:
        """Whether it is this call's turn to fetch, for the block: at once or after others."""
        if not self._free.acquire(blocking=False):
            yield False
            return
        try:
            mine = known.lock.acquire(timeout=MAX_WAIT)
            try:
                yield mine
            finally:
                if mine:
                    known.lock.release()
        finally:
            self._free.release()

    def _fetch_keys(self, issuer: str) -> SigningKeys:
        """The keys that the issuer publishes now."""
        document = self._fetch(issuer.rstrip("/") + DISCOVERY)
        try:
            discovery = _read_discovery(document)
        except NOT_JSON:
            raise Unreachable("its discovery document cannot be read") from None
        if discovery.issuer != issuer:
            raise Unreachable("its discovery document is another issuer's")
        if not discovery.jwks_uri.startswith(SCHEME):
            raise Unreachable("its discovery document names a key set that is not at an https:// URL")
        try:
            return SigningKeys(self._fetch(discovery.jwks_uri))
        except InvalidKeySet:
            raise Unreachable("its key set holds no key that can be used") from None


__all__ = [
    "Fetch",
    "InvalidWebIdentityToken",
    "IssuerKeys",
    "UnknownSigningKey",
    "Unreachable",
    "no_network",
]
