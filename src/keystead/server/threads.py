"""The threads of a worker: for calls that would hold up its event loop.

Two pools, because a call that makes an RSA key takes a second and a change takes a millisecond: the second
kind must not stand in line behind the first. The threads for long work are one fewer than there are cores,
and of low priority, so that the event loop gets a core when it wants one; their queue is bounded.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from keystead.service.operation import Labour

R = TypeVar("R")
T = TypeVar("T")

_STEP, _LOWEST = 10, 19
"""In the units of `nice`."""


class Full(Exception):
    """As much long work waits as may."""


class Threads:
    """Both pools. To be used from the event loop.

    Args:
        short: threads for changes and short work.
        queue: pieces of long work that may wait or be under way.

    Attributes:
        short: the pool for changes and short work.
        long: how many pieces of long work wait or are under way.
    """

    def __init__(self, short: int, queue: int) -> None:
        self.short = ThreadPoolExecutor(short, thread_name_prefix="call")
        self._long_pool = ThreadPoolExecutor(
            max(1, cores() - 1), thread_name_prefix="long", initializer=_step_back
        )
        self._queue = queue
        self.long = 0

    async def run(self, labour: Labour, function: Callable[[T], R], argument: T) -> R:
        """The result of `function(argument)`, run where its labour belongs; `Full` if there is no room."""
        loop = asyncio.get_running_loop()
        if labour is not Labour.LONG:
            return await loop.run_in_executor(self.short, function, argument)
        if self.long >= self._queue:
            raise Full
        self.long += 1
        try:
            return await loop.run_in_executor(self._long_pool, function, argument)
        finally:
            self.long -= 1

    def shutdown(self) -> None:
        """Waits for what runs, and ends the threads."""
        self.short.shutdown()
        self._long_pool.shutdown()


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _step_back() -> None:
    """Lowers the priority of this thread alone, which Linux lets a thread do; elsewhere nothing happens."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        own = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(own + _STEP, _LOWEST))
