"""What a decision is about: the caller, the request, and the policies and grants that apply.

All values are frozen and hold text, never live objects: a request can be stored, replayed and generated.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from keystead.policy.language.document import Policy

ContextValue = str | tuple[str, ...]
"""A single-valued key holds a text; a multivalued key holds a tuple, even of one. Absence is no entry."""


class CallerKind(StrEnum):
    """Who may sign a request (IAM User Guide, "aws:PrincipalType" and the user-id table)."""

    ROOT = "Account"
    USER = "User"
    ROLE_SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    SERVICE = "Service"
    WEB_IDENTITY = "WebIdentity"
    """Whom an OIDC provider vouches for, while it assumes a role. What AWS calls it there is unverified."""


OF_NO_ACCOUNT = (CallerKind.SERVICE, CallerKind.WEB_IDENTITY)
"""Callers without account, and so without policies of their own: the resource's side alone lets them in."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The authenticated principal of a request.

    Attributes:
        kind: what it is.
        arn: the caller ARN as AWS prints it (session ARN for roles; the service name for services); for web
            identities the ARN of the provider that vouches for them.
        account: its account; empty for services and web identities.
        unique_id: `AIDA...` for users, `AROA...:session` for role sessions, `ACCOUNT:name` for federated
            users, the account id for root users; empty for services and web identities.
        role_arn: the role's ARN with its path; role sessions only.
        issuer_arn: the IAM user that issued the token; federated users only.
        issuer_id: that user's unique id.
        service_linked: whether the role of the session is a service-linked role.
        management: whether the account is its organization's management account.
    """

    kind: CallerKind
    arn: str
    account: str
    unique_id: str
    role_arn: str = ""
    issuer_arn: str = ""
    issuer_id: str = ""
    service_linked: bool = False
    management: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One check: may this caller do this action on this resource?

    Attributes:
        action: IAM action in its canonical spelling, such as `kms:ReEncryptFrom`.
        resource: key or alias ARN, or another service's ARN, or `*` for actions without a resource.
        owner: account that owns the resource; the caller's account for `*`.
        on_key: whether the resource is a KMS key, so that a key policy and grants decide.
        cross_account: whether the operation can be used from another account.
        context: condition key in lower case -> value. May be lazy; only `get` is called.
        encryption_context: for grant constraints; None for operations that have none.
        creates: the grant that CreateGrant would make. A caller whose right comes from a grant may make only
            narrower ones; without `creates` no grant allows CreateGrant.
        retires: the grant that RetireGrant would remove; without it RetireGrant is denied.
    """

    caller: Caller
    action: str
    resource: str
    owner: str
    on_key: bool
    cross_account: bool
    context: Mapping[str, ContextValue]
    encryption_context: Mapping[str, str] | None = None
    creates: "Grant | None" = None
    retires: "Grant | None" = None


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """A policy where it is attached. Managed policies, SCPs and RCPs have an `arn`, which refusals name."""

    policy: Policy
    name: str
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as far as a decision needs it (KMS API, `GrantListEntry`).

    `grantee` and `retiring` are as stored: an ARN, a unique id or a service name. `issuing_account` is the
    account of the principal that called CreateGrant.
    """

    grant_id: str
    grantee: str
    operations: frozenset[str]
    issuing_account: str
    retiring: str = ""
    encryption_context_equals: Mapping[str, str] | None = None
    encryption_context_subset: Mapping[str, str] | None = None
    source_arn: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that applies to one request.

    None means that the layer does not exist for this request; an empty tuple means that it exists and
    allows nothing. Levels run from the organization's root to the account; no levels limit nothing, a level
    without policies allows nothing.

    `grants` are those on the key: a tuple of few, or `Grants`, which finds the caller's among many.
    `key_policy` is for requests on keys, `resource_policy` for those on other resources: the trust policy of
    the role that is assumed. At most one of the two is set.
    """

    key_policy: AttachedPolicy | None = None
    resource_policy: AttachedPolicy | None = None
    identity: tuple[AttachedPolicy, ...] = ()
    boundary: AttachedPolicy | None = None
    session: tuple[AttachedPolicy, ...] | None = None
    scps: tuple[tuple[AttachedPolicy, ...], ...] | None = None
    rcps: tuple[tuple[AttachedPolicy, ...], ...] | None = None
    endpoint: AttachedPolicy | None = None
    grants: Collection[Grant] = ()
