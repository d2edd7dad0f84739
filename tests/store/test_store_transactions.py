"""What transactions promise: whole or not at all, one snapshot, one at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest
import store_records as make

from keystead.kinds import KeyState
from keystead.store import AlreadyExists, ReadTx, Store, StoreError, Topic, WriteTx, open_store


def names(tx: ReadTx) -> list[str]:
    return [alias.name.removeprefix("alias/") for alias in tx.aliases(make.ACCOUNT, make.REGION, "", 10_000)]


def add_and_interrupt(tx: WriteTx) -> None:
    tx.add_alias(make.alias("alias/b"))
    tx.append_events(make.events(1))
    raise make.Interruption


@pytest.fixture
def ready(store: Store) -> Store:
    with store.write("prepare") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
    return store


def test_an_exception_rolls_back_and_comes_out_as_it_was(ready: Store) -> None:
    def work(tx: WriteTx) -> None:
        tx.add_alias(make.alias())
        tx.append_events(make.events(1))

    with pytest.raises(make.Interruption):
        make.interrupted(ready.write("test"), work)
    with ready.read() as tx:
        assert names(tx) == []
        assert tx.events(0, 1) == ()


def test_a_write_sees_its_own_changes(ready: Store) -> None:
    with ready.write("test") as tx:
        tx.add_alias(make.alias())
        assert names(tx) == ["pay"]


def test_already_exists_leaves_the_transaction_usable(ready: Store) -> None:
    with ready.write("test") as tx:
        with pytest.raises(AlreadyExists):
            tx.add_key(make.bare_key(1), None)
        tx.add_alias(make.alias())
    with ready.read() as tx:
        assert names(tx) == ["pay"]
        assert tx.key(make.REGION, make.key_arn(1).key_id) == make.key(1)


def test_a_savepoint_undoes_its_part_and_its_changes(ready: Store) -> None:
    ready.changes()
    with ready.write("test") as tx:
        tx.add_alias(make.alias("alias/a"))
        with pytest.raises(make.Interruption), tx.savepoint():
            add_and_interrupt(tx)
        with tx.savepoint(), tx.savepoint():
            tx.add_alias(make.alias("alias/c"))
    with ready.read() as tx:
        assert names(tx) == ["a", "c"]
        assert tx.events(0, 1) == ()
    of_aliases = [change.subject for change in ready.changes() or () if change.topic is Topic.ALIAS]
    assert of_aliases == [str(make.alias_arn("alias/a")), str(make.alias_arn("alias/c"))]


def test_a_read_sees_one_snapshot(file: str) -> None:
    store, other = open_store(file, durable=False), open_store(file, durable=False)
    with other.write("prepare") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
    with store.read() as tx:
        assert names(tx) == []
        with other.write("meanwhile") as writing:
            writing.add_alias(make.alias())
            writing.set_key_life(replace(make.key(1), state=KeyState.DISABLED))
        assert names(tx) == []
        assert tx.key(make.REGION, make.key_arn(1).key_id) == make.key(1)
    with store.read() as tx:
        assert names(tx) == ["pay"]
    store.close()
    other.close()


def test_a_read_inside_a_read_joins_it(ready: Store) -> None:
    with ready.read() as outer, ready.read() as inner:
        assert inner is outer
    with ready.read() as tx:
        assert tx.accounts() == (make.account(),)


def test_transactions_of_a_thread_do_not_nest(ready: Store) -> None:
    with ready.write("outer"):
        with (
            pytest.raises(StoreError, match="a read was begun inside of the transaction `outer`"),
            ready.read(),
        ):
            pass
        with pytest.raises(StoreError, match="`inner` was begun inside of the transaction `outer`"):
            ready.write("inner").__enter__()
        with pytest.raises(StoreError, match="appending events was begun inside"):
            ready.append_events(make.events(1))
    with ready.read():
        with pytest.raises(StoreError, match="`inner` was begun inside of a read"):
            ready.write("inner").__enter__()
        with pytest.raises(StoreError, match="inside of a read"):
            ready.changes()
        with pytest.raises(StoreError, match="inside of a read"):
            ready.close()
    with ready.write("after") as tx:
        tx.add_alias(make.alias())


def test_a_transaction_that_has_ended_refuses(ready: Store) -> None:
    with ready.write("test") as writing:
        pass
    with ready.read() as reading:
        pass
    tx: ReadTx
    for tx in (reading, writing):
        with pytest.raises(StoreError, match="has ended"):
            tx.accounts()
    with pytest.raises(StoreError, match="has ended"):
        writing.append_events(make.events(1))


def test_threads_write_and_read_together(ready: Store) -> None:
    """Every write adds two aliases in one transaction; no read may ever see an odd number."""
    done = threading.Event()
    seen: list[int] = []

    def write(thread: int) -> None:
        for number in range(15):
            with ready.write("pair") as tx:
                tx.add_alias(make.alias(f"alias/{thread}-{number}-a"))
                tx.add_alias(make.alias(f"alias/{thread}-{number}-b"))
            ready.append_events(make.events(3))

    def read() -> None:
        while not done.is_set():
            with ready.read() as tx:
                seen.append(len(names(tx)))
            ready.changes()

    with ThreadPoolExecutor() as pool:
        reads = [pool.submit(read) for _ in range(2)]
        for write_done in [pool.submit(write, thread) for thread in range(3)]:
            write_done.result(30)
        done.set()
        for read_done in reads:
            read_done.result(30)
    with ready.read() as tx:
        assert len(names(tx)) == 90
        assert len(tx.events(0, 1000)) == 135
    assert seen
    assert all(count % 2 == 0 for count in seen)


@pytest.mark.parametrize("memory", [False, True])
def test_a_writer_that_waits_too_long_says_for_whom(file: str, memory: bool) -> None:
    store = open_store(":memory:" if memory else file, durable=False, patience=0.05)
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        with store.write("CreateKey"):
            holding.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(10)
    waited = r"`ScheduleKeyDeletion` waited 0.05 s for the transaction `CreateKey`"
    with pytest.raises(StoreError, match=waited):
        store.write("ScheduleKeyDeletion").__enter__()
    with pytest.raises(StoreError, match="`append_events` waited"):
        store.append_events(make.events(1))
    release.set()
    thread.join()
    with store.write("CreateAlias") as tx:
        tx.add_account(make.account())
    store.close()


def test_a_lock_of_another_connection_is_told_in_words(file: str) -> None:
    store, other = open_store(file), open_store(file, patience=0.05)
    with store.write("CreateKey"):
        with (
            pytest.raises(
                StoreError, match=r"`CreateAlias` failed: the database is locked .* \(SQLITE_BUSY\)"
            ),
            other.write("CreateAlias"),
        ):
            pass
        with pytest.raises(StoreError, match="appending events failed: the database is locked"):
            other.append_events(make.events(1))
        with other.read() as tx:
            assert tx.accounts() == ()
        assert other.changes() == ()
    with other.write("CreateAlias") as writing:
        writing.add_account(make.account())
    other.append_events(make.events(1))
    store.close()
    other.close()


def test_many_events_that_cannot_be_appended_leave_nothing(file: str) -> None:
    store, other = open_store(file, durable=False), open_store(file, durable=False, patience=0.05)
    with store.write("CreateKey"), pytest.raises(StoreError, match="locked"):
        other.append_events(make.events(600))
    broken = [*make.events(600), make.events(1)[0].__class__("x", 1, "a", "r", None)]  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        other.append_events(broken)
    other.append_events(make.events(2))
    with store.read() as tx:
        assert len(tx.events(0, 10)) == 2
    store.close()
    other.close()


def test_after_close_everything_refuses(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
    with store.read():
        pass
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"), store.read():
        pass
    with pytest.raises(StoreError, match="closed"), store.write("test"):
        pass
    with pytest.raises(StoreError, match="closed"):
        store.append_events(make.events(1))
    with pytest.raises(StoreError, match="closed"):
        store.changes()


def test_a_read_in_another_thread_outlives_close(file: str) -> None:
    store = open_store(file, durable=False)
    reading, closed = threading.Event(), threading.Event()

    def read() -> int:
        with store.read() as tx:
            reading.set()
            assert closed.wait(10)
            return len(tx.accounts())

    with ThreadPoolExecutor() as pool:
        result = pool.submit(read)
        assert reading.wait(10)
        store.close()
        closed.set()
        assert result.result(10) == 0


def test_sequences_of_changes_have_no_gaps(ready: Store) -> None:
    ready.changes()
    for number in range(3):
        alias = make.alias(f"alias/{number}")
        with pytest.raises(make.Interruption):
            make.interrupted(ready.write("fails"), lambda tx: tx.add_alias(make.alias("alias/x")))
        with ready.write("works") as tx:
            tx.add_alias(alias)
    changes = ready.changes()
    assert changes
    assert all(after.sequence == before.sequence + 1 for before, after in pairwise(changes))
