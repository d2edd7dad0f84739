"""Token buckets beside the book: tokens as fractions, filled as time passes; and the laws of the outcome."""

import threading
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from keystead.service.token_buckets import SECOND, SET_BACK, Draw, TokenBuckets, draw

RATES = st.sampled_from([0.1, 0.25, 0.5, 1, 2.5, 3, 5, 7, 100, 5500, 100_000])
START = 1_800_000_000 * SECOND


class BucketBesideTheBook(RuleBasedStateMachine):
    """One bucket; another one, used in between, changes nothing."""

    @initialize(rate=RATES)
    def begin(self, rate: float) -> None:
        self.draw = draw("it", rate)
        self.most = self.draw.capacity // self.draw.interval
        self.buckets = TokenBuckets()
        self.now = START
        self.tokens = Fraction(self.most)
        self.passed: list[int] = []

    @rule(intervals=st.fractions(0, 4, max_denominator=7))
    def wait(self, intervals: Fraction) -> None:
        gained = int(intervals * self.draw.interval)
        self.now += gained
        self.tokens = min(Fraction(self.most), self.tokens + Fraction(gained, self.draw.interval))

    @rule(times=st.integers(1, 12))
    def take(self, times: int) -> None:
        for _ in range(times):
            passes = self.buckets.take([self.draw], self.now)
            assert passes == (self.tokens >= 1)
            if passes:
                self.tokens -= 1
                self.passed.append(self.now)

    @rule()
    def use_another(self) -> None:
        self.buckets.take([draw("another", 1)], self.now)

    @rule(ago=st.integers(0, SET_BACK))
    def be_overtaken(self, ago: int) -> None:
        """A call that began before another one, and comes after it, is as if it had come now."""
        self.use_another()
        passes = self.buckets.take([self.draw], self.now - ago)
        assert passes == (self.tokens >= 1)
        if passes:
            self.tokens -= 1
            self.passed.append(self.now)

    def teardown(self) -> None:
        """Between any two requests that passed: never more than the burst and what the time yields."""
        passed = getattr(self, "passed", [])[-60:]
        for first, began in enumerate(passed):
            for last in range(first, len(passed)):
                yields = Fraction(passed[last] - began, self.draw.interval)
                assert last - first + 1 <= self.most + yields


TestBucketBesideTheBook = BucketBesideTheBook.TestCase
TestBucketBesideTheBook.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(rate=RATES.filter(lambda rate: rate <= 100), times=st.integers(1, 40))
def test_who_waits_for_an_interval_never_starves(rate: float, times: int) -> None:
    buckets, one = TokenBuckets(), draw("it", rate)
    while buckets.take([one], START):
        pass
    for turn in range(1, times):
        assert not buckets.take([one], START + turn * one.interval - 1)
        assert buckets.take([one], START + turn * one.interval)


@pytest.mark.parametrize(
    ("rate", "interval", "burst"),
    [(10_000.0, 100_000, 10_000), (2.5, 400_000_000, 2), (0.1, 10 * SECOND, 1), (3, 333_333_334, 3)],
)
def test_a_second_at_once_and_never_faster_than_the_rate(rate: float, interval: int, burst: int) -> None:
    one = draw("it", rate)
    assert one == Draw("it", interval, interval * burst)
    assert SECOND <= interval * rate < SECOND + rate


def test_several_are_taken_together_or_none() -> None:
    buckets = TokenBuckets()
    assert buckets.take([draw("a", 1)], START)
    assert not buckets.take([draw("b", 1), draw("a", 1)], START)
    assert buckets.take([draw("b", 1)], START)


def test_two_tokens_of_a_bucket_that_holds_one_are_owed() -> None:
    buckets = TokenBuckets()
    assert buckets.take([draw("a", 1, 2)], START)
    assert not buckets.take([draw("a", 1)], START + 2 * SECOND - 1)
    assert buckets.take([draw("a", 1)], START + 2 * SECOND)


def test_a_clock_that_was_set_back_stops_nobody() -> None:
    buckets, one = TokenBuckets(), draw("a", 1)
    assert buckets.take([one], START)
    assert not buckets.take([one], START - SET_BACK)
    assert buckets.take([one], START - SET_BACK - 1)
    assert not buckets.take([one], START - SET_BACK - 1)


def test_the_bucket_that_was_used_least_lately_is_forgotten() -> None:
    buckets = TokenBuckets(most=2)
    for name in "aba":
        buckets.take([draw(name, 2)], START)
    assert buckets.take([draw("c", 2)], START)  # b goes
    assert not buckets.take([draw("a", 2)], START)
    assert [buckets.take([draw("b", 2)], START) for _ in range(3)] == [True, True, False]


def test_threads_share_what_there_is() -> None:
    buckets, one = TokenBuckets(), draw("it", 1000)
    passed: list[bool] = []

    def hammer() -> None:
        passed.extend([buckets.take([one], START) for _ in range(500)])

    threads = [threading.Thread(target=hammer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 1000
