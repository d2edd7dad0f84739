"""What the catalogue is made of: condition keys, actions, operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ValueType(StrEnum):
    """The type of a condition key's values, which says what operators suit it.

    String operators work on every type: they compare the value's text.
    """

    STRING = "String"
    BOOL = "Bool"
    NUMERIC = "Numeric"
    DATE = "Date"
    ARN = "ARN"
    IP_ADDRESS = "IPAddress"


class Cardinality(StrEnum):
    """Whether a request holds one value or a list under a key: by the key's nature, not by their number.

    A multivalued key satisfies no operator without a set operator (recorded).
    """

    SINGLE = "single-valued"
    MULTI = "multivalued"


class UsableIn(StrEnum):
    """The policies that a key is for."""

    ALL_POLICIES = "key and IAM policies"
    IAM_POLICIES = "IAM policies only"
    """In a key policy the key counts as absent (unverified)."""


class FilledFor(StrEnum):
    """The checks for which AWS fills a key, if the fact that it tells is there."""

    EVERY_CHECK = "every check"
    LISTED_ACTIONS = "the actions that list it"


@dataclass(frozen=True, slots=True)
class ConditionKey:
    """A condition key, or a family of them.

    Attributes:
        name: in AWS's spelling; compared without regard to case. A family's ends in `:` or `/`, and the name
            of a pair or a tag follows it.
        type: of its values.
        holds: what it holds, and when it is there; a sentence's worth of Markdown.
        cardinality: whether it is a list.
        usable_in: the policies that it is for.
        filled_for: the checks that have it.
    """

    name: str
    type: ValueType
    holds: str
    cardinality: Cardinality = Cardinality.SINGLE
    usable_in: UsableIn = UsableIn.ALL_POLICIES
    filled_for: FilledFor = FilledFor.LISTED_ACTIONS

    @property
    def lookup(self) -> str:
        """The name in lower case, by which contexts and compiled policies know it."""
        return self.name.lower()

    @property
    def family(self) -> bool:
        """Whether it is a family."""
        return self.name.endswith((":", "/"))


class AccessLevel(StrEnum):
    """What kind of power an action gives (IAM User Guide, "Access levels in policy summaries")."""

    LIST = "List"
    READ = "Read"
    WRITE = "Write"
    PERMISSIONS_MANAGEMENT = "Permissions management"
    TAGGING = "Tagging"


class ResourceType(StrEnum):
    """What a check is on."""

    KEY = "key"
    ALIAS = "alias"
    IDENTITY = "IAM identity"
    """A user, group or role."""
    POLICY = "managed policy"
    INSTANCE_PROFILE = "instance profile"
    OIDC_PROVIDER = "OIDC provider"
    ORGANIZATION = "organization entity"
    """A root, organizational unit, account, policy or handshake of an organization."""
    NONE = "none"
    """Written `*`: the action has no resource."""


@dataclass(frozen=True, slots=True)
class Action:
    """An IAM action.

    Attributes:
        name: with its service's prefix, in AWS's spelling; compared without regard to case.
        access: its access level.
        keys: the condition keys that AWS fills for it, by the type of the resource that the check is on,
            beyond those of every check; in AWS's spelling.
    """

    name: str
    access: AccessLevel
    keys: Mapping[ResourceType, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Check:
    """One of the permissions that an operation needs.

    Attributes:
        action: the action's name.
        resource: the type of the resource.
        on: which of them, in words; also when the check is made, if it is not always.
    """

    action: str
    resource: ResourceType
    on: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An API operation and the checks that it is made of, in the order in which errors show them.

    Attributes:
        service: `kms`, `iam`, `sts` or `organizations`.
        name: as in the API.
        checks: all of them must be allowed; none for an operation that needs no permission.
        cross_account: whether it can be used on another account's key.
        note: what the columns cannot say.
    """

    service: str
    name: str
    checks: tuple[Check, ...]
    cross_account: bool = False
    note: str = ""
