"""What a request says of its SigV4 signature: parsed, and checked for its scope and time.

Nothing here is proved: that is `keystead.wire.sigv4.verify`'s part. AWS's sentences are from its answers in
the wild where it does not publish them (unverified for KMS).

Sources: the IAM User Guide, "Elements of an AWS API request signature" and "Troubleshoot Signature Version 4
signing for AWS API requests".
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

import msgspec

from keystead.names import AccessKeyId, InvalidName
from keystead.shapes.errors import (
    IncompleteSignatureException,
    InvalidSignatureException,
    MissingAuthenticationTokenException,
    UnrecognizedClientException,
)
from keystead.wire.http import HttpRequest

ALGORITHM: Final = "AWS4-HMAC-SHA256"
TERMINATOR: Final = "aws4_request"
WINDOW: Final = 300
"""How far a request's clock may be from ours, in seconds."""
MAX_EXPIRES: Final = 604_800
"""The longest life of a presigned request: seven days, in seconds."""
MAX_AUTHORIZATION: Final = 8192
"""The longest Authorization header, in characters."""
MAX_TARGET: Final = 65_536
"""The longest path and query string together, in characters."""
MAX_TOKEN: Final = 8192
"""The longest session token, in characters."""
MAX_SIGNED_HEADERS: Final = 64

_INVALID_TOKEN: Final = "The security token included in the request is invalid."  # noqa: S105 - a sentence

_HEADER_PARTS: Final = ("Credential", "Signature", "SignedHeaders")
_QUERY_PARTS: Final = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
    "X-Amz-Expires",
)
TOKEN_PART: Final = "X-Amz-Security-Token"  # noqa: S105 - a parameter's name
_PRESIGNED_MARKS: Final = frozenset({"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"})
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Claim(msgspec.Struct, frozen=True):
    """What a request says of its signature; proved by `check_scope` and `verify` only.

    Attributes:
        access_key_id: whose secret signed.
        date: the credential scope's date, `YYYYMMDD`.
        region: the credential scope's Region, as sent.
        service: the credential scope's service, as sent.
        terminator: the credential scope's last part, as sent.
        scope: the credential scope: `DATE/REGION/SERVICE/aws4_request`.
        timestamp: when it was signed, `YYYYMMDDTHHMMSSZ`.
        time: the same in seconds since the epoch.
        signed_headers: names in lower case, sorted, without duplicates.
        signature: as sent.
        token: the session token, or None; an empty token is a token.
        presigned: whether the signature is in the query string.
        expires: for a presigned request how many seconds it lives after `time`; else None.
    """

    access_key_id: AccessKeyId
    date: str
    region: str
    service: str
    terminator: str
    scope: str
    timestamp: str
    time: int
    signed_headers: tuple[str, ...]
    signature: str
    token: str | None
    presigned: bool
    expires: int | None

    def __repr__(self) -> str:
        """Without the signature and the token."""
        return f"Claim({self.access_key_id!r}, {self.scope!r}, {self.timestamp!r}, {self.signed_headers!r})"


# Reading the claim.


def read(http: HttpRequest) -> Claim:
    """The claim `http` makes, from its Authorization header or its query string.

    Raises:
        MissingAuthenticationTokenException: it makes none.
        IncompleteSignatureException: it makes one that lacks parts, has a part twice, is malformed or for
            another algorithm (SigV4a too), or it makes two.
        UnrecognizedClientException: the access key id or the session token cannot be one.
    """
    if len(http.path) + len(http.query) > MAX_TARGET:
        raise IncompleteSignatureException("The request's path and query string are too long.")
    authorization = http.headers.get("authorization")
    parameters = _parameters(http.query) if http.query else []
    presigned = bool(parameters) and any(name in _PRESIGNED_MARKS for name, _ in parameters)
    if authorization is None:
        if not presigned:
            raise MissingAuthenticationTokenException("Missing Authentication Token")
        return _read_query(parameters, http.headers)
    if presigned:
        raise IncompleteSignatureException(
            "A request is signed by its Authorization header or by its query-string parameters, not by both."
        )
    return _read_header(authorization, http.headers)


def _read_header(authorization: str, headers: Mapping[str, str]) -> Claim:
    timestamp = headers.get("x-amz-date") or _basic_format(headers.get("date"))
    token = headers.get("x-amz-security-token")
    before, found, signature = authorization.rpartition("Signature=")
    # Most clients put the signature last, and all before it is the same for every call of a second.
    if found and signature.isalnum() and len(authorization) <= MAX_AUTHORIZATION and authorization.isascii():
        said = _said_before(before, timestamp)
        if said is not None:
            return _claim(said, signature, token, None)
    parts = _authorization_parts(authorization)
    said = _said(parts, timestamp)
    return _claim(said, parts["Signature"], token, None)


_ANY_SIGNATURE: Final = "-"


@lru_cache(maxsize=256)
def _said_before(before: str, timestamp: str | None) -> "_Said | None":
    """What the header that begins with `before` says, whatever the signature behind it.

    None if the text stood inside of another parameter, and so there is no signature.
    """
    parts = _authorization_parts(f"{before}Signature={_ANY_SIGNATURE}")
    return _said(parts, timestamp) if parts.get("Signature") == _ANY_SIGNATURE else None


def _said(parts: Mapping[str, str], timestamp: str | None) -> "_Said":
    if not (timestamp and all(map(parts.get, _HEADER_PARTS))):
        raise IncompleteSignatureException(_missing_from_header(parts, timestamp))
    return _scope_and_names(parts["Credential"], timestamp, parts["SignedHeaders"])


def _missing_from_header(parts: Mapping[str, str], timestamp: str | None) -> str:
    missing = [
        f"Authorization header requires '{name}' parameter." for name in _HEADER_PARTS if not parts.get(name)
    ]
    if not timestamp:
        missing.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    return " ".join(missing)


def _authorization_parts(authorization: str) -> dict[str, str]:
    """The parameters of an Authorization header; two headers joined by a comma are malformed as one."""
    if len(authorization) > MAX_AUTHORIZATION or not authorization.isascii():
        raise IncompleteSignatureException(
            "Authorization header is too long or contains non-ASCII characters."
        )
    algorithm, _, rest = authorization.strip(" \t").partition(" ")
    if algorithm.startswith("AWS4-") and algorithm != ALGORITHM:
        raise IncompleteSignatureException(f"Unsupported AWS 'algorithm'. Use '{ALGORITHM}'.")
    parts: dict[str, str] = {}
    if algorithm != ALGORITHM:
        return parts  # every part is missing, and AWS says so of any other scheme
    for part in rest.split(","):
        name, equals, value = part.strip(" \t").partition("=")
        if not equals:
            raise IncompleteSignatureException(
                "Authorization header has a part that is not a valid key=value pair (missing equal-sign)."
            )
        if name not in _HEADER_PARTS or name in parts:
            raise IncompleteSignatureException("Authorization header has an unknown or a repeated parameter.")
        parts[name] = value
    return parts


def _read_query(parameters: Sequence[tuple[str, str]], headers: Mapping[str, str]) -> Claim:
    parts: dict[str, str] = {}
    for name, value in parameters:
        if name in _QUERY_PARTS or name == TOKEN_PART:
            if name in parts or not value.isascii():
                raise IncompleteSignatureException(
                    f"AWS query-string parameter '{name}' is repeated or not ASCII."
                )
            parts[name] = value
    missing = [
        f"AWS query-string parameters must include '{name}'." for name in _QUERY_PARTS if not parts.get(name)
    ]
    if missing:
        raise IncompleteSignatureException(" ".join((*missing, "Re-examine the query-string parameters.")))
    if parts["X-Amz-Algorithm"] != ALGORITHM:
        raise IncompleteSignatureException(f"Unsupported AWS 'algorithm'. Use '{ALGORITHM}'.")
    if "x-amz-security-token" in headers:
        raise IncompleteSignatureException(f"A presigned request carries '{TOKEN_PART}' in its query string.")
    expires = parts["X-Amz-Expires"]
    if not (expires.isdigit() and len(expires) <= 6 and 1 <= int(expires) <= MAX_EXPIRES):
        raise IncompleteSignatureException(
            f"X-Amz-Expires must be a number of seconds between 1 and {MAX_EXPIRES}."
        )
    return claim_of(
        parts["X-Amz-Credential"],
        parts["X-Amz-Date"],
        parts["X-Amz-SignedHeaders"],
        parts["X-Amz-Signature"],
        parts.get(TOKEN_PART),
        int(expires),
    )


def claim_of(
    credential: str,
    timestamp: str,
    signed_headers: str,
    signature: str,
    token: str | None,
    expires: int | None,
) -> Claim:
    """The claim made of these texts, each checked as `read` says; `expires` is None unless presigned."""
    return _claim(_scope_and_names(credential, timestamp, signed_headers), signature, token, expires)


_Said = tuple[AccessKeyId, str, str, str, str, str, str, int, tuple[str, ...]]
"""The first attributes of a claim, in their order: all but signature, token and expiry."""


def _scope_and_names(credential: str, timestamp: str, signed_headers: str) -> _Said:
    return *_credential(credential), timestamp, _epoch_seconds(timestamp), _signed_headers(signed_headers)


def _claim(said: _Said, signature: str, token: str | None, expires: int | None) -> Claim:
    if token is not None and (len(token) > MAX_TOKEN or not token.isascii()):
        raise UnrecognizedClientException(_INVALID_TOKEN)
    return Claim(*said, signature, token, expires is not None, expires)


@lru_cache(maxsize=256)  # a client sends the same one all day
def _credential(text: str) -> tuple[AccessKeyId, str, str, str, str, str]:
    elements = text.split("/", 5)
    if len(elements) != 5 or not text.isprintable():
        raise IncompleteSignatureException(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
        )
    key_id, date, region, service, terminator = elements
    try:
        return AccessKeyId.parse(key_id), date, region, service, terminator, text[len(key_id) + 1 :]
    except InvalidName:
        raise UnrecognizedClientException(_INVALID_TOKEN) from None


@lru_cache(maxsize=256)  # a client names the same headers in each request
def _signed_headers(text: str) -> tuple[str, ...]:
    names = text.split(";", MAX_SIGNED_HEADERS)
    if len(names) > MAX_SIGNED_HEADERS:
        raise IncompleteSignatureException(
            f"'SignedHeaders' must not name more than {MAX_SIGNED_HEADERS} headers."
        )
    if "" in names or text != text.lower() or sorted(set(names)) != names:
        raise IncompleteSignatureException(
            "'SignedHeaders' must be in lower case, sorted and without duplicates."
        )
    return tuple(names)


@lru_cache(maxsize=64)  # many requests come in one second
def _epoch_seconds(timestamp: str) -> int:
    """Seconds since the epoch of `YYYYMMDDTHHMMSSZ`, the one form AWS takes."""
    digits = timestamp[:8] + timestamp[9:15]
    if len(timestamp) == 16 and timestamp[8] == "T" and timestamp[15] == "Z":
        try:
            if digits.isascii() and digits.isdigit():
                return int(datetime.fromisoformat(timestamp).timestamp())
        except ValueError:
            pass  # no such day or hour: refused with the rest
    raise IncompleteSignatureException(
        "Date must be in ISO-8601 'basic format'. See http://en.wikipedia.org/wiki/ISO_8601"
    )


def _basic_format(date: str | None) -> str | None:
    """A Date header in ISO 8601 basic format: already so, or turned into it from RFC 9110's IMF-fixdate."""
    if date is None or not date.endswith(" GMT"):
        return date
    parts = date.split(" ", 6)
    if len(parts) != 6 or parts[2] not in _MONTHS:
        return date  # refused as a timestamp by the next step
    _, day, month, year, clock, _ = parts
    return f"{year}{_MONTHS.index(month) + 1:02d}{day}T{clock.replace(':', '')}Z"


def decoded_pairs(query: str) -> list[tuple[bytes, bytes]]:
    """The names and values of a query string, percent-decoded; `+` is a space, as in forms."""
    pairs = []
    for part in query.encode("utf-8", "surrogatepass").replace(b"+", b" ").split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            pairs.append((unquote_to_bytes(name), unquote_to_bytes(value)))
    return pairs


def _parameters(query: str) -> list[tuple[str, str]]:
    """The decoded query parameters, their bytes as Latin-1: what is not ASCII is none of our names."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in decoded_pairs(query)]


# Checking what it claims.


def check_scope(claim: Claim, service: str, regions: Collection[str], now: float) -> None:
    """Whether the claim is meant for `service` (its signing name), one of `regions`, and the time `now`.

    `now` is in seconds since the epoch; `regions` should be a set.

    Raises:
        InvalidSignatureException: with each of AWS's sentences about the scope, or the one about the time.
    """
    wrong = []
    if claim.region not in regions:
        wrong.append("Credential should be scoped to a valid region.")
    if claim.service != service:
        wrong.append(f"Credential should be scoped to correct service: '{service}'.")
    if claim.terminator != TERMINATOR:
        wrong.append(f"Credential should be scoped with a valid terminator: '{TERMINATOR}'.")
    if claim.date != claim.timestamp[:8]:
        wrong.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{claim.date[:64]}' != '{claim.timestamp[:8]}', from '{claim.timestamp}'."
        )
    if wrong:
        raise InvalidSignatureException(" ".join(wrong))
    if claim.time > now + WINDOW:
        later = f"{_basic(now + WINDOW)} ({_basic(now)} + {WINDOW // 60} min.)"
        raise InvalidSignatureException(
            f"Signature not yet current: {claim.timestamp} is still later than {later}"
        )
    if claim.expires is not None:
        if now > claim.time + claim.expires:
            end = _basic(claim.time + claim.expires)
            raise InvalidSignatureException(f"Signature expired: {end} is now earlier than {_basic(now)}")
    elif claim.time < now - WINDOW:
        earlier = f"{_basic(now - WINDOW)} ({_basic(now)} - {WINDOW // 60} min.)"
        raise InvalidSignatureException(f"Signature expired: {claim.timestamp} is now earlier than {earlier}")


def _basic(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y%m%dT%H%M%SZ")
