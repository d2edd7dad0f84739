"""What a simulation is given, checked as AWS checks it.

The sentences are AWS's as recorded, but for those marked as ours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from keystead.names import (
    AccountRootArn,
    Arn,
    AssumedRoleArn,
    InvalidName,
    KeyArn,
    RoleArn,
    UserArn,
    parse_principal_arn,
)
from keystead.policy.language.document import PolicyKind
from keystead.policy.language.values import is_base64, read_address, read_date, read_number
from keystead.policy.request import Caller, CallerKind, ContextValue

NO_RESOURCE: Final = "*"
"""What an action is simulated on when no resource is given."""


class InvalidSimulation(ValueError):
    """What is asked for cannot be simulated; the text is the sentence for whoever asked."""


class ContextType(StrEnum):
    """The type of a context value, in AWS's word for a key of a single value (`ContextKeyTypeEnum`)."""

    STRING = "string"
    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    IP = "ip"
    BINARY = "binary"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A condition key of the simulated request.

    Attributes:
        name: the key, in any case.
        type: what its values must be.
        many: whether the key is multivalued; that is the key's nature, not the number of its values.
        values: its values as text.
    """

    name: str
    type: ContextType
    many: bool
    values: tuple[str, ...]

    @classmethod
    def parse(cls, name: str, type_name: str, values: Iterable[str]) -> "ContextEntry":
        """The entry with AWS's name of its type, such as `string` or `ipList`; raises `InvalidSimulation`."""
        base = type_name.removesuffix("List")
        if base not in list(ContextType):
            known = ", ".join(f"{each}, {each}List" for each in ContextType)
            # AWS's model refuses such a name before the simulator sees it; the sentence is ours.
            raise InvalidSimulation(
                f"`{type_name[:200]}` is not a type of a context key; the types are {known}."
            )
        return cls(name, ContextType(base), base != type_name, tuple(values))


_EXPECTED: Mapping[ContextType, tuple[str, Callable[[str], bool]]] = {
    # Recorded: strings and booleans take any text.
    ContextType.NUMERIC: ("numeric format", lambda text: read_number(text) is not None),
    ContextType.DATE: ("DateTime format", lambda text: read_date(text) is not None),
    ContextType.IP: ("IP address", lambda text: read_address(text) is not None),
    ContextType.BINARY: ("base-64 encoded binary format", is_base64),
}


def read_context(entries: Iterable[ContextEntry]) -> dict[str, ContextValue]:
    """The context of the entries, by key in lower case; raises `InvalidSimulation`.

    A multivalued key without values is left out: recorded, an empty list of tags is an absent key.
    """
    context: dict[str, ContextValue] = {}
    seen: set[str] = set()
    for entry in entries:
        name = entry.name.lower()
        if name in seen:
            raise InvalidSimulation(f"Duplicate context key: {entry.name}.")
        seen.add(name)
        expected, holds = _EXPECTED.get(entry.type, ("", lambda _: True))
        if not all(holds(value) for value in entry.values):
            raise InvalidSimulation(f"Invalid context value for key {entry.name}: expected {expected}.")
        if entry.many:
            if entry.values:
                context[name] = entry.values
        elif len(entry.values) == 1:
            context[name] = entry.values[0]
        else:
            raise InvalidSimulation(
                f"Context key {entry.type} expected a single value, but received {len(entry.values)}."
            )
    return context


def check_actions(actions: Sequence[str]) -> None:
    """Returns if every text is an action name, whether or not a service has it; else `InvalidSimulation`."""
    if not actions:
        raise InvalidSimulation("At least one action name must be given.")  # the sentence is ours
    for action in actions:
        if ":" not in action:
            raise InvalidSimulation("The action is invalid since it is missing names")
        if "*" in action or "?" in action:  # the sentence is ours
            raise InvalidSimulation(f"Wildcards are not supported in action names: {action}.")


def check_resources(resources: Sequence[str]) -> None:
    """Returns if every text is an ARN, or the lone one is `*`; else `InvalidSimulation`."""
    if list(resources) == [NO_RESOURCE]:
        return
    for resource in resources:
        try:
            arn = Arn.parse(resource)
        except InvalidName:
            arn = None
        if arn is None or not (arn.partition and arn.service and arn.resource):
            raise InvalidSimulation(f"ResourceNames are not in a valid ARN format: {resource}.")


def is_key(resource: str) -> bool:
    """Whether the resource is a KMS key, whose resource policy is its key policy."""
    try:
        KeyArn.parse(resource)
    except InvalidName:
        return False
    return True


def resource_policy_kinds(resources: Iterable[str]) -> frozenset[PolicyKind]:
    """What a resource policy must be to be that of every one of `resources`."""
    return frozenset(PolicyKind.KEY if is_key(resource) else PolicyKind.RESOURCE for resource in resources)


_SIMULATED = "simulated"
"""The name of the session in which a role is simulated."""


def caller_of(arn: str) -> Caller:
    """The IAM user, group or role as a caller; raises `InvalidSimulation` for every other ARN.

    It has no unique id. A role calls in a session, as it does live; a group is taken for a user.
    """
    try:
        named = parse_principal_arn(_group_as_user(arn))
    except InvalidName:
        named = None
    match named:
        case UserArn(account):
            return Caller(CallerKind.USER, arn, account, "")
        case RoleArn(account, _, name):
            session = str(AssumedRoleArn(account, name, _SIMULATED))
            return Caller(CallerKind.ROLE_SESSION, session, account, "", role_arn=arn)
        case _:
            raise InvalidSimulation(
                f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
            )


def _group_as_user(arn: str) -> str:
    """A group's ARN has the form of a user's, and no parser of its own: a group is no principal."""
    head, group, rest = arn.partition(":group/")
    return f"{head}:user/{rest}" if group else arn


def owner_of(arn: str) -> str:
    """The account that `ResourceOwner` names by the ARN of its root user; raises `InvalidSimulation`."""
    try:
        named = parse_principal_arn(arn)
    except InvalidName:
        named = None
    if not isinstance(named, AccountRootArn):
        raise InvalidSimulation(f"'{arn}' is not a valid as a Resource Owner.")
    return named.account
