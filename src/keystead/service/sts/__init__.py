"""The STS API: who am I, and why was that refused. Importing the package registers its operations."""

from keystead.service.sts import authorization, identity

__all__ = ["authorization", "identity"]
