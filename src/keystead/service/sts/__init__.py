"""The STS API: who am I, and temporary credentials. Importing the package registers its operations."""

from keystead.service.sts import access_key_info, assume_role, federation, identity, web_identity

__all__ = ["access_key_info", "assume_role", "federation", "identity", "web_identity"]
