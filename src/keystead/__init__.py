"""Keystead: a self-hosted key management service that speaks the AWS KMS API.

Most programs talk to it over HTTP with an AWS client. What may be imported is
`keystead.policy`, the policy engine, which is usable with nothing else running.
"""

from importlib.metadata import version

__version__ = version("keystead")
