"""`keystead policy`: policies offline, on files. No server, no state, nothing else of Keystead running."""

import typer

from keystead.cli.policy_explain import explain
from keystead.cli.policy_simulate import simulate

policy = typer.Typer(
    name="policy",
    help="Ask policies questions offline, on files.",
    no_args_is_help=True,
)
policy.command()(explain)
policy.command()(simulate)
