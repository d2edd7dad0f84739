"""How one condition is decided.

A condition is `operator: {key: operands}`. Its operator is a base name (`OPERATORS`), perhaps with a set
operator before it (`ForAllValues:`, `ForAnyValue:`) and `IfExists` behind it. Sources: IAM User Guide,
"IAM JSON policy elements: Condition operators"; where a comment says recorded, AWS was seen to do so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from keystead.policy.language.variables import fixed, parse_template, variable_keys
from keystead.policy.operators import (
    OPERATORS,
    UNEVALUABLE,
    Context,
    Test,
    Verdict,
    is_true,
    literal_text,
)
from keystead.policy.steps import NO_STEPS, Steps, of_patterns


class SetOperator(StrEnum):
    """How a condition treats the values of a multivalued key."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


class IllTyped(ValueError):
    """An operand is not of the operator's type; `operand` is its text."""

    def __init__(self, operand: str) -> None:
        super().__init__("operand of the wrong type")
        self.operand = operand


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One key under one operator.

    Attributes:
        operator: as written, such as `ForAnyValue:StringLike`.
        key: as written; compared in lower case.
        operands: the texts to compare with.
        reads: condition keys that its variables read, in lower case.
        work: of comparing a value with all operands; nothing if one look-up does.
        lookup: the key in lower case.
        decide: the verdict for what the request holds under `key` (None: absent) and the whole context.
    """

    operator: str
    key: str
    operands: tuple[str, ...]
    reads: frozenset[str]
    work: Steps
    lookup: str
    decide: Callable[[str | tuple[str, ...] | None, Context], Verdict]


def parse_operator(name: str) -> tuple[SetOperator | None, str, bool] | None:
    """The set operator, base name and presence of `IfExists`, or None if there is no operator `name`."""
    prefix, colon, rest = name.rpartition(":")
    base = rest.removesuffix("IfExists")
    if_exists = base != rest
    if colon and prefix not in list(SetOperator):
        return None
    if base not in OPERATORS and (base != "Null" or if_exists):
        return None
    return (SetOperator(prefix) if colon else None), base, if_exists


def compile_condition(
    name: str, key: str, operands: tuple[str, ...], *, variables: bool, stored: bool
) -> Condition | None:
    """The condition, or None if there is no operator `name`.

    `variables` says whether the document's version expands variables, `stored` whether ill-typed operands
    are refused (they are but in session policies); raises `IllTyped` then.
    """
    parsed = parse_operator(name)
    if parsed is None:
        return None
    kind, base, if_exists = parsed
    if base == "Null":
        return Condition(name, key, operands, frozenset(), NO_STEPS, key.lower(), _null(operands))
    row = OPERATORS[base]
    expand = variables and row.variables
    templates = tuple([parse_template(text, variables=expand, wildcards=row.wildcards) for text in operands])
    if stored or row.strict:
        for text, template in zip(operands, templates, strict=True):
            if fixed(template) is not None and not row.valid(text):
                raise IllTyped(text)
    reads = frozenset([key for template in templates for key in variable_keys(template)])
    test = row.compile(templates, row.negated)
    work = of_patterns(templates, each=row.each, reading=row.reading, many=kind is not None)
    absent = if_exists or row.negated
    match kind:
        case SetOperator.ALL:
            decide = _for_all(test)
        case SetOperator.ANY:
            decide = _for_any(test, if_exists)
        case None if base == "StringEquals" and not if_exists and not reads:
            decide = _is_one_of(frozenset(map(literal_text, templates)))
        case None:
            decide = _single(test, absent)
    return Condition(name, key, operands, reads, work, key.lower(), decide)


# How a test becomes a decision about what a request holds under a key. A key is multivalued by its nature:
# the context holds a tuple for it, even of one value.


def _single(test: Test, absent: bool) -> Callable[[str | tuple[str, ...] | None, Context], Verdict]:
    def decide(held: str | tuple[str, ...] | None, context: Context) -> Verdict:
        if isinstance(held, str):
            return test(held, context)
        # Recorded: a multivalued key never satisfies an operator without a set operator, negated or not.
        return absent if held is None else False

    return decide


def _is_one_of(known: frozenset[str]) -> Callable[[str | tuple[str, ...] | None, Context], Verdict]:
    """`_single` of `_equal` for known texts, in one step: most conditions are of this kind."""
    # No list of values and no absence is among the texts.
    return lambda held, context: held in known  # noqa: ARG005 - one shape for all


def _for_all(test: Test) -> Callable[[str | tuple[str, ...] | None, Context], Verdict]:
    def decide(held: str | tuple[str, ...] | None, context: Context) -> Verdict:
        verdict: Verdict = True
        for value in _values(held):
            each = test(value, context)
            if each is False:
                return False
            verdict = each and verdict
        return verdict

    return decide


def _for_any(test: Test, absent: bool) -> Callable[[str | tuple[str, ...] | None, Context], Verdict]:
    def decide(held: str | tuple[str, ...] | None, context: Context) -> Verdict:
        if held is None:
            return absent
        verdict: Verdict = False
        for value in _values(held):
            each = test(value, context)
            if each:
                return True
            verdict = UNEVALUABLE if each is UNEVALUABLE else verdict
        return verdict

    return decide


def _values(held: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if held is None:
        return ()
    return (held,) if isinstance(held, str) else held


def _null(operands: tuple[str, ...]) -> Callable[[str | tuple[str, ...] | None, Context], Verdict]:
    wanted = [is_true(operand) for operand in operands]

    def decide(held: str | tuple[str, ...] | None, context: Context) -> Verdict:  # noqa: ARG001 - one shape for all
        return (held is None or held == ()) in wanted

    return decide
