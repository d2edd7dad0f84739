"""An explanation on a terminal: decision, trace as a tree, nearest miss, suggestions."""

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from keystead.cli.options import visible
from keystead.policy import Allowed
from keystead.policy.decision import Layer
from keystead.policy.explanation.edit import AddStatement, AttachPolicy, Edit, NarrowDeny, ReplaceDeny
from keystead.policy.explanation.nearest import DenyHit, NearestGrant, NearestStatement, NearMiss
from keystead.policy.explanation.remedy import NoneExists, NoneFound, NothingDenied, Offered, Remedies, Remedy
from keystead.policy.explanation.trace import (
    GrantMatched,
    GrantTrace,
    GrantUnmatched,
    LayerTrace,
    Matched,
    StatementTrace,
    Trace,
    Unmatched,
)
from keystead.policy.explanation.words import (
    comparison_in_words,
    edit_in_words,
    grant_mismatch_in_words,
    rule_in_words,
    statement_in_words,
)
from keystead.policy.language.layout import pretty
from keystead.policy.language.statement import Effect

MAX_GRANTS: Final = 20
"""Grants that do not apply are listed up to here."""

_UNWRAPPED: Final = 100_000


def print_explanation(
    trace: Trace, missed: tuple[NearMiss, ...], found: Remedies, *, documents: bool
) -> None:
    """Prints it all; with `documents` every changed policy as a whole."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    # Trees are cut at the width, so that what is not read by people is not wrapped for them.
    trees = Console(highlight=False, markup=False, width=None if console.is_terminal else _UNWRAPPED)
    allowed = isinstance(trace.decision, Allowed)
    console.print(_label("Allowed" if allowed else "Denied", "bold green" if allowed else "bold red"))
    if trace.refusal is not None:
        console.print(_label(f"  {trace.refusal}"))
    console.print(_label(f"  {rule_in_words(trace.rule)}"))
    console.print()
    trees.print(_tree(trace))
    if missed:
        console.print()
        for miss in missed:
            trees.print(_near(miss))
    for line in _suggestions(found, documents=documents):
        console.print(line)


def _label(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def _tree(trace: Trace) -> Tree:
    root = Tree(_label(f"{trace.action} on {trace.resource} by {trace.caller}", "bold"))
    for layer in trace.layers:
        branch = root.add(_label(_layer_title(layer)))
        for statement in layer.statements:
            branch.add(_statement_line(statement))
    if trace.grants:
        branch = root.add(_label(f"grants: {len(trace.grants)}"))
        applied = [grant for grant in trace.grants if isinstance(grant.verdict, GrantMatched)]
        others = [grant for grant in trace.grants if isinstance(grant.verdict, GrantUnmatched)]
        for grant in (*applied, *others[:MAX_GRANTS]):
            branch.add(_grant_line(grant))
        if len(others) > MAX_GRANTS:
            branch.add(_label(f"{len(others) - MAX_GRANTS} more that do not apply"))
    return root


_RESULTS: Final = {Effect.DENY: "denies", Effect.ALLOW: "allows", None: "is silent"}
_STYLES: Final = {Effect.DENY: "red", Effect.ALLOW: "green"}


def _layer_title(layer: LayerTrace) -> str:
    level = f" at level {layer.level}" if layer.layer in (Layer.SCP, Layer.RCP) else ""
    nothing = "" if layer.statements else ": none is attached"
    return f"{layer.layer}{level} {_RESULTS[layer.result]}{nothing}"


def _statement_line(found: StatementTrace) -> Text:
    name = f"{found.effect} {statement_in_words(found.statement)}"
    match found.verdict:
        case Matched(strength):
            # How strongly a statement names the caller matters for what the resource's side allows.
            tells = found.statement.layer is Layer.RESOURCE and found.effect is Effect.ALLOW
            how = f" ({strength})" if tells else ""
            return _label(f"{name}: applies{how}", _STYLES[found.effect])
        case Unmatched(elements):
            more = f" (and {len(elements) - 1} more)" if len(elements) > 1 else ""
            return _label(f"{name}: does not apply. {comparison_in_words(elements[0])}{more}", "dim")


def _grant_line(grant: GrantTrace) -> Text:
    match grant.verdict:
        case GrantMatched(strength):
            return _label(f"grant {grant.grant_id}: applies ({strength})", "green")
        case GrantUnmatched(reasons):
            why = "; ".join(grant_mismatch_in_words(reason) for reason in reasons)
            return _label(f"grant {grant.grant_id}: does not apply. {why}", "dim")


def _near(miss: NearMiss) -> Tree:
    match miss:
        case DenyHit(statement, elements):
            tree = Tree(_label(f"The Deny that hit: {statement_in_words(statement)}", "bold"))
            for element in elements:
                tree.add(_label(comparison_in_words(element)))
        case NearestStatement(statement, elements):
            tree = Tree(_label(f"Nearest miss: {statement_in_words(statement)}", "bold"))
            for element in elements:
                tree.add(_label(comparison_in_words(element)))
        case NearestGrant(grant_id, reasons):
            tree = Tree(_label(f"Nearest miss: grant {grant_id}", "bold"))
            for reason in reasons:
                tree.add(_label(grant_mismatch_in_words(reason)))
    return tree


def _suggestions(found: Remedies, *, documents: bool) -> Iterator[Text]:
    match found:
        case NothingDenied():
            return
        case Offered(offered):
            these = "This" if len(offered) == 1 else "Any one of these"
            yield _label(f"\n{these} would allow it:", "bold")
            for number, remedy in enumerate(offered, start=1):
                yield from _remedy(number, remedy, documents=documents)
        case NoneExists():
            yield _label("\nNo change of policies, grants or request would allow it.", "bold")
        case NoneFound(_, tried):
            yield _label(f"\nNo small change was found that would allow it; {tried} were tried.", "bold")


def _remedy(number: int, remedy: Remedy, *, documents: bool) -> Iterator[Text]:
    for position, edit in enumerate(remedy.edits):
        yield _label(f"{f'{number}.' if position == 0 else '  '} {edit_in_words(edit)}")
        for text in () if documents else _texts(edit):
            yield _indented(text)
    for policy in remedy.policies if documents else ():
        yield _indented(pretty(policy.document))


def _texts(edit: Edit) -> tuple[str, ...]:
    match edit:
        case AddStatement(statement=statement) | ReplaceDeny(statement=statement):
            return (statement,)
        case AttachPolicy(document=document):
            return (document,)
        case NarrowDeny(statements=statements):
            return statements
        case _:
            return ()


def _indented(text: str) -> Text:
    return _label("\n".join(f"     {line}" for line in text.splitlines()), "cyan")
