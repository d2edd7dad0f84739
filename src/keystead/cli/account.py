"""`keystead account`: the accounts of an installation, made, listed and closed by its operator.

The commands work on the data directory. A server may run on it meanwhile, and follows with its next call.
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
    opening_passphrase,
    opening_settings,
    plain_errors,
    print_table,
    settings_of,
    show_access_key,
    visible,
)
from keystead.config import ConfigError
from keystead.names import AccountId, InvalidName

if TYPE_CHECKING:
    from keystead.kinds import AccountState
    from keystead.model import Account
    from keystead.store.port import ReadTx

account = typer.Typer(
    name="account",
    help="Make, list and close accounts of an installation.",
    no_args_is_help=True,
)

Named = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Twelve digits.", show_default=False)]


@account.command()
def create(
    name: Annotated[
        str, typer.Option(help="What it is called: up to 50 printable ASCII characters.", show_default=False)
    ],
    email: Annotated[str, typer.Option(help="Its address, which no other account has.", show_default=False)],
    data: Data = None,
    root_key_file: RootKeyFile = None,
    passphrase_file: PassphraseFile = None,
    account: Annotated[str | None, typer.Option(help="Its id: twelve digits.", show_default="random")] = None,
    config: Config = None,
) -> None:
    """Make an account; its root user's access key is printed once and nowhere else.

    It is in no organization. An organization invites it, or makes its members itself, by CreateAccount.
    """
    with plain_errors():
        settings = opening_settings(data, root_key_file, passphrase_file, config)

        from keystead.app.installation import Installation
        from keystead.model import Account
        from keystead.service.accounts import add_account, new_account_id

        _check(name, email)
        named = new_account_id(os.urandom) if account is None else _account(account)
        made = Account(named, milliseconds(), name, email)
        installation = Installation(settings, passphrase=opening_passphrase(settings))
        with installation.opened() as (store, sealer), store.write("account create") as tx:
            if tx.account(made.id) is not None:
                raise ConfigError(f"there is an account {made.id} already")
            if tx.account_of_email(email) is not None:
                raise ConfigError(f"another account has the address `{visible(email)}`")
            key = add_account(tx, sealer, made, os.urandom)
    typer.echo(f"Account {made.id} is made.")
    show_access_key(key)


@account.command(name="list")
def list_(data: Data = None, config: Config = None) -> None:
    """Print the accounts: id, state, organization, address and name."""
    with plain_errors():
        settings = settings_of({"data": data}, config)

        from keystead.app.installation import existing_store

        with existing_store(settings) as store, store.read() as tx:
            rows = [_HEAD, *(_row(tx, each) for each in tx.accounts())]
    print_table(rows)


@account.command()
def close(account: Named, data: Data = None, config: Config = None) -> None:
    """Close an account: nobody signs for it any more, and nobody reaches its keys. Nothing is deleted."""
    from keystead.kinds import AccountState

    _set_state(account, AccountState.CLOSED, data, config)
    typer.echo(f"Account {account} is closed. `keystead account reopen` brings it back.")


@account.command()
def reopen(account: Named, data: Data = None, config: Config = None) -> None:
    """Open an account again that was closed: its access keys and its KMS keys work as before."""
    from keystead.kinds import AccountState

    _set_state(account, AccountState.ACTIVE, data, config)
    typer.echo(f"Account {account} is open.")


def _set_state(text: str, state: "AccountState", data: str | None, config: Config) -> None:
    with plain_errors():
        settings, named = settings_of({"data": data}, config), _account(text)

        from keystead.app.installation import existing_store

        with existing_store(settings) as store, store.write(f"account to {state}") as tx:
            found = tx.account(named)
            if found is None:
                raise ConfigError(f"there is no account {named}")
            if found.state is state:
                raise ConfigError(f"account {named} is {state.lower()} already")
            _check_change(tx, found)
            tx.set_account_state(named, state)


def _check_change(tx: "ReadTx", found: "Account") -> None:
    """Refuses to close what others depend on: the account that manages an organization with open members."""
    from keystead.kinds import AccountState

    member = tx.organization_member(found.id)
    organization = None if member is None else tx.organization(member.organization)
    if found.state is not AccountState.ACTIVE or organization is None or organization.management != found.id:
        return
    others = [each for each in tx.accounts() if each.id != found.id and each.state is AccountState.ACTIVE]
    places = [tx.organization_member(other.id) for other in others]
    if any(place is not None and place.organization == organization.id for place in places):
        raise ConfigError(
            f"account {found.id} manages organization {organization.id}, which has other open accounts: "
            "close or remove those first"
        )


_HEAD: tuple[str, ...] = ("ACCOUNT", "STATE", "ORGANIZATION", "EMAIL", "NAME")


def _row(tx: "ReadTx", each: "Account") -> tuple[str, ...]:
    member = tx.organization_member(each.id)
    organization = None if member is None else tx.organization(member.organization)
    place = "-" if organization is None else organization.id
    if organization is not None and organization.management == each.id:
        place += " (manages it)"
    return each.id, each.state.value, place, visible(each.email) or "-", visible(each.name) or "-"


def _account(text: str) -> AccountId:
    try:
        return AccountId.parse(text)
    except InvalidName:
        raise ConfigError(f"an account is twelve digits, not `{visible(text[:40])}`") from None


def _check(name: str, email: str) -> None:
    """Refuses what CreateAccount would."""
    import msgspec

    from keystead.shapes.organizations import CreateAccountRequest

    for member, value, wanted in (
        ("AccountName", name, "--name takes 1 to 50 printable ASCII characters"),
        ("Email", email, "--email takes an address, such as pay@example.com"),
    ):
        good = {"AccountName": "name", "Email": "name@example.com"}
        try:
            msgspec.convert(good | {member: value}, CreateAccountRequest)
        except msgspec.ValidationError:
            raise ConfigError(f"{wanted}, not `{visible(value[:80])}`") from None
