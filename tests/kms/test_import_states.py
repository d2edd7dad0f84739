"""Imports, deletions, expiry, rotations and states in any order, beside a small model of what AWS does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from import_scene import FOREVER, A, B, C, ImportScene
from tests.iam.in_process import InProcess

from keystead.model.key import ON_DEMAND_TAKES
from keystead.names import KeyArn

MATERIALS = st.sampled_from([A, B, C])
TYPES = st.sampled_from([None, "NEW_KEY_MATERIAL", "EXISTING_KEY_MATERIAL"])
SECONDS = st.sampled_from([None, 60, 600])
TAKES = ON_DEMAND_TAKES / 1000


@dataclass
class Version:
    """What the model knows of one material."""

    id: str
    staged: bool
    present: bool = True
    expires: float | None = None

    def there(self, now: float) -> bool:
        return self.present and (self.expires is None or now < self.expires)

    def import_state(self) -> str:
        """Expired material goes on as imported; deleted material does not."""
        return "IMPORTED" if self.present else "PENDING_IMPORT"


class ImportsBesideModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.scene = ImportScene(InProcess())
        self.versions: dict[bytes, Version] = {}
        self.current: bytes | None = None
        self.chosen = "Enabled"
        """The state but for missing material."""
        self.rotating: float | None = None
        self.blobs: list[tuple[bytes, str]] = []
        self.expired = 0

    def teardown(self) -> None:
        self.scene.inside.store.close()

    @property
    def now(self) -> float:
        return self.scene.inside.now

    @property
    def complete(self) -> bool:
        needed = [version for version in self.versions.values() if not version.staged]
        return bool(needed) and all(version.there(self.now) for version in needed)

    @property
    def state(self) -> str:
        if self.chosen == "PendingDeletion" or self.complete:
            return self.chosen
        return "PendingImport"

    def asked(self, call: Any, **given: Any) -> Any:
        """The answer, or the code of the refusal."""
        try:
            return call(**given)
        except ClientError as error:
            return error.response["Error"]["Code"]

    @rule(material=MATERIALS, kind=TYPES, seconds=SECONDS)
    def bring(self, material: bytes, kind: str | None, seconds: int | None) -> None:
        expires = None if seconds is None else int(self.now + seconds)
        more: dict[str, Any] = dict(FOREVER) if expires is None else {"ValidTo": _date(expires)}
        if kind is not None:
            more["ImportType"] = kind
        answer = self.asked(self.scene.kms.import_key_material, **self.scene.request(material, **more))
        if self.chosen == "PendingDeletion":
            assert answer == "KMSInvalidStateException"
            return
        new = not self.versions if kind is None else kind == "NEW_KEY_MATERIAL"
        known = self.versions.get(material)
        if new and known is None and any(version.staged for version in self.versions.values()):
            assert answer == "KMSInvalidStateException"
            return
        if new is (known is not None):
            assert answer == "IncorrectKeyMaterialException"
            return
        material_id = answer["KeyMaterialId"]
        if known is None:
            self.versions[material] = Version(material_id, staged=bool(self.versions))
            self.current = self.current or material
        assert self.versions[material].id == material_id
        self.versions[material].present = True
        self.versions[material].expires = expires
        self.chosen = "Enabled"

    @initialize(first=st.booleans())
    def start(self, first: bool) -> None:
        if first:
            self.bring(A, None, None)

    @precondition(lambda self: self.versions and len(self.versions) < 3)
    @rule(seconds=SECONDS)
    def stage(self, seconds: int | None) -> None:
        """What chance seldom finds: material that can be staged."""
        self.bring(next(one for one in (A, B, C) if one not in self.versions), "NEW_KEY_MATERIAL", seconds)

    @rule(material=MATERIALS | st.none())
    def lose(self, material: bytes | None) -> None:
        named = {}
        if material is not None:
            named = {"KeyMaterialId": self.versions[material].id if material in self.versions else "0" * 64}
        answer = self.asked(self.scene.kms.delete_imported_key_material, KeyId=self.scene.key, **named)
        lost = self.current if material is None else material
        if lost not in self.versions:
            assert answer == "ValidationException" if named else "KeyMaterialId" not in answer
            return
        assert lost is not None
        assert answer["KeyMaterialId"] == self.versions[lost].id
        if self.versions[lost].staged:
            del self.versions[lost]
        else:
            self.versions[lost].present, self.versions[lost].expires = False, None
            # What a key was before it lost its material is forgotten: it comes back enabled.
            self.settle()

    def settle(self) -> None:
        if not self.complete and self.chosen == "Disabled":
            self.chosen = "Enabled"

    @rule()
    def rotate(self) -> None:
        answer = self.asked(self.scene.kms.rotate_key_on_demand, KeyId=self.scene.key)
        if self.state == "Disabled":
            assert answer == "DisabledException"
        elif self.state != "Enabled" or (
            self.rotating is None and not any(version.staged for version in self.versions.values())
        ):
            assert answer == "KMSInvalidStateException"
        else:
            assert answer["KeyId"] == self.scene.key
            self.rotating = self.now if self.rotating is None else self.rotating

    @rule(seconds=st.sampled_from([1, TAKES, 61, 601]))
    def let_time_pass(self, seconds: float) -> None:
        before = {id(version) for version in self.versions.values() if version.there(self.now)}
        self.scene.inside.pass_time(seconds)
        self.expired += sum(
            id(version) in before and not version.there(self.now) for version in self.versions.values()
        )
        self.settle()
        if self.rotating is not None and self.rotating + TAKES <= self.now:
            self.rotating = None
            for material, version in self.versions.items():
                if version.staged:
                    version.staged = False
                    self.current = material
                    break
            self.settle()

    @rule(operation=st.sampled_from(["enable", "disable", "schedule", "cancel"]))
    def move(self, operation: str) -> None:
        call, states, leads_to = {
            "enable": ("enable_key", ("Enabled", "Disabled"), "Enabled"),
            "disable": ("disable_key", ("Enabled", "Disabled"), "Disabled"),
            "schedule": (
                "schedule_key_deletion",
                ("Enabled", "Disabled", "PendingImport"),
                "PendingDeletion",
            ),
            "cancel": ("cancel_key_deletion", ("PendingDeletion",), "Disabled"),
        }[operation]
        before = self.state
        answer = self.asked(getattr(self.scene.kms, call), KeyId=self.scene.key)
        if before in states:
            assert not isinstance(answer, str), answer
            self.chosen = leads_to
            self.settle()
        else:
            assert answer == "KMSInvalidStateException"

    @precondition(lambda self: self.state == "Enabled")
    @rule()
    def use(self) -> None:
        assert self.current is not None
        self.blobs.append((self.scene.encrypt(), self.versions[self.current].id))
        for blob, material in self.blobs:
            answer = self.scene.kms.decrypt(CiphertextBlob=blob)
            assert (answer["Plaintext"], answer["KeyMaterialId"]) == (b"x", material)

    @invariant()
    def it_is_described(self) -> None:
        told = self.scene.described()
        assert (told["KeyState"], told["Enabled"]) == (self.state, self.state == "Enabled")
        current = None if self.current is None else self.versions[self.current]
        assert told.get("CurrentKeyMaterialId") == (current and current.id)
        if not self.complete:
            assert not told.keys() & {"ExpirationModel", "ValidTo"}
        elif current is not None:
            assert told.get("ValidTo") == (None if current.expires is None else _date(current.expires))

    @invariant()
    def its_versions_are_listed(self) -> None:
        shown = {one["KeyMaterialId"]: one for one in self.scene.versions()}
        assert shown.keys() == {version.id for version in self.versions.values()}
        for material, version in self.versions.items():
            one = shown[version.id]
            assert one["ImportState"] == version.import_state()
            assert one["KeyMaterialState"] == (
                "PENDING_ROTATION"
                if version.staged
                else "CURRENT"
                if material == self.current
                else "NON_CURRENT"
            )
            assert one.get("ValidTo") == (None if version.expires is None else _date(version.expires))

    @invariant()
    def it_encrypts_only_when_it_is_enabled(self) -> None:
        answer = self.asked(self.scene.kms.encrypt, KeyId=self.scene.key, Plaintext=b"x")
        assert isinstance(answer, str) is (self.state != "Enabled")

    @invariant()
    def expired_material_is_gone_and_told_of_once(self) -> None:
        with self.scene.inside.store.read() as tx:
            kept = {str(one.id) for one in tx.key_materials(KeyArn.parse(self.scene.key)) if one.sealed}
        assert kept == {version.id for version in self.versions.values() if version.there(self.now)}
        told = [one["eventName"] for one in self.scene.inside.events()]
        assert told.count("DeleteExpiredKeyMaterial") == self.expired


def _date(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


TestImportsBesideModel = ImportsBesideModel.TestCase
TestImportsBesideModel.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
