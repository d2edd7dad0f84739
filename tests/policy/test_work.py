"""The work of an answer is bounded, counted in steps: time would depend on who else uses the processor."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from keystead.policy import (
    AttachedPolicy,
    Caller,
    CallerKind,
    ContextValue,
    Facts,
    Policy,
    PolicyKind,
    Request,
    authorize,
    explain,
    parse_policy,
)
from keystead.policy import conditions as conditions_module

ACCOUNT = "111122223333"
KEY = "kms:EncryptionContext:a"
LONGEST = 8_192
"""Characters: the largest encryption context that KMS takes."""


def asked(policy: list[dict[str, Any]], held: dict[str, ContextValue]) -> tuple[Request, Facts]:
    """A request with `held` in its context, under a key policy with those statements."""
    parsed = parse_policy(json.dumps({"Version": "2012-10-17", "Statement": policy}), PolicyKind.KEY)
    assert isinstance(parsed, Policy)
    caller = Caller(CallerKind.USER, f"arn:aws:iam::{ACCOUNT}:user/ana", ACCOUNT, "AIDAEXAMPLE", "")
    key = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
    context = {name.lower(): value for name, value in held.items()}
    request = Request(caller, "kms:Decrypt", key, ACCOUNT, True, True, context, {})
    return request, Facts(key_policy=AttachedPolicy(parsed, "key policy"), identity=())


def allow(condition: dict[str, Any]) -> dict[str, Any]:
    return {
        "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": condition
    }  # fmt: skip


def counted(
    monkeypatch: pytest.MonkeyPatch, name: str, size: Callable[..., int] = lambda *given: 1
) -> list[int]:
    """The sizes of the calls of a function of `keystead.policy.conditions` from here on."""
    real, calls = getattr(conditions_module, name), list[int]()

    def counting(*given: Any) -> Any:
        calls.append(size(*given))
        return real(*given)

    monkeypatch.setattr(conditions_module, name, counting)
    return calls


@pytest.mark.parametrize(
    "operator", ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike"]
)
def test_a_long_value_brought_in_a_thousand_times_is_not_compared_with_a_short_one(
    operator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    operands = ["${aws:username}" * 2_000 + "x", "${aws:username}" * 100]
    request, facts = asked(
        [allow({operator: {KEY: operands}})], {KEY: "a" * 9, "aws:username": "u" * LONGEST}
    )
    joined = counted(monkeypatch, "_text", lambda pieces: sum(map(len, pieces)))
    lowered = counted(monkeypatch, "lower", len)
    authorize(request, facts)
    explain(request, facts)
    assert sum(joined) + sum(lowered) < 100


def test_a_trace_matches_each_condition_twice_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    statements = [allow({"StringLike": {KEY: ["${aws:username}b", "${aws:username}c"]}}) for _ in range(50)]
    request, facts = asked(statements, {KEY: "aaaa", "aws:username": "a"})
    resolved = counted(monkeypatch, "resolve")
    assert authorize(request, facts) == explain(request, facts).decision
    once = 50 * 2
    assert (
        len(resolved) == 3 * once
    )  # for the decision, and for the trace the decision and all of its reasons
