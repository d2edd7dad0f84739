"""What AWS KMS does and this release does not: refused in words, in one place, never ignored.

Each refusal is UnsupportedOperationException, the code AWS uses for what a key or Region cannot do.
"""

from keystead.shapes.kms_errors import UnsupportedOperationException


def refuse(what: str) -> UnsupportedOperationException:
    """The refusal of a request that needs `what`."""
    return UnsupportedOperationException(f"Keystead does not support {what} yet.")
