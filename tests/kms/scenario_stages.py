"""The two stages: a service in this process, whose clock is ours, and a running server."""

import time
import urllib.error
import urllib.request
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from scenario_runner import Stage
from tests.iam.in_process import ACCOUNT, InProcess

from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

OTHER = "111122223333"


def _signed(
    host: str, operation: str, body: bytes, credentials: sigv4.Credentials, region: str, now: float
) -> HttpRequest:
    http = HttpRequest(
        method="POST",
        path="/",
        query="",
        headers={
            "host": host,
            "content-type": "application/x-amz-json-1.1",
            "x-amz-target": f"TrentService.{operation}",
        },
        body=body,
        client="192.0.2.7",
        secure=False,
    )
    timestamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    return sigv4.sign(http, credentials, region, "kms", timestamp)


class InProcessStage(Stage):
    """Waiting takes no time."""

    def __init__(self) -> None:
        self.inside = InProcess()
        super().__init__(ACCOUNT, OTHER)

    def client(self, service: str, credentials: sigv4.Credentials, region: str) -> Any:
        who = (credentials.access_key_id, credentials.secret, credentials.token)
        return self.inside.client(service, who, region, parameter_validation=False)

    def post(
        self, operation: str, body: bytes, credentials: sigv4.Credentials, region: str
    ) -> tuple[int, bytes]:
        http = _signed("keystead.test", operation, body, credentials, region, self.now())
        response = self.inside.answer(http).response
        return response.status, response.body

    def now(self) -> float:
        return self.inside.now

    def wait(self, seconds: float) -> None:
        self.inside.pass_time(seconds)


class WireStage(Stage):
    """Accounts of their own on a running `keystead dev`."""

    def __init__(self, server: Any) -> None:
        self.server = server
        super().__init__(*(f"{uuid.uuid4().int % 10**12:012d}" for _ in range(2)))

    def client(self, service: str, credentials: sigv4.Credentials, region: str) -> Any:
        who = (credentials.access_key_id, credentials.secret)
        who += (credentials.token,) if credentials.token else ()
        return self.server.client(service, who, region, config=Config(parameter_validation=False))

    def post(
        self, operation: str, body: bytes, credentials: sigv4.Credentials, region: str
    ) -> tuple[int, bytes]:
        http = _signed(urlsplit(self.server.url).netloc, operation, body, credentials, region, self.now())
        request = urllib.request.Request(self.server.url + "/", http.body, dict(http.headers), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def now(self) -> float:
        return time.time()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)
