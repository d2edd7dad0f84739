"""One event for each authenticated call, shaped as CloudTrail's, and no secret in any of them."""

import base64
import json
import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from keystead.crypto.material import Sealer
from keystead.model import AuditEvent
from keystead.names import AccountId
from keystead.service.answer import Answer
from keystead.service.authentication import DevRoot
from keystead.service.service import Service
from keystead.store import open_store
from keystead.wire.http import HttpRequest

ACCOUNT = AccountId("111122223333")
REQUEST_ID = "4cecb15e-042b-4ab7-851b-377d62df6a67"


class Desk:
    """A service on a store in memory, called as the server calls it."""

    def __init__(self) -> None:
        self.store = open_store(":memory:")
        self.service = Service(
            store=self.store, sealer=Sealer(os.urandom(32)), dev=DevRoot("test", "test", ACCOUNT)
        )
        self.seen = 0

    def kms(self, operation: str, **body: Any) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
        """Status, answer and the events that one call left."""
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"TrentService.{operation}",
        }
        answer = self._send("kms", headers, json.dumps(body).encode())
        return answer.response.status, json.loads(answer.response.body or b"{}"), self._events(answer)

    def iam(self, action: str, **body: str) -> tuple[int, str, list[dict[str, Any]]]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        form = urlencode({"Action": action, "Version": "2010-05-08", **body}).encode()
        answer = self._send("iam", headers, form)
        return answer.response.status, answer.response.body.decode(), self._events(answer)

    def _send(self, service: str, headers: dict[str, str], body: bytes) -> Answer:
        request = AWSRequest("POST", "http://localhost/", headers | {"Host": "localhost"}, body)
        SigV4Auth(Credentials("test", "test"), service, "us-east-1").add_auth(request)
        sent = {name.lower(): value for name, value in request.headers.items()}
        http = HttpRequest("POST", "/", "", sent, body, "192.0.2.1", secure=False)
        self.service.refresh()
        call = self.service.begin(http, REQUEST_ID)
        return call if isinstance(call, Answer) else self.service.finish(call)

    def _events(self, answer: Answer) -> list[dict[str, Any]]:
        stored: list[AuditEvent] = []
        with self.store.read() as tx:
            for sequence, event in tx.events(self.seen, 100):
                self.seen = sequence
                stored.append(event)
        return [json.loads(event.record) for event in [*stored, *([answer.event] if answer.event else [])]]


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.store.close()


def only(events: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(events) == 1
    return events[0]


def test_a_change_leaves_one_event_with_what_it_answered(desk: Desk) -> None:
    _, answer, events = desk.kms("CreateKey", Description="mine")
    event = only(events)
    arn = answer["KeyMetadata"]["Arn"]
    assert event["eventName"] == "CreateKey"
    assert event["readOnly"] is False
    assert event["requestID"] == REQUEST_ID
    assert event["userIdentity"] == {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
        "accessKeyId": "test",
    }
    assert event["requestParameters"]["description"] == "mine"
    assert event["requestParameters"]["keySpec"] == "SYMMETRIC_DEFAULT"
    assert event["responseElements"]["keyMetadata"]["aWSAccountId"] == ACCOUNT
    assert event["resources"] == [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": arn}]
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", event["eventID"]
    )


def test_a_read_leaves_one_event_without_what_it_protects(desk: Desk) -> None:
    key = desk.kms("CreateKey")[1]["KeyMetadata"]["KeyId"]
    secret = base64.b64encode(b"a very secret text").decode()
    _, answer, events = desk.kms("Encrypt", KeyId=key, Plaintext=secret, EncryptionContext={"app": "pay"})
    event = only(events)
    assert event["requestParameters"] == {
        "keyId": key,
        "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
        "encryptionContext": {"app": "pay"},
    }
    assert event["responseElements"] is None
    assert len(event["additionalEventData"]["keyMaterialId"]) == 64
    assert secret not in json.dumps(event)
    assert answer["CiphertextBlob"] not in json.dumps(event)

    opened = only(
        desk.kms("Decrypt", CiphertextBlob=answer["CiphertextBlob"], EncryptionContext={"app": "pay"})[2]
    )
    assert "keyId" not in opened["requestParameters"]
    assert opened["resources"][0]["ARN"].endswith(key)


def test_a_refused_call_leaves_one_event_with_the_error(desk: Desk) -> None:
    absent = "00000000-0000-4000-8000-00000000dead"
    for operation in ("DescribeKey", "DisableKey"):
        status, answer, events = desk.kms(operation, KeyId=absent)
        event = only(events)
        assert (status, event["errorCode"]) == (400, "NotFoundException")
        assert event["errorMessage"] == answer["message"]
        assert event["requestParameters"] is None
        assert "resources" not in event
    status, _, events = desk.kms("Encrypt", KeyId=absent, Plaintext="")
    assert only(events)["errorCode"] == "ValidationException"


def test_a_refused_change_changes_nothing(desk: Desk) -> None:
    key = desk.kms("CreateKey")[1]["KeyMetadata"]["KeyId"]
    before = desk.kms("GetKeyPolicy", KeyId=key)[1]["Policy"]
    status, _, events = desk.kms("PutKeyPolicy", KeyId=key, Policy="{")
    assert (status, only(events)["errorCode"]) == (400, "MalformedPolicyDocumentException")
    assert desk.kms("GetKeyPolicy", KeyId=key)[1]["Policy"] == before


def test_an_unsigned_call_leaves_no_event(desk: Desk) -> None:
    http = HttpRequest(
        "POST",
        "/",
        "",
        {"host": "localhost", "x-amz-target": "TrentService.ListKeys"},
        b"{}",
        "",
        secure=False,
    )
    answer = desk.service.begin(http, REQUEST_ID)
    assert isinstance(answer, Answer)
    assert answer.event is None
    assert answer.response.status == 400


def test_a_secret_access_key_is_in_no_event(desk: Desk) -> None:
    desk.iam("CreateUser", UserName="ann")
    _, answer, events = desk.iam("CreateAccessKey", UserName="ann")
    found = re.search("<SecretAccessKey>(.+?)<", answer)
    assert found is not None
    assert found[1] not in json.dumps(only(events))
    assert only(events)["awsRegion"] == "us-east-1"


def test_an_operation_that_is_not_offered_leaves_one_event(desk: Desk) -> None:
    """Regression: found by an attacker in November 2026. Stolen keys could be tried without a trace."""
    status, answer, events = desk.kms("DeleteCustomKeyStore", CustomKeyStoreId="cks-1234567890abcdef0")
    event = only(events)
    assert (status, answer["__type"]) == (400, "UnknownOperationException")
    assert (event["eventName"], event["errorCode"]) == ("DeleteCustomKeyStore", "UnknownOperationException")
    assert event["requestParameters"] is None
    assert event["readOnly"] is False
