"""What a process remembers of grants: nothing that another process has changed since, and little of it."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keystead.crypto.material import Sealer, new_material, new_material_id, seal_material
from keystead.kinds import (
    GrantOperation,
    KeyManager,
    KeySpec,
    KeyState,
    KeyUsage,
    Origin,
)
from keystead.model import Account, Grant, GrantConstraints, Key, KeyMaterial
from keystead.names import AccountId, GrantId, KeyArn, KeyId, Region
from keystead.policy import Caller, CallerKind, Facts, Request, default_key_policy
from keystead.policy import Grant as DecidedGrant
from keystead.service.facts import settled
from keystead.service.records import CachedRecords, CompiledPolicies, KeyEntry, TransactionRecords
from keystead.store import Store, open_store

ACCOUNT = AccountId("111122223333")
KEY = KeyArn(Region("us-east-1"), ACCOUNT, KeyId("0000000a-0000-4000-8000-000000000000"))
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


@pytest.fixture
def file(tmp_path: Path) -> str:
    made = str(tmp_path / "keystead.db")
    store = open_store(made, durable=False)
    material_id = new_material_id(os.urandom)
    key = Key(
        arn=KEY,
        spec=KeySpec.SYMMETRIC_DEFAULT,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.AWS_KMS,
        manager=KeyManager.CUSTOMER,
        state=KeyState.ENABLED,
        multi_region=False,
        description="",
        policy=default_key_policy(ACCOUNT),
        created=1,
        current_material=material_id,
    )
    with store.write("test") as tx:
        tx.add_account(Account(ACCOUNT, 1))
        sealed = seal_material(SEALER, KEY, material_id, new_material(os.urandom))
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
        grants = self.records.grants(self.entry(), caller)
        return [int(found.grant_id, 16) for found in grants]


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
    assert here.records.grants(before, OTHER) == ()
    assert not after.standing
    assert not after.grants


def test_grants_are_kept_by_caller_and_read_once(here: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    put(here.store, grant(1), grant(2, OTHER.unique_id), grant(3, "AIDAWWWWWWWWWWWWWWWWW"))
    assert (here.ids(), here.ids(OTHER)) == ([1], [2])
    monkeypatch.setattr(here.store, "read", None)
    assert (here.ids(), here.ids(OTHER)) == ([1], [2])


def test_the_callers_of_one_key_that_are_remembered_are_bounded(here: Process) -> None:
    for number in range(300):
        here.ids(replace(USER, unique_id=f"AIDA{number:017}"))
    assert len(here.entry().grants) == 256


def test_of_grants_that_allow_the_same_one_is_kept(here: Process) -> None:
    equals = GrantConstraints(encryption_context_equals={"a": "1"})
    subset = GrantConstraints(encryption_context_subset={"a": "1"})
    source = GrantConstraints(source_arn="arn:aws:s3:::b")
    put(
        here.store,
        *(grant(n) for n in range(10)),
        *(grant(n, constraints=equals) for n in range(10, 20)),
        *(grant(n, constraints=subset) for n in range(20, 30)),
        *(grant(n, constraints=source) for n in range(30, 40)),
        grant(40, issuing_account=AccountId("444455556666")),
        grant(41, operations=(GrantOperation.DECRYPT,)),
        grant(42, retiring=USER.unique_id),
    )
    entry = here.entry()
    with here.store.read() as tx:
        inside = TransactionRecords(tx, SEALER, CompiledPolicies()).grants(entry, USER)
    assert len(here.ids()) == len(inside) == 6


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
    check = Request(USER, "kms:Encrypt", str(KEY), ACCOUNT, True, True, {})
    assert settled(check, Facts()) is True
    assert settled(check, Facts(grants=(held,))) is expected
    assert settled(replace(check, creates=held), Facts(grants=(held,))) is False
