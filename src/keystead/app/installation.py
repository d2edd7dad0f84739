"""An installation, opened: its store, its root key, and the service that they make."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from keystead.app.operator_files import attestation_roots, issuer_keys
from keystead.config import ConfigError, Settings
from keystead.crypto.material import Sealer
from keystead.crypto.root_key import FileRootKey, PassphraseRootKey, RootKeyProvider, new_root
from keystead.service.authentication import DevRoot
from keystead.service.configured_quotas import configured_quotas
from keystead.service.service import Service
from keystead.service.throttle import Throttle
from keystead.store import open_store
from keystead.store.port import Store


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


def _not_initialised(settings: Settings) -> ConfigError:
    return ConfigError(
        f"`{settings.data}` is not initialised: run `keystead init --data {settings.data}` first"
    )
