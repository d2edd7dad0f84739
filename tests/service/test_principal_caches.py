"""What a process remembers of a principal's policies is what the store says, whatever was changed."""

from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.iam.in_process import statement

from keystead.crypto.material import Sealer
from keystead.kinds import PrincipalType
from keystead.model import Account, Group, InlinePolicy, ManagedPolicy, PolicyVersion, Principal, RoleDetails
from keystead.names import AccountId
from keystead.service.cached_records import CachedRecords
from keystead.service.compiled_policies import CompiledPolicies
from keystead.service.transaction_records import TransactionRecords
from keystead.store import Store, WriteTx, open_store

ID = AccountId("111122223333")
SEALER = Sealer(bytes(32))
TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}'
DOCUMENTS = [statement("Allow", f"kms:{action}", "*") for action in ("Encrypt", "Decrypt", "ListKeys")]

USERS = {f"AIDA{n}": Principal(f"AIDA{n}", ID, PrincipalType.USER, "/", f"u{n}", 1) for n in range(2)}
ROLE = Principal("AROA0", ID, PrincipalType.ROLE, "/", "r", 1, role=RoleDetails(TRUST))
PRINCIPALS = USERS | {"AROA0": ROLE}
GROUPS = {f"AGPA{n}": Group(f"AGPA{n}", ID, "/", f"g{n}", 1) for n in range(2)}
OWN = ManagedPolicy("ANPA0", ID, "/", "own", "", 1, 1, default_version=1, last_version=3)
POLICIES = [str(OWN.arn), "arn:aws:iam::aws:policy/AdministratorAccess"]

principals = st.sampled_from(sorted(PRINCIPALS))
users = st.sampled_from(sorted(USERS))
groups = st.sampled_from(sorted(GROUPS))
holders = st.sampled_from(sorted(PRINCIPALS | GROUPS))
policies = st.sampled_from(POLICIES)
documents = st.sampled_from(DOCUMENTS)


class CacheBesideTheStore(RuleBasedStateMachine):
    """A cache that looks after each change, beside what is read anew."""

    def __init__(self) -> None:
        super().__init__()
        self.store: Store = open_store(":memory:")
        self.compiled = CompiledPolicies()
        self.cached = CachedRecords(self.store, SEALER, self.compiled)

    def teardown(self) -> None:
        self.store.close()

    def write(self, work: Any) -> None:
        with self.store.write("test") as tx:
            work(tx)

    @initialize()
    def make(self) -> None:
        def work(tx: WriteTx) -> None:
            tx.add_account(Account(ID, 1))
            for principal in PRINCIPALS.values():
                tx.add_principal(principal)
            for group in GROUPS.values():
                tx.add_group(group)
            tx.add_managed_policy(OWN, DOCUMENTS[0])
            for number, document in enumerate(DOCUMENTS[1:], 2):
                tx.add_policy_version(PolicyVersion(POLICIES[0], number, document, 1))

        self.write(work)

    @rule(group=groups, user=users)
    def join_or_leave(self, group: str, user: str) -> None:
        def work(tx: WriteTx) -> None:
            member = GROUPS[group] in tx.groups_of(user)
            (tx.remove_member if member else tx.add_member)(group, user)

        self.write(work)

    @rule(holder=holders, arn=policies)
    def attach_or_detach(self, holder: str, arn: str) -> None:
        def work(tx: WriteTx) -> None:
            if arn in tx.attached_policies(holder):
                tx.detach_policy(holder, arn)
            else:
                tx.attach_policy(ID, holder, arn)

        self.write(work)

    @rule(holder=holders, document=documents)
    def put_inline(self, holder: str, document: str) -> None:
        self.write(lambda tx: tx.put_inline_policy(InlinePolicy(holder, "p", document)))

    @rule(holder=holders)
    def delete_inline(self, holder: str) -> None:
        def work(tx: WriteTx) -> None:
            if tx.inline_policies(holder):
                tx.delete_inline_policy(holder, "p")

        self.write(work)

    @rule(number=st.integers(1, 3))
    def set_default_version(self, number: int) -> None:
        self.write(lambda tx: tx.alter_managed_policy(replace(OWN, default_version=number)))

    @rule(unique_id=principals, boundary=st.one_of(st.none(), policies))
    def set_boundary(self, unique_id: str, boundary: str | None) -> None:
        self.write(lambda tx: tx.alter_principal(replace(PRINCIPALS[unique_id], boundary=boundary)))

    @invariant()
    def right(self) -> None:
        self.cached.refresh()
        with self.store.read() as tx:
            fresh = TransactionRecords(tx, SEALER, self.compiled)
            expected = {unique_id: fresh.principal(unique_id) for unique_id in PRINCIPALS}
        assert {unique_id: self.cached.principal(unique_id) for unique_id in PRINCIPALS} == expected


TestCacheBesideTheStore = CacheBesideTheStore.TestCase
TestCacheBesideTheStore.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
