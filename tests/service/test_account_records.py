"""What an account's entry is made of, and when a cache makes another one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from keystead.crypto.material import Sealer
from keystead.kinds import AccountState, FeatureSet, JoinedMethod, OrganizationPolicyType
from keystead.model import (
    Account,
    Member,
    Organization,
    OrganizationalUnit,
    OrganizationAttachment,
    OrganizationPolicy,
)
from keystead.names import AccountId
from keystead.service.account_entry import AccountEntry, Levels
from keystead.service.cached_records import CachedRecords
from keystead.service.compiled_policies import CompiledPolicies, Undecidable
from keystead.service.organization_policies import FULL_ACCESS
from keystead.store import Store, open_store

SCP = OrganizationPolicyType.SERVICE_CONTROL_POLICY
RCP = OrganizationPolicyType.RESOURCE_CONTROL_POLICY
MANAGEMENT, MEMBER, ALONE = map(AccountId, ("111122223333", "444455556666", "777788889999"))
ID, ROOT, UNIT = "o-aaaaaaaaaa", "r-aaaa", "ou-aaaa-aaaaaaaa"
DENY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:*","Resource":"*"}]}'
POLICY = OrganizationPolicy("p-aaaaaaaa", ID, SCP, "limits", "", DENY)
ORGANIZATION = Organization(ID, ROOT, MANAGEMENT, FeatureSet.ALL, frozenset(), 5)


@pytest.fixture
def store() -> Iterator[Store]:
    """An organization with a member in a unit, both policy types enabled; and an account outside of it."""
    made = open_store(":memory:")
    with made.write("test") as tx:
        for account in (MANAGEMENT, MEMBER, ALONE):
            tx.add_account(Account(account, 1))
        tx.add_organization(ORGANIZATION)
        tx.add_organizational_unit(OrganizationalUnit(UNIT, ID, ROOT, "unit"))
        tx.add_organization_member(Member(MANAGEMENT, ID, ROOT, JoinedMethod.INVITED, 1))
        tx.add_organization_member(Member(MEMBER, ID, UNIT, JoinedMethod.CREATED, 1))
        tx.add_organization_policy(POLICY)
        tx.set_policy_types(ID, frozenset({SCP, RCP}))
        for enabled in (SCP, RCP):
            tx.attach_everywhere(ID, FULL_ACCESS[enabled].id, enabled)
    yield made
    made.close()


@pytest.fixture
def records(store: Store) -> CachedRecords:
    return CachedRecords(store, Sealer(b"\7" * 32), CompiledPolicies())


def entry(records: CachedRecords, account: AccountId = MEMBER) -> AccountEntry:
    records.refresh()
    found = records.account(account)
    assert found is not None
    return found


def names(levels: Levels | None) -> list[list[str]] | None:
    return None if levels is None else [[policy.name for policy in level] for level in levels]


def test_a_member_is_under_the_policies_of_each_level(store: Store, records: CachedRecords) -> None:
    with store.write("test") as tx:
        tx.attach_organization_policy(OrganizationAttachment(ID, UNIT, POLICY.id, SCP))
    member = entry(records)
    assert (member.path, member.management, member.closed) == (f"{ID}/{ROOT}/{UNIT}/", False, False)
    assert names(member.scps) == [["FullAWSAccess"], ["FullAWSAccess", "limits"], ["FullAWSAccess"]]
    assert names(member.rcps) == [["RCPFullAWSAccess"]] * 3
    assert member.scps is not None
    assert [policy.arn for policy in member.scps[1]] == [
        "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
        f"arn:aws:organizations::{MANAGEMENT}:policy/{ID}/service_control_policy/{POLICY.id}",
    ]


def test_a_level_without_policies_stays_a_level(store: Store, records: CachedRecords) -> None:
    with store.write("test") as tx:
        tx.detach_organization_policy(ID, UNIT, FULL_ACCESS[SCP].id)
    assert names(entry(records).scps) == [["FullAWSAccess"], [], ["FullAWSAccess"]]


def test_the_management_account_and_who_is_outside_are_under_nothing(records: CachedRecords) -> None:
    management, alone = entry(records, MANAGEMENT), entry(records, ALONE)
    assert (management.path, management.management) == (f"{ID}/{ROOT}/", True)
    assert (management.scps, management.rcps) == (None, None)
    assert (alone.organization, alone.path, alone.management) == (None, "", False)
    assert (alone.scps, alone.rcps) == (None, None)
    assert records.account(AccountId("000000000001")) is None


def test_types_that_are_not_enabled_do_not_exist(store: Store, records: CachedRecords) -> None:
    with store.write("test") as tx:
        tx.set_policy_types(ID, frozenset({RCP}))
    member = entry(records)
    assert member.scps is None
    assert member.rcps is not None


def test_an_entry_is_the_same_until_something_above_it_changes(store: Store, records: CachedRecords) -> None:
    def changed(change: object, account: AccountId = MEMBER) -> bool:
        before = entry(records, account)
        assert entry(records, account) is before
        with store.write("test") as tx:
            change(tx)  # type: ignore[operator]  # a verb with its arguments
        return entry(records, account) is not before

    attached = OrganizationAttachment(ID, ROOT, POLICY.id, SCP)
    assert changed(lambda tx: tx.attach_organization_policy(attached))
    assert changed(lambda tx: tx.set_organization_policy(replace(POLICY, content=DENY.replace("kms", "sts"))))
    assert changed(lambda tx: tx.detach_organization_policy(ID, ROOT, POLICY.id))
    assert changed(lambda tx: tx.set_policy_types(ID, frozenset({SCP})))
    assert changed(lambda tx: tx.move_organization_member(MEMBER, ROOT))
    assert not changed(lambda tx: tx.move_organization_member(MEMBER, UNIT), ALONE)
    assert changed(lambda tx: tx.set_account_state(MEMBER, AccountState.CLOSED))
    assert entry(records).closed
    assert changed(lambda tx: tx.set_account_state(MEMBER, AccountState.ACTIVE))
    assert changed(lambda tx: tx.remove_organization_member(MEMBER))
    assert entry(records).organization is None
    assert not changed(lambda tx: tx.add_account(Account(AccountId("000000000001"), 1)))
    assert changed(lambda tx: tx.delete_organization(ID), MANAGEMENT)


def test_a_policy_that_does_not_parse_decides_nothing(store: Store, records: CachedRecords) -> None:
    with store.write("test") as tx:
        tx.set_organization_policy(replace(POLICY, content="damaged"))
        tx.attach_organization_policy(OrganizationAttachment(ID, UNIT, POLICY.id, SCP))
    records.refresh()
    with pytest.raises(Undecidable, match="a stored service control policy does not parse"):
        records.account(MEMBER)
