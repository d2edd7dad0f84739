"""The event loop of a worker."""

import asyncio
import signal
from collections.abc import Callable
from typing import Any, TypeVarTuple, Unpack

import uvloop
from granian import loops
from granian.constants import Loops

_Arguments = TypeVarTuple("_Arguments")

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class WorkerLoop(uvloop.Loop):
    """uvloop, but all who listen for a signal to stop hear the first one, whichever it is, and no other.

    One stop may bring many signals: a terminal and a supervisor send theirs to every process of a group, the
    parent passes on what it hears, and the kernel tells when the parent dies. Granian's handler has to be
    called once. It puts a message into a channel with one place, of which it takes one message, so that the
    third call waits for ever and holds up the process (Granian 2.8, `WorkerSignal`).
    """

    def __init__(self) -> None:
        super().__init__()
        self._listening: dict[Callable[..., object], tuple[Any, ...]] = {}

    def add_signal_handler(
        self,
        sig: int,
        callback: Callable[[Unpack[_Arguments]], object],
        *args: *_Arguments,
    ) -> None:
        """Calls `callback` at the first signal to stop; for other signals, as every event loop does."""
        if sig in STOP_SIGNALS:
            self._listening[callback] = args
            super().add_signal_handler(sig, self._stop)
        else:
            super().add_signal_handler(sig, callback, *args)

    def _stop(self) -> None:
        while self._listening:
            callback, args = self._listening.popitem()
            callback(*args)


OURS = Loops.auto
"""The name of this loop with Granian, which leaves it to applications (README, "Customising Granian")."""


# When this module is imported, so that a worker knows it that was not forked but spawned.
@loops.register(OURS)
def _build() -> WorkerLoop:
    loop = WorkerLoop()
    asyncio.set_event_loop(loop)
    return loop
