"""Web identities: what the claims of a token must say, and what of them a session keeps.

That the issuer signed the token is proved before (`keystead.crypto.web_identity_token`). Sources: OpenID
Connect Core 1.0, section 3.1.3.7; STS API, `AssumeRoleWithWebIdentity`; IAM User Guide, "Pass session tags in
AWS STS" and "Available keys for AWS OIDC federation". Sentences are AWS's where they were seen in the field,
and ours where nothing was (unverified).
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from keystead.model import SessionTag, WebIdentity
from keystead.names import InvalidName, OidcProviderArn
from keystead.policy.request import ContextValue
from keystead.shapes.sts_errors import (
    ExpiredTokenException,
    IDPRejectedClaimException,
    InvalidIdentityTokenException,
)

CLOCK_SKEW: Final = 300.0
"""How far an issuer's clock may be ahead of ours, in seconds. None is granted to what has expired."""

SCHEME: Final = "https://"

TAGS: Final = "https://aws.amazon.com/tags"
SOURCE_IDENTITY: Final = "https://aws.amazon.com/source_identity"
"""Claims by which an issuer gives session tags and a source identity."""

_MOST_TAGS: Final = 50
_SUBJECT: Final = range(1, 256)
"""Characters of a `sub` (OpenID Connect Core, section 2: at most 255)."""

# STS API, `tagKeyType`, `tagValueType` and `sourceIdentityType`.
_TAG_KEY: Final = re.compile(r"[\w\s.:/=+@-]{1,128}")
_TAG_VALUE: Final = re.compile(r"[\w\s.:/=+@-]{0,256}")
_IDENTITY: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)

NO_TOKEN: Final = (
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"  # noqa: S105
)


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom an OIDC provider vouches for.

    Attributes:
        issuer: the token's `iss`, with `https://`.
        tags: session tags that the token gives.
        source_identity: or None.
        keys: what the token fills of condition keys, by their names in lower case.
    """

    identity: WebIdentity
    issuer: str
    tags: tuple[SessionTag, ...]
    source_identity: str | None
    keys: Mapping[str, ContextValue]


def issuer_of(claims: Mapping[str, Any]) -> str:
    """The issuer that a token names, which is a URL of `https://`; or AWS's refusal."""
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or not issuer.startswith(SCHEME) or len(issuer) > _LONGEST_ISSUER:
        raise InvalidIdentityTokenException("Issuer must be a valid URL")
    return issuer


_LONGEST_ISSUER: Final = 255


def provider_arn(account: str, issuer: str) -> OidcProviderArn:
    """The ARN of the provider of an account that stands for an issuer, whether there is one or not."""
    try:
        return OidcProviderArn.parse(f"arn:aws:iam::{account}:oidc-provider/{issuer.removeprefix(SCHEME)}")
    except InvalidName:
        raise no_provider(issuer) from None


def no_provider(issuer: str) -> InvalidIdentityTokenException:
    """The refusal of a token of an issuer that the account does not know."""
    return InvalidIdentityTokenException(f"No OpenIDConnect provider found in your account for {issuer}")


def vouched(
    claims: Mapping[str, Any], provider: OidcProviderArn, client_ids: Collection[str], now: float
) -> Vouched:
    """Whom the claims name, if they are meant for us, and for now; or AWS's refusal.

    Args:
        claims: of a token that the issuer signed.
        provider: the issuer's.
        client_ids: the audiences that the provider may name.
        now: seconds since the epoch.
    """
    _check_times(claims, now)
    audience = _audience(claims, client_ids)
    subject = claims.get("sub")
    if not isinstance(subject, str) or len(subject) not in _SUBJECT:
        raise IDPRejectedClaimException("The token has no valid subject.")
    amr = claims.get("amr")
    keys: dict[str, ContextValue] = {"aud": audience, "sub": subject}
    if isinstance(amr, list) and amr and all(isinstance(method, str) for method in amr):
        keys["amr"] = tuple(amr)
    return Vouched(
        WebIdentity(str(provider), audience, subject),
        SCHEME + provider.url,
        _tags(claims.get(TAGS)),
        _source_identity(claims.get(SOURCE_IDENTITY)),
        {f"{provider.url}:{name}".lower(): value for name, value in keys.items()},
    )


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    expires = _time(claims, "exp")
    if expires is None or _time(claims, "iat") is None:
        missing = "exp" if expires is None else "iat"
        raise InvalidIdentityTokenException(f"Missing a required claim: {missing}")
    if now >= expires:
        raise ExpiredTokenException(
            f"Token expired: current date/time {int(now)} must be before "
            f"the expiration date/time {int(expires)}"
        )
    for name in ("nbf", "iat"):
        time = _time(claims, name)
        if time is not None and time > now + CLOCK_SKEW:
            raise InvalidIdentityTokenException(f"The token is not valid yet: {name} is {int(time)}")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1 << 53:
        raise InvalidIdentityTokenException(f"The claim {name} is not a time")
    return value


def _audience(claims: Mapping[str, Any], client_ids: Collection[str]) -> str:
    """The audience for which the token is taken; with an authorized party it is that one (IAM User Guide)."""
    named = claims.get("aud")
    audiences = [named] if isinstance(named, str) else named
    if not isinstance(audiences, list) or not all(isinstance(audience, str) for audience in audiences):
        raise InvalidIdentityTokenException("Missing a required claim: aud")
    party = claims.get("azp")
    for audience in audiences if party is None else [party]:
        if audience in client_ids:
            return str(audience)
    raise InvalidIdentityTokenException("Incorrect token audience")


def _tags(claim: Any) -> tuple[SessionTag, ...]:
    """The session tags of a token: `{"principal_tags": {KEY: [VALUE]}, "transitive_tag_keys": [KEY]}`."""
    if claim is None:
        return ()
    given = claim.get("principal_tags") if isinstance(claim, dict) else None
    transitive = claim.get("transitive_tag_keys", []) if isinstance(claim, dict) else None
    if not isinstance(given, dict) or not isinstance(transitive, list):
        raise IDPRejectedClaimException(f"The claim {TAGS} cannot be read.")
    tags = tuple(SessionTag(key, _tag_value(key, value), key in transitive) for key, value in given.items())
    keys = {tag.key.lower() for tag in tags}
    if (
        len(tags) > _MOST_TAGS
        or len(keys) < len(tags)
        or any(key.startswith("aws:") for key in keys)
        or any(key not in [tag.key for tag in tags] for key in transitive)
    ):
        raise IDPRejectedClaimException(f"The claim {TAGS} has tags that cannot be together.")
    return tags


def _tag_value(key: str, given: Any) -> str:
    value = given[0] if isinstance(given, list) and len(given) == 1 else given
    if not isinstance(value, str) or not _TAG_KEY.fullmatch(key) or not _TAG_VALUE.fullmatch(value):
        raise IDPRejectedClaimException(f"The claim {TAGS} has a tag that cannot be one.")
    return value


def _source_identity(claim: Any) -> str | None:
    if claim is None:
        return None
    if not isinstance(claim, str) or not _IDENTITY.fullmatch(claim) or claim.lower().startswith("aws:"):
        raise IDPRejectedClaimException(f"The claim {SOURCE_IDENTITY} is no source identity.")
    return claim
