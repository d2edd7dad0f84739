"""Accounts, IAM entities (users, roles, groups) and instance profiles."""

from dataclasses import dataclass

from keystead.kinds import AccountState, PrincipalType
from keystead.model.tag import Tag
from keystead.names import AccountId, GroupArn, InstanceProfileArn, RoleArn, UserArn


@dataclass(frozen=True, slots=True)
class Account:
    """An account; its root user exists with it.

    `email` is its address, of which no two accounts have the same whatever its case; `name` and `email` are
    empty for accounts that were never given one. Nobody signs requests for an account that is closed, and
    nobody reaches its keys.
    """

    id: AccountId
    created: int
    name: str = ""
    email: str = ""
    state: AccountState = AccountState.ACTIVE


@dataclass(frozen=True, slots=True)
class RoleDetails:
    """What a role has and a user has not.

    Attributes:
        trust_policy: who may assume it, as stored: JSON text in which users and roles stand by unique id.
        description: empty if there is none.
        max_session_duration: seconds.
        service_linked: whether a service owns the role, so that nobody else may change it.
    """

    trust_policy: str
    description: str = ""
    max_session_duration: int = 3600
    service_linked: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """An IAM user or role. `unique_id` (`AIDA...`, `AROA...`) is never given out twice.

    Attributes:
        tags: in the order in which IAM lists them; their keys are unique without regard to case.
        boundary: the ARN of the managed policy that is its permissions boundary.
        role: what roles alone have; None if and only if it is a user.
    """

    unique_id: str
    account: AccountId
    type: PrincipalType
    path: str
    name: str
    created: int
    tags: tuple[Tag, ...] = ()
    boundary: str | None = None
    role: RoleDetails | None = None

    @property
    def arn(self) -> UserArn | RoleArn:
        """The ARN with the path."""
        make = UserArn if self.type is PrincipalType.USER else RoleArn
        return make(self.account, self.path, self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of IAM users; `unique_id` is `AGPA...`. It carries policies and is no principal."""

    unique_id: str
    account: AccountId
    path: str
    name: str
    created: int

    @property
    def arn(self) -> GroupArn:
        """The ARN with the path."""
        return GroupArn(self.account, self.path, self.name)


@dataclass(frozen=True, slots=True)
class InlinePolicy:
    """A policy embedded in a user, role or group; `principal` is its unique id, `document` as given."""

    principal: str
    name: str
    document: str


@dataclass(frozen=True, slots=True)
class InstanceProfile:
    """A container for at most one role, by its unique id; `unique_id` is `AIPA...`."""

    unique_id: str
    account: AccountId
    path: str
    name: str
    created: int
    role: str | None = None
    tags: tuple[Tag, ...] = ()

    @property
    def arn(self) -> InstanceProfileArn:
        """The ARN with the path."""
        return InstanceProfileArn(self.account, self.path, self.name)
