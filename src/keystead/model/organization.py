"""Organizations: accounts in a tree of units, and the policies that limit them."""

from dataclasses import dataclass

from keystead.kinds import (
    CreateAccountState,
    FeatureSet,
    HandshakeState,
    JoinedMethod,
    OrganizationPolicyType,
)
from keystead.model.tag import Tag
from keystead.names import AccountId


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization and its root.

    Attributes:
        id: `o-...`.
        root: the id of its root, `r-...`.
        management: the account that made it; a member like the others, in the root or in a unit.
        policy_types: the types enabled in the root.
    """

    id: str
    root: str
    management: AccountId
    feature_set: FeatureSet
    policy_types: frozenset[OrganizationPolicyType]
    created: int


@dataclass(frozen=True, slots=True)
class OrganizationalUnit:
    """An organizational unit, `ou-...`; `parent` is the root's or another unit's id."""

    id: str
    organization: str
    parent: str
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """An account in an organization; `parent` is the root's or a unit's id. `joined` in milliseconds."""

    account: AccountId
    organization: str
    parent: str
    joined_method: JoinedMethod
    joined: int


@dataclass(frozen=True, slots=True)
class OrganizationPolicy:
    """A policy that customers made, `p-...`; `content` is the JSON text."""

    id: str
    organization: str
    type: OrganizationPolicyType
    name: str
    description: str
    content: str


@dataclass(frozen=True, slots=True)
class OrganizationAttachment:
    """A policy where it is attached: `target` is the id of a root, a unit or an account.

    `policy` may be the id of one that AWS made, which is nowhere stored.
    """

    organization: str
    target: str
    policy: str
    type: OrganizationPolicyType


@dataclass(frozen=True, slots=True)
class Handshake:
    """An invitation into an organization, `h-...`.

    Attributes:
        account: the account that is invited, or None when it is invited by its address.
        email: that address, else empty.
        state: never EXPIRED: what is OPEN after `expires` is.
        requested: milliseconds since the epoch, and so `expires`.
        tags: what the account is tagged with when it joins.
    """

    id: str
    organization: str
    account: AccountId | None
    email: str
    notes: str
    state: HandshakeState
    requested: int
    expires: int
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountCreation:
    """What became of a CreateAccount, `car-...`; `account` is None and `failure` says why if it failed."""

    id: str
    organization: str
    name: str
    state: CreateAccountState
    requested: int
    account: AccountId | None
    failure: str
