"""Work that comes round again, in a thread of its own."""

import threading
from collections.abc import Callable

from keystead.server.log import logger, where


class Periodic:
    """Does `work` again and again from `start` to `stop`.

    Args:
        work: whether there is more to do at once. It may fail: that is logged, and it is done again.
        period: seconds between the end of one round and the next.
    """

    def __init__(self, work: Callable[[], bool], period: float) -> None:
        self._work = work
        self._period = period
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Waits for the round under way; there is none after it."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        pause = self._period
        while not self._stopping.wait(pause):
            pause = 0.0 if self._round() else self._period

    def _round(self) -> bool:
        try:
            return self._work()
        # Whatever fails must not end the thread: what is due stays due, and the next round tries again.
        except Exception as error:  # noqa: BLE001 - logged, and tried again
            logger().error("jobs failed", **where(error))
            return False
