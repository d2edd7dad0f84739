"""The IAM API: users, access keys, inline policies, the simulator. Importing it registers its operations."""

from keystead.service.iam import access_keys, simulate, user_policies, users

__all__ = ["access_keys", "simulate", "user_policies", "users"]
