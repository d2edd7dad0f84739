"""Work that comes round again."""

import threading

from keystead.server.periodic import Periodic

LONG = 3600.0


def test_it_comes_round_in_spite_of_failures_and_not_after_it_was_stopped() -> None:
    rounds: list[bool] = []
    enough = threading.Event()

    def work() -> bool:
        rounds.append(True)
        if len(rounds) == 2:
            raise ZeroDivisionError
        if len(rounds) == 4:
            enough.set()
        return False

    periodic = Periodic(work, 0.001)
    periodic.start()
    assert enough.wait(30)
    periodic.stop()
    done = len(rounds)
    threading.Event().wait(0.05)
    assert len(rounds) == done


def test_what_has_more_to_do_goes_on_at_once() -> None:
    """The first round comes after a period; the others would take hours."""
    rounds: list[bool] = []
    ended = threading.Event()

    def work() -> bool:
        rounds.append(True)
        if len(rounds) == 1:
            periodic._period = LONG
        if len(rounds) == 3:
            ended.set()
        return len(rounds) < 3

    periodic = Periodic(work, 0.001)
    periodic.start()
    assert ended.wait(30)
    periodic.stop()
    assert len(rounds) == 3


def test_it_is_stopped_while_it_waits() -> None:
    periodic = Periodic(lambda: True, LONG)
    periodic.start()
    periodic.stop()
