"""Quotas of resources: AWS's values, and which hold in an installation.

Source: KMS Developer Guide, "Resource quotas".
"""

from dataclasses import dataclass

GRANTS_PER_KEY = 50_000
"""What AWS lets a key have; more of them would make the largest key of an installation unbounded."""

ON_DEMAND_ROTATIONS_PER_KEY = 25
"""KMS API, `RotateKeyOnDemand`."""

ALIASES_PER_KEY = 50
"""`kms:ResourceAliases` holds all of them, so there must be a bound."""

KEYS_PER_REGION = 100_000
"""Customer managed keys of an account in a Region, in whatever state."""


@dataclass(frozen=True, slots=True)
class ResourceQuotas:
    """The quotas of resources that an operator may choose.

    Those of one key always hold, because a decision or a page relies on them, and are AWS's or lower.

    Attributes:
        keys: customer managed keys of an account in a Region; None for any number.
    """

    keys: int | None = None
    aliases_per_key: int = ALIASES_PER_KEY
    grants_per_key: int = GRANTS_PER_KEY


AWS_RESOURCE_QUOTAS = ResourceQuotas(keys=KEYS_PER_REGION)
