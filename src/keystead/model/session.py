"""Sessions: what temporary credentials stand for. Their holder keeps them, sealed; no store does."""

from dataclasses import dataclass, field
from enum import StrEnum

from keystead.names import AccessKeyId, AccountId, Region, ServiceName


class SessionKind(StrEnum):
    """Which operation made a session."""

    ROLE = "role"
    """AssumeRole and AssumeRoleWithWebIdentity: it acts as the role."""

    FEDERATED_USER = "federated user"
    """GetFederationToken: an identity of its own, under the policies of the one who made it."""

    SELF = "self"
    """GetSessionToken: it acts as the IAM user or root user who made it."""


@dataclass(frozen=True, slots=True)
class SessionTag:
    """A session tag.

    `transitive` says whether sessions have it too that are made with this one's credentials.
    """

    key: str
    value: str
    transitive: bool = False


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """Who was vouched for when a role was assumed with a web identity token.

    Attributes:
        provider: the ARN of the OIDC provider.
        audience: the token's audience for which it was taken.
        subject: the token's `sub`.
    """

    provider: str
    audience: str
    subject: str


@dataclass(frozen=True, slots=True)
class Forwarding:
    """How a session came to services that act for a caller (forward access sessions).

    Attributes:
        services: in their order; the last one holds the credentials.
        region: the one that the last of them was asked in.
        since: when the last of them was given it, in milliseconds since the epoch. A service that was
            registered later under one of the names is another one.
        access_key_id: what the caller itself signed with.
        long_term: whether that was no temporary access key: it must then still be active.
    """

    services: tuple[ServiceName, ...]
    region: Region
    since: int
    access_key_id: AccessKeyId
    long_term: bool


@dataclass(frozen=True, slots=True)
class Session:
    """Temporary credentials and what they stand for.

    NOTE: the names and meanings of the members, and of those of the classes in them, are in every token that
    is out. Whoever changes one changes the version in `keystead.crypto.session_token`.

    Attributes:
        access_key_id: `ASIA...`; not secret.
        secret: the secret access key.
        account: of the role or user.
        principal: the unique id of the role, or of the IAM user who made the session; None for a root user.
        name: the role session's name, or the federated user's; empty for `SELF`.
        issued: milliseconds since the epoch.
        expires: the first moment at which it is refused, in milliseconds since the epoch.
        policy: the inline session policy as given, or None.
        policy_arns: the managed session policies.
        tags: session tags; no two keys differ in case alone.
        source_identity: or None.
        mfa_time: when MFA was used, in milliseconds since the epoch; None if it was not.
        web_identity: for AssumeRoleWithWebIdentity.
        forwarded: when a service holds it, to act for the caller that it stands for.
    """

    kind: SessionKind
    access_key_id: AccessKeyId
    secret: str = field(repr=False)
    account: AccountId
    principal: str | None
    name: str
    issued: int
    expires: int
    policy: str | None = None
    policy_arns: tuple[str, ...] = ()
    tags: tuple[SessionTag, ...] = ()
    source_identity: str | None = None
    mfa_time: int | None = None
    web_identity: WebIdentity | None = None
    forwarded: Forwarding | None = None

    @property
    def limited(self) -> bool:
        """Whether session policies were given."""
        return self.policy is not None or len(self.policy_arns) > 0
