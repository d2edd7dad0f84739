"""`keystead init`: makes an installation for production."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from keystead.cli.options import (
    Config,
    PassphraseFile,
    RootKeyFile,
    opening_settings,
    plain_errors,
    read_passphrase,
    show_access_key,
)
from keystead.config import ConfigError, Settings
from keystead.names import AccountId, InvalidName


def init(
    data: Annotated[str | None, typer.Option(help="Directory to make.", show_default="./.keystead")] = None,
    root_key_file: RootKeyFile = None,
    passphrase_file: PassphraseFile = None,
    account: Annotated[
        str | None, typer.Option(help="First account: twelve digits.", show_default="random")
    ] = None,
    config: Config = None,
) -> None:
    """Make an installation: data directory, root key, first account and its root access key.

    The root key is sealed by a file (--root-key-file, made unless it is there) or by a passphrase
    (--passphrase-file, else asked for). The root access key is printed once and nowhere else.
    """
    with plain_errors():
        settings = opening_settings(data, root_key_file, passphrase_file, config)
        first_account = _account(account)
        _check_place(settings)

        from keystead.app.initialisation import already_initialised, initialise, initialised

        if initialised(settings):
            raise already_initialised(settings)
        key = initialise(settings, _passphrase(settings), first_account)
    typer.echo(f"Keystead is initialised in {settings.data}.")
    show_access_key(key)
    typer.echo(f"Account: {key.account}. Next, with a certificate for this host's name:")
    typer.echo(
        f"  keystead serve --data {settings.data}{_opener(settings)} --tls-certificate FILE --tls-key FILE"
    )


def _opener(settings: Settings) -> str:
    """The option with which `serve` opens the root key; none for a passphrase that is asked for."""
    if settings.root_key_file is not None:
        return f" --root-key-file {settings.root_key_file}"
    return f" --passphrase-file {settings.passphrase_file}" if settings.passphrase_file is not None else ""


def _account(text: str | None) -> AccountId:
    if text is None:
        from keystead.service.accounts import new_account_id

        return new_account_id(os.urandom)
    try:
        return AccountId.parse(text)
    except InvalidName:
        raise ConfigError(f"--account must be twelve digits, not `{text[:40]}`") from None


def _check_place(settings: Settings) -> None:
    if not settings.data:
        raise ConfigError("--data is empty: give it a directory")
    if settings.in_memory:
        raise ConfigError("`keystead init` makes something to keep: give --data a directory, not `:memory:`")
    directory = Path(settings.data).resolve()
    for name, file in (
        ("--root-key-file", settings.root_key_file),
        ("--passphrase-file", settings.passphrase_file),
    ):
        if file is not None and file.resolve().is_relative_to(directory):
            raise ConfigError(
                f"{name} must lie outside the data directory, or whoever copies one has the other"
            )


def _passphrase(settings: Settings) -> str | None:
    """What seals the root key where no file does."""
    if settings.root_key_file is not None:
        return None
    if settings.passphrase_file is not None:
        return read_passphrase(settings.passphrase_file)
    if not sys.stdin.isatty() or not os.isatty(2):
        raise ConfigError(
            "nothing seals the root key: give --root-key-file or --passphrase-file, "
            "or run in a terminal to be asked"
        )
    return str(
        typer.prompt("Passphrase for the root key", hide_input=True, confirmation_prompt=True, err=True)
    )
