"""The STS API: who am I. Importing the package registers its operations."""

from keystead.service.sts import identity

__all__ = ["identity"]
