"""Policies of organizations, where they are attached, and tags: the verbs and their statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    union_all,
    update,
)

from keystead.kinds import OrganizationPolicyType
from keystead.model import OrganizationAttachment, OrganizationPolicy, Tag
from keystead.store.connection import ReadConnection, WriteConnection, at, insert_if_absent, upsert
from keystead.store.port import Topic
from keystead.store.tables import (
    ORGANIZATION,
    ORGANIZATION_ATTACHMENT,
    ORGANIZATION_MEMBER,
    ORGANIZATION_POLICY,
    ORGANIZATION_TAG,
    ORGANIZATIONAL_UNIT,
)

_OF: BindParameter[str] = bindparam("organization")

_POLICY = select(ORGANIZATION_POLICY).where(*at(ORGANIZATION_POLICY))
_OF_TYPE = (
    ORGANIZATION_POLICY.c.organization == _OF,
    ORGANIZATION_POLICY.c.type == bindparam("type"),
)
_POLICY_NAMED = select(ORGANIZATION_POLICY).where(*_OF_TYPE, ORGANIZATION_POLICY.c.name == bindparam("name"))
_POLICIES = (
    select(ORGANIZATION_POLICY)
    .where(*_OF_TYPE, ORGANIZATION_POLICY.c.id > bindparam("after"))
    .order_by(ORGANIZATION_POLICY.c.id)
    .limit(bindparam("limit"))
)
_POLICY_COUNT = select(func.count().label("policies")).where(*_OF_TYPE)
_ADD_POLICY = insert_if_absent(ORGANIZATION_POLICY)
_SET_POLICY = (
    update(ORGANIZATION_POLICY)
    .where(*at(ORGANIZATION_POLICY))
    .values(name=bindparam("name"), description=bindparam("description"), content=bindparam("content"))
)
_DELETE_POLICY = delete(ORGANIZATION_POLICY).where(*at(ORGANIZATION_POLICY))

_ATTACHED = (
    select(
        ORGANIZATION_ATTACHMENT.c.organization,
        ORGANIZATION_ATTACHMENT.c.target,
        ORGANIZATION_ATTACHMENT.c.policy,
        ORGANIZATION_ATTACHMENT.c.type,
        ORGANIZATION_POLICY.c.id,
        ORGANIZATION_POLICY.c.name,
        ORGANIZATION_POLICY.c.description,
        ORGANIZATION_POLICY.c.content,
    )
    .select_from(
        ORGANIZATION_ATTACHMENT.outerjoin(
            ORGANIZATION_POLICY,
            (ORGANIZATION_POLICY.c.organization == ORGANIZATION_ATTACHMENT.c.organization)
            & (ORGANIZATION_POLICY.c.id == ORGANIZATION_ATTACHMENT.c.policy),
        )
    )
    .where(
        ORGANIZATION_ATTACHMENT.c.organization == _OF,
        ORGANIZATION_ATTACHMENT.c.target.in_(bindparam("targets", expanding=True)),
    )
    .order_by(ORGANIZATION_ATTACHMENT.c.policy)
)
_TARGETS = (
    select(ORGANIZATION_ATTACHMENT.c.target)
    .where(
        ORGANIZATION_ATTACHMENT.c.organization == _OF,
        ORGANIZATION_ATTACHMENT.c.policy == bindparam("policy"),
        ORGANIZATION_ATTACHMENT.c.target > bindparam("after"),
    )
    .order_by(ORGANIZATION_ATTACHMENT.c.target)
    .limit(bindparam("limit"))
)
_ATTACH = insert_if_absent(ORGANIZATION_ATTACHMENT)
_DETACH = delete(ORGANIZATION_ATTACHMENT).where(*at(ORGANIZATION_ATTACHMENT))
_EVERYTHING = union_all(
    select(ORGANIZATION.c.root).where(ORGANIZATION.c.id == _OF),
    select(ORGANIZATIONAL_UNIT.c.id).where(ORGANIZATIONAL_UNIT.c.organization == _OF),
    select(ORGANIZATION_MEMBER.c.account).where(ORGANIZATION_MEMBER.c.organization == _OF),
).subquery("everything")
_ATTACH_EVERYWHERE = insert(ORGANIZATION_ATTACHMENT).from_select(
    ["organization", "target", "policy", "type"],
    select(_OF, _EVERYTHING.c[0], bindparam("policy"), bindparam("type")),
)
_DETACH_EVERYWHERE = delete(ORGANIZATION_ATTACHMENT).where(
    ORGANIZATION_ATTACHMENT.c.organization == _OF, ORGANIZATION_ATTACHMENT.c.type == bindparam("type")
)

_TAGS = (
    select(ORGANIZATION_TAG.c.tag_key, ORGANIZATION_TAG.c.tag_value)
    .where(ORGANIZATION_TAG.c.organization == _OF, ORGANIZATION_TAG.c.resource == bindparam("resource"))
    .order_by(ORGANIZATION_TAG.c.tag_key)
)
_PUT_TAG = upsert(ORGANIZATION_TAG)
_DELETE_TAG = delete(ORGANIZATION_TAG).where(*at(ORGANIZATION_TAG))
_DELETE_TAGS = delete(ORGANIZATION_TAG).where(
    ORGANIZATION_TAG.c.organization == _OF, ORGANIZATION_TAG.c.resource == bindparam("resource")
)


class OrganizationPolicyReads(ReadConnection):
    """The verbs of `OrganizationReadTx` about policies and tags."""

    def organization_policy(self, organization: str, id: str) -> OrganizationPolicy | None:
        row = self.row(_POLICY, {"at_organization": organization, "at_id": id})
        return _policy(row) if row else None

    def organization_policy_named(
        self, organization: str, type: OrganizationPolicyType, name: str
    ) -> OrganizationPolicy | None:
        named = {"organization": organization, "type": type.value, "name": name}
        row = self.row(_POLICY_NAMED, named)
        return _policy(row) if row else None

    def organization_policies(
        self, organization: str, type: OrganizationPolicyType, after: str, limit: int
    ) -> tuple[OrganizationPolicy, ...]:
        page = {"organization": organization, "type": type.value, "after": after, "limit": limit}
        return tuple(_policy(row) for row in self.rows(_POLICIES, page))

    def organization_policy_count(self, organization: str, type: OrganizationPolicyType) -> int:
        row = self.row(_POLICY_COUNT, {"organization": organization, "type": type.value})
        return int(row.policies) if row else 0

    def policies_attached_to(
        self, organization: str, targets: Sequence[str]
    ) -> tuple[tuple[OrganizationAttachment, OrganizationPolicy | None], ...]:
        rows = self.rows(_ATTACHED, {"organization": organization, "targets": list(targets)})
        return tuple(
            (
                OrganizationAttachment(
                    row.organization, row.target, row.policy, OrganizationPolicyType(row.type)
                ),
                None if row.id is None else _policy(row),
            )
            for row in rows
        )

    def policy_targets(self, organization: str, policy: str, after: str, limit: int) -> tuple[str, ...]:
        page = {"organization": organization, "policy": policy, "after": after, "limit": limit}
        return tuple(row.target for row in self.rows(_TARGETS, page))

    def organization_tags(self, organization: str, resource: str) -> tuple[Tag, ...]:
        rows = self.rows(_TAGS, {"organization": organization, "resource": resource})
        return tuple(Tag(row.tag_key, row.tag_value) for row in rows)


class OrganizationPolicyWrites(OrganizationPolicyReads, WriteConnection):
    """The verbs of `OrganizationWriteTx` about policies and tags."""

    def add_organization_policy(self, policy: OrganizationPolicy) -> None:
        row = {
            "organization": policy.organization,
            "id": policy.id,
            "type": policy.type.value,
            "name": policy.name,
            "description": policy.description,
            "content": policy.content,
        }
        self.add(_ADD_POLICY, row, f"organization policy {policy.name}")

    def set_organization_policy(self, policy: OrganizationPolicy) -> None:
        row = {
            "at_organization": policy.organization,
            "at_id": policy.id,
            "name": policy.name,
            "description": policy.description,
            "content": policy.content,
        }
        self.alter(_SET_POLICY, row, f"organization policy {policy.id}")
        self.record(Topic.ORGANIZATION, policy.organization)

    def delete_organization_policy(self, organization: str, id: str) -> None:
        where = {"at_organization": organization, "at_id": id}
        self.alter(_DELETE_POLICY, where, f"organization policy {id}")
        self.connection.execute(_DELETE_TAGS, {"organization": organization, "resource": id})

    def attach_organization_policy(self, attachment: OrganizationAttachment) -> None:
        row = {
            "organization": attachment.organization,
            "target": attachment.target,
            "policy": attachment.policy,
            "type": attachment.type.value,
        }
        self.add(_ATTACH, row, f"attachment of {attachment.policy} to {attachment.target}")
        self.record(Topic.ORGANIZATION, attachment.organization)

    def detach_organization_policy(self, organization: str, target: str, policy: str) -> None:
        where = {"at_organization": organization, "at_target": target, "at_policy": policy}
        self.alter(_DETACH, where, f"attachment of {policy} to {target}")
        self.record(Topic.ORGANIZATION, organization)

    def attach_everywhere(self, organization: str, policy: str, type: OrganizationPolicyType) -> None:
        attached = {"organization": organization, "policy": policy, "type": type.value}
        self.connection.execute(_ATTACH_EVERYWHERE, attached)
        self.record(Topic.ORGANIZATION, organization)

    def detach_everywhere(self, organization: str, type: OrganizationPolicyType) -> None:
        self.connection.execute(_DETACH_EVERYWHERE, {"organization": organization, "type": type.value})
        self.record(Topic.ORGANIZATION, organization)

    def put_organization_tag(self, organization: str, resource: str, tag: Tag) -> None:
        row = {
            "organization": organization,
            "resource": resource,
            "tag_key": tag.key,
            "tag_value": tag.value,
        }
        self.connection.execute(_PUT_TAG, row)

    def delete_organization_tag(self, organization: str, resource: str, key: str) -> None:
        where = {"at_organization": organization, "at_resource": resource, "at_tag_key": key}
        self.connection.execute(_DELETE_TAG, where)


def _policy(row: Row[Any]) -> OrganizationPolicy:
    return OrganizationPolicy(
        id=row.id,
        organization=row.organization,
        type=OrganizationPolicyType(row.type),
        name=row.name,
        description=row.description,
        content=row.content,
    )
