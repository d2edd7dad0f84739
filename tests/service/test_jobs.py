"""What time does: once, whoever does it, and in spite of failures."""

import json
import os
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from tests.store.store_records import ACCOUNT, REGION, key_arn, plain_key

from keystead.crypto.material import Sealer
from keystead.kinds import KeyState
from keystead.model import Account, Key
from keystead.names import KeyArn
from keystead.service import jobs
from keystead.service.jobs import Jobs
from keystead.store import Store, StoreError, open_store

SEALER = Sealer(bytes(32))


def pending(number: int, date: int = 10) -> Key:
    return plain_key(key_arn(number), state=KeyState.PENDING_DELETION, deletion_date=date)


def fill(store: Store, *keys: Key) -> None:
    with store.write("test") as tx:
        if tx.account(ACCOUNT) is None:
            tx.add_account(Account(ACCOUNT, 1))
        for key in keys:
            tx.add_key(key, None)


def left(store: Store) -> list[KeyArn]:
    with store.read() as tx:
        return list(tx.keys(ACCOUNT, REGION, "", 9999))


def deleted(store: Store) -> list[str]:
    with store.read() as tx:
        records = [json.loads(event.record) for _, event in tx.events(0, 9999)]
    assert {record["eventName"] for record in records} <= {"DeleteKey"}
    return sorted(record["resources"][0]["ARN"] for record in records)


def test_what_is_due_is_done_and_nothing_else() -> None:
    store = open_store(":memory:")
    fill(store, pending(1), pending(2, 11), replace(pending(3), state=KeyState.DISABLED))
    work = Jobs(store, SEALER, os.urandom)
    assert not work.run(9)
    assert deleted(store) == []
    assert not work.run(10)
    assert deleted(store) == [str(pending(1).arn)]
    assert left(store) == [pending(2).arn, pending(3).arn]
    work.run(10**12)
    assert left(store) == [pending(3).arn]
    store.close()


def test_a_run_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_KEYS", 3)
    store = open_store(":memory:")
    fill(store, *(pending(number) for number in range(7)))
    work = Jobs(store, SEALER, os.urandom)
    assert [work.run(10), len(left(store))] == [True, 4]
    assert [work.run(10), len(left(store))] == [True, 1]
    assert [work.run(10), len(left(store))] == [False, 0]
    store.close()


def test_two_processes_do_each_thing_once(tmp_path: Path) -> None:
    file = str(tmp_path / "keys.db")
    stores = [open_store(file, durable=False) for _ in range(2)]
    keys = [pending(number) for number in range(60)]
    fill(stores[0], *keys)
    works = [Jobs(store, SEALER, os.urandom) for store in stores]
    threads = [threading.Thread(target=work.run, args=(10,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert left(stores[0]) == []
    assert deleted(stores[0]) == sorted(str(key.arn) for key in keys)
    for store in stores:
        store.close()


def test_a_key_that_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(":memory:")
    fill(store, *(pending(number) for number in range(3)))
    work = Jobs(store, SEALER, os.urandom)
    step = work._step

    def stumble(arn: KeyArn, now: int) -> bool:
        if arn == pending(0).arn:
            raise StoreError("the disk is full")
        return step(arn, now)

    monkeypatch.setattr(work, "_step", stumble)
    work.run(10)
    assert left(store) == [pending(0).arn]
    monkeypatch.undo()
    work.run(10)
    assert left(store) == []
    store.close()


def test_keys_that_all_fail_are_not_tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_KEYS", 3)
    store = open_store(":memory:")
    fill(store, *(pending(number) for number in range(7)))
    work = Jobs(store, SEALER, os.urandom)

    def fail(arn: KeyArn, now: int) -> bool:
        raise StoreError("the disk is full")

    monkeypatch.setattr(work, "_step", fail)
    assert not work.run(10)
    store.close()


def test_an_event_that_cannot_be_stored_keeps_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(":memory:")
    fill(store, pending(1))
    work = Jobs(store, SEALER, os.urandom)

    def fail(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("keystead.store.transactions.SqlWriteTx.append_events", fail)
    work.run(10)
    assert left(store) == [pending(1).arn]
    monkeypatch.undo()
    work.run(10)
    assert deleted(store) == [str(pending(1).arn)]
    store.close()


def test_scrubbing_is_tried_until_it_succeeds(tmp_path: Path) -> None:
    file = tmp_path / "keys.db"
    store, other = (open_store(str(file), durable=False) for _ in range(2))
    fill(store, pending(1))
    log = tmp_path / "keys.db-wal"
    work = Jobs(store, SEALER, os.urandom)
    with other.read() as reading:
        assert reading.key(REGION, pending(1).arn.key_id) is not None
        work.run(10)
        assert left(store) == []
        assert log.stat().st_size > 0
    work.run(10)
    assert log.stat().st_size == 0
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM kms_key").fetchone() == (0,)
    connection.close()
    store.close()
    other.close()
