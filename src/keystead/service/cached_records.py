"""What a call reads from this process's memory, which the store's change feed keeps true.

Race between a load and a change: a value is loaded from a snapshot; if the feed moved between the start
of the load and its end, the value is used for this call but not kept. Threads load too, so keeping and
forgetting take turns.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from keystead.crypto.key_families import Material
from keystead.crypto.material import Sealer
from keystead.model import Alias, CredentialUse, RegisteredService
from keystead.names import AccessKeyId, AccountId, AliasArn, KeyArn, KeyId, KeyMaterialId, Region, ServiceName
from keystead.policy.request import AttachedPolicy, Caller, Grant
from keystead.policy.strength import names_of
from keystead.service.account_entry import AccountEntry
from keystead.service.bounded import Bounded
from keystead.service.compiled_policies import CompiledPolicies
from keystead.service.entries import CredentialEntry, Held, KeyEntry, PrincipalEntry
from keystead.service.last_uses import LastUses
from keystead.service.loads import Loads, as_decided
from keystead.service.records import AskedOfGrants
from keystead.store.port import ReadTx, Store, Topic

K = TypeVar("K")
V = TypeVar("V")

MOST_GRANTS = 100
"""Grants of one caller on one key that are kept; who has more of them is looked up for each request."""


class CachedRecords(Loads):
    """Records from memory, kept true by `refresh`, which every call does first.

    `owned_key_made` is called when any process may have made an AWS owned key.
    """

    def __init__(
        self,
        store: Store,
        sealer: Sealer,
        policies: CompiledPolicies,
        owned_key_made: Callable[[], None] = lambda: None,
        capacity: int = 10_000,
        grant_delay: int = 0,
    ) -> None:
        super().__init__(sealer, policies, grant_delay)
        self._owned_key_made = owned_key_made
        self._store = store
        self._accounts: Bounded[AccountId, AccountEntry] = Bounded(capacity)
        self._credentials: Bounded[AccessKeyId, CredentialEntry] = Bounded(capacity)
        self._services: Bounded[ServiceName, RegisteredService] = Bounded(capacity)
        self._principals: Bounded[str, PrincipalEntry] = Bounded(capacity)
        self._managed_policies: Bounded[str, AttachedPolicy] = Bounded(capacity)
        self._keys: Bounded[tuple[str, str], KeyEntry] = Bounded(capacity)
        self._aliases: Bounded[AliasArn, Alias] = Bounded(capacity)
        self._alias_names: Bounded[KeyArn, tuple[str, ...]] = Bounded(capacity)
        self.last_uses = LastUses()
        self._keeping = Lock()
        self.generation = 0
        """Moves with every change that `refresh` learned of: what was read in one generation still holds."""

    def refresh(self) -> None:
        """Forgets what any process has changed since the last call."""
        changes = self._store.changes()
        if changes is not None and not changes:
            return
        # Nothing in here may wait for the store: who holds that may be about to keep something.
        with self._keeping:
            self.generation += 1
            if changes is None:
                self._clear()
            for change in changes or ():
                self._forget(change.topic, change.subject)
        # Last: it reads the store and may fail, and the feed tells of each change once.
        if changes is None or any(change.topic is Topic.OWNED_KEY for change in changes):
            self._owned_key_made()

    def _clear(self) -> None:
        for cache in (
            self._accounts,
            self._credentials,
            self._services,
            self._principals,
            self._managed_policies,
            self._keys,
            self._aliases,
            self._alias_names,
        ):
            cache.clear()

    def _forget(self, topic: Topic, subject: str) -> None:
        match topic:
            case Topic.KEY:
                arn = KeyArn.parse(subject)
                self._keys.pop((arn.region, arn.key_id), None)
            case Topic.ALIAS:
                self._aliases.pop(AliasArn.parse(subject), None)
            case Topic.KEY_ALIASES:
                self._alias_names.pop(KeyArn.parse(subject), None)
            case Topic.GRANT:
                arn = KeyArn.parse(subject)
                entry = self._keys.get((arn.region, arn.key_id))
                if entry is not None:
                    self._keys[arn.region, arn.key_id] = entry.without_grants()
            case Topic.PRINCIPAL | Topic.MANAGED_POLICY:
                self._principals.pop(subject, None)
                self._managed_policies.pop(subject, None)
                self._forget_what_rests_on(subject)
            case Topic.CREDENTIAL:
                self._credentials.pop(AccessKeyId(subject), None)
            case Topic.SERVICE:
                self._services.pop(ServiceName(subject), None)
            case Topic.ACCOUNT:
                self._accounts.pop(AccountId(subject), None)
            case Topic.ORGANIZATION:
                self._accounts.clear()  # its own or another's: there are few, and they change seldom
            case Topic.OWNED_KEY | Topic.OIDC_PROVIDER:
                pass  # not cached
            case Topic.RESET:
                self._clear()

    def _forget_what_rests_on(self, subject: str) -> None:
        # A walk through what is kept: such changes are rare, and an index would have to be kept true too.
        for unique_id, entry in tuple(self._principals.items()):
            if subject in entry.rests_on:
                self._principals.pop(unique_id, None)

    def _load(self, cache: Bounded[K, V], name: K, load: Callable[[ReadTx], V | None]) -> V | None:
        generation = self.generation
        with self._store.read() as tx:
            value = load(tx)
        if value is not None:
            with self._keeping:
                if generation == self.generation:
                    cache.keep(name, value)
        return value

    def account(self, id: AccountId) -> AccountEntry | None:
        return self._accounts.get(id) or self._load(self._accounts, id, lambda tx: self.load_account(tx, id))

    def credential(self, access_key_id: AccessKeyId) -> CredentialEntry | None:
        """The access key, or None."""
        return self._credentials.get(access_key_id) or self._load(
            self._credentials, access_key_id, lambda tx: self.load_credential(tx, access_key_id)
        )

    def credential_active(self, access_key_id: AccessKeyId) -> bool:
        """Whether the access key is there and active."""
        entry = self.credential(access_key_id)
        return entry is not None and entry.active

    def principal(self, unique_id: str) -> PrincipalEntry | None:
        return self._principals.get(unique_id) or self._load(
            self._principals, unique_id, lambda tx: self.load_principal(tx, unique_id)
        )

    def service(self, name: ServiceName) -> RegisteredService | None:
        """The registered service, or None."""
        return self._services.get(name) or self._load(self._services, name, lambda tx: tx.service(name))

    def managed_policy(self, arn: str) -> AttachedPolicy | None:
        """The managed policy's version in force, as a session policy has it, or None."""
        return self._managed_policies.get(arn) or self._load(
            self._managed_policies, arn, lambda tx: self.load_managed_policy(tx, arn)
        )

    def key(self, region: Region, key_id: KeyId) -> KeyEntry | None:
        name = (region, key_id)
        return self._keys.get(name) or self._load(
            self._keys, name, lambda tx: self.load_key(tx, region, key_id)
        )

    def alias(self, alias: AliasArn) -> Alias | None:
        return self._aliases.get(alias) or self._load(self._aliases, alias, lambda tx: tx.alias(alias))

    def alias_names(self, key: KeyArn) -> tuple[str, ...]:
        names = self._alias_names.get(key)
        if names is None:
            names = self._load(self._alias_names, key, lambda tx: self.load_alias_names(tx, key))
        return names or ()

    def grants(self, entry: KeyEntry, caller: Caller, asked: AskedOfGrants) -> tuple[Grant, ...]:
        if asked.effective is not None:
            # What is effective changes with the time and the request's tokens, and nothing tells of that.
            with self._store.read() as tx:
                return self.load_grants(tx, entry.key.arn, caller, asked)
        # Kept in the entry and not in the cache: who still holds an entry that was replaced since keeps them
        # where no later call looks.
        if entry.ungranted:
            return ()
        held = entry.grants.get(caller)
        if held is None:
            with self._store.read() as tx:
                found = tx.grants_to(entry.key.arn, names_of(caller), MOST_GRANTS + 1)
            held = tuple(map(as_decided, found)) if len(found) <= MOST_GRANTS else Held.TOO_MANY
            entry.grants.keep(caller, held)
        if held is not Held.TOO_MANY:
            return held
        with self._store.read() as tx:
            return self.load_grants(tx, entry.key.arn, caller, asked)

    def material(self, entry: KeyEntry, id: KeyMaterialId) -> Material | None:
        material = entry.materials.get(id)
        if material is None:
            with self._store.read() as tx:
                material = self.load_material(tx, entry, id)
        return material

    def last_use(self, access_key_id: AccessKeyId) -> CredentialUse | None:
        with self._store.read() as tx:
            return self.last_uses.of(tx, access_key_id)

    @contextmanager
    def transaction(self) -> Iterator[ReadTx]:
        """A fresh read transaction."""
        with self._store.read() as tx:
            yield tx
