"""Encoded authorization messages: refusals carry them, DecodeAuthorizationMessage opens them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.iam.in_process import ACCOUNT, NOW, InProcess

from keystead.crypto.authorization_message import LIFETIME
from keystead.service.authorization_message import HEADER

OTHER = "111122223333"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


class Scene:
    """A key of the account, and a user of a name."""

    def __init__(self) -> None:
        self.inside = InProcess()
        self.kms, self.sts = self.inside.client("kms"), self.inside.client("sts")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]

    def user(self, name: str, *statements: Any, account: str = ACCOUNT, path: str = "/") -> tuple[str, str]:
        iam = self.inside.client("iam", (account, "test"))
        iam.create_user(UserName=name, Path=path)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document(*statements))
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return made["AccessKeyId"], made["SecretAccessKey"]

    def put_policy(self, *statements: Any) -> None:
        root = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
        self.kms.put_key_policy(KeyId=self.key, Policy=document(root, *statements))

    def decoded(self, message: str) -> Any:
        return json.loads(self.sts.decode_authorization_message(EncodedMessage=message)["DecodedMessage"])


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.inside.store.close()


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def on_all(effect: str, *actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": list(actions), "Resource": "*", **more}


def refusal(call: Any, **arguments: Any) -> Any:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    assert response["Error"]["Code"] in ("AccessDeniedException", "AccessDenied"), response
    return response


def message_of(call: Any, **arguments: Any) -> str:
    return str(refusal(call, **arguments)["ResponseMetadata"]["HTTPHeaders"][HEADER])


def items(*values: str) -> dict[str, Any]:
    return {"items": [{"value": value} for value in values]}


def conditions(told: Any) -> dict[str, Any]:
    return {
        item["key"]: [value["value"] for value in item["values"]["items"]]
        for item in told["conditions"]["items"]
    }


def test_a_silent_refusal_tells_the_request(scene: Scene) -> None:
    kms = scene.inside.client("kms", scene.user("ann", path="/team/"))
    context = {"App": "pay", "ü": "1"}
    told = scene.decoded(
        message_of(kms.encrypt, KeyId=scene.key, Plaintext=b"secret", EncryptionContext=context)
    )
    assert list(told) == ["allowed", "explicitDeny", "matchedStatements", "failures", "context"]
    assert (told["allowed"], told["explicitDeny"]) == (False, False)
    assert told["matchedStatements"] == told["failures"] == {"items": []}
    user = scene.inside.client("iam").get_user(UserName="ann")["User"]
    principal = {"id": user["UserId"], "name": "ann", "arn": user["Arn"]}
    assert told["context"]["principal"] == principal
    assert (told["context"]["action"], told["context"]["resource"]) == ("kms:Encrypt", scene.key)
    held = conditions(told["context"])
    assert held["aws:PrincipalArn"] == [user["Arn"]]
    assert held["aws:SourceIp"] == ["192.0.2.7"]
    assert held["kms:EncryptionContext:App"] == ["pay"]
    assert held["kms:EncryptionContext:ü"] == ["1"]
    assert set(held["kms:EncryptionContextKeys"]) == {"App", "ü"}
    assert held["kms:KeySpec"] == ["SYMMETRIC_DEFAULT"]


def test_an_explicit_deny_tells_its_statement(scene: Scene) -> None:
    denying = on_all(
        "Deny", "kms:Encrypt", Sid="NoEncrypt", Condition={"Bool": {"aws:SecureTransport": "false"}}
    )
    kms = scene.inside.client("kms", scene.user("ann", on_all("Allow", "kms:*"), denying))
    told = scene.decoded(message_of(kms.encrypt, KeyId=scene.key, Plaintext=b"x"))
    assert told["explicitDeny"] is True
    assert told["matchedStatements"]["items"] == [
        {
            "statementId": "NoEncrypt",
            "effect": "DENY",
            "principals": items(told["context"]["principal"]["id"]),
            "principalGroups": items(),
            "actions": items("kms:Encrypt"),
            "resources": items("*"),
            "conditions": {"items": [{"key": "aws:SecureTransport", "values": items("false")}]},
        }
    ]


def test_a_statement_of_exclusions_says_so(scene: Scene) -> None:
    who = scene.user("ann", on_all("Allow", "kms:*"))
    scene.put_policy(
        {"Effect": "Deny", "NotPrincipal": {"AWS": ROOT}, "NotAction": "kms:Describe*", "Resource": "*"}
    )
    told = scene.decoded(message_of(scene.inside.client("kms", who).encrypt, KeyId=scene.key, Plaintext=b"x"))
    (statement,) = told["matchedStatements"]["items"]
    assert statement["notPrincipals"] == items(ROOT)
    assert statement["notActions"] == items("kms:Describe*")
    assert "principals" not in statement


def test_calls_that_write_and_calls_of_other_services_carry_one_too(scene: Scene) -> None:
    who = scene.user("ann")
    kms, iam = scene.inside.client("kms", who), scene.inside.client("iam", who)
    told = scene.decoded(message_of(kms.create_alias, AliasName="alias/a", TargetKeyId=scene.key))
    assert told["context"]["action"] == "kms:CreateAlias"
    told = scene.decoded(message_of(iam.create_user, UserName="eve"))
    assert told["context"]["resource"] == f"arn:aws:iam::{ACCOUNT}:user/eve"


def test_what_is_of_two_accounts_carries_none(scene: Scene) -> None:
    kms = scene.inside.client("kms", scene.user("eve", on_all("Allow", "kms:*"), account=OTHER))
    absent = scene.key[:-12] + "0" * 12
    headers = [
        refusal(kms.encrypt, KeyId=key, Plaintext=b"x")["ResponseMetadata"]["HTTPHeaders"]
        for key in (scene.key, absent)
    ]
    assert HEADER not in headers[0]
    assert headers[0] == headers[1]


def test_other_errors_carry_none(scene: Scene) -> None:
    with pytest.raises(scene.kms.exceptions.NotFoundException) as caught:
        scene.kms.describe_key(KeyId="alias/none")
    assert HEADER not in caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert HEADER not in scene.kms.list_keys()["ResponseMetadata"]["HTTPHeaders"]


def test_all_are_as_long(scene: Scene) -> None:
    """The caller must not learn by the length what a policy says or whether a key is there."""
    long = on_all("Deny", "kms:Decrypt", "kms:Encrypt", Condition={"StringLike": {"kms:KeySpec": ["*"] * 30}})
    who = scene.user("ann")
    kms = scene.inside.client("kms", who)
    absent = scene.key[:-12] + "0" * 12
    lengths = {len(message_of(kms.encrypt, KeyId=key, Plaintext=b"x")) for key in (scene.key, absent)}
    scene.inside.client("iam").put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=document(long))
    lengths |= {len(message_of(kms.encrypt, KeyId=scene.key, Plaintext=b"x"))}
    assert lengths == {2810}


def test_what_is_too_much_is_left_out_and_that_is_said(scene: Scene) -> None:
    kms = scene.inside.client("kms", scene.user("ann"))
    context = {f"name-{number}": "value" * 40 for number in range(30)}
    told = scene.decoded(message_of(kms.encrypt, KeyId=scene.key, Plaintext=b"x", EncryptionContext=context))
    assert told["truncated"] is True
    assert 0 < sum(key.startswith("kms:EncryptionContext:") for key in conditions(told["context"])) < 30

    denying = on_all(
        "Deny", "kms:Encrypt", Sid="Long", Condition={"StringEquals": {"kms:ViaService": ["x" * 1800]}}
    )
    denying["Condition"] = {"StringNotEquals": {"kms:ViaService": ["x" * 1800]}}
    kms = scene.inside.client("kms", scene.user("bob", denying))
    told = scene.decoded(message_of(kms.encrypt, KeyId=scene.key, Plaintext=b"x"))
    (statement,) = told["matchedStatements"]["items"]
    assert (told["truncated"], statement["statementId"]) == (True, "Long")
    assert statement["actions"] == items()
    assert conditions(told["context"])["kms:KeySpec"] == ["SYMMETRIC_DEFAULT"]


class TestDecoding:
    def message(self, scene: Scene) -> str:
        return message_of(
            scene.inside.client("kms", scene.user("ann")).encrypt, KeyId=scene.key, Plaintext=b"x"
        )

    def test_it_needs_permission(self, scene: Scene) -> None:
        message = self.message(scene)
        may = scene.user("may", on_all("Allow", "sts:DecodeAuthorizationMessage"))
        assert "ann" in str(
            scene.inside.client("sts", may).decode_authorization_message(EncodedMessage=message)
        )
        may_not = scene.inside.client("sts", scene.user("may-not", on_all("Allow", "kms:*")))
        told = refusal(may_not.decode_authorization_message, EncodedMessage=message)["Error"]["Message"]
        assert told == (
            f"User: arn:aws:iam::{ACCOUNT}:user/may-not is not authorized to perform: "
            "sts:DecodeAuthorizationMessage on resource: * because no identity-based policy allows the "
            "sts:DecodeAuthorizationMessage action"
        )

    def refused(self, sts: Any, message: str) -> str:
        with pytest.raises(ClientError) as caught:
            sts.decode_authorization_message(EncodedMessage=message)
        assert caught.value.response["Error"]["Code"] == "InvalidAuthorizationMessageException"
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        return str(caught.value.response["Error"]["Message"])

    def test_every_other_text_is_refused_for_one_reason(self, scene: Scene) -> None:
        message = self.message(scene)
        foreign = scene.inside.client("sts", (OTHER, "test"))
        grant = scene.kms.create_grant(KeyId=scene.key, GranteePrincipal=ROOT, Operations=["Encrypt"])
        told = {
            self.refused(foreign, message),
            self.refused(scene.sts, message[:-1]),
            self.refused(scene.sts, "B" + message[1:]),
            self.refused(scene.sts, "not one"),
            self.refused(scene.sts, grant["GrantToken"]),
        }
        scene.inside.now = NOW + LIFETIME / 1000 + 1
        told.add(self.refused(scene.sts, message))
        assert len(told) == 1

    def test_another_server_of_the_installation_opens_it(self, scene: Scene) -> None:
        message = self.message(scene)
        other = InProcess()
        told = other.client("sts").decode_authorization_message(EncodedMessage=message)
        assert scene.key in told["DecodedMessage"]
        other.store.close()

    def test_the_event_does_not_hold_the_message(self, scene: Scene) -> None:
        message = self.message(scene)
        assert message[:40] not in json.dumps(scene.inside.events())
        scene.decoded(message)
        event = scene.inside.events()[-1]
        assert (event["eventName"], event["requestParameters"]) == ("DecodeAuthorizationMessage", None)
        assert message[:40] not in json.dumps(event)


@pytest.mark.wire
def test_with_boto3_and_the_cli(shared_dev: Any) -> None:
    iam = shared_dev.client("iam")
    iam.create_user(UserName="refused")
    made = iam.create_access_key(UserName="refused")["AccessKey"]
    kms = shared_dev.client("kms", (made["AccessKeyId"], made["SecretAccessKey"]))
    message = message_of(kms.list_keys)
    decoded = shared_dev.client("sts").decode_authorization_message(EncodedMessage=message)["DecodedMessage"]
    assert json.loads(decoded)["context"]["action"] == "kms:ListKeys"
    command = ("sts", "decode-authorization-message", "--encoded-message", message)
    answer = shared_dev.aws(*command)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["DecodedMessage"] == decoded
