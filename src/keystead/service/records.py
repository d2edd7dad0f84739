"""What a call reads: from this process's cache, or from the write transaction it runs in.

`CachedRecords` answers from memory and is kept true by the store's change feed; `TransactionRecords`
reads inside a write transaction, so that what a change was decided on is what it changes. Both share the
compiled policies, which depend on nothing but their text.

Race between a load and a change: a value is loaded from a snapshot; if the feed moved between the start
of the load and its end, the value is used for this call but not kept. Threads load too, so keeping and
forgetting take turns.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from threading import Lock
from typing import Generic, Protocol, TypeVar

from keystead.crypto.key_families import Material
from keystead.crypto.material import Sealer, open_material, open_secret
from keystead.kinds import CredentialStatus, GrantOperation
from keystead.model import (
    Alias,
    Credential,
    CredentialUse,
    Key,
    Principal,
    RegisteredService,
    ServiceCredential,
)
from keystead.model import Grant as StoredGrant
from keystead.model.quotas import ALIASES_PER_KEY
from keystead.names import AccessKeyId, AccountId, AliasArn, KeyArn, KeyId, KeyMaterialId, Region, ServiceName
from keystead.policy import Malformed, Policy, PolicyKind, parse_policy
from keystead.policy.language.layout import condensed
from keystead.policy.request import AttachedPolicy, Caller, Grant
from keystead.policy.strength import names_of
from keystead.service.account_entry import AccountEntry, load_account
from keystead.service.last_uses import LastUses
from keystead.service.managed_policies import document_in_force, managed_policy
from keystead.store.port import EffectiveGrants, ReadTx, Store, Topic

K = TypeVar("K")
V = TypeVar("V")


class Undecidable(Exception):
    """What is stored is not what it must be to decide with it, so the call fails."""


class Bounded(dict[K, V], Generic[K, V]):
    """A mapping of at most `capacity` entries; the oldest entry goes first.

    First in, first out costs a plain look-up on a hit, and a dropped entry costs one read.
    """

    def __init__(self, capacity: int) -> None:
        super().__init__()
        self._capacity = capacity

    def keep(self, key: K, value: V) -> None:
        """Adds or replaces an entry."""
        while len(self) >= self._capacity:
            try:
                del self[next(iter(self))]
            except (StopIteration, KeyError, RuntimeError):  # another thread was quicker
                break
        self[key] = value


def parse_stored(kind: PolicyKind, text: str) -> Policy:
    """The policy, compiled, or `Undecidable`."""
    parsed = parse_policy(text, kind)
    if isinstance(parsed, Malformed):
        raise Undecidable(f"a stored {kind} does not parse: {parsed.findings[0].message}")
    return parsed


class CompiledPolicies:
    """Policies by kind and text, each parsed and compiled once; bounded by the size of the texts.

    A compiled policy is kept elsewhere too, so it does not hold the white space of its text, of which quotas
    let a policy have any amount.
    """

    MOST_CHARACTERS = 8 * 1024 * 1024

    def __init__(self) -> None:
        self._policies: dict[tuple[PolicyKind, str], Policy] = {}
        self._characters = 0

    def get(self, kind: PolicyKind, text: str) -> Policy:
        """The compiled policy, or `Undecidable`."""
        policy = self._policies.get((kind, text))
        if policy is None:
            policy = replace(parse_stored(kind, text), text=condensed(text))
            if self._characters + len(text) > self.MOST_CHARACTERS:
                self._policies = {}
                self._characters = 0
            self._policies[(kind, text)] = policy
            self._characters += len(text)
        return policy


def managed_in_force(
    compiled: Callable[[PolicyKind, str], Policy], tx: ReadTx, kind: PolicyKind, arn: str
) -> AttachedPolicy:
    """The version in force of a managed policy that is attached or a boundary, or `Undecidable`.

    `compiled` makes a policy from its kind and text.
    """
    document = document_in_force(tx, arn)
    if document is None:
        # A part of a principal's policies could lack the one that denies.
        raise Undecidable(f"the managed policy {arn} is attached and not there")
    return AttachedPolicy(compiled(kind, document), arn.rpartition("/")[2], arn)


MOST_GRANTS = 100
"""Grants of one caller on one key that are kept; who has more of them is looked up for each request."""


class Held(Enum):
    """What is kept of a caller's grants when they are not kept."""

    TOO_MANY = auto()
    """There are more than `MOST_GRANTS`."""


@dataclass(frozen=True, slots=True)
class AskedOfGrants:
    """What a request needs of a grant.

    Attributes:
        operation: what the grant must permit.
        context: the encryption context that its constraint must meet; for CreateGrant that of the new grant,
            which a parent's constraint must be part of; None for operations without one.
        effective: which grants are effective; None where all are, from the moment they are made.
        source: the resource for which a service calls; None of everybody else.
    """

    operation: GrantOperation
    context: Mapping[str, str] | None
    effective: EffectiveGrants | None = None
    source: str | None = None


@dataclass(slots=True)
class KeyEntry:
    """A key ready for use: its compiled policy and, once used, its unsealed material.

    `standing` remembers which caller was allowed which action by policies and grants alone, whatever the
    request, while the key's account stood where it stands. `grants` keeps, by caller, the grants of the key
    that name it, or that they are too many; `ungranted` says that the key has none at all. When a grant of
    the key changes, the entry is replaced by one without all three.
    """

    key: Key
    arn: str
    policy: AttachedPolicy
    materials: dict[KeyMaterialId, Material] = field(default_factory=dict, repr=False)
    standing: Bounded[tuple[object, AccountEntry | None, str], None] = field(
        default_factory=lambda: Bounded(256), repr=False
    )
    grants: Bounded[Caller, tuple[Grant, ...] | Held] = field(
        default_factory=lambda: Bounded(256), repr=False
    )
    ungranted: bool = False

    def without_grants(self) -> "KeyEntry":
        """The same key, knowing nothing that rests on its grants."""
        return KeyEntry(self.key, self.arn, self.policy, self.materials)


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """An IAM user or role with its compiled policies.

    Attributes:
        identity: the inline and managed policies of it and of its groups.
        boundary: its permissions boundary, if it has one.
        trust: who may assume it; roles only.
        rests_on: the unique ids of the groups and the ARNs of the managed policies that it was made of.
    """

    principal: Principal
    arn: str
    identity: tuple[AttachedPolicy, ...]
    boundary: AttachedPolicy | None = None
    trust: AttachedPolicy | None = None
    rests_on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CredentialEntry:
    """An access key, be it a service's, with its secret."""

    credential: Credential | ServiceCredential
    secret: str = field(repr=False)

    @property
    def active(self) -> bool:
        """Whether it may sign."""
        return _may_sign(self.credential)


def _stored_credential(tx: ReadTx, access_key_id: AccessKeyId) -> Credential | ServiceCredential | None:
    return tx.credential(access_key_id) or tx.service_credential(access_key_id)


def _may_sign(credential: Credential | ServiceCredential) -> bool:
    return credential.status is CredentialStatus.ACTIVE


class Records(Protocol):
    """What the pipeline asks for. Absence is None.

    Attributes:
        grant_delay: milliseconds until a new grant works without its token.
    """

    grant_delay: int

    def account(self, id: AccountId) -> AccountEntry | None: ...
    def credential_active(self, access_key_id: AccessKeyId) -> bool: ...
    def principal(self, unique_id: str) -> PrincipalEntry | None: ...
    def service(self, name: ServiceName) -> RegisteredService | None: ...
    def managed_policy(self, arn: str) -> AttachedPolicy | None: ...
    def key(self, region: Region, key_id: KeyId) -> KeyEntry | None: ...
    def alias(self, alias: AliasArn) -> Alias | None: ...
    def alias_names(self, key: KeyArn) -> tuple[str, ...]: ...
    def grants(self, entry: KeyEntry, caller: Caller, asked: AskedOfGrants) -> tuple[Grant, ...]: ...
    def material(self, entry: KeyEntry, id: KeyMaterialId) -> Material | None: ...
    def last_use(self, access_key_id: AccessKeyId) -> CredentialUse | None: ...
    def transaction(self) -> AbstractContextManager[ReadTx]: ...


class _Loads:
    """How each record is made from a read transaction."""

    def __init__(self, sealer: Sealer, policies: CompiledPolicies, grant_delay: int) -> None:
        self._sealer = sealer
        self._policies = policies
        self.grant_delay = grant_delay

    def load_credential(self, tx: ReadTx, access_key_id: AccessKeyId) -> CredentialEntry | None:
        credential = _stored_credential(tx, access_key_id)
        if credential is None:
            return None
        return CredentialEntry(credential, open_secret(self._sealer, access_key_id, credential.sealed_secret))

    def load_account(self, tx: ReadTx, id: AccountId) -> AccountEntry | None:
        return load_account(tx, id, self._policies.get)

    def load_principal(self, tx: ReadTx, unique_id: str) -> PrincipalEntry | None:
        principal = tx.principal(unique_id)
        if principal is None:
            return None
        holders = [unique_id, *(group.unique_id for group in tx.groups_of(unique_id))]
        identity: list[AttachedPolicy] = []
        managed: dict[str, None] = {}
        for holder in holders:
            identity += (
                AttachedPolicy(self._policies.get(PolicyKind.IDENTITY, policy.document), policy.name)
                for policy in tx.inline_policies(holder)
            )
            managed |= dict.fromkeys(tx.attached_policies(holder))
        identity += (managed_in_force(self._policies.get, tx, PolicyKind.IDENTITY, arn) for arn in managed)
        bound = principal.boundary
        return PrincipalEntry(
            principal,
            str(principal.arn),
            tuple(identity),
            boundary=None
            if bound is None
            else managed_in_force(self._policies.get, tx, PolicyKind.BOUNDARY, bound),
            trust=self._trust(principal),
            rests_on=frozenset((*holders[1:], *managed, *(() if bound is None else (bound,)))),
        )

    def load_managed_policy(self, tx: ReadTx, arn: str) -> AttachedPolicy | None:
        if managed_policy(tx, arn) is None:
            return None
        return managed_in_force(self._policies.get, tx, PolicyKind.IDENTITY, arn)

    def _trust(self, principal: Principal) -> AttachedPolicy | None:
        if principal.role is None:
            return None
        policy = self._policies.get(PolicyKind.TRUST, principal.role.trust_policy)
        return AttachedPolicy(policy, "trust policy")

    def load_key(self, tx: ReadTx, region: Region, key_id: KeyId) -> KeyEntry | None:
        key = tx.key(region, key_id)
        if key is None:
            return None
        policy = AttachedPolicy(self._policies.get(PolicyKind.KEY, key.policy), "default")
        return KeyEntry(key, str(key.arn), policy, ungranted=tx.grant_count(key.arn) == 0)

    def load_alias_names(self, tx: ReadTx, key: KeyArn) -> tuple[str, ...]:
        aliases = tx.aliases_of_key(key, "", ALIASES_PER_KEY + 1)
        if len(aliases) > ALIASES_PER_KEY:
            # A part of them could lack the one that a Deny names.
            raise Undecidable(f"key {key} has more aliases than its quota of {ALIASES_PER_KEY}")
        return tuple(alias.name for alias in aliases)

    def load_grants(self, tx: ReadTx, key: KeyArn, caller: Caller, asked: AskedOfGrants) -> tuple[Grant, ...]:
        grants = tx.grants_for(
            key, names_of(caller), asked.operation, asked.context, asked.effective, asked.source
        )
        return tuple(map(as_decided, grants))

    def load_material(self, tx: ReadTx, entry: KeyEntry, id: KeyMaterialId) -> Material | None:
        material = tx.key_material(entry.key.arn, id)
        if material is None or material.sealed is None:
            return None
        opened = open_material(self._sealer, entry.key.spec, entry.key.arn, id, material.sealed)
        entry.materials[id] = opened
        return opened


def as_decided(grant: StoredGrant) -> Grant:
    """A stored grant as a decision needs it."""
    constraints = grant.constraints
    return Grant(
        grant_id=grant.id,
        grantee=grant.grantee,
        operations=frozenset(grant.operations),
        issuing_account=grant.issuing_account,
        retiring=grant.retiring or "",
        encryption_context_equals=constraints.encryption_context_equals,
        encryption_context_subset=constraints.encryption_context_subset,
        source_arn=constraints.source_arn or "",
    )


class TransactionRecords(_Loads):
    """Records as a transaction sees them; nothing is kept."""

    def __init__(self, tx: ReadTx, sealer: Sealer, policies: CompiledPolicies, grant_delay: int = 0) -> None:
        super().__init__(sealer, policies, grant_delay)
        self._tx = tx

    def account(self, id: AccountId) -> AccountEntry | None:
        return self.load_account(self._tx, id)

    def credential_active(self, access_key_id: AccessKeyId) -> bool:
        """Whether the access key is there and active; its secret stays sealed."""
        credential = _stored_credential(self._tx, access_key_id)
        return credential is not None and _may_sign(credential)

    def principal(self, unique_id: str) -> PrincipalEntry | None:
        return self.load_principal(self._tx, unique_id)

    def service(self, name: ServiceName) -> RegisteredService | None:
        return self._tx.service(name)

    def managed_policy(self, arn: str) -> AttachedPolicy | None:
        return self.load_managed_policy(self._tx, arn)

    def key(self, region: Region, key_id: KeyId) -> KeyEntry | None:
        return self.load_key(self._tx, region, key_id)

    def alias(self, alias: AliasArn) -> Alias | None:
        return self._tx.alias(alias)

    def alias_names(self, key: KeyArn) -> tuple[str, ...]:
        return self.load_alias_names(self._tx, key)

    def grants(self, entry: KeyEntry, caller: Caller, asked: AskedOfGrants) -> tuple[Grant, ...]:
        return self.load_grants(self._tx, entry.key.arn, caller, asked)

    def material(self, entry: KeyEntry, id: KeyMaterialId) -> Material | None:
        return entry.materials.get(id) or self.load_material(self._tx, entry, id)

    def last_use(self, access_key_id: AccessKeyId) -> CredentialUse | None:
        return self._tx.credential_use(access_key_id)

    @contextmanager
    def transaction(self) -> Iterator[ReadTx]:
        """The transaction these records are read in."""
        yield self._tx


class CachedRecords(_Loads):
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


__all__ = [
    "CachedRecords",
    "CompiledPolicies",
    "CredentialEntry",
    "KeyEntry",
    "PrincipalEntry",
    "Records",
    "TransactionRecords",
    "Undecidable",
    "managed_in_force",
]
