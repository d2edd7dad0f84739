"""The command line: one module per command.

House rules: what a command makes goes to standard output; errors are one plain sentence on standard error.
Exit code 1: it could not be done; 2: the command line was wrong. A traceback is a bug. The commands of
`policy` are questions: 0 and 1 are their answers, and 2 is for every input that is wrong.
"""

from typing import Annotated

import typer

from keystead.cli.account import account
from keystead.cli.credential import credential
from keystead.cli.dev import dev
from keystead.cli.init import init
from keystead.cli.policy import policy
from keystead.cli.serve import serve
from keystead.cli.service import service

commands = typer.Typer(
    name="keystead",
    help="A self-hosted key management service that speaks the AWS KMS API.",
    no_args_is_help=True,
    rich_markup_mode="markdown",  # single line ends of docstrings are spaces
    pretty_exceptions_enable=False,
)
commands.command()(dev)
commands.command()(init)
commands.command()(serve)
commands.add_typer(credential)
commands.add_typer(account)
commands.add_typer(service)
commands.add_typer(policy)


def _print_version(wanted: bool) -> None:
    if wanted:
        from keystead import __version__

        typer.echo(f"keystead {__version__}")
        raise typer.Exit


@commands.callback()
def _keystead(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A self-hosted key management service that speaks the AWS KMS API."""


def main() -> None:
    """The `keystead` command."""
    commands()
