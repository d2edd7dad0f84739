"""ScheduleKeyDeletion, CancelKeyDeletion, and what is left of a key when the date has passed."""

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scene import Scene, arn
from tests.iam.in_process import ACCOUNT, NOW
from world import document, refused

from keystead.kinds import KeyState
from keystead.model import Rotation
from keystead.names import KeyArn, KeyMaterialId
from keystead.store import open_store

DAY = 86_400
MILLISECOND = timedelta(milliseconds=1)


def date(days: float) -> datetime:
    """A number of days from the beginning of the scene, to the millisecond."""
    return datetime.fromtimestamp(NOW + days * DAY, UTC)


def same_moment(one: datetime, other: datetime) -> bool:
    return abs(one - other) < MILLISECOND


def key_id(key: str) -> str:
    return key.rpartition("/")[2]


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(("window", "days"), [({}, 30), ({"PendingWindowInDays": 7}, 7)])
def test_a_key_waits_for_its_date(scene: Scene, window: dict[str, int], days: int) -> None:
    answer = scene.kms.schedule_key_deletion(KeyId=key_id(scene.key), **window)
    assert answer["KeyId"] == scene.key
    assert answer["KeyState"] == "PendingDeletion"
    assert answer["PendingWindowInDays"] == days
    assert same_moment(answer["DeletionDate"], date(days))
    metadata = scene.kms.describe_key(KeyId=scene.key)["KeyMetadata"]
    assert metadata["KeyState"] == "PendingDeletion"
    assert metadata["DeletionDate"] == answer["DeletionDate"]
    scene.inside.pass_time(days * DAY - 1)
    assert scene.state() is KeyState.PENDING_DELETION
    scene.inside.pass_time(1)
    assert refused("NotFoundException", scene.kms.describe_key, KeyId=scene.key) == (
        f"Key '{scene.key}' does not exist"
    )


@pytest.mark.parametrize("days", [1, 6, 31, 365])
def test_the_window_has_bounds_beyond_those_of_its_shape(scene: Scene, days: int) -> None:
    said = refused(
        "ValidationException", scene.kms.schedule_key_deletion, KeyId=scene.key, PendingWindowInDays=days
    )
    assert said == "PendingWindowInDays must be between 7 and 30."
    assert scene.state() is KeyState.ENABLED


@pytest.mark.parametrize("disabled", [False, True])
def test_cancelling_leaves_the_key_disabled(scene: Scene, disabled: bool) -> None:
    blob = scene.kms.encrypt(KeyId=scene.key, Plaintext=b"secret")["CiphertextBlob"]
    if disabled:
        scene.kms.disable_key(KeyId=scene.key)
    scene.kms.schedule_key_deletion(KeyId=scene.key, PendingWindowInDays=7)
    assert scene.kms.cancel_key_deletion(KeyId=scene.key)["KeyId"] == scene.key
    metadata = scene.kms.describe_key(KeyId=scene.key)["KeyMetadata"]
    assert metadata["KeyState"] == "Disabled"
    assert "DeletionDate" not in metadata
    scene.inside.pass_time(40 * DAY)
    scene.kms.enable_key(KeyId=scene.key)
    assert scene.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_nothing_of_a_deleted_key_is_there_but_its_events(scene: Scene) -> None:
    scene.user("user")
    granted = scene.grant("user", "Encrypt")
    scene.kms.create_alias(AliasName="alias/gone", TargetKeyId=scene.key)
    other = scene.kms.create_key()["KeyMetadata"]["Arn"]
    scene.kms.create_alias(AliasName="alias/left", TargetKeyId=other)
    blob = scene.kms.encrypt(KeyId="alias/gone", Plaintext=b"secret")["CiphertextBlob"]
    scene.kms.schedule_key_deletion(KeyId=scene.key, PendingWindowInDays=7)
    assert scene.count() == 1, "until then all stays"
    before = scene.inside.events()
    scene.inside.pass_time(7 * DAY)
    assert scene.inside.events()[: len(before)] == before
    assert [key["KeyArn"] for key in scene.kms.list_keys()["Keys"]] == [other]
    listed = [alias for alias in scene.kms.list_aliases()["Aliases"] if "TargetKeyId" in alias]
    assert [alias["AliasName"] for alias in listed] == ["alias/left"]
    refused("NotFoundException", scene.kms.encrypt, KeyId="alias/gone", Plaintext=b"x")
    refused("NotFoundException", scene.kms.cancel_key_deletion, KeyId=scene.key)
    refused("AccessDeniedException", scene.kms.decrypt, CiphertextBlob=blob)
    assert scene.stored(granted["GrantId"]) is None
    with scene.inside.store.read() as tx:
        assert tx.key_materials(KeyArn.parse(scene.key)) == ()
    scene.kms.create_alias(AliasName="alias/gone", TargetKeyId=other)


def test_the_events(scene: Scene) -> None:
    answer = scene.kms.schedule_key_deletion(KeyId=key_id(scene.key), PendingWindowInDays=7)
    resources = [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": scene.key}]
    event = scene.last_event()
    assert event["eventName"] == "ScheduleKeyDeletion"
    assert event["requestParameters"] == {"keyId": key_id(scene.key), "pendingWindowInDays": 7}
    assert event["responseElements"] == {
        "keyId": scene.key,
        "deletionDate": iso(answer["DeletionDate"]),
        "keyState": "PendingDeletion",
        "pendingWindowInDays": 7,
    }
    assert event["resources"] == resources
    assert event["readOnly"] is False
    scene.kms.cancel_key_deletion(KeyId=scene.key)
    assert scene.last_event()["responseElements"] == {"keyId": scene.key}
    scene.kms.schedule_key_deletion(KeyId=scene.key, PendingWindowInDays=7)
    scene.inside.pass_time(8 * DAY)
    event = scene.last_event()
    assert event.pop("eventID")
    assert event == {
        "eventVersion": "1.11",
        "userIdentity": {"accountId": ACCOUNT, "invokedBy": "AWS Internal"},
        "eventTime": iso(date(8)),
        "eventSource": "kms.amazonaws.com",
        "eventName": "DeleteKey",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "AWS Internal",
        "userAgent": "AWS Internal",
        "requestParameters": None,
        "responseElements": None,
        "readOnly": False,
        "resources": resources,
        "eventType": "AwsServiceEvent",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "serviceEventDetails": {"keyId": key_id(scene.key)},
        "eventCategory": "Management",
    }


@pytest.mark.parametrize(("days", "allowed"), [(None, True), (7, False), (10, True)])
def test_a_policy_can_ask_for_a_window(scene: Scene, days: int | None, allowed: bool) -> None:
    """The condition key is there when the request leaves the window out, with the default."""
    window = {} if days is None else {"PendingWindowInDays": days}
    policy = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])["Statement"]
    short = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:ScheduleKeyDeletion",
        "Resource": "*",
        "Condition": {"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": "10"}},
    }
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(document(*policy, short)))
    if allowed:
        scene.kms.schedule_key_deletion(KeyId=scene.key, **window)
    else:
        refused("AccessDeniedException", scene.kms.schedule_key_deletion, KeyId=scene.key, **window)


def test_both_need_their_own_permission_and_their_own_account(scene: Scene) -> None:
    user = scene.user("user")
    other = scene.user("user", account="111122223333")
    for operation in ("schedule_key_deletion", "cancel_key_deletion"):
        refused("AccessDeniedException", getattr(user, operation), KeyId=scene.key)
        refused("AccessDeniedException", getattr(other, operation), KeyId=scene.key)
        refused("NotFoundException", getattr(scene.kms, operation), KeyId="alias/none")
    said = refused("AccessDeniedException", user.schedule_key_deletion, KeyId=scene.key)
    assert said == (
        f"User: {arn('user')} is not authorized to perform: kms:ScheduleKeyDeletion on resource: {scene.key} "
        "because no identity-based policy allows the kms:ScheduleKeyDeletion action"
    )


@pytest.mark.wire
def test_the_aws_cli_schedules_and_cancels(shared_dev: Any, kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    done = shared_dev.aws("kms", "schedule-key-deletion", "--key-id", key, "--pending-window-in-days", "7")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["KeyState"] == "PendingDeletion"
    refused("KMSInvalidStateException", kms.schedule_key_deletion, KeyId=key)
    done = shared_dev.aws("kms", "cancel-key-deletion", "--key-id", key)
    assert json.loads(done.stdout) == {"KeyId": key}
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"


@pytest.mark.wire
def test_a_running_server_does_what_is_due_and_leaves_no_trace_in_its_files(dev: Any) -> None:
    kms = dev.client("kms")
    rotating = kms.create_key()["KeyMetadata"]
    metadata = kms.create_key()["KeyMetadata"]
    key = KeyArn.parse(metadata["Arn"])
    blob = kms.encrypt(KeyId=metadata["Arn"], Plaintext=b"x")["CiphertextBlob"]
    store = open_store(str(dev.directory / ".keystead" / "keystead.db"))
    with store.write("as if a month had passed") as tx:
        material = tx.key_material(key, KeyMaterialId(metadata["CurrentKeyMaterialId"]))
        stored = tx.key(key.region, key.key_id)
        assert material is not None
        assert stored is not None
        tx.set_key_life(replace(stored, state=KeyState.PENDING_DELETION, deletion_date=1))
        other = KeyArn.parse(rotating["Arn"])
        stored = tx.key(other.region, other.key_id)
        assert stored is not None
        tx.set_key_life(replace(stored, rotation=Rotation(on_demand=1)))
    give_up = time.monotonic() + 30
    while len(kms.list_keys()["Keys"]) > 1 and time.monotonic() < give_up:
        time.sleep(0.1)
    rotations = kms.list_key_rotations(KeyId=rotating["KeyId"])["Rotations"]
    assert [rotation["RotationType"] for rotation in rotations] == ["ON_DEMAND"]
    refused("NotFoundException", kms.describe_key, KeyId=metadata["Arn"])
    refused("AccessDeniedException", kms.decrypt, CiphertextBlob=blob)
    while in_files(dev.directory / ".keystead", material.sealed) and time.monotonic() < give_up:
        time.sleep(0.1)
    assert not in_files(dev.directory / ".keystead", material.sealed)
    assert dev.stop() == 0
    with store.read() as tx:
        names = [json.loads(event.record)["eventName"] for _, event in tx.events(0, 99)]
    assert (names.count("DeleteKey"), names.count("RotateKey")) == (1, 1)
    store.close()


def in_files(directory: Path, secret: bytes) -> bool:
    return any(secret in file.read_bytes() for file in directory.glob("keystead.db*"))
