"""A queue for a few places of work in which accounts take turns, so that none can keep the others out.

Of those that wait, the account begins whose turn was longest ago: an account waits for one piece of each
other account at most, however many pieces those have queued. The queue is bounded as a whole, and an account
may have all of it while no other wants a place. When it is full, the account that has most in it gives up the
latest of its pieces that wait, to one with fewer. What has begun is never given up.
"""

import asyncio
from collections import Counter, OrderedDict

Place = asyncio.Future[None]
"""Done when the piece may begin; fails with `Full` if it has to make room for another account's."""


class Full(Exception):
    """As much work waits as may, or as may of this account."""


class FairQueue:
    """Belongs to one event loop.

    Args:
        size: pieces that may wait or be under way, of all accounts.
        at_once: how many may be under way.
    """

    def __init__(self, size: int, at_once: int) -> None:
        self._size = size
        self._at_once = at_once
        self._accounts: dict[Place, str] = {}
        self._held: Counter[str] = Counter()
        # Accounts in the order of their turns; the pieces of each, oldest first. None is without pieces.
        self._waiting: OrderedDict[str, dict[Place, None]] = OrderedDict()
        self._under_way: set[Place] = set()

    def __len__(self) -> int:
        """How many pieces wait or are under way."""
        return len(self._accounts)

    def enter(self, account: str) -> Place:
        """Queues a piece of work of an account; `Full` if there is no room for it.

        Each place must be given to `leave`, whatever becomes of it.
        """
        if len(self._accounts) >= self._size:
            self._make_room(account)
        place: Place = asyncio.get_running_loop().create_future()
        self._accounts[place] = account
        self._held[account] += 1
        self._waiting.setdefault(account, {})[place] = None
        self._begin()
        return place

    def leave(self, place: Place) -> None:
        """Frees a place: the piece is done, failed, or will not be begun."""
        account = self._accounts.get(place)
        if account is None:
            return  # it had to make room, or all were dropped
        if place in self._under_way:
            self._under_way.remove(place)
        else:
            self._take(account, place)
        self._forget(account, place)
        self._begin()

    def drop(self) -> None:
        """Cancels every piece that waits."""
        while self._waiting:
            account, pieces = next(iter(self._waiting.items()))
            for place in list(pieces):
                self._take(account, place)
                self._forget(account, place)
                place.cancel()

    def _make_room(self, account: str) -> None:
        most = max(self._waiting, key=self._held.__getitem__, default=account)
        # With a difference of one they would only change places.
        if self._held[most] <= self._held[account] + 1:
            raise Full
        latest = next(reversed(self._waiting[most]))
        self._take(most, latest)
        self._forget(most, latest)
        if not latest.done():  # it may have been cancelled, and not have left yet
            latest.set_exception(Full())

    def _begin(self) -> None:
        while self._waiting and len(self._under_way) < self._at_once:
            account, pieces = next(iter(self._waiting.items()))
            place = next(iter(pieces))
            self._waiting.move_to_end(account)
            self._take(account, place)
            self._under_way.add(place)
            if not place.done():
                place.set_result(None)

    def _take(self, account: str, place: Place) -> None:
        """Takes a piece from those that wait."""
        pieces = self._waiting[account]
        del pieces[place]
        if not pieces:
            del self._waiting[account]

    def _forget(self, account: str, place: Place) -> None:
        del self._accounts[place]
        self._held[account] -= 1
        if not self._held[account]:
            del self._held[account]
