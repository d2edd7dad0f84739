"""Create, alias, tag, disable, rotate, grant, retire, schedule, cancel, delete: any order, beside a model."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from scene import ROOT, Scene, arn
from world import refused

DAY = 86_400
TAKES = 5
NAMES = st.sampled_from(["a", "b", "c"])
PICK = st.integers(0, 9)


@dataclass
class Modelled:
    """What a key should be. Times are seconds since the beginning."""

    state: str = "Enabled"
    tags: dict[str, str] = field(default_factory=dict)
    grants: dict[str, str] = field(default_factory=dict)
    versions: int = 1
    rotates_at: float | None = None
    rotates_every: float | None = None
    asked_at: float | None = None
    deleted_at: float | None = None
    blobs: list[tuple[bytes, int]] = field(default_factory=list)

    @property
    def pending(self) -> bool:
        return self.state == "PendingDeletion"

    def pass_to(self, now: float) -> bool:
        """Does what time does; whether the key is left."""
        if self.pending and self.deleted_at is not None and self.deleted_at <= now:
            return False
        if self.asked_at is not None and self.asked_at + TAKES <= now:
            self.versions, self.asked_at = self.versions + 1, None
        if self.state == "Enabled" and self.rotates_at is not None and self.rotates_at <= now:
            assert self.rotates_every is not None
            self.versions, self.rotates_at = self.versions + 1, now + self.rotates_every
        return True


class KeysBesideAModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.user = self.scene.user("user")
        self.now = 0.0
        self.keys: dict[str, Modelled] = {self.scene.key: Modelled()}
        self.aliases: dict[str, str] = {}
        self.lost: list[bytes] = []

    def teardown(self) -> None:
        self.scene.inside.store.close()

    def pick(self, number: int) -> tuple[str, Modelled]:
        keys = sorted(self.keys)
        key = keys[number % len(keys)]
        return key, self.keys[key]

    def does(self, operation: str, refusal: str | None, kms: Any = None, **asked: Any) -> dict[str, Any]:
        """Calls; the answer, or nothing when it was refused as it should be."""
        call = getattr(kms or self.scene.kms, operation)
        if refusal is not None:
            refused(refusal, call, **asked)
            return {}
        answer: dict[str, Any] = call(**asked)
        return answer

    @staticmethod
    def unusable(key: Modelled) -> str | None:
        return {"Enabled": None, "Disabled": "DisabledException"}.get(key.state, "KMSInvalidStateException")

    @staticmethod
    def unchangeable(key: Modelled) -> str | None:
        return "KMSInvalidStateException" if key.pending else None

    @precondition(lambda self: len(self.keys) < 3)
    @rule(tagged=st.booleans())
    def create(self, tagged: bool) -> None:
        tags = [{"TagKey": "born", "TagValue": "yes"}] if tagged else []
        made = self.scene.kms.create_key(Tags=tags)["KeyMetadata"]["Arn"]
        self.keys[made] = Modelled(tags={"born": "yes"} if tagged else {})

    @precondition(lambda self: self.keys)
    @rule(number=PICK, name=NAMES)
    def alias(self, number: int, name: str) -> None:
        key, modelled = self.pick(number)
        refusal = self.unchangeable(modelled) or ("AlreadyExistsException" if name in self.aliases else None)
        self.does("create_alias", refusal, AliasName=f"alias/{name}", TargetKeyId=key)
        if refusal is None:
            self.aliases[name] = key

    @precondition(lambda self: self.keys)
    @rule(number=PICK, name=NAMES)
    def move_alias(self, number: int, name: str) -> None:
        key, modelled = self.pick(number)
        refusal = self.unchangeable(modelled) if name in self.aliases else "NotFoundException"
        self.does("update_alias", refusal, AliasName=f"alias/{name}", TargetKeyId=key)
        if refusal is None:
            self.aliases[name] = key

    @rule(name=NAMES)
    def delete_alias(self, name: str) -> None:
        refusal = None if name in self.aliases else "NotFoundException"
        self.does("delete_alias", refusal, AliasName=f"alias/{name}")
        self.aliases.pop(name, None)

    @precondition(lambda self: self.keys)
    @rule(number=PICK, name=NAMES, value=NAMES, remove=st.booleans())
    def tag(self, number: int, name: str, value: str, remove: bool) -> None:
        key, modelled = self.pick(number)
        refusal = self.unchangeable(modelled)
        if remove:
            self.does("untag_resource", refusal, KeyId=key, TagKeys=[name])
        else:
            self.does("tag_resource", refusal, KeyId=key, Tags=[{"TagKey": name, "TagValue": value}])
        if refusal is None and remove:
            modelled.tags.pop(name, None)
        elif refusal is None:
            modelled.tags[name] = value

    @precondition(lambda self: self.keys)
    @rule(number=PICK, enabled=st.booleans())
    def toggle(self, number: int, enabled: bool) -> None:
        key, modelled = self.pick(number)
        self.does("enable_key" if enabled else "disable_key", self.unchangeable(modelled), KeyId=key)
        if not modelled.pending:
            modelled.state = "Enabled" if enabled else "Disabled"

    @precondition(lambda self: self.keys)
    @rule(number=PICK)
    def rotate(self, number: int) -> None:
        key, modelled = self.pick(number)
        refusal = self.unusable(modelled)
        if refusal is None and modelled.asked_at is None:
            near = modelled.rotates_at is not None and modelled.rotates_at - self.now <= 20 * 60
            refusal = "ConflictException" if near else None
            modelled.asked_at = None if near else self.now
        self.does("rotate_key_on_demand", refusal, KeyId=key)

    @precondition(lambda self: self.keys)
    @rule(number=PICK, days=st.sampled_from([90, 365, None]))
    def schedule_rotation(self, number: int, days: int | None) -> None:
        key, modelled = self.pick(number)
        refusal = self.unusable(modelled)
        if days is None:
            self.does("disable_key_rotation", refusal, KeyId=key)
        else:
            self.does("enable_key_rotation", refusal, KeyId=key, RotationPeriodInDays=days)
        if refusal is not None:
            return
        every = None if days is None else float(days * DAY)
        if every != modelled.rotates_every:
            modelled.rotates_every = every
            modelled.rotates_at = None if every is None else self.now + every

    @precondition(lambda self: self.keys)
    @rule(number=PICK, operation=st.sampled_from(["Encrypt", "Decrypt"]))
    def grant(self, number: int, operation: str) -> None:
        key, modelled = self.pick(number)
        given = {"GranteePrincipal": arn("user"), "RetiringPrincipal": ROOT, "Operations": [operation]}
        made = self.does("create_grant", self.unusable(modelled), KeyId=key, **given)
        if made:
            modelled.grants[made["GrantId"]] = operation

    @precondition(lambda self: any(key.grants for key in self.keys.values()))
    @rule(number=PICK, retire=st.booleans())
    def end_grant(self, number: int, retire: bool) -> None:
        held = [(key, grant) for key, modelled in sorted(self.keys.items()) for grant in modelled.grants]
        key, grant = held[number % len(held)]
        self.does("retire_grant" if retire else "revoke_grant", None, KeyId=key, GrantId=grant)
        del self.keys[key].grants[grant]

    @precondition(lambda self: self.keys)
    @rule(number=PICK, days=st.integers(7, 30))
    def schedule_deletion(self, number: int, days: int) -> None:
        key, modelled = self.pick(number)
        asked = {"KeyId": key, "PendingWindowInDays": days}
        self.does("schedule_key_deletion", self.unchangeable(modelled), **asked)
        if not modelled.pending:
            modelled.state, modelled.deleted_at = "PendingDeletion", self.now + days * DAY

    @precondition(lambda self: self.keys)
    @rule(number=PICK)
    def cancel_deletion(self, number: int) -> None:
        key, modelled = self.pick(number)
        refusal = None if modelled.pending else "KMSInvalidStateException"
        self.does("cancel_key_deletion", refusal, KeyId=key)
        if modelled.pending:
            modelled.state, modelled.deleted_at = "Disabled", None

    @rule(seconds=st.sampled_from([1, TAKES, 3600, 8 * DAY, 40 * DAY]))
    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.scene.inside.pass_time(seconds)
        for key, modelled in list(self.keys.items()):
            if not modelled.pass_to(self.now):
                del self.keys[key]
                self.lost += [blob for blob, _ in modelled.blobs]
                self.aliases = {name: to for name, to in self.aliases.items() if to != key}

    @precondition(lambda self: self.keys)
    @rule(number=PICK, granted=st.booleans())
    def encrypt(self, number: int, granted: bool) -> None:
        key, modelled = self.pick(number)
        may = not granted or "Encrypt" in modelled.grants.values()
        refusal = self.unusable(modelled) if may else "AccessDeniedException"
        kms = self.user if granted else None
        answer = self.does("encrypt", refusal, kms, KeyId=key, Plaintext=b"secret")
        if answer:
            modelled.blobs = [*modelled.blobs[-3:], (answer["CiphertextBlob"], modelled.versions)]

    @invariant()
    def keys_are_as_modelled(self) -> None:
        kms = self.scene.kms
        assert sorted(key["KeyArn"] for key in kms.list_keys()["Keys"]) == sorted(self.keys)
        for key, modelled in self.keys.items():
            metadata = kms.describe_key(KeyId=key)["KeyMetadata"]
            assert metadata["KeyState"] == modelled.state
            assert ("DeletionDate" in metadata) == modelled.pending
            tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]}
            assert tags == modelled.tags
            listed = {grant["GrantId"] for grant in kms.list_grants(KeyId=key)["Grants"]}
            assert listed == set(modelled.grants)
            everything = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")
            assert len(everything["Rotations"]) == modelled.versions
            status = kms.get_key_rotation_status(KeyId=key)
            assert status["KeyRotationEnabled"] == (
                modelled.rotates_every is not None and not modelled.pending
            )

    @invariant()
    def aliases_are_as_modelled(self) -> None:
        listed = {
            alias["AliasName"].removeprefix("alias/"): alias["TargetKeyId"]
            for alias in self.scene.kms.list_aliases()["Aliases"]
            if "TargetKeyId" in alias
        }
        assert listed == {name: key.rpartition("/")[2] for name, key in self.aliases.items()}

    @invariant()
    def ciphertexts_open_while_their_key_is_enabled(self) -> None:
        for key, modelled in self.keys.items():
            versions = self.scene.kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")
            for blob, version in modelled.blobs:
                answer = self.does("decrypt", self.unusable(modelled), CiphertextBlob=blob)
                if answer:
                    assert answer["Plaintext"] == b"secret"
                    made_with = versions["Rotations"][version - 1]["KeyMaterialId"]
                    assert answer["KeyMaterialId"] == made_with
                may = "Decrypt" in modelled.grants.values()
                refusal = self.unusable(modelled) if may else "AccessDeniedException"
                self.does("decrypt", refusal, self.user, CiphertextBlob=blob)
        for blob in self.lost[-3:]:
            self.does("decrypt", "AccessDeniedException", CiphertextBlob=blob)


TestKeysBesideAModel = KeysBesideAModel.TestCase
TestKeysBesideAModel.settings = settings(max_examples=15, stateful_step_count=30, deadline=None)
