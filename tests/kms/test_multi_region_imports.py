"""Imported material of multi-Region keys: each Region imports for itself, the primary stages and rotates."""

from collections.abc import Iterator
from typing import Any

import pytest
from import_scene import FOREVER, A, B, C, ImportScene
from related import ELSEWHERE, HERE, PASSING, THERE
from tests.iam.in_process import InProcess
from world import refused

from keystead.model.key import ON_DEMAND_TAKES
from keystead.service.kms import imports


class Regional(ImportScene):
    """The same key in another Region."""

    def __init__(self, inside: InProcess, region: str, key_id: str) -> None:
        super().__init__(inside)
        self.kms = inside.client("kms", region=region)
        self.key = f"arn:aws:kms:{region}:000000000000:key/{key_id}"


class Importing:
    """A multi-Region key with material A, and its replicas, which have none yet."""

    def __init__(self, *replicas: str) -> None:
        self.inside = InProcess()
        kms = self.inside.client("kms")
        key_id = kms.create_key(Origin="EXTERNAL", MultiRegion=True)["KeyMetadata"]["KeyId"]
        self.at = {region: Regional(self.inside, region, key_id) for region in (HERE, THERE, ELSEWHERE)}
        self.first = self.at[HERE].bring(A, KeyMaterialDescription="first")
        for region in replicas:
            kms.replicate_key(KeyId=key_id, ReplicaRegion=region)
        self.inside.pass_time(PASSING)

    def states(self, *regions: str) -> list[str]:
        return [self.at[region].state() for region in regions]

    def staged(self, region: str) -> list[tuple[str, str]]:
        """State of material and of import of what is no rotation's yet."""
        return [
            (entry["KeyMaterialState"], entry["ImportState"])
            for entry in self.at[region].versions()
            if entry["KeyMaterialState"].startswith("PENDING")
        ]

    def rotate(self) -> None:
        self.at[HERE].kms.rotate_key_on_demand(KeyId=self.at[HERE].key)
        self.inside.pass_time(ON_DEMAND_TAKES / 1000)


IMPORT_AND_ROTATION = "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"


@pytest.fixture
def pair() -> Iterator[Importing]:
    made = Importing(THERE)
    yield made
    made.inside.store.close()


@pytest.fixture
def three() -> Iterator[Importing]:
    made = Importing(THERE, ELSEWHERE)
    yield made
    made.inside.store.close()


def test_a_replica_waits_for_its_own_import(pair: Importing) -> None:
    there = pair.at[THERE]
    described = there.described()
    assert described["KeyState"] == "PendingImport"
    assert described["CurrentKeyMaterialId"] == pair.first
    assert "ExpirationModel" not in described
    (version,) = there.versions()
    assert (version["ImportState"], version["KeyMaterialDescription"]) == ("PENDING_IMPORT", "first")
    assert there.bring(A) == pair.first
    assert pair.states(HERE, THERE) == ["Enabled", "Enabled"]
    blob = pair.at[HERE].encrypt()
    assert there.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


def test_a_replica_that_is_being_created_shows_the_expiration_model() -> None:
    one = Importing()
    answer = one.at[HERE].kms.replicate_key(KeyId=one.at[HERE].key, ReplicaRegion=THERE)
    metadata = answer["ReplicaKeyMetadata"]
    assert metadata["KeyState"] == "Creating"
    assert metadata["ExpirationModel"] == FOREVER["ExpirationModel"]
    assert "CurrentKeyMaterialId" not in metadata
    one.inside.store.close()


def test_a_key_without_material_has_no_replicas() -> None:
    one = Importing()
    here = one.at[HERE]
    here.lose()
    asked = {"KeyId": here.key, "ReplicaRegion": THERE}
    assert refused("KMSInvalidStateException", here.kms.replicate_key, **asked) == (
        f"{here.key} is pending import."
    )
    one.inside.store.close()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"ImportType": "NEW_KEY_MATERIAL"},
            "Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys",
        ),
        (
            {"KeyMaterialDescription": "mine"},
            "Key material description can only be specified on primary Multi-Region keys",
        ),
    ],
)
def test_a_replica_neither_stages_nor_describes(pair: Importing, more: dict[str, Any], said: str) -> None:
    there = pair.at[THERE]
    assert refused("ValidationException", there.kms.import_key_material, **there.request(B, **more)) == said


@pytest.mark.parametrize("more", [{"ImportType": "NEW_KEY_MATERIAL"}, {"KeyMaterialDescription": "mine"}])
def test_nor_does_one_that_became_a_replica_meanwhile(
    pair: Importing, more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = pair.at[HERE]
    pair.at[THERE].bring(A)
    request = here.request(B if "ImportType" in more else A, **more)
    seal = imports.seal_material

    def promoted_meanwhile(*arguments: Any) -> bytes:
        here.kms.update_primary_region(KeyId=here.key, PrimaryRegion=THERE)
        return seal(*arguments)

    monkeypatch.setattr(imports, "seal_material", promoted_meanwhile)
    refused("ValidationException", here.kms.import_key_material, **request)
    assert pair.staged(HERE) == pair.staged(THERE) == []
    assert [entry["KeyMaterialDescription"] for entry in here.versions()] == ["first"]


def test_staged_material_is_awaited_in_every_region(three: Importing) -> None:
    for region in (THERE, ELSEWHERE):
        three.at[region].bring(A)
    second = three.at[HERE].stage(B, KeyMaterialDescription="second")
    assert [three.staged(region) for region in three.at] == [
        [(IMPORT_AND_ROTATION, "IMPORTED")],
        [(IMPORT_AND_ROTATION, "PENDING_IMPORT")],
        [(IMPORT_AND_ROTATION, "PENDING_IMPORT")],
    ]
    for region in (THERE, ELSEWHERE):
        assert refused(
            "KMSInvalidStateException", three.at[HERE].kms.rotate_key_on_demand, KeyId=three.at[HERE].key
        ).startswith("Cannot perform key material rotation")
        assert three.at[region].bring(B) == second
    assert [three.staged(region) for region in three.at] == [[("PENDING_ROTATION", "IMPORTED")]] * 3
    assert three.states(*three.at) == ["Enabled"] * 3
    three.rotate()
    for region in three.at:
        assert three.at[region].described()["CurrentKeyMaterialId"] == second
        assert three.staged(region) == []
        assert three.at[region].versions()[1]["KeyMaterialDescription"] == "second"
    assert three.states(*three.at) == ["Enabled"] * 3


def test_imports_come_in_any_order(pair: Importing) -> None:
    pair.at[HERE].stage(B)
    pair.at[THERE].bring(B)
    assert pair.states(THERE) == ["PendingImport"]
    pair.rotate()
    assert pair.states(HERE, THERE) == ["Enabled", "PendingImport"]
    pair.at[THERE].bring(A)
    assert pair.states(THERE) == ["Enabled"]


def test_deleting_what_is_staged(pair: Importing) -> None:
    pair.at[THERE].bring(A)
    second = pair.at[HERE].stage(B)
    pair.at[THERE].bring(B)
    pair.at[THERE].lose(KeyMaterialId=second)
    assert pair.staged(HERE) == [(IMPORT_AND_ROTATION, "IMPORTED")]
    assert pair.staged(THERE) == [(IMPORT_AND_ROTATION, "PENDING_IMPORT")]
    pair.at[HERE].lose(KeyMaterialId=second)
    assert [len(pair.at[region].versions()) for region in (HERE, THERE)] == [1, 1]
    assert pair.states(HERE, THERE) == ["Enabled", "Enabled"]
    third = pair.at[HERE].stage(C)
    assert pair.at[THERE].bring(C) == third


def test_losing_the_current_material_is_regional(pair: Importing) -> None:
    pair.at[THERE].bring(A)
    pair.at[HERE].lose()
    assert pair.states(HERE, THERE) == ["PendingImport", "Enabled"]
    pair.at[THERE].encrypt()


def test_expiry_is_regional(pair: Importing) -> None:
    soon = int(pair.inside.now) + 60
    pair.at[THERE].bring(A, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=soon)
    pair.inside.pass_time(120)
    assert pair.states(HERE, THERE) == ["Enabled", "PendingImport"]


def test_a_description_is_changed_in_every_region(pair: Importing) -> None:
    pair.at[HERE].bring(A, KeyMaterialDescription="other words")
    assert pair.at[THERE].versions()[0]["KeyMaterialDescription"] == "other words"


def test_a_replica_made_while_material_is_staged_awaits_it_too(pair: Importing) -> None:
    pair.at[THERE].bring(A)
    pair.at[HERE].stage(B)
    pair.at[THERE].bring(B)
    pair.at[HERE].kms.replicate_key(KeyId=pair.at[HERE].key, ReplicaRegion=ELSEWHERE)
    pair.inside.pass_time(PASSING)
    assert pair.staged(HERE) == [(IMPORT_AND_ROTATION, "IMPORTED")]
    assert pair.staged(ELSEWHERE) == [(IMPORT_AND_ROTATION, "PENDING_IMPORT")]


def test_the_new_primary_stages(pair: Importing) -> None:
    pair.at[THERE].bring(A)
    pair.at[HERE].kms.update_primary_region(KeyId=pair.at[HERE].key, PrimaryRegion=THERE)
    pair.inside.pass_time(PASSING)
    assert pair.states(HERE, THERE) == ["Enabled", "Enabled"]
    refused("ValidationException", pair.at[HERE].stage, material=B)
    pair.at[THERE].stage(B)
    assert pair.staged(HERE) == [(IMPORT_AND_ROTATION, "PENDING_IMPORT")]


def test_material_that_is_lost_while_updating_is_awaited(pair: Importing) -> None:
    soon = int(pair.inside.now + PASSING) + 1
    pair.at[THERE].bring(A, ExpirationModel="KEY_MATERIAL_EXPIRES", ValidTo=soon)
    pair.inside.pass_time(soon - pair.inside.now - PASSING / 2)
    pair.at[HERE].kms.update_primary_region(KeyId=pair.at[HERE].key, PrimaryRegion=THERE)
    pair.inside.pass_time(PASSING * 2)
    assert pair.states(HERE, THERE) == ["Enabled", "PendingImport"]
