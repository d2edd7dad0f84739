"""The STS API: who am I, temporary credentials, and why was that refused.

Importing the package registers its operations.
"""

from keystead.service.sts import (
    access_key_info,
    assume_role,
    authorization,
    federation,
    identity,
    web_identity,
)

__all__ = ["access_key_info", "assume_role", "authorization", "federation", "identity", "web_identity"]
