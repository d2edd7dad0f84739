"""An installation for production, made: all of it or nothing."""

import os
from contextlib import suppress
from pathlib import Path

from keystead.app.clock import milliseconds
from keystead.app.data_directory import locked, make_data_directory
from keystead.app.installation import root_key_provider
from keystead.config import ConfigError, Settings
from keystead.crypto.material import Sealer
from keystead.crypto.randomness import Random
from keystead.crypto.root_key import FileRootKey, new_root
from keystead.model import Account, SealedRootKey
from keystead.names import AccountId
from keystead.service.accounts import add_account
from keystead.service.root_access_keys import RootAccessKey
from keystead.store import open_store


def initialise(
    settings: Settings, passphrase: str | None, account: AccountId, random: Random = os.urandom
) -> RootAccessKey:
    """Makes an installation: root key, first account, its root user's access key. All or nothing.

    Args:
        settings: `root_key_file` is made unless it is there.
        passphrase: seals the root key where the settings name no root key file.
        account: the first account.
        random: for keys and ids.

    Raises:
        ConfigError: there is an installation already, or its directory cannot be made.
        RootKeyRefused: the root key file or the passphrase will not do.
        StoreError: the store cannot be made.
    """
    if settings.root_key_file is None:
        root_key_provider(settings, passphrase)  # refuses a passphrase before anything is made
    new_directory = not Path(settings.data).exists()
    directory = make_data_directory(settings)
    new_key_file = False
    with locked(directory, wait=False):
        new_database = not Path(settings.database).exists()
        try:
            store = open_store(settings.database, durable=True)
            try:
                with store.write("initialise") as tx:
                    if tx.root_key() is not None:
                        raise already_initialised(settings)
                    root, now = new_root(random), milliseconds()
                    key = add_account(tx, Sealer(root), Account(account, now), random)
                    # Last, so that nothing but the commit can fail once there is a new file.
                    if settings.root_key_file is not None and not settings.root_key_file.exists():
                        FileRootKey.create(settings.root_key_file, random)
                        new_key_file = True
                    provider = root_key_provider(settings, passphrase)
                    parameters, sealed = provider.seal(root)
                    tx.add_root_key(SealedRootKey(provider.name, parameters, sealed, now))
            finally:
                store.close()
        except BaseException:
            if new_key_file and settings.root_key_file is not None:
                settings.root_key_file.unlink(missing_ok=True)
            if new_database:
                for suffix in ("", "-wal", "-shm"):
                    Path(f"{settings.database}{suffix}").unlink(missing_ok=True)
            if new_directory:
                with suppress(OSError):  # somebody has put something into it
                    directory.rmdir()
            raise
    return key


def initialised(settings: Settings) -> bool:
    """Whether there is an installation at the data directory."""
    if not Path(settings.database).exists():
        return False
    store = open_store(settings.database, durable=True)
    try:
        with store.read() as tx:
            return tx.root_key() is not None
    finally:
        store.close()


def already_initialised(settings: Settings) -> ConfigError:
    """The refusal to make an installation where there is one."""
    return ConfigError(f"`{settings.data}` holds an installation already; it is not overwritten")
