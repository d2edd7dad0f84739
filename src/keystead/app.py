"""The composition root: from settings to a running service. The only place that knows all the parts."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from keystead.config import ConfigError, Settings
from keystead.crypto.material import Sealer
from keystead.crypto.root_key import FileRootKey, PassphraseRootKey, RootKeyProvider, new_root
from keystead.model import Account, SealedRootKey
from keystead.names import AccountId
from keystead.service.accounts import RootAccessKey, add_account
from keystead.service.authentication import DevRoot
from keystead.service.service import Service
from keystead.store import open_store
from keystead.store.port import Store

_DEVELOPMENT_ROOT_KEY = "root.key"

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Installation:
    """What a worker needs to open an installation; picklable, so that it can be handed to a new process.

    Attributes:
        passphrase: opens the root key, when a passphrase sealed it.
        dev: the root user of `keystead dev`; None in production.
    """

    settings: Settings
    passphrase: str | None = field(default=None, repr=False)
    dev: DevRoot | None = field(default=None, repr=False)

    def build(self) -> tuple[Service, Store]:
        """Opens the store, unseals the root key and makes the service.

        Raises:
            ConfigError: the installation is not initialised, or its root key needs another provider.
            RootKeyRefused: the root key does not open.
            StoreError: the store does not open.
        """
        store = open_store(self.settings.database, durable=self.settings.durable)
        try:
            # A store in memory keeps nothing, so that its root key need not outlive the process.
            root = new_root() if self.settings.in_memory else self._open_root_key(store)
            return Service(store=store, sealer=Sealer(root), dev=self.dev), store
        except BaseException:
            store.close()
            raise

    def check(self) -> None:
        """Raises what `build` would, before any process is started; leaves nothing open."""
        if self.settings.in_memory:
            return
        with self.opened():
            pass

    @contextmanager
    def opened(self) -> Iterator[tuple[Store, Sealer]]:
        """The store and what opens its secrets, for a command; raises what `check` does.

        Servers may run beside it: what it commits, they learn of before their next call.
        """
        with open_installation(self.settings) as store:
            yield store, Sealer(self._open_root_key(store))

    def _open_root_key(self, store: Store) -> bytes:
        with store.read() as tx:
            sealed = tx.root_key()
        if sealed is None:
            raise _not_initialised(self.settings)
        provider = root_key_provider(self.settings, self.passphrase)
        if provider.name != sealed.provider:
            raise ConfigError(
                f"this installation's root key was sealed with a {sealed.provider}, "
                f"and a {provider.name} was given"
            )
        return provider.open(sealed.parameters, sealed.sealed)


@contextmanager
def open_installation(settings: Settings) -> Iterator[Store]:
    """The store of an installation that is there, for a command that needs no secret of it.

    Raises:
        ConfigError: nothing is kept there.
        StoreError: the store does not open.
    """
    if settings.in_memory or not Path(settings.database).exists():
        raise _not_initialised(settings)
    store = open_store(settings.database, durable=settings.durable)
    try:
        yield store
    finally:
        store.close()


def root_key_provider(settings: Settings, passphrase: str | None) -> RootKeyProvider:
    """The provider that the settings choose, or `ConfigError` when they choose none."""
    if settings.root_key_file is not None:
        return FileRootKey(settings.root_key_file)
    if settings.in_memory or passphrase is None:
        raise ConfigError(
            "nothing opens the root key: give --root-key-file or --passphrase-file, "
            "whichever `keystead init` was given"
        )
    return PassphraseRootKey(passphrase)


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
    store = open_store(settings.database, durable=settings.durable)
    try:
        with store.read() as tx:
            sealed = tx.root_key()
        if sealed is None:
            provider = _root_key_file(settings.root_key_file, random)
            _keep_root_key(store, provider, new_root(random), _now())
        elif not settings.root_key_file.exists():
            raise ConfigError(
                f"`{settings.data}` was made by `keystead init`: run `keystead serve`, or give another --data"
                if sealed.provider != FileRootKey.name
                else f"`{settings.root_key_file}`, which opens `{settings.data}`, is missing: if "
                "`keystead init` made it, run `keystead serve` with its root key file; else put the file back"
            )
    finally:
        store.close()


def initialise(
    settings: Settings, provider: RootKeyProvider, account: AccountId, random: Random = os.urandom
) -> RootAccessKey:
    """Makes an installation: root key, first account, its root user's access key. All or nothing.

    Raises:
        ConfigError: there is an installation already, or its directory cannot be made.
        RootKeyRefused: the provider cannot seal.
        StoreError: the store cannot be made.
    """
    make_data_directory(settings)
    store = open_store(settings.database, durable=True)
    try:
        root = new_root(random)
        parameters, sealed = provider.seal(root)
        now = _now()
        with store.write("initialise") as tx:
            if tx.root_key() is not None:
                raise already_initialised(settings)
            tx.add_root_key(SealedRootKey(provider.name, parameters, sealed, now))
            return add_account(tx, Sealer(root), Account(account, now), random)
    finally:
        store.close()


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


def make_data_directory(settings: Settings) -> Path:
    """Makes the data directory, closed to others, if it is not there; or `ConfigError`."""
    directory = Path(settings.data)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"cannot make the data directory `{directory}`: {error.strerror}") from None
    return directory


def _root_key_file(path: Path, random: Random) -> FileRootKey:
    return FileRootKey(path, random) if path.exists() else FileRootKey.create(path, random)


def _keep_root_key(store: Store, provider: RootKeyProvider, root: bytes, now: int) -> None:
    parameters, sealed = provider.seal(root)
    with store.write("first root key") as tx:
        if tx.root_key() is None:  # else another process was quicker, and its root key is the one
            tx.add_root_key(SealedRootKey(provider.name, parameters, sealed, now))


def _not_initialised(settings: Settings) -> ConfigError:
    return ConfigError(
        f"`{settings.data}` is not initialised: run `keystead init --data {settings.data}` first"
    )


def _now() -> int:
    return time.time_ns() // 1_000_000
