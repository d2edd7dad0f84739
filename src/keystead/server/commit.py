"""Group commit of audit events: many calls, one write.

INVARIANT: an answer leaves only after its event is durable. `Committer.commit` returns after the flush that
held the event, and raises `NotRecorded` if that flush failed; a failed flush fails exactly its own calls.

Events that arrive while a flush runs form the next batch, so a slow disk makes batches longer and not the
queue of writes. Flushes run one at a time, either in the event loop or in one thread that does nothing else.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from keystead.model import AuditEvent
from keystead.server.log import logger, where
from keystead.store.port import StoreError

MAX_BATCH = 512
"""Events of one flush: bounds the time that the store is held, and what one failure takes along."""

MAX_WAIT = 0.002
"""Seconds that a batch waits for calls under way to join it."""


class NotRecorded(Exception):
    """The event was not stored, so the call must fail."""


_Waiter = asyncio.Future[None]
_Batch = tuple[list[AuditEvent], list[_Waiter]]


class Committer:
    """Stores events in batches. Belongs to one event loop, and all but the append runs in it.

    Args:
        append: makes the events durable or raises; called from one thread at a time.
        inline: whether `append` runs in the event loop; else in one thread that does nothing else.
        limit: how many events may wait; `commit` refuses more.
        in_flight: how many calls are under way. A batch waits until each of them waits for it, `MAX_WAIT` at
            most: one commit for all costs little more than one for each.
    """

    def __init__(
        self,
        append: Callable[[Sequence[AuditEvent]], None],
        *,
        inline: bool = True,
        limit: int = 10_000,
        in_flight: Callable[[], int] = lambda: 0,
    ) -> None:
        self._in_flight = in_flight
        self._append = append
        self._limit = limit
        self._inline = inline
        self._events: list[AuditEvent] = []
        self._waiters: list[_Waiter] = []
        self._flushing = False
        self._storing = False
        self._due = False
        self._timer: asyncio.TimerHandle | None = None
        self._idle: asyncio.Event | None = None
        self._closed = True
        self._thread: threading.Thread | None = None
        self._batches: SimpleQueue[_Batch | None] = SimpleQueue()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Takes events from now on."""
        self._loop = loop
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()
        if not self._inline:
            self._thread = threading.Thread(target=self._run, name="audit-commit", daemon=True)
            self._thread.start()

    def commit(self, event: AuditEvent) -> asyncio.Future[None]:
        """Await the result: it is done when the event is durable.

        Raises:
            NotRecorded: at once when too many events wait or the committer is closed, or from the result.
        """
        if self._closed or len(self._events) >= self._limit:
            raise NotRecorded
        waiter: _Waiter = self._loop.create_future()
        self._events.append(event)
        self._waiters.append(waiter)
        self._flushing = True
        self._schedule()
        return waiter

    def _schedule(self) -> None:
        """Flushes soon if all calls wait for it, else when they do or `MAX_WAIT` is over."""
        if self._storing:
            return  # the batch under way schedules the next
        if self._timer is None:
            self._timer = self._loop.call_later(MAX_WAIT, self._flush)
        if not self._due and len(self._events) >= self._in_flight():
            # Not at once: calls that are ready in this turn of the loop join the batch.
            self._due = True
            self._loop.call_soon(self._flush)

    async def close(self) -> None:
        """Writes what waits, then refuses more."""
        while self._flushing:
            assert self._idle is not None
            self._idle.clear()
            await self._idle.wait()
        self._closed = True
        if self._thread is not None:
            self._batches.put(None)
            self._thread.join()

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._due = False
        if self._storing or not self._events:
            return
        self._storing = True
        batch = self._take()
        if not self._inline:
            self._batches.put(batch)
            return
        self._settle(batch[1], self._store(batch[0]))

    def _take(self) -> _Batch:
        events, waiters = self._events, self._waiters
        self._events, self._waiters = events[MAX_BATCH:], waiters[MAX_BATCH:]
        return events[:MAX_BATCH], waiters[:MAX_BATCH]

    def _store(self, events: list[AuditEvent]) -> bool:
        try:
            self._append(events)
        except StoreError as error:
            logger().error(
                "audit events were not stored, their calls fail", events=len(events), reason=str(error)
            )
            return False
        # Whatever it was, the events are not known to be stored, and calls wait for the verdict.
        except Exception as error:  # noqa: BLE001
            logger().error(
                "audit events were not stored, their calls fail", events=len(events), **where(error)
            )
            return False
        return True

    def _settle(self, waiters: list[_Waiter], stored: bool) -> None:
        for waiter in waiters:
            if not waiter.done():  # the call may have been cancelled meanwhile
                if stored:
                    waiter.set_result(None)
                else:
                    waiter.set_exception(NotRecorded())
        self._storing = False
        if self._events:
            self._schedule()
            return
        self._flushing = False
        assert self._idle is not None
        self._idle.set()

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            stored = self._store(batch[0])
            self._loop.call_soon_threadsafe(self._settle, batch[1], stored)
