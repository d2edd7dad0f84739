"""The verbs about organizations, on every engine."""

from dataclasses import replace

import pytest
import store_records as make

from keystead.kinds import (
    AccountState,
    CreateAccountState,
    FeatureSet,
    HandshakeState,
    JoinedMethod,
    OrganizationPolicyType,
)
from keystead.model import (
    Account,
    AccountCreation,
    Handshake,
    Member,
    Organization,
    OrganizationalUnit,
    OrganizationAttachment,
    OrganizationPolicy,
    Tag,
)
from keystead.names import AccountId
from keystead.store import AlreadyExists, Store, StoreError, Topic, WriteTx

SCP = OrganizationPolicyType.SERVICE_CONTROL_POLICY
RCP = OrganizationPolicyType.RESOURCE_CONTROL_POLICY
ID, ROOT, UNIT, BELOW = "o-aaaaaaaaaa", "r-aaaa", "ou-aaaa-aaaaaaaa", "ou-aaaa-bbbbbbbb"
THIRD = AccountId("777788889999")

ORGANIZATION = Organization(ID, ROOT, make.ACCOUNT, FeatureSet.ALL, frozenset(), 5)
POLICY = OrganizationPolicy("p-aaaaaaaa", ID, SCP, "limits", "what is limited", "{}")
HANDSHAKE = Handshake(
    "h-aaaaaaaa", ID, make.OTHER, "", "please", HandshakeState.OPEN, 10, 20, (Tag("team", "a"),)
)


def member(account: AccountId, parent: str = ROOT) -> Member:
    return Member(account, ID, parent, JoinedMethod.INVITED, 7)


def attachment(
    target: str, policy: str = "p-aaaaaaaa", type: OrganizationPolicyType = SCP
) -> OrganizationAttachment:
    return OrganizationAttachment(ID, target, policy, type)


def begin(tx: WriteTx) -> None:
    """An organization of two accounts, with a unit below a unit."""
    for account in (make.ACCOUNT, make.OTHER, THIRD):
        tx.add_account(make.account(account))
    tx.add_organization(ORGANIZATION)
    tx.add_organizational_unit(OrganizationalUnit(UNIT, ID, ROOT, "upper"))
    tx.add_organizational_unit(OrganizationalUnit(BELOW, ID, UNIT, "lower"))
    tx.add_organization_member(member(make.ACCOUNT))
    tx.add_organization_member(member(make.OTHER, BELOW))


def test_accounts_have_names_addresses_and_states(store: Store) -> None:
    account = Account(make.ACCOUNT, 5, "Payments", "Pay@example.com")
    with store.write("test") as tx:
        tx.add_account(account)
        tx.add_account(make.account(make.OTHER))
        tx.add_account(make.account(THIRD))  # a second one without address
        with pytest.raises(AlreadyExists):
            tx.add_account(Account(AccountId("000000000001"), 5, "", "pAY@EXAMPLE.com"))
        assert tx.account(make.ACCOUNT) == tx.account_of_email("pay@example.COM") == account
        assert tx.account_of_email("") is None
        tx.set_account_state(make.ACCOUNT, AccountState.CLOSED)
        assert tx.account(make.ACCOUNT) == replace(account, state=AccountState.CLOSED)
        with pytest.raises(StoreError, match="does not exist"):
            tx.set_account_state(AccountId("000000000001"), AccountState.CLOSED)


def test_the_tree(store: Store) -> None:
    with store.write("test") as tx:
        begin(tx)
        assert tx.organization(ID) == ORGANIZATION
        assert tx.organization("o-bbbbbbbbbb") is None
        with pytest.raises(AlreadyExists):
            tx.add_organization(replace(ORGANIZATION, id="o-bbbbbbbbbb"))  # one organization an account
        assert tx.organization_member(make.OTHER) == member(make.OTHER, BELOW)
        assert tx.organization_member(THIRD) is None
        assert tx.organization_members(ID, None, "", 9) == (member(make.ACCOUNT), member(make.OTHER, BELOW))
        assert tx.organization_members(ID, None, make.ACCOUNT, 9) == (member(make.OTHER, BELOW),)
        assert (
            tx.organization_members(ID, None, "", 1)
            == tx.organization_members(ID, ROOT, "", 9)
            == (member(make.ACCOUNT),)
        )
        assert [unit.id for unit in tx.units_above(BELOW)] == [UNIT, BELOW]
        assert tx.units_above(ROOT) == ()
        assert tx.organizational_units(ROOT, "", 9) == (OrganizationalUnit(UNIT, ID, ROOT, "upper"),)
        assert tx.organizational_units(ROOT, UNIT, 9) == ()
        assert tx.unit_count(ID) == 2
        assert tx.organizational_unit_named(UNIT, "lower") == tx.organizational_unit(BELOW)
        with pytest.raises(AlreadyExists):
            tx.add_organizational_unit(OrganizationalUnit("ou-aaaa-cccccccc", ID, ROOT, "upper"))
        tx.rename_organizational_unit(BELOW, "lowest")
        assert tx.organizational_unit_named(UNIT, "lower") is None
        tx.move_organization_member(make.OTHER, UNIT)
        assert tx.organization_members(ID, UNIT, "", 9) == (member(make.OTHER, UNIT),)
        tx.delete_organizational_unit(BELOW)
        assert tx.organizational_unit(BELOW) is None


def test_units_below_themselves_hang_nobody(store: Store) -> None:
    with store.write("test") as tx:
        begin(tx)
        tx.add_organizational_unit(OrganizationalUnit("ou-aaaa-cccccccc", ID, "ou-aaaa-cccccccc", "ring"))
        with pytest.raises(StoreError, match="below itself"):
            tx.units_above("ou-aaaa-cccccccc")


def test_policies_and_where_they_are_attached(store: Store) -> None:
    with store.write("test") as tx:
        begin(tx)
        tx.add_organization_policy(POLICY)
        with pytest.raises(AlreadyExists):
            tx.add_organization_policy(replace(POLICY, id="p-bbbbbbbb"))
        tx.add_organization_policy(replace(POLICY, id="p-bbbbbbbb", type=RCP))
        assert tx.organization_policies(ID, SCP, "", 9) == (POLICY,)
        assert tx.organization_policies(ID, SCP, POLICY.id, 9) == ()
        assert (tx.organization_policy_count(ID, SCP), tx.organization_policy_count("o-bbbbbbbbbb", SCP)) == (
            1,
            0,
        )
        changed = replace(POLICY, content='{"a": 1}', name="other")
        tx.set_organization_policy(changed)
        assert tx.organization_policy(ID, POLICY.id) == changed
        assert tx.organization_policy("o-bbbbbbbbbb", POLICY.id) is None
        assert tx.organization_policy_named(ID, SCP, "other") == changed
        assert tx.organization_policy_named(ID, RCP, "other") is None

        tx.attach_everywhere(ID, "p-FullAWSAccess", SCP)
        tx.attach_organization_policy(attachment(UNIT))
        tx.attach_organization_policy(attachment(UNIT, "p-bbbbbbbb", RCP))
        with pytest.raises(AlreadyExists):
            tx.attach_organization_policy(attachment(UNIT))
        assert tx.policy_targets(ID, "p-FullAWSAccess", "", 9) == (
            make.ACCOUNT,
            make.OTHER,
            UNIT,
            BELOW,
            ROOT,
        )
        assert tx.policy_targets(ID, "p-FullAWSAccess", UNIT, 1) == (BELOW,)
        assert tx.policies_attached_to(ID, [UNIT, make.OTHER]) == (
            (attachment(make.OTHER, "p-FullAWSAccess"), None),
            (attachment(UNIT, "p-FullAWSAccess"), None),
            (attachment(UNIT), changed),
            (attachment(UNIT, "p-bbbbbbbb", RCP), replace(POLICY, id="p-bbbbbbbb", type=RCP)),
        )
        assert tx.policies_attached_to(ID, []) == ()
        tx.detach_organization_policy(ID, UNIT, "p-FullAWSAccess")
        tx.detach_everywhere(ID, RCP)
        assert tx.policies_attached_to(ID, [UNIT]) == ((attachment(UNIT), changed),)
        tx.detach_organization_policy(ID, UNIT, POLICY.id)
        with pytest.raises(StoreError, match="does not exist"):
            tx.detach_organization_policy(ID, UNIT, POLICY.id)
        tx.delete_organization_policy(ID, POLICY.id)
        assert tx.organization_policy(ID, POLICY.id) is None


def test_who_leaves_takes_attachments_and_tags_along(store: Store) -> None:
    with store.write("test") as tx:
        begin(tx)
        tx.attach_everywhere(ID, "p-FullAWSAccess", SCP)
        for resource in (make.OTHER, BELOW):
            tx.put_organization_tag(ID, resource, Tag("team", "a"))
            tx.put_organization_tag(ID, resource, Tag("Team", "b"))
            tx.put_organization_tag(ID, resource, Tag("team", "c"))
            assert tx.organization_tags(ID, resource) == (Tag("Team", "b"), Tag("team", "c"))
        tx.delete_organization_tag(ID, BELOW, "team")
        tx.delete_organization_tag(ID, BELOW, "absent")
        assert tx.organization_tags(ID, BELOW) == (Tag("Team", "b"),)
        tx.remove_organization_member(make.OTHER)
        tx.delete_organizational_unit(BELOW)
        assert tx.policy_targets(ID, "p-FullAWSAccess", "", 9) == (make.ACCOUNT, UNIT, ROOT)
        assert tx.organization_tags(ID, make.OTHER) == tx.organization_tags(ID, BELOW) == ()
        with pytest.raises(StoreError):
            tx.remove_organization_member(make.OTHER)
        with pytest.raises(StoreError):
            tx.delete_organizational_unit(BELOW)


def test_invitations(store: Store) -> None:
    by_address = replace(HANDSHAKE, id="h-bbbbbbbb", account=None, email="Pay@example.com")
    with store.write("test") as tx:
        begin(tx)
        tx.add_handshake(HANDSHAKE)
        tx.add_handshake(by_address)
        assert tx.handshake(HANDSHAKE.id) == HANDSHAKE
        assert tx.handshakes_of(ID, "", 9) == (HANDSHAKE, by_address)
        assert tx.handshakes_to(make.OTHER, "", "", 9) == (HANDSHAKE,)
        assert tx.handshakes_to(THIRD, "pay@example.com", "", 9) == (by_address,)
        assert tx.handshakes_to(make.OTHER, "PAY@example.com", "h-aaaaaaaa", 9) == (by_address,)
        tx.set_handshake_state(HANDSHAKE.id, HandshakeState.DECLINED)
        assert tx.handshakes_of(ID, "", 1) == (replace(HANDSHAKE, state=HandshakeState.DECLINED),)
        tx.forget_handshakes(ID, 20)
        assert len(tx.handshakes_of(ID, "", 9)) == 2
        tx.forget_handshakes(ID, 21)
        assert tx.handshakes_of(ID, "", 9) == ()


def test_accounts_made_and_services_with_access(store: Store) -> None:
    made = AccountCreation("car-aaaaaaaa", ID, "Pay", CreateAccountState.SUCCEEDED, 9, make.OTHER, "")
    failed = replace(made, id="car-bbbbbbbb", account=None, failure="EMAIL_ALREADY_EXISTS")
    with store.write("test") as tx:
        begin(tx)
        tx.add_account_creation(made)
        tx.add_account_creation(failed)
        assert tx.account_creation(ID, made.id) == made
        assert tx.account_creation("o-bbbbbbbbbb", made.id) is None
        assert tx.account_creations(ID, "", 9) == (made, failed)
        tx.put_service_access(ID, "sso.amazonaws.com", 1)
        tx.put_service_access(ID, "config.amazonaws.com", 2)
        tx.put_service_access(ID, "sso.amazonaws.com", 3)
        assert tx.services_with_access(ID, "", 9) == (
            ("config.amazonaws.com", 2),
            ("sso.amazonaws.com", 3),
        )
        tx.delete_service_access(ID, "sso.amazonaws.com")
        tx.delete_service_access(ID, "sso.amazonaws.com")
        assert tx.services_with_access(ID, "config.amazonaws.com", 9) == ()


def test_an_organization_goes_with_all_that_is_its(store: Store) -> None:
    with store.write("test") as tx:
        begin(tx)
        tx.add_organization_policy(POLICY)
        tx.attach_everywhere(ID, "p-FullAWSAccess", SCP)
        tx.add_handshake(HANDSHAKE)
        tx.put_service_access(ID, "sso.amazonaws.com", 1)
        tx.put_organization_tag(ID, ROOT, Tag("team", "a"))
        tx.delete_organization(ID)
        assert tx.organization(ID) is None
        assert (
            tx.organization_member(make.ACCOUNT)
            is tx.handshake(HANDSHAKE.id)
            is tx.organizational_unit(UNIT)
            is None
        )
        assert tx.account(make.ACCOUNT) is not None
        tx.add_organization(ORGANIZATION)
        assert tx.policies_attached_to(ID, [ROOT]) == tx.organization_policies(ID, SCP, "", 9) == ()


def test_what_decisions_rest_on_is_told(store: Store) -> None:
    with store.write("test") as tx:
        begin(tx)
        tx.add_organization_policy(POLICY)
    store.changes()

    def told(change: object) -> set[tuple[Topic, str]]:
        with store.write("test") as tx:
            change(tx)  # type: ignore[operator]  # a verb with its arguments
        return {(entry.topic, entry.subject) for entry in store.changes() or ()}

    organization, other = (Topic.ORGANIZATION, ID), (Topic.ACCOUNT, make.OTHER)
    assert told(lambda tx: tx.set_policy_types(ID, frozenset({SCP}))) == {organization}
    assert told(lambda tx: tx.attach_everywhere(ID, "p-FullAWSAccess", SCP)) == {organization}
    assert told(lambda tx: tx.attach_organization_policy(attachment(ROOT))) == {organization}
    assert told(lambda tx: tx.set_organization_policy(replace(POLICY, content="[]"))) == {organization}
    assert told(lambda tx: tx.detach_organization_policy(ID, ROOT, POLICY.id)) == {organization}
    assert told(lambda tx: tx.move_organization_member(make.OTHER, UNIT)) == {other}
    assert told(lambda tx: tx.set_account_state(make.OTHER, AccountState.CLOSED)) == {other}
    assert told(lambda tx: tx.remove_organization_member(make.OTHER)) == {other}
    assert told(lambda tx: tx.add_organization_member(member(make.OTHER))) == {other}
    assert told(lambda tx: tx.detach_everywhere(ID, SCP)) == {organization}
    assert told(lambda tx: tx.delete_organization(ID)) == {organization}
