"""How much work a policy may ask of one decision.

Comparing one value with all operands of a policy takes time in proportion to the policy's length. A condition
with a set operator compares every value of its key, so that thousands of values and thousands of operands
would multiply: to seconds, for a policy of 32 KiB and an encryption context of 8 KiB. AWS documents no bound
(unverified); ours is far from what any real policy asks.
"""

from dataclasses import replace
from typing import Final

from keystead.policy.conditions import Condition
from keystead.policy.language.statement import Statement
from keystead.policy.operators import UNEVALUABLE, Context, Verdict
from keystead.policy.request import ContextValue

MAX_WORK: Final = 250_000
"""Steps (`Condition.work`) that the set operators of one policy may ask of one decision."""
MOST_VALUES: Final = 4_096
"""Values that one key of a request has at most: KMS takes an encryption context of 8,192 bytes."""


def bounded(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements of one policy, with the conditions that would be too much work undecided.

    If a key holds so many values that the policy could ask for more than `MAX_WORK` steps, every condition
    with a set operator over that key that compares operands one after the other is `UNEVALUABLE`.
    """
    work = sum(condition.work for statement in statements for condition in statement.conditions)
    if work * MOST_VALUES <= MAX_WORK:
        return statements
    return tuple(
        replace(
            statement, conditions=tuple(_bounded(each, MAX_WORK // work) for each in statement.conditions)
        )
        for statement in statements
    )


def _bounded(condition: Condition, most: int) -> Condition:
    if not condition.work:
        return condition
    decide = condition.decide

    def decide_if_few(held: ContextValue | None, context: Context) -> Verdict:
        if isinstance(held, tuple) and len(held) > most:
            return UNEVALUABLE
        return decide(held, context)

    return replace(condition, decide=decide_if_few)
