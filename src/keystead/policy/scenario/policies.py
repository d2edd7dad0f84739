"""The facts of a scenario: the policies that apply to its request, level by level."""

from dataclasses import replace
from typing import Final

from keystead.policy.language.defaults import RCP_FULL_AWS_ACCESS
from keystead.policy.language.document import Policy, PolicyKind
from keystead.policy.language.findings import Malformed
from keystead.policy.language.json_reader import JsonObject, JsonValue, end_of, line_and_column, read_json
from keystead.policy.language.layout import write_json
from keystead.policy.language.parsing import parse_policy
from keystead.policy.request import AttachedPolicy, Facts, Grant
from keystead.policy.scenario.members import Faulty, MemberReader

_LISTS = {"identity": PolicyKind.IDENTITY, "session": PolicyKind.SESSION, "boundary": PolicyKind.BOUNDARY}
_SINGLE = {
    "key_policy": PolicyKind.KEY,
    "trust": PolicyKind.TRUST,
    "resource": PolicyKind.RESOURCE,
    "endpoint": PolicyKind.ENDPOINT,
}

FULL_ACCESS: Final = AttachedPolicy(RCP_FULL_AWS_ACCESS, "RCPFullAWSAccess")
"""AWS's own RCP, as it is attached to every level."""


class PolicyReader(MemberReader):
    """Reads the member `policies`."""

    __slots__ = ()

    def facts(self, value: JsonValue, grants: tuple[Grant, ...]) -> Facts:
        members = self.members(value, "policies", set(), {*_LISTS, *_SINGLE, "scp", "rcp"})
        lists = {
            name: self.attached_all(members[name], kind, f"policies.{name}")
            for name, kind in _LISTS.items()
            if name in members
        }
        single = {
            name: self.attached(members[name], kind, f"policies.{name}")
            for name, kind in _SINGLE.items()
            if name in members
        }
        boundary = lists.get("boundary")
        if boundary is not None and len(boundary) != 1:
            self.fault("there is one boundary or none", members["boundary"].at, "policies.boundary")
        if "trust" in single and "resource" in single:
            self.fault("a resource has one policy", members["resource"].at, "policies.resource")
        return Facts(
            key_policy=single.get("key_policy"),
            resource_policy=single.get("trust", single.get("resource")),
            identity=lists.get("identity", ()),
            boundary=None if boundary is None else boundary[0],
            session=lists.get("session"),
            scps=self.levels(members.get("scp"), PolicyKind.SCP),
            rcps=self.levels(members.get("rcp"), PolicyKind.RCP),
            endpoint=single.get("endpoint"),
            grants=grants,
        )

    def levels(
        self, value: JsonValue | None, kind: PolicyKind
    ) -> tuple[tuple[AttachedPolicy, ...], ...] | None:
        if value is None:
            return None
        path = "policies.scp" if kind is PolicyKind.SCP else "policies.rcp"
        return tuple(
            self.level(level, kind, f"{path}[{number}]")
            for number, level in enumerate(self.array(value, path))
        )

    def level(self, value: JsonValue, kind: PolicyKind, path: str) -> tuple[AttachedPolicy, ...]:
        if isinstance(value, JsonObject):
            value = self.members(value, path, {"policies"}, {"target"})["policies"]
        attached = self.attached_all(value, kind, path)
        # AWS's own RCP is part of every level and cannot be detached.
        if kind is PolicyKind.RCP and not any(each.policy is RCP_FULL_AWS_ACCESS for each in attached):
            return (FULL_ACCESS, *attached)
        return attached

    def attached_all(self, value: JsonValue, kind: PolicyKind, path: str) -> tuple[AttachedPolicy, ...]:
        return tuple(
            self.attached(item, kind, f"{path}[{number}]")
            for number, item in enumerate(self.array(value, path))
        )

    def attached(self, value: JsonValue, kind: PolicyKind, path: str) -> AttachedPolicy:
        """A document, or `{"document", "name", "arn"}` with what a refusal may call it."""
        name, arn, document = "", "", value
        if isinstance(value, JsonObject) and any(member.name == "document" for member in value.members):
            members = self.members(value, path, {"document"}, {"name", "arn"})
            document = members["document"]
            name, arn = self.optional(members, "name", path), self.optional(members, "arn", path)
        if kind is PolicyKind.RCP and not arn and _is_full_access(document):
            return FULL_ACCESS
        return AttachedPolicy(self.policy(document, kind, path), name or kind.value, arn)

    def policy(self, value: JsonValue, kind: PolicyKind, path: str) -> Policy:
        end = end_of(self.text, value)
        policy = parse_policy(self.text[value.at : end], kind)
        if not isinstance(policy, Malformed):
            return policy
        line, column = line_and_column(self.text, value.at)
        findings = tuple(
            replace(
                finding,
                line=finding.line + line - 1,
                column=finding.column + (column if finding.line == 1 else 0),
                path=f"{path}.{finding.path}".rstrip("."),
            )
            for finding in policy.findings
        )
        raise Faulty(findings)


def _is_full_access(value: JsonValue) -> bool:
    """Whether a document is that of `RCPFullAWSAccess`, which customers could not write."""
    return write_json(value) == write_json(read_json(RCP_FULL_AWS_ACCESS.text))
