"""The queue of long work: accounts take turns, none keeps the others out, and the bound holds."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.server.fair_queue import FairQueue, Full, Place


def scene(play: Callable[[], Awaitable[None]]) -> None:
    """Runs a test inside an event loop."""

    async def run() -> None:
        await play()

    asyncio.run(run())


def begun(places: list[Place]) -> list[bool]:
    return [place.done() and not place.cancelled() and place.exception() is None for place in places]


def gave_up(place: Place) -> bool:
    return place.done() and not place.cancelled() and isinstance(place.exception(), Full)


def test_accounts_take_turns() -> None:
    async def play() -> None:
        queue = FairQueue(100, at_once=1)
        order: list[str] = []
        places = {queue.enter(account): account for account in "aaaabbc"}
        while places:
            (place,) = [place for place in places if place.done()]
            order.append(places.pop(place))
            queue.leave(place)
        assert "".join(order) == "aabcaba"
        assert len(queue) == 0

    scene(play)


def test_pieces_of_one_account_keep_their_order_and_as_many_begin_as_may() -> None:
    async def play() -> None:
        queue = FairQueue(10, at_once=2)
        places = [queue.enter("a") for _ in range(4)]
        assert begun(places) == [True, True, False, False]
        queue.leave(places[1])
        assert begun(places) == [True, True, True, False]

    scene(play)


def test_one_account_may_have_all_places_until_another_wants_one() -> None:
    async def play() -> None:
        queue = FairQueue(4, at_once=1)
        flood = [queue.enter("flood") for _ in range(4)]
        with pytest.raises(Full):
            queue.enter("flood")
        other = queue.enter("other")
        assert [gave_up(place) for place in flood] == [False, False, False, True]
        queue.enter("other")
        assert [gave_up(place) for place in flood] == [False, False, True, True]
        for account in ("flood", "other"):  # each has its half
            with pytest.raises(Full):
                queue.enter(account)
        third = queue.enter("third")
        assert [gave_up(place) for place in flood] == [False, True, True, True]
        for place in flood[1:]:  # these leave too, as each must, and nothing is counted twice
            queue.leave(place)
        assert len(queue) == 4
        queue.leave(flood[0])
        assert begun([other, third]) == [True, False]

    scene(play)


def test_what_is_under_way_is_not_given_up() -> None:
    async def play() -> None:
        queue = FairQueue(2, at_once=2)
        held = [queue.enter("a"), queue.enter("a")]
        with pytest.raises(Full):
            queue.enter("b")
        queue.leave(held[0])
        assert queue.enter("b").done()

    scene(play)


def test_who_withdraws_makes_room_and_is_never_begun() -> None:
    async def play() -> None:
        queue = FairQueue(3, at_once=1)
        first, second, third = (queue.enter("a") for _ in range(3))
        queue.leave(second)
        queue.enter("a")
        queue.leave(first)
        assert begun([second, third]) == [False, True]

    scene(play)


def test_what_is_dropped_is_cancelled_and_what_is_under_way_is_not() -> None:
    async def play() -> None:
        queue = FairQueue(9, at_once=1)
        places = [queue.enter(account) for account in "aabb"]
        queue.drop()
        assert [place.cancelled() for place in places] == [False, True, True, True]
        for place in places:
            queue.leave(place)
        assert len(queue) == 0

    scene(play)


ACTIONS = st.one_of(
    st.tuples(st.just("enter"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["finish", "withdraw", "cancel"]), st.integers(0, 20)),
)


@given(st.integers(1, 6), st.integers(1, 3), st.lists(ACTIONS, max_size=60))
def test_the_bounds_hold_and_each_account_gets_its_share(
    size: int, at_once: int, actions: list[tuple[str, int]]
) -> None:
    async def play() -> None:
        queue = FairQueue(size, at_once)
        waiting: dict[Place, str] = {}
        running: dict[Place, str] = {}
        # How often each account's oldest waiting piece was passed over, by account that went before it.
        passed: dict[str, Counter[str]] = {}

        def look(entered: str | None = None) -> None:
            for place, account in list(waiting.items()):
                if gave_up(place):
                    held = Counter([*waiting.values(), *running.values()])
                    assert entered is not None
                    assert held[account] > held[entered]
                    assert account != entered
                    del waiting[place]
                    queue.leave(place)
                elif place.done() and not place.cancelled():
                    running[place] = waiting.pop(place)
                    passed.pop(account, None)
                    for other in set(waiting.values()) - {account}:
                        passed.setdefault(other, Counter())[account] += 1
            # Between two turns of one account, each other account has one at most.
            assert all(count <= 1 for counts in passed.values() for count in counts.values())
            assert len(queue) == len(waiting) + len(running) <= size
            assert len(running) <= at_once
            assert not waiting or len(running) == at_once

        for action, which in actions:
            if action == "enter":
                account = f"account {which}"
                held = Counter([*waiting.values(), *running.values()])
                try:
                    waiting[queue.enter(account)] = account
                except Full:
                    assert sum(held.values()) == size
                    mine = held[account]
                    assert all(held[other] <= mine + 1 for other in waiting.values())
                else:
                    look(account)
            elif action == "finish" and running:
                place = list(running)[which % len(running)]
                del running[place]
                queue.leave(place)
                look()
            elif action in ("withdraw", "cancel") and waiting:
                place = list(waiting)[which % len(waiting)]
                account = waiting.pop(place)
                if account not in waiting.values():
                    passed.pop(account, None)
                if action == "cancel":
                    place.cancel()
                queue.leave(place)
                look()

    scene(play)
