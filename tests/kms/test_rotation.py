"""Automatic and on-demand rotation on a clock, the history of material, and old ciphertexts."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scene import ROOT, Scene, no_identity_policy
from tests.iam.in_process import ACCOUNT, NOW
from world import document, refused

from keystead.model.key import ON_DEMAND_TAKES
from keystead.service.kms import rotation

DAY = 86_400
TAKES = ON_DEMAND_TAKES / 1000
NO_ALIASES = "Key Aliases are not supported for this operation."


def moment(days: float) -> datetime:
    return datetime.fromtimestamp(NOW + days * DAY, UTC)


def near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(milliseconds=2)


def status(scene: Scene) -> dict[str, Any]:
    answer = scene.kms.get_key_rotation_status(KeyId=scene.key)
    answer.pop("ResponseMetadata")
    assert answer.pop("KeyId") == scene.key
    return dict(answer)


def next_date(scene: Scene) -> datetime:
    date = status(scene)["NextRotationDate"]
    assert isinstance(date, datetime)
    return date


def history(scene: Scene, **asked: Any) -> list[dict[str, Any]]:
    pages = scene.kms.get_paginator("list_key_rotations").paginate(KeyId=scene.key, **asked)
    entries = [entry for page in pages for entry in page["Rotations"]]
    assert all(entry.pop("KeyId") == scene.key for entry in entries)
    return entries


def current(scene: Scene) -> str:
    return str(scene.kms.describe_key(KeyId=scene.key)["KeyMetadata"]["CurrentKeyMaterialId"])


def rotate(scene: Scene) -> None:
    assert scene.kms.rotate_key_on_demand(KeyId=scene.key)["KeyId"] == scene.key
    scene.inside.pass_time(TAKES)


class TestAutomatic:
    @pytest.mark.parametrize(("asked", "days"), [({}, 365), ({"RotationPeriodInDays": 90}, 90)])
    def test_it_rotates_at_its_date_and_again_a_period_later(
        self, scene: Scene, asked: dict[str, int], days: int
    ) -> None:
        first = current(scene)
        scene.kms.enable_key_rotation(KeyId=scene.key, **asked)
        told = status(scene)
        assert (told["KeyRotationEnabled"], told["RotationPeriodInDays"]) == (True, days)
        assert near(told["NextRotationDate"], moment(days))
        assert "OnDemandRotationStartDate" not in told
        scene.inside.pass_time(days * DAY - 1)
        assert history(scene) == []
        scene.inside.pass_time(1)
        (entry,) = history(scene)
        assert entry["RotationType"] == "AUTOMATIC"
        assert entry["KeyMaterialState"] == "CURRENT"
        assert entry["KeyMaterialId"] == current(scene) != first
        assert near(entry["RotationDate"], moment(days))
        assert near(next_date(scene), moment(2 * days))
        scene.inside.pass_time(days * DAY)
        assert len(history(scene)) == 2

    def test_a_period_is_changed_from_today_on(self, scene: Scene) -> None:
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.inside.pass_time(10 * DAY)
        for same in ({}, {"RotationPeriodInDays": 90}):
            scene.kms.enable_key_rotation(KeyId=scene.key, **same)
            assert near(next_date(scene), moment(90))
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=100)
        assert near(next_date(scene), moment(110))

    def test_turned_off_it_forgets_its_period(self, scene: Scene) -> None:
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.kms.disable_key_rotation(KeyId=scene.key)
        scene.kms.disable_key_rotation(KeyId=scene.key)
        assert status(scene) == {"KeyRotationEnabled": False}
        scene.inside.pass_time(1000 * DAY)
        assert history(scene) == []
        scene.kms.enable_key_rotation(KeyId=scene.key)
        assert status(scene)["RotationPeriodInDays"] == 365

    @pytest.mark.parametrize("days", [89, 2561])
    def test_periods_have_bounds(self, scene: Scene, days: int) -> None:
        kms = scene.inside.client("kms", parameter_validation=False)
        said = refused(
            "ValidationException", kms.enable_key_rotation, KeyId=scene.key, RotationPeriodInDays=days
        )
        bound = "greater than or equal to 90" if days < 90 else "less than or equal to 2560"
        assert said == (
            f"1 validation error detected: Value '{days}' at 'rotationPeriodInDays' failed to satisfy "
            f"constraint: Member must have value {bound}"
        )

    def test_a_disabled_key_waits_and_rotates_once_when_it_is_enabled(self, scene: Scene) -> None:
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.kms.disable_key(KeyId=scene.key)
        told = status(scene)
        scene.inside.pass_time(300 * DAY)
        assert history(scene) == []
        assert status(scene) == told, "the schedule stays visible"
        scene.kms.enable_key(KeyId=scene.key)
        scene.inside.pass_time(1)
        assert len(history(scene)) == 1
        assert near(next_date(scene), moment(390 + 1 / DAY))

    def test_a_server_that_slept_rotates_once(self, scene: Scene) -> None:
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.inside.pass_time(1000 * DAY)
        assert len(history(scene)) == 1
        assert near(next_date(scene), moment(1090))

    def test_pending_deletion_hides_the_schedule_and_cancelling_brings_it_back(self, scene: Scene) -> None:
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        told = status(scene)
        scene.kms.schedule_key_deletion(KeyId=scene.key)
        assert status(scene) == {"KeyRotationEnabled": False}
        scene.kms.cancel_key_deletion(KeyId=scene.key)
        assert status(scene) == told


class TestOnDemand:
    def test_it_is_under_way_for_a_while(self, scene: Scene) -> None:
        first = current(scene)
        scene.kms.enable_key_rotation(KeyId=scene.key)
        scene.inside.pass_time(DAY)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        assert near(status(scene)["OnDemandRotationStartDate"], moment(1))
        scene.inside.pass_time(TAKES - 1)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        assert (history(scene), current(scene)) == ([], first)
        scene.inside.pass_time(1)
        told = status(scene)
        assert "OnDemandRotationStartDate" not in told
        assert near(told["NextRotationDate"], moment(365)), "the schedule is not moved"
        (entry,) = history(scene)
        assert entry["RotationType"] == "ON_DEMAND"
        assert entry["KeyMaterialId"] == current(scene) != first
        scene.inside.pass_time(DAY)
        assert len(history(scene)) == 1, "asked for twice, done once"

    @pytest.mark.parametrize("operation", ["disable_key", "schedule_key_deletion"])
    def test_it_ends_whatever_became_of_the_key(self, scene: Scene, operation: str) -> None:
        first = current(scene)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        getattr(scene.kms, operation)(KeyId=scene.key)
        scene.inside.pass_time(TAKES)
        assert len(history(scene)) == 1
        assert current(scene) != first

    def test_a_key_has_twenty_five_of_them(self, scene: Scene) -> None:
        for _ in range(25):
            rotate(scene)
        assert refused("LimitExceededException", scene.kms.rotate_key_on_demand, KeyId=scene.key) == (
            "The on-demand rotations limit has been reached for the given keyId. "
            f"No more on-demand rotations can be performed for this key: {scene.key}"
        )
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.inside.pass_time(90 * DAY)
        assert len(history(scene)) == 26, "automatic ones are not counted"
        assert rotation.ON_DEMAND_ROTATIONS_PER_KEY == 25

    def test_not_shortly_before_an_automatic_one(self, scene: Scene) -> None:
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.inside.pass_time(90 * DAY - 20 * 60)
        assert refused("ConflictException", scene.kms.rotate_key_on_demand, KeyId=scene.key) == (
            f"An automatic rotation of {scene.key} is in progress or begins within the next 20 minutes."
        )
        scene.inside.pass_time(20 * 60)
        rotate(scene)
        assert [entry["RotationType"] for entry in history(scene)] == ["AUTOMATIC", "ON_DEMAND"]

    def test_both_at_once_are_two(self, scene: Scene) -> None:
        first = current(scene)
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.inside.pass_time(90 * DAY - 20 * 60 - 1)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.inside.pass_time(DAY)
        entries = history(scene, IncludeKeyMaterial="ALL_KEY_MATERIAL")
        assert [entry.get("RotationType") for entry in entries] == [None, "ON_DEMAND", "AUTOMATIC"]
        assert [entry["KeyMaterialState"] for entry in entries] == ["NON_CURRENT", "NON_CURRENT", "CURRENT"]
        assert entries[0]["KeyMaterialId"] == first
        assert entries[2]["KeyMaterialId"] == current(scene)


class TestMaterial:
    def test_old_ciphertexts_open_for_ever_and_new_ones_use_the_new_material(self, scene: Scene) -> None:
        context = {"app": "pay"}
        made: list[tuple[bytes, str]] = []
        for _ in range(4):
            material = current(scene)
            answer = scene.kms.encrypt(KeyId=scene.key, Plaintext=b"secret", EncryptionContext=context)
            assert scene.last_event()["additionalEventData"] == {"keyMaterialId": material}
            made.append((answer["CiphertextBlob"], material))
            data_key = scene.kms.generate_data_key(KeyId=scene.key, KeySpec="AES_256")
            assert data_key["KeyMaterialId"] == material
            made.append((data_key["CiphertextBlob"], material))
            rotate(scene)
        newest = current(scene)
        assert len({material for _, material in made} | {newest}) == 5
        for index, (blob, material) in enumerate(made):
            more = {} if index % 2 else {"EncryptionContext": context}
            answer = scene.kms.decrypt(CiphertextBlob=blob, **more)
            assert (answer["KeyId"], answer["KeyMaterialId"]) == (scene.key, material)
            assert scene.last_event()["additionalEventData"] == {"keyMaterialId": material}
        moved = scene.kms.re_encrypt(
            CiphertextBlob=made[0][0], SourceEncryptionContext=context, DestinationKeyId=scene.key
        )
        assert (moved["SourceKeyMaterialId"], moved["DestinationKeyMaterialId"]) == (made[0][1], newest)
        assert scene.kms.decrypt(CiphertextBlob=moved["CiphertextBlob"])["KeyMaterialId"] == newest

    def test_the_history_in_pages(self, scene: Scene) -> None:
        first = current(scene)
        for _ in range(5):
            rotate(scene)
        everything = history(scene, IncludeKeyMaterial="ALL_KEY_MATERIAL")
        assert everything[0] == {"KeyMaterialId": first, "KeyMaterialState": "NON_CURRENT"}
        assert everything[1:] == history(scene) == history(scene, IncludeKeyMaterial="ROTATIONS_ONLY")
        dates = [entry["RotationDate"] for entry in everything[1:]]
        assert dates == sorted(dates)
        assert [entry["KeyMaterialState"] for entry in everything] == ["NON_CURRENT"] * 5 + ["CURRENT"]
        for size in (1, 2, 6):
            paged = history(scene, IncludeKeyMaterial="ALL_KEY_MATERIAL", PaginationConfig={"PageSize": size})
            assert paged == everything
        assert (
            refused("InvalidMarkerException", scene.kms.list_key_rotations, KeyId=scene.key, Marker="x") == ""
        )

    def test_no_two_keys_share_material(self, scene: Scene) -> None:
        rotate(scene)
        other = scene.kms.create_key()["KeyMetadata"]["Arn"]
        blob = scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")["CiphertextBlob"]
        refused("IncorrectKeyException", scene.kms.decrypt, CiphertextBlob=blob, KeyId=other)


class TestKindsOfKeys:
    """A MAC key. Recorded."""

    def test_of_a_key_that_cannot_rotate(self, scene: Scene) -> None:
        key = scene.mac_key()
        for call in (scene.kms.enable_key_rotation, scene.kms.rotate_key_on_demand):
            assert refused("UnsupportedOperationException", call, KeyId=key) == ""
        scene.kms.disable_key_rotation(KeyId=key)
        answer = scene.kms.get_key_rotation_status(KeyId=key)
        assert (answer["KeyId"], answer["KeyRotationEnabled"]) == (key, False)
        assert scene.kms.list_key_rotations(KeyId=key)["Rotations"] == []
        assert refused(
            "ValidationException",
            scene.kms.list_key_rotations,
            KeyId=key,
            IncludeKeyMaterial="ROTATIONS_ONLY",
        ) == ("Input parameter includeKeyMaterial can only be used with symmetric keys.")


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        ("enable_key_rotation", "EnableKeyRotation"),
        ("disable_key_rotation", "DisableKeyRotation"),
        ("get_key_rotation_status", "GetKeyRotationStatus"),
        ("rotate_key_on_demand", "RotateKeyOnDemand"),
        ("list_key_rotations", "ListKeyRotations"),
    ],
)
class TestEachOperation:
    def test_takes_no_alias(self, scene: Scene, operation: str, name: str) -> None:
        """Whether the alias is there or not: its form is enough."""
        scene.kms.create_alias(AliasName="alias/there", TargetKeyId=scene.key)
        for alias in ("alias/there", "alias/none", f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/there"):
            assert refused("InvalidArnException", getattr(scene.kms, operation), KeyId=alias) == NO_ALIASES
        assert refused("NotFoundException", getattr(scene.kms, operation), KeyId="no-key") == (
            "Invalid keyId 'no-key'"
        )

    def test_needs_its_own_permission(self, scene: Scene, operation: str, name: str) -> None:
        user = scene.user("user")
        said = refused("AccessDeniedException", getattr(user, operation), KeyId=scene.key)
        assert said == no_identity_policy("user", f"kms:{name}", scene.key)

    def test_of_another_account_the_status_alone(self, scene: Scene, operation: str, name: str) -> None:
        other = "111122223333"
        policy = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])
        policy["Statement"][0]["Principal"] = {"AWS": [ROOT, f"arn:aws:iam::{other}:root"]}
        scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(policy))
        stranger = scene.inside.client("kms", (other, "test"))
        if name == "GetKeyRotationStatus":
            assert stranger.get_key_rotation_status(KeyId=scene.key)["KeyRotationEnabled"] is False
        else:
            refused("AccessDeniedException", getattr(stranger, operation), KeyId=scene.key)

    def test_leaves_an_event(self, scene: Scene, operation: str, name: str) -> None:
        getattr(scene.kms, operation)(KeyId=scene.key)
        event = scene.last_event()
        reads = name.startswith(("Get", "List"))
        assert (event["eventName"], event["readOnly"]) == (name, reads)
        assert event["requestParameters"] == {"keyId": scene.key}
        assert event["responseElements"] == (None if reads else {"keyId": scene.key})


def test_the_period_is_a_condition_key_and_there_when_it_is_left_out(scene: Scene) -> None:
    delegation = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])["Statement"]
    slow = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "kms:EnableKeyRotation",
        "Resource": "*",
        "Condition": {"NumericGreaterThan": {"kms:RotationPeriodInDays": "180"}},
    }
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(document(*delegation, slow)))
    scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=180)
    refused("AccessDeniedException", scene.kms.enable_key_rotation, KeyId=scene.key)


@pytest.mark.parametrize("kind", ["AUTOMATIC", "ON_DEMAND"])
def test_a_rotation_leaves_an_event_of_its_own(scene: Scene, kind: str) -> None:
    first = current(scene)
    if kind == "ON_DEMAND":
        rotate(scene)
    else:
        scene.kms.enable_key_rotation(KeyId=scene.key, RotationPeriodInDays=90)
        scene.inside.pass_time(90 * DAY)
    event = scene.last_event()
    assert (event["eventName"], event["eventType"]) == ("RotateKey", "AwsServiceEvent")
    assert event["userIdentity"] == {"accountId": ACCOUNT, "invokedBy": "AWS Internal"}
    assert event["resources"] == [{"accountId": ACCOUNT, "type": "AWS::KMS::Key", "ARN": scene.key}]
    assert event["serviceEventDetails"] == {
        "keyId": scene.key.rpartition("/")[2],
        "rotationType": kind,
        "previousKeyMaterialId": first,
        "currentKeyMaterialId": current(scene),
    }


@pytest.mark.wire
def test_the_aws_cli_sets_a_schedule(shared_dev: Any, kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    done = shared_dev.aws("kms", "enable-key-rotation", "--key-id", key, "--rotation-period-in-days", "90")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    told = json.loads(shared_dev.aws("kms", "get-key-rotation-status", "--key-id", key).stdout)
    assert (told["KeyRotationEnabled"], told["RotationPeriodInDays"]) == (True, 90)
    assert shared_dev.aws("kms", "disable-key-rotation", "--key-id", key).returncode == 0
    listed = json.loads(
        shared_dev.aws(
            "kms", "list-key-rotations", "--key-id", key, "--include-key-material", "ALL_KEY_MATERIAL"
        ).stdout
    )
    assert [entry["KeyMaterialState"] for entry in listed["Rotations"]] == ["CURRENT"]
