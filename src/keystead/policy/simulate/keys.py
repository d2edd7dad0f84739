"""The condition keys that policies read: in conditions, in their operands' variables, in resources."""

from collections.abc import Iterable, Iterator

from keystead.policy.language.document import Policy
from keystead.policy.language.statement import Statement
from keystead.policy.language.variables import written_keys


def context_keys(policies: Iterable[Policy]) -> tuple[str, ...]:
    """Every condition key of the policies, once in each of its spellings.

    Recorded: spellings that differ in case are told apart, the one in lower case first. That the keys are
    otherwise in alphabetical order is ours (unverified).
    """
    keys = {key for policy in policies for statement in policy.statements for key in _of(statement)}
    return tuple(sorted(keys, key=lambda key: (key.lower(), key.swapcase())))


def _of(statement: Statement) -> Iterator[str]:
    for condition in statement.conditions:
        yield condition.key
        yield from _read(condition.operands, condition.reads)
    if statement.resource is not None:
        yield from _read(statement.resource.patterns, statement.resource.reads)


def _read(texts: Iterable[str], reads: frozenset[str]) -> Iterator[str]:
    """The keys in `texts` that are variables: where the language takes none, `reads` lacks them."""
    if reads:
        yield from (key for text in texts for key in written_keys(text) if key.lower() in reads)
