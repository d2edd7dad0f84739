"""What audit events show of IAM's answers (`responseElements`). Secrets are never among it.

Source: IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail", whose examples write dates
in this form.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from keystead.service.call import WriteCall
from keystead.shapes.iam import CreateAccessKeyResponse, CreateUserResponse


def created_user(call: WriteCall, response: CreateUserResponse) -> Mapping[str, object]:
    """The user that CreateUser made."""
    user = response.user
    assert user is not None
    return {
        "user": {
            "path": user.path,
            "userName": user.user_name,
            "userId": user.user_id,
            "arn": user.arn,
            "createDate": date(call.time),
        }
    }


def created_access_key(call: WriteCall, response: CreateAccessKeyResponse) -> Mapping[str, object]:
    """The access key that CreateAccessKey made, without its secret."""
    key = response.access_key
    return {
        "accessKey": {
            "userName": key.user_name,
            "accessKeyId": key.access_key_id,
            "status": key.status,
            "createDate": date(call.time),
        }
    }


def date(time: int) -> str:
    """Milliseconds since the epoch as `Mar 24, 2014 9:11:59 PM`, UTC."""
    moment = datetime.fromtimestamp(time // 1000, UTC)
    return f"{moment:%b} {moment.day}, {moment.year} {moment.hour % 12 or 12}:{moment:%M:%S %p}"
