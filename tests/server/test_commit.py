"""Group commit: every call hears of its own event, and of nothing else."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.model import AuditEvent
from keystead.server.commit import MAX_BATCH, Committer, NotRecorded
from keystead.store.port import StoreError

MODES = (True, False)


def event(name: str) -> AuditEvent:
    return AuditEvent(name, 0, "000000000000", "us-east-1", b"{}")


class Journal:
    """Keeps batches; refuses those that hold an event named `bad`."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def append(self, events: Sequence[AuditEvent]) -> None:
        names = [event.event_id for event in events]
        if "bad" in names:
            raise StoreError("the disk is full")
        self.batches.append(names)

    @property
    def stored(self) -> list[str]:
        return [name for batch in self.batches for name in batch]


async def commit_all(names: list[str], inline: bool, journal: Journal) -> dict[int, bool]:
    """Commits every name in a task of its own, some turns of the loop apart; which were acknowledged."""
    committer = Committer(journal.append, inline=inline)
    committer.start(asyncio.get_running_loop())
    acknowledged: dict[int, bool] = {}

    async def call(index: int, name: str) -> None:
        for _ in range(index % 5):
            await asyncio.sleep(0)
        try:
            await committer.commit(event(name))
        except NotRecorded:
            acknowledged[index] = False
        else:
            assert name in journal.stored
            acknowledged[index] = True

    await asyncio.gather(*(call(index, name) for index, name in enumerate(names)))
    await committer.close()
    return acknowledged


@pytest.mark.parametrize("inline", MODES)
@given(names=st.lists(st.sampled_from(["a", "b", "c", "bad"]), max_size=30))
@settings(max_examples=25, deadline=None)
def test_an_acknowledged_event_is_stored_and_a_failed_one_is_not(inline: bool, names: list[str]) -> None:
    journal = Journal()
    numbered = [name if name == "bad" else f"{name}{index}" for index, name in enumerate(names)]
    acknowledged = asyncio.run(commit_all(numbered, inline, journal))
    assert len(acknowledged) == len(names)
    assert journal.stored == sorted(journal.stored, key=journal.stored.index)  # each at most once
    assert set(journal.stored) == {numbered[index] for index, stored in acknowledged.items() if stored}


@pytest.mark.parametrize("inline", MODES)
def test_calls_of_one_turn_share_a_flush_up_to_its_size(inline: bool) -> None:
    async def scenario() -> list[list[str]]:
        journal = Journal()
        committer = Committer(journal.append, inline=inline)
        committer.start(asyncio.get_running_loop())
        waiting = [committer.commit(event(str(number))) for number in range(MAX_BATCH + 1)]
        await asyncio.gather(*waiting)
        await committer.close()
        return journal.batches

    batches = asyncio.run(scenario())
    assert [len(batch) for batch in batches] == [MAX_BATCH, 1]
    assert batches[1] == [str(MAX_BATCH)]


@pytest.mark.parametrize("inline", MODES)
def test_a_cancelled_call_harms_no_other_and_its_event_is_kept(inline: bool) -> None:
    async def scenario() -> list[str]:
        journal = Journal()
        committer = Committer(journal.append, inline=inline)
        committer.start(asyncio.get_running_loop())
        first, second = committer.commit(event("first")), committer.commit(event("second"))
        first.cancel()
        await second
        await committer.close()
        return journal.stored

    assert asyncio.run(scenario()) == ["first", "second"]


@pytest.mark.parametrize("inline", MODES)
def test_close_writes_what_waits_and_refuses_more(inline: bool) -> None:
    async def scenario() -> list[str]:
        journal = Journal()
        committer = Committer(journal.append, inline=inline)
        with pytest.raises(NotRecorded):
            committer.commit(event("too early"))
        committer.start(asyncio.get_running_loop())
        waiting = committer.commit(event("waits"))
        await committer.close()
        assert waiting.done()
        with pytest.raises(NotRecorded):
            committer.commit(event("too late"))
        return journal.stored

    assert asyncio.run(scenario()) == ["waits"]


def test_a_full_queue_refuses() -> None:
    async def scenario() -> None:
        committer = Committer(Journal().append, limit=1)
        committer.start(asyncio.get_running_loop())
        waiting = committer.commit(event("fits"))
        with pytest.raises(NotRecorded):
            committer.commit(event("does not"))
        await waiting
        await committer.close()

    asyncio.run(scenario())
