"""The composition root: from settings to a running service. The only place that knows all the parts."""

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from keystead.config import ConfigError, Settings
from keystead.crypto.attestation import AttestationRoots
from keystead.crypto.attestation_chain import InvalidRoots
from keystead.crypto.material import Sealer
from keystead.crypto.root_key import FileRootKey, PassphraseRootKey, RootKeyProvider, new_root
from keystead.crypto.web_identity_token import InvalidKeySet, SigningKeys
from keystead.kinds import OldAccessKeys
from keystead.model import Account, Credential, SealedRootKey
from keystead.names import AccountId
from keystead.server.outgoing import https_get
from keystead.service.accounts import add_account
from keystead.service.authentication import DevRoot
from keystead.service.configured_quotas import configured_quotas
from keystead.service.issuer_keys import IssuerKeys, no_network
from keystead.service.root_access_keys import (
    RootAccessKey,
    TooManyAccessKeys,
    rotate_root_access_keys,
)
from keystead.service.service import Service
from keystead.service.throttle import Throttle
from keystead.store import open_store
from keystead.store.port import Store

_DEVELOPMENT_ROOT_KEY = "root.key"
_FILE_LIMIT = 1 << 20

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
            return self._service(store, Sealer(root)), store
        except BaseException:
            store.close()
            raise

    def _service(self, store: Store, sealer: Sealer) -> Service:
        quotas = configured_quotas(self.settings)
        requests = quotas.requests
        return Service(
            store=store,
            sealer=sealer,
            dev=self.dev,
            issuer_keys=issuer_keys(self.settings),
            attestation_roots=attestation_roots(self.settings),
            quotas=quotas.resources,
            throttle=Throttle(requests, self.settings.workers) if requests.rates else None,
            grant_delay=self.settings.grant_delay * 1000,
        )

    def check(self) -> None:
        """Raises what `build` would, before any process is started; leaves nothing open."""
        self.check_files()
        if not self.settings.in_memory:
            with self.opened():
                pass

    def check_files(self) -> None:
        """Raises `ConfigError` for a file of the operator's that cannot be used."""
        issuer_keys(self.settings)
        attestation_roots(self.settings)
        configured_quotas(self.settings)

    @contextmanager
    def opened(self) -> Iterator[tuple[Store, Sealer]]:
        """The store of an installation and what opens its secrets, for the block; raises as `build` does."""
        with existing_store(self.settings) as store:
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


def issuer_keys(settings: Settings) -> IssuerKeys:
    """The keys of OpenID Connect issuers, as the settings say; `ConfigError` if a file cannot be used."""
    given: dict[str, SigningKeys] = {}
    if settings.issuer_keys_file is not None:
        given = read_issuer_keys(settings.issuer_keys_file)
    fetch = https_get(settings.issuer_certificates) if settings.issuer_fetch else no_network
    return IssuerKeys(fetch, given)


def read_issuer_keys(path: Path) -> dict[str, SigningKeys]:
    """The key sets of a file, by issuer."""
    text = _read_file(path, "the issuers' keys")
    try:
        sets = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        raise ConfigError(f"the issuers' keys `{path}` are not a JSON object of key sets") from None
    keys: dict[str, SigningKeys] = {}
    for issuer, key_set in sets.items():
        if not issuer.startswith("https://"):
            raise ConfigError(f"`{issuer}` in `{path}` is no issuer: it does not begin with https://")
        try:
            keys[issuer] = SigningKeys(bytes(key_set))
        except InvalidKeySet:
            raise ConfigError(f"the key set of `{issuer}` in `{path}` has no key that can be used") from None
    return keys


def attestation_roots(settings: Settings) -> AttestationRoots | None:
    """The roots of attestation documents, None without the setting; `ConfigError` if it cannot be used."""
    path = settings.attestation_roots
    if path is None:
        return None
    pem = _read_file(path, "the roots of attestation documents")
    try:
        return AttestationRoots(pem)
    except InvalidRoots:
        raise ConfigError(
            f"the roots of attestation documents `{path}` are not PEM certificates of certificate authorities"
        ) from None


def _read_file(path: Path, what: str) -> bytes:
    """The bytes of a file that a setting names, or `ConfigError` that calls it `what`."""
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {what} `{path}`: {error.strerror}") from None
    if len(content) > _FILE_LIMIT:
        raise ConfigError(f"{what} `{path}` are larger than 1 MiB")
    return content


@contextmanager
def existing_store(settings: Settings) -> Iterator[Store]:
    """The store of an installation, for the block; `ConfigError` if there is none, or `StoreError`."""
    if settings.in_memory or not Path(settings.database).exists():
        raise _not_initialised(settings)
    store = open_store(settings.database, durable=settings.durable)
    try:
        with store.read() as tx:
            sealed = tx.root_key()
        if sealed is None:
            raise _not_initialised(settings)
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
    with _locked(directory, wait=True):
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
                tx.add_root_key(SealedRootKey(provider.name, parameters, sealed_root, _now()))
        elif not root_key_file.exists():
            raise ConfigError(
                f"`{settings.data}` was made by `keystead init`: run `keystead serve`, or give another --data"
                if sealed.provider != FileRootKey.name
                else f"`{root_key_file}`, which opens `{settings.data}`, is missing: if "
                "`keystead init` made it, run `keystead serve` with its root key file; else put the file back"
            )
    finally:
        store.close()


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
    with _locked(directory, wait=False):
        new_database = not Path(settings.database).exists()
        try:
            store = open_store(settings.database, durable=True)
            try:
                with store.write("initialise") as tx:
                    if tx.root_key() is not None:
                        raise already_initialised(settings)
                    root, now = new_root(random), _now()
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


@contextmanager
def _locked(directory: Path, *, wait: bool) -> Iterator[None]:
    """Keeps others from making an installation in the directory during the block.

    Raises `ConfigError` if it is gone, or if somebody is at it and `wait` is false. A crash leaves no lock.
    """
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigError(f"cannot open the data directory `{directory}`: {error.strerror}") from None
    try:
        _lock(descriptor, directory, wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, directory: Path, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise ConfigError(f"somebody is making an installation in `{directory}`; wait for them") from None
    except OSError as error:
        raise ConfigError(
            f"cannot lock the data directory `{directory}`: {error.strerror}; put it on a local file system"
        ) from None


def rotate_root_access_key(
    installation: Installation, account: AccountId, old: OldAccessKeys, random: Random = os.urandom
) -> tuple[RootAccessKey, tuple[Credential, ...]]:
    """A new access key for an account's root user, and those that it had before.

    Raises:
        ConfigError: there are as many as there may be and they shall stay, or as `Installation.build`.
        RootKeyRefused: as `Installation.build`, and so does StoreError.
    """
    with installation.opened() as (store, sealer), store.write("rotate root access key") as tx:
        try:
            return rotate_root_access_keys(tx, sealer, account, old, _now(), random)
        except TooManyAccessKeys as full:
            raise ConfigError(
                f"the root user of {account} has {full} already, and may have no more: give --old delete, "
                "or delete one through IAM"
            ) from None


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
    if directory.stat().st_mode & stat.S_IWOTH:
        raise ConfigError(
            f"everybody may put files into the data directory `{directory}`: chmod 700 it, or choose another"
        )
    return directory


def _not_initialised(settings: Settings) -> ConfigError:
    return ConfigError(
        f"`{settings.data}` is not initialised: run `keystead init --data {settings.data}` first"
    )


def _now() -> int:
    return time.time_ns() // 1_000_000
