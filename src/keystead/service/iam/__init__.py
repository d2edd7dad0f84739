"""The IAM API: users, access keys, passwords, inline policies, OIDC providers, the simulator.

Importing it registers its operations.
"""

from keystead.service.iam import (
    access_keys,
    account_aliases,
    login_profiles,
    oidc_providers,
    password_policy,
    simulate,
    user_policies,
    users,
)

__all__ = [
    "access_keys",
    "account_aliases",
    "login_profiles",
    "oidc_providers",
    "password_policy",
    "simulate",
    "user_policies",
    "users",
]
