"""When the end of a worker comes, what is done before, and that it is done once."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator

import pytest

from keystead.server import stopping
from keystead.server.loop import STOP_SIGNALS, WorkerLoop
from keystead.server.stopping import AT_ONCE, Stopping


class Worker:
    """What a stop is told of and does: calls in flight, and what happened in its order."""

    def __init__(self, loop: WorkerLoop, timeout: float = 60) -> None:
        self.loop = loop
        self.calls = 0
        self.answered = self.closing = 0.0
        self.happened: list[object] = []
        self.ended = loop.create_future()
        self.stopping = Stopping(loop, timeout, lambda: self.calls, self.close, self.end)

    async def close(self) -> None:
        self.happened.append("closing")
        self.closing = self.loop.time()
        await asyncio.sleep(0)
        self.happened.append("closed")

    def end(self, code: int) -> None:
        self.happened.append(code)
        self.ended.set_result(None)

    def run(self, *scene: Callable[[], object]) -> list[object]:
        """Does one thing after the other, with a little time between, until the end; what happened."""

        async def play() -> None:
            for step in scene:
                step()
                await asyncio.sleep(0.03)
            await asyncio.wait_for(self.ended, 20)
            await asyncio.sleep(0.03)

        self.stopping.listen()
        self.loop.run_until_complete(play())
        return self.happened


@pytest.fixture
def loop() -> Iterator[WorkerLoop]:
    before = {number: signal.getsignal(number) for number in (*STOP_SIGNALS, AT_ONCE)}
    made = WorkerLoop()
    yield made
    made.close()
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: signal.Signals) -> Callable[[], object]:
    return lambda: os.kill(os.getpid(), number)


def test_every_listener_hears_one_stop(loop: WorkerLoop) -> None:
    heard: list[str] = []
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, heard.append, "first")
        loop.add_signal_handler(number, lambda: heard.append("second"))
    worker = Worker(loop, timeout=0.1)
    assert worker.run(*(send(number) for number in STOP_SIGNALS * 3)) == ["closing", "closed", 0]
    assert heard.count("first") == 1


def test_calls_in_flight_are_waited_for(loop: WorkerLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_QUIET", 0.05)
    worker = Worker(loop)
    worker.calls = 2

    def answered() -> None:
        worker.happened.append("answered")
        worker.answered = loop.time()
        worker.calls -= 1

    assert worker.run(send(signal.SIGTERM), answered, lambda: None, answered) == [
        "answered",
        "answered",
        "closing",
        "closed",
        0,
    ]
    assert worker.closing - worker.answered >= 0.05  # so that what was answered last may leave


def test_but_not_for_ever(loop: WorkerLoop) -> None:
    worker = Worker(loop, timeout=0.1)
    worker.calls = 1
    assert worker.run(send(signal.SIGINT)) == ["closing", "closed", 0]


def test_nor_after_the_order_to_stop_at_once(loop: WorkerLoop) -> None:
    worker = Worker(loop)
    worker.calls = 1
    assert worker.run(send(signal.SIGTERM), send(AT_ONCE)) == ["closing", "closed", 0]


def test_a_worker_without_connections_need_not_wait(
    loop: WorkerLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "_QUIET", 20.0)
    worker = Worker(loop)
    began = loop.time()
    worker.stopping.disconnected()
    assert loop.time() - began < 10
    assert worker.happened == ["closing", "closed", 0]


def test_it_is_closed_once_though_the_last_connection_ends_meanwhile(loop: WorkerLoop) -> None:
    worker = Worker(loop)
    worker.stopping.listen()
    loop.call_soon(send(signal.SIGTERM))
    loop.run_until_complete(asyncio.sleep(0.05))
    assert worker.happened == []
    worker.stopping.disconnected()
    assert worker.happened == ["closing", "closed", 0]


def test_a_worker_that_cannot_close_ends_too(loop: WorkerLoop, capsys: pytest.CaptureFixture[str]) -> None:
    async def fails() -> None:
        raise ZeroDivisionError("secret-in-an-exception")

    worker = Worker(loop)
    closes: Callable[[], Awaitable[None]] = fails
    ends = Stopping(loop, 60, lambda: 0, closes, worker.end)
    ends.disconnected()
    assert worker.happened == [1]
    printed = capsys.readouterr()
    assert "the worker did not stop well" in printed.out + printed.err
    assert "secret-in-an-exception" not in printed.out + printed.err
