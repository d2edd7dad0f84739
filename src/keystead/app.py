"""The composition root: from settings to a running service. The only place that knows all the parts."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from keystead.config import ConfigError, Settings
from keystead.crypto.material import Sealer, seal_secret
from keystead.crypto.root_key import FileRootKey, PassphraseRootKey, RootKeyProvider, new_root
from keystead.crypto.web_identity_token import InvalidKeySet, SigningKeys
from keystead.kinds import CredentialStatus
from keystead.model import Account, Credential, SealedRootKey
from keystead.names import AccessKeyId, AccountId
from keystead.server.outgoing import https_get
from keystead.service.authentication import DevRoot
from keystead.service.iam.identifiers import new_access_key_id, new_secret
from keystead.service.issuer_keys import IssuerKeys, no_network
from keystead.service.service import Service
from keystead.store import open_store
from keystead.store.port import Store

_DEVELOPMENT_ROOT_KEY = "root.key"
_ISSUER_KEYS_LIMIT = 1 << 20

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
            keys = issuer_keys(self.settings)
            return Service(store=store, sealer=Sealer(root), dev=self.dev, issuer_keys=keys), store
        except BaseException:
            store.close()
            raise

    def check(self) -> None:
        """Raises what `build` would, before any process is started; leaves nothing open."""
        issuer_keys(self.settings)
        if self.settings.in_memory:
            return
        if not Path(self.settings.database).exists():
            raise _not_initialised(self.settings)
        store = open_store(self.settings.database, durable=self.settings.durable)
        try:
            self._open_root_key(store)
        finally:
            store.close()

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
    try:
        with path.open("rb") as file:
            text = file.read(_ISSUER_KEYS_LIMIT + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the issuers' keys `{path}`: {error.strerror}") from None
    if len(text) > _ISSUER_KEYS_LIMIT:
        raise ConfigError(f"the issuers' keys `{path}` are larger than 1 MiB")
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


@dataclass(frozen=True, slots=True)
class RootAccessKey:
    """The access key of an account's root user, as it is shown once."""

    account: AccountId
    access_key_id: AccessKeyId
    secret: str = field(repr=False)


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
        key = RootAccessKey(account, new_access_key_id(random), new_secret(random))
        now = _now()
        with store.write("initialise") as tx:
            if tx.root_key() is not None:
                raise already_initialised(settings)
            tx.add_root_key(SealedRootKey(provider.name, parameters, sealed, now))
            tx.add_account(Account(account, now))
            sealed_secret = seal_secret(Sealer(root), key.access_key_id, key.secret)
            tx.add_credential(
                Credential(key.access_key_id, account, None, CredentialStatus.ACTIVE, sealed_secret, now)
            )
    finally:
        store.close()
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
