"""Managed policies and their versions."""

from dataclasses import dataclass

from keystead.model.tag import Tag
from keystead.names import AccountId, ManagedPolicyArn


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A policy of its own that users, roles and groups are attached to; `unique_id` is `ANPA...`.

    Attributes:
        account: None for a policy of AWS's, which every account has and none can change.
        default_version: the number of the version in force.
        last_version: the highest number that a version of it ever had; numbers are never given out twice.
        updated: when the last version was made, milliseconds since the epoch.
        tags: in the order in which IAM lists them; their keys are case-sensitive.
    """

    unique_id: str
    account: AccountId | None
    path: str
    name: str
    description: str
    created: int
    updated: int
    default_version: int = 1
    last_version: int = 1
    tags: tuple[Tag, ...] = ()

    @property
    def arn(self) -> ManagedPolicyArn:
        """The ARN with the path."""
        return ManagedPolicyArn(self.account, self.path, self.name)


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a managed policy, by the policy's ARN; `document` is the JSON text as given."""

    policy: str
    number: int
    document: str
    created: int

    @property
    def id(self) -> str:
        """As IAM writes it: `v1`."""
        return f"v{self.number}"
