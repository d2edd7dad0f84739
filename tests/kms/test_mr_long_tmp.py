"""Replicate, promote, rotate, disable, delete, cancel in three Regions: any order, beside a model."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from related import HERE, PASSING, Related
from world import refused

from keystead.kinds import KeyState
from keystead.model.key import ON_DEMAND_TAKES
from keystead.model.lifecycle import refusal

DAY = 86_400
NEAR = 20 * 60
"""Seconds before an automatic rotation in which none is made on demand."""

REGION = st.integers(0, 2)


@dataclass
class One:
    """What the key of one Region should be. Times are seconds since the beginning."""

    state: str
    passes_at: float | None = None
    deleted_at: float | None = None
    window: int | None = None


@dataclass
class Family:
    """What related keys should be."""

    primary: str
    keys: dict[str, One]
    versions: int = 1
    rotates_at: float | None = None
    asked_at: float | None = None
    blobs: list[bytes] = field(default_factory=list)

    def pass_to(self, now: float) -> None:
        """Does what time does."""
        for key in self.keys.values():
            if key.state in ("Creating", "Updating") and key.passes_at is not None and key.passes_at <= now:
                key.state = "Enabled"
        if self.asked_at is not None and self.asked_at + ON_DEMAND_TAKES / 1000 <= now:
            self.versions, self.asked_at = self.versions + 1, None
        if (
            self.keys[self.primary].state == "Enabled"
            and self.rotates_at is not None
            and self.rotates_at <= now
        ):
            self.versions, self.rotates_at = self.versions + 1, now + 90 * DAY
        gone = [
            region
            for region, key in self.keys.items()
            if key.state == "PendingDeletion" and key.deleted_at is not None and key.deleted_at <= now
        ]
        for region in gone:
            del self.keys[region]
        if gone and len(self.keys) == 1:
            (last,) = self.keys.values()
            if last.window is not None:
                last.state, last.deleted_at = "PendingDeletion", now + last.window * DAY
                last.window = None


class KeysOfThreeRegions(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.related = Related()
        self.regions = list(self.related.at)
        self.family = Family(HERE, {HERE: One("Enabled")})
        self.now = 0.0

    def teardown(self) -> None:
        self.related.inside.store.close()

    def call(self, region: str, operation: str, expected: str | None, **asked: Any) -> dict[str, Any]:
        """Calls; the answer, or nothing when it was refused as it should be."""
        function = getattr(self.related.at[region], operation)
        given = {"KeyId": self.related.id} | asked
        if expected is not None:
            refused(expected, function, **given)
            return {}
        answer: dict[str, Any] = function(**given)
        return answer

    def expected(self, region: str, operation: str) -> str | None:
        """How `operation` is refused for there being no key, or for the key's state."""
        if region not in self.family.keys:
            return "NotFoundException"
        refused_by = refusal(operation, KeyState(self.family.keys[region].state))
        return None if refused_by is None else refused_by.fault.value

    def on_primary(self, region: str, operation: str, first: str) -> str | None:
        """The same for what replicas refuse with `first`, before their state is looked at."""
        if region in self.family.keys and region != self.family.primary:
            return first
        return self.expected(region, operation)

    @rule(at=REGION, to=REGION)
    def replicate(self, at: int, to: int) -> None:
        at_region, to_region = self.regions[at], self.regions[to]
        expected = self.on_primary(at_region, "ReplicateKey", "UnsupportedOperationException")
        if expected is None and to_region in self.family.keys:
            expected = "ValidationException" if to_region == at_region else "AlreadyExistsException"
        if self.call(at_region, "replicate_key", expected, ReplicaRegion=to_region):
            self.family.keys[to_region] = One("Creating", passes_at=self.now + PASSING)

    @rule(at=REGION, to=REGION)
    def promote(self, at: int, to: int) -> None:
        at_region, to_region, family = self.regions[at], self.regions[to], self.family
        expected = self.expected(at_region, "UpdatePrimaryRegion")
        if expected is None and to_region in family.keys:
            expected = self.expected(to_region, "UpdatePrimaryRegion")
        if expected is None:
            if at_region != family.primary:
                expected = "KMSInvalidStateException"
            elif to_region not in family.keys:
                expected = "ValidationException"
        answer = self.call(at_region, "update_primary_region", expected, PrimaryRegion=to_region)
        if answer and to_region != at_region:
            family.primary = to_region
            for region in (at_region, to_region):
                family.keys[region] = One("Updating", passes_at=self.now + PASSING)

    @rule(at=REGION)
    def enable_rotation(self, at: int) -> None:
        region = self.regions[at]
        expected = self.on_primary(region, "EnableKeyRotation", "UnsupportedOperationException")
        if self.call(region, "enable_key_rotation", expected, RotationPeriodInDays=90):
            self.family.rotates_at = self.family.rotates_at or self.now + 90 * DAY

    @rule(at=REGION)
    def disable_rotation(self, at: int) -> None:
        region = self.regions[at]
        expected = self.on_primary(region, "DisableKeyRotation", "UnsupportedOperationException")
        if self.call(region, "disable_key_rotation", expected):
            self.family.rotates_at = None

    @rule(at=REGION)
    def rotate(self, at: int) -> None:
        region, family = self.regions[at], self.family
        expected = self.expected(region, "RotateKeyOnDemand")
        if expected is None and region != family.primary:
            expected = "UnsupportedOperationException"
        near = family.rotates_at is not None and family.rotates_at - self.now <= NEAR
        if expected is None and family.asked_at is None and near:
            expected = "ConflictException"
        if self.call(region, "rotate_key_on_demand", expected) and family.asked_at is None:
            family.asked_at = self.now

    @rule(at=REGION, enabled=st.booleans())
    def enable_or_disable(self, at: int, enabled: bool) -> None:
        region, name = self.regions[at], "Enable" if enabled else "Disable"
        if self.call(region, f"{name.lower()}_key", self.expected(region, f"{name}Key")):
            self.family.keys[region].state = f"{name}d"

    @rule(at=REGION, days=st.sampled_from([7, 8, 30]))
    def schedule(self, at: int, days: int) -> None:
        region, family = self.regions[at], self.family
        expected = self.expected(region, "ScheduleKeyDeletion")
        answer = self.call(region, "schedule_key_deletion", expected, PendingWindowInDays=days)
        if not answer:
            return
        if region == family.primary and len(family.keys) > 1:
            family.keys[region] = One("PendingReplicaDeletion", window=days)
        else:
            family.keys[region] = One("PendingDeletion", deleted_at=self.now + days * DAY)
        assert answer["KeyState"] == family.keys[region].state

    @rule(at=REGION)
    def cancel(self, at: int) -> None:
        region = self.regions[at]
        if self.call(region, "cancel_key_deletion", self.expected(region, "CancelKeyDeletion")):
            self.family.keys[region] = One("Disabled")

    @rule(at=REGION)
    def encrypt(self, at: int) -> None:
        region = self.regions[at]
        answer = self.call(region, "encrypt", self.expected(region, "Encrypt"), Plaintext=b"secret")
        if answer:
            self.family.blobs = [*self.family.blobs[-3:], answer["CiphertextBlob"]]

    @rule(seconds=st.sampled_from([PASSING / 2, PASSING, 5, 7 * DAY, 30 * DAY, 90 * DAY]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.related.inside.pass_time(seconds)
        self.family.pass_to(self.now)
        if not self.family.keys:
            self.related = Related(inside=self.related.inside)
            self.family = Family(HERE, {HERE: One("Enabled")})

    @invariant()
    def each_key_is_as_modelled(self) -> None:
        family = self.family
        replicas = sorted(set(family.keys) - {family.primary})
        for region in self.regions:
            listed = [key["KeyArn"] for key in self.related.at[region].list_keys()["Keys"]]
            assert listed == ([self.related.arn(region)] if region in family.keys else [])
        for region, key in family.keys.items():
            kind = "PRIMARY" if region == family.primary else "REPLICA"
            metadata = self.related.metadata(region)
            assert metadata["KeyState"] == key.state
            assert metadata["Enabled"] == (key.state == "Enabled")
            assert metadata.get("PendingDeletionWindowInDays") == key.window
            assert ("DeletionDate" in metadata) == (key.deleted_at is not None)
            assert metadata["MultiRegionConfiguration"] == self.related.configuration(
                kind, family.primary, *replicas
            )

    @invariant()
    def what_is_shared_is_the_same_everywhere(self) -> None:
        histories = []
        for region, key in self.family.keys.items():
            asked = {"KeyId": self.related.id, "IncludeKeyMaterial": "ALL_KEY_MATERIAL"}
            entries = self.related.at[region].list_key_rotations(**asked)["Rotations"]
            histories.append([entry | {"KeyId": ""} for entry in entries])
            status = self.related.at[region].get_key_rotation_status(KeyId=self.related.id)
            assert status["KeyRotationEnabled"] == (
                self.family.rotates_at is not None and key.state != "PendingDeletion"
            )
        assert all(history == histories[0] for history in histories)
        assert len(histories[0]) == self.family.versions

    @precondition(lambda self: self.family.blobs)
    @invariant()
    def every_ciphertext_opens_in_every_region(self) -> None:
        for blob in self.family.blobs:
            for region in self.regions:
                expected = self.expected(region, "Decrypt")
                answer = self.call(region, "decrypt", expected, CiphertextBlob=blob)
                if answer:
                    assert answer["Plaintext"] == b"secret"
                    assert answer["KeyId"] == self.related.arn(region)


TestKeysOfThreeRegions = KeysOfThreeRegions.TestCase
TestKeysOfThreeRegions.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
