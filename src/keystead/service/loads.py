"""How each record is made from a read transaction, be it kept afterwards or not."""

from keystead.crypto.key_families import Material
from keystead.crypto.material import Sealer, open_material, open_secret
from keystead.model import Credential, Principal, ServiceCredential
from keystead.model import Grant as StoredGrant
from keystead.model.quotas import ALIASES_PER_KEY
from keystead.names import AccessKeyId, AccountId, KeyArn, KeyId, KeyMaterialId, Region
from keystead.policy import PolicyKind
from keystead.policy.request import AttachedPolicy, Caller, Grant
from keystead.policy.strength import names_of
from keystead.service.account_entry import AccountEntry, load_account
from keystead.service.compiled_policies import CompiledPolicies, Undecidable, managed_in_force
from keystead.service.entries import CredentialEntry, KeyEntry, PrincipalEntry
from keystead.service.managed_policies import managed_policy
from keystead.service.records import AskedOfGrants
from keystead.store.port import ReadTx


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


def stored_credential(tx: ReadTx, access_key_id: AccessKeyId) -> Credential | ServiceCredential | None:
    """An access key, be it a service's, with its secret still sealed."""
    return tx.credential(access_key_id) or tx.service_credential(access_key_id)


class Loads:
    """How each record is made from a read transaction."""

    def __init__(self, sealer: Sealer, policies: CompiledPolicies, grant_delay: int) -> None:
        self._sealer = sealer
        self._policies = policies
        self.grant_delay = grant_delay

    def load_credential(self, tx: ReadTx, access_key_id: AccessKeyId) -> CredentialEntry | None:
        credential = stored_credential(tx, access_key_id)
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
