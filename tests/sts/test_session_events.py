"""How audit events name sessions, and what they show of making them."""

from typing import Any

from sts_world import ALL, OTHER, World, document, trusts, user_arn
from tests.iam.in_process import ACCOUNT

CREATED = "2027-01-15T08:02:03Z"


def test_a_role_session_is_named_with_its_role(world: World) -> None:
    role = world.role(
        "reader", trusts(user_arn("ada"), "sts:AssumeRole", "sts:SetSourceIdentity"), path="/team/"
    )
    session = world.assume(world.user("ada"), role, SourceIdentity="Ada")
    world.client("kms", session).list_keys()
    unique_id = world.role_id("reader")
    assert world.last_event()["userIdentity"] == {
        "type": "AssumedRole",
        "principalId": f"{unique_id}:run",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/run",
        "accountId": ACCOUNT,
        "accessKeyId": session["AccessKeyId"],
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": unique_id,
                "arn": role,
                "accountId": ACCOUNT,
                "userName": "reader",
            },
            "attributes": {"creationDate": CREATED, "mfaAuthenticated": "false"},
            "sourceIdentity": "Ada",
        },
    }


def test_a_federated_user_is_named_with_its_issuer(world: World) -> None:
    ada = world.user("ada", ALL)
    session = world.client("sts", ada).get_federation_token(Name="fred", Policy=document(ALL))["Credentials"]
    world.client("kms", session).list_keys()
    identity = world.last_event()["userIdentity"]
    user_id = world.iam.get_user(UserName="ada")["User"]["UserId"]
    assert identity["type"] == "FederatedUser"
    assert identity["principalId"] == f"{ACCOUNT}:fred"
    assert identity["arn"] == f"arn:aws:sts::{ACCOUNT}:federated-user/fred"
    assert "userName" not in identity
    assert identity["sessionContext"]["sessionIssuer"] == {
        "type": "IAMUser",
        "principalId": user_id,
        "arn": user_arn("ada"),
        "accountId": ACCOUNT,
        "userName": "ada",
    }
    of_root = world.client("sts").get_federation_token(Name="fred", Policy=document(ALL))["Credentials"]
    world.client("kms", of_root).list_keys()
    issuer = world.last_event()["userIdentity"]["sessionContext"]["sessionIssuer"]
    assert issuer == {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
    }


def test_a_session_of_ones_own_is_named_as_the_user(world: World) -> None:
    sts = world.client("sts", world.user("ada", ALL))
    world.client("kms", sts.get_session_token()["Credentials"]).list_keys()
    identity = world.last_event()["userIdentity"]
    assert identity["type"] == "IAMUser"
    assert identity["userName"] == "ada"
    assert identity["sessionContext"] == {
        "attributes": {"creationDate": CREATED, "mfaAuthenticated": "false"}
    }
    world.client("kms", world.client("sts").get_session_token()["Credentials"]).list_keys()
    assert world.last_event()["userIdentity"]["type"] == "Root"


def test_assuming_is_recorded_without_secrets(world: World) -> None:
    ada = world.user("ada", ALL, account=OTHER)
    role = world.role("reader", trusts(user_arn("ada", OTHER), "sts:AssumeRole", "sts:TagSession"))
    tags = [{"Key": "Team", "Value": "pay"}]
    session = world.assume(ada, role, Tags=tags, ExternalId="x-17", DurationSeconds=900)
    event = world.last_event()
    assert event["eventName"] == "AssumeRole"
    assert event["recipientAccountId"] == OTHER
    assert event["readOnly"] is True
    assert event["resources"] == [{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": role}]
    assert event["requestParameters"] == {
        "roleArn": role,
        "roleSessionName": "run",
        "externalId": "x-17",
        "durationSeconds": 900,
        "tags": [{"key": "Team", "value": "pay"}],
    }
    shown: Any = event["responseElements"]
    assert shown["credentials"] == {
        "accessKeyId": session["AccessKeyId"],
        "expiration": "Jan 15, 2027 8:17:03 AM",
    }
    assert shown["assumedRoleUser"]["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/run"
    for record in world.inside.events():
        assert session["SecretAccessKey"] not in str(record)
        assert session["SessionToken"] not in str(record)


def test_sessions_are_recorded_without_secrets(world: World) -> None:
    sts = world.client("sts", world.user("ada", ALL))
    made = [sts.get_session_token(), sts.get_federation_token(Name="fred")]
    for answer, event in zip(made, world.inside.events()[-2:], strict=True):
        credentials = event["responseElements"]["credentials"]
        assert credentials.keys() == {"accessKeyId", "expiration"}
        assert credentials["accessKeyId"] == answer["Credentials"]["AccessKeyId"]
        assert answer["Credentials"]["SessionToken"] not in str(event)
