"""The work of an answer is bounded, counted in steps: time would depend on who else uses the processor."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from keystead.policy import (
    Allowed,
    AttachedPolicy,
    Caller,
    CallerKind,
    ContextValue,
    ExplicitlyDenied,
    Facts,
    ImplicitlyDenied,
    Policy,
    PolicyKind,
    Request,
    authorize,
    explain,
    parse_policy,
)
from keystead.policy import operators as operators_module
from keystead.policy.explanation.comparison import ConditionUndecided
from keystead.policy.explanation.trace import Unmatched
from keystead.policy.language.work import MAX_WORK, MOST_VALUES
from keystead.policy.steps import of_all

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
    """The sizes of the calls of a function of `keystead.policy.operators` from here on."""
    real, calls = getattr(operators_module, name), list[int]()

    def counting(*given: Any) -> Any:
        calls.append(size(*given))
        return real(*given)

    monkeypatch.setattr(operators_module, name, counting)
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


TAGS = "aws:TagKeys"
PATTERNS = [f"*{number}" for number in range(1_000)]


def listed(count: int) -> dict[str, ContextValue]:
    return {TAGS: tuple(f"arn:::::x{number}" for number in range(count)), "aws:username": "u"}


def values_for(request_policy: list[dict[str, Any]]) -> int:
    """How many of the values of `listed` the conditions of the policy compare."""
    _, facts = asked(request_policy, {})
    assert facts.key_policy is not None
    work = of_all(
        condition.work
        for statement in facts.key_policy.policy.statements
        for condition in statement.conditions
    )
    return next(count for count in range(MOST_VALUES) if work.on(listed(count + 1)[TAGS]) > MAX_WORK)


@pytest.mark.parametrize(
    "condition",
    [
        {"ForAnyValue:StringLike": {TAGS: PATTERNS}},
        {"ForAllValues:StringNotLike": {TAGS: PATTERNS}, "Null": {TAGS: "false"}},
        {"ForAnyValue:ArnLike": {TAGS: [f"arn:*:*:*:*:{number}" for number in range(500)]}},
        {"ForAnyValue:StringEquals": {TAGS: ["${aws:username}" + pattern for pattern in PATTERNS]}},
        {"ForAnyValue:StringLike": {TAGS: PATTERNS[:300]}, "ForAnyValue:StringNotLike": {TAGS: PATTERNS}},
    ],
)
def test_values_times_patterns_beyond_the_bound_allow_nothing_and_deny(condition: dict[str, Any]) -> None:
    most = values_for([allow(condition)])
    assert 3 < most < 150
    for count, undecided in ((most, False), (most + 1, True)):
        held = listed(count)
        trace = explain(*asked([allow(condition)], held))
        (statement,) = trace.layers[0].statements
        assert any(isinstance(each, ConditionUndecided) for each in statement.verdict.elements) is undecided
        if undecided:
            assert isinstance(statement.verdict, Unmatched)
            denies = [{**allow({}), "Sid": "a"}, {**allow(condition), "Effect": "Deny"}]
            most_of_both = values_for(denies)
            assert most_of_both == most
            assert isinstance(authorize(*asked(denies, held)), ExplicitlyDenied)


def test_texts_without_wildcards_are_decided_however_many_they_are() -> None:
    many = [str(number) for number in range(2_000)]
    condition = {"ForAllValues:StringEquals": {TAGS: many}, "ForAnyValue:NumericLessThan": {TAGS: many}}
    held = tuple(many[number % len(many)] for number in range(MOST_VALUES))
    assert isinstance(authorize(*asked([allow(condition)], {TAGS: held})), Allowed)


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_lower_casing_what_variables_bring_in_has_a_bound(
    effect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [chr(0x1E00 + number) for number in range(1_000)]
    condition = {"StringEqualsIgnoreCase": {KEY: ["${aws:username}" + letter for letter in letters]}}
    held: dict[str, ContextValue] = {KEY: "\u03a3" * LONGEST, "aws:username": "\u03c3" * (LONGEST - 1)}
    request, facts = asked([{**allow(condition), "Effect": effect}], held)
    lowered = counted(monkeypatch, "lower", len)
    decision = authorize(request, facts)
    assert sum(lowered) < 300_000
    assert isinstance(decision, ExplicitlyDenied if effect == "Deny" else ImplicitlyDenied)
    (statement,) = explain(request, facts).layers[0].statements
    (undecided,) = (each for each in statement.verdict.elements if isinstance(each, ConditionUndecided))
    assert undecided.key == KEY


def test_lower_casing_within_the_bound_is_exact() -> None:
    condition = {"StringEqualsIgnoreCase": {KEY: ["${aws:username}b", "${aws:username}\u0130"]}}
    for text, expected in (("aa\u0130", Allowed), ("AAi\u0307", Allowed), ("aai", ImplicitlyDenied)):
        request, facts = asked([allow(condition)], {KEY: text, "aws:username": "Aa"})
        assert isinstance(authorize(request, facts), expected)


NAMES = "kms:EncryptionContextKeys"
USER_ID = {"aws:userid": "AIDAEXAMPLE"}


def filling(operand: str) -> list[str]:
    """As many operands as a key policy has room for."""
    return [operand] * (31_000 // (len(operand) + 3))


def spellings(key: str, operand: str) -> dict[str, str]:
    """The key in 780 spellings, which are as many conditions."""
    return {
        "".join(
            one.upper() if at >> place & 1 and place < 10 else one for place, one in enumerate(key)
        ): operand
        for at in range(780)
    }


def names(number: int, size: int, letter: str = "a") -> tuple[str, ...]:
    return tuple(letter * (size - 4) + f"{at:04}" for at in range(number))


HOSTILE: dict[str, tuple[dict[str, Any], dict[str, ContextValue]]] = {
    "820 names": ({"ForAnyValue:StringLike": {NAMES: filling("*?%?*")}}, {NAMES: names(820, 8)}),
    "few names": ({"ForAnyValue:StringLike": {NAMES: filling("*?%?*")}}, {NAMES: names(5, 1_600)}),
    "not ASCII": (
        {"ForAnyValue:StringLike": {NAMES: filling("*?%?*")}},
        {NAMES: names(5, 400, "\U0001f600")},
    ),
    "variables": (
        {"ForAnyValue:StringLike": {NAMES: filling("*?${aws:userid}*")}},
        {NAMES: names(99, 80), **USER_ID},
    ),
    "variables in one value": (
        {"StringLike": {KEY: filling("*?${aws:userid}?*")}},
        {KEY: "A" * LONGEST, **USER_ID},
    ),
    "holes": ({"ForAnyValue:StringLike": {NAMES: filling("*" + "?" * 70 + "%*")}}, {NAMES: names(2, 1_500)}),
    "long segments": (
        {"ForAnyValue:StringLike": {NAMES: filling("*?" + "a" * 75 + "%*")}},
        {NAMES: names(90, 80)},
    ),
    "long texts brought in": (
        {"StringLike": {KEY: filling("*?${kms:EncryptionContext:b}%*")}},
        {KEY: "a" * 4_100, "kms:EncryptionContext:b": "a" * 4_000},
    ),
    "texts taken apart anew": (
        {"ForAllValues:StringNotLike": spellings(NAMES, "*?a%*")},
        {NAMES: names(60, 130)},
    ),
    "dates": (
        {"ForAllValues:DateLessThan": spellings(NAMES, "2040")},
        {NAMES: ("2020-01-01T00:00:00.0Z",) * 340},
    ),
    "capitals": (
        {"ForAllValues:StringNotEqualsIgnoreCase": spellings(NAMES, "x")},
        {NAMES: names(180, 20, "\u03a3")},
    ),
}


def seconds(request: Request, facts: Facts) -> float:
    start = time.process_time()
    authorize(request, facts)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_policy_is_decided_soon(name: str) -> None:
    """Regression: some of these took from 0.25 to 1.3 s in the event loop. A neighbour slows each try."""
    condition, held = HOSTILE[name]
    request, facts = asked([{**allow(condition), "Effect": "Deny"}], held)
    assert min(seconds(request, facts) for _ in range(5)) < 0.05


def test_resources_with_variables_are_matched_soon() -> None:
    statement = {**allow({}), "Resource": ["arn:*:*:*:*:*${aws:userid}*?x"] * 900}
    request, facts = asked([statement], USER_ID)
    assert min(seconds(request, facts) for _ in range(5)) < 0.05


def test_one_value_beyond_the_bound_allows_nothing_and_denies() -> None:
    """Of one value it is the length that counts: it is searched under every condition."""
    allowing = {"StringLike": spellings(KEY.lower(), "*a*b*")}
    _, facts = asked([allow(allowing)], {})
    assert facts.key_policy is not None
    (statement,) = facts.key_policy.policy.statements
    work = of_all(each.work for each in statement.conditions)
    longest = next(length for length in range(LONGEST) if work.of(1, length + 1) > MAX_WORK)
    assert longest > 100
    denying = {**allow({"StringNotLike": allowing["StringLike"]}), "Effect": "Deny"}
    for length, expected in ((longest, Allowed), (longest + 1, ImplicitlyDenied)):
        held: dict[str, ContextValue] = {KEY: "a" * (length - 1) + "b"}
        assert isinstance(authorize(*asked([allow(allowing)], held)), expected)
        refused = isinstance(authorize(*asked([allow({}), denying], held)), ExplicitlyDenied)
        assert refused is (expected is ImplicitlyDenied)


def test_a_hundred_patterns_against_two_hundred_names_are_within_the_bound() -> None:
    condition = {"ForAnyValue:StringLike": {NAMES: [f"*-{number:03}-*" for number in range(100)]}}
    held = tuple(f"department-{number}" for number in range(200))
    assert isinstance(authorize(*asked([allow(condition)], {NAMES: held})), ImplicitlyDenied)
    assert isinstance(authorize(*asked([allow(condition)], {NAMES: (*held, "x-042-x")})), Allowed)
