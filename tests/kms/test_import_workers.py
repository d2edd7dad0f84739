"""Two workers with one database: imports at once, expiry, and nothing left of what is deleted."""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from import_scene import A, B, C, ImportScene
from tests.iam.in_process import InProcess
from world import refused

from keystead.names import KeyArn
from keystead.store import open_store


@dataclass
class Workers:
    """Two services over one file; `first` made the key."""

    first: ImportScene
    second: ImportScene
    directory: Path


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    file = str(tmp_path / "keys.db")
    scenes = [
        ImportScene(InProcess(store=open_store(file, durable=False), random=_chance(number)))
        for number in range(2)
    ]
    scenes[1].key = scenes[0].key
    yield Workers(*scenes, tmp_path)
    for scene in scenes:
        scene.inside.store.close()


def _chance(number: int) -> Any:
    """Workers draw apart."""
    return random.Random(number).randbytes


def test_one_learns_what_the_other_did(workers: Workers) -> None:
    first, second = workers.first, workers.second
    material = first.bring(A)
    blob = second.encrypt()
    assert second.kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] == material
    first.lose()
    assert refused("KMSInvalidStateException", second.encrypt) == f"{first.key} is pending import."
    assert second.bring(A) == material, "a token of either, an id of both"
    assert first.kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


def test_expiry_happens_once(workers: Workers) -> None:
    first, second = workers.first, workers.second
    first.bring(A, ValidTo=datetime.fromtimestamp(int(first.inside.now + 60), UTC))
    second.encrypt()
    second.inside.now += 60
    refused("KMSInvalidStateException", second.encrypt)
    for scene in (second, first):
        scene.inside.now = second.inside.now
        scene.inside.pass_time(1)
    names = [event["eventName"] for event in first.inside.events()]
    assert names.count("DeleteExpiredKeyMaterial") == 1


def test_of_two_first_materials_at_once_one_stays(workers: Workers) -> None:
    """The other is refused as not the one that the key has."""
    barrier = threading.Barrier(2)
    outcomes: dict[bytes, str] = {}

    def bring(scene: ImportScene, material: bytes) -> None:
        given = scene.request(material)
        barrier.wait()
        try:
            scene.kms.import_key_material(**given)
            outcomes[material] = "imported"
        except ClientError as error:
            outcomes[material] = error.response["Error"]["Code"]

    threads = [
        threading.Thread(target=bring, args=pair) for pair in ((workers.first, A), (workers.second, B))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes.values()) == ["IncorrectKeyMaterialException", "imported"]
    workers.first.inside.service.refresh()
    assert len(workers.first.versions()) == 1
    workers.first.encrypt()


def test_deleted_and_expired_material_leaves_the_files(workers: Workers) -> None:
    scene = workers.first
    arn = KeyArn.parse(scene.key)
    scene.bring(A)
    scene.stage(B)
    scene.kms.rotate_key_on_demand(KeyId=scene.key)
    scene.inside.pass_time(10)
    staged = scene.stage(C)
    with scene.inside.store.read() as tx:
        sealed = {version.id: version.sealed for version in tx.key_materials(arn)}
    assert len(sealed) == 3
    assert all(one is not None and one in _files(workers.directory) for one in sealed.values())
    scene.lose(KeyMaterialId=staged)
    scene.lose()
    scene.bring(A, ValidTo=datetime.fromtimestamp(int(scene.inside.now + 60), UTC))
    scene.inside.pass_time(61)
    content = _files(workers.directory)
    assert all(one is not None and one not in content for one in sealed.values())
    with scene.inside.store.read() as tx:
        assert [version.sealed for version in tx.key_materials(arn)] == [None, None]


def _files(directory: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(directory.iterdir()))
