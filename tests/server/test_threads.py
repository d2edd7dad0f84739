"""The two pools of threads: long work stands in its own line, which ends somewhere."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator

import pytest

from keystead.server.threads import Full, Threads
from keystead.service.operation import Labour


@pytest.fixture
def threads() -> Iterator[Threads]:
    made = Threads(short=2, queue=3)
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread lower its own priority")
def test_long_work_has_low_priority_and_nothing_else_has(threads: Threads) -> None:
    def priority(_: object) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def scene() -> tuple[int, int, int]:
        long = await threads.run(Labour.LONG, priority, None)
        return long, await threads.run(Labour.SHORT, priority, None), priority(None)

    long, short, loop = asyncio.run(scene())
    assert short == loop
    assert long == min(loop + 10, 19)
