"""Accounts and IAM entities."""

from dataclasses import dataclass

from keystead.kinds import AccountState, PrincipalType
from keystead.names import AccountId, RoleArn, UserArn


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
class Principal:
    """An IAM user or role. `unique_id` (`AIDA...`, `AROA...`) is never given out twice."""

    unique_id: str
    account: AccountId
    type: PrincipalType
    path: str
    name: str
    created: int

    @property
    def arn(self) -> UserArn | RoleArn:
        """The ARN with the path."""
        make = UserArn if self.type is PrincipalType.USER else RoleArn
        return make(self.account, self.path, self.name)


@dataclass(frozen=True, slots=True)
class InlinePolicy:
    """A policy embedded in a principal; `document` is the JSON text as given."""

    principal: str
    name: str
    document: str
