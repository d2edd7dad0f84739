"""Options of the `keystead policy` commands: how files and parts of a request are given to all of them."""

from pathlib import Path
from typing import Annotated, Any

import typer

_POLICIES = "Policies"
_REQUEST = "The request"


def policy_file(help: str, *names: str) -> Any:
    """An option that takes a file with a policy, or something else that applies to the request."""
    return typer.Option(*names, metavar="FILE", help=help, show_default=False, rich_help_panel=_POLICIES)


def policy_levels(help: str) -> Any:
    """An option that takes the policies of one level of an organization."""
    return typer.Option(metavar="FILE[,FILE]", help=help, show_default=False, rich_help_panel=_POLICIES)


def asked(help: str, *, metavar: str | None = None, default: bool | str = False) -> Any:
    """An option that says what is asked; `default` is shown in the help text."""
    return typer.Option(metavar=metavar, help=help, show_default=default, rich_help_panel=_REQUEST)


Boundary = Annotated[Path | None, policy_file("File with the caller's permissions boundary.")]
ServiceControlPolicies = Annotated[
    list[str] | None,
    policy_levels(
        "Service control policies of one level of the caller's organization; repeatable, from the root "
        "down to the account."
    ),
]
