"""What a call decides and works with: keys, principals and access keys, made ready for use.

An account's is in `account_entry`.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from keystead.crypto.key_families import Material
from keystead.kinds import CredentialStatus
from keystead.model import Credential, Key, Principal, ServiceCredential
from keystead.names import KeyMaterialId
from keystead.policy.request import AttachedPolicy, Caller, Grant
from keystead.service.account_entry import AccountEntry
from keystead.service.bounded import Bounded


class Held(Enum):
    """What is kept of a caller's grants when they are not kept."""

    TOO_MANY = auto()
    """There are more than `MOST_GRANTS`."""


@dataclass(slots=True)
class KeyEntry:
    """A key ready for use: its compiled policy and, once used, its unsealed material.

    `standing` remembers which caller was allowed which action by policies and grants alone, whatever the
    request, while the key's account stood where it stands. `grants` keeps, by caller, the grants of the key
    that name it, or that they are too many; `ungranted` says that the key has none at all. When a grant of
    the key changes, the entry is replaced by one without all three.
    """

    key: Key
    arn: str
    policy: AttachedPolicy
    materials: dict[KeyMaterialId, Material] = field(default_factory=dict, repr=False)
    standing: Bounded[tuple[object, AccountEntry | None, str], None] = field(
        default_factory=lambda: Bounded(256), repr=False
    )
    grants: Bounded[Caller, tuple[Grant, ...] | Held] = field(
        default_factory=lambda: Bounded(256), repr=False
    )
    ungranted: bool = False

    def without_grants(self) -> "KeyEntry":
        """The same key, knowing nothing that rests on its grants."""
        return KeyEntry(self.key, self.arn, self.policy, self.materials)


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """An IAM user or role with its compiled policies.

    Attributes:
        identity: the inline and managed policies of it and of its groups.
        boundary: its permissions boundary, if it has one.
        trust: who may assume it; roles only.
        rests_on: the unique ids of the groups and the ARNs of the managed policies that it was made of.
    """

    principal: Principal
    arn: str
    identity: tuple[AttachedPolicy, ...]
    boundary: AttachedPolicy | None = None
    trust: AttachedPolicy | None = None
    rests_on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CredentialEntry:
    """An access key, be it a service's, with its secret."""

    credential: Credential | ServiceCredential
    secret: str = field(repr=False)

    @property
    def active(self) -> bool:
        """Whether it may sign."""
        return may_sign(self.credential)


def may_sign(credential: Credential | ServiceCredential) -> bool:
    """Whether an access key is active."""
    return credential.status is CredentialStatus.ACTIVE
