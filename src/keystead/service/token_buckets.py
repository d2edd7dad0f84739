"""Token buckets: how often something may happen, at once and in the long run. Time is an argument.

A bucket holds as many tokens as its rate yields in a second, at least one, fills at its rate, and gives one
for each request. It is kept as one number, the time when it is full again.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock
from typing import NamedTuple

SECOND = 1_000_000_000
"""Nanoseconds."""

MOST_BUCKETS = 65_536
"""Buckets that are kept. Of more than so many that are in use, the one that was used least lately is
forgotten, and begins full again."""

SET_BACK = 60 * SECOND
"""By how much the time must go back to be a clock that was set, after which all buckets begin full again.
Calls that overtake each other differ by less."""


class Draw(NamedTuple):
    """Tokens to take from one bucket.

    Attributes:
        bucket: which one.
        interval: nanoseconds in which it gains a token.
        capacity: nanoseconds in which it fills.
        tokens: how many to take. Where one is left they are taken, and the bucket fills later.
    """

    bucket: Hashable
    interval: int
    capacity: int
    tokens: int = 1


def draw(bucket: Hashable, rate: float, tokens: int = 1) -> Draw:
    """The draw from a bucket that gains `rate` tokens a second, a positive number."""
    interval = math.ceil(SECOND / rate)
    return Draw(bucket, interval, interval * max(1, math.floor(rate)), tokens)


class TokenBuckets:
    """Any number of buckets, of which `most` are kept. Safe to share between threads."""

    def __init__(self, most: int = MOST_BUCKETS) -> None:
        self._most = most
        self._full_at: OrderedDict[Hashable, int] = OrderedDict()
        self._latest = 0
        self._lock = Lock()

    def take(self, draws: Sequence[Draw], now: int) -> bool:
        """Takes all of `draws`, each from another bucket, or none of them; whether it did.

        `now` is in nanoseconds.
        """
        with self._lock:
            if now < self._latest - SET_BACK:
                self._full_at.clear()
                self._latest = now
            now = self._latest = max(self._latest, now)
            full_at = [max(now, self._full_at.get(each.bucket, now)) for each in draws]
            for each, full in zip(draws, full_at, strict=True):
                if full - now > each.capacity - each.interval:
                    return False
            for each, full in zip(draws, full_at, strict=True):
                self._full_at[each.bucket] = full + each.interval * each.tokens
                self._full_at.move_to_end(each.bucket)
                if len(self._full_at) > self._most:
                    self._full_at.popitem(last=False)
            return True
