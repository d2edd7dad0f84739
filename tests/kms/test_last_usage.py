"""GetKeyLastUsage: what counts as a use, and what is written when."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scene import Scene, no_identity_policy
from tests.iam.in_process import NOW
from world import document, refused

from keystead.model import KeyUse
from keystead.names import KeyArn
from keystead.service import last_usage
from keystead.service.last_usage import LastUsage
from keystead.service.service import KEEP_LAST_USES
from keystead.store import StoreError, open_store

DAY = 86_400


def usage(scene: Scene, key: str | None = None) -> dict[str, Any]:
    answer = scene.kms.get_key_last_usage(KeyId=key or scene.key)
    answer.pop("ResponseMetadata")
    return dict(answer)


def last(scene: Scene, key: str | None = None) -> str | None:
    operation = usage(scene, key)["KeyLastUsage"].get("Operation")
    assert operation is None or isinstance(operation, str)
    return operation


def test_a_key_that_was_never_used(scene: Scene) -> None:
    created = scene.kms.describe_key(KeyId=scene.key)["KeyMetadata"]["CreationDate"]
    assert usage(scene) == {
        "KeyId": scene.key,
        "KeyLastUsage": {},
        "TrackingStartDate": created,
        "KeyCreationDate": created,
    }


def test_the_last_use_and_its_event(scene: Scene) -> None:
    scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")
    scene.inside.pass_time(60)
    scene.kms.generate_data_key(KeyId=scene.key, KeySpec="AES_256")
    event = scene.last_event()
    used = usage(scene, scene.key.rpartition("/")[2])["KeyLastUsage"]
    moment = datetime.fromtimestamp(NOW + 60, UTC)
    assert abs(used.pop("Timestamp") - moment) < timedelta(milliseconds=2)
    assert used == {
        "Operation": "GenerateDataKey",
        "CloudTrailEventId": event["eventID"],
        "KmsRequestId": event["requestID"],
    }


def test_what_counts(scene: Scene) -> None:
    """Successful cryptographic operations; ReEncrypt on both of its keys."""
    other = scene.kms.create_key()["KeyMetadata"]["Arn"]
    blob = scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")["CiphertextBlob"]
    assert (last(scene), last(scene, other)) == ("Encrypt", None)
    scene.kms.decrypt(CiphertextBlob=blob)
    assert last(scene) == "Decrypt"
    scene.kms.generate_data_key_without_plaintext(KeyId=scene.key, KeySpec="AES_256")
    assert last(scene) == "GenerateDataKeyWithoutPlaintext"
    scene.kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other)
    assert (last(scene), last(scene, other)) == ("ReEncrypt", "ReEncrypt")


def test_what_does_not_count(scene: Scene) -> None:
    other = scene.kms.create_key()["KeyMetadata"]["Arn"]
    user = scene.user("user")
    asked = {"KeyId": scene.key, "Plaintext": b"x"}
    refused("DryRunOperationException", scene.kms.encrypt, **asked, DryRun=True)
    refused("AccessDeniedException", user.encrypt, **asked)
    blob = scene.kms.encrypt(KeyId=other, Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]
    refused("InvalidCiphertextException", scene.kms.decrypt, CiphertextBlob=blob)
    refused(
        "InvalidCiphertextException", scene.kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=scene.key
    )
    scene.kms.describe_key(KeyId=scene.key)
    scene.kms.enable_key_rotation(KeyId=scene.key)
    scene.kms.generate_random(NumberOfBytes=8)
    scene.kms.disable_key(KeyId=scene.key)
    refused("DisabledException", scene.kms.encrypt, **asked)
    assert (last(scene), last(scene, other)) == (None, "Encrypt")


def test_it_is_a_permission_and_takes_no_alias_and_no_other_account(scene: Scene) -> None:
    user, other = scene.user("user"), scene.user("other", account="111122223333")
    said = refused("AccessDeniedException", user.get_key_last_usage, KeyId=scene.key)
    assert said == no_identity_policy("user", "kms:GetKeyLastUsage", scene.key)
    refused("AccessDeniedException", other.get_key_last_usage, KeyId=scene.key)
    scene.kms.create_alias(AliasName="alias/a", TargetKeyId=scene.key)
    assert refused("NotFoundException", scene.kms.get_key_last_usage, KeyId="alias/a") == (
        "Invalid keyId 'alias/a'"
    )


@pytest.mark.parametrize("operation", ["schedule_key_deletion", "disable_key"])
def test_a_policy_can_keep_keys_that_are_used(scene: Scene, operation: str) -> None:
    """Days without use, and of a key never used its days (unverified)."""
    delegation = json.loads(scene.kms.get_key_policy(KeyId=scene.key)["Policy"])["Statement"]
    used = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["kms:ScheduleKeyDeletion", "kms:DisableKey"],
        "Resource": "*",
        "Condition": {"NumericLessThan": {"kms:TrailingDaysWithoutKeyUsage": "30"}},
    }
    scene.kms.put_key_policy(KeyId=scene.key, Policy=json.dumps(document(*delegation, used)))
    end = getattr(scene.kms, operation)
    refused("AccessDeniedException", end, KeyId=scene.key)
    scene.inside.pass_time(29 * DAY)
    scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")
    scene.inside.pass_time(30 * DAY - 1)
    refused("AccessDeniedException", end, KeyId=scene.key)
    scene.inside.pass_time(1)
    end(KeyId=scene.key)


class TestWriting:
    KEY = KeyArn.parse("arn:aws:kms:us-east-1:000000000000:key/0000000a-0000-4000-8000-000000000000")

    def stored(self, scene: Scene) -> KeyUse | None:
        with scene.inside.store.read() as tx:
            return tx.key_last_use(KeyArn.parse(scene.key))

    def test_a_call_writes_nothing_and_time_does(self, scene: Scene) -> None:
        scene.inside.pass_time(1)
        for _ in range(3):
            scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")
        scene.inside.pass_time(KEEP_LAST_USES / 1000 - 1)
        assert self.stored(scene) is None
        scene.inside.pass_time(1)
        kept = self.stored(scene)
        assert kept is not None
        assert (kept.operation, last(scene)) == ("Encrypt", "Encrypt")

    def test_it_is_written_when_the_server_stops(self, scene: Scene) -> None:
        scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")
        event = scene.last_event()
        scene.inside.service.stop()
        kept = self.stored(scene)
        assert kept is not None
        assert (kept.operation, kept.event_id) == ("Encrypt", event["eventID"])

    def test_the_later_use_is_kept_whoever_writes_it(self, scene: Scene) -> None:
        one, two = LastUsage(scene.inside.store), LastUsage(scene.inside.store)
        key = KeyArn.parse(scene.key)
        one.note(scene.key, KeyUse("Encrypt", 20, "e", "r"))
        two.note(scene.key, KeyUse("Decrypt", 10, "e", "r"))
        for usages, told in ((one, "Encrypt"), (two, "Decrypt")):
            with scene.inside.store.read() as tx:
                use = usages.of(tx, key)
            assert use is not None
            assert use.operation == told
        for usages in (one, two):
            usages.write()
            with scene.inside.store.read() as tx:
                assert [one.of(tx, key), two.of(tx, key), tx.key_last_use(key)] == [
                    KeyUse("Encrypt", 20, "e", "r")
                ] * 3

    def test_a_key_that_is_gone_is_left_out_and_takes_its_use_with_it(self, scene: Scene) -> None:
        scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")
        scene.inside.service.stop()
        usages = LastUsage(scene.inside.store)
        usages.note(str(self.KEY), KeyUse("Encrypt", 1, "e", "r"))
        usages.note(scene.key, KeyUse("Encrypt", 1, "e", "r"))
        scene.kms.schedule_key_deletion(KeyId=scene.key, PendingWindowInDays=7)
        scene.inside.pass_time(8 * DAY)
        usages.write()
        with scene.inside.store.read() as tx:
            assert usages.of(tx, KeyArn.parse(scene.key)) is None
            assert usages.of(tx, self.KEY) is None

    def test_what_the_store_refuses_stays_noted(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        usages = LastUsage(scene.inside.store)
        usages.note(scene.key, KeyUse("Encrypt", 1, "e", "r"))

        def fail(*_: object) -> None:
            raise StoreError("the disk is full")

        monkeypatch.setattr("keystead.store.transactions.SqlWriteTx.put_key_last_uses", fail)
        with pytest.raises(StoreError):
            usages.write()
        monkeypatch.undo()
        usages.write()
        assert self.stored(scene) == KeyUse("Encrypt", 1, "e", "r")

    def test_a_use_noted_while_it_is_written_is_not_lost(self, scene: Scene) -> None:
        usages = LastUsage(scene.inside.store)
        usages.note(scene.key, first := KeyUse("Encrypt", 1, "e", "r"))
        usages.note(scene.key, later := KeyUse("Decrypt", 2, "e", "r"))
        usages._forget(scene.key, first)
        with scene.inside.store.read() as tx:
            assert usages.of(tx, KeyArn.parse(scene.key)) == later

    def test_many_keys_are_written_in_parts(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(last_usage, "MOST_KEYS", 2)
        keys = [scene.kms.create_key()["KeyMetadata"]["Arn"] for _ in range(5)]
        for key in keys:
            scene.kms.encrypt(KeyId=key, Plaintext=b"x")
        before = scene.inside.store
        scene.inside.service.stop()
        with before.read() as tx:
            uses = [tx.key_last_use(KeyArn.parse(key)) for key in keys]
        assert [use and use.operation for use in uses] == ["Encrypt"] * 5

    def test_a_clock_that_is_set_back_does_not_stop_the_writing(self, scene: Scene) -> None:
        scene.inside.pass_time(60)
        scene.inside.now -= 3600
        scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")
        event = scene.last_event()
        scene.inside.pass_time(1)
        kept = self.stored(scene)
        assert kept is not None
        assert (kept.operation, kept.event_id) == ("Encrypt", event["eventID"])


@pytest.mark.parametrize("resets", [False, True])
def test_resetting_a_development_server_forgets(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, resets: bool
) -> None:
    written: list[KeyArn] = []
    monkeypatch.setattr(
        "keystead.store.transactions.SqlWriteTx.put_key_last_uses", lambda _, uses: written.extend(uses)
    )
    scene.kms.encrypt(KeyId=scene.key, Plaintext=b"x")
    if resets:
        scene.inside.service.reset()
    scene.inside.service.stop()
    assert written == ([] if resets else [KeyArn.parse(scene.key)])


@pytest.mark.wire
def test_it_outlives_a_restart(dev: Any, tmp_path: Path) -> None:
    kms = dev.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.encrypt(KeyId=key, Plaintext=b"x")
    assert dev.stop() == 0
    store = open_store(str(dev.directory / ".keystead" / "keystead.db"))
    with store.read() as tx:
        use = tx.key_last_use(KeyArn.parse(key))
    store.close()
    assert use is not None
    dev.start()
    done = dev.aws("kms", "get-key-last-usage", "--key-id", key)
    assert json.loads(done.stdout)["KeyLastUsage"]["CloudTrailEventId"] == use.event_id
