"""The pools of threads: long work stands in a line of its own, with an end, and accounts take turns in it."""

import asyncio
import contextlib
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from keystead.server import turns
from keystead.server.fair_queue import Full
from keystead.server.threads import Left, Threads, cores
from keystead.service.operation import Labour

R = TypeVar("R")
T = TypeVar("T")

ACCOUNT = "111122223333"
OTHER = "444455556666"


def run(threads: Threads, labour: Labour, function: Callable[[T], R], argument: T) -> Awaitable[R]:
    if labour is Labour.LONG:
        return threads.run_long(function, argument, ACCOUNT)
    return threads.run(labour, function, argument)


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(changes=2, queue=3)
    yield made
    made.shutdown()


def test_long_work_does_not_stand_before_short_work(threads: Threads) -> None:
    async def scene() -> None:
        gate = threading.Event()
        long = [asyncio.ensure_future(threads.run_long(gate.wait, 30, ACCOUNT)) for _ in range(3)]
        await asyncio.sleep(0)
        assert await threads.run(Labour.SHORT, len, "four") == 4
        assert await threads.run(Labour.NONE, len, "four") == 4
        assert not any(one.done() for one in long)
        gate.set()
        assert await asyncio.gather(*long) == [True, True, True]

    asyncio.run(scene())


def test_long_work_beyond_the_queue_is_refused_until_some_is_done(threads: Threads) -> None:
    async def scene() -> None:
        gate = threading.Event()
        long = [asyncio.ensure_future(threads.run_long(gate.wait, 30, ACCOUNT)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Full):
            await threads.run_long(len, "four", ACCOUNT)
        gate.set()
        await asyncio.gather(*long)
        assert await threads.run_long(len, "four", ACCOUNT) == 4

    asyncio.run(scene())


def test_a_failure_makes_room_too(threads: Threads) -> None:
    def fails(_: object) -> None:
        raise ValueError("on purpose")

    async def scene() -> None:
        for _ in range(5):
            with pytest.raises(ValueError, match="on purpose"):
                await threads.run_long(fails, None, ACCOUNT)

    asyncio.run(scene())


@pytest.fixture
def one_at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[Threads]:
    """Threads of a machine with two cores, where one piece of long work is done at once."""
    monkeypatch.setattr("keystead.server.threads.cores", lambda: 2)
    made = Threads(changes=1, queue=4)
    yield made
    made.shutdown()


class Work:
    """Long work whose pieces go on when the test says so."""

    def __init__(self, threads: Threads) -> None:
        self.threads = threads
        self.begun: list[str] = []
        self.gate = threading.Event()

    def ask(self, name: str, account: str, left: Callable[[], Awaitable[None]] | None = None) -> Any:
        return asyncio.ensure_future(self.threads.run_long(self._do, name, account, left))

    def _do(self, name: str) -> str:
        self.begun.append(name)
        self.gate.wait(30)
        return name


def test_accounts_take_turns(one_at_once: Threads) -> None:
    async def scene() -> None:
        work = Work(one_at_once)
        asked = [work.ask(name, ACCOUNT) for name in ("a1", "a2", "a3")]
        await asyncio.sleep(0)
        asked.append(work.ask("b1", OTHER))
        await asyncio.sleep(0)
        work.gate.set()
        assert await asyncio.gather(*asked) == ["a1", "a2", "a3", "b1"]
        assert work.begun == ["a1", "a2", "b1", "a3"]

    asyncio.run(scene())
    assert one_at_once.calls == 0


def test_who_has_most_waiting_is_refused_for_who_has_less(one_at_once: Threads) -> None:
    async def scene() -> None:
        work = Work(one_at_once)
        flood = [work.ask(f"a{n}", ACCOUNT) for n in range(4)]
        await asyncio.sleep(0)
        other = work.ask("b", OTHER)
        with pytest.raises(Full):
            await flood[3]
        work.gate.set()
        assert await asyncio.gather(*flood[:3], other) == ["a0", "a1", "a2", "b"]

    asyncio.run(scene())
    assert one_at_once.calls == 0


def test_work_for_who_has_left_is_not_begun(one_at_once: Threads) -> None:
    async def scene() -> None:
        work, leaving, not_watched = Work(one_at_once), asyncio.Event(), asyncio.Event()

        async def left() -> None:
            await leaving.wait()

        async def stays() -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                not_watched.set()
                raise

        under_way = work.ask("under way", ACCOUNT, left)
        await asyncio.sleep(0)
        waits, here = work.ask("waits", ACCOUNT, left), work.ask("here", ACCOUNT, stays)
        await asyncio.sleep(0)
        leaving.set()
        with pytest.raises(Left):
            await waits
        assert one_at_once.calls == 2
        work.gate.set()
        assert await asyncio.gather(under_way, here) == ["under way", "here"]
        assert work.begun == ["under way", "here"]
        await not_watched.wait()

    asyncio.run(asyncio.wait_for(scene(), 20))
    assert one_at_once.calls == 0


def test_at_the_end_changes_are_waited_for_and_the_rest_is_dropped() -> None:
    """A worker that stops has little time, and a line of RSA keys may take minutes."""
    threads, gate = Threads(changes=1, queue=100), threading.Event()
    begun, done = threading.Semaphore(0), []

    def work(labour: Labour) -> None:
        begun.release()
        gate.wait(30)
        done.append(labour)

    async def scene() -> None:
        count = 3 * cores()
        waiting = [
            asyncio.ensure_future(run(threads, labour, work, labour))
            for labour in Labour
            for _ in range(count)
        ]
        await asyncio.sleep(0)
        running = 1 + cores() + max(1, cores() - 1)
        for _ in range(running):
            begun.acquire(timeout=30)
        threading.Timer(0.05, gate.set).start()
        assert threads.shutdown(30)
        assert Labour.NONE in done
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert sum(isinstance(one, asyncio.CancelledError) for one in ended) == len(waiting) - running
        assert len(done) == running

    asyncio.run(scene())


def test_the_wait_for_changes_at_the_end_is_bounded() -> None:
    threads, gate = Threads(changes=1, queue=1), threading.Event()

    async def scene() -> None:
        hangs = asyncio.ensure_future(threads.run(Labour.NONE, gate.wait, 30))
        await asyncio.sleep(0)
        began = time.monotonic()
        assert not threads.shutdown(0.05)
        assert time.monotonic() - began < 10
        gate.set()
        assert await hangs

    asyncio.run(scene())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread lower its own priority")
def test_work_has_low_priority_and_nothing_else_has(threads: Threads) -> None:
    def priority(_: object) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def scene() -> list[int]:
        return [await run(threads, labour, priority, None) for labour in Labour]

    changes, short, long = asyncio.run(scene())
    assert changes == priority(None)
    assert (short, long) == (min(changes + 5, 19), min(changes + 10, 19))


@pytest.mark.skipif(sys.platform != "linux", reason="the classes are Linux's")
def test_while_work_is_under_way_turns_are_prompt(threads: Threads, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_LINGER", 0.01)

    def classes(_: object) -> set[int]:
        found = set()
        for thread in Path("/proc/self/task").iterdir():
            with contextlib.suppress(ProcessLookupError):
                found.add(os.sched_getscheduler(int(thread.name)))
        return found

    async def scene() -> None:
        threads.turns.served(turns.MANY)
        assert classes(None) == {os.SCHED_BATCH}
        assert await threads.run(Labour.NONE, classes, None) == {os.SCHED_BATCH}
        for labour in (Labour.SHORT, Labour.LONG):
            assert await run(threads, labour, classes, None) == {os.SCHED_OTHER}
            while os.SCHED_OTHER in classes(None):
                await asyncio.sleep(0.01)

    try:
        asyncio.run(asyncio.wait_for(scene(), 20))
    finally:
        turns.prefer_prompt_turns()
