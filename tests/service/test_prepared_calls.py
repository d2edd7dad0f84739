"""Calls in the parts in which the server runs them: decided, prepared, performed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.iam.in_process import InProcess, allow

from keystead.service.answer import Answer
from keystead.service.operation import Labour
from keystead.wire.http import HttpRequest


def nothing() -> None:
    pass


@dataclass
class InParts(InProcess):
    """A service whose calls are taken apart, with something that happens before the last part."""

    before_the_last: Callable[[], None] = nothing
    labour: Labour | None = None

    def answer(self, http: HttpRequest) -> Answer:
        self.service.refresh()
        call = self.service.begin(http, "00000000-0000-4000-8000-000000000000")
        if isinstance(call, Answer) or not call.decided_first:
            return super().answer(http)
        answer = self.service.decide(call)
        self.labour = call.labour
        if answer is None:
            answer = self.service.work(call)
        if answer is None:
            happens, self.before_the_last = self.before_the_last, nothing
            happens()
            answer = self.service.perform(call)
        if answer.event is not None:
            self.store.append_events([answer.event])
        return answer


@pytest.fixture
def inside() -> Any:
    made = InParts()
    yield made
    made.store.close()


RSA = {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"}


def test_a_key_a_signature_and_a_data_key_pair(inside: InParts) -> None:
    kms = inside.client("kms")
    key = kms.create_key(**RSA)["KeyMetadata"]["Arn"]
    assert inside.labour is Labour.LONG
    asked = {"KeyId": key, "Message": b"x", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    assert kms.verify(**asked, Signature=kms.sign(**asked)["Signature"])["SignatureValid"]
    made = kms.generate_data_key_pair(KeyId=kms.create_key()["KeyMetadata"]["Arn"], KeyPairSpec="RSA_2048")
    assert inside.labour is Labour.LONG
    assert (
        kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"])["Plaintext"]
        == (made["PrivateKeyPlaintext"])
    )
    assert [event["eventName"] for event in inside.events()].count("CreateKey") == 2


def test_what_writes_is_decided_anew(inside: InParts) -> None:
    """A right that was taken away while the key was made is gone."""
    iam = inside.client("iam")
    iam.create_user(UserName="ada")
    allow(iam, "ada", "kms:*", "*")
    kms = inside.client("kms", iam.create_access_key(UserName="ada")["AccessKey"])
    kms.create_key(**RSA)
    inside.before_the_last = lambda: iam.delete_user_policy(UserName="ada", PolicyName="p")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        kms.create_key(**RSA)
    assert len(inside.client("kms").list_keys()["Keys"]) == 1


def test_a_symmetric_key_is_made_in_one_part(inside: InParts) -> None:
    inside.client("kms").create_key()
    assert inside.labour is None


def test_what_is_refused_is_not_prepared(inside: InParts, monkeypatch: pytest.MonkeyPatch) -> None:
    from keystead.service.kms import data_keys

    kms = inside.client("kms")
    key = kms.create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")["KeyMetadata"]["Arn"]
    monkeypatch.setattr(data_keys, "new_key_pair", lambda _: pytest.fail("a key pair was made"))
    with pytest.raises(ClientError, match="with an asymmetric CMK"):
        kms.generate_data_key_pair(KeyId=key, KeyPairSpec="RSA_4096")
