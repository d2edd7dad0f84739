"""How a worker stops in time.

Granian hears a signal to stop too. It accepts no more connections, closes those that are idle or were never
used, and calls `__rsgi_del__` when the others have ended. For that it waits without a limit, and a client
which has sent half of a request keeps its connection for long; meanwhile the event loop runs on. So the
worker listens to the signal itself: it gives calls in flight until `stop_timeout`, writes what is in memory,
and ends the process, which closes what is still open and gives up what still runs.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable

from keystead.server.log import logger, where
from keystead.server.loop import STOP_SIGNALS

AT_ONCE = signal.SIGUSR1
"""By this the parent tells its workers that it was asked twice: calls in flight get no more time."""

_QUIET = 2.0
"""Seconds without a call after which nothing is expected of the connections that are still open. What was
answered before has left by then, or is with the kernel."""

_LOOK = 0.01
"""Seconds between looks at the calls in flight."""


class Stopping:
    """The end of one worker. Belongs to its event loop.

    Args:
        timeout: seconds that calls in flight get to finish.
        in_flight: how many calls there are.
        close: writes what is in memory and closes what is open; called once, when no call is waited for.
        end: ends the process with an exit code, at once.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        timeout: float,
        in_flight: Callable[[], int],
        close: Callable[[], Awaitable[None]],
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._loop = loop
        self._timeout = timeout
        self._in_flight = in_flight
        self._close = close
        self._end = end
        self._connections = True
        self._ending: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Hears the signals from now on."""
        for number in STOP_SIGNALS:
            self._loop.add_signal_handler(number, self._begun)
        self._loop.add_signal_handler(AT_ONCE, self._at_once)

    def disconnected(self) -> None:
        """No connection is left, so that nothing comes any more. To be called outside the loop."""
        self._connections = False
        self._loop.run_until_complete(self._begun())

    def _at_once(self) -> None:
        self._timeout = 0.0
        self._begun()

    def _begun(self) -> asyncio.Task[None]:
        if self._ending is None:
            self._ending = self._loop.create_task(self._stop())
        return self._ending

    async def _stop(self) -> None:
        await self._wait()
        code = 0
        try:
            await self._close()
        # Whatever fails here, the worker must end.
        except Exception as error:  # noqa: BLE001 - logged
            logger().error("the worker did not stop well", **where(error))
            code = 1
        self._end(code)  # Python's own end waits for every thread

    async def _wait(self) -> None:
        """Returns when no call is in flight and none will come, or when the time is over."""
        began = self._loop.time()
        quiet: float | None = None
        while (now := self._loop.time()) - began < self._timeout:
            if self._in_flight():
                quiet = None
            elif not self._connections:
                return
            elif quiet is None:
                quiet = now
            elif now - quiet >= _QUIET:
                return
            await asyncio.sleep(_LOOK)
