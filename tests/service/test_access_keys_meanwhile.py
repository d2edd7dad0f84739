"""An access key that is taken away while a call waits for its turn to write."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.iam.in_process import ACCOUNT, InProcess, allow

from keystead.kinds import CredentialStatus
from keystead.model import RegisteredService
from keystead.names import AccountId, ServiceName
from keystead.service.answer import Answer
from keystead.service.call import Call
from keystead.service.registered_services import add_service
from keystead.service.root_access_keys import add_root_access_key

ROOT = f"arn:aws:iam::{ACCOUNT}:root"


@dataclass
class Waiting(InProcess):
    """A service where something happens once between the authentication of a call and its end."""

    meanwhile: Callable[[], object] | None = None

    def _finished(self, begun: Call) -> Answer:
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return super()._finished(begun)


@pytest.fixture
def inside() -> Iterator[Waiting]:
    made = Waiting()
    yield made
    made.store.close()


def code(call: Callable[..., Any], **request: Any) -> str:
    try:
        call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "done"


@pytest.mark.parametrize("what", ["nothing", "inactive", "deleted"])
@pytest.mark.parametrize("service", ["kms", "iam"])
def test_of_a_user(inside: Waiting, service: str, what: str) -> None:
    iam = inside.client("iam")
    iam.create_user(UserName="ada")
    allow(iam, "ada", "*", "*")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    named = {"UserName": "ada", "AccessKeyId": key["AccessKeyId"]}
    inside.meanwhile = {
        "nothing": lambda: None,
        "inactive": lambda: iam.update_access_key(**named, Status="Inactive"),
        "deleted": lambda: iam.delete_access_key(**named),
    }[what]
    ada = inside.client(service, key)
    call = ada.create_key if service == "kms" else ada.create_account_alias
    found = code(call, **({} if service == "kms" else {"AccountAlias": "ours"}))
    if what == "nothing":
        assert found == "done"
        return
    assert found == {"kms": "UnrecognizedClientException", "iam": "InvalidClientTokenId"}[service]
    assert inside.client("kms").list_keys()["Keys"] == []
    assert iam.list_account_aliases()["AccountAliases"] == []
    event = inside.events()[-3]  # before the two lists
    assert event["userIdentity"]["accessKeyId"] == key["AccessKeyId"]
    assert event["errorCode"]


@pytest.mark.parametrize("status", list(CredentialStatus))
def test_of_a_root_user(inside: Waiting, status: CredentialStatus) -> None:
    inside.client("kms").list_keys()  # makes the account
    with inside.store.write("test") as tx:
        key = add_root_access_key(tx, inside.sealer, AccountId(ACCOUNT), 1, inside.random)

    def happens() -> None:
        with inside.store.write("test") as tx:
            tx.set_credential_status(key.access_key_id, status)

    inside.meanwhile = happens
    found = code(inside.client("kms", (key.access_key_id, key.secret)).create_key)
    assert found == ("done" if status is CredentialStatus.ACTIVE else "UnrecognizedClientException")


def test_sessions_outlive_the_access_key_that_asked_for_them(inside: Waiting) -> None:
    """They end with the user (IAM User Guide, "Disabling permissions for temporary credentials")."""
    iam = inside.client("iam")
    iam.create_user(UserName="ada")
    allow(iam, "ada", "*", "*")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    session = inside.client("sts", key).get_session_token()["Credentials"]
    kms = inside.client("kms", session)

    def key_goes() -> None:
        iam.delete_access_key(UserName="ada", AccessKeyId=key["AccessKeyId"])

    def user_goes() -> None:
        iam.delete_user_policy(UserName="ada", PolicyName="p")
        iam.delete_user(UserName="ada")

    inside.meanwhile = key_goes
    assert code(kms.create_key) == "done"
    inside.meanwhile = user_goes
    assert code(kms.create_key) == "UnrecognizedClientException"


def test_sessions_end_with_their_role(inside: Waiting) -> None:
    iam = inside.client("iam")
    trust = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName="r", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust})
    )["Role"]["Arn"]
    administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    iam.attach_role_policy(RoleName="r", PolicyArn=administrator)
    iam.create_user(UserName="ada")
    allow(iam, "ada", "sts:*", "*")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    assumed = inside.client("sts", key).assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    kms = inside.client("kms", assumed)
    inside.meanwhile = lambda: iam.delete_access_key(UserName="ada", AccessKeyId=key["AccessKeyId"])
    assert code(kms.create_key) == "done"

    def role_goes() -> None:
        iam.detach_role_policy(RoleName="r", PolicyArn=administrator)
        iam.delete_role(RoleName="r")

    inside.meanwhile = role_goes
    assert code(kms.create_key) == "UnrecognizedClientException"


@pytest.mark.parametrize("status", list(CredentialStatus))
def test_of_a_service(inside: Waiting, status: CredentialStatus) -> None:
    made = RegisteredService(ServiceName.parse("store"), "Store", 1)
    with inside.store.write("test") as tx:
        key = add_service(tx, inside.sealer, made, inside.random)
    grants = {
        "Effect": "Allow",
        "Principal": {"Service": "store.amazonaws.com"},
        "Action": "kms:CreateGrant",
        "Resource": "*",
    }
    owner = {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [owner, grants]})
    arn = inside.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"]

    def happens() -> None:
        with inside.store.write("test") as tx:
            tx.set_service_credential_status(key.access_key_id, status)

    inside.meanwhile = happens
    kms = inside.client("kms", (key.access_key_id, key.secret))
    asked = {"KeyId": arn, "GranteePrincipal": ROOT, "Operations": ["Encrypt"]}
    found = code(kms.create_grant, **asked)
    assert found == ("done" if status is CredentialStatus.ACTIVE else "UnrecognizedClientException")
