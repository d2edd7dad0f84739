"""What a process remembers of grants: nothing that another process has changed since, and little of it."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.store_records import ACCOUNT, key_arn, plain_key

from keystead.crypto.key_families import new_material
from keystead.crypto.material import Sealer, new_material_id, seal_material
from keystead.kinds import (
    GrantOperation,
    KeySpec,
)
from keystead.model import Account, Grant, GrantConstraints, KeyMaterial
from keystead.names import AccountId, GrantId
from keystead.policy import Allowed, Caller, CallerKind, Facts, Request, authorize
from keystead.policy import Grant as DecidedGrant
from keystead.service import cached_records
from keystead.service.cached_records import CachedRecords
from keystead.service.compiled_policies import CompiledPolicies
from keystead.service.entries import Held, KeyEntry
from keystead.service.facts import settled
from keystead.service.loads import as_decided
from keystead.service.records import AskedOfGrants
from keystead.service.transaction_records import TransactionRecords
from keystead.store import Store, open_store
from keystead.store.port import EffectiveGrants

KEY = key_arn()
SEALER = Sealer(bytes(32))
USER = Caller(CallerKind.USER, f"arn:aws:iam::{ACCOUNT}:user/u", ACCOUNT, "AIDAUUUUUUUUUUUUUUUUU")
OTHER = replace(USER, arn=USER.arn + "2", unique_id="AIDAVVVVVVVVVVVVVVVVV")


def grant(number: int, grantee: str = USER.unique_id, **more: object) -> Grant:
    fields = {"operations": (GrantOperation.ENCRYPT,), "issuing_account": ACCOUNT, "created": 1}
    return Grant(**({"key": KEY, "id": GrantId(f"{number:064x}"), "grantee": grantee} | fields | more))  # type: ignore[arg-type]


def put(store: Store, *grants: Grant) -> None:
    with store.write("test") as tx:
        for one in grants:
            tx.add_grant(one)


ENCRYPT = AskedOfGrants(GrantOperation.ENCRYPT, {})


@pytest.fixture
def file(tmp_path: Path) -> str:
    made = str(tmp_path / "keystead.db")
    store = open_store(made, durable=False)
    material_id = new_material_id(os.urandom)
    key = plain_key(KEY, current_material=material_id)
    with store.write("test") as tx:
        tx.add_account(Account(ACCOUNT, 1))
        sealed = seal_material(SEALER, KEY, material_id, new_material(KeySpec.SYMMETRIC_DEFAULT))
        tx.add_key(key, KeyMaterial(KEY, material_id, sealed, 1))
    store.close()
    return made


class Process:
    """A store and what is read from it, as one process has them."""

    def __init__(self, file: str) -> None:
        self.store = open_store(file, durable=False)
        self.records = CachedRecords(self.store, SEALER, CompiledPolicies())

    def entry(self) -> KeyEntry:
        self.records.refresh()
        entry = self.records.key(KEY.region, KEY.key_id)
        assert entry is not None
        return entry

    def ids(self, caller: Caller = USER) -> list[int]:
        grants = self.records.grants(self.entry(), caller, ENCRYPT)
        return sorted(int(found.grant_id, 16) for found in grants)


@pytest.fixture
def here(file: str) -> Iterator[Process]:
    made = Process(file)
    yield made
    made.store.close()


@pytest.fixture
def there(file: str) -> Iterator[Process]:
    made = Process(file)
    yield made
    made.store.close()


def test_another_process_sees_grants_come_and_go_at_its_next_call(here: Process, there: Process) -> None:
    assert here.ids() == there.ids() == []
    put(here.store, grant(1))
    assert here.ids() == there.ids() == [1]
    put(there.store, grant(2, operations=(GrantOperation.DECRYPT,)))
    assert here.ids() == there.ids() == [1, 2]
    with there.store.write("test") as tx:
        tx.delete_grant(KEY, grant(1).id)
    assert here.ids() == there.ids() == [2]


def test_what_rests_on_grants_goes_and_the_rest_of_the_entry_stays(here: Process) -> None:
    before = here.entry()
    assert before.key.current_material is not None
    material = here.records.material(before, before.key.current_material)
    before.standing.keep((USER, "kms:Encrypt"), None)
    assert here.entry() is before
    put(here.store, grant(1))
    after = here.entry()
    assert after is not before
    assert not after.standing
    assert here.records.material(after, before.key.current_material) is material
    # A call that began before the change may still write into the old entry, where nobody looks.
    before.standing.keep((USER, "kms:Encrypt"), None)
    assert here.records.grants(before, OTHER, ENCRYPT) == ()
    assert not after.standing
    assert not after.grants


def test_grants_are_kept_by_caller_and_read_once(here: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here.store, grant(1), grant(2, OTHER.unique_id), grant(3, "AIDAWWWWWWWWWWWWWWWWW"))
    assert (here.ids(), here.ids(OTHER)) == ([1], [2])
    monkeypatch.setattr(here.store, "read", None)
    assert (here.ids(), here.ids(OTHER)) == ([1], [2])


def test_of_a_key_without_grants_nothing_is_asked(here: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = here.entry()
    monkeypatch.setattr(here.store, "read", None)
    assert here.records.grants(entry, USER, ENCRYPT) == ()
    assert not entry.grants


def test_the_callers_of_one_key_that_are_remembered_are_bounded(here: Process) -> None:
    put(here.store, grant(1))
    for number in range(300):
        here.ids(replace(USER, unique_id=f"AIDA{number:017}"))
    assert len(here.entry().grants) == 256


VALUES = st.dictionaries(st.sampled_from(["a", "A", "b"]), st.sampled_from(["1", "2"]), max_size=2)
BUCKET = "arn:aws:s3:us-east-1:111122223333:bucket"
SOURCES = st.sampled_from([None, BUCKET, f"{BUCKET}_", f"{BUCKET}?", "arn:aws:s3:*:111122223333:b*", "*"])
CONSTRAINTS = st.one_of(
    SOURCES.map(lambda source: GrantConstraints(source_arn=source)),
    st.tuples(VALUES, SOURCES).map(
        lambda given: GrantConstraints(encryption_context_equals=given[0], source_arn=given[1])
    ),
    st.tuples(VALUES, SOURCES).map(
        lambda given: GrantConstraints(encryption_context_subset=given[0], source_arn=given[1])
    ),
)
CALLED_FOR = st.sampled_from([None, BUCKET, f"{BUCKET}s", f"{BUCKET}_", f"{BUCKET.upper()}", ""])
GRANTS = st.builds(
    lambda grantee, operations, constraints, issuer: grant(
        0, grantee, operations=tuple(operations), constraints=constraints, issuing_account=AccountId(issuer)
    ),
    st.sampled_from([USER.unique_id, OTHER.unique_id, f"arn:aws:iam::{ACCOUNT}:root"]),
    st.sets(st.sampled_from(["Encrypt", "DescribeKey", "CreateGrant"]), min_size=1).map(
        lambda names: [GrantOperation(name) for name in sorted(names)]
    ),
    CONSTRAINTS,
    st.sampled_from([ACCOUNT, "444455556666"]),
)
CHECKS = st.one_of(
    st.tuples(st.just("Encrypt"), VALUES, st.none()),
    st.tuples(st.just("DescribeKey"), st.none(), st.none()),
    st.tuples(st.just("CreateGrant"), st.none(), GRANTS),
)


@settings(max_examples=60, deadline=None)
@given(grants=st.lists(GRANTS, max_size=12), checks=st.lists(CHECKS, max_size=6), source=CALLED_FOR)
def test_the_grants_that_are_found_decide_as_all_of_them_would(
    grants: list[Grant], checks: list[tuple[str, dict[str, str] | None, Grant | None]], source: str | None
) -> None:
    """However many there are: those kept, those looked up for one request, and all of them."""
    store = open_store(":memory:")
    with store.write("test") as tx:
        tx.add_account(Account(ACCOUNT, 1))
        tx.add_key(plain_key(KEY), None)
        for number, one in enumerate(grants):
            tx.add_grant(replace(one, id=GrantId(f"{number:064x}")))
    records = CachedRecords(store, SEALER, CompiledPolicies())
    entry = records.key(KEY.region, KEY.key_id)
    assert entry is not None
    everything = tuple(map(as_decided, grants))
    for operation, context, child in checks:
        creates = None if child is None else as_decided(child)
        told = {} if source is None else {"aws:sourcearn": source}
        check = Request(USER, f"kms:{operation}", str(KEY), ACCOUNT, True, True, told, context, creates)
        wanted = context if child is None else pairs_of(child)
        asked = AskedOfGrants(GrantOperation(operation), wanted, source=source)
        expected = allows(check, everything)
        assert allows(check, records.grants(entry, USER, asked)) == expected
        with store.read() as reading:
            looked_up = TransactionRecords(reading, SEALER, CompiledPolicies()).grants(entry, USER, asked)
        assert allows(check, looked_up) == expected
    store.close()


@settings(max_examples=60, deadline=None)
@given(
    grants=st.lists(st.tuples(GRANTS, st.integers(1, 4)), max_size=12),
    checks=st.lists(CHECKS, max_size=4),
    until=st.integers(0, 4),
    named=st.sets(st.integers(0, 12), max_size=3),
    source=CALLED_FOR,
)
def test_where_new_grants_take_a_while_the_effective_ones_decide(
    grants: list[tuple[Grant, int]],
    checks: list[tuple[str, dict[str, str] | None, Grant | None]],
    until: int,
    named: set[int],
    source: str | None,
) -> None:
    """As all of them would, with those left out that are too new and not named."""
    made = [
        replace(one, id=GrantId(f"{number:064x}"), created=created)
        for number, (one, created) in enumerate(grants)
    ]
    store = open_store(":memory:")
    with store.write("test") as tx:
        tx.add_account(Account(ACCOUNT, 1))
        tx.add_key(plain_key(KEY), None)
        for one in made:
            tx.add_grant(one)
    records = CachedRecords(store, SEALER, CompiledPolicies(), grant_delay=1)
    entry = records.key(KEY.region, KEY.key_id)
    assert entry is not None
    effective = EffectiveGrants(until, [GrantId(f"{number:064x}") for number in named])
    decided = tuple(as_decided(one) for one in made if one.created <= until or int(one.id, 16) in named)
    for operation, context, child in checks:
        creates = None if child is None else as_decided(child)
        told = {} if source is None else {"aws:sourcearn": source}
        check = Request(USER, f"kms:{operation}", str(KEY), ACCOUNT, True, True, told, context, creates)
        wanted = context if child is None else pairs_of(child)
        asked = AskedOfGrants(GrantOperation(operation), wanted, effective, source)
        assert allows(check, records.grants(entry, USER, asked)) == allows(check, decided)
    assert not entry.grants
    store.close()


def pairs_of(child: Grant) -> Mapping[str, str]:
    constraints = child.constraints
    return constraints.encryption_context_equals or constraints.encryption_context_subset or {}


def allows(check: Request, grants: tuple[DecidedGrant, ...]) -> bool:
    return isinstance(authorize(check, Facts(grants=grants)), Allowed)


def test_very_many_grants_of_one_caller_are_looked_up_and_not_kept(
    here: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cached_records, "MOST_GRANTS", 5)
    put(
        here.store,
        *(grant(n, constraints=GrantConstraints(encryption_context_equals={"v": str(n)})) for n in range(9)),
    )
    entry = here.entry()
    for number in (7, 3):
        asked = AskedOfGrants(GrantOperation.ENCRYPT, {"v": str(number)})
        assert [int(one.grant_id, 16) for one in here.records.grants(entry, USER, asked)] == [number]
    assert entry.grants[USER] is Held.TOO_MANY
    assert here.ids() == []
    assert len(here.records.grants(entry, USER, AskedOfGrants(GrantOperation.ENCRYPT, None))) == 1


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, True),
        ({"source_arn": "arn:aws:s3:::b"}, True),  # a condition key, and so seen by the context itself
        ({"encryption_context_equals": {}}, False),
        ({"encryption_context_subset": {"a": "1"}}, False),
    ],
)
def test_what_a_grant_with_a_constraint_allowed_is_not_settled(
    more: dict[str, object], expected: bool
) -> None:
    held = DecidedGrant("g", USER.unique_id, frozenset({"Encrypt"}), ACCOUNT, **more)  # type: ignore[arg-type]
    check = Request(USER, "kms:Encrypt", str(KEY), ACCOUNT, True, True, {}, {})
    facts = Facts(grants=(held,))
    assert settled(check, Facts()) is True
    assert settled(check, facts) is expected
    assert settled(replace(check, encryption_context=None), facts) is True
    assert settled(replace(check, creates=held), facts) is False
