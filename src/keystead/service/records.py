"""What a call reads: from this process's memory, or from the write transaction it runs in.

The one is `cached_records`, the other `transaction_records`. Both make records in one way, `loads`, and share
the compiled policies, which depend on nothing but their text.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from keystead.crypto.key_families import Material
from keystead.kinds import GrantOperation
from keystead.model import Alias, CredentialUse, RegisteredService
from keystead.names import AccessKeyId, AccountId, AliasArn, KeyArn, KeyId, KeyMaterialId, Region, ServiceName
from keystead.policy.request import AttachedPolicy, Caller, Grant
from keystead.service.account_entry import AccountEntry
from keystead.service.entries import KeyEntry, PrincipalEntry
from keystead.store.port import EffectiveGrants, ReadTx


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
