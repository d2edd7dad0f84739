"""How the threads of a worker come to their turns on a processor (Linux, sched(7)).

In the kernel's batch class a packet that arrives does not push the event loop off its core in the middle of a
call: what comes in meanwhile is read in one go afterwards, which is a good part of the rate under load. The
price is that a thread of this class which wakes up does not push others off their core either, and waits for
milliseconds where threads are busy with cryptography. So a worker is in that class as long as it does nothing
that takes long, and leaves it meanwhile. The share of the processor is the same in both.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

_LINGER = 1.0
"""Seconds after the last long work until whole turns are preferred again."""


def prefer_whole_turns() -> None:
    """Puts this process's threads, and those they start, into the batch class, where there is one."""
    if sys.platform == "linux":
        _all_into(os.SCHED_BATCH)


def prefer_prompt_turns() -> None:
    """Puts them into the class where who wakes up comes first, where there are two."""
    if sys.platform == "linux":
        _all_into(os.SCHED_OTHER)


def _all_into(policy: int) -> None:
    """Neither class needs a privilege, and neither changes a thread's priority."""
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
            os.sched_setscheduler(int(thread.name), policy, os.sched_param(0))


class Turns:
    """Changes from whole turns to prompt ones for the time in which work is under way. For the event loop."""

    def __init__(self) -> None:
        self._under_way = 0
        self._prompt = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Work begins."""
        self._under_way += 1
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._prompt:
            self._prompt = True
            prefer_prompt_turns()

    def end(self) -> None:
        """Work ends, one for each `begin`."""
        self._under_way -= 1
        if not self._under_way:
            self._timer = asyncio.get_running_loop().call_later(_LINGER, self._rest)

    def _rest(self) -> None:
        self._timer = None
        self._prompt = False
        prefer_whole_turns()
