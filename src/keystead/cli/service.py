"""`keystead service`: services that act as service principals, on the data directory of an installation.

A server may run meanwhile: it knows of a change with its next request.
"""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from keystead.app.clock import milliseconds
from keystead.cli.options import (
    Config,
    Data,
    PassphraseFile,
    RootKeyFile,
    fate,
    moment,
    opening_passphrase,
    opening_settings,
    plain_errors,
    print_table,
    settings_of,
    show_access_key,
    visible,
)
from keystead.config import ConfigError
from keystead.kinds import OldAccessKeys
from keystead.names import InvalidName, ServiceName

if TYPE_CHECKING:
    from keystead.model import RegisteredService
    from keystead.store.port import ReadTx

service = typer.Typer(
    name="service",
    help="Register services that call Keystead as service principals, and make their access keys.",
    no_args_is_help=True,
)

Named = Annotated[
    str, typer.Argument(metavar="SERVICE", help="Its name, such as s3 or objectstore.", show_default=False)
]

_MOST_CHARACTERS = 64


@service.command()
def add(
    name: Named,
    display_name: Annotated[
        str | None,
        typer.Option(
            help="What it is called in policies and descriptions.", show_default="AWS's, or the name"
        ),
    ] = None,
    data: Data = None,
    root_key_file: RootKeyFile = None,
    passphrase_file: PassphraseFile = None,
    config: Config = None,
) -> None:
    """Register a service; its access key is printed once and nowhere else.

    It calls as the service principal NAME.amazonaws.com, and may act for callers who sign requests to it. A
    service of AWS's that one runs oneself, such as s3, is registered by its name.
    """
    with plain_errors():
        settings = opening_settings(data, root_key_file, passphrase_file, config)

        from keystead.app.installation import Installation
        from keystead.model import RegisteredService
        from keystead.service.managed_keys.kinds import display_name_of
        from keystead.service.registered_services import UnsuitedService, add_service

        named = _name(name)
        shown = display_name_of(named) if display_name is None else _display_name(display_name)
        made = RegisteredService(named, shown, milliseconds())
        installation = Installation(settings, passphrase=opening_passphrase(settings))
        with installation.opened() as (store, sealer), store.write("service add") as tx:
            if tx.service(named) is not None:
                raise ConfigError(f"there is a service {named} already")
            try:
                key = add_service(tx, sealer, made, os.urandom)
            except UnsuitedService as error:
                raise ConfigError(str(error)) from None
    typer.echo(f"Service {named} is registered as {named.principal}.")
    show_access_key(key, "Its")


@service.command(name="list")
def list_(data: Data = None, config: Config = None) -> None:
    """Print the services and their access keys. No secret is shown or needed."""
    with plain_errors():
        settings = settings_of({"data": data}, config)

        from keystead.app.installation import existing_store

        with existing_store(settings) as store, store.read() as tx:
            rows = [row for each in tx.services() for row in _rows(tx, each)]
    print_table([("SERVICE", "CALLED", "PRINCIPAL", "ACCESS KEY", "STATUS", "CREATED"), *rows])


@service.command()
def remove(name: Named, data: Data = None, config: Config = None) -> None:
    """Forget a service and its access keys. Keys that were made for it stay, and nobody reaches them."""
    with plain_errors():
        settings = settings_of({"data": data}, config)

        from keystead.app.installation import existing_store
        from keystead.service.registered_services import remove_service

        with existing_store(settings) as store, store.write("service remove") as tx:
            named = _known(tx, name)
            remove_service(tx, named, milliseconds(), os.urandom)
    typer.echo(f"Service {named} is removed.")


@service.command()
def credential(
    name: Named,
    old: Annotated[
        OldAccessKeys, typer.Option(help="What becomes of the access keys that it has.")
    ] = OldAccessKeys.DEACTIVATE,
    data: Data = None,
    root_key_file: RootKeyFile = None,
    passphrase_file: PassphraseFile = None,
    config: Config = None,
) -> None:
    """Make a new access key for a service, and deactivate, delete or keep the old ones.

    The new access key is printed once and nowhere else. A service has two access keys at most.
    """
    with plain_errors():
        settings = opening_settings(data, root_key_file, passphrase_file, config)

        from keystead.app.installation import Installation
        from keystead.service.registered_services import rotate_service_access_keys
        from keystead.service.root_access_keys import TooManyAccessKeys

        installation = Installation(settings, passphrase=opening_passphrase(settings))
        with installation.opened() as (store, sealer), store.write("service credential") as tx:
            named = _known(tx, name)
            try:
                key, before = rotate_service_access_keys(tx, sealer, named, old, milliseconds(), os.urandom)
            except TooManyAccessKeys as full:
                raise ConfigError(
                    f"service {named} has {full} already, and may have no more: give --old delete"
                ) from None
    show_access_key(key, "Its")
    typer.echo(f"Service: {named}. {fate((each.access_key_id for each in before), old)}")


def _name(text: str) -> ServiceName:
    try:
        return ServiceName.parse(text)
    except InvalidName:
        raise ConfigError(
            f"a service's name is 2 to 63 of a-z, 0-9 and -, not `{visible(text[:80])}`"
        ) from None


def _known(tx: "ReadTx", text: str) -> ServiceName:
    named = _name(text)
    if tx.service(named) is None:
        raise ConfigError(f"there is no service {named}")
    return named


def _display_name(text: str) -> str:
    if not (text.isascii() and text.isprintable() and 1 <= len(text) <= _MOST_CHARACTERS):
        raise ConfigError(
            f"--display-name takes 1 to {_MOST_CHARACTERS} printable ASCII characters, "
            f"not `{visible(text[:80])}`"
        )
    return text


def _rows(tx: "ReadTx", each: "RegisteredService") -> list[tuple[str, ...]]:
    head = (each.name, each.display_name, each.name.principal)
    keys = tx.service_credentials(each.name)
    if not keys:
        return [(*head, "-", "-", "-")]
    return [(*head, key.access_key_id, key.status.value, moment(key.created)) for key in keys]
