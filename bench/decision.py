"""The cost of decisions: one process, no server, beside a fixed piece of Python in the same run."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.workload import console_policy
from keystead.policy import (
    AttachedPolicy,
    Caller,
    CallerKind,
    Decision,
    Facts,
    Grant,
    Grants,
    Malformed,
    Policy,
    PolicyKind,
    Request,
    authorize,
    explain,
    parse_policy,
)

ACCOUNT = "111122223333"
KEY_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
GRANTS = 50_000
SIZE = 32_768
"""Characters of the largest key policy (KMS Developer Guide, "Quotas")."""
ROUND_SECONDS = 0.02


def measure(rounds: int) -> dict[str, float]:
    """Runs and prints it. Microseconds by name; `<name>/yardstick` are the ratios."""
    figures: dict[str, float] = {}
    yardsticks: list[float] = []
    print(f"{'':<58}{'us':>9}{'/yardstick':>12}")
    for name, work in measured().items():
        ours, ratio = against_yardstick(work, rounds, yardsticks)
        figures[name], figures[f"{name}/yardstick"] = ours, ratio
        print(f"{name:<58}{ours:>9.2f}{ratio:>12.2f}", flush=True)
    figures["yardstick"] = statistics.median(yardsticks)
    print(
        f"the yardstick took {figures['yardstick']:.2f} us ({min(yardsticks):.2f} to {max(yardsticks):.2f})"
    )
    many, one = (figures[f"grants on the key: {number}/yardstick"] for number in (GRANTS, 1))
    figures["grants/few"] = many / one
    print(f"{GRANTS:,} grants on the key cost {many / one:.2f} times what one costs")
    return figures


def measured() -> dict[str, Callable[[], object]]:
    """What is measured, by name."""
    console = key_policy(console_policy(ACCOUNT, names("admin"), names("user")))
    identity = (attach(document(statement("kms:*")), PolicyKind.IDENTITY),)
    named, delegated = Facts(key_policy=console), Facts(key_policy=console, identity=identity)
    hundred = key_policy(document(*(conditional(number) for number in range(100))))
    mine = key_policy(document(*(about_me(number) for number in range(100))))
    largest = largest_policy()
    last = ask(user("user-099"))
    work: dict[str, Callable[[], object]] = {
        "console policy, 10 principals: named in it": decide(ask(user("user-09")), named, "Allowed"),
        "console policy, 10 principals: by identity policy": decide(
            ask(user("someone")), delegated, "Allowed"
        ),
        "console policy, 10 principals: denied": decide(ask(user("someone")), named, "ImplicitlyDenied"),
        "100 statements with conditions: the last one allows": decide(
            last, Facts(key_policy=hundred), "Allowed"
        ),
        "100 statements about the caller, their conditions fail": decide(
            ask(user("user-09")), Facts(key_policy=mine), "ImplicitlyDenied"
        ),
        f"a policy of {len(largest)} characters, parsed and compiled": lambda: parsed(
            largest, PolicyKind.KEY
        ),
        "the same decision with its trace (`explain`)": lambda: explain(ask(user("user-09")), named),
    }
    for number in (1, GRANTS):
        facts = Facts(key_policy=console, grants=Grants(grants(number)))
        work[f"grants on the key: {number}"] = decide(ask(user("grantee-0")), facts, "Allowed")
    return work


def against_yardstick(
    work: Callable[[], object], rounds: int, yardsticks: list[float]
) -> tuple[float, float]:
    """The median of `work` in microseconds, and of its ratios to the yardstick, before each round."""
    ours, ratios = [], []
    for _ in range(rounds):
        yardsticks.append(microseconds(yardstick))
        ours.append(microseconds(work))
        ratios.append(ours[-1] / yardsticks[-1])
    return statistics.median(ours), statistics.median(ratios)


def microseconds(work: Callable[[], object]) -> float:
    """CPU time of one call, over as many as fill a round."""
    calls = 1
    gc.collect()
    gc.disable()
    try:
        while True:
            start = time.process_time()
            for _ in range(calls):
                work()
            taken = time.process_time() - start
            if taken > ROUND_SECONDS / 2:
                return taken / calls * 1e6
            calls = calls * 10 if taken < ROUND_SECONDS / 100 else int(calls * ROUND_SECONDS / taken) + 1
    finally:
        gc.enable()


def yardstick() -> int:
    """Calls, look-ups and comparisons, as an interpreter does them: nothing of ours, and never changed."""
    words = {"a": 1, "b": 2, "c": 3}
    total = 0
    for number in range(50):
        total += step(words, "abc"[number % 3])
    return total


def step(words: dict[str, int], word: str) -> int:
    return words[word] if word.startswith(("a", "b")) else words.get(word, 0)


def decide(request: Request, facts: Facts, expected: str) -> Callable[[], Decision]:
    decision = authorize(request, facts)
    if type(decision).__name__ != expected:
        raise SystemExit(f"the decision should be {expected} and is {decision}")
    return lambda: authorize(request, facts)


def names(kind: str) -> list[str]:
    return [f"arn:aws:iam::{ACCOUNT}:user/{kind}-{number:02}" for number in range(10)]


def user(name: str) -> Caller:
    return Caller(
        CallerKind.USER, f"arn:aws:iam::{ACCOUNT}:user/{name}", ACCOUNT, f"AIDAEXAMPLE{name.upper()}"
    )


def ask(caller: Caller) -> Request:
    context = {
        "aws:principalarn": caller.arn,
        "aws:sourceip": "192.0.2.7",
        "aws:securetransport": "true",
        "kms:encryptioncontext:purpose": "bench",
        "kms:encryptioncontextkeys": ("purpose",),
    }
    return Request(caller, "kms:Decrypt", KEY_ARN, ACCOUNT, True, True, context, {"purpose": "bench"})


def statement(action: str | list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*"} | more


def conditional(number: int) -> dict[str, Any]:
    """One of a hundred: the same actions for one user each, under a condition."""
    return statement(
        ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
        Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/user-{number:03}"},
        Condition={"StringEquals": {"kms:EncryptionContext:purpose": "bench"}},
    )


def about_me(number: int) -> dict[str, Any]:
    """One of a hundred: all name the caller, and the condition of each must be looked at."""
    return statement(
        "kms:Decrypt",
        Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/user-09"},
        Condition={"StringEquals": {"kms:EncryptionContext:purpose": f"purpose-{number}"}},
    )


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def largest_policy() -> str:
    """Statements until no more fit."""
    statements: list[dict[str, Any]] = []
    while len(document(*statements, conditional(len(statements)))) <= SIZE:
        statements.append(conditional(len(statements)))
    return document(*statements)


def parsed(text: str, kind: PolicyKind) -> Policy:
    policy = parse_policy(text, kind)
    if isinstance(policy, Malformed):
        raise SystemExit(f"a policy of the bench is malformed: {policy.findings}")
    return policy


def attach(text: str, kind: PolicyKind) -> AttachedPolicy:
    return AttachedPolicy(parsed(text, kind), "bench")


def key_policy(text: str) -> AttachedPolicy:
    return attach(text, PolicyKind.KEY)


def grants(number: int) -> tuple[Grant, ...]:
    """Grants to as many users; the caller holds the first."""
    return tuple(
        Grant(f"{at:064x}", f"arn:aws:iam::{ACCOUNT}:user/grantee-{at}", frozenset({"Decrypt"}), ACCOUNT)
        for at in range(number)
    )
