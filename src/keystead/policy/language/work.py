"""How much work a policy may ask of one decision.

Comparing one value with all operands of a policy takes time in proportion to the policy's length. A condition
with a set operator compares every value of its key, so that thousands of values and thousands of operands
would multiply: to seconds, for a policy of 32 KiB and an encryption context of 8 KiB. So would a long value
that variables bring into hundreds of patterns, and one that hundreds of conditions search. AWS documents no
bound (unverified); ours is far from what any real policy asks.
"""

from bisect import bisect_right
from dataclasses import replace
from typing import Final

from keystead.policy.conditions import Condition
from keystead.policy.language.statement import Statement
from keystead.policy.operators import UNEVALUABLE, Context, Verdict
from keystead.policy.request import ContextValue
from keystead.policy.steps import NO_STEPS, Steps, of_all

MAX_WORK: Final = 250_000
"""Steps (`policy.steps`) that the conditions of one policy may ask of one decision."""
MOST_CHARACTERS: Final = 8_192
"""Characters that one key of a request has at most: KMS takes an encryption context of so many bytes."""
MOST_VALUES: Final = MOST_CHARACTERS // 2


def bounded(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements of one policy, with the conditions that would be too much work undecided.

    If a key holds so much that the policy could ask for more than `MAX_WORK` steps, every condition over that
    key that compares operands one after the other is `UNEVALUABLE`.
    """
    work = of_all(condition.work for statement in statements for condition in statement.conditions)
    if work.of(MOST_VALUES, MOST_CHARACTERS) <= MAX_WORK:
        return statements
    # The longest single value, sought among lengths: each decision then compares two numbers.
    longest = bisect_right(range(MAX_WORK), MAX_WORK, key=lambda length: work.of(1, length)) - 1
    return tuple(
        replace(statement, conditions=tuple(_bounded(each, work, longest) for each in statement.conditions))
        for statement in statements
    )


def _bounded(condition: Condition, work: Steps, longest: int) -> Condition:
    if condition.work == NO_STEPS:
        return condition
    decide = condition.decide

    def decide_if_little(held: ContextValue | None, context: Context) -> Verdict:
        if len(held) > longest if isinstance(held, str) else held and work.on(held) > MAX_WORK:
            return UNEVALUABLE
        return decide(held, context)

    return replace(condition, decide=decide_if_little)
