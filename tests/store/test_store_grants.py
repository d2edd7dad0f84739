"""The verbs about grants, on every engine."""

from dataclasses import replace
from typing import Any

import pytest
import store_records as make
from sqlalchemy import event

from keystead.kinds import GrantOperation
from keystead.model import Grant, GrantConstraints
from keystead.names import GrantId, Region
from keystead.store import AlreadyExists, Store, StoreError, open_store
from keystead.store.port import EffectiveGrants

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
        ("Encrypt", None, [1]),  # it stands for those that differ in their contexts
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


@pytest.mark.parametrize("context", [None, {"a": "1"}])
@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        (None, [1]),
        ("arn:aws:sqs:us-east-1:111122223333:a", [1, 2, 4, 6]),
        ("arn:aws:sqs:us-east-1:111122223333:b", [1, 3, 4, 6]),
        ("arn:aws:s3:::b", [1, 5]),
        ("", [1]),
    ],
)
def test_grants_are_found_by_source(
    store: Store, context: dict[str, str] | None, source: str | None, numbers: list[int]
) -> None:
    queue = "arn:aws:sqs:us-east-1:111122223333:"
    sources = [None, f"{queue}a", f"{queue}b", f"{queue}*", "arn:aws:s3:::?", "arn:aws:sqs:*:*:?"]
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        for number, one in enumerate(sources, start=1):
            # Each is there with a constraint on the encryption context, too.
            for more, pairs in ((0, None), (100, {"a": "1"}), (200, {"b": "1"})):
                constraints = GrantConstraints(encryption_context_subset=pairs, source_arn=one)
                tx.add_grant(make.grant(number + more, constraints=constraints))
    with store.read() as tx:
        asked = (make.key_arn(), ["AIDABOB"], GrantOperation.ENCRYPT, context)
        both = numbers if context is None else [*numbers, *(number + 100 for number in numbers)]
        assert found(tx.grants_for(*asked, source=source)) == both
        effective = EffectiveGrants(9999, [])
        assert found(tx.grants_for(*asked, effective, source)) == both


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


def test_grants_are_listed_in_pages_of_all_or_of_one_grantee(store: Store) -> None:
    arn = make.key_arn()
    ann = [make.grant(number, grantee="AIDAANN") for number in (1, 3, 5)]
    bob = [make.grant(number, grantee="AIDABOB") for number in (2, 4)]
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_key(make.key(), None)
        tx.add_key(make.key(2), None)
        for grant in (*bob, *ann):
            tx.add_grant(grant)
        tx.add_grant(make.grant(9, make.key_arn(2), grantee="AIDAANN"))
    with store.read() as tx:
        everything = tuple(sorted((*ann, *bob), key=lambda grant: grant.id))
        assert tx.grants(arn, "", 9) == everything
        assert tx.grants(arn, everything[1].id, 2) == everything[2:4]
        assert tx.grants(arn, "", 9, "AIDAANN") == tuple(ann)
        assert tx.grants(arn, ann[0].id, 1, "AIDAANN") == (ann[1],)
        assert tx.grants(arn, "", 9, "AIDANOBODY") == ()
        assert tx.grants(make.key_arn(1, make.OTHER), "", 9) == ()


def test_retirable_grants_are_of_all_keys_of_a_region(store: Store) -> None:
    keys = [make.key_arn(1), make.key_arn(2), make.key_arn(3, make.OTHER)]
    remote = make.key_arn(4, region=Region("us-east-1"))
    with store.write("test") as tx:
        tx.add_account(make.account())
        tx.add_account(make.account(make.OTHER))
        for arn in (*keys, remote):
            tx.add_key(replace(make.key(), arn=arn), None)
        made = [make.grant(number, arn, retiring="AIDABOB") for arn in keys for number in (1, 2)]
        for grant in (*made, make.grant(1, remote, retiring="AIDABOB")):
            tx.add_grant(grant)
        tx.add_grant(make.grant(3, keys[0], retiring="AIDAANN"))
        tx.add_grant(make.grant(4, keys[0]))
    with store.read() as tx:
        assert tx.retirable_grants(make.REGION, "AIDABOB", ("", ""), 9) == tuple(made)
        after = (made[1].key.key_id, made[1].id)
        assert tx.retirable_grants(make.REGION, "AIDABOB", after, 2) == tuple(made[2:4])
        assert tx.retirable_grants(make.REGION, "AIDANOBODY", ("", ""), 9) == ()
