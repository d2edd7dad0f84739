"""What audit events show of IAM's answers (`responseElements`). Secrets are never among it.

Source: IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail", whose examples write dates
in this form.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from keystead.service.call import WriteCall
from keystead.service.recording import elements_of
from keystead.shapes.iam import CreateAccessKeyResponse
from keystead.wire.aws_query import URL_ENCODED


def made(_call: WriteCall, response: Any) -> Mapping[str, object]:
    """What an operation without secrets in its answer made: all of the answer."""
    shown: Mapping[str, object] = _as_shown(elements_of(response, _date))
    return shown


def _as_shown(value: Any, name: str = "") -> Any:
    """Documents percent-encoded as in the answer (unverified)."""
    match value:
        case dict():
            return {key: _as_shown(item, key) for key, item in value.items()}
        case list():
            return [_as_shown(item) for item in value]
        case str() if name[:1].upper() + name[1:] in URL_ENCODED:
            return quote(value, safe="-_.~")
        case _:
            return value


def created_access_key(call: WriteCall, response: CreateAccessKeyResponse) -> Mapping[str, object]:
    """The access key that CreateAccessKey made, without its secret."""
    key = response.access_key
    return {
        "accessKey": {
            "userName": key.user_name,
            "accessKeyId": key.access_key_id,
            "status": key.status,
            "createDate": _date(call.time),
        }
    }


def _date(time: int) -> str:
    """Milliseconds since the epoch as `Mar 24, 2014 9:11:59 PM`, UTC."""
    moment = datetime.fromtimestamp(time // 1000, UTC)
    return f"{moment:%b} {moment.day}, {moment.year} {moment.hour % 12 or 12}:{moment:%M:%S %p}"
