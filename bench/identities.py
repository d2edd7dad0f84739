"""What very many users, roles and policies in the store cost an Encrypt, and how long listing them takes."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bench import workload
from bench.rate import drive
from bench.servers import Installation, Server, initialise, keystead_serve
from keystead.config import DATABASE_NAME
from keystead.kinds import PrincipalType
from keystead.model import ManagedPolicy, Principal, RoleDetails
from keystead.names import AccountId
from keystead.store import open_store
from keystead.store.port import WriteTx

BATCH = 1_000
"""Entities added in one transaction."""

PAGE = 1_000
"""The most users that ListUsers answers at once."""

Addition = Callable[[WriteTx], None]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two installations: its server, the caller, its calls, and how they went."""

    name: str
    server: Server
    caller: workload.Caller
    calls: list[workload.Call]
    rates: list[float]


def measure(users: int, rounds: int, seconds: float) -> dict[str, float]:
    """Runs and prints it: two installations, whose rounds take turns; one has very many identities."""
    with tempfile.TemporaryDirectory(prefix="keystead-bench-") as directory:
        few, many = initialise(Path(directory, "few")), initialise(Path(directory, "many"))
        with keystead_serve(few) as one, keystead_serve(many) as other:
            sides = [side("few", one), side("many", other)]
            account = AccountId(other.client("sts").get_caller_identity()["Account"])
            roles, policies = users // 10, users // 2
            began = time.perf_counter()
            fill(many, identities(account, users, roles, policies))
            took = time.perf_counter() - began
            print(f"{users} users, {roles} roles, {policies} managed policies added in {took:.0f} s")
            return compare(sides, rounds, seconds) | list_users(other, users + workload.PRINCIPALS)


def side(name: str, server: Server) -> Side:
    """A server with ten users, one of whom encrypts under a key whose policy names it."""
    caller = workload.set_up(server)
    return Side(name, server, caller, workload.calls(server, caller)["Encrypt"], [])


def compare(sides: list[Side], rounds: int, seconds: float) -> dict[str, float]:
    """The rates, and the median of the ratios of the pairs; who begins a pair changes from pair to pair."""
    for number in range(rounds):
        for each in sides if number % 2 else reversed(sides):
            requests = workload.sign(each.calls, each.server, each.caller.credentials)
            outcome = drive(each.server, requests, seconds)
            workload.check(each.server, each.caller, each.calls, outcome.samples)
            each.rates.append(len(outcome.latencies) / outcome.elapsed)
    few, many = sides
    ratios = [more / less for less, more in zip(few.rates, many.rates, strict=True)]
    figures = {each.name: statistics.median(each.rates) for each in sides}
    figures["ratio"] = statistics.median(ratios)
    print(f"{'Encrypt/s':<12}{'few':>9}{'many':>9}{'ratio':>8}")
    print(f"{'':<12}{figures['few']:>9.0f}{figures['many']:>9.0f}{figures['ratio']:>8.3f}", flush=True)
    return figures


def list_users(server: Server, expected: int) -> dict[str, float]:
    """Milliseconds of one page of ListUsers, the median; all users must come once and in their order."""
    iam = server.client("iam")
    names: list[str] = []
    times: list[float] = []
    marker: dict[str, str] = {}
    while True:
        began = time.perf_counter()
        answer = iam.list_users(MaxItems=PAGE, **marker)
        times.append((time.perf_counter() - began) * 1000)
        names += [user["UserName"] for user in answer["Users"]]
        if not answer["IsTruncated"]:
            break
        marker = {"Marker": answer["Marker"]}
    if len(names) != expected or names != sorted(set(names)):
        raise SystemExit(f"ListUsers answered {len(names)} users, {len(set(names))} different")
    page = statistics.median(times)
    print(f"ListUsers: {len(names)} users in {len(times)} pages, {page:.0f} ms a page of {PAGE}")
    return {"pages": float(len(times)), "page_ms": page}


def identities(account: AccountId, users: int, roles: int, policies: int) -> Iterable[Addition]:
    """Users, roles and managed policies; each policy is attached to a user, every other one to a role."""
    now = int(time.time() * 1000)
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"},
        }
    )
    for number in range(users):
        yield add_principal(
            Principal(user_id(number), account, PrincipalType.USER, "/", f"u-{number:06}", now)
        )
    for number in range(roles):
        details = RoleDetails(trust)
        name = f"r-{number:06}"
        yield add_principal(
            Principal(f"AROA{number:017}", account, PrincipalType.ROLE, "/", name, now, role=details)
        )
    for number in range(policies):
        policy = ManagedPolicy(f"ANPA{number:017}", account, "/", f"p-{number:06}", "", now, now)
        yield add_policy(policy, user_id(number % users))
        if number % 2 == 0 and number // 2 < roles:
            yield attach(policy, f"AROA{number // 2:017}")


def user_id(number: int) -> str:
    """The unique id of a user that was put into the store."""
    return f"AIDA{number:017}"


def add_principal(principal: Principal) -> Addition:
    """Adds a user or role."""
    return lambda tx: tx.add_principal(principal)


def add_policy(policy: ManagedPolicy, user: str) -> Addition:
    """Adds a policy that allows something, and attaches it to a user."""
    allows = {"Effect": "Allow", "Action": f"kms:{policy.name}", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": allows})

    def add(tx: WriteTx) -> None:
        tx.add_managed_policy(policy, document)
        attach(policy, user)(tx)

    return add


def attach(policy: ManagedPolicy, unique_id: str) -> Addition:
    """Attaches a policy to a user or role."""
    account = policy.account
    assert account is not None, "a policy of the customer's"
    return lambda tx: tx.attach_policy(account, unique_id, str(policy.arn))


def fill(installation: Installation, additions: Iterable[Addition]) -> None:
    """Puts entities straight into the store."""
    store = open_store(str(installation.data / DATABASE_NAME))
    waiting = list(additions)
    try:
        for first in range(0, len(waiting), BATCH):
            with store.write("fill for the bench") as tx:
                for add in waiting[first : first + BATCH]:
                    add(tx)
    finally:
        store.close()
