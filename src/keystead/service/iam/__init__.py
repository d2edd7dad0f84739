"""The IAM API: users, access keys, inline policies, OIDC providers, the simulator.

Importing it registers its operations.
"""

from keystead.service.iam import access_keys, oidc_providers, simulate, user_policies, users

__all__ = ["access_keys", "oidc_providers", "simulate", "user_policies", "users"]
