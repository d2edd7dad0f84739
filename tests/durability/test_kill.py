"""`kill -9` at a random moment: every acknowledged change is there after the restart, and no half change.

`KEYSTEAD_KILL_ROUNDS` sets how often (12 in `make test`, 200 in `make test-slow`), `KEYSTEAD_KILL_SEED` the
moments.
"""

import json
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from installation import Installation
from ledger import Ledger, Policy, Writer

from keystead.config import DATABASE_NAME

WRITERS = 2
LONGEST = 0.3
"""Seconds that writers get at most before the kill."""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    made.close()


def rounds(default: int) -> int:
    return int(os.environ.get("KEYSTEAD_KILL_ROUNDS", default))


@pytest.mark.wire
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(rounds(12), id=f"{rounds(12)} rounds"),
        pytest.param(rounds(200), id=f"many: {rounds(200)} rounds", marks=pytest.mark.slow),
    ],
)
def test_acknowledged_changes_outlive_a_kill(
    count: int, installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get("KEYSTEAD_KILL_SEED", time.time_ns() % 2**32))
    moments = random.Random(seed)
    known = Known()
    installation.start(workers=1)
    for number in range(count):
        ledgers = write_until_killed(installation, number, moments.uniform(0.0, LONGEST))
        installation.start(workers=1 + number % 2)
        known.check(installation.client("kms"), ledgers)
    known.check_all(installation.client("kms"))
    installation.kill()
    assert integrity(installation.data / DATABASE_NAME) == "ok"
    told = (
        f"kill -9, {count} rounds, seed {seed}: {known.acknowledged} acknowledged changes all there;"
        f" of {known.in_flight} in flight {known.happened} had happened"
    )
    with capsys.disabled():
        print(f"\n{told}")
    assert known.acknowledged > count, told
    assert known.in_flight > 0, told


def write_until_killed(installation: Installation, number: int, moment: float) -> list[Ledger]:
    """One round: writers at work, a kill after `moment` seconds; what they were told and were not."""
    kms = installation.client("kms")
    writers = [Writer(kms, installation.account, f"round{number}-writer{w}") for w in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(moment)
    installation.kill()
    for writer in writers:
        writer.join(30)
        assert not writer.is_alive(), "a call neither failed nor was answered"
        if writer.failure is not None:
            raise writer.failure
    return [writer.ledger for writer in writers]


class Known:
    """Everything acknowledged so far, or found to have happened."""

    def __init__(self) -> None:
        self.policies: dict[str, Policy] = {}
        self.aliases: dict[str, str] = {}
        self.acknowledged = 0
        self.in_flight = 0
        self.happened = 0

    def check(self, kms: Any, ledgers: list[Ledger]) -> None:
        """Holds one round's ledgers against the restarted server, and takes them in."""
        listed = key_ids(kms)
        missing = set(self.policies) - listed
        for ledger in ledgers:
            self.acknowledged += ledger.acknowledged
            missing |= set(ledger.policies) - listed
        assert missing == set(), "acknowledged keys are gone"
        for ledger in ledgers:
            for key_id, allowed in ledger.policies.items():
                self._take_key(kms, key_id, allowed)
        self._check_unknown_keys(kms, listed - set(self.policies), ledgers)
        self._check_aliases(kms, ledgers)

    def _take_key(self, kms: Any, key_id: str, allowed: list[Policy]) -> None:
        found = whole_key(kms, key_id)
        assert found in allowed, (
            f"the policy of {key_id} is neither the acknowledged one nor the one in flight"
        )
        self.policies[key_id] = found
        self.in_flight += len(allowed) - 1
        self.happened += allowed.index(found)

    def _check_unknown_keys(self, kms: Any, unknown: set[str], ledgers: list[Ledger]) -> None:
        creating = {name: made for ledger in ledgers for name, made in ledger.creating.items()}
        self.in_flight += len(creating)
        for key_id in unknown:
            description = kms.describe_key(KeyId=key_id)["KeyMetadata"]["Description"]
            assert description in creating, f"nobody asked for the key {key_id}, or not twice"
            self._take_key(kms, key_id, [creating.pop(description)])
            self.happened += 1

    def _check_aliases(self, kms: Any, ledgers: list[Ledger]) -> None:
        listed = aliases(kms)
        for ledger in ledgers:
            self.aliases |= ledger.aliases
            for name, key_id in ledger.naming.items():
                self.in_flight += 1
                if name in listed:
                    self.happened += 1
                    self.aliases[name] = key_id
        assert listed == self.aliases
        assert set(listed.values()) <= set(self.policies), "an alias without its key"

    def check_all(self, kms: Any) -> None:
        """Once more, everything of every round."""
        assert key_ids(kms) == set(self.policies)
        assert aliases(kms) == self.aliases
        for key_id, policy in self.policies.items():
            assert whole_key(kms, key_id) == policy


def key_ids(kms: Any) -> set[str]:
    return {key["KeyId"] for page in kms.get_paginator("list_keys").paginate() for key in page["Keys"]}


def aliases(kms: Any) -> dict[str, str]:
    """Alias name -> key id; those of AWS managed keys are not ours."""
    pages = kms.get_paginator("list_aliases").paginate()
    return {a["AliasName"]: a["TargetKeyId"] for page in pages for a in page["Aliases"] if "TargetKeyId" in a}


def whole_key(kms: Any, key_id: str) -> Policy:
    """The policy of a key that has material: what it seals, it opens."""
    blob = kms.encrypt(KeyId=key_id, Plaintext=b"still here")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"still here"
    policy: Policy = json.loads(kms.get_key_policy(KeyId=key_id)["Policy"])
    return policy


def integrity(database: Path) -> str:
    """SQLite's own opinion of the file."""
    connection = sqlite3.connect(database)
    try:
        answer: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()
    return answer
