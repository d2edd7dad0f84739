"""The threads of a worker: for calls that would hold up its event loop.

Three pools, because a call that makes an RSA key takes a second, a signature some milliseconds and a change
waits for the disk: none may stand in line behind the ones before. Threads for work are as few as there are
cores, for more would only take the event loop's turns; for long work one fewer. They have a lower priority
than the event loop, so that it gets a core when it wants one. The queue of long work is bounded, and accounts
take turns in it.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from keystead.server.fair_queue import FairQueue
from keystead.server.turns import Turns
from keystead.service.operation import Labour

R = TypeVar("R")
T = TypeVar("T")

_BACK, _FAR_BACK, _LOWEST = 5, 10, 19
"""In the units of `nice`."""


class Left(Exception):
    """Who asked for the work is not there any more, and it has not begun."""


class Threads:
    """The pools. To be used from the event loop.

    Args:
        changes: threads for changes.
        queue: pieces of long work that may wait or be under way.

    Attributes:
        changes: the pool for changes.
        calls: how many calls wait for a thread or are in one.
        turns: how the worker's threads come to their turns.
    """

    def __init__(self, changes: int, queue: int) -> None:
        self.changes = ThreadPoolExecutor(changes, thread_name_prefix="call")
        self._work = ThreadPoolExecutor(
            cores(), thread_name_prefix="work", initializer=_step_back, initargs=(_BACK,)
        )
        at_once = max(1, cores() - 1)
        self._long_work = ThreadPoolExecutor(
            at_once, thread_name_prefix="long", initializer=_step_back, initargs=(_FAR_BACK,)
        )
        self._line = FairQueue(queue, at_once)
        self.turns = Turns()
        self.calls = 0

    async def run(self, labour: Labour, function: Callable[[T], R], argument: T) -> R:
        """The result of `function(argument)`, run where its labour belongs; not for long work."""
        loop = asyncio.get_running_loop()
        self.calls += 1
        try:
            if labour is Labour.NONE:
                return await loop.run_in_executor(self.changes, function, argument)
            assert labour is Labour.SHORT
            self.turns.begin()
            try:
                return await loop.run_in_executor(self._work, function, argument)
            finally:
                self.turns.end()
        finally:
            self.calls -= 1

    async def run_long(
        self,
        function: Callable[[T], R],
        argument: T,
        account: str,
        left: Callable[[], Awaitable[None]] | None = None,
    ) -> R:
        """The result of long work.

        Args:
            function: the work.
            argument: what it works on.
            account: whose turn it takes.
            left: returns when nobody wants the result any more; begun only if the work has to wait.

        Raises:
            Full: there is no room, or none any more, because other accounts have fewer pieces waiting.
            Left: `left` returned before the work began.
        """
        place = self._line.enter(account)
        self.calls += 1
        self.turns.begin()
        try:
            if not place.done():
                await _unless(left, place)
            return await asyncio.get_running_loop().run_in_executor(self._long_work, function, argument)
        finally:
            self.turns.end()
            self.calls -= 1
            self._line.leave(place)

    def shutdown(self, patience: float = 5) -> bool:
        """Ends the threads. What has not begun is dropped: nobody waits for it.

        Work under way is not waited for either, since it only computes.

        Args:
            patience: seconds to wait for changes under way.

        Returns:
            Whether none is under way any more.
        """
        self._line.drop()
        for pool in (self.changes, self._work, self._long_work):
            pool.shutdown(wait=False, cancel_futures=True)
        waits = threading.Thread(target=self.changes.shutdown, daemon=True)
        waits.start()
        waits.join(patience)
        return not waits.is_alive()


async def _unless(left: Callable[[], Awaitable[None]] | None, place: asyncio.Future[None]) -> None:
    """Waits for `place`; `Left` if `left` returns before."""
    if left is None:
        return await place
    leaving = asyncio.ensure_future(left())
    try:
        await asyncio.wait((place, leaving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
    if not place.done():
        raise Left
    return place.result()


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _step_back(step: int) -> None:
    """Lowers the priority of this thread alone, which Linux lets a thread do; elsewhere nothing happens."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        own = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, min(own + step, _LOWEST))
