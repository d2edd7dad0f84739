"""Options that several commands share, and how their errors reach the terminal."""

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from keystead.config import ConfigError, QuotaChoice, Settings, load_settings
from keystead.kinds import OldAccessKeys

if TYPE_CHECKING:
    from keystead.service.registered_services import ServiceAccessKey
    from keystead.service.root_access_keys import RootAccessKey

Config = Annotated[
    Path | None,
    typer.Option("--config", help="TOML file with settings. [KEYSTEAD_CONFIG]", show_default=False),
]
Data = Annotated[str | None, typer.Option(help="Directory of the installation.", show_default=False)]
Host = Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")]
Port = Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535, show_default="4599")]
Workers = Annotated[int | None, typer.Option(help="Processes that answer.", min=1, max=256, show_default="1")]
RootKeyFile = Annotated[
    Path | None,
    typer.Option(help="File that opens the root key. Keep it away from the data.", show_default=False),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(help="File with the passphrase that opens the root key.", show_default=False),
]
Quotas = Annotated[
    QuotaChoice | None, typer.Option(help="Quotas of KMS: AWS's, or none.", show_default="off")
]
QuotasFile = Annotated[
    Path | None, typer.Option(help="TOML file with quotas of your own, by name.", show_default=False)
]

_MAX_PASSPHRASE_FILE = 8192


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns errors that are meant for operators into one sentence on standard error and exit code 1."""
    try:
        yield
    except ConfigError as error:
        raise _failed(str(error)) from None
    # Only once a command has loaded them can their errors occur.
    except Exception as error:
        from keystead.crypto.root_key import RootKeyRefused
        from keystead.store.port import StoreError

        if isinstance(error, RootKeyRefused | StoreError):
            raise _failed(str(error)) from None
        raise


def _failed(sentence: str) -> typer.Exit:
    typer.echo(f"keystead: {sentence}", err=True)
    return typer.Exit(1)


def settings_of(
    options: Mapping[str, object], config: Path | None, defaults: Mapping[str, object] | None = None
) -> Settings:
    """The settings from file, environment and the options of this command, or `ConfigError`."""
    return load_settings(os.environ, options, file=config, defaults=defaults)


def opening_settings(
    data: str | None, root_key_file: Path | None, passphrase_file: Path | None, config: Path | None
) -> Settings:
    """The settings of a command that needs the root key, or `ConfigError`."""
    options = {"data": data, "root_key_file": root_key_file, "passphrase_file": passphrase_file}
    return settings_of(options, config)


def read_passphrase(file: Path) -> str:
    """The first line of `file`, or `ConfigError`."""
    try:
        with file.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            line = stream.readline(_MAX_PASSPHRASE_FILE)
        # A group may read it: that is how orchestrators hand secrets to a container.
        if mode & (stat.S_IRWXO | stat.S_IWGRP):
            raise ConfigError(
                f"the passphrase file `{file}` has mode {mode:04o}, which lets others at it; "
                f"`chmod 600 {file}` closes it, and if others could read it, change the passphrase"
            )
        return line.decode().rstrip("\r\n")
    except OSError as error:
        raise ConfigError(f"cannot read the passphrase file `{file}`: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"the passphrase file `{file}` is not UTF-8 text") from None


def opening_passphrase(settings: Settings) -> str | None:
    """What opens the root key where no file does: from the passphrase file, or asked for in a terminal."""
    if settings.root_key_file is not None:
        return None
    if settings.passphrase_file is not None:
        return read_passphrase(settings.passphrase_file)
    if sys.stdin.isatty():
        return str(typer.prompt("Passphrase for the root key", hide_input=True, err=True))
    return None


def show_access_key(key: "RootAccessKey | ServiceAccessKey", whose: str = "The root user's") -> None:
    """Prints a new access key, the only time that its secret is seen."""
    typer.echo(f"{whose} access key, shown this once:")
    typer.echo(f"  AWS_ACCESS_KEY_ID={key.access_key_id}")
    typer.echo(f"  AWS_SECRET_ACCESS_KEY={key.secret}")


def print_table(rows: Iterable[tuple[str, ...]]) -> None:
    """Prints rows of as many cells each, in columns."""
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def moment(milliseconds: int) -> str:
    """A time in milliseconds for people: whole seconds, UTC."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fate(before: Iterable[str], old: OldAccessKeys) -> str:
    """What became of earlier access keys, given by their ids, when a new one was made."""
    names = ", ".join(before)
    if not names:
        return "It had no other."
    done = {
        OldAccessKeys.KEEP: "Still there",
        OldAccessKeys.DEACTIVATE: "Deactivated",
        OldAccessKeys.DELETE: "Deleted",
    }
    return f"{done[old]}: {names}."


def refuse(*sentences: str) -> NoReturn:
    """Ends the command: each sentence on standard error, exit code 2."""
    for sentence in sentences:
        typer.echo(f"keystead: {visible(sentence)}", err=True)
    raise typer.Exit(2)


def warn(sentence: str) -> None:
    """Says something on standard error and goes on."""
    typer.echo(f"keystead: {visible(sentence)}", err=True)


def visible(text: str) -> str:
    """`text` for a terminal: what is not printable is written as an escape, line ends excepted."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each == "\n" else each.encode("unicode_escape").decode("ascii")
        for each in text
    )
