"""The base operators of conditions, as a table. Each compiles its operands once; what remains is comparison.

A test has three outcomes: true, false, and `UNEVALUABLE`. Sources: IAM User Guide, "IAM JSON policy elements:
Condition operators"; where a comment says recorded, AWS was seen to do so.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from keystead.policy.language.patterns import ArnForm, compile_arn, compile_glob, has_arn_form, is_arn
from keystead.policy.language.values import (
    is_base64,
    lower,
    lower_length,
    read_address,
    read_date,
    read_network,
    read_number,
)
from keystead.policy.language.variables import (
    Piece,
    Template,
    fixed,
    least_length,
    resolve,
)

Verdict = bool | None

UNEVALUABLE: Final = None
"""The condition cannot be decided. The rule, recorded on AWS: an Allow does not apply, a Deny applies."""

Context = Mapping[str, str | tuple[str, ...]]
Test = Callable[[str, Context], Verdict]
"""Decides one value of a request against all operands; negation is already in it."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A base operator.

    Attributes:
        negated: whether it holds for an absent key.
        compile: makes the test from the operands.
        valid: whether an operand is of the operator's type.
        strict: whether even a session policy may hold no operand of another type (recorded: base64 alone).
        variables: whether operands may hold variables.
        wildcards: whether `*` and `?` in operands are wildcards.
        each: steps (`policy.steps`) to compare a value with one operand; 0 if with all of them at once.
        reading: steps to read the value.
    """

    negated: bool
    compile: Callable[[tuple[Template, ...], bool], Test]
    valid: Callable[[str], bool]
    strict: bool = False
    variables: bool = False
    wildcards: bool = False
    each: int = 0
    reading: int = 0


def is_true(text: str) -> bool:
    """Recorded: `true` in any capitals, untrimmed, is true, and every other text is false."""
    return text.lower() == "true"


def _early_and_late(templates: tuple[Template, ...]) -> tuple[list[tuple[Piece, ...]], list[Template]]:
    """The operands without variables, and those that wait for a request to fill them in."""
    early: list[tuple[Piece, ...]] = []
    late: list[Template] = []
    for template in templates:
        pieces = fixed(template)
        if pieces is None:
            late.append(template)
        else:
            early.append(pieces)
    return early, late


def _equal(templates: tuple[Template, ...], negated: bool) -> Test:
    early, late = _early_and_late(templates)
    known = {_text(pieces) for pieces in early}
    if not late:
        return lambda value, context: (value in known) is not negated  # noqa: ARG005 - one shape for all

    def test(value: str, context: Context) -> Verdict:
        hit = value in known or any(
            pieces is not None and least_length(pieces) == len(value) and _text(pieces) == value
            for pieces in (resolve(template, context) for template in late)
        )
        return hit is not negated

    return test


_MOST_LOWERED: Final = 250_000
"""Characters that one condition lower-cases of what variables bring in; with more it is `UNEVALUABLE`."""


def _equal_ignoring_case(templates: tuple[Template, ...], negated: bool) -> Test:
    early, late = _early_and_late(templates)
    known = {lower(_text(pieces)) for pieces in early}

    def test(value: str, context: Context) -> Verdict:
        value = lower(value)
        if value in known:
            return not negated
        lowered = 0
        for template in late:
            pieces = resolve(template, context)
            # Lower-casing makes no text shorter.
            if pieces is None or least_length(pieces) > len(value):
                continue
            text = _text(pieces)
            if lower_length(text) != len(value):
                continue
            lowered += len(text)
            if lowered > _MOST_LOWERED:
                return UNEVALUABLE
            if lower(text) == value:
                return not negated
        return negated

    return test


def _text(pieces: tuple[Piece, ...]) -> str:
    return "".join([piece for piece in pieces if isinstance(piece, str)])


def _like(templates: tuple[Template, ...], negated: bool) -> Test:
    early, late = _early_and_late(templates)
    known = [compile_glob(pieces) for pieces in early]

    def test(value: str, context: Context) -> Verdict:
        for fits in known:
            if fits(value):
                return not negated
        for template in late:
            pieces = resolve(template, context)
            if pieces is not None and least_length(pieces) <= len(value) and compile_glob(pieces)(value):
                return not negated
        return negated

    return test


def _arn(templates: tuple[Template, ...], negated: bool) -> Test:
    known = [None if (pieces := fixed(template)) is None else compile_arn(pieces) for template in templates]

    def test(value: str, context: Context) -> Verdict:
        if not is_arn(value):
            return False  # recorded: no ARN satisfies neither polarity
        for template, compiled in zip(templates, known, strict=True):
            if compiled is None:
                pieces = resolve(template, context)
                if pieces is None or (least_length(pieces) > len(value) and has_arn_form(pieces)):
                    continue
                compiled = compile_arn(pieces)
            # Recorded: operands are tried in order, and one that is no ARN ends the comparison.
            if isinstance(compiled, ArnForm):
                return UNEVALUABLE
            if compiled(value):
                return not negated
        return negated

    return test


_Quantity = Decimal | int


def _equal_quantity(read: Callable[[str], _Quantity | None]) -> Callable[[tuple[Template, ...], bool], Test]:
    """Equality of numbers or instants. A text that is neither is unequal to everything (recorded)."""

    def compile_test(templates: tuple[Template, ...], negated: bool) -> Test:
        known = {quantity for template in templates if (quantity := read(literal_text(template))) is not None}

        def test(value: str, context: Context) -> Verdict:  # noqa: ARG001 - one shape for all
            quantity = read(value)
            return (quantity is not None and quantity in known) is not negated

        return test

    return compile_test


def _ordered(
    read: Callable[[str], _Quantity | None],
    holds: Callable[[_Quantity, _Quantity], bool],
    easiest: Callable[[list[_Quantity]], _Quantity],
) -> Callable[[tuple[Template, ...], bool], Test]:
    """Order of numbers or instants. What holds for any operand holds for the `easiest` of them."""

    def compile_test(templates: tuple[Template, ...], negated: bool) -> Test:  # noqa: ARG001 - one shape for all
        known = [quantity for template in templates if (quantity := read(literal_text(template))) is not None]
        operand = easiest(known) if known else None

        def test(value: str, context: Context) -> Verdict:  # noqa: ARG001 - one shape for all
            quantity = read(value)
            return quantity is not None and operand is not None and holds(quantity, operand)

        return test

    return compile_test


def _bool(templates: tuple[Template, ...], negated: bool) -> Test:
    known = {is_true(literal_text(template)) for template in templates}
    return lambda value, context: (is_true(value) in known) is not negated  # noqa: ARG005 - one shape for all


def _binary(templates: tuple[Template, ...], negated: bool) -> Test:
    known = {text for template in templates if is_base64(text := literal_text(template))}
    return lambda value, context: (value in known) is not negated  # noqa: ARG005 - one shape for all


def _address(templates: tuple[Template, ...], negated: bool) -> Test:
    known = [
        network for template in templates if (network := read_network(literal_text(template))) is not None
    ]

    def test(value: str, context: Context) -> Verdict:  # noqa: ARG001 - one shape for all
        address = read_address(value)
        if address is None:
            return False  # recorded: no address satisfies neither polarity
        return any(address in network for network in known) is not negated

    return test


def literal_text(template: Template) -> str:
    """The text of a template that was parsed without variables and wildcards."""
    return "".join(piece for piece in template if isinstance(piece, str))


def _any_text(text: str) -> bool:  # noqa: ARG001 - one shape for all
    return True


def _is_number(text: str) -> bool:
    return read_number(text) is not None


def _is_date(text: str) -> bool:
    return read_date(text) is not None


def _is_network(text: str) -> bool:
    return read_network(text) is not None


def _operators() -> dict[str, Operator]:
    table: dict[str, Operator] = {
        "StringEquals": Operator(False, _equal, _any_text, variables=True),
        "StringNotEquals": Operator(True, _equal, _any_text, variables=True),
        "StringEqualsIgnoreCase": Operator(False, _equal_ignoring_case, _any_text, variables=True, reading=4),
        "StringNotEqualsIgnoreCase": Operator(
            True, _equal_ignoring_case, _any_text, variables=True, reading=4
        ),
        "StringLike": Operator(False, _like, _any_text, variables=True, wildcards=True, each=2),
        "StringNotLike": Operator(True, _like, _any_text, variables=True, wildcards=True, each=2),
        "Bool": Operator(False, _bool, _any_text),
        "BinaryEquals": Operator(False, _binary, is_base64, strict=True),
        "IpAddress": Operator(False, _address, _is_network, each=1),
        "NotIpAddress": Operator(True, _address, _is_network, each=1),
    }
    for name in ("ArnEquals", "ArnLike"):
        table[name] = Operator(False, _arn, is_arn, variables=True, wildcards=True, each=12)
    for name in ("ArnNotEquals", "ArnNotLike"):
        table[name] = Operator(True, _arn, is_arn, variables=True, wildcards=True, each=12)
    for kind, read, valid, reading in (
        ("Numeric", read_number, _is_number, 2),
        ("Date", read_date, _is_date, 12),
    ):
        table[f"{kind}Equals"] = Operator(False, _equal_quantity(read), valid, reading=reading)
        table[f"{kind}NotEquals"] = Operator(True, _equal_quantity(read), valid, reading=reading)
        table[f"{kind}LessThan"] = Operator(False, _ordered(read, operator.lt, max), valid, reading=reading)
        table[f"{kind}LessThanEquals"] = Operator(
            False, _ordered(read, operator.le, max), valid, reading=reading
        )
        table[f"{kind}GreaterThan"] = Operator(
            False, _ordered(read, operator.gt, min), valid, reading=reading
        )
        table[f"{kind}GreaterThanEquals"] = Operator(
            False, _ordered(read, operator.ge, min), valid, reading=reading
        )
    return table


OPERATORS: Final[Mapping[str, Operator]] = _operators()
"""Every base operator but `Null`, in AWS's spelling."""
