"""What AWS publishes about permissions, as data: actions, operations and condition keys.

Of KMS, IAM, STS and Organizations.

The catalogue says what AWS does, of all operations of KMS, whether Keystead has them or not. Two things here
decide: a check sees no condition key that the catalogue does not list for it (`keys_filled`), and a key
policy sees none that is for IAM policies only (`IAM_ONLY_KEYS`).
"""

from collections.abc import Mapping
from typing import Final

from keystead.policy.catalogue.global_keys import GLOBAL_KEYS
from keystead.policy.catalogue.iam_actions import IAM_ACTIONS, IAM_KEYS, IAM_OPERATIONS
from keystead.policy.catalogue.kms_actions import KMS_ACTIONS, KMS_OPERATIONS
from keystead.policy.catalogue.kms_keys import KMS_KEYS
from keystead.policy.catalogue.organizations_actions import (
    ORGANIZATIONS_ACTIONS,
    ORGANIZATIONS_KEYS,
    ORGANIZATIONS_OPERATIONS,
)
from keystead.policy.catalogue.sts_actions import STS_ACTIONS, STS_KEYS, STS_OPERATIONS
from keystead.policy.catalogue.vocabulary import (
    AccessLevel,
    Action,
    Cardinality,
    Check,
    ConditionKey,
    FilledFor,
    Operation,
    ResourceType,
    UsableIn,
    ValueType,
)

CONDITION_KEYS: Final[Mapping[str, ConditionKey]] = {
    key.lookup: key for key in (*GLOBAL_KEYS, *KMS_KEYS, *IAM_KEYS, *ORGANIZATIONS_KEYS, *STS_KEYS)
}
"""Condition keys and families by name in lower case."""

ACTIONS: Final[Mapping[str, Action]] = {
    action.name.lower(): action
    for action in (*KMS_ACTIONS, *IAM_ACTIONS, *ORGANIZATIONS_ACTIONS, *STS_ACTIONS)
}
"""Actions by name in lower case."""

OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = {
    (operation.service, operation.name): operation
    for operation in (*KMS_OPERATIONS, *IAM_OPERATIONS, *ORGANIZATIONS_OPERATIONS, *STS_OPERATIONS)
}
"""Operations by service and name."""

IAM_ONLY_KEYS: Final = tuple(
    lookup for lookup, key in CONDITION_KEYS.items() if key.usable_in is UsableIn.IAM_POLICIES
)
"""What the names, in lower case, of keys begin with that are for IAM policies only."""

_OF_EVERY_CHECK = frozenset(
    lookup for lookup, key in CONDITION_KEYS.items() if key.filled_for is FilledFor.EVERY_CHECK
)


def condition_key(name: str) -> ConditionKey | None:
    """The key of that name, whatever its case, or the family it belongs to; None if AWS has no such key."""
    lookup = name.lower()
    key = CONDITION_KEYS.get(lookup)
    if key is not None:
        return None if key.family else key  # a family alone names nothing
    for start, family in CONDITION_KEYS.items():
        if family.family and lookup.startswith(start):
            return family
    return None


def keys_filled(action: str, resource: ResourceType) -> frozenset[str]:
    """The condition keys, in lower case, that AWS fills for a check of `action` on a `resource`.

    Raises:
        ValueError: the catalogue has no such action, or not on such a resource.
    """
    row = ACTIONS.get(action.lower())
    if row is None or resource not in row.keys:
        raise ValueError(
            f"keystead.policy.catalogue has no action {action} on resource type {resource}: add it there"
        )
    return _OF_EVERY_CHECK.union(key.lower() for key in row.keys[resource])


__all__ = [
    "ACTIONS",
    "CONDITION_KEYS",
    "IAM_ONLY_KEYS",
    "OPERATIONS",
    "AccessLevel",
    "Action",
    "Cardinality",
    "Check",
    "ConditionKey",
    "FilledFor",
    "Operation",
    "ResourceType",
    "UsableIn",
    "ValueType",
    "condition_key",
    "keys_filled",
]
