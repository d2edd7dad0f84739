"""Every case of vectors/kms/bad-input.json, as one signed request to a running server."""

import base64
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

VECTORS = Path(__file__).parents[2] / "vectors" / "kms" / "bad-input.json"
CASE = {"id", "operation", "expect", "source"}
BODIES = {"input", "body", "body_hex"}

pytestmark = pytest.mark.wire


def load() -> list[dict[str, Any]]:
    document = json.loads(VECTORS.read_text())
    assert document.keys() == {"topic", "description", "cases"}
    cases: list[dict[str, Any]] = document["cases"]
    assert cases
    for case in cases:
        assert case.keys() >= CASE, case["id"]
        assert len(case.keys() & BODIES) == 1, case["id"]
        assert case.keys() <= CASE | BODIES, case["id"]
        assert case["expect"].keys() == {"status", "code", "message"}, case["id"]
        assert case["source"] in {"recorded", "published", "ours"}, case["id"]
    assert len({case["id"] for case in cases}) == len(cases)
    return cases


class Setting:
    """Keys, an alias and a ciphertext on a running server, and the texts that refer to them."""

    def __init__(self, server: Any) -> None:
        self.server = server
        kms = server.client("kms")
        key = kms.create_key()["KeyMetadata"]
        disabled = kms.create_key()["KeyMetadata"]["Arn"]
        kms.disable_key(KeyId=disabled)
        pending = kms.create_key()["KeyMetadata"]["Arn"]
        kms.schedule_key_deletion(KeyId=pending)
        alias = f"alias/of-{key['KeyId']}"
        kms.create_alias(AliasName=alias, TargetKeyId=key["Arn"])
        self.names = {
            "account": key["AWSAccountId"],
            "region": kms.meta.region_name,
            "key": key["Arn"],
            "key_id": key["KeyId"],
            "disabled": disabled,
            "pending": pending,
            "alias": alias,
            "other": kms.create_key()["KeyMetadata"]["Arn"],
            "absent": "00000000-0000-4000-8000-00000000dead",
        }
        answer = kms.encrypt(KeyId=key["Arn"], Plaintext=b"secret", EncryptionContext={"app": "pay"})
        self.ciphertext = answer["CiphertextBlob"]

    def text(self, text: str) -> str:
        for name, value in self.names.items():
            text = text.replace(f"${{{name}}}", value)
        return text

    def value(self, value: Any) -> Any:
        match value:
            case str():
                return self.text(value)
            case {"$repeat": [text, count]}:
                return text * count
            case {"$bytes": count}:
                return base64.b64encode(b"x" * count).decode()
            case {"$ciphertext": edits}:
                return base64.b64encode(self.edited(**edits)).decode()
            case dict():
                return {name: self.value(member) for name, member in value.items()}
            case list():
                return [self.value(member) for member in value]
            case _:
                return value

    def edited(self, flip: int | None = None, truncate: int | None = None, append: int = 0) -> bytes:
        blob = bytearray(self.ciphertext)
        if flip is not None:
            blob[flip] ^= 1
        return bytes(blob[:truncate]) + bytes(append)

    def body(self, case: dict[str, Any]) -> bytes:
        if "body_hex" in case:
            return bytes.fromhex(case["body_hex"])
        return (
            self.text(case["body"]).encode()
            if "body" in case
            else json.dumps(self.value(case["input"])).encode()
        )

    def send(self, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"TrentService.{operation}",
        }
        request = AWSRequest("POST", self.server.url + "/", headers, body)
        SigV4Auth(Credentials("test", "test"), "kms", self.names["region"]).add_auth(request)
        sent = urllib.request.Request(
            self.server.url + "/", body, dict(request.headers.items()), method="POST"
        )
        try:
            with urllib.request.urlopen(sent, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())


@pytest.fixture(scope="module")
def setting(shared_dev: Any) -> Setting:
    return Setting(shared_dev)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in load()])
def test_refused_with_the_code_and_sentence(setting: Setting, case: dict[str, Any]) -> None:
    status, answer = setting.send(case["operation"], setting.body(case))
    expect = case["expect"]
    message = answer.get("message", answer.get("Message"))
    assert (status, answer.get("__type")) == (expect["status"], expect["code"]), message
    if expect["message"] == "<any>":
        assert message
    elif expect["message"] is None:
        assert message is None
    else:
        assert message == setting.text(expect["message"])


def test_the_setting_still_works(setting: Setting) -> None:
    """A refusal loses nothing: after every refused request the key opens its ciphertext."""
    kms = setting.server.client("kms")
    answer = kms.decrypt(CiphertextBlob=setting.ciphertext, EncryptionContext={"app": "pay"})
    assert answer["Plaintext"] == b"secret"
    assert kms.get_key_policy(KeyId=setting.names["key"])["Policy"].count('"Sid"') == 1
