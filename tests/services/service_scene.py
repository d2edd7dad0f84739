"""A whole service in process, with services that call it and callers who sign requests to those."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.iam.in_process import ACCOUNT, InProcess
from tests.kms.world import allow

from keystead.model import RegisteredService
from keystead.names import ServiceName
from keystead.service.registered_services import add_service, remove_service
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

REGION = "us-east-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"

Who = tuple[str, ...]
"""Access key id and secret, of temporary credentials the token too."""


def credentials_of(answer: dict[str, Any]) -> Who:
    """From an `AccessKey` of IAM, the `Credentials` of STS or those of a forwarded session."""
    return tuple(
        answer[name] for name in ("AccessKeyId", "SecretAccessKey", "SessionToken") if name in answer
    )


@dataclass
class Refusal(Exception):
    """What the `keystead` service refused."""

    status: int
    code: str
    message: str


class Scene:
    """A service with a root user, and services and users made when asked for."""

    def __init__(self) -> None:
        self.inside = InProcess()
        self.kms = self.inside.client("kms")
        self.iam = self.inside.client("iam")

    def service(self, name: str, display_name: str = "") -> Who:
        """Registers a service; its access key."""
        made = RegisteredService(ServiceName.parse(name), display_name or name, self.time)
        with self.inside.store.write("service") as tx:
            key = add_service(tx, self.inside.sealer, made, self.inside.random)
        return key.access_key_id, key.secret

    def remove_service(self, name: str) -> None:
        with self.inside.store.write("service") as tx:
            remove_service(tx, ServiceName(name), self.time, self.inside.random)

    @property
    def time(self) -> int:
        return int(self.inside.now * 1000)

    def user(self, name: str, *actions: str) -> Who:
        self.iam.create_user(UserName=name)
        if actions:
            statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
            document = {"Version": "2012-10-17", "Statement": statement}
            self.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        return credentials_of(self.iam.create_access_key(UserName=name)["AccessKey"])

    def client(self, who: Who, service: str = "kms", **more: Any) -> Any:
        return self.inside.client(service, who, **more)

    def key(self, *statements: dict[str, Any]) -> str:
        policy = {
            "Version": "2012-10-17",
            "Statement": [allow({"AWS": ROOT}, "kms:*"), *statements],
        }
        return str(self.kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]["Arn"])

    def signed(
        self, who: Who, service: str, path: str = "/bucket/key", body: bytes = b"", region: str = REGION
    ) -> dict[str, Any]:
        """A caller's signed request to a service, as the service tells it to Keystead."""
        http = HttpRequest("PUT", path, "", {"host": "store.test"}, body, "", secure=False)
        http = sigv4.sign(http, sigv4.Credentials(*who), region, service, self.timestamp)
        return {
            "Method": http.method,
            "Path": http.path,
            "Headers": dict(http.headers),
            "PayloadHash": hashlib.sha256(body).hexdigest(),
        }

    @property
    def timestamp(self) -> str:
        return datetime.fromtimestamp(self.inside.now, UTC).strftime("%Y%m%dT%H%M%SZ")

    def keystead(self, who: Who, request: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        """The answer of CreateForwardedSession, or `Refusal`."""
        http = HttpRequest(
            "POST",
            "/",
            "",
            {
                "host": "keystead.test",
                "content-type": "application/x-amz-json-1.1",
                "x-amz-target": "Keystead.CreateForwardedSession",
                **(headers or {}),
            },
            json.dumps(request).encode(),
            "192.0.2.7",
            secure=False,
        )
        http = sigv4.sign(http, sigv4.Credentials(*who), REGION, "keystead", self.timestamp)
        response = self.inside.answer(http).response
        told = json.loads(response.body)
        if response.status != 200:
            raise Refusal(response.status, told["__type"], told.get("message") or told.get("Message"))
        return told

    def forwarded(self, service: Who, who: Who, name: str) -> Who:
        """What a service gets for a caller who signed a request to it."""
        return credentials_of(self.keystead(service, self.signed(who, name))["Credentials"])

    def last_event(self) -> dict[str, Any]:
        return self.inside.events()[-1]
