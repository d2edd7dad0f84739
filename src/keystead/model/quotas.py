"""Resource quotas that always hold, because a decision or a page relies on them.

Source: KMS Developer Guide, "Resource quotas".
"""

GRANTS_PER_KEY = 50_000
"""What AWS lets a key have; more of them would make the largest key of an installation unbounded."""

ON_DEMAND_ROTATIONS_PER_KEY = 25
"""KMS API, `RotateKeyOnDemand`."""

ALIASES_PER_KEY = 50
"""`kms:ResourceAliases` holds all of them, so there must be a bound."""
