"""The write-ahead log is copied beside the writer, and does not grow without end."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import store_records as make

from keystead.store import checkpoint, open_store


def until(holds: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def copied_events(database: Path, into: Path) -> int:
    """How many events the database's file holds by itself, without its log."""
    shutil.copy(database, into)
    alone = sqlite3.connect(into)
    try:
        return int(alone.execute("SELECT coalesce(sum(events), 0) FROM audit_batch").fetchone()[0])
    except sqlite3.DatabaseError:
        return 0  # nothing was copied yet, or half of it when the file was
    finally:
        alone.close()


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "PAGES", 20)


@pytest.mark.usefixtures("often")
def test_commits_reach_the_database_while_it_is_open(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "a.db"), durable=False)
    try:
        for _ in range(10):
            store.append_events(make.events(2))
        until(lambda: copied_events(tmp_path / "a.db", tmp_path / "copy.db") >= 10)
    finally:
        store.close()
    assert copied_events(tmp_path / "a.db", tmp_path / "copy.db") == 20


@pytest.mark.usefixtures("often")
def test_the_log_is_begun_anew_when_it_has_grown_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "MOST_PAGES", 30)
    store = open_store(str(tmp_path / "a.db"), durable=False)
    log = tmp_path / "a.db-wal"
    try:
        for _ in range(200):
            store.append_events(make.events(2))
            time.sleep(0.001)
        assert log.stat().st_size < 200 * checkpoint.PAGE_BYTES  # each commit writes two pages at least
    finally:
        store.close()


@pytest.mark.usefixtures("often")
def test_a_long_read_keeps_its_snapshot_and_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "MOST_PAGES", 30)
    store = open_store(str(tmp_path / "a.db"), durable=False)
    try:
        store.append_events(make.events(2))
        with store.read() as tx:
            seen = len(tx.events(0, 1000))
            writer = open_store(str(tmp_path / "a.db"), durable=False)
            try:
                for _ in range(60):
                    writer.append_events(make.events(2))
            finally:
                writer.close()
            assert len(tx.events(0, 1000)) == seen == 2
        with store.read() as tx:
            assert len(tx.events(0, 1000)) == 122
    finally:
        store.close()
