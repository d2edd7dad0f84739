"""Several processes on one file, and a process that is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import store_records as make

from keystead.store import open_store

# Each program finds the records where this file is, the database as its first argument.
PRELUDE = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import store_records as make
from keystead.store import AlreadyExists, open_store
file, number = sys.argv[1], int(sys.argv[2])
"""

OPEN_AND_WRITE = """
sys.stdin.readline()
store = open_store(file, durable=False)
with store.write("account") as tx:
    try:
        tx.add_account(make.account())
    except AlreadyExists:
        pass
for step in range(20):
    with store.write("pair") as tx:
        before = len(tx.keys(make.ACCOUNT, make.REGION, "", 10_000))
        assert before % 2 == 0, before
        tx.add_key(make.key(1000 * number + 2 * step), None)
        tx.add_key(make.key(1000 * number + 2 * step + 1), None)
    store.append_events(make.events(2))
store.close()
"""

WRITE_FOREVER = """
store = open_store(file)
step = 0
while True:
    step += 1
    with store.write("pair") as tx:
        tx.add_key(make.key(100_000 * number + 2 * step), None)
        tx.add_key(make.key(100_000 * number + 2 * step + 1), None)
        tx.append_events(make.events(1))
    store.append_events(make.events(1))
    print(step, flush=True)
"""

OPEN_AN_UP_TO_DATE_DATABASE = """
store = open_store(file)
with store.read() as tx:
    assert tx.accounts() == (make.account(),)
store.close()
assert "alembic" not in sys.modules
print("done")
"""

ADD_ONE_KEY = """
store = open_store(file)
with store.write("key") as tx:
    tx.add_key(make.key(number), None)
store.close()
"""


def start(program: str, file: str, number: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PRELUDE + program, file, str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], given: str = "") -> str:
    out, err = process.communicate(given, timeout=60)
    assert process.returncode == 0, err
    return out


def test_processes_make_one_database_and_write_it_together(file: str) -> None:
    processes = [start(OPEN_AND_WRITE, file, number) for number in (1, 2, 3)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        finish(process)
    store = open_store(file)
    with store.read() as tx:
        assert len(tx.keys(make.ACCOUNT, make.REGION, "", 10_000)) == 120
        assert len(tx.events(0, 10_000)) == 120
        assert tx.last_change() == 121
    store.close()


def test_what_was_committed_survives_sigkill(file: str) -> None:
    store = open_store(file)
    with store.write("account") as tx:
        tx.add_account(make.account())
    store.close()
    reported = 0
    for number in (1, 2):
        with start(WRITE_FOREVER, file, number) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(10 + number)]
            os.kill(process.pid, signal.SIGKILL)
            lines += process.stdout.readlines()
        reported += sum(line.endswith("\n") for line in lines)
    store = open_store(file)
    with store.read() as reading:
        keys = len(reading.keys(make.ACCOUNT, make.REGION, "", 1_000_000))
        events = len(reading.events(0, 1_000_000))
    store.close()
    assert keys % 2 == 0, "half of a transaction"
    assert 2 * reported <= keys <= 2 * (reported + 2), "at most one transaction a process went unreported"
    assert 2 * reported <= events <= 2 * (reported + 2)


def test_changes_of_another_process_are_seen_and_alembic_stays_away(file: str) -> None:
    store = open_store(file)
    with store.write("account") as tx:
        tx.add_account(make.account())
    assert store.changes()
    finish(start(ADD_ONE_KEY, file, 7))
    assert [change.subject for change in store.changes() or ()] == [str(make.key_arn(7))]
    assert store.changes() == ()
    assert finish(start(OPEN_AN_UP_TO_DATE_DATABASE, file)) == "done\n"
    assert store.changes() == ()
    store.close()
