"""What audit events show of the answers of STS (`responseElements`). Secrets and tokens are not among it.

CloudTrail shows session tokens too; here nothing that signs a request is ever recorded.
"""

from collections.abc import Mapping
from typing import Any

from keystead.service.call import Call
from keystead.service.iam.elements import date
from keystead.service.recording import elements_of
from keystead.shapes.sts import Credentials


def credentials(given: Credentials | None) -> dict[str, object]:
    """Of new credentials, which they are and when they end."""
    assert given is not None, "an operation that makes credentials answers with them"
    return {"accessKeyId": given.access_key_id, "expiration": date(int(given.expiration) * 1000)}


def made_session(_call: Call, response: Any) -> Mapping[str, object]:
    """The new session that an operation answers with."""
    told = elements_of(response)
    told["credentials"] = credentials(response.credentials)
    return told
