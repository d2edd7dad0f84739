"""Identity providers that speak OpenID Connect, as IAM knows them."""

from dataclasses import dataclass

from keystead.model.tag import Tag
from keystead.names import AccountId, OidcProviderArn


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """An OIDC provider of an account: whose tokens its roles may trust.

    Attributes:
        url: the issuer without `https://`; with that before it, it is the `iss` of the provider's tokens,
            character for character.
        client_ids: the audiences that its tokens may name, in the order they were given.
        thumbprints: SHA-1 of certificates in hexadecimal, as they were given.
        created: milliseconds since the epoch.
        tags: in the order they were set; their keys are case-sensitive.
    """

    account: AccountId
    url: str
    client_ids: tuple[str, ...]
    thumbprints: tuple[str, ...]
    created: int
    tags: tuple[Tag, ...] = ()

    @property
    def arn(self) -> OidcProviderArn:
        """The ARN: there is one provider of a URL in an account."""
        return OidcProviderArn(self.account, self.url)
