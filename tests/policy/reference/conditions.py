"""Conditions: 6."""

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from reference.text import Context, arn_fits, glob, is_arn, lower_cased, pieces, plain, six_parts
from reference.values import address, canonical_base64, date, network, number

ERROR = None
"""6.6: the condition cannot be evaluated. An Allow does not apply then, and a Deny does."""

Verdict = bool | None

NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": lambda value, operand: value == operand,
    "LessThan": lambda value, operand: value < operand,
    "LessThanEquals": lambda value, operand: value <= operand,
    "GreaterThan": lambda value, operand: value > operand,
    "GreaterThanEquals": lambda value, operand: value >= operand,
}


def block_holds(block: dict[str, Any], context: Context, variables: bool) -> Verdict:
    """6.1: AND over operators and keys. False beside an error is false."""
    return every(
        holds(operator, context.get(key.lower()), texts(operands), context, variables)
        for operator, pairs in block.items()
        for key, operands in pairs.items()
    )


def texts(given: Any) -> list[str]:
    """2.1: one value is a list of one; numbers and booleans are compared as their text."""
    values = given if isinstance(given, list) else [given]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def holds(operator: str, held: Any, operands: list[str], context: Context, variables: bool) -> Verdict:
    """6.7, `test`."""
    prefix, _, rest = operator.rpartition(":")
    base = rest.removesuffix("IfExists")
    if_exists = base != rest
    if base == "Null":
        # An empty list is as good as absent (6.2).
        return any(is_true(operand) == (held is None or held == []) for operand in operands)
    values = [] if held is None else held if isinstance(held, list) else [held]
    if prefix == "ForAllValues":
        return every(scalar(base, value, operands, context, variables) for value in values)
    if prefix == "ForAnyValue":
        if held is None:
            return if_exists
        return some(scalar(base, value, operands, context, variables) for value in values)
    if held is None:
        return if_exists or base in NEGATED
    if isinstance(held, list):
        return False  # 6.3, recorded: never matches
    return scalar(base, held, operands, context, variables)


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """AND: one false is false, whatever the others; else one error is an error."""
    found = list(verdicts)
    return False if False in found else ERROR if ERROR in found else True


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """OR: one true is true, whatever the others; else one error is an error."""
    found = list(verdicts)
    return True if True in found else ERROR if ERROR in found else False


def scalar(base: str, value: str, operands: list[str], context: Context, variables: bool) -> Verdict:
    """6.7, `scalar`: one value of the request against all operands."""
    negated = base in NEGATED
    positive = NEGATED.get(base, base)
    if positive in ("ArnEquals", "ArnLike"):
        return arn(value, operands, context, variables, negated)
    if positive == "IpAddress" and address(value) is None:
        return False
    hit = any(match(positive, value, operand, context, variables) for operand in operands)
    return hit != negated


def match(positive: str, value: str, operand: str, context: Context, variables: bool) -> bool:
    """6.4: the table, row by row."""
    if positive.startswith("String"):
        made = pieces(operand, context, variables)
        if made is None:
            return False  # 5: an unresolved operand equals nothing
        if positive == "StringEquals":
            return value == plain(made)
        if positive == "StringEqualsIgnoreCase":
            return lower_cased(value) == lower_cased(plain(made))
        return glob(made, value)
    if positive.startswith("Numeric"):
        return compared(positive.removeprefix("Numeric"), number(value), number(operand))
    if positive.startswith("Date"):
        return compared(positive.removeprefix("Date"), date(value), date(operand))
    if positive == "Bool":
        return is_true(value) == is_true(operand)
    if positive == "BinaryEquals":
        return canonical_base64(operand) and value == operand
    if positive == "IpAddress":
        asked, net = address(value), network(operand)
        return asked is not None and net is not None and asked.version == net.version and asked in net
    raise KeyError(positive)


def compared(comparison: str, value: Any, operand: Any) -> bool:
    """Ill-typed on either side: no hit."""
    return value is not None and operand is not None and COMPARISONS[comparison](value, operand)


def is_true(text: str) -> bool:
    """6.4, recorded: any capitals, untrimmed; every other text is false."""
    return text.lower() == "true"


def arn(value: str, operands: list[str], context: Context, variables: bool, negated: bool) -> Verdict:
    """6.6: in list order."""
    if not is_arn(value):
        return False
    for operand in operands:
        made = pieces(operand, context, variables)
        if made is None:
            continue  # 5: an unresolved operand equals nothing
        parts = six_parts(made)
        if parts is None:
            return ERROR
        if arn_fits(parts, value):
            return not negated
    return negated


def operators() -> list[str]:
    """Every operator name there is."""
    bases = ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "Bool", "BinaryEquals", "IpAddress"]
    bases += ["ArnEquals", "ArnLike", *NEGATED]
    bases += [kind + name for kind in ("Numeric", "Date") for name in COMPARISONS]
    return [
        *(
            prefix + base + suffix
            for prefix, base, suffix in itertools.product(
                ("", "ForAllValues:", "ForAnyValue:"), bases, ("", "IfExists")
            )
        ),
        "Null",
    ]


def well_typed(base: str, operand: str) -> bool:
    """12.1 row 8, 12.6: what may be stored; base64 is asked for in session policies too."""
    positive = NEGATED.get(base, base)
    if positive.startswith("Numeric"):
        return number(operand) is not None
    if positive.startswith("Date"):
        return date(operand) is not None
    if positive == "IpAddress":
        return network(operand) is not None
    if positive in ("ArnEquals", "ArnLike"):
        return six_parts([(character, False) for character in operand]) is not None
    if positive == "BinaryEquals":
        return canonical_base64(operand)
    return True
