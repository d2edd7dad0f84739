"""Accounts, principals, inline policies and credentials: the verbs and their statements."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, bindparam, delete, or_, select, update

from keystead.kinds import AccountState, CredentialStatus, PrincipalType
from keystead.model import Account, Credential, CredentialUse, InlinePolicy, Principal, RoleDetails
from keystead.names import AccessKeyId, AccountId, Region
from keystead.store.connection import (
    ReadConnection,
    WriteConnection,
    at,
    insert_if_absent,
    page_by_name,
    upsert,
)
from keystead.store.port import AlreadyExists, Topic
from keystead.store.tables import ACCOUNT, CREDENTIAL, INLINE_POLICY, PRINCIPAL
from keystead.store.tags import tags_of, tags_text

GROUP = "group"
"""The type of a row that is no principal: `store.groups` reads and writes those."""

_ACCOUNT = select(ACCOUNT).where(*at(ACCOUNT))
_ACCOUNTS = select(ACCOUNT).order_by(ACCOUNT.c.id)
_PRINCIPAL = select(PRINCIPAL).where(*at(PRINCIPAL), PRINCIPAL.c.type != GROUP)
_PRINCIPALS_WITH = select(PRINCIPAL).where(
    PRINCIPAL.c.unique_id.in_(bindparam("unique_ids", expanding=True)), PRINCIPAL.c.type != GROUP
)
_PRINCIPAL_NAMED = select(PRINCIPAL).where(
    PRINCIPAL.c.account == bindparam("account"),
    PRINCIPAL.c.type == bindparam("type"),
    PRINCIPAL.c.lower_name == bindparam("lower_name"),
)
_PRINCIPALS = page_by_name(
    PRINCIPAL, PRINCIPAL.c.account == bindparam("account"), PRINCIPAL.c.type == bindparam("type")
)
_INLINE_POLICY = select(INLINE_POLICY).where(*at(INLINE_POLICY))
_INLINE_POLICIES = (
    select(INLINE_POLICY)
    .where(INLINE_POLICY.c.principal == bindparam("principal"))
    .order_by(INLINE_POLICY.c.name)
)
_CREDENTIAL = select(CREDENTIAL).where(*at(CREDENTIAL))
_CREDENTIALS = (
    select(CREDENTIAL)
    .where(CREDENTIAL.c.principal == bindparam("principal"))
    .order_by(CREDENTIAL.c.access_key_id)
)
_ROOT_CREDENTIALS = (
    select(CREDENTIAL)
    .where(CREDENTIAL.c.principal.is_(None), CREDENTIAL.c.account == bindparam("account"))
    .order_by(CREDENTIAL.c.access_key_id)
)

_ADD_ACCOUNT = insert_if_absent(ACCOUNT)
_ADD_PRINCIPAL = insert_if_absent(PRINCIPAL)
_ALTERABLE = [column.name for column in PRINCIPAL.columns if column.name != "unique_id"]
_SET_PRINCIPAL = (
    update(PRINCIPAL).where(*at(PRINCIPAL)).values({name: bindparam(name) for name in _ALTERABLE})
)
_DELETE_PRINCIPAL = delete(PRINCIPAL).where(*at(PRINCIPAL))
_PUT_INLINE_POLICY = upsert(INLINE_POLICY)
_DELETE_INLINE_POLICY = delete(INLINE_POLICY).where(*at(INLINE_POLICY))
_ADD_CREDENTIAL = insert_if_absent(CREDENTIAL)
_SET_CREDENTIAL_STATUS = update(CREDENTIAL).where(*at(CREDENTIAL)).values(status=bindparam("status"))
_NOTE_CREDENTIAL_USE = (
    update(CREDENTIAL)
    .where(*at(CREDENTIAL), or_(CREDENTIAL.c.used.is_(None), CREDENTIAL.c.used < bindparam("time")))
    .values(used=bindparam("time"), used_region=bindparam("region"), used_service=bindparam("service"))
)
_DELETE_CREDENTIAL = delete(CREDENTIAL).where(*at(CREDENTIAL))


class PrincipalReads(ReadConnection):
    """The verbs of `ReadTx` about who calls."""

    def account(self, account: AccountId) -> Account | None:
        row = self.row(_ACCOUNT, {"at_id": account})
        return account_of(row) if row else None

    def accounts(self) -> tuple[Account, ...]:
        return tuple(account_of(row) for row in self.rows(_ACCOUNTS, {}))

    def principal(self, unique_id: str) -> Principal | None:
        row = self.row(_PRINCIPAL, {"at_unique_id": unique_id})
        return principal_of(row) if row else None

    def principals_with(self, unique_ids: Collection[str]) -> tuple[Principal, ...]:
        rows = self.rows(_PRINCIPALS_WITH, {"unique_ids": list(unique_ids)})
        return tuple(principal_of(row) for row in rows)

    def principal_named(self, account: AccountId, type: PrincipalType, name: str) -> Principal | None:
        named = {"account": account, "type": type.value, "lower_name": name.lower()}
        row = self.row(_PRINCIPAL_NAMED, named)
        return principal_of(row) if row else None

    def principals(
        self, account: AccountId, type: PrincipalType, path_prefix: str, after: str, limit: int
    ) -> tuple[Principal, ...]:
        page = {
            "account": account,
            "type": type.value,
            "path_prefix": path_prefix,
            "after": after,
            "limit": limit,
        }
        return tuple(principal_of(row) for row in self.rows(_PRINCIPALS, page))

    def inline_policy(self, unique_id: str, name: str) -> InlinePolicy | None:
        row = self.row(_INLINE_POLICY, {"at_principal": unique_id, "at_name": name})
        return InlinePolicy(row.principal, row.name, row.document) if row else None

    def inline_policies(self, unique_id: str) -> tuple[InlinePolicy, ...]:
        rows = self.rows(_INLINE_POLICIES, {"principal": unique_id})
        return tuple(InlinePolicy(row.principal, row.name, row.document) for row in rows)

    def credential(self, access_key_id: AccessKeyId) -> Credential | None:
        row = self.row(_CREDENTIAL, {"at_access_key_id": access_key_id})
        return _credential(row) if row else None

    def credentials(self, unique_id: str) -> tuple[Credential, ...]:
        return tuple(_credential(row) for row in self.rows(_CREDENTIALS, {"principal": unique_id}))

    def root_credentials(self, account: AccountId) -> tuple[Credential, ...]:
        return tuple(_credential(row) for row in self.rows(_ROOT_CREDENTIALS, {"account": account}))

    def credential_use(self, access_key_id: AccessKeyId) -> CredentialUse | None:
        row = self.row(_CREDENTIAL, {"at_access_key_id": access_key_id})
        if row is None or row.used is None:
            return None
        return CredentialUse(row.used, Region(row.used_region), row.used_service)


class PrincipalWrites(PrincipalReads, WriteConnection):
    """The verbs of `WriteTx` about who calls."""

    def add_account(self, account: Account) -> None:
        row = {
            "id": account.id,
            "created": account.created,
            "name": account.name,
            "email": account.email or None,
            "lower_email": account.email.lower() or None,
            "state": account.state.value,
        }
        self.add(_ADD_ACCOUNT, row, f"account {account.id}")
        self.record(Topic.ACCOUNT, account.id)

    def add_principal(self, principal: Principal) -> None:
        self.add(_ADD_PRINCIPAL, _row(principal), f"{principal.type} {principal.name}")
        self.record(Topic.PRINCIPAL, principal.unique_id)

    def alter_principal(self, principal: Principal) -> None:
        namesake = self.principal_named(principal.account, principal.type, principal.name)
        if namesake is not None and namesake.unique_id != principal.unique_id:
            raise AlreadyExists(f"{principal.type} {principal.name} exists already")
        row = _row(principal)
        row["at_unique_id"] = row.pop("unique_id")
        self.alter(_SET_PRINCIPAL, row, f"principal {principal.unique_id}")
        self.record(Topic.PRINCIPAL, principal.unique_id)

    def delete_principal(self, unique_id: str) -> None:
        self.alter(_DELETE_PRINCIPAL, {"at_unique_id": unique_id}, f"principal {unique_id}")
        self.record(Topic.PRINCIPAL, unique_id)

    def put_inline_policy(self, policy: InlinePolicy) -> None:
        row = {"principal": policy.principal, "name": policy.name, "document": policy.document}
        self.connection.execute(_PUT_INLINE_POLICY, row)
        self.record(Topic.PRINCIPAL, policy.principal)

    def delete_inline_policy(self, unique_id: str, name: str) -> None:
        where = {"at_principal": unique_id, "at_name": name}
        self.alter(_DELETE_INLINE_POLICY, where, f"inline policy {name} of {unique_id}")
        self.record(Topic.PRINCIPAL, unique_id)

    def add_credential(self, credential: Credential) -> None:
        row = {
            "access_key_id": credential.access_key_id,
            "account": credential.account,
            "principal": credential.principal,
            "status": credential.status.value,
            "sealed_secret": credential.sealed_secret,
            "created": credential.created,
        }
        self.add(_ADD_CREDENTIAL, row, f"access key {credential.access_key_id}")
        self.record(Topic.CREDENTIAL, credential.access_key_id)

    def set_credential_status(self, access_key_id: AccessKeyId, status: CredentialStatus) -> None:
        row = {"at_access_key_id": access_key_id, "status": status.value}
        self.alter(_SET_CREDENTIAL_STATUS, row, f"access key {access_key_id}")
        self.record(Topic.CREDENTIAL, access_key_id)

    def delete_credential(self, access_key_id: AccessKeyId) -> None:
        where = {"at_access_key_id": access_key_id}
        self.alter(_DELETE_CREDENTIAL, where, f"access key {access_key_id}")
        self.record(Topic.CREDENTIAL, access_key_id)

    def note_credential_uses(self, uses: Mapping[AccessKeyId, CredentialUse]) -> None:
        rows = [
            {"at_access_key_id": name, "time": use.time, "region": use.region, "service": use.service}
            for name, use in uses.items()
        ]
        if rows:
            self.connection.execute(_NOTE_CREDENTIAL_USE, rows)


def account_of(row: Row[Any]) -> Account:
    """The account that a row of its table holds."""
    return Account(AccountId(row.id), row.created, row.name, row.email or "", AccountState(row.state))


def _row(principal: Principal) -> dict[str, object]:
    role = principal.role
    return {
        "unique_id": principal.unique_id,
        "account": principal.account,
        "type": principal.type.value,
        "path": principal.path,
        "name": principal.name,
        "lower_name": principal.name.lower(),
        "created": principal.created,
        "tags": tags_text(principal.tags),
        "boundary": principal.boundary,
        "trust_policy": None if role is None else role.trust_policy,
        "description": None if role is None else role.description,
        "max_session_duration": None if role is None else role.max_session_duration,
        "service_linked": None if role is None else role.service_linked,
    }


def principal_of(row: Row[Any]) -> Principal:
    """The user or role of a row."""
    kind = PrincipalType(row.type)
    role = None
    if kind is PrincipalType.ROLE:
        role = RoleDetails(row.trust_policy, row.description, row.max_session_duration, row.service_linked)
    return Principal(
        unique_id=row.unique_id,
        account=AccountId(row.account),
        type=kind,
        path=row.path,
        name=row.name,
        created=row.created,
        tags=tags_of(row.tags),
        boundary=row.boundary,
        role=role,
    )


def _credential(row: Row[Any]) -> Credential:
    return Credential(
        access_key_id=AccessKeyId(row.access_key_id),
        account=AccountId(row.account),
        principal=row.principal,
        status=CredentialStatus(row.status),
        sealed_secret=row.sealed_secret,
        created=row.created,
    )
