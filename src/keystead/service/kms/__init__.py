"""The KMS API: one function per operation. Importing the package registers them all."""

from keystead.service.kms import aliases, cryptography, keys, policies, random

__all__ = ["aliases", "cryptography", "keys", "policies", "random"]
