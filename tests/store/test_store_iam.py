"""The verbs about groups, managed policies, boundaries and instance profiles."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import store_records as make

from keystead.kinds import PrincipalType
from keystead.model import OidcProvider, PolicyVersion, Tag
from keystead.store import AlreadyExists, Store, StoreError, WriteTx
from keystead.store.port import EntityCounts

PAY = "arn:aws:iam::111122223333:policy/Pay"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def test_an_empty_store_has_none_of_it(store: Store) -> None:
    with store.read() as tx:
        assert tx.group("AGPAOPS") is None
        assert tx.group_named(make.ACCOUNT, "Ops") is None
        assert tx.groups(make.ACCOUNT, "/", "", 9) == ()
        assert tx.groups_of("AIDABOB") == ()
        assert tx.members("AGPAOPS", "", 9) == ()
        assert tx.managed_policy(PAY) is None
        assert tx.managed_policies(make.ACCOUNT, "/", "", 9) == ()
        assert tx.policy_version(PAY, 1) is None
        assert tx.policy_versions(PAY) == ()
        assert tx.attached_policies("AIDABOB") == ()
        assert tx.attached_to(make.ACCOUNT, PAY, "", 9) == ()
        assert tx.attachment_counts(make.ACCOUNT, [PAY]) == {}
        assert tx.boundary_of(make.ACCOUNT, PAY, "", 9) == ()
        assert tx.boundary_counts(make.ACCOUNT, [PAY]) == {}
        assert tx.entity_counts(make.ACCOUNT) == (0,) * 8
        assert tx.instance_profile_named(make.ACCOUNT, "Web") is None
        assert tx.instance_profiles(make.ACCOUNT, "/", "", 9) == ()
        assert tx.instance_profiles_of("AROABOB", "", 9) == ()


def test_a_principal_is_replaced_as_a_whole(store: Store) -> None:
    tags = (Tag("z", "ü"), Tag("a", ""))
    bob = replace(make.user("Bob"), name="Robert", path="/ops/", tags=tags, boundary=PAY)
    role = replace(make.role("Bob"), tags=tags, boundary=ADMINISTRATOR)
    assert role.role is not None
    role = replace(role, role=replace(role.role, description="", max_session_duration=3600))
    with store.write("test") as tx:
        tx.add_account(make.account())
        for principal in (make.user("Bob"), make.user("Eve"), make.role("Bob")):
            tx.add_principal(principal)
        tx.alter_principal(bob)
        tx.alter_principal(role)
        with pytest.raises(AlreadyExists, match="user eVE exists already"):
            tx.alter_principal(replace(bob, name="eVE"))
        tx.alter_principal(replace(make.user("Eve"), name="EVE"))
        with pytest.raises(StoreError, match="principal AIDANOBODY does not exist"):
            tx.alter_principal(make.user("Nobody"))
    with store.read() as tx:
        assert tx.principal("AIDABOB") == bob
        assert tx.principal_named(make.ACCOUNT, PrincipalType.USER, "bob") is None
        assert tx.principal("AROABOB") == role
        eve = tx.principal("AIDAEVE")
        assert eve is not None
        assert eve.name == "EVE"


def test_groups_are_no_principals(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.user("Ops"))
        tx.add_group(make.group("Ops"))
        with pytest.raises(AlreadyExists, match="group oPS exists already"):
            tx.add_group(replace(make.group("oPS"), unique_id="AGPAOTHER"))
        with pytest.raises(StoreError, match="group AIDAOPS does not exist"):
            tx.delete_group("AIDAOPS")
    with store.read() as tx:
        assert tx.principal("AGPAOPS") is None
        assert tx.group("AIDAOPS") is None
        assert tx.group("AGPAOPS") == make.group("Ops")
        assert tx.group_named(make.ACCOUNT, "OPS") == make.group("Ops")
        assert tx.group_named(make.OTHER, "OPS") is None
        for kind in PrincipalType:
            assert make.group("Ops").unique_id not in [
                one.unique_id for one in tx.principals(make.ACCOUNT, kind, "/", "", 9)
            ]


def test_groups_are_listed_and_renamed(store: Store) -> None:
    groups = [make.group("a", "/x/"), make.group("B"), make.group("c", "/x/y/")]
    with store.write("test") as tx:
        tx.add_account(make.account())
        for group in reversed(groups):
            tx.add_group(group)
        assert tx.groups(make.ACCOUNT, "/", "", 9) == tuple(groups)
        assert tx.groups(make.ACCOUNT, "/x/", "a", 9) == (groups[2],)
        assert tx.groups(make.ACCOUNT, "/", "", 1) == (groups[0],)
        with pytest.raises(AlreadyExists, match="group b exists already"):
            tx.alter_group(replace(groups[0], name="b"))
        tx.alter_group(replace(groups[0], name="d", path="/"))
        assert tx.group("AGPAA") == replace(groups[0], name="d", path="/")
        tx.delete_group("AGPAA")
        assert tx.group("AGPAA") is None


def test_members(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        for name in ("carol", "Bob", "alice"):
            tx.add_principal(make.user(name))
        for name in ("Ops", "dev"):
            tx.add_group(make.group(name))
            tx.add_member(f"AGPA{name.upper()}", "AIDABOB")
        tx.add_member("AGPAOPS", "AIDACAROL")
        with pytest.raises(AlreadyExists, match="member AIDABOB of AGPAOPS"):
            tx.add_member("AGPAOPS", "AIDABOB")
    with store.read() as tx:
        assert tx.groups_of("AIDABOB") == (make.group("dev"), make.group("Ops"))
        assert tx.members("AGPAOPS", "", 9) == (make.user("Bob"), make.user("carol"))
        assert tx.members("AGPAOPS", "bob", 9) == (make.user("carol"),)
        assert tx.members("AGPAOPS", "", 1) == (make.user("Bob"),)
    with store.write("test") as tx:
        tx.remove_member("AGPAOPS", "AIDABOB")
        with pytest.raises(StoreError, match="member AIDABOB of AGPAOPS does not exist"):
            tx.remove_member("AGPAOPS", "AIDABOB")
        assert tx.members("AGPAOPS", "", 9) == (make.user("carol"),)


def _delete(store: Store, unique_id: str, hold: Callable[[WriteTx], None] | None = None) -> None:
    """Deletes Bob or his group, after `hold`."""
    with store.write("test") as tx:
        if hold is not None:
            hold(tx)
        if unique_id == "AIDABOB":
            tx.delete_principal(unique_id)
        else:
            tx.delete_group(unique_id)


@pytest.mark.parametrize("unique_id", ["AIDABOB", "AGPAOPS"])
def test_what_has_members_or_policies_is_not_deleted(store: Store, unique_id: str) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.user("Bob"))
        tx.add_group(make.group("Ops"))
    holds: list[Callable[[WriteTx], None]] = [
        lambda tx: tx.add_member("AGPAOPS", "AIDABOB"),
        lambda tx: tx.put_inline_policy(make.policy(unique_id)),
        lambda tx: tx.attach_policy(make.ACCOUNT, unique_id, ADMINISTRATOR),
    ]
    for hold in holds:
        with pytest.raises(StoreError, match="still referred to"):
            _delete(store, unique_id, hold)
    _delete(store, unique_id)


def test_managed_policies_and_their_versions(store: Store) -> None:
    second = PolicyVersion(PAY, 2, '{"b": "ü"}', 20)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_managed_policy(make.managed_policy(), "{}")
        with pytest.raises(AlreadyExists, match="managed policy pAY exists already"):
            tx.add_managed_policy(replace(make.managed_policy("pAY", "/x/"), unique_id="ANPAOTHER"), "{}")
        tx.add_policy_version(second)
        with pytest.raises(AlreadyExists, match="version v2 of"):
            tx.add_policy_version(second)
        changed = replace(
            make.managed_policy(), default_version=2, last_version=2, updated=20, tags=(Tag("k", "v"),)
        )
        tx.alter_managed_policy(changed)
    with store.read() as tx:
        assert tx.managed_policy(PAY) == changed
        assert tx.policy_version(PAY, 2) == second
        assert tx.policy_versions(PAY) == (PolicyVersion(PAY, 1, "{}", 11), second)
        assert [version.id for version in tx.policy_versions(PAY)] == ["v1", "v2"]
    with store.write("test") as tx:
        tx.delete_policy_version(PAY, 1)
        with pytest.raises(StoreError, match="version v1 of"):
            tx.delete_policy_version(PAY, 1)
        assert tx.policy_versions(PAY) == (second,)
        tx.delete_managed_policy(PAY)
        assert tx.managed_policy(PAY) is None
        assert tx.policy_versions(PAY) == ()
        with pytest.raises(StoreError, match=f"managed policy {PAY} does not exist"):
            tx.delete_managed_policy(PAY)


def test_managed_policies_are_listed(store: Store) -> None:
    policies = [make.managed_policy("a", "/x/"), make.managed_policy("B"), make.managed_policy("c", "/x/")]
    with store.write("test") as tx:
        tx.add_account(make.account())
        for policy in reversed(policies):
            tx.add_managed_policy(policy, "{}")
        assert tx.managed_policies(make.ACCOUNT, "/", "", 9) == tuple(policies)
        assert tx.managed_policies(make.ACCOUNT, "/x/", "a", 9) == (policies[2],)
        assert tx.managed_policies(make.ACCOUNT, "/", "", 1) == (policies[0],)
        assert tx.managed_policies(make.OTHER, "/", "", 9) == ()


def test_attachments_are_seen_from_both_ends(store: Store) -> None:
    foreign = make.user("Eve", account=make.OTHER)
    with store.write("test") as tx:
        for account in (make.ACCOUNT, make.OTHER):
            tx.add_account(make.account(account))
        for principal in (make.user("Bob"), make.role("Bob"), foreign):
            tx.add_principal(principal)
        tx.add_group(make.group())
        tx.add_managed_policy(make.managed_policy(), "{}")
        for unique_id in ("AROABOB", "AIDABOB", "AGPAOPS"):
            tx.attach_policy(make.ACCOUNT, unique_id, ADMINISTRATOR)
        tx.attach_policy(make.OTHER, "AIDAEVE", ADMINISTRATOR)
        tx.attach_policy(make.ACCOUNT, "AIDABOB", PAY)
        with pytest.raises(AlreadyExists, match=f"attachment of {PAY} to AIDABOB"):
            tx.attach_policy(make.ACCOUNT, "AIDABOB", PAY)
    with store.read() as tx:
        assert tx.attached_policies("AIDABOB") == (PAY, ADMINISTRATOR)
        to = (make.group(), make.user("Bob"), make.role("Bob"))
        assert tx.attached_to(make.ACCOUNT, ADMINISTRATOR, "", 9) == to
        assert tx.attached_to(make.ACCOUNT, ADMINISTRATOR, "AGPAOPS", 1) == to[1:2]
        assert tx.attached_to(make.OTHER, ADMINISTRATOR, "", 9) == (foreign,)
        assert tx.attachment_counts(make.ACCOUNT, [ADMINISTRATOR, PAY, "x"]) == {ADMINISTRATOR: 3, PAY: 1}
        assert tx.attachment_counts(make.ACCOUNT, []) == {}
    with store.write("test") as tx:
        tx.detach_policy("AIDABOB", PAY)
        assert tx.attached_policies("AIDABOB") == (ADMINISTRATOR,)
        with pytest.raises(StoreError, match=f"attachment of {PAY} to AIDABOB does not exist"):
            tx.detach_policy("AIDABOB", PAY)


def test_boundaries_are_seen_from_both_ends(store: Store) -> None:
    bound = [
        replace(make.user("Bob"), boundary=PAY),
        replace(make.user("Carol"), boundary=PAY),
        replace(make.role("Bob"), boundary=PAY),
    ]
    with store.write("test") as tx:
        tx.add_account(make.account())
        for principal in (*bound, make.user("Eve")):
            tx.add_principal(principal)
        assert tx.boundary_of(make.ACCOUNT, PAY, "", 9) == tuple(bound)
        assert tx.boundary_of(make.ACCOUNT, PAY, "AIDABOB", 1) == (bound[1],)
        assert tx.boundary_counts(make.ACCOUNT, [PAY, ADMINISTRATOR]) == {PAY: 3}
        assert tx.boundary_counts(make.OTHER, [PAY]) == {}


def test_instance_profiles(store: Store) -> None:
    web, job = make.instance_profile(role="AROABOB"), make.instance_profile("job", "/x/")
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.role("Bob"))
        tx.add_instance_profile(web)
        tx.add_instance_profile(job)
        with pytest.raises(AlreadyExists, match="instance profile wEB exists already"):
            tx.add_instance_profile(replace(web, name="wEB", unique_id="AIPAOTHER"))
        assert tx.instance_profile_named(make.ACCOUNT, "WEB") == web
        assert tx.instance_profiles(make.ACCOUNT, "/", "", 9) == (job, web)
        assert tx.instance_profiles(make.ACCOUNT, "/x/", "", 9) == (job,)
        assert tx.instance_profiles_of("AROABOB", "", 9) == (web,)
        assert tx.instance_profiles_of("AROABOB", "web", 9) == ()
    with pytest.raises(StoreError, match="still referred to"), store.write("test") as tx:
        tx.delete_principal("AROABOB")
    with store.write("test") as tx:
        tx.alter_instance_profile(replace(web, role=None, tags=()))
        assert tx.instance_profile_named(make.ACCOUNT, "Web") == replace(web, role=None, tags=())
        tx.delete_instance_profile("AIPAWEB")
        assert tx.instance_profiles(make.ACCOUNT, "/", "", 9) == (job,)
        with pytest.raises(StoreError, match="instance profile AIPAWEB does not exist"):
            tx.delete_instance_profile("AIPAWEB")


def test_entities_are_counted(store: Store) -> None:
    with store.write("test") as tx:
        for account in (make.ACCOUNT, make.OTHER):
            tx.add_account(make.account(account))
        for principal in (make.user("a"), make.user("b"), make.role("c")):
            tx.add_principal(principal)
        tx.add_group(make.group())
        tx.add_managed_policy(make.managed_policy(), "{}")
        tx.add_policy_version(PolicyVersion(PAY, 2, "{}", 1))
        tx.add_managed_policy(make.managed_policy("theirs", account=make.OTHER), "{}")
        tx.add_instance_profile(make.instance_profile())
        tx.add_oidc_provider(OidcProvider(make.ACCOUNT, "issuer.example", (), (), 1))
        tx.add_credential(make.credential("AKIAROOT", None))
        tx.add_credential(make.credential("AKIAUSER", "AIDAA"))
        assert tx.entity_counts(make.ACCOUNT) == EntityCounts(2, 1, 1, 1, 2, 1, 1, 1)
        assert tx.entity_counts(make.OTHER) == EntityCounts(0, 0, 0, 1, 1, 0, 0, 0)
