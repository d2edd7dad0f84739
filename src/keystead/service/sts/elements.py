"""What audit events show of the answers of STS (`responseElements`). Secrets are never among it.

CloudTrail shows session tokens too; here nothing that helps to sign a request is ever recorded.
"""

from collections.abc import Mapping
from typing import Any

from keystead.service.iam.elements import made

_OF_CREDENTIALS = ("accessKeyId", "expiration")


def made_session(call: Any, response: Any) -> Mapping[str, object]:
    """The new session that an operation answers with."""
    told = dict(made(call, response))
    credentials = told["credentials"]
    assert isinstance(credentials, dict), "who makes a session answers with its credentials"
    return told | {"credentials": {name: credentials[name] for name in _OF_CREDENTIALS}}
