"""AWS Signature Version 4: checking and making the signature of a request.

The caller's steps, in this order; none may be left out:

1. `read` the claim. Nothing in it is proved yet; its scope may route, its key id may look up a secret.
2. `check_scope`: the claim is for this service, for a Region that exists, and for now.
3. `verify`: the signature was made with the secret over this very request.

Everything is a function on values: `now` is passed in and nothing is kept but `SigningKeys`, which the
caller owns. `sign` and `presign` are the client's side and share every step with `verify`.

Source: the IAM User Guide, "Create a signed AWS API request", with the double-encoded, normalized path of
every service but S3. Where AWS is silent or lax the stricter rule is taken; `docs/authentication.md` lists
those.
"""

import hashlib
import hmac
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

from msgspec.structs import replace

from keystead.names import AccessKeyId
from keystead.shapes.errors import InvalidSignatureException
from keystead.wire.http import HttpRequest
from keystead.wire.sigv4_claim import (
    ALGORITHM,
    MAX_EXPIRES,
    TERMINATOR,
    TOKEN_PART,
    Claim,
    check_scope,
    claim_of,
    decoded_pairs,
    read,
)

__all__ = [
    "ALGORITHM",
    "MAX_EXPIRES",
    "Claim",
    "Credentials",
    "SigningKeys",
    "canonical_query",
    "canonical_request",
    "check_scope",
    "normal_path",
    "presign",
    "read",
    "sign",
    "signing_key",
    "string_to_sign",
    "verify",
    "verify_received",
]

_MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key and signing method. Consult the service documentation for details."
)
_ALWAYS_SIGNED: Final = ("x-amz-", "x-keystead-")
_UNSIGNED_BY_CLIENTS: Final = frozenset(
    ("authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id")
)


def verify(claim: Claim, http: HttpRequest, secret: str, keys: "SigningKeys | None" = None) -> None:
    """Whether `claim`, read from `http` and passed by `check_scope`, was signed with `secret`.

    What is compared is compared in constant time. `keys` remembers derived keys between calls.

    Raises:
        InvalidSignatureException: it was not; or it leaves out what must be signed (`host` and every
            `x-amz-*` or `x-keystead-*` header present); or the body is declared unsigned, or another, or in
            signed chunks.
    """
    payload = hashlib.sha256(http.body).hexdigest()
    _check_coverage(claim.signed_headers, tuple(http.headers))
    _check_declared(payload, http.headers)
    encoding = http.headers.get("content-encoding")
    if encoding is not None and "aws-chunked" in encoding.lower():
        raise InvalidSignatureException("Content-Encoding 'aws-chunked' is not supported.")
    canonical = canonical_request(http, claim.signed_headers, payload, presigned=claim.presigned)
    expected = _signature(claim, canonical, secret, keys)
    if not hmac.compare_digest(expected, claim.signature):
        raise InvalidSignatureException(_MISMATCH)


def verify_received(claim: Claim, http: HttpRequest, payload: str, secret: str, *, raw_path: bool) -> None:
    """As `verify`, of a request that came to another service, which does not show its body.

    Args:
        claim: read from `http`, and passed by `check_scope`.
        http: the request, without its body.
        payload: the hash of the body as the client signed it; whether it is that is for the service to say.
        secret: what it must be signed with.
        raw_path: whether the path was signed as S3 has it: neither normalized nor encoded twice.

    Raises:
        InvalidSignatureException: as `verify`, but that the payload may be unsigned.
    """
    _check_coverage(claim.signed_headers, tuple(http.headers))
    _check_declared(payload, http.headers)
    canonical = canonical_request(
        http, claim.signed_headers, payload, presigned=claim.presigned, raw_path=raw_path
    )
    expected = _signature(claim, canonical, secret, None)
    if not hmac.compare_digest(expected, claim.signature):
        raise InvalidSignatureException(_MISMATCH)


@lru_cache(maxsize=256)  # a client sends and signs the same headers all day; a refusal is not remembered
def _check_coverage(signed: tuple[str, ...], headers: tuple[str, ...]) -> None:
    if "host" not in signed:
        raise InvalidSignatureException("'Host' must be a 'SignedHeader' in the AWS Authorization.")
    for name in headers:
        if name.startswith(_ALWAYS_SIGNED) and name not in signed:
            raise InvalidSignatureException(
                f"'{name[:64]}' must be a 'SignedHeader' in the AWS Authorization."  # AWS says it of Host
            )


def _check_declared(payload: str, headers: Mapping[str, str]) -> None:
    declared = headers.get("x-amz-content-sha256")
    if declared is not None and declared != payload:  # UNSIGNED-PAYLOAD and STREAMING-* are S3's
        raise InvalidSignatureException(
            "The provided 'x-amz-content-sha256' header does not match what was computed."
        )


# Making a signature: the steps of the specification, in its order.


def canonical_request(
    http: HttpRequest,
    signed_headers: Sequence[str],
    payload: str,
    *,
    presigned: bool = False,
    raw_path: bool = False,
) -> bytes:
    """Step 1: the canonical request of `http`, whose body has the SHA-256 `payload` (hexadecimal).

    With `raw_path` the path is encoded once and otherwise as it is, which is S3's rule.

    Raises:
        InvalidSignatureException: a signed header is absent, or a signed part holds what HTTP forbids.
    """
    headers = http.headers
    try:
        lines = "".join([f"{name}:{headers[name]}\n" for name in signed_headers])
        if " " in lines or "\t" in lines:
            lines = "".join([f"{name}:{_trimmed(headers[name])}\n" for name in signed_headers])
    except KeyError:
        raise InvalidSignatureException(_MISMATCH) from None
    plain = http.path == "/" and not http.query
    path = "/" if plain else _canonical_path(http.path, raw_path)
    query = "" if plain else canonical_query(http.query, presigned=presigned)
    text = f"{http.method}\n{path}\n{query}\n{lines}\n{';'.join(signed_headers)}\n{payload}"
    # A line break inside a part would let one request be read as another.
    if (
        text.count("\n") != 5 + len(signed_headers)
        or not text.isascii()
        or not (plain or http.path.startswith("/"))
    ):
        raise InvalidSignatureException(_MISMATCH)
    return text.encode("ascii")


def _canonical_path(path: str, raw: bool) -> str:
    if raw:
        return quote_from_bytes(unquote_to_bytes(path), safe="/")
    return quote(normal_path(path), safe="/", errors="surrogatepass")


def _trimmed(value: str) -> str:
    """A header's value without white space around it, and with single spaces inside."""
    return " ".join(filter(None, value.replace("\t", " ").split(" ")))


def normal_path(path: str) -> str:
    """`path` without `.`, `..` (RFC 3986, 5.2.4) and empty segments: what is signed.

    Two paths with the same normal path have the same signature, so a server must route by this one.
    """
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment and segment != ".":
            segments.append(segment)
    slash = "/" if segments and path.endswith("/") else ""
    return f"/{'/'.join(segments)}{slash}"


def canonical_query(query: str, *, presigned: bool) -> str:
    """The query string decoded, encoded again in the one way of RFC 3986, and sorted by name, then value.

    `+` is a space, as in the forms our readers decode. The signature of a presigned request is left out.
    """
    pairs = sorted(
        (quote_from_bytes(name, safe=""), quote_from_bytes(value, safe=""))
        for name, value in decoded_pairs(query)
        if not (presigned and name == b"X-Amz-Signature")
    )
    return "&".join(f"{name}={value}" for name, value in pairs)


def string_to_sign(claim: Claim, canonical: bytes) -> bytes:
    """Step 2: the string to sign of `claim` over the canonical request."""
    digest = hashlib.sha256(canonical).hexdigest()
    return f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope}\n{digest}".encode()


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """Step 3: the signing key of `secret` for one day (`YYYYMMDD`), Region and service; 32 secret bytes."""
    key = hmac.digest(f"AWS4{secret}".encode(), date.encode(), "sha256")
    for part in (region, service, TERMINATOR):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _signature(claim: Claim, canonical: bytes, secret: str, keys: "SigningKeys | None") -> str:
    """Step 4: the signature that `claim` should carry over the canonical request; lower-case hexadecimal."""
    derive = keyed if keys is None else keys.get
    signer = derive(secret, claim.date, claim.region, claim.service)
    signer.update(string_to_sign(claim, canonical))
    return signer.hexdigest()


def keyed(secret: str, date: str, region: str, service: str) -> hmac.HMAC:
    """An HMAC-SHA-256 under the signing key of the same arguments, ready for a string to sign."""
    return hmac.new(signing_key(secret, date, region, service), digestmod="sha256")


class SigningKeys:
    """Signing keys derived before, each absorbed into an HMAC.

    At most `maxsize`, and of the newest `DATES` days asked for only.

    Ask only for dates that `check_scope` has passed, for a later day pushes out an earlier one. A key of a
    day no longer kept is derived anew each time. May be shared between threads.
    """

    DATES: Final = 3
    """Today, and a neighbour on either side for clocks that differ across midnight."""

    __slots__ = ("_dates", "_keys", "_lock", "_maxsize")

    def __init__(self, maxsize: int = 1024) -> None:
        if maxsize < 1:
            raise ValueError("maxsize must be at least 1")
        self._maxsize = maxsize
        self._dates: list[str] = []
        self._keys: dict[tuple[str, str, str, str], hmac.HMAC] = {}
        self._lock = threading.Lock()

    def get(self, secret: str, date: str, region: str, service: str) -> hmac.HMAC:
        """`keyed` of the same arguments: the caller's own, to be used once."""
        what = (date, region, service, secret)
        key = self._keys.get(what)
        if key is None:
            key = keyed(secret, date, region, service)
            with self._lock:
                self._keep(what, key)
        return key.copy()

    def clear(self) -> None:
        """Forget every key."""
        with self._lock:
            self._keys = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __repr__(self) -> str:
        return f"SigningKeys(maxsize={self._maxsize})"

    def _keep(self, what: tuple[str, str, str, str], key: hmac.HMAC) -> None:
        dates = sorted({*self._dates, what[0]})[-self.DATES :]
        if what[0] not in dates:
            return
        if dates != self._dates:
            self._dates = dates
            self._keys = {kept: value for kept, value in self._keys.items() if kept[0] in dates}
        if len(self._keys) >= self._maxsize:
            del self._keys[next(iter(self._keys))]  # the first one kept
        self._keys[what] = key


# The client's side.


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client signs with; `token` accompanies temporary credentials."""

    access_key_id: AccessKeyId
    secret: str = field(repr=False)
    token: str | None = field(repr=False, default=None)


def sign(
    http: HttpRequest, credentials: Credentials, region: str, service: str, timestamp: str
) -> HttpRequest:
    """`http`, which names its host, signed by an Authorization header at `timestamp` (`YYYYMMDDTHHMMSSZ`)."""
    headers = {name: value for name, value in http.headers.items() if name != "authorization"}
    headers["x-amz-date"] = timestamp
    if credentials.token is not None:
        headers["x-amz-security-token"] = credentials.token
    http = replace(http, headers=headers)
    claim = _own_claim(http, credentials, region, service, timestamp, None)
    signature = _own_signature(claim, http, credentials)
    headers["authorization"] = (
        f"{ALGORITHM} Credential={claim.access_key_id}/{claim.scope}, "
        f"SignedHeaders={';'.join(claim.signed_headers)}, Signature={signature}"
    )
    return http


def presign(
    http: HttpRequest, credentials: Credentials, region: str, service: str, timestamp: str, expires: int
) -> HttpRequest:
    """`http` signed by its query string, from `timestamp` on for `expires` seconds (1 to `MAX_EXPIRES`)."""
    if not 1 <= expires <= MAX_EXPIRES:
        raise ValueError(f"expires must be between 1 and {MAX_EXPIRES} seconds")
    claim = _own_claim(http, credentials, region, service, timestamp, expires)
    parts = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{claim.access_key_id}/{claim.scope}",
        "X-Amz-Date": timestamp,
        "X-Amz-Expires": str(expires),
        "X-Amz-SignedHeaders": ";".join(claim.signed_headers),
    }
    if credentials.token is not None:
        parts[TOKEN_PART] = credentials.token
    added = "&".join(f"{name}={quote(value, safe='')}" for name, value in parts.items())
    http = replace(http, query=f"{http.query}&{added}" if http.query else added)
    return replace(http, query=f"{http.query}&X-Amz-Signature={_own_signature(claim, http, credentials)}")


def _own_claim(
    http: HttpRequest,
    credentials: Credentials,
    region: str,
    service: str,
    timestamp: str,
    expires: int | None,
) -> Claim:
    names = ";".join(sorted(set(http.headers) - _UNSIGNED_BY_CLIENTS))
    credential = f"{credentials.access_key_id}/{timestamp[:8]}/{region}/{service}/{TERMINATOR}"
    return claim_of(credential, timestamp, names, "", credentials.token, expires)


def _own_signature(claim: Claim, http: HttpRequest, credentials: Credentials) -> str:
    payload = hashlib.sha256(http.body).hexdigest()
    canonical = canonical_request(http, claim.signed_headers, payload, presigned=claim.presigned)
    return _signature(claim, canonical, credentials.secret, None)
