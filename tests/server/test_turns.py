"""A worker is in the kernel's batch class when it has very many calls and nothing that takes long."""

import asyncio
import os
import sys
import threading
from pathlib import Path

import pytest

from keystead.server import turns
from keystead.server.turns import MANY, Turns, prefer_prompt_turns

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the batch class")


def whole() -> bool:
    """Whether every thread of this process is in the batch class; none must be there alone."""
    policies = {os.sched_getscheduler(int(thread.name)) for thread in Path("/proc/self/task").iterdir()}
    assert len(policies) == 1
    return policies == {os.SCHED_BATCH}


@pytest.fixture(autouse=True)
def _prompt_afterwards():
    prefer_prompt_turns()
    yield
    prefer_prompt_turns()


def test_many_calls_lead_to_whole_turns_and_few_back() -> None:
    async def scene() -> None:
        chosen = Turns()
        assert not whole()
        chosen.served(MANY - 1)
        assert not whole()
        chosen.served(MANY)
        assert whole()
        chosen.served(MANY - 1)
        assert not whole()

    asyncio.run(scene())


def test_all_threads_change_together() -> None:
    async def scene() -> None:
        chosen, gate = Turns(), threading.Event()
        other = threading.Thread(target=gate.wait)
        other.start()
        chosen.served(MANY)
        assert whole()
        chosen.begin()
        assert not whole()
        gate.set()
        other.join()

    asyncio.run(scene())


def test_long_work_ends_whole_turns_until_a_while_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_LINGER", 0.05)

    async def scene() -> None:
        chosen = Turns()
        chosen.served(MANY)
        chosen.begin()
        chosen.begin()
        chosen.end()
        chosen.served(MANY)
        assert not whole()
        chosen.end()
        assert not whole(), "it lingers"
        chosen.begin()
        await asyncio.sleep(0.1)
        assert not whole(), "there was new work before it had"
        chosen.end()
        await asyncio.sleep(0.1)
        assert whole()

    asyncio.run(scene())
