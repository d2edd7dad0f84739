"""The installation of `keystead dev`: its root key lies beside the data."""

import os
from dataclasses import replace
from pathlib import Path

from keystead.app.clock import milliseconds
from keystead.app.data_directory import locked, make_data_directory
from keystead.config import ConfigError, Settings
from keystead.crypto.randomness import Random
from keystead.crypto.root_key import FileRootKey, new_root
from keystead.model import SealedRootKey
from keystead.store import open_store

_DEVELOPMENT_ROOT_KEY = "root.key"


def development_settings(settings: Settings) -> Settings:
    """`settings` with the root key file of `keystead dev`: beside the data, which only dev may do."""
    if settings.in_memory:
        return settings
    return replace(settings, root_key_file=Path(settings.data) / _DEVELOPMENT_ROOT_KEY, passphrase_file=None)


def prepare_development(settings: Settings, random: Random = os.urandom) -> None:
    """Makes the data directory and its root key if they are not there; of several at once one makes them.

    Raises:
        ConfigError: the directory cannot be made, or holds an installation made by `keystead init`.
    """
    if settings.in_memory:
        return
    assert settings.root_key_file is not None
    directory = make_data_directory(settings)
    ignore = directory / ".gitignore"
    if not ignore.exists():
        ignore.write_text("# Keys live here: nothing of it belongs into a repository.\n*\n")
    with locked(directory, wait=True):
        _prepare_database(settings, settings.root_key_file, random)


def _prepare_database(settings: Settings, root_key_file: Path, random: Random) -> None:
    store = open_store(settings.database, durable=settings.durable)
    try:
        with store.read() as tx:
            sealed = tx.root_key()
        if sealed is None:
            exists = root_key_file.exists()
            provider = (
                FileRootKey(root_key_file, random) if exists else FileRootKey.create(root_key_file, random)
            )
            parameters, sealed_root = provider.seal(new_root(random))
            with store.write("first root key") as tx:
                tx.add_root_key(SealedRootKey(provider.name, parameters, sealed_root, milliseconds()))
        elif not root_key_file.exists():
            raise ConfigError(
                f"`{settings.data}` was made by `keystead init`: run `keystead serve`, or give another --data"
                if sealed.provider != FileRootKey.name
                else f"`{root_key_file}`, which opens `{settings.data}`, is missing: if "
                "`keystead init` made it, run `keystead serve` with its root key file; else put the file back"
            )
    finally:
        store.close()
