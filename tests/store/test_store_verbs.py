"""Every verb, on every engine."""

from dataclasses import replace
from typing import Any

import pytest
import store_records as make
from sqlalchemy import event

from keystead.kinds import CredentialStatus, GrantOperation, KeyState, PrincipalType
from keystead.model import Grant, GrantConstraints
from keystead.names import AccessKeyId, AccountId, AliasName, GrantId, KeyArn, KeyId, Region
from keystead.store import AlreadyExists, Store, StoreError, open_store


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
        tx.set_key_state(arn, KeyState.DISABLED)
        tx.set_key_description(arn, "new")
        tx.set_key_policy(arn, "{}")
        for wrong in (
            make.key_arn(3),
            make.key_arn(1, make.OTHER),
            make.key_arn(1, region=Region("us-east-1")),
        ):
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_state(wrong, KeyState.ENABLED)
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_description(wrong, "")
            with pytest.raises(StoreError, match="does not exist"):
                tx.set_key_policy(wrong, "")
    with store.read() as tx:
        expected = replace(make.key(1), state=KeyState.DISABLED, description="new", policy="{}")
        assert tx.key(make.REGION, arn.key_id) == expected
        assert tx.key(make.REGION, make.key_arn(2).key_id) == make.key(2)


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


FULL = {
    "grantee": "AROAX:session",
    "retiring": "s3.amazonaws.com",
    "operations": (GrantOperation.DECRYPT, GrantOperation.CREATE_GRANT),
    "constraints": GrantConstraints({"B": "2", "a": "ключ"}, None, "arn:aws:s3:::bucket"),
    "name": "a-name",
    "issuing_account": make.OTHER,
}


def test_grants_come_back_as_they_were_put(store: Store) -> None:
    plain, full = make.grant(1), make.grant(2, **FULL)
    subset = make.grant(3, constraints=GrantConstraints(encryption_context_subset={}))
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        for grant in (plain, full, subset):
            tx.add_grant(grant)
        with pytest.raises(AlreadyExists, match=r"grant 0+1 exists already"):
            tx.add_grant(make.grant(1, grantee="AIDAEVE"))
    with store.read() as tx:
        for grant in (plain, full, subset):
            assert tx.grant(grant.key, grant.id) == grant
        found = tx.grant(plain.key, plain.id)
        assert found is not None
        assert isinstance(found.id, GrantId)
        assert isinstance(found.operations[0], GrantOperation)
        assert tx.grant(make.key_arn(1, make.OTHER), plain.id) is None
        assert tx.grant(make.key_arn(2), plain.id) is None


def found(grants: tuple[Grant, ...]) -> list[int]:
    return sorted(int(grant.id, 16) for grant in grants)


def test_grants_are_found_by_key_and_grantee(store: Store) -> None:
    here, there = make.key_arn(1), make.key_arn(2)
    decrypt = (GrantOperation.DECRYPT,)
    grants = [
        make.grant(1),
        make.grant(2, grantee="AIDAEVE"),
        make.grant(3, operations=decrypt),
        make.grant(4, there),
        make.grant(5, grantee="aidabob"),
    ]
    with store.write("test") as tx:
        tx.add_account(make.account())
        for number in (1, 2):
            tx.add_key(make.key(number), None)
        for grant in reversed(grants):
            tx.add_grant(grant)
    with store.read() as tx:
        assert found(tx.grants_to(here, ["AIDABOB"], 9)) == [1, 3]
        assert found(tx.grants_to(here, ["AIDABOB", "AIDAEVE", "nobody"], 9)) == [1, 2, 3]
        assert len(tx.grants_to(here, ["AIDABOB", "AIDAEVE", "nobody"], 2)) == 2
        assert tx.grants_to(there, ["AIDABOB", "AIDABOB"], 9) == (grants[3],)
        assert tx.grants_to(here, [], 9) == ()
        assert tx.grants_to(make.key_arn(1, make.OTHER), ["AIDABOB"], 9) == ()
        assert (tx.grant_count(here), tx.grant_count(there)) == (4, 1)
    with store.write("test") as tx:
        tx.delete_grant(here, grants[0].id)
        with pytest.raises(StoreError, match=r"grant 0+1 does not exist"):
            tx.delete_grant(here, grants[0].id)
        with pytest.raises(StoreError):
            tx.delete_grant(there, grants[2].id)
    with store.read() as tx:
        assert tx.grants_to(here, ["AIDABOB"], 9) == (grants[2],)
        assert (tx.grant_count(here), tx.grant_count(there)) == (3, 1)


def test_of_grants_that_allow_the_same_one_is_found(store: Store) -> None:
    constraints = [
        GrantConstraints(),
        GrantConstraints(encryption_context_equals={}),
        GrantConstraints(encryption_context_equals={"a": "1", "b": "2"}),
        GrantConstraints(encryption_context_equals={"a": "1"}),
        GrantConstraints(encryption_context_subset={"a": "1"}),
        GrantConstraints(source_arn="arn:aws:s3:::bucket"),
    ]
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        for number in range(60):
            tx.add_grant(make.grant(number, constraints=constraints[number // 10]))
        tx.add_grant(make.grant(60, issuing_account=make.OTHER))
        tx.add_grant(make.grant(61, operations=(GrantOperation.ENCRYPT, GrantOperation.DECRYPT)))
        tx.add_grant(make.grant(62, operations=(GrantOperation.DECRYPT, GrantOperation.ENCRYPT)))
        tx.add_grant(make.grant(63, name="n", retiring="AIDAEVE"))
    with store.read() as tx:
        assert found(tx.grants_to(make.key_arn(), ["AIDABOB"], 99)) == [0, 10, 20, 30, 40, 50, 60, 61]


@pytest.mark.parametrize(
    ("operation", "context", "numbers"),
    [
        ("Encrypt", {}, [1]),
        ("Encrypt", {"a": "1"}, [1, 2, 4]),  # 4 asks for more, which is not looked at here
        ("Encrypt", {"A": "1", "c": "3"}, [1, 2, 4]),
        ("Encrypt", {"a": "2"}, [1]),
        ("Encrypt", {"b": "2"}, [1, 3]),
        ("Encrypt", None, [1, 2, 3, 4]),
        ("Decrypt", {"a": "1"}, [5]),
        ("Decrypt", None, [5]),
        ("ReEncryptTo", None, []),
    ],
)
def test_grants_are_found_by_operation_and_context(
    store: Store, operation: str, context: dict[str, str] | None, numbers: list[int]
) -> None:
    decrypt = {"operations": (GrantOperation.DECRYPT,)}
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        tx.add_grant(make.grant(1))
        tx.add_grant(make.grant(2, constraints=GrantConstraints(encryption_context_equals={"A": "1"})))
        tx.add_grant(make.grant(3, constraints=GrantConstraints(encryption_context_subset={"b": "2"})))
        both = {"b": "2", "A": "1"}
        tx.add_grant(make.grant(4, constraints=GrantConstraints(encryption_context_subset=both)))
        tx.add_grant(make.grant(5, **decrypt))
        tx.add_grant(make.grant(6, grantee="AIDAEVE"))
    with store.read() as tx:
        assert (
            found(tx.grants_for(make.key_arn(), ["AIDABOB"], GrantOperation(operation), context)) == numbers
        )


def test_no_look_up_walks_through_all_grants_of_a_key(file: str) -> None:
    """SQLite is asked how it goes about each statement."""
    store = open_store(file, durable=False)
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        seen: list[tuple[str, Any]] = []
        connection = tx.connection  # type: ignore[attr-defined]

        @event.listens_for(connection, "before_cursor_execute")
        def _see(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            seen.append((statement, parameters))

        grant = make.grant(1, name="n")
        tx.add_grant(grant)
        tx.grant(grant.key, grant.id)
        tx.grant_like(grant)
        tx.grant_count(grant.key)
        tx.grants_to(grant.key, ["AIDABOB", "AIDAEVE"], 9)
        tx.grants_for(grant.key, ["AIDABOB", "AIDAEVE"], GrantOperation.ENCRYPT, {"a": "1", "b": "2"})
        tx.delete_grant(grant.key, grant.id)
        plans = [
            (statement, row[3])
            for statement, parameters in list(seen)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    store.close()
    on_grants = [(statement, step) for statement, step in plans if "kms_grant" in step]
    assert len(on_grants) >= 6
    for statement, step in on_grants:
        by = step.partition("(")[2]
        assert any(f"{column}=?" in by for column in ("grant_id", "grantee", "named")), (statement, step)
    assert any("anchor=?" in step for _, step in on_grants)


@pytest.mark.parametrize(
    "difference",
    [
        {"name": "another"},
        {"name": None},
        {"grantee": "AROAX:other"},
        {"retiring": None},
        {"operations": (GrantOperation.DECRYPT,)},
        {"constraints": GrantConstraints({"B": "2", "a": "x"}, None, "arn:aws:s3:::bucket")},
        {"constraints": GrantConstraints(None, {"B": "2", "a": "ключ"}, "arn:aws:s3:::bucket")},
        {"constraints": GrantConstraints({"B": "2", "a": "ключ"}, None, None)},
        {"issuing_account": make.ACCOUNT},
        {"key": make.key_arn(2)},
    ],
)
def test_a_named_grant_is_found_by_all_that_was_said(store: Store, difference: dict[str, Any]) -> None:
    grant = make.grant(1, **FULL)
    again = make.grant(2, **FULL | {"operations": FULL["operations"][::-1], "created": 77})
    other = make.grant(3, **FULL | difference)
    with store.write("test") as tx:
        tx.add_account(make.account())
        for number in (1, 2):
            tx.add_key(make.key(number), None)
        tx.add_grant(grant)
        assert tx.grant_like(again) == grant
        with pytest.raises(AlreadyExists):
            tx.add_grant(again)
        assert tx.grant_count(grant.key) == 1
        assert tx.grant_like(other) is None
        tx.add_grant(other)
        tx.delete_grant(grant.key, grant.id)
        assert tx.grant_like(again) is None


def test_a_grant_needs_its_key(store: Store) -> None:
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
    for key in (make.key_arn(7), make.key_arn(1, make.OTHER)):
        with pytest.raises(StoreError), store.write("test") as tx:
            tx.add_grant(make.grant(1, key))
    with store.read() as tx:
        assert tx.grant_count(make.key_arn()) == 0


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
