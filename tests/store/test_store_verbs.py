"""Every verb, on every engine."""

from dataclasses import replace

import pytest
import store_records as make

from keystead.kinds import (
    CredentialStatus,
    ExpirationModel,
    GrantOperation,
    KeyManager,
    KeyState,
    Origin,
    PrincipalType,
)
from keystead.model import Imported, Rotation, Tag
from keystead.names import AccessKeyId, AccountId, AliasName, KeyArn, KeyId, Region
from keystead.store import AlreadyExists, Store, StoreError


def test_an_empty_store_has_nothing(store: Store) -> None:
    with store.read() as tx:
        assert tx.account(make.ACCOUNT) is None
        assert tx.accounts() == ()
        assert tx.principal("AIDABOB") is None
        assert tx.principal_named(make.ACCOUNT, PrincipalType.USER, "bob") is None
        assert tx.principals(make.ACCOUNT, PrincipalType.USER, "/", "", 10) == ()
        assert tx.inline_policy("AIDABOB", "allow") is None
        assert tx.inline_policies("AIDABOB") == ()
        assert tx.credential(AccessKeyId("AKIAONE")) is None
        assert tx.credentials("AIDABOB") == ()
        assert tx.key(make.REGION, make.key_arn().key_id) is None
        assert tx.keys(make.ACCOUNT, make.REGION, "", 10) == ()
        assert tx.key_material(make.key_arn(), make.MATERIAL) is None
        assert tx.alias(make.alias_arn()) is None
        assert tx.aliases(make.ACCOUNT, make.REGION, "", 10) == ()
        assert tx.aliases_of_key(make.key_arn(), "", 10) == ()
        assert tx.grant(make.key_arn(), make.grant_id()) is None
        assert tx.grants_to(make.key_arn(), ["AIDABOB"], 9) == ()
        assert tx.grants_for(make.key_arn(), ["AIDABOB"], GrantOperation.ENCRYPT, {}) == ()
        assert tx.grant_like(make.grant(name="n")) is None
        assert tx.grant_count(make.key_arn()) == 0
        assert tx.key_count(make.ACCOUNT, make.REGION) == 0
        assert tx.root_key() is None
        assert tx.events(0, 10) == ()
        assert tx.last_change() == 0


def test_accounts(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account(make.OTHER))
        tx.add_account(make.account())
        with pytest.raises(AlreadyExists, match="account 111122223333"):
            tx.add_account(make.account())
    with store.read() as tx:
        assert tx.account(make.ACCOUNT) == make.account()
        assert tx.accounts() == (make.account(), make.account(make.OTHER))
        assert isinstance(tx.accounts()[0].id, AccountId)


def test_principals_are_found_by_id_and_by_name_in_any_case(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.user("Bob"))
        tx.add_principal(make.role("Bob"))
        with pytest.raises(AlreadyExists, match="user bOB"):
            tx.add_principal(make.user("bOB", unique_id="AIDAOTHER"))
        with pytest.raises(AlreadyExists):
            tx.add_principal(make.user("Eve", unique_id="AIDABOB"))
    with store.read() as tx:
        assert tx.principal("AIDABOB") == make.user("Bob")
        assert tx.principal_named(make.ACCOUNT, PrincipalType.USER, "BOB") == make.user("Bob")
        assert tx.principal_named(make.ACCOUNT, PrincipalType.ROLE, "bob") == make.role("Bob")
        assert tx.principal_named(make.OTHER, PrincipalType.USER, "bob") is None
        found = tx.principals_with(["AIDABOB", "AIDANOBODY", "AROABOB", "AIDABOB"])
        assert sorted(found, key=lambda one: one.unique_id) == [make.user("Bob"), make.role("Bob")]
        assert tx.principals_with([]) == ()
    with store.write("test") as tx:
        tx.delete_principal("AIDABOB")
        assert tx.principal("AIDABOB") is None
        tx.add_principal(make.user("bob", unique_id="AIDAAGAIN"))
        with pytest.raises(StoreError, match="AIDABOB does not exist"):
            tx.delete_principal("AIDABOB")


def test_principals_are_listed_by_path_and_lower_cased_name(store: Store) -> None:
    users = [
        make.user("alice", "/ops/"),
        make.user("Bob", "/ops/emea/"),
        make.user("carol", "/Ops/"),
        make.user("Dave", "/ops/"),
        make.user("erin", "/o%s/"),
    ]
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.role("anna"))
        for user in reversed(users):
            tx.add_principal(user)
    alice, bob, _, dave, _ = users
    with store.read() as tx:
        assert tx.principals(make.ACCOUNT, PrincipalType.USER, "/", "", 100) == tuple(users)
        assert tx.principals(make.ACCOUNT, PrincipalType.USER, "/ops/", "", 100) == (alice, bob, dave)
        assert tx.principals(make.ACCOUNT, PrincipalType.USER, "/ops/", "", 2) == (alice, bob)
        assert tx.principals(make.ACCOUNT, PrincipalType.USER, "/ops/", "bob", 2) == (dave,)
        assert tx.principals(make.ACCOUNT, PrincipalType.USER, "/ops/emea/", "", 2) == (bob,)
        assert tx.principals(make.OTHER, PrincipalType.USER, "/", "", 100) == ()


def test_inline_policies_are_put_and_deleted(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.user())
        tx.put_inline_policy(make.policy(name="b"))
        tx.put_inline_policy(make.policy(name="B"))
        tx.put_inline_policy(make.policy(name="b", document='{"Version": "ü"}'))
    with store.read() as tx:
        assert tx.inline_policy("AIDABOB", "b") == make.policy(name="b", document='{"Version": "ü"}')
        assert [policy.name for policy in tx.inline_policies("AIDABOB")] == ["B", "b"]
    with store.write("test") as tx:
        tx.delete_inline_policy("AIDABOB", "b")
        assert [policy.name for policy in tx.inline_policies("AIDABOB")] == ["B"]
        with pytest.raises(StoreError, match="inline policy b of AIDABOB does not exist"):
            tx.delete_inline_policy("AIDABOB", "b")


def test_credentials(store: Store) -> None:
    root = make.credential("root", None)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.user())
        for credential in (make.credential("AKIATWO"), make.credential("AKIAONE"), root):
            tx.add_credential(credential)
        with pytest.raises(AlreadyExists, match="access key AKIAONE"):
            tx.add_credential(make.credential("AKIAONE"))
    with store.read() as tx:
        assert tx.credential(AccessKeyId("root")) == root
        assert tx.credentials("AIDABOB") == (make.credential("AKIAONE"), make.credential("AKIATWO"))
    with store.write("test") as tx:
        tx.set_credential_status(AccessKeyId("AKIAONE"), CredentialStatus.INACTIVE)
        tx.delete_credential(AccessKeyId("AKIATWO"))
        for missing in (
            tx.delete_credential,
            lambda access_key: tx.set_credential_status(access_key, CredentialStatus.ACTIVE),
        ):
            with pytest.raises(StoreError, match="access key AKIATWO does not exist"):
                missing(AccessKeyId("AKIATWO"))
    with store.read() as tx:
        (left,) = tx.credentials("AIDABOB")
        assert left == replace(make.credential("AKIAONE"), status=CredentialStatus.INACTIVE)
        assert left.status is CredentialStatus.INACTIVE


def test_a_principal_with_policies_or_access_keys_stays(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_principal(make.user())
        tx.add_credential(make.credential())
    with (
        pytest.raises(StoreError, match="`DeleteUser` failed: a row refers to one"),
        store.write("DeleteUser") as tx,
    ):
        tx.delete_principal("AIDABOB")
    with store.read() as tx:
        assert tx.principal("AIDABOB") is not None


def test_keys_come_back_as_they_were_put(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), make.material(make.key_arn(1)))
        tx.add_key(make.bare_key(2), None)
        with pytest.raises(AlreadyExists, match="key arn:aws:kms:eu-west-1:111122223333:key/00000001"):
            tx.add_key(make.bare_key(1), None)
    with store.read() as tx:
        assert tx.key(make.REGION, make.key_arn(1).key_id) == make.key(1)
        assert tx.key(make.REGION, make.key_arn(2).key_id) == make.bare_key(2)
        assert tx.key(Region("us-east-1"), make.key_arn(1).key_id) is None
        assert tx.key_material(make.key_arn(1), make.MATERIAL) == make.material(make.key_arn(1))
        assert tx.key_material(make.key_arn(2), make.MATERIAL) is None
        assert tx.key_material(make.key_arn(1, make.OTHER), make.MATERIAL) is None
        key = tx.key(make.REGION, make.key_arn(1).key_id)
        assert key is not None
        assert type(key.arn.key_id) is KeyId
        assert type(key.arn.region) is Region
        assert key.state is KeyState.ENABLED
        assert key.multi_region is False


def test_related_keys_are_those_of_one_id_and_account_in_the_order_of_their_regions(store: Store) -> None:
    regions = [Region(name) for name in ("us-east-1", "eu-west-1", "ap-south-1")]
    related = [make.multi_region_key(region) for region in regions]
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        tx.add_key(make.key(1), None)
        for key in related:
            tx.add_key(key, make.material(key.arn))
        tx.add_key(make.multi_region_key(Region("us-west-2"), make.OTHER), None)
        tx.add_key(make.multi_region_key(number=2), None)
    with store.read() as tx:
        assert tx.related_keys(related[0].arn) == tuple(reversed(related)) == tx.related_keys(related[1].arn)
        assert tx.related_keys(make.key_arn(1)) == ()
        assert tx.key(regions[2], related[2].arn.key_id) == related[2]
    with store.write("test") as tx:
        tx.delete_key(related[1].arn)
        moved = replace(
            related[0], primary_region=Region("ap-south-1"), pending_window=None, passing_until=None
        )
        tx.set_key_life(moved)
        assert tx.related_keys(related[0].arn) == (related[2], moved)


def test_multi_region_keys_of_an_account(store: Store) -> None:
    mine = [make.multi_region_key(Region(name)) for name in ("eu-west-1", "us-east-1")]
    last = make.multi_region_key(number=2)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        assert tx.multi_region_keys(make.ACCOUNT, 9) == ()
        tx.add_key(make.key(1), None)
        for key in (last, *reversed(mine), make.multi_region_key(Region("us-west-2"), make.OTHER)):
            tx.add_key(key, None)
    with store.read() as tx:
        arns = tuple(key.arn for key in (*mine, last))
        assert tx.multi_region_keys(make.ACCOUNT, 9) == arns
        assert tx.multi_region_keys(make.ACCOUNT, 2) == arns[:2]


def test_a_key_id_is_unique_in_its_region_across_accounts(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        tx.add_key(make.key(1), None)
        with pytest.raises(AlreadyExists):
            tx.add_key(make.key(1, make.OTHER), None)
        tx.add_key(make.key(1, make.OTHER, Region("us-east-1")), None)


def test_keys_are_altered_by_their_whole_arn(store: Store) -> None:
    arn = make.key_arn(1)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
        tx.add_key(make.key(2), None)
        tx.set_key_life(replace(make.key(1), state=KeyState.DISABLED))
        tx.set_key_description(arn, "new")
        tx.set_key_policy(arn, "{}")
        for wrong in (
            make.key_arn(3),
            make.key_arn(1, make.OTHER),
            make.key_arn(1, region=Region("us-east-1")),
        ):
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_life(replace(make.key(1), arn=wrong))
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_description(wrong, "")
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_policy(wrong, "")
    with store.read() as tx:
        expected = replace(make.key(1), state=KeyState.DISABLED, description="new", policy="{}")
        assert tx.key(make.REGION, arn.key_id) == expected
        assert tx.key(make.REGION, make.key_arn(2).key_id) == make.key(2)


def test_the_life_of_a_key_comes_back_as_it_was_put(store: Store) -> None:
    rotation = Rotation(90, 123, 122)
    born = replace(make.key(2), rotation=Rotation(365, 9), current_material=None)
    lived = replace(make.key(1), state=KeyState.PENDING_DELETION, deletion_date=124, rotation=rotation)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
        tx.add_key(born, None)
        tx.set_key_life(replace(lived, policy="{}", description="not the life"))
    with store.read() as tx:
        assert tx.key(make.REGION, make.key_arn(1).key_id) == lived
        assert tx.key(make.REGION, make.key_arn(2).key_id) == born


def test_tags_are_replaced_all_at_once(store: Store) -> None:
    arn = make.key_arn(1)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
        tx.add_key(make.key(2), None)
        tx.set_key_tags(arn, [Tag("b", "2"), Tag("a", "1"), Tag("A", "")])
        for wrong in (make.key_arn(3), make.key_arn(1, make.OTHER)):
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_tags(wrong, [])
    with store.read() as tx:
        tags = (Tag("A", ""), Tag("a", "1"), Tag("b", "2"))
        assert tx.key(make.REGION, arn.key_id) == replace(make.key(1), tags=tags)
        assert tx.key(make.REGION, make.key_arn(2).key_id) == make.key(2)
    with store.write("test") as tx:
        tx.set_key_tags(arn, [])
        assert tx.key(make.REGION, arn.key_id) == replace(make.key(1), tags=())


def test_versions_of_material_come_oldest_first(store: Store) -> None:
    arn = make.key_arn(1)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
        tx.add_key(make.key(2), make.material(make.key_arn(2)))
        tx.add_key_material(make.later_material(arn))
        tx.add_key_material(make.material(arn))
        with pytest.raises(AlreadyExists, match="key material abab"):
            tx.add_key_material(make.material(arn))
    with store.read() as tx:
        assert tx.key_materials(arn) == (make.material(arn), make.later_material(arn))
        assert tx.key_material(arn, make.later_material(arn).id) == make.later_material(arn)
        assert tx.key_materials(make.key_arn(3)) == ()
        assert tx.key_materials(make.key_arn(1, make.OTHER)) == ()


def test_a_version_of_material_is_replaced_and_deleted(store: Store) -> None:
    arn = make.key_arn()
    first, second = make.material(arn), make.later_material(arn)
    imported = Imported(ExpirationModel.EXPIRES, 40, 20, 10)
    key = replace(make.key(), origin=Origin.EXTERNAL, imported=imported)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(key, first)
        tx.add_key_material(replace(second, staged=True, valid_to=10, description="d"))
        assert tx.key(make.REGION, arn.key_id) == key
        assert tx.key_materials(arn)[1] == replace(second, staged=True, valid_to=10, description="d")
    with store.write("test") as tx:
        gone = replace(first, sealed=None, rotated=9, valid_to=8)
        tx.set_key_material(gone)
        tx.delete_key_material(arn, second.id)
        assert tx.key_materials(arn) == (gone,)
        tx.set_key_life(replace(key, imported=Imported()))
        assert tx.key(make.REGION, arn.key_id) == replace(key, imported=Imported())
    for wrong in (make.key_arn(2), make.key_arn(1, make.OTHER)):
        with store.write("test") as tx:
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_material(make.material(wrong))
            with pytest.raises(StoreError, match="does not exist"):
                tx.delete_key_material(wrong, first.id)


def test_a_key_is_due_when_imported_material_expires(store: Store) -> None:
    expiring = replace(make.key(1), state=KeyState.PENDING_DELETION, imported=Imported(next_expiry=20))
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(expiring, None)
    with store.read() as tx:
        assert tx.due_keys(19, 9) == ()
        assert tx.due_keys(20, 9) == (expiring.arn,)


def test_keys_are_due_in_the_order_of_their_dates(store: Store) -> None:
    pending = replace(make.key(1), state=KeyState.PENDING_DELETION, deletion_date=20)
    rotating = replace(make.key(2), rotation=Rotation(90, 10))
    disabled = replace(make.key(3), state=KeyState.DISABLED, rotation=Rotation(90, 10))
    started = replace(make.key(4), rotation=Rotation(on_demand=1))
    with store.write("test") as tx:
        tx.add_account(make.account())
        for key in (pending, rotating, disabled, started, make.key(5)):
            tx.add_key(key, None)
    with store.read() as tx:
        assert tx.due_keys(9, 9) == ()
        assert tx.due_keys(20, 9) == (rotating.arn, pending.arn)
        assert tx.due_keys(10**9, 9) == (rotating.arn, pending.arn, started.arn)
        assert tx.due_keys(10**9, 1) == (rotating.arn,)
    with store.write("test") as tx:
        tx.set_key_life(replace(pending, state=KeyState.DISABLED, deletion_date=None))
        tx.set_key_life(replace(disabled, state=KeyState.ENABLED))
    with store.read() as tx:
        assert tx.due_keys(20, 9) == (rotating.arn, disabled.arn)


def test_all_that_is_a_keys_own_goes_with_it(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        for number in (1, 2):
            arn = make.key_arn(number)
            tx.add_key(make.key(number), make.material(arn))
            tx.add_key_material(make.later_material(arn))
            tx.add_alias(make.alias(f"alias/a{number}", number))
            tx.add_alias(make.alias(f"alias/b{number}", number))
            tx.add_grant(make.grant(1, arn))
        for wrong in (make.key_arn(3), make.key_arn(1, make.OTHER)):
            with pytest.raises(StoreError, match="does not exist"):
                tx.delete_key(wrong)
        tx.delete_key(make.key_arn(1))
    gone, left = make.key_arn(1), make.key_arn(2)
    with store.read() as tx:
        assert tx.key(make.REGION, gone.key_id) is None
        assert tx.key_materials(gone) == ()
        assert tx.aliases_of_key(gone, "", 9) == ()
        assert tx.grant(gone, make.grant_id()) is None
        assert [alias.name for alias in tx.aliases(make.ACCOUNT, make.REGION, "", 9)] == [
            "alias/a2",
            "alias/b2",
        ]
        assert tx.key(make.REGION, left.key_id) == make.key(2)
        assert len(tx.key_materials(left)) == 2
        assert tx.grant_count(left) == 1
    with store.write("test") as tx:
        tx.add_key(make.bare_key(1), None)
        assert tx.key(make.REGION, gone.key_id) == make.bare_key(1), "and no tags come back"


def test_keys_of_customers_are_counted_by_account_and_region(store: Store) -> None:
    with store.write("test") as tx:
        for account in (make.ACCOUNT, make.OTHER):
            tx.add_account(make.account(account))
        of_aws = replace(make.key(9), manager=KeyManager.AWS)
        foreign = replace(make.key(8), arn=replace(make.key_arn(8), account=make.OTHER))
        elsewhere = replace(make.key(7), arn=replace(make.key_arn(7), region=Region("us-east-1")))
        for key in (make.key(0), make.key(1), of_aws, foreign, elsewhere):
            tx.add_key(key, None)
        with pytest.raises(AlreadyExists):
            tx.add_key(make.key(1), None)
        assert tx.key_count(make.ACCOUNT, make.REGION) == 2
        tx.delete_key(of_aws.arn)
        assert tx.key_count(make.ACCOUNT, make.REGION) == 2
        with pytest.raises(StoreError):
            tx.delete_key(replace(make.key_arn(1), account=make.OTHER))
        tx.delete_key(make.key_arn(1))
    with store.read() as tx:
        assert tx.key_count(make.ACCOUNT, make.REGION) == 1
        assert tx.key_count(make.OTHER, make.REGION) == 1
        assert tx.key_count(make.ACCOUNT, Region("us-east-1")) == 1


def test_keys_are_listed_in_pages(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        for number in (3, 1, 2):
            tx.add_key(make.key(number), None)
        tx.add_key(make.key(4, make.OTHER), None)
    with store.read() as tx:
        assert tx.keys(make.ACCOUNT, make.REGION, "", 2) == (make.key_arn(1), make.key_arn(2))
        assert tx.keys(make.ACCOUNT, make.REGION, make.key_arn(2).key_id, 2) == (make.key_arn(3),)
        assert isinstance(tx.keys(make.ACCOUNT, make.REGION, "", 1)[0], KeyArn)


def test_aliases(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(1), None)
        tx.add_key(make.key(2), None)
        for name in ("alias/b", "alias/a", "alias/C"):
            tx.add_alias(make.alias(name))
        with pytest.raises(AlreadyExists, match="alias/b"):
            tx.add_alias(make.alias("alias/b", 2))
        tx.set_alias_target(make.alias_arn("alias/a"), make.key_arn(2).key_id, 9)
    moved = replace(make.alias("alias/a", 2), updated=9)
    with store.read() as tx:
        assert tx.alias(make.alias_arn("alias/a")) == moved
        assert tx.aliases(make.ACCOUNT, make.REGION, "", 2) == (make.alias("alias/C"), moved)
        assert tx.aliases(make.ACCOUNT, make.REGION, "alias/a", 2) == (make.alias("alias/b"),)
        assert tx.aliases_of_key(make.key_arn(1), "", 1) == (make.alias("alias/C"),)
        assert tx.aliases_of_key(make.key_arn(1), "alias/C", 9) == (make.alias("alias/b"),)
        assert tx.aliases_of_key(make.key_arn(2), "", 9) == (moved,)
        assert type(moved.name) is AliasName
    with store.write("test") as tx:
        tx.delete_alias(make.alias_arn("alias/a"))
        assert tx.alias(make.alias_arn("alias/a")) is None
        with pytest.raises(StoreError, match="alias/a does not exist"):
            tx.delete_alias(make.alias_arn("alias/a"))
        with pytest.raises(StoreError, match="alias/a does not exist"):
            tx.set_alias_target(make.alias_arn("alias/a"), make.key_arn(1).key_id, 9)


def test_an_alias_points_to_a_key_of_its_account(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        tx.add_key(make.key(1), None)
    with pytest.raises(StoreError, match="a row refers to one that is not there"), store.write("test") as tx:
        tx.add_alias(make.alias(account=make.OTHER))


def test_there_is_one_root_key(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_root_key(make.root_key())
        with pytest.raises(AlreadyExists, match="the root key exists already"):
            tx.add_root_key(replace(make.root_key(), sealed=b"other"))
    with store.read() as tx:
        assert tx.root_key() == make.root_key()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 31, 64, 65, 512, 513, 1100])
def test_events_keep_their_order(store: Store, count: int) -> None:
    store.append_events(make.events(count))
    with store.write("test") as tx:
        tx.append_events(make.events(3, start=count))
    with store.read() as tx:
        assert [event for _, event in tx.events(0, 10_000)] == make.events(count + 3)
        assert [sequence for sequence, _ in tx.events(0, 10_000)] == list(range(1, count + 4))
        assert tx.events(count, 2) == tuple(zip((count + 1, count + 2), make.events(2, count), strict=True))


def test_reset_keeps_the_root_key_alone_and_sequences_go_on(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_root_key(make.root_key())
        tx.add_account(make.account())
        tx.add_principal(make.user())
        tx.add_credential(make.credential())
        tx.put_inline_policy(make.policy())
        tx.add_key(make.key(1), make.material(make.key_arn(1)))
        tx.add_alias(make.alias())
        tx.add_grant(make.grant())
        tx.append_events(make.events(3))
        before = tx.last_change()
    with store.write("reset") as tx:
        tx.reset()
    with store.read() as tx:
        assert tx.root_key() == make.root_key()
        assert tx.accounts() == ()
        assert tx.key(make.REGION, make.key_arn(1).key_id) is None
        assert tx.events(0, 9) == ()
        assert tx.last_change() == before + 1
    store.append_events(make.events(1))
    with store.read() as tx:
        assert tx.events(0, 9)[0][0] == 4


def test_secrets_are_not_in_errors(store: Store) -> None:
    with pytest.raises(StoreError) as raised, store.write("test") as tx:
        tx.add_credential(make.credential())
    error: BaseException | None = raised.value
    while error is not None:
        assert "sealed" not in str(error)
        error = error.__cause__
