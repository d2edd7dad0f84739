"""The outcome of authorization: a value with its reason. Only the edge of the service raises it."""

from dataclasses import dataclass
from enum import StrEnum


class Layer(StrEnum):
    """A kind of policy, in AWS's words as they stand in refusals after "a" or "an" or "no"."""

    # Enum's own is a function in Python, and every decision looks up layers and strengths.
    __hash__ = str.__hash__

    IDENTITY = "identity-based policy"
    RESOURCE = "resource-based policy"
    SESSION = "session policy"
    BOUNDARY = "permissions boundary"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint policy"


class Strength(StrEnum):
    """How strongly a resource-side Allow names the caller (`docs/policy.md`, "Strengths")."""

    __hash__ = str.__hash__

    DIRECT = "direct"
    """The user, session, federated user or service, everyone, or the account when its root user calls."""
    ROLE = "role"
    """The role of the session, or the user that issued the federated token."""
    ACCOUNT = "account"
    """The account: delegation to its IAM policies."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Which statement decided: policy name and ARN, the statement's index from 0, its Sid or empty."""

    layer: Layer
    policy: str
    policy_arn: str
    index: int
    sid: str


By = Statement | str
"""What allowed: a statement, or the id of a grant."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The call may go on. `by` is what allowed it, None for a root user whom nothing had to allow."""

    by: By | None


@dataclass(frozen=True, slots=True)
class ExplicitlyDenied:
    """A Deny statement applies."""

    by: Statement


@dataclass(frozen=True, slots=True)
class ImplicitlyDenied:
    """Nothing allows it.

    Attributes:
        layer: the layer whose silence is reported.
        hidden: the caller is of another account and must not learn whether the resource exists
            (`docs/policy.md`, "Foreign keys").
    """

    layer: Layer
    hidden: bool = False


Decision = Allowed | ExplicitlyDenied | ImplicitlyDenied
