"""Nothing of a deleted key is left in the files."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import store_records as make

from keystead.model import KeyMaterial
from keystead.names import KeyMaterialId
from keystead.store import Store, open_store

KEYS = 400


def found(directory: Path, secrets: list[bytes]) -> list[int]:
    """Which of the secrets are anywhere in the files of a database."""
    content = b"".join(file.read_bytes() for file in sorted(directory.iterdir()))
    return [number for number, secret in enumerate(secrets) if secret in content]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[tuple[Store, list[bytes]]]:
    """Keys with policies of several sizes, so that rows are moved between pages; each with a secret."""
    chance = random.Random(7)
    store = open_store(str(tmp_path / "keys.db"), durable=False)
    secrets = [chance.randbytes(77) for _ in range(KEYS)]
    with store.write("test") as tx:
        tx.add_account(make.account())
    order = list(range(KEYS))
    chance.shuffle(order)
    for number in order:
        arn = make.key_arn(number)
        with store.write("test") as tx:
            key = replace(make.key(number), policy="p" * chance.choice([10, 900, 5000]))
            tx.add_key(key, KeyMaterial(arn, make.MATERIAL, secrets[number], 1))
            if chance.random() < 0.3:
                later = KeyMaterialId(f"{number:064x}")
                tx.add_key_material(KeyMaterial(arn, later, chance.randbytes(77), 2))
    yield store, secrets
    store.close()


def test_material_of_deleted_keys_is_gone_from_all_files(
    tmp_path: Path, filled: tuple[Store, list[bytes]]
) -> None:
    store, secrets = filled
    assert found(tmp_path, secrets) == list(range(KEYS))
    chance = random.Random(8)
    gone = chance.sample(range(KEYS), KEYS // 2)
    for number in gone:
        with store.write("test") as tx:
            tx.delete_key(make.key_arn(number))
    assert store.scrub()
    assert (tmp_path / "keys.db-wal").stat().st_size == 0
    assert found(tmp_path, secrets) == sorted(set(range(KEYS)) - set(gone))


def test_a_reader_is_waited_for_and_not_interrupted(
    tmp_path: Path, filled: tuple[Store, list[bytes]]
) -> None:
    store, secrets = filled
    other = open_store(str(tmp_path / "keys.db"), durable=False)
    with store.write("test") as tx:
        tx.delete_key(make.key_arn(0))
    with other.read() as reading:
        assert reading.key(make.REGION, make.key_arn(1).key_id) is not None
        with store.write("test") as tx:
            tx.delete_key(make.key_arn(2))
        assert not store.scrub()
        assert reading.key(make.REGION, make.key_arn(2).key_id) is not None
    assert store.scrub()
    assert found(tmp_path, [secrets[0], secrets[2]]) == []
    other.close()


def test_in_memory_there_is_nothing_to_do() -> None:
    store = open_store(":memory:")
    assert store.scrub()
    store.close()
