"""Audit events come back as they were given, whatever the batches they are kept in."""

import contextlib
import json
import sqlite3
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import store_records as make
from alembic import command
from alembic.config import Config
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from keystead.model import AuditEvent
from keystead.store import StoreError, open_store
from keystead.store.audit_batch import MOST_EVENTS, pack, unpack

RECORDS = st.dictionaries(st.text(), st.text() | st.integers(-(2**63), 2**63) | st.none(), max_size=4).map(
    lambda members: json.dumps(members).encode()
)
EVENTS = st.lists(
    st.builds(AuditEvent, st.text(), st.integers(0, 2**53), st.text(), st.text(), RECORDS), max_size=20
)


@given(EVENTS)
def test_a_batch_unpacks_to_its_events(events: list[AuditEvent]) -> None:
    assert unpack(pack(events)) == events


def test_many_events_alike_take_a_fraction_of_their_bytes() -> None:
    record = json.dumps({f"member {n}": "the same in every record" for n in range(20)}).encode()
    events = [AuditEvent(f"event-{n}", n, "0" * 12, "us-east-1", record) for n in range(32)]
    assert len(pack(events)) * 10 < sum(len(event.record) for event in events)
    assert unpack(pack(events)) == events


@given(st.integers(0, 2**32))
def test_a_bit_that_has_changed_on_the_disk_is_noticed(where: int) -> None:
    record = json.dumps({f"member {n}": "the same in every record" for n in range(20)}).encode()
    events = [AuditEvent(f"event-{n}", n, "0" * 12, "us-east-1", record) for n in range(32)]
    batch = bytearray(pack(events))
    batch[1 + where // 8 % (len(batch) - 1)] ^= 1 << where % 8
    with contextlib.suppress(StoreError):
        assert unpack(bytes(batch)) == events  # a bit that says nothing, such as one of the header


def test_threads_pack_at_the_same_time() -> None:
    """The compressor is one for all: no batch may end up in another."""
    written = [
        [AuditEvent(f"event-{n}-{m}", n, "0" * 12, "us-east-1", b"%d" % (n * m)) for m in range(200)]
        for n in range(64)
    ]
    with ThreadPoolExecutor(8) as pool:
        assert [unpack(batch) for batch in pool.map(pack, written)] == written


def test_a_batch_of_an_older_release_is_read() -> None:
    event = AuditEvent("event-1", 1, "0" * 12, "us-east-1", b'{"a":1}')
    rows = b'[["event-1",1,"000000000000","us-east-1",{"a":1}]]'
    assert unpack(b"\x01" + zlib.compress(rows)) == [event]


@pytest.mark.parametrize(
    "batch",
    [
        b"",
        b"\x03[]",
        b"\x01not compressed",
        b"\x02not compressed",
        b"\x00[1]",
        b"\x00[[]]",
        b'\x00[["\xff",1,"","",{}]]',
    ],
)
def test_other_bytes_are_refused_in_words(batch: bytes) -> None:
    with pytest.raises(StoreError, match="audit events"):
        unpack(batch)


@given(st.lists(st.integers(1, 700), min_size=1, max_size=5), st.integers(0, 1500), st.integers(1, 1500))
def test_a_page_begins_and_ends_where_it_was_asked_to(sizes: list[int], after: int, limit: int) -> None:
    store = open_store(":memory:")
    try:
        given_events: list[AuditEvent] = []
        for size in sizes:
            more = make.events(size, len(given_events))
            store.append_events(more)
            given_events += more
        with store.read() as tx:
            assert tx.events(after, limit) == tuple(enumerate(given_events, start=1))[after : after + limit]
    finally:
        store.close()


def test_a_batch_is_bounded(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "a.db"), durable=False)
    try:
        store.append_events(make.events(2 * MOST_EVENTS + 1))
    finally:
        store.close()
    with sqlite3.connect(tmp_path / "a.db") as connection:
        rows = connection.execute("SELECT first, events, earliest, latest FROM audit_batch").fetchall()
    connection.close()
    assert rows == [(1, 512, 0, 511), (513, 512, 512, 1023), (1025, 1, 1024, 1024)]


def test_events_of_an_older_schema_are_moved_in_their_order(tmp_path: Path) -> None:
    """Migration 0003."""
    database = tmp_path / "a.db"
    config = Config()
    config.set_main_option("script_location", "keystead.store:migrations")
    engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        row = "INSERT INTO audit_event (event_id, time, account, region, record) VALUES (:a, :b, :c, :d, :e)"
        for event in make.events(1000):
            connection.execute(text(row), dict(zip("abcde", event, strict=True)))
        connection.execute(text("DELETE FROM audit_event WHERE sequence = 7"))
    store = open_store(str(database), durable=False)
    try:
        with store.read() as tx:
            moved = tx.events(0, 2000)
        assert [event for _, event in moved] == [*make.events(6), *make.events(993, 7)]
        assert [number for number, _ in moved] == list(range(1, 1000))
        store.append_events(make.events(1, 5000))
        with store.read() as tx:
            assert tx.events(999, 10) == ((1000, make.events(1, 5000)[0]),)
    finally:
        store.close()
