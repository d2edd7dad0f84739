"""What very many grants on a key cost an Encrypt: grants to others, and grants to the caller itself."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bench import workload
from bench.rate import drive
from bench.servers import Installation, Server, initialise, keystead_serve
from keystead.config import DATABASE_NAME
from keystead.kinds import GrantOperation
from keystead.model import Grant, GrantConstraints
from keystead.names import GrantId, KeyArn
from keystead.store import open_store

BATCH = 1_000
"""Grants added in one transaction."""

PURPOSE = {"app": "pay"}
"""A pair that every request has in its encryption context."""


def measure(grants: int, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Runs and prints it: one IAM user, and a key for each line; their rounds take turns."""
    with tempfile.TemporaryDirectory(prefix="keystead-bench-") as directory:
        installation = initialise(Path(directory))
        with keystead_serve(installation) as server:
            named = workload.set_up(server)
            user = server.client("iam").get_user(UserName=named.user)["User"]["UserId"]
            callers = {
                "by its policy, without grants": replace(named, key_arn=new_key(server, named)),
                f"the same, {grants} grants to others": replace(named, key_arn=new_key(server, named)),
                "by one grant, without others": replace(named, key_arn=new_key(server)),
                f"the same, {grants - 1} grants to others": replace(named, key_arn=new_key(server)),
                f"by one of its own {grants} grants": replace(named, key_arn=new_key(server)),
            }
            keys = [KeyArn.parse(caller.key_arn) for caller in callers.values()]
            began = time.perf_counter()
            fill(installation, (to_another(keys[1], n) for n in range(grants)))
            fill(installation, [to_user(keys[2], 0, user, PURPOSE)])
            fill(installation, [to_user(keys[3], 0, user, PURPOSE)])
            fill(installation, (to_another(keys[3], n) for n in range(1, grants)))
            fill(installation, (to_user(keys[4], n, user, order(n)) for n in range(grants)))
            print(f"{3 * grants} grants added to the store in {time.perf_counter() - began:.0f} s")
            return compare(server, callers, rounds, seconds)


def compare(
    server: Server, callers: dict[str, workload.Caller], rounds: int, seconds: float
) -> dict[str, dict[str, float]]:
    """Rates, and what a call costs in terms of one under the last key without grants to others."""
    made = {name: encrypts(caller) for name, caller in callers.items()}
    rates: dict[str, list[float]] = {name: [] for name in callers}
    for _ in range(rounds):
        for name, caller in callers.items():
            outcome = drive(server, workload.sign(made[name], server, caller.credentials), seconds)
            workload.check(server, caller, made[name], outcome.samples)
            rates[name].append(len(outcome.latencies) / outcome.elapsed)
    figures: dict[str, dict[str, float]] = {}
    yardstick = 0.0
    print(f"{'Encrypt allowed':<40}{'rate/s':>9}{'cost':>8}")
    for name, measured in rates.items():
        rate = statistics.median(measured)
        yardstick = rate if "without" in name else yardstick
        figures[name] = {"rate": rate, "cost": yardstick / rate}
        print(f"{name:<40}{rate:>9.0f}{yardstick / rate:>8.2f}", flush=True)
    return figures


def new_key(server: Server, caller: workload.Caller | None = None) -> str:
    """The ARN of a key whose policy names the caller as that of its own key does, or nobody but root."""
    kms = server.client("kms")
    if caller is None:
        return str(kms.create_key()["KeyMetadata"]["Arn"])
    policy = kms.get_key_policy(KeyId=caller.key_arn)["Policy"]
    made = kms.create_key(Policy=json.dumps(json.loads(policy)), BypassPolicyLockoutSafetyCheck=True)
    return str(made["KeyMetadata"]["Arn"])


def encrypts(caller: workload.Caller) -> list[workload.Call]:
    """Encrypts, each with another encryption context."""
    made = []
    for n in range(workload.REQUESTS):
        plaintext = f"the plaintext with number {n:06}".encode()
        text = workload.text(plaintext)
        made.append(workload.call("Encrypt", caller, PURPOSE | order(n), plaintext, Plaintext=text))
    return made


def order(number: int) -> dict[str, str]:
    """The pair of an encryption context that differs."""
    return {"order": f"{number:06}"}


def to_another(key: KeyArn, number: int) -> Grant:
    """A grant to a user who does not call; nothing looks at whether it exists."""
    return to_user(key, number, f"AIDA{number:017}", order(number))


def to_user(key: KeyArn, number: int, user: str, context: dict[str, str]) -> Grant:
    """A grant to use the key with an encryption context."""
    return Grant(
        key=key,
        id=GrantId(f"{number:064x}"),
        grantee=user,
        operations=(GrantOperation.ENCRYPT, GrantOperation.DECRYPT),
        issuing_account=key.account,
        created=int(time.time() * 1000),
        constraints=GrantConstraints(encryption_context_subset=context),
    )


def fill(installation: Installation, grants: Iterable[Grant]) -> None:
    """Puts grants straight into the store."""
    store = open_store(str(installation.data / DATABASE_NAME))
    waiting = list(grants)
    try:
        for first in range(0, len(waiting), BATCH):
            with store.write("fill for the bench") as tx:
                for grant in waiting[first : first + BATCH]:
                    tx.add_grant(grant)
    finally:
        store.close()
