"""Randomness fetched in portions: none is given out twice, and none is made up."""

import os
import threading
from itertools import count

import pytest

from keystead.crypto.randomness import Portions


def numbered():
    """A source whose every portion of 28 bytes is a number of its own."""
    numbers = count()
    return lambda size: b"".join(next(numbers).to_bytes(28, "big") for _ in range(size // 28))


def test_portions_are_those_of_the_source_each_once():
    portions = Portions(numbered(), 28)
    drawn = {portions(28) for _ in range(1000)}
    assert len(drawn) == 1000
    assert {int.from_bytes(portion, "big") for portion in drawn} <= set(range(1000 + 128))


def test_other_sizes_come_from_the_source_itself():
    asked = []
    portions = Portions(lambda size: asked.append(size) or bytes(size), 28)
    assert portions(32) == bytes(32)
    assert asked == [32]


def test_a_source_that_returns_too_little_is_refused():
    with pytest.raises(ValueError, match="source of randomness"):
        Portions(lambda size: bytes(size - 1), 28)(28)


def test_threads_share_no_portion():
    portions = Portions(os.urandom, 28)
    drawn: list[list[bytes]] = [[] for _ in range(8)]
    start = threading.Barrier(8)

    def work(into: list[bytes]) -> None:
        start.wait()
        into.extend(portions(28) for _ in range(5000))

    threads = [threading.Thread(target=work, args=(into,)) for into in drawn]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({portion for into in drawn for portion in into}) == 8 * 5000


def test_a_forked_process_shares_no_portion():
    portions = Portions(os.urandom, 28)
    portions(28)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, b"".join(portions(28) for _ in range(100)))
        os._exit(0)
    ours = {portions(28) for _ in range(100)}
    os.waitpid(child, 0)
    theirs = os.read(read, 2800)
    os.close(read)
    os.close(write)
    assert len(theirs) == 2800
    assert ours.isdisjoint({theirs[at : at + 28] for at in range(0, 2800, 28)})
