"""Records to put into a store."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from keystead.kinds import (
    CredentialStatus,
    GrantOperation,
    KeyManager,
    KeySpec,
    KeyState,
    KeyUsage,
    Origin,
    PrincipalType,
    RotationType,
)
from keystead.model import (
    Account,
    Alias,
    AuditEvent,
    Credential,
    Grant,
    Group,
    InlinePolicy,
    InstanceProfile,
    Key,
    KeyMaterial,
    ManagedPolicy,
    Principal,
    RoleDetails,
    SealedRootKey,
    Tag,
)
from keystead.names import (
    AccessKeyId,
    AccountId,
    AliasArn,
    AliasName,
    GrantId,
    KeyArn,
    KeyId,
    KeyMaterialId,
    Region,
)
from keystead.policy import default_key_policy
from keystead.store import WriteTx

ACCOUNT = AccountId("111122223333")
OTHER = AccountId("444455556666")
REGION = Region("eu-west-1")
MATERIAL = KeyMaterialId("ab" * 32)


class Interruption(Exception):
    """What a caller's own code raises."""


def interrupted(transaction: AbstractContextManager[WriteTx], work: Callable[[WriteTx], None]) -> None:
    """Does `work` in `transaction`, then raises `Interruption` out of it."""
    with transaction as tx:
        work(tx)
        raise Interruption


def account(id: AccountId = ACCOUNT) -> Account:
    return Account(id, 1)


def key_arn(number: int = 1, account: AccountId = ACCOUNT, region: Region = REGION) -> KeyArn:
    return KeyArn(region, account, KeyId(f"{number:08x}-0000-4000-8000-000000000000"))


def plain_key(arn: KeyArn, **more: Any) -> Key:
    """A symmetric key without material, unless `more` says otherwise."""
    key = Key(
        arn=arn,
        spec=KeySpec.SYMMETRIC_DEFAULT,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.AWS_KMS,
        manager=KeyManager.CUSTOMER,
        state=KeyState.ENABLED,
        description="",
        policy=default_key_policy(arn.account),
        created=1,
        current_material=None,
    )
    return replace(key, **more)


def key(number: int = 1, account: AccountId = ACCOUNT, region: Region = REGION) -> Key:
    return plain_key(
        key_arn(number, account, region),
        description="pay, ключ",
        policy='{"Version": "2012-10-17"}',
        created=1_700_000_000_123,
        current_material=MATERIAL,
        tags=(Tag("Cost", "1"), Tag("cost", "")),
    )


def bare_key(number: int) -> Key:
    return replace(key(number), tags=(), current_material=None, origin=Origin.EXTERNAL)


def multi_region_key(region: Region = REGION, account: AccountId = ACCOUNT, number: int = 1) -> Key:
    arn = KeyArn(region, account, KeyId(f"mrk-{number:032x}"))
    life = {"pending_window": 7, "passing_until": 1_700_000_001_123}
    return replace(key(), arn=arn, primary_region=Region("us-east-1"), **life)


def material(key: KeyArn) -> KeyMaterial:
    return KeyMaterial(key, MATERIAL, bytes(range(256)), 7)


def later_material(key: KeyArn) -> KeyMaterial:
    return KeyMaterial(key, KeyMaterialId("cd" * 32), b"later", 8, 9, RotationType.ON_DEMAND)


def alias_arn(name: str = "alias/pay", account: AccountId = ACCOUNT, region: Region = REGION) -> AliasArn:
    return AliasArn(region, account, AliasName(name))


def alias(name: str = "alias/pay", target: int = 1, account: AccountId = ACCOUNT) -> Alias:
    return Alias(alias_arn(name, account), key_arn(target).key_id, 5, 6)


def grant_id(number: int = 1) -> GrantId:
    return GrantId(f"{number:064x}")


def grant(number: int = 1, key: KeyArn | None = None, **more: Any) -> Grant:
    fields = {"grantee": "AIDABOB", "operations": (GrantOperation.ENCRYPT,), "issuing_account": ACCOUNT}
    return Grant(**({"key": key or key_arn(), "id": grant_id(number), "created": 9} | fields | more))


def user(name: str = "Bob", path: str = "/", account: AccountId = ACCOUNT, unique_id: str = "") -> Principal:
    return Principal(unique_id or f"AIDA{name.upper()}", account, PrincipalType.USER, path, name, 2)


def role(name: str = "Bob") -> Principal:
    details = RoleDetails('{"Version": "2012-10-17"}', "pays, платит", 7200, service_linked=True)
    return Principal(f"AROA{name.upper()}", ACCOUNT, PrincipalType.ROLE, "/", name, 3, role=details)


def group(name: str = "Ops", path: str = "/") -> Group:
    return Group(f"AGPA{name.upper()}", ACCOUNT, path, name, 10)


def managed_policy(name: str = "Pay", path: str = "/", account: AccountId = ACCOUNT) -> ManagedPolicy:
    tags = (Tag("b", "1"), Tag("a", "ü"))
    return ManagedPolicy(f"ANPA{name.upper()}", account, path, name, "pays", 11, 12, tags=tags)


def instance_profile(name: str = "Web", path: str = "/", role: str | None = None) -> InstanceProfile:
    return InstanceProfile(f"AIPA{name.upper()}", ACCOUNT, path, name, 13, role, (Tag("k", "v"),))


def policy(principal: str = "AIDABOB", name: str = "allow", document: str = "{}") -> InlinePolicy:
    return InlinePolicy(principal, name, document)


def credential(id: str = "AKIAONE", principal: str | None = "AIDABOB") -> Credential:
    return Credential(AccessKeyId(id), ACCOUNT, principal, CredentialStatus.ACTIVE, b"\0sealed\xff", 4)


def root_key() -> SealedRootKey:
    return SealedRootKey("file", "{}", b"root", 8)


def events(count: int, start: int = 0) -> list[AuditEvent]:
    return [
        AuditEvent(f"event-{number}", number, ACCOUNT, REGION, b'{"n": %d}' % number)
        for number in range(start, start + count)
    ]
