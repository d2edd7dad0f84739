"""Markers of the List operations: opaque, and good for the list that gave them alone."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from scene import ROOT, Scene
from tests.iam.in_process import InProcess
from world import refused

from keystead.crypto.material import Sealer
from keystead.kinds import KeyState


@pytest.fixture
def full(scene: Scene) -> Scene:
    """Two of everything on the scene's key."""
    for name in ("a", "b"):
        scene.kms.create_key()
        scene.kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=scene.key)
        scene.kms.tag_resource(KeyId=scene.key, Tags=[{"TagKey": name, "TagValue": ""}])
        scene.grant_to_root("Encrypt", RetiringPrincipal=ROOT)
        scene.kms.rotate_key_on_demand(KeyId=scene.key)
        scene.inside.pass_time(60)
    return scene


LISTS: dict[str, Callable[[Any, str], tuple[str, dict[str, str]]]] = {
    "ListKeys": lambda kms, key: (kms.list_keys, {}),
    "ListAliases": lambda kms, key: (kms.list_aliases, {}),
    "ListAliases of a key": lambda kms, key: (kms.list_aliases, {"KeyId": key}),
    "ListResourceTags": lambda kms, key: (kms.list_resource_tags, {"KeyId": key}),
    "ListGrants": lambda kms, key: (kms.list_grants, {"KeyId": key}),
    "ListRetirableGrants": lambda kms, key: (kms.list_retirable_grants, {"RetiringPrincipal": ROOT}),
    "ListKeyRotations": lambda kms, key: (kms.list_key_rotations, {"KeyId": key}),
}


def marker_of(scene: Scene, name: str) -> str:
    call, asked = LISTS[name](scene.kms, scene.key)
    answer = call(**asked, Limit=1)
    assert answer["Truncated"] is True
    return str(answer["NextMarker"])


@pytest.mark.parametrize("name", LISTS)
def test_a_marker_is_good_for_its_list_alone(full: Scene, name: str) -> None:
    marker = marker_of(full, name)
    other = full.kms.create_key()["KeyMetadata"]["Arn"]
    for of in LISTS:
        call, asked = LISTS[of](full.kms, full.key)
        if of == name:
            assert call(**asked, Marker=marker)
            assert call(**asked, Marker=marker, Limit=1000)
        else:
            assert refused("InvalidMarkerException", call, **asked, Marker=marker) == ""
        if "KeyId" in asked:
            refused("InvalidMarkerException", call, KeyId=other, Marker=marker)


@pytest.mark.parametrize("name", LISTS)
def test_a_marker_is_opaque_and_fits_its_shape(full: Scene, name: str) -> None:
    one, two = marker_of(full, name), marker_of(full, name)
    assert one != two, "sealed anew each time"
    assert 1 <= len(one) <= 1024
    call, asked = LISTS[name](full.kms, full.key)
    sealed = base64.urlsafe_b64decode(one)
    flipped = base64.urlsafe_b64encode(sealed[:-1] + bytes([sealed[-1] ^ 1])).decode()
    for forged in (flipped, one[1:], one + one, "x", "=", "übel"):
        assert refused("InvalidMarkerException", call, **asked, Marker=forged) == ""


def test_a_marker_of_another_installation_is_none(full: Scene) -> None:
    marker = marker_of(full, "ListKeys")
    other = InProcess()
    other.service._sealer = Sealer(b"\x08" * 32)
    refused("InvalidMarkerException", other.client("kms").list_keys, Marker=marker)
    other.store.close()


def test_a_page_goes_on_behind_what_was_deleted_meanwhile(full: Scene) -> None:
    keys = [key["KeyArn"] for key in full.kms.list_keys()["Keys"]]
    marker = full.kms.list_keys(Limit=1)["NextMarker"]
    full.kms.schedule_key_deletion(KeyId=keys[0], PendingWindowInDays=7)
    full.inside.pass_time(8 * 86_400)
    assert [key["KeyArn"] for key in full.kms.list_keys(Marker=marker)["Keys"]] == keys[1:]


def test_keys_in_pages_of_a_hundred_in_every_state(scene: Scene) -> None:
    for _ in range(101):
        scene.kms.create_key()
    scene.set_state(KeyState.PENDING_DELETION)
    answer = scene.kms.list_keys()
    assert (len(answer["Keys"]), answer["Truncated"]) == (100, True)
    whole = scene.kms.list_keys(Limit=1000)
    assert (len(whole["Keys"]), whole["Truncated"], "NextMarker" in whole) == (102, False, False)
    pages = scene.kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 7})
    assert [key for page in pages for key in page["Keys"]] == whole["Keys"]
    assert scene.key in [key["KeyArn"] for key in whole["Keys"]]


def test_nothing_is_shared_by_other_accounts(scene: Scene) -> None:
    scene.kms.create_key()
    self_, shared = "SELF", "OTHER_ACCOUNTS_VIA_RAM"
    assert len(scene.kms.list_keys(ResourceOwners=[self_])["Keys"]) == 2
    assert len(scene.kms.list_keys(ResourceOwners=[shared, self_])["Keys"]) == 2
    answer = scene.kms.list_keys(ResourceOwners=[shared])
    assert (answer["Keys"], answer["Truncated"]) == ([], False)
    marker = scene.kms.list_keys(Limit=1)["NextMarker"]
    scene.kms.list_keys(Marker=marker, ResourceOwners=[self_])
    refused("InvalidMarkerException", scene.kms.list_keys, Marker=marker, ResourceOwners=[shared])


def test_a_key_has_one_policy(scene: Scene) -> None:
    answer = scene.kms.list_key_policies(KeyId=scene.key)
    assert (answer["PolicyNames"], answer["Truncated"]) == (["default"], False)
    refused("InvalidMarkerException", scene.kms.list_key_policies, KeyId=scene.key, Marker="x")
