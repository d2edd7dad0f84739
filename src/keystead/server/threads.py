"""The threads of a worker: for calls that would hold up its event loop.

Three pools, because a call that makes an RSA key takes a second, a signature some milliseconds and a change
waits for the disk: none may stand in line behind the ones before. Threads for work are as few as there are
cores, for more would only take the event loop's turns; for long work one fewer. They have a lower priority
than the event loop, so that it gets a core when it wants one. The queue of long work is bounded.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from keystead.server.turns import Turns
from keystead.service.operation import Labour

R = TypeVar("R")
T = TypeVar("T")

_BACK, _FAR_BACK, _LOWEST = 5, 10, 19
"""In the units of `nice`."""


class Full(Exception):
    """As much long work waits as may."""


class Threads:
    """The pools. To be used from the event loop.

    Args:
        changes: threads for changes.
        queue: pieces of long work that may wait or be under way.

    Attributes:
        changes: the pool for changes.
        long: how many pieces of long work wait or are under way.
        calls: how many calls wait for a thread or are in one.
        turns: how the worker's threads come to their turns.
    """

    def __init__(self, changes: int, queue: int) -> None:
        self.changes = ThreadPoolExecutor(changes, thread_name_prefix="call")
        self._work = ThreadPoolExecutor(
            cores(), thread_name_prefix="work", initializer=_step_back, initargs=(_BACK,)
        )
        self._long_work = ThreadPoolExecutor(
            max(1, cores() - 1), thread_name_prefix="long", initializer=_step_back, initargs=(_FAR_BACK,)
        )
        self.turns = Turns()
        self._queue = queue
        self.long = 0
        self.calls = 0

    async def run(self, labour: Labour, function: Callable[[T], R], argument: T) -> R:
        """The result of `function(argument)`, run where its labour belongs; `Full` if there is no room."""
        self.calls += 1
        try:
            return await self._run(labour, function, argument)
        finally:
            self.calls -= 1

    async def _run(self, labour: Labour, function: Callable[[T], R], argument: T) -> R:
        loop = asyncio.get_running_loop()
        if labour is Labour.NONE:
            return await loop.run_in_executor(self.changes, function, argument)
        long = labour is Labour.LONG
        if long and self.long >= self._queue:
            raise Full
        self.long += long
        self.turns.begin()
        try:
            return await loop.run_in_executor(self._long_work if long else self._work, function, argument)
        finally:
            self.turns.end()
            self.long -= long

    def shutdown(self) -> None:
        """Waits for what runs, and ends the threads. What has not begun is dropped: nobody waits for it."""
        for pool in (self.changes, self._work, self._long_work):
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in (self.changes, self._work, self._long_work):
            pool.shutdown()


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _step_back(step: int) -> None:
    """Lowers the priority of this thread alone, which Linux lets a thread do; elsewhere nothing happens."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        own = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(own + step, _LOWEST))
