"""What the rest of Keystead asks of a store: verbs of the domain, no SQL.

A read transaction sees one consistent snapshot. A write transaction holds the writer's lock from its
start and either happens whole or not at all. Work inside a transaction may run twice when an engine asks
for a retry, so it must take in no outside effects.

Every write that a cache could hold records a `Change` in the same transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from keystead.kinds import CredentialStatus, GrantOperation, PrincipalType
from keystead.model import (
    Account,
    Alias,
    AuditEvent,
    Credential,
    CredentialUse,
    Grant,
    Group,
    InlinePolicy,
    InstanceProfile,
    Key,
    KeyMaterial,
    KeyUse,
    LoginProfile,
    ManagedPolicy,
    OidcProvider,
    PasswordPolicy,
    PolicyVersion,
    Principal,
    SealedRootKey,
    Tag,
)
from keystead.names import (
    AccessKeyId,
    AccountId,
    AliasArn,
    GrantId,
    KeyArn,
    KeyId,
    KeyMaterialId,
    OidcProviderArn,
    Region,
)
from keystead.store.organization_port import OrganizationReadTx, OrganizationWriteTx
from keystead.store.service_port import ServiceReadTx, ServiceWriteTx


class StoreError(Exception):
    """The store cannot serve; the text says what to do."""


class AlreadyExists(StoreError):
    """A row with this identity is there already; the transaction may go on."""


class Topic(StrEnum):
    """What a change was about; the subject's form depends on it."""

    KEY = "key"
    """Subject: the key ARN. Key, policy, state, tags or material."""
    ALIAS = "alias"
    """Subject: the alias ARN."""
    KEY_ALIASES = "aliases of a key"
    """Subject: the key ARN. The key has an alias more or less, as the change before says."""
    GRANT = "grant"
    """Subject: the key ARN. A grant of the key came or went."""
    PRINCIPAL = "principal"
    """Subject: the unique id of a user, role or group. It, its policies, attachments, groups or password."""
    MANAGED_POLICY = "managed policy"
    """Subject: the policy's ARN. It, its versions, or which of them is in force."""
    CREDENTIAL = "credential"
    """Subject: the access key id."""
    ACCOUNT = "account"
    """Subject: the account id. It, its alias, its password policy, its state or its organization."""
    ORGANIZATION = "organization"
    """Subject: the organization's id. Its units, its policies or where they are attached."""
    OIDC_PROVIDER = "oidc-provider"
    """Subject: the ARN of the OIDC provider."""
    SERVICE = "service"
    """Subject: the service's name. It came or went."""
    OWNED_KEY = "owned key"
    """Subject: the purpose. There is another one."""
    RESET = "reset"
    """Everything; the subject is empty."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change feed; `sequence` only grows."""

    sequence: int
    topic: Topic
    subject: str


class EntityCounts(NamedTuple):
    """How much of each kind an account has."""

    users: int
    roles: int
    groups: int
    policies: int
    policy_versions: int
    instance_profiles: int
    oidc_providers: int
    root_access_keys: int


class EffectiveGrants(NamedTuple):
    """Which grants are effective: those made until a time, in milliseconds, and those named."""

    made_until: int
    named: Collection[GrantId]


class ReadTx(OrganizationReadTx, ServiceReadTx, Protocol):
    """Lookups. Absence is None or an empty tuple, never an error.

    Listing verbs return at most `limit` rows in the order of their key, strictly after `after`.
    """

    def account(self, account: AccountId) -> Account | None: ...
    def accounts(self) -> tuple[Account, ...]: ...

    def principal(self, unique_id: str) -> Principal | None: ...
    def principals_with(self, unique_ids: Collection[str]) -> tuple[Principal, ...]:
        """Those that are there, in no order."""
        ...

    def principal_named(self, account: AccountId, type: PrincipalType, name: str) -> Principal | None:
        """By name, which IAM compares without regard to case."""
        ...

    def principals(
        self, account: AccountId, type: PrincipalType, path_prefix: str, after: str, limit: int
    ) -> tuple[Principal, ...]:
        """In the order of their lower-cased names; `after` is such a name or empty."""
        ...

    def inline_policy(self, unique_id: str, name: str) -> InlinePolicy | None:
        """Of a user, role or group."""
        ...

    def inline_policies(self, unique_id: str) -> tuple[InlinePolicy, ...]:
        """All of a user, role or group, in the order of their names."""
        ...

    def group(self, unique_id: str) -> Group | None: ...
    def group_named(self, account: AccountId, name: str) -> Group | None:
        """By name, which IAM compares without regard to case."""
        ...

    def groups(self, account: AccountId, path_prefix: str, after: str, limit: int) -> tuple[Group, ...]:
        """In the order of their lower-cased names; `after` is such a name or empty."""
        ...

    def groups_of(self, user: str) -> tuple[Group, ...]:
        """All groups of a user, in the order of their lower-cased names."""
        ...

    def members(self, group: str, after: str, limit: int) -> tuple[Principal, ...]:
        """The users of a group, in the order of their lower-cased names; `after` is such a name or empty."""
        ...

    def managed_policy(self, arn: str) -> ManagedPolicy | None:
        """An account's; those of AWS are not in the store."""
        ...

    def managed_policies(
        self, account: AccountId, path_prefix: str, after: str, limit: int
    ) -> tuple[ManagedPolicy, ...]:
        """In the order of their lower-cased names; `after` is such a name or empty."""
        ...

    def policy_version(self, arn: str, number: int) -> PolicyVersion | None: ...
    def policy_versions(self, arn: str) -> tuple[PolicyVersion, ...]:
        """All of a managed policy, in the order of their numbers."""
        ...

    def attached_policies(self, unique_id: str) -> tuple[str, ...]:
        """The ARNs of all managed policies attached to a user, role or group, AWS's among them, in order."""
        ...

    def attached_to(
        self, account: AccountId, arn: str, after: str, limit: int
    ) -> tuple[Principal | Group, ...]:
        """What a managed policy is attached to, in the order of unique ids; `after` is one or empty."""
        ...

    def attachment_counts(self, account: AccountId, arns: Sequence[str]) -> Mapping[str, int]:
        """To how many users, roles and groups of the account each policy is attached; 0 is left out."""
        ...

    def boundary_of(self, account: AccountId, arn: str, after: str, limit: int) -> tuple[Principal, ...]:
        """Whose boundary a managed policy is, in the order of unique ids; `after` is one or empty."""
        ...

    def boundary_counts(self, account: AccountId, arns: Sequence[str]) -> Mapping[str, int]:
        """Of how many users and roles of the account each policy is the boundary; 0 is left out."""
        ...

    def entity_counts(self, account: AccountId) -> EntityCounts: ...
    def instance_profile_named(self, account: AccountId, name: str) -> InstanceProfile | None:
        """By name, which IAM compares without regard to case."""
        ...

    def instance_profiles(
        self, account: AccountId, path_prefix: str, after: str, limit: int
    ) -> tuple[InstanceProfile, ...]:
        """In the order of their lower-cased names; `after` is such a name or empty."""
        ...

    def instance_profiles_of(self, role: str, after: str, limit: int) -> tuple[InstanceProfile, ...]:
        """Those that hold a role, in the order of their lower-cased names."""
        ...

    def credential(self, access_key_id: AccessKeyId) -> Credential | None: ...
    def credentials(self, unique_id: str) -> tuple[Credential, ...]:
        """Of one IAM user, in the order of their ids."""
        ...

    def root_credentials(self, account: AccountId) -> tuple[Credential, ...]:
        """Of the account's root user, in the order of their ids."""
        ...

    def credential_use(self, access_key_id: AccessKeyId) -> CredentialUse | None:
        """The last use that was noted; None also for an access key that is not there."""
        ...

    def login_profile(self, unique_id: str) -> LoginProfile | None: ...
    def password_policy(self, account: AccountId) -> PasswordPolicy | None: ...
    def account_alias(self, account: AccountId) -> str | None: ...
    def account_with_alias(self, alias: str) -> AccountId | None: ...

    def oidc_provider(self, arn: OidcProviderArn) -> OidcProvider | None: ...
    def oidc_providers(self, account: AccountId) -> tuple[OidcProvider, ...]:
        """All of the account, in the order of their URLs."""
        ...

    def key(self, region: Region, key_id: KeyId) -> Key | None:
        """Key ids are unique in a Region across accounts."""
        ...

    def related_keys(self, key: KeyArn) -> tuple[Key, ...]:
        """The multi-Region keys of this account and key id, in whichever Region, in the order of Regions.

        Of a single-Region key there are none; a multi-Region key is one of its own.
        """
        ...

    def multi_region_keys(self, account: AccountId, limit: int) -> tuple[KeyArn, ...]:
        """The account's multi-Region keys in every Region, in whatever state, in the order of their ids."""
        ...

    def keys(self, account: AccountId, region: Region, after: str, limit: int) -> tuple[KeyArn, ...]: ...
    def key_count(self, account: AccountId, region: Region) -> int:
        """How many customer managed keys the account has there, in whatever state; no rows are counted."""
        ...

    def due_keys(self, now: int, limit: int) -> tuple[KeyArn, ...]:
        """Keys of all accounts that are due (`Key.due`) at `now`, the longest waiting first."""
        ...

    def key_material(self, key: KeyArn, id: KeyMaterialId) -> KeyMaterial | None: ...
    def key_materials(self, key: KeyArn) -> tuple[KeyMaterial, ...]:
        """All versions, oldest first."""
        ...

    def key_last_use(self, key: KeyArn) -> KeyUse | None: ...
    def alias(self, alias: AliasArn) -> Alias | None: ...
    def aliases(self, account: AccountId, region: Region, after: str, limit: int) -> tuple[Alias, ...]:
        """In the order of their names; `after` is an alias name or empty."""
        ...

    def aliases_of_key(self, key: KeyArn, after: str, limit: int) -> tuple[Alias, ...]: ...

    def grant(self, key: KeyArn, id: GrantId) -> Grant | None: ...
    def grants(self, key: KeyArn, after: str, limit: int, grantee: str | None = None) -> tuple[Grant, ...]:
        """Of the key, or those of them whose grantee is stored so, in the order of their ids."""
        ...

    def retirable_grants(
        self, region: Region, retiring: str, after: tuple[str, str], limit: int
    ) -> tuple[Grant, ...]:
        """On keys of all accounts, whose retiring principal is stored so, in the order of key id and id.

        `after` is such a pair, empty texts for the start.
        """
        ...

    def grants_to(self, key: KeyArn, grantees: Sequence[str], limit: int) -> tuple[Grant, ...]:
        """Grants of the key whose grantee, as stored, is one of `grantees`; in no order.

        Of grants that allow the same there is one: same grantee, operations, constraints, issuing account.
        """
        ...

    def grants_for(
        self,
        key: KeyArn,
        grantees: Sequence[str],
        operation: GrantOperation,
        context: Mapping[str, str] | None,
        effective: EffectiveGrants | None = None,
        source: str | None = None,
    ) -> tuple[Grant, ...]:
        """Those of them with the operation that a request with this encryption context could use.

        All that could are among them, and some that could not; None is a request without encryption context,
        for which one grant stands for all that differ in that. `source` is the ASCII text of the resource for
        which a service calls. Where it is said which grants are effective, there are no others.
        """
        ...

    def grant_like(self, grant: Grant) -> Grant | None:
        """The grant of the same key with the same name and everything else the same but id and time.

        Operations count as a set. None for a grant without a name.
        """
        ...

    def grant_count(self, key: KeyArn) -> int:
        """How many grants the key has; 0 for a key that is not there."""
        ...

    def root_key(self) -> SealedRootKey | None: ...

    def events(self, after: int, limit: int) -> tuple[tuple[int, AuditEvent], ...]:
        """Audit events with their sequence numbers, oldest first."""
        ...

    def last_change(self) -> int:
        """The newest change's sequence, 0 when there was none."""
        ...


class WriteTx(ReadTx, OrganizationWriteTx, ServiceWriteTx, Protocol):
    """Changes. `add_*` raises `AlreadyExists`; `put_*` adds or replaces; the rest expect the row."""

    def savepoint(self) -> AbstractContextManager[None]:
        """What is done inside is undone if an exception leaves it; the transaction goes on."""
        ...

    def add_account(self, account: Account) -> None: ...

    def add_principal(self, principal: Principal) -> None: ...
    def alter_principal(self, principal: Principal) -> None:
        """Replaces all of the user or role with this unique id; `AlreadyExists` if its name is taken."""
        ...

    def delete_principal(self, unique_id: str) -> None: ...
    def put_inline_policy(self, policy: InlinePolicy) -> None: ...
    def delete_inline_policy(self, unique_id: str, name: str) -> None: ...

    def add_group(self, group: Group) -> None: ...
    def alter_group(self, group: Group) -> None:
        """Replaces path and name of the group with this unique id; `AlreadyExists` if its name is taken."""
        ...

    def delete_group(self, unique_id: str) -> None: ...
    def add_member(self, group: str, user: str) -> None: ...
    def remove_member(self, group: str, user: str) -> None: ...

    def add_managed_policy(self, policy: ManagedPolicy, document: str) -> None:
        """With its default version, which is the only one."""
        ...

    def alter_managed_policy(self, policy: ManagedPolicy) -> None:
        """Replaces tags, `updated`, `default_version` and `last_version`; the rest never changes."""
        ...

    def delete_managed_policy(self, arn: str) -> None:
        """With all its versions. That nothing is attached to it is for the caller to check."""
        ...

    def add_policy_version(self, version: PolicyVersion) -> None: ...
    def delete_policy_version(self, arn: str, number: int) -> None: ...
    def attach_policy(self, account: AccountId, unique_id: str, arn: str) -> None:
        """`account` is the entity's. That the policy exists is for the caller to check."""
        ...

    def detach_policy(self, unique_id: str, arn: str) -> None: ...

    def add_instance_profile(self, profile: InstanceProfile) -> None: ...
    def alter_instance_profile(self, profile: InstanceProfile) -> None:
        """Replaces role and tags; the rest never changes."""
        ...

    def delete_instance_profile(self, unique_id: str) -> None: ...

    def add_credential(self, credential: Credential) -> None: ...
    def set_credential_status(self, access_key_id: AccessKeyId, status: CredentialStatus) -> None: ...
    def delete_credential(self, access_key_id: AccessKeyId) -> None: ...
    def note_credential_uses(self, uses: Mapping[AccessKeyId, CredentialUse]) -> None:
        """Keeps the later of each of these and what is there; skips access keys that are not there.

        No cache holds it, so that no `Change` tells of it.
        """
        ...

    def add_login_profile(self, profile: LoginProfile) -> None: ...
    def put_login_profile(self, profile: LoginProfile) -> None: ...
    def delete_login_profile(self, unique_id: str) -> None: ...
    def put_password_policy(self, policy: PasswordPolicy) -> None: ...
    def delete_password_policy(self, account: AccountId) -> None: ...
    def put_account_alias(self, account: AccountId, alias: str) -> None:
        """In place of the one it had; `AlreadyExists` if another account has it."""
        ...

    def delete_account_alias(self, account: AccountId) -> None: ...

    def add_oidc_provider(self, provider: OidcProvider) -> None: ...
    def put_oidc_provider(self, provider: OidcProvider) -> None: ...
    def delete_oidc_provider(self, arn: OidcProviderArn) -> None: ...

    def add_key(self, key: Key, material: KeyMaterial | None) -> None: ...
    def set_key_life(self, key: Key) -> None:
        """Replaces what the life of a key changes.

        That is its state with the dates of it, its rotation, current material and primary Region.
        """
        ...

    def set_key_description(self, key: KeyArn, description: str) -> None: ...
    def set_key_policy(self, key: KeyArn, policy: str) -> None: ...
    def set_key_tags(self, key: KeyArn, tags: Sequence[Tag]) -> None:
        """Replaces all tags of the key."""
        ...

    def add_key_material(self, material: KeyMaterial) -> None: ...
    def set_key_material(self, material: KeyMaterial) -> None:
        """Replaces all of the version but when it was made. See `Store.scrub`."""
        ...

    def delete_key_material(self, key: KeyArn, id: KeyMaterialId) -> None:
        """Deletes the version, its entry too. See `Store.scrub`."""
        ...

    def delete_key(self, key: KeyArn) -> None:
        """Deletes the key and all that is its own: material, tags, aliases, grants. See `Store.scrub`."""
        ...

    def put_key_last_uses(self, uses: Mapping[KeyArn, KeyUse]) -> None:
        """Keeps each unless a later one is kept; keys that are not there are left out. No change is told."""
        ...

    def add_alias(self, alias: Alias) -> None: ...
    def set_alias_target(self, alias: AliasArn, target: KeyId, updated: int) -> None: ...
    def delete_alias(self, alias: AliasArn) -> None: ...

    def add_grant(self, grant: Grant) -> None:
        """`AlreadyExists` also when there is a grant like it (`grant_like`)."""
        ...

    def delete_grant(self, key: KeyArn, id: GrantId) -> None: ...

    def add_root_key(self, root_key: SealedRootKey) -> None: ...

    def append_events(self, events: Sequence[AuditEvent]) -> None: ...

    def reset(self) -> None:
        """Deletes all but the root key, the owned keys and the schema version (`keystead dev` only)."""
        ...


class Store(Protocol):
    """A database. Safe to share between threads."""

    def read(self) -> AbstractContextManager[ReadTx]: ...
    def write(self, name: str) -> AbstractContextManager[WriteTx]:
        """A write transaction; `name` says what for, in logs and errors."""
        ...

    def changes(self) -> Sequence[Change] | None:
        """What was committed since the last call, by any process or thread, this one included.

        Empty means that nothing changed. None means that the feed does not reach back far enough and that
        everything may have changed. Cheap when nothing happened; call it at the start of every request.
        """
        ...

    def append_events(self, events: Sequence[AuditEvent]) -> None:
        """Group commit of events that belong to no change; durable on return."""
        ...

    def scrub(self) -> bool:
        """Leaves nothing of key material that was removed in the database's own files.

        Does nothing when there is nothing to do since the last time; the first time there is, for a process
        may have ended between a deletion and its scrubbing. False when somebody who reads is in the way: call
        it again later.
        """
        ...

    def close(self) -> None: ...


__all__ = [
    "AlreadyExists",
    "Change",
    "EffectiveGrants",
    "EntityCounts",
    "ReadTx",
    "Store",
    "StoreError",
    "Topic",
    "WriteTx",
]
