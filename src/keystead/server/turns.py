"""How the threads of a worker come to their turns on a processor (Linux, sched(7)).

In the kernel's batch class a packet that arrives does not push the event loop off its core in the middle of a
call: what comes in meanwhile is read in one go afterwards, which is a good part of the rate under load. The
price is that a thread of this class which wakes up does not push others off their core either, and waits for
milliseconds where other threads are busy: ours with cryptography, or those of other programs. So a worker is
in that class as long as it has very many calls and does nothing that takes long. The share of the processor
is the same in both.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

_LINGER = 1.0
"""Seconds after the last long work until whole turns may be preferred again."""


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


MANY = 1000
"""Calls in a second that make whole turns worth their price: about a tenth of a core."""


class Turns:
    """Chooses between whole turns and prompt ones; it begins with prompt ones. For the event loop."""

    def __init__(self) -> None:
        self._under_way = 0
        self._lingers: asyncio.TimerHandle | None = None
        self._many = False
        self._whole = False

    def begin(self) -> None:
        """Work begins that takes long."""
        self._under_way += 1
        if self._lingers is not None:
            self._lingers.cancel()
            self._lingers = None
        self._choose()

    def end(self) -> None:
        """Such work ends, one for each `begin`."""
        self._under_way -= 1
        if not self._under_way:
            self._lingers = asyncio.get_running_loop().call_later(_LINGER, self._rest)

    def served(self, calls: int) -> None:
        """As many calls came within a second. To be told every second, and may be sooner."""
        self._many = calls >= MANY
        self._choose()

    def _rest(self) -> None:
        self._lingers = None
        self._choose()

    def _choose(self) -> None:
        whole = self._many and not self._under_way and self._lingers is None
        if whole != self._whole:
            self._whole = whole
            (prefer_whole_turns if whole else prefer_prompt_turns)()
