"""What a principal's policies are made of, and when a cache forgets them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.iam.in_process import ACCOUNT, InProcess, statement

from keystead.crypto.material import Sealer
from keystead.kinds import PrincipalType
from keystead.model import Account, Group, InlinePolicy, ManagedPolicy, PolicyVersion, Principal, RoleDetails
from keystead.names import AccountId
from keystead.policy import PolicyKind
from keystead.service.cached_records import CachedRecords
from keystead.service.compiled_policies import CompiledPolicies, Undecidable
from keystead.service.entries import PrincipalEntry
from keystead.service.managed_policies import aws_policies, document_in_force, policy_version, policy_versions
from keystead.store import Store, WriteTx, open_store

ID = AccountId("111122223333")
USER = Principal("AIDABOB", ID, PrincipalType.USER, "/", "bob", 1)
GROUP = Group("AGPAOPS", ID, "/", "ops", 1)
POLICY = ManagedPolicy("ANPAPAY", ID, "/x/", "pay", "", 1, 1)
PAY = "arn:aws:iam::111122223333:policy/x/pay"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
ENCRYPT, DECRYPT = (statement("Allow", action, "*") for action in ("kms:Encrypt", "kms:Decrypt"))
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "AIDABBBBBBBBBBBBBBBBB"}, "Action": "sts:AssumeRole"}
        ],
    }
)


@pytest.fixture
def store() -> Iterator[Store]:
    """A user in a group, and a managed policy that nothing is attached to."""
    made = open_store(":memory:")
    with made.write("test") as tx:
        tx.add_account(Account(ID, 1))
        tx.add_principal(USER)
        tx.add_principal(replace(USER, unique_id="AIDAEVE", name="eve"))
        tx.add_group(GROUP)
        tx.add_member("AGPAOPS", "AIDABOB")
        tx.add_managed_policy(POLICY, ENCRYPT)
    yield made
    made.close()


@pytest.fixture
def records(store: Store) -> CachedRecords:
    return CachedRecords(store, Sealer(b"\7" * 32), CompiledPolicies())


def bob(records: CachedRecords) -> PrincipalEntry:
    records.refresh()
    found = records.principal("AIDABOB")
    assert found is not None
    return found


def test_identity_policies_are_those_of_the_user_and_of_its_groups(
    store: Store, records: CachedRecords
) -> None:
    with store.write("test") as tx:
        tx.put_inline_policy(InlinePolicy("AIDABOB", "own", DECRYPT))
        tx.put_inline_policy(InlinePolicy("AGPAOPS", "groups", DECRYPT))
        tx.attach_policy(ID, "AIDABOB", PAY)
        tx.attach_policy(ID, "AGPAOPS", PAY)
        tx.attach_policy(ID, "AGPAOPS", ADMINISTRATOR)
    entry = bob(records)
    assert [(policy.name, policy.arn) for policy in entry.identity] == [
        ("own", ""),
        ("groups", ""),
        ("pay", PAY),
        ("AdministratorAccess", ADMINISTRATOR),
    ]
    assert {policy.policy.kind for policy in entry.identity} == {PolicyKind.IDENTITY}
    assert entry.rests_on == {"AGPAOPS", PAY, ADMINISTRATOR}
    assert entry.boundary is None
    assert entry.trust is None


SECOND = replace(POLICY, default_version=2, last_version=2)
CHANGES: dict[str, Callable[[WriteTx], None]] = {
    "the user": lambda tx: tx.alter_principal(replace(USER, name="robert")),
    "own inline policy": lambda tx: tx.put_inline_policy(InlinePolicy("AIDABOB", "p", DECRYPT)),
    "own attachment": lambda tx: tx.attach_policy(ID, "AIDABOB", PAY),
    "group's inline policy": lambda tx: tx.put_inline_policy(InlinePolicy("AGPAOPS", "p", DECRYPT)),
    "group's attachment": lambda tx: tx.attach_policy(ID, "AGPAOPS", PAY),
    "membership": lambda tx: tx.remove_member("AGPAOPS", "AIDABOB"),
    "default version": lambda tx: tx.alter_managed_policy(SECOND),
    "boundary": lambda tx: tx.alter_principal(replace(USER, boundary=PAY)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_makes_a_new_entry_and_leaves_others_alone(
    store: Store, records: CachedRecords, change: Callable[[WriteTx], None]
) -> None:
    with store.write("test") as tx:
        tx.add_policy_version(PolicyVersion(PAY, 2, DECRYPT, 2))
        tx.attach_policy(ID, "AGPAOPS", ADMINISTRATOR)
        if change is CHANGES["default version"]:
            tx.attach_policy(ID, "AGPAOPS", PAY)
    before, eve = bob(records), records.principal("AIDAEVE")
    assert bob(records) is before
    with store.write("test") as tx:
        change(tx)
    after = bob(records)
    assert after is not before
    assert after != before
    assert records.principal("AIDAEVE") is eve


def test_a_changed_default_version_changes_a_boundary(store: Store, records: CachedRecords) -> None:
    with store.write("test") as tx:
        tx.add_policy_version(PolicyVersion(PAY, 2, DECRYPT, 2))
        tx.alter_principal(replace(USER, boundary=PAY))
    before = bob(records).boundary
    assert before is not None
    assert (before.policy.kind, before.name, before.arn) == (PolicyKind.BOUNDARY, "pay", PAY)
    with store.write("test") as tx:
        tx.alter_managed_policy(SECOND)
    after = bob(records).boundary
    assert after is not None
    assert json.loads(after.policy.text) == json.loads(DECRYPT)


@pytest.mark.parametrize("arn", [PAY.replace("pay", "gone"), ADMINISTRATOR + "x"])
@pytest.mark.parametrize("how", ["attachment", "boundary"])
def test_a_managed_policy_that_is_not_there_decides_nothing(
    store: Store, records: CachedRecords, arn: str, how: str
) -> None:
    with store.write("test") as tx:
        if how == "attachment":
            tx.attach_policy(ID, "AGPAOPS", arn)
        else:
            tx.alter_principal(replace(USER, boundary=arn))
    with pytest.raises(Undecidable, match="is attached and not there"):
        bob(records)


def test_a_role_has_its_trust_policy(store: Store, records: CachedRecords) -> None:
    role = Principal("AROAJOB", ID, PrincipalType.ROLE, "/", "job", 1, role=RoleDetails(TRUST))
    with store.write("test") as tx:
        tx.add_principal(role)
    entry = records.principal("AROAJOB")
    assert entry is not None
    assert entry.trust is not None
    assert entry.trust.policy.kind is PolicyKind.TRUST


def test_the_policies_of_aws_are_policies(store: Store) -> None:
    policies = CompiledPolicies()
    assert list(aws_policies()) == sorted(aws_policies(), key=lambda arn: arn.rpartition("/")[2].lower())
    with store.read() as tx:
        for arn, (policy, version) in aws_policies().items():
            assert arn.startswith("arn:aws:iam::aws:policy/")
            assert policy.unique_id.startswith("ANPA")
            assert policy.description
            assert policy_version(tx, arn, version.number) == version
            assert policy_version(tx, arn, version.number + 1) is None
            assert policy_versions(tx, arn) == (version,)
            assert document_in_force(tx, arn) == version.document
            for kind in (PolicyKind.IDENTITY, PolicyKind.BOUNDARY):
                assert policies.get(kind, version.document).statements


@pytest.fixture
def inside() -> Iterator[InProcess]:
    made = InProcess()
    yield made
    made.store.close()


def test_a_boundary_limits_what_a_group_gives(inside: InProcess) -> None:
    iam, kms = inside.client("iam"), inside.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    bob_id = iam.create_user(UserName="bob")["User"]["UserId"]
    as_bob: Any = inside.client("kms", iam.create_access_key(UserName="bob")["AccessKey"])
    account = AccountId(ACCOUNT)
    with inside.store.write("test") as tx:
        tx.add_group(replace(GROUP, account=account))
        tx.add_member("AGPAOPS", bob_id)
        tx.attach_policy(account, "AGPAOPS", ADMINISTRATOR)
    assert as_bob.describe_key(KeyId=key)["KeyMetadata"]["Arn"] == key
    with inside.store.write("test") as tx:
        user = tx.principal(bob_id)
        assert user is not None
        tx.add_managed_policy(replace(POLICY, account=account), ENCRYPT)
        tx.alter_principal(replace(user, boundary=f"arn:aws:iam::{ACCOUNT}:policy/x/pay"))
    with pytest.raises(as_bob.exceptions.ClientError) as refused:
        as_bob.describe_key(KeyId=key)
    assert refused.value.response["Error"]["Message"] == (
        f"User: arn:aws:iam::{ACCOUNT}:user/bob is not authorized to perform: kms:DescribeKey on resource: "
        f"{key} because no permissions boundary allows the kms:DescribeKey action"
    )
    assert as_bob.encrypt(KeyId=key, Plaintext=b"x")["KeyId"] == key
