"""The two transactions, put together from their subjects."""

from collections.abc import Iterator
from contextlib import contextmanager

from keystead.store.aliases import AliasReads
from keystead.store.entity_counts import EntityCountReads
from keystead.store.grants import GrantReads, GrantWrites
from keystead.store.groups import GroupReads, GroupWrites
from keystead.store.handshakes import HandshakeReads, HandshakeWrites
from keystead.store.instance_profiles import InstanceProfileReads, InstanceProfileWrites
from keystead.store.journal import JournalReads, JournalWrites
from keystead.store.keys import KeyReads, KeyWrites
from keystead.store.managed_policies import ManagedPolicyReads, ManagedPolicyWrites
from keystead.store.oidc_providers import OidcProviderReads, OidcProviderWrites
from keystead.store.organization_policies import OrganizationPolicyReads, OrganizationPolicyWrites
from keystead.store.organizations import OrganizationReads, OrganizationWrites
from keystead.store.owned_keys import OwnedKeyReads, OwnedKeyWrites
from keystead.store.principals import PrincipalReads, PrincipalWrites
from keystead.store.root_key import RootKeyReads, RootKeyWrites
from keystead.store.services import ServiceReads, ServiceWrites
from keystead.store.sign_in import SignInReads, SignInWrites


class SqlReadTx(
    PrincipalReads,
    OrganizationReads,
    OrganizationPolicyReads,
    HandshakeReads,
    GroupReads,
    ManagedPolicyReads,
    InstanceProfileReads,
    OidcProviderReads,
    SignInReads,
    EntityCountReads,
    KeyReads,
    AliasReads,
    GrantReads,
    ServiceReads,
    OwnedKeyReads,
    RootKeyReads,
    JournalReads,
):
    """`ReadTx` on one connection."""


class SqlWriteTx(
    PrincipalWrites,
    OrganizationWrites,
    OrganizationPolicyWrites,
    HandshakeWrites,
    GroupWrites,
    ManagedPolicyWrites,
    InstanceProfileWrites,
    OidcProviderWrites,
    SignInWrites,
    EntityCountReads,
    KeyWrites,
    GrantWrites,
    ServiceWrites,
    OwnedKeyWrites,
    RootKeyWrites,
    JournalWrites,
):
    """`WriteTx` on the writer's connection."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with self.connection.begin_nested():
            yield
