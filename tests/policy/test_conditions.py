"""Conditions beyond the recorded cases: absent keys, and choices where AWS publishes nothing."""

from dataclasses import replace
from typing import Any

import pytest
from policy_cases import attach
from scenes import USER, ask, key_policy, policy, statement

from keystead.policy import Allowed, ContextValue, Facts, PolicyKind, authorize
from keystead.policy.language.values import (
    is_base64,
    lower,
    read_address,
    read_date,
    read_network,
    read_number,
)
from keystead.policy.operators import OPERATORS

OPERAND = {
    "Numeric": "1",
    "Date": "2030-01-01",
    "Ip": "192.0.2.0/24",
    "Not": "192.0.2.0/24",
    "Arn": "arn:a:b:c:d:e",
}


def holds(block: dict[str, Any], version: str = "2012-10-17", **context: ContextValue) -> bool:
    """Whether an Allow with the condition applies. Names of the context: `a_b` is `a:b`."""
    given = {name.replace("_", ":"): value for name, value in context.items()}
    document = {"Version": version, "Statement": [statement(Principal="*", Condition=block)]}
    return isinstance(
        authorize(ask(USER, context=given), Facts(key_policy=attach(document, PolicyKind.KEY))), Allowed
    )


def operand(name: str) -> str:
    return next((text for start, text in OPERAND.items() if name.startswith(start)), "YQ==")


@pytest.mark.parametrize("name", OPERATORS)
def test_absent_keys(name: str) -> None:
    pair = {"a:b": operand(name)}
    negated = "Not" in name
    assert holds({name: pair}) is negated
    assert holds({f"{name}IfExists": pair})
    assert holds({f"ForAllValues:{name}": pair})
    assert not holds({f"ForAnyValue:{name}": pair})
    assert holds({f"ForAnyValue:{name}IfExists": pair})
    assert holds({f"ForAllValues:{name}IfExists": pair})


@pytest.mark.parametrize("name", OPERATORS)
def test_multivalued_keys_need_a_set_operator(name: str) -> None:
    assert not holds({name: {"a:b": operand(name)}}, a_b=(operand(name),))
    assert not holds({f"{name}IfExists": {"a:b": operand(name)}}, a_b=(operand(name),))


SETS: list[tuple[tuple[str, ...] | None, tuple[bool, bool, bool, bool]]] = [
    (None, (False, True, False, True)),
    (("team",), (True, True, False, False)),
    (("env",), (False, False, True, True)),
    (("team", "env"), (True, False, True, False)),
]


@pytest.mark.parametrize(("values", "expected"), SETS)
def test_set_operators(values: tuple[str, ...] | None, expected: tuple[bool, bool, bool, bool]) -> None:
    context: dict[str, ContextValue] = {} if values is None else {"a_b": values}
    operators = [
        f"{kind}:String{base}" for base in ("Equals", "NotEquals") for kind in ("ForAnyValue", "ForAllValues")
    ]
    assert tuple(holds({name: {"a:b": "team"}}, **context) for name in operators) == expected


def test_null() -> None:
    assert holds({"Null": {"a:b": "true"}})
    assert not holds({"Null": {"a:b": "false"}})
    assert not holds({"Null": {"a:b": "true"}}, a_b="")
    assert holds({"Null": {"a:b": True}}, a_b=())


def test_everything_in_a_block_must_hold() -> None:
    block = {"StringEquals": {"a:b": ["x", "y"], "a:c": "z"}}
    assert holds(block, a_b="y", a_c="z")
    assert not holds(block, a_b="y", a_c="w")
    twice = {"StringEquals": {"a:b": "x", "A:B": "y"}}
    assert not holds(twice, a_b="x")


def test_key_names_ignore_case() -> None:
    assert holds(
        {"StringEquals": {"KMS:EncryptionContext:Dept": "IT"}}, **{"kms:encryptioncontext:dept": "IT"}
    )


def test_variables_need_the_current_version() -> None:
    block = {"StringEquals": {"a:b": "${a:c}"}}
    assert holds(block, a_b="x", a_c="x")
    assert not holds(block, version="2008-10-17", a_b="x", a_c="x")
    assert holds(block, version="2008-10-17", a_b="${a:c}", a_c="x")


def test_wildcards_of_a_value_are_literal() -> None:
    block = {"StringLike": {"a:b": "${a:c}/*"}}
    assert holds(block, a_b="*/y", a_c="*")
    assert not holds(block, a_b="x/y", a_c="*")


def test_what_cannot_be_evaluated_allows_nothing_and_denies() -> None:
    context = {"a:b": "arn:aws:iam::111111111111:role/r", "a:c": "no ARN", "a:d": "x"}
    bad = {"ArnLike": {"a:b": "${a:c}"}}
    deny = statement(Effect="Deny", Principal="*", Condition=bad)
    everyone = statement(Principal="*")
    assert not isinstance(
        authorize(ask(USER, context=context), Facts(key_policy=key_policy(everyone, deny))), Allowed
    )
    allow = statement(Principal="*", Condition=bad)
    assert not isinstance(authorize(ask(USER, context=context), Facts(key_policy=key_policy(allow))), Allowed)
    # What is false beside it is false, whatever the rest would have been.
    deny["Condition"] = bad | {"StringEquals": {"a:d": "y"}}
    assert isinstance(
        authorize(ask(USER, context=context), Facts(key_policy=key_policy(everyone, deny))), Allowed
    )


def test_resources_with_variables() -> None:
    def decide(username: str, **elements: Any) -> bool:
        identity = (policy(PolicyKind.IDENTITY, statement(**elements)),)
        context = {"aws:username": username} if username else {}
        request = ask(USER, "s3:GetObject", resource="arn:aws:s3:::b/ann", context=context)
        # The ARN of a bucket names no account; it is the caller's here.
        return isinstance(authorize(replace(request, owner=USER.account), Facts(identity=identity)), Allowed)

    own, other = "arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::other"
    assert decide("ann", Resource=own)
    assert not decide("bob", Resource=own)
    assert not decide("", Resource=own)
    assert decide("", Resource=[own, "arn:aws:s3:::b/*"])
    assert decide("bob", Resource=None, NotResource=own)
    assert not decide("ann", Resource=None, NotResource=own)
    assert not decide("", Resource=None, NotResource=[own, other])


def test_numbers_dates_and_addresses() -> None:
    assert read_number("1e0") == read_number("+1.") == 1
    assert read_number("1e99999") is None
    assert read_number("٣") is None
    assert read_date("1970") == 0
    assert read_date("1970-01-01T01:00:00+01:00") == 0
    assert read_date("1970-01-01T00:00:01.2349Z") == 1234
    assert read_date("1970-13-01") is None
    assert read_date("9" * 300) is None
    assert read_address("::ffff:192.0.2.1") == (32, 0xC0000201)
    assert read_address("fe80::1%eth0") is None
    assert read_address("1:2:3:4:5:6:7:8:9") is None
    assert read_network("192.0.2.5/24") == read_network("192.0.2.0/+24")
    assert read_network("2001:db8::5/64") is None
    assert is_base64("YQ==")
    assert not is_base64("YQ")
    assert lower("\U00010400Σ") == "\U00010400ς"
