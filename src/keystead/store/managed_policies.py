"""Managed policies, their versions and attachments: the verbs and their statements."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Executable, Row, bindparam, delete, func, select, update

from keystead.model import Group, ManagedPolicy, PolicyVersion, Principal
from keystead.names import AccountId
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent, page_by_name
from keystead.store.groups import group_of
from keystead.store.port import Topic
from keystead.store.principals import GROUP, principal_of
from keystead.store.tables import MANAGED_POLICY, POLICY_ATTACHMENT, POLICY_VERSION, PRINCIPAL
from keystead.store.tags import tags_of, tags_text

_POLICY = select(MANAGED_POLICY).where(*at(MANAGED_POLICY))
_POLICIES = page_by_name(MANAGED_POLICY, MANAGED_POLICY.c.account == bindparam("account"))
_VERSION = select(POLICY_VERSION).where(*at(POLICY_VERSION))
_VERSIONS = (
    select(POLICY_VERSION)
    .where(POLICY_VERSION.c.policy == bindparam("policy"))
    .order_by(POLICY_VERSION.c.number)
)
_ATTACHED = (
    select(POLICY_ATTACHMENT.c.policy)
    .where(POLICY_ATTACHMENT.c.principal == bindparam("principal"))
    .order_by(POLICY_ATTACHMENT.c.policy)
)
_IS_ATTACHED = (
    POLICY_ATTACHMENT.c.account == bindparam("account"),
    POLICY_ATTACHMENT.c.policy == bindparam("policy"),
)
_IS_BOUND = (PRINCIPAL.c.account == bindparam("account"), PRINCIPAL.c.boundary == bindparam("policy"))
_ATTACHED_TO = (
    select(PRINCIPAL)
    .join(POLICY_ATTACHMENT, POLICY_ATTACHMENT.c.principal == PRINCIPAL.c.unique_id)
    .where(*_IS_ATTACHED, POLICY_ATTACHMENT.c.principal > bindparam("after"))
    .order_by(POLICY_ATTACHMENT.c.principal)
    .limit(bindparam("limit"))
)
_BOUNDARY_OF = (
    select(PRINCIPAL)
    .where(*_IS_BOUND, PRINCIPAL.c.unique_id > bindparam("after"))
    .order_by(PRINCIPAL.c.unique_id)
    .limit(bindparam("limit"))
)
_ATTACHMENTS = (
    select(POLICY_ATTACHMENT.c.policy, func.count().label("number"))
    .where(
        POLICY_ATTACHMENT.c.account == bindparam("account"),
        POLICY_ATTACHMENT.c.policy.in_(bindparam("policies", expanding=True)),
    )
    .group_by(POLICY_ATTACHMENT.c.policy)
)
_BOUNDARIES = (
    select(PRINCIPAL.c.boundary.label("policy"), func.count().label("number"))
    .where(
        PRINCIPAL.c.account == bindparam("account"),
        PRINCIPAL.c.boundary.in_(bindparam("policies", expanding=True)),
    )
    .group_by(PRINCIPAL.c.boundary)
)

_ADD_POLICY = insert_if_absent(MANAGED_POLICY)
_SET_POLICY = (
    update(MANAGED_POLICY)
    .where(*at(MANAGED_POLICY))
    .values(
        updated=bindparam("updated"),
        default_version=bindparam("default_version"),
        last_version=bindparam("last_version"),
        tags=bindparam("tags"),
    )
)
_DELETE_POLICY = delete(MANAGED_POLICY).where(*at(MANAGED_POLICY))
_ADD_VERSION = insert_if_absent(POLICY_VERSION)
_DELETE_VERSION = delete(POLICY_VERSION).where(*at(POLICY_VERSION))
_DELETE_VERSIONS = delete(POLICY_VERSION).where(POLICY_VERSION.c.policy == bindparam("of_policy"))
_ATTACH = insert_if_absent(POLICY_ATTACHMENT)
_DETACH = delete(POLICY_ATTACHMENT).where(*at(POLICY_ATTACHMENT))


class ManagedPolicyReads(ReadConnection):
    """The verbs of `ReadTx` about managed policies."""

    def managed_policy(self, arn: str) -> ManagedPolicy | None:
        row = self.row(_POLICY, {"at_arn": arn})
        return _policy(row) if row else None

    def managed_policies(
        self, account: AccountId, path_prefix: str, after: str, limit: int
    ) -> tuple[ManagedPolicy, ...]:
        page = {"account": account, "path_prefix": path_prefix, "after": after, "limit": limit}
        return tuple(_policy(row) for row in self.rows(_POLICIES, page))

    def policy_version(self, arn: str, number: int) -> PolicyVersion | None:
        row = self.row(_VERSION, {"at_policy": arn, "at_number": number})
        return _version(row) if row else None

    def policy_versions(self, arn: str) -> tuple[PolicyVersion, ...]:
        return tuple(_version(row) for row in self.rows(_VERSIONS, {"policy": arn}))

    def attached_policies(self, unique_id: str) -> tuple[str, ...]:
        return tuple(row.policy for row in self.rows(_ATTACHED, {"principal": unique_id}))

    def attached_to(
        self, account: AccountId, arn: str, after: str, limit: int
    ) -> tuple[Principal | Group, ...]:
        page = {"account": account, "policy": arn, "after": after, "limit": limit}
        return tuple(
            group_of(row) if row.type == GROUP else principal_of(row) for row in self.rows(_ATTACHED_TO, page)
        )

    def attachment_counts(self, account: AccountId, arns: Sequence[str]) -> Mapping[str, int]:
        return self._counts(_ATTACHMENTS, account, arns)

    def boundary_of(self, account: AccountId, arn: str, after: str, limit: int) -> tuple[Principal, ...]:
        page = {"account": account, "policy": arn, "after": after, "limit": limit}
        return tuple(principal_of(row) for row in self.rows(_BOUNDARY_OF, page))

    def boundary_counts(self, account: AccountId, arns: Sequence[str]) -> Mapping[str, int]:
        return self._counts(_BOUNDARIES, account, arns)

    def _counts(self, statement: Executable, account: AccountId, arns: Sequence[str]) -> Mapping[str, int]:
        rows = self.rows(statement, {"account": account, "policies": list(arns)})
        return {row.policy: row.number for row in rows}


class ManagedPolicyWrites(ManagedPolicyReads, WriteConnection):
    """The verbs of `WriteTx` about managed policies."""

    def add_managed_policy(self, policy: ManagedPolicy, document: str) -> None:
        arn = str(policy.arn)
        row = {
            "arn": arn,
            "unique_id": policy.unique_id,
            "account": policy.account,
            "path": policy.path,
            "name": policy.name,
            "lower_name": policy.name.lower(),
            "description": policy.description,
            "created": policy.created,
        }
        self.add(_ADD_POLICY, row | _changing(policy), f"managed policy {policy.name}")
        self.add_policy_version(PolicyVersion(arn, policy.default_version, document, policy.created))

    def alter_managed_policy(self, policy: ManagedPolicy) -> None:
        arn = str(policy.arn)
        self.alter(_SET_POLICY, _changing(policy) | {"at_arn": arn}, f"managed policy {arn}")
        self.record(Topic.MANAGED_POLICY, arn)

    def delete_managed_policy(self, arn: str) -> None:
        self.connection.execute(_DELETE_VERSIONS, {"of_policy": arn})
        self.alter(_DELETE_POLICY, {"at_arn": arn}, f"managed policy {arn}")
        self.record(Topic.MANAGED_POLICY, arn)

    def add_policy_version(self, version: PolicyVersion) -> None:
        row = {
            "policy": version.policy,
            "number": version.number,
            "document": version.document,
            "created": version.created,
        }
        self.add(_ADD_VERSION, row, f"version {version.id} of {version.policy}")
        self.record(Topic.MANAGED_POLICY, version.policy)

    def delete_policy_version(self, arn: str, number: int) -> None:
        where = {"at_policy": arn, "at_number": number}
        self.alter(_DELETE_VERSION, where, f"version v{number} of {arn}")
        self.record(Topic.MANAGED_POLICY, arn)

    def attach_policy(self, account: AccountId, unique_id: str, arn: str) -> None:
        row = {"principal": unique_id, "policy": arn, "account": account}
        self.add(_ATTACH, row, f"attachment of {arn} to {unique_id}")
        self.record(Topic.PRINCIPAL, unique_id)

    def detach_policy(self, unique_id: str, arn: str) -> None:
        where = {"at_principal": unique_id, "at_policy": arn}
        self.alter(_DETACH, where, f"attachment of {arn} to {unique_id}")
        self.record(Topic.PRINCIPAL, unique_id)


def _changing(policy: ManagedPolicy) -> dict[str, object]:
    return {
        "updated": policy.updated,
        "default_version": policy.default_version,
        "last_version": policy.last_version,
        "tags": tags_text(policy.tags),
    }


def _policy(row: Row[Any]) -> ManagedPolicy:
    return ManagedPolicy(
        unique_id=row.unique_id,
        account=AccountId(row.account),
        path=row.path,
        name=row.name,
        description=row.description,
        created=row.created,
        updated=row.updated,
        default_version=row.default_version,
        last_version=row.last_version,
        tags=tags_of(row.tags),
    )


def _version(row: Row[Any]) -> PolicyVersion:
    return PolicyVersion(row.policy, row.number, row.document, row.created)
