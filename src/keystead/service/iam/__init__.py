"""The IAM API. Importing it registers its operations."""

from keystead.service.iam import (
    access_keys,
    boundaries,
    group_policies,
    oidc_providers,
    role_policies,
    roles,
    simulate,
    user_policies,
    users,
)

__all__ = [
    "access_keys",
    "boundaries",
    "group_policies",
    "oidc_providers",
    "role_policies",
    "roles",
    "simulate",
    "user_policies",
    "users",
]
