"""Calls of Keystead's own service, for which there is no client."""

import io
import json
import urllib.error
import urllib.request
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.conftest import REGION

TARGET = "Keystead.CreateForwardedSession"


class Refused(Exception):
    """The server said no; the text is its answer."""


class Empty(io.BytesIO):
    """A body without content, as botocore reads one."""

    def stream(self) -> "Empty":
        return self


def text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode()


def create_forwarded_session(url: str, who: tuple[str, ...], told: dict[str, Any]) -> dict[str, Any]:
    """The answer, to a request that botocore signs; or `Refused`."""
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": TARGET}
    request = AWSRequest("POST", url, data=json.dumps(told), headers=headers)
    SigV4Auth(Credentials(*who), "keystead", REGION).add_auth(request)
    sent = urllib.request.Request(url, json.dumps(told).encode(), dict(request.headers.items()))
    try:
        with urllib.request.urlopen(sent, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        with error:
            raise Refused(error.read().decode()) from None
