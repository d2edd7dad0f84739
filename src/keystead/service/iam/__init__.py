"""The IAM API: users, access keys and inline policies. Importing the package registers its operations."""

from keystead.service.iam import access_keys, user_policies, users

__all__ = ["access_keys", "user_policies", "users"]
