"""The results of a simulation on a terminal: a table for each resource."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from keystead.cli.options import visible
from keystead.policy.simulate import NO_RESOURCE, EvalDecision, EvaluationResult, MatchedStatement

_STYLES = {
    EvalDecision.ALLOWED: "green",
    EvalDecision.IMPLICIT_DENY: "yellow",
    EvalDecision.EXPLICIT_DENY: "red",
}
_UNWRAPPED = 100_000


def print_results(results: Sequence[EvaluationResult]) -> None:
    """Prints the decision of every action on every resource."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        # What is not read by people is not wrapped for them.
        console = Console(highlight=False, markup=False, width=_UNWRAPPED)
    if not results[0].resource_specific_results:
        _print_table(console, NO_RESOURCE, [_of_result(result) for result in results])
        return
    for place, first in enumerate(results[0].resource_specific_results):
        _print_table(console, first.eval_resource_name, [_of_resource(result, place) for result in results])


_Row = tuple[str, EvalDecision, Sequence[MatchedStatement], Sequence[str]]


def _of_result(result: EvaluationResult) -> _Row:
    return (
        result.eval_action_name,
        result.eval_decision,
        result.matched_statements,
        result.missing_context_values,
    )


def _of_resource(result: EvaluationResult, place: int) -> _Row:
    one = result.resource_specific_results[place]
    return (
        result.eval_action_name,
        one.eval_resource_decision,
        one.matched_statements,
        one.missing_context_values,
    )


def _print_table(console: Console, resource: str, rows: Iterable[_Row]) -> None:
    table = Table()
    for column in ("Action", "Decision", "Matched statements", "Missing context keys"):
        table.add_column(column, overflow="fold")
    for action, decision, matched, missing in rows:
        places = "\n".join(visible(_place(each)) for each in matched)
        table.add_row(visible(action), decision, places, visible("\n".join(missing)), style=_STYLES[decision])
    console.print(visible(resource), style="bold", soft_wrap=True)
    console.print(table)


def _place(statement: MatchedStatement) -> str:
    """The policy and the statement's place in it, as findings write it, with its Sid."""
    return f"{statement.source_policy_id} Statement[{statement.index}] {statement.sid}".rstrip()
