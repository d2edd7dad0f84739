"""The pools of threads: long work stands in its own line, which ends somewhere."""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from keystead.server import turns
from keystead.server.threads import Full, Threads, cores
from keystead.service.operation import Labour


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(changes=2, queue=3)
    yield made
    made.shutdown()


def test_long_work_does_not_stand_before_short_work(threads: Threads) -> None:
    async def scene() -> None:
        gate = threading.Event()
        long = [asyncio.ensure_future(threads.run(Labour.LONG, gate.wait, 30)) for _ in range(3)]
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
        long = [asyncio.ensure_future(threads.run(Labour.LONG, gate.wait, 30)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Full):
            await threads.run(Labour.LONG, len, "four")
        gate.set()
        await asyncio.gather(*long)
        assert await threads.run(Labour.LONG, len, "four") == 4

    asyncio.run(scene())


def test_a_failure_makes_room_too(threads: Threads) -> None:
    def fails(_: object) -> None:
        raise ValueError("on purpose")

    async def scene() -> None:
        for _ in range(5):
            with pytest.raises(ValueError, match="on purpose"):
                await threads.run(Labour.LONG, fails, None)

    asyncio.run(scene())


def test_what_waits_at_the_end_is_dropped() -> None:
    """A worker that stops has little time, and a line of RSA keys may take minutes."""
    threads, gate, begun = Threads(changes=1, queue=100), threading.Event(), threading.Semaphore(0)
    done: list[int] = []

    def work(number: int) -> None:
        begun.release()
        gate.wait(30)
        done.append(number)

    async def scene() -> None:
        count = 3 * cores()
        waiting = [
            asyncio.ensure_future(threads.run(labour, work, 1)) for labour in Labour for _ in range(count)
        ]
        await asyncio.sleep(0)
        running = threads.changes._max_workers + threads._work._max_workers + threads._long_work._max_workers
        for _ in range(running):
            begun.acquire(timeout=30)
        asyncio.get_running_loop().call_later(0.05, gate.set)
        await asyncio.to_thread(threads.shutdown)
        assert len(done) == running
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert sum(isinstance(one, asyncio.CancelledError) for one in ended) == len(waiting) - running

    asyncio.run(scene())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread lower its own priority")
def test_work_has_low_priority_and_nothing_else_has(threads: Threads) -> None:
    def priority(_: object) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def scene() -> list[int]:
        return [await threads.run(labour, priority, None) for labour in Labour]

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
            assert await threads.run(labour, classes, None) == {os.SCHED_OTHER}
            while os.SCHED_OTHER in classes(None):
                await asyncio.sleep(0.01)

    try:
        asyncio.run(asyncio.wait_for(scene(), 20))
    finally:
        turns.prefer_prompt_turns()
