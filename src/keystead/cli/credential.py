"""`keystead credential`: access keys of root users, on the data directory of an installation.

A server may run meanwhile: it knows of a change with its next request.
"""

from typing import TYPE_CHECKING, Annotated

import typer

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
)
from keystead.config import ConfigError, Settings
from keystead.kinds import OldAccessKeys
from keystead.names import AccountId, InvalidName

if TYPE_CHECKING:
    from keystead.model import Credential
    from keystead.store.port import ReadTx

credential = typer.Typer(
    name="credential", help="List and replace the access keys of root users.", no_args_is_help=True
)

Account = Annotated[str | None, typer.Option(help="Account: twelve digits.", show_default=False)]


@credential.command("list")
def list_credentials(data: Data = None, account: Account = None, config: Config = None) -> None:
    """List the access keys of root users: of all accounts, or of one. No secret is shown or needed.

    The last use may be a minute behind.
    """
    with plain_errors():
        settings = _kept(settings_of({"data": data}, config))

        from keystead.app.installation import existing_store

        with existing_store(settings) as store, store.read() as tx:
            accounts = [each.id for each in tx.accounts()] if account is None else [_known(tx, account)]
            rows = [_row(tx, key) for each in accounts for key in tx.root_credentials(each)]
    print_table([("ACCOUNT", "ACCESS KEY", "STATUS", "CREATED", "LAST USED"), *rows])


@credential.command()
def rotate(
    data: Data = None,
    account: Annotated[
        str | None, typer.Option(help="Account: twelve digits.", show_default="the only one")
    ] = None,
    old: Annotated[
        OldAccessKeys, typer.Option(help="What becomes of the access keys that the root user has.")
    ] = OldAccessKeys.DEACTIVATE,
    root_key_file: RootKeyFile = None,
    passphrase_file: PassphraseFile = None,
    config: Config = None,
) -> None:
    """Make a new access key for an account's root user, and deactivate, delete or keep the old ones.

    The way back in when the secret is lost, and the way out when it is known to others. The new access key is
    printed once and nowhere else; the audit record says that it was made. A root user has two access keys at
    most.
    """
    with plain_errors():
        settings = _kept(opening_settings(data, root_key_file, passphrase_file, config))

        from keystead.app.installation import Installation, existing_store
        from keystead.app.root_access_key import rotate_root_access_key

        with existing_store(settings) as store, store.read() as tx:
            whose = _only(tx) if account is None else _known(tx, account)
        installation = Installation(settings, passphrase=opening_passphrase(settings))
        key, before = rotate_root_access_key(installation, whose, old)
    show_access_key(key)
    typer.echo(f"Account: {key.account}. {fate((each.access_key_id for each in before), old)}")


def _kept(settings: Settings) -> Settings:
    if settings.in_memory:
        raise ConfigError("credentials are kept in a data directory: give --data one, not `:memory:`")
    return settings


def _known(tx: "ReadTx", text: str) -> AccountId:
    try:
        account = AccountId.parse(text)
    except InvalidName:
        raise ConfigError(f"--account must be twelve digits, not `{text[:40]}`") from None
    if tx.account(account) is None:
        raise ConfigError(f"there is no account {account} in this installation")
    return account


def _only(tx: "ReadTx") -> AccountId:
    accounts = tx.accounts()
    if len(accounts) != 1:
        raise ConfigError(f"this installation has {len(accounts)} accounts: say which with --account")
    return accounts[0].id


def _row(tx: "ReadTx", key: "Credential") -> tuple[str, ...]:
    use = tx.credential_use(key.access_key_id)
    last = "never" if use is None else f"{moment(use.time)} {use.service} {use.region}"
    return (key.account, key.access_key_id, key.status.value, moment(key.created), last)
