"""What a process remembers of the aliases of keys: true after every change, and not thrown away by others."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.store_records import ACCOUNT, REGION, key_arn, plain_key

from keystead.crypto.material import Sealer
from keystead.model import Account, Alias
from keystead.names import AliasArn, AliasName, KeyArn
from keystead.service.bounded import Bounded
from keystead.service.cached_records import CachedRecords
from keystead.service.compiled_policies import CompiledPolicies
from keystead.store import Store, WriteTx, open_store

KEYS = [key_arn(n) for n in range(3)]
NAMES = [AliasName(f"alias/{letter}") for letter in "abc"]


def with_keys(location: str) -> Store:
    store = open_store(location, durable=False)
    with store.write("test") as tx:
        tx.add_account(Account(ACCOUNT, 1))
        for arn in KEYS:
            tx.add_key(plain_key(arn), None)
    return store


def point(tx: WriteTx, name: AliasName, target: KeyArn | None) -> None:
    """Makes, moves or deletes an alias."""
    arn = AliasArn(REGION, ACCOUNT, name)
    there = tx.alias(arn)
    if target is None:
        if there is not None:
            tx.delete_alias(arn)
    elif there is None:
        tx.add_alias(Alias(arn, target.key_id, 1, 1))
    else:
        tx.set_alias_target(arn, target.key_id, 2)


def cached(store: Store) -> CachedRecords:
    return CachedRecords(store, Sealer(bytes(32)), CompiledPolicies())


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[Store, CachedRecords]]:
    """A store that changes aliases, and another process's records of the same file."""
    file = str(tmp_path / "keystead.db")
    changing, reading = with_keys(file), open_store(file, durable=False)
    yield changing, cached(reading)
    reading.close()
    changing.close()


def test_an_alias_that_moves_leaves_one_key_and_comes_to_the_other(
    other: tuple[Store, CachedRecords],
) -> None:
    store, records = other
    for target in (KEYS[0], KEYS[1], None, KEYS[1]):
        with store.write("test") as tx:
            point(tx, NAMES[0], target)
        records.refresh()
        assert [records.alias_names(arn) for arn in KEYS[:2]] == [
            (NAMES[0],) if arn is target else () for arn in KEYS[:2]
        ]


def test_the_names_of_other_keys_stay_in_memory(other: tuple[Store, CachedRecords]) -> None:
    store, records = other
    with store.write("test") as tx:
        point(tx, NAMES[0], KEYS[0])
    records.refresh()
    kept = records.alias_names(KEYS[0])
    with store.write("test") as tx:
        point(tx, NAMES[1], KEYS[1])
        point(tx, NAMES[1], KEYS[2])
        point(tx, NAMES[1], None)
    records.refresh()
    assert records.alias_names(KEYS[0]) is kept


@settings(max_examples=50, deadline=None)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from([*KEYS, None]), st.booleans()), max_size=12
    )
)
def test_what_is_remembered_is_what_is_stored(
    moves: Sequence[tuple[AliasName, KeyArn | None, bool]],
) -> None:
    store = with_keys(":memory:")
    try:
        records = cached(store)
        records.refresh()
        for name, target, look in moves:
            with store.write("test") as tx:
                point(tx, name, target)
            if look:
                records.refresh()
                for arn in KEYS:
                    with store.read() as reading:
                        stored = tuple(alias.name for alias in reading.aliases_of_key(arn, "", 10))
                    assert records.alias_names(arn) == stored
    finally:
        store.close()


def test_a_change_that_is_learned_while_a_thread_keeps_what_it_loaded(
    other: tuple[Store, CachedRecords], monkeypatch: pytest.MonkeyPatch
) -> None:
    changing, records = other
    with changing.write("test") as tx:
        point(tx, NAMES[0], KEYS[0])
    records.refresh()
    keeps, keep = threading.Event(), Bounded.keep

    def slowly(cache: Bounded[object, object], name: object, value: object) -> None:
        keeps.set()
        time.sleep(0.1)
        keep(cache, name, value)

    monkeypatch.setattr(Bounded, "keep", slowly)
    arn = AliasArn(REGION, ACCOUNT, NAMES[0])
    loading = threading.Thread(target=records.alias, args=(arn,))
    loading.start()
    assert keeps.wait(10)
    with changing.write("test") as tx:
        point(tx, NAMES[0], KEYS[1])
    records.refresh()
    loading.join()
    now = records.alias(arn)
    assert now is not None
    assert now.target == KEYS[1].key_id
