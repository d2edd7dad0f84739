"""What a call reads inside a write transaction, so that what a change was decided on is what it changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from keystead.crypto.key_families import Material
from keystead.crypto.material import Sealer
from keystead.model import Alias, CredentialUse, RegisteredService
from keystead.names import AccessKeyId, AccountId, AliasArn, KeyArn, KeyId, KeyMaterialId, Region, ServiceName
from keystead.policy.request import AttachedPolicy, Caller, Grant
from keystead.service.account_entry import AccountEntry
from keystead.service.compiled_policies import CompiledPolicies
from keystead.service.entries import KeyEntry, PrincipalEntry, may_sign
from keystead.service.loads import Loads, stored_credential
from keystead.service.records import AskedOfGrants
from keystead.store.port import ReadTx


class TransactionRecords(Loads):
    """Records as a transaction sees them; nothing is kept."""

    def __init__(self, tx: ReadTx, sealer: Sealer, policies: CompiledPolicies, grant_delay: int = 0) -> None:
        super().__init__(sealer, policies, grant_delay)
        self._tx = tx

    def account(self, id: AccountId) -> AccountEntry | None:
        return self.load_account(self._tx, id)

    def credential_active(self, access_key_id: AccessKeyId) -> bool:
        """Whether the access key is there and active; its secret stays sealed."""
        credential = stored_credential(self._tx, access_key_id)
        return credential is not None and may_sign(credential)

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
