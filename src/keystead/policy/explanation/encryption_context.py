"""Another encryption context, where pairs of it decide: the change that a caller can make alone."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from keystead.policy.conditions import parse_operator
from keystead.policy.explanation.comparison import Comparison, ConditionComparison
from keystead.policy.explanation.edit import ChangeEncryptionContext, Edit
from keystead.policy.explanation.narrowing import is_literal
from keystead.policy.operators import OPERATORS
from keystead.policy.request import Grant, Request

MAX_VALUES: Final = 3
"""Values of one condition, grants and near statements that are tried."""

_PAIR: Final = "kms:encryptioncontext:"


class Option(NamedTuple):
    """An edit that may help, and its size: how many texts it adds and removes."""

    size: int
    edit: Edit


def other_pairs(request: Request, elements: tuple[Comparison, ...]) -> Iterator[Option]:
    """For a Deny: another encryption context, of which one of the conditions on pairs no longer holds."""
    if request.encryption_context is None:
        return
    sent = {name.lower(): name for name in request.encryption_context}
    for element in [each for each in elements if _on_pair(each)][:MAX_VALUES]:
        assert isinstance(element, ConditionComparison)  # `_on_pair` says so
        name = element.key[len(_PAIR) :]
        held = sent.get(name.lower())
        for operand in _values(element)[:MAX_VALUES]:
            yield Option(1 if held is None else 2, ChangeEncryptionContext(((name, operand),), ()))
        if held is not None:
            yield Option(1, ChangeEncryptionContext((), (held,)))


def missing_pairs(request: Request, elements: tuple[Comparison, ...]) -> Iterator[Option]:
    """For an Allow that lacks nothing but pairs: the encryption context with, or without, all of them."""
    if request.encryption_context is None or not all(_on_pair(each) for each in elements):
        return
    sent = {name.lower(): name for name in request.encryption_context}
    send: dict[str, str] = {}
    omit: list[str] = []
    for element in elements:
        assert isinstance(element, ConditionComparison)  # `_on_pair` says so
        name = element.key[len(_PAIR) :]
        values = _values(element)
        if values and not _is_negated(element.operator):
            send.setdefault(name, values[0])
        elif name.lower() in sent:
            omit.append(sent[name.lower()])
    replaced = sum(name.lower() in sent for name in send)
    if send or omit:
        yield Option(
            len(send) + replaced + len(omit), ChangeEncryptionContext(tuple(send.items()), tuple(omit))
        )


def as_granted(grant: Grant, request: Request) -> Iterator[Option]:
    """The encryption context that a grant asks for."""
    given = request.encryption_context or {}
    exact = grant.encryption_context_equals
    wanted = dict(exact or {}) | dict(grant.encryption_context_subset or {})
    held = {(name.lower(), value) for name, value in given.items()}
    send = tuple((name, value) for name, value in wanted.items() if (name.lower(), value) not in held)
    kept = {name.lower() for name in wanted}
    omit = tuple(name for name in given if exact is not None and name.lower() not in kept)
    yield Option(len(send) + len(omit), ChangeEncryptionContext(send, omit))


def _values(condition: ConditionComparison) -> list[str]:
    """The values that a pair could have by the condition; Null speaks of none."""
    if condition.operator.endswith("Null"):
        return []
    return [operand for operand in condition.operands if is_literal(operand)]


def _on_pair(element: Comparison) -> bool:
    return isinstance(element, ConditionComparison) and element.key.lower().startswith(_PAIR)


def _is_negated(operator: str) -> bool:
    parsed = parse_operator(operator)
    return parsed is not None and parsed[1] in OPERATORS and OPERATORS[parsed[1]].negated
