"""Resource quotas that always hold, because a decision or a page relies on them.

Source: KMS Developer Guide, "Resource quotas".
"""

ALIASES_PER_KEY = 50
"""`kms:ResourceAliases` holds all of them, so there must be a bound."""
