"""A request and its facts as a JSON text: what a tool reads from a file (`docs/explain.md` has the schema).

The schema is that of the recorded cases in `vectors/policy`, so each of them is a scenario. Reading is
strict: an unknown or repeated member is a fault with its place in the text, and so is every fault of a policy
in it. Nothing is raised.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from typing import Final, NoReturn, TypeVar

from keystead.names import InvalidName
from keystead.policy.authorize import RETIRE_GRANT
from keystead.policy.calling import account_of, caller_of, make_request
from keystead.policy.language.defaults import RCP_FULL_AWS_ACCESS
from keystead.policy.language.document import Policy, PolicyKind
from keystead.policy.language.findings import Finding, Malformed
from keystead.policy.language.grammar import parse_policy
from keystead.policy.language.json_reader import (
    InvalidJson,
    JsonArray,
    JsonObject,
    JsonScalar,
    JsonString,
    JsonValue,
    end_of,
    line_and_column,
    read_json,
    repeated,
)
from keystead.policy.language.layout import write_json
from keystead.policy.request import (
    AttachedPolicy,
    Caller,
    CallerKind,
    ContextValue,
    Facts,
    Grant,
    Request,
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A request and the facts that apply to it."""

    request: Request
    facts: Facts


def read_scenario(text: str) -> Scenario | Malformed:
    """The scenario that `text` is, or why it is none. Any text gives one of the two; nothing is raised.

    A text is `Malformed` if it is longer than 131,072 characters, or 32,768 without white space, if it has an
    unknown member or a malformed policy. The first fault ends the reading; its place is that in `text`.
    """
    return _read(text, _Reader.scenario)


def read_grants(text: str) -> tuple[Grant, ...] | Malformed:
    """The grants of a JSON array, or why it holds none."""
    return _read(text, lambda reader, root: reader.grants(root, "grants"))


CALLERS: Final = {
    "root": CallerKind.ROOT,
    "user": CallerKind.USER,
    "assumed-role": CallerKind.ROLE_SESSION,
    "federated-user": CallerKind.FEDERATED_USER,
    "service": CallerKind.SERVICE,
    "web-identity": CallerKind.WEB_IDENTITY,
}
"""`principal.type` of a scenario."""

_COMMENTARY = frozenset({"id", "kind", "provenance", "note", "expect"})
"""Members of a recorded case that say nothing about the request."""

_LISTS = {"identity": PolicyKind.IDENTITY, "session": PolicyKind.SESSION, "boundary": PolicyKind.BOUNDARY}
_SINGLE = {
    "key_policy": PolicyKind.KEY,
    "trust": PolicyKind.TRUST,
    "resource": PolicyKind.RESOURCE,
    "endpoint": PolicyKind.ENDPOINT,
}


class _Faulty(Exception):
    """Ends the reading of one text; never leaves this module."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings


_Value = TypeVar("_Value")


def _read(text: str, read: Callable[["_Reader", JsonValue], _Value]) -> _Value | Malformed:
    reader = _Reader(text)
    try:
        try:
            root = read_json(text)
        except InvalidJson as invalid:
            reader.fault(f"the text is not valid JSON: {invalid.reason}", invalid.at, "")
        for member in repeated(root):
            reader.fault(f"`{member.name[:200]}` stands twice in one object", member.at, "")
        return read(reader, root)
    except _Faulty as faulty:
        return Malformed(faulty.findings)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one text; the first fault ends it."""

    text: str

    def fault(self, message: str, value_at: int, path: str) -> NoReturn:
        line, column = line_and_column(self.text, value_at)
        raise _Faulty((Finding("INVALID_SCENARIO", message, line, column, path),))

    def scenario(self, root: JsonValue) -> Scenario:
        members = self.members(
            root,
            "",
            {"principal", "action", "resource", "policies"},
            {"grants", "request", "context", "encryption_context", "cross_account"} | _COMMENTARY,
        )
        caller = self.caller(members["principal"])
        action = self.string(members["action"], "action")
        resource, owner = self.resource(members["resource"], caller)
        grants = self.grants(members["grants"], "grants") if "grants" in members else ()
        given = self.members(
            members.get("request", JsonObject((), 0)),
            "request",
            set(),
            {"GranteePrincipal", "Operations", "Constraints", "GrantId", "GrantToken"},
        )
        pairs = members.get("encryption_context")
        request = make_request(
            caller,
            action,
            resource,
            owner=owner,
            context=self.context(members.get("context", JsonObject((), 0))),
            encryption_context=None if pairs is None else self.pairs(pairs, "encryption_context"),
        )
        if "cross_account" in members:
            usable = self.boolean(members["cross_account"], "cross_account")
            request = replace(request, cross_account=usable)
        if action == "kms:CreateGrant" and "GranteePrincipal" in given:
            request = replace(request, creates=self.new_grant(given, caller))
        if action == RETIRE_GRANT:
            request = replace(request, retires=self.retired(given, grants))
        return Scenario(request, self.facts(members["policies"], grants))

    def caller(self, value: JsonValue) -> Caller:
        members = self.members(
            value,
            "principal",
            {"type", "arn"},
            {"account", "userid", "role_arn", "issuer_arn", "issuer_id", "service_linked", "management"},
        )
        told = {
            name: self.string(given, f"principal.{name}")
            for name, given in members.items()
            if name not in ("service_linked", "management")
        }
        if told["type"] not in CALLERS:
            self.fault(f"the type is none of {', '.join(CALLERS)}", members["type"].at, "principal.type")
        try:
            caller = caller_of(
                told["arn"],
                role_arn=told.get("role_arn", ""),
                issuer_arn=told.get("issuer_arn", ""),
                unique_id=told.get("userid", ""),
            )
        except InvalidName as invalid:
            name = "role_arn" if invalid.text == told.get("role_arn") else "arn"
            self.fault(str(invalid), members[name].at, f"principal.{name}")
        if caller.kind is not CALLERS[told["type"]]:
            self.fault(
                f"the ARN is not that of a caller of type {told['type']}", members["arn"].at, "principal.arn"
            )
        return replace(
            caller,
            account=told.get("account", caller.account),
            issuer_id=told.get("issuer_id", caller.issuer_id),
            service_linked=self.flag(members, "service_linked"),
            management=self.flag(members, "management"),
        )

    def flag(self, members: dict[str, JsonValue], name: str) -> bool:
        return name in members and self.boolean(members[name], f"principal.{name}")

    def resource(self, value: JsonValue, caller: Caller) -> tuple[str, str]:
        """The ARN and the account that owns it."""
        if isinstance(value, JsonString):
            return value.value, account_of(value.value) or caller.account
        members = self.members(value, "resource", {"arn"}, {"account"})
        arn = self.string(members["arn"], "resource.arn")
        if "account" in members:
            return arn, self.string(members["account"], "resource.account")
        return arn, account_of(arn) or caller.account

    def context(self, value: JsonValue) -> dict[str, ContextValue | None]:
        """Condition keys; None says that a key is absent which would follow from caller or resource."""
        context: dict[str, ContextValue | None] = {}
        for name, given in self.members(value, "context").items():
            path, key = f"context.{name}", name.lower()
            if key in context:
                self.fault("the key stands twice; its case does not matter", given.at, path)
            match given:
                case JsonScalar("null"):
                    context[key] = None
                case JsonArray():
                    context[key] = self.strings(given, path)
                case JsonObject():
                    context[key] = self.typed(given, path)
                case _:
                    context[key] = self.string(given, path)
        return context

    def typed(self, value: JsonObject, path: str) -> ContextValue:
        """The longer form: `{"type", "multi", "values"}`."""
        members = self.members(value, path, {"multi", "values"}, {"type"})
        values = self.strings(members["values"], f"{path}.values")
        if self.boolean(members["multi"], f"{path}.multi"):
            return values
        if len(values) != 1:
            self.fault("a single-valued key has one value", members["values"].at, f"{path}.values")
        return values[0]

    def grants(self, value: JsonValue, path: str) -> tuple[Grant, ...]:
        return tuple(
            self.grant(item, str(number), f"{path}[{number}]")
            for number, item in enumerate(self.array(value, path))
        )

    def grant(self, value: JsonValue, grant_id: str, path: str) -> Grant:
        members = self.members(
            value,
            path,
            {"grantee_principal", "operations", "issuing_account"},
            {"id", "retiring_principal", "constraints", "token_presented", "bound_to_deleted_principal"},
        )
        constrained = members.get("constraints")
        if isinstance(constrained, JsonScalar) and constrained.text == "null":
            constrained = None
        return self.constrained(
            Grant(
                self.string(members["id"], f"{path}.id") if "id" in members else grant_id,
                self.string(members["grantee_principal"], f"{path}.grantee_principal"),
                frozenset(self.strings(members["operations"], f"{path}.operations")),
                self.string(members["issuing_account"], f"{path}.issuing_account"),
                retiring=self.optional(members, "retiring_principal", path),
            ),
            constrained,
            f"{path}.constraints",
        )

    def constrained(self, grant: Grant, value: JsonValue | None, path: str) -> Grant:
        if value is None:
            return grant
        members = self.members(
            value, path, set(), {"EncryptionContextEquals", "EncryptionContextSubset", "SourceArn"}
        )
        equals, subset = members.get("EncryptionContextEquals"), members.get("EncryptionContextSubset")
        return replace(
            grant,
            encryption_context_equals=None if equals is None else self.pairs(equals, path),
            encryption_context_subset=None if subset is None else self.pairs(subset, path),
            source_arn=self.optional(members, "SourceArn", path),
        )

    def new_grant(self, given: dict[str, JsonValue], caller: Caller) -> Grant:
        """The grant that CreateGrant would make."""
        operations = self.strings(given.get("Operations", JsonArray((), 0)), "request.Operations")
        grantee = self.string(given["GranteePrincipal"], "request.GranteePrincipal")
        grant = Grant("new", grantee, frozenset(operations), caller.account)
        return self.constrained(grant, given.get("Constraints"), "request.Constraints")

    def retired(self, given: dict[str, JsonValue], grants: tuple[Grant, ...]) -> Grant | None:
        """The grant that RetireGrant would remove: the one with `GrantId`, else the first."""
        if "GrantId" not in given:
            return grants[0] if grants else None
        wanted = self.string(given["GrantId"], "request.GrantId")
        found = [grant for grant in grants if grant.grant_id == wanted]
        if not found:
            self.fault("there is no grant with this id", given["GrantId"].at, "request.GrantId")
        return found[0]

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
        raise _Faulty(findings)

    # The small readers below are shared by all members.

    def members(
        self,
        value: JsonValue,
        path: str,
        required: set[str] | None = None,
        optional: Set[str] | None = None,
    ) -> dict[str, JsonValue]:
        """The members of an object by name; without `required` and `optional` any names."""
        if not isinstance(value, JsonObject):
            self.fault("an object is expected", value.at, path)
        found = {member.name: member.value for member in value.members}
        if required is not None and optional is not None:
            for member in value.members:
                if member.name not in required and member.name not in optional:
                    self.fault(f"unknown member `{member.name[:200]}`", member.at, path)
            for name in sorted(required):
                if name not in found:
                    self.fault(f"the member `{name}` is missing", value.at, path)
        return found

    def array(self, value: JsonValue, path: str) -> tuple[JsonValue, ...]:
        if not isinstance(value, JsonArray):
            self.fault("an array is expected", value.at, path)
        return value.items

    def string(self, value: JsonValue, path: str) -> str:
        if not isinstance(value, JsonString):
            self.fault("a string is expected", value.at, path)
        return value.value

    def strings(self, value: JsonValue, path: str) -> tuple[str, ...]:
        return tuple(
            self.string(item, f"{path}[{number}]") for number, item in enumerate(self.array(value, path))
        )

    def optional(self, members: dict[str, JsonValue], name: str, path: str) -> str:
        return self.string(members[name], f"{path}.{name}") if name in members else ""

    def pairs(self, value: JsonValue, path: str) -> dict[str, str]:
        return {
            name: self.string(given, f"{path}.{name}") for name, given in self.members(value, path).items()
        }

    def boolean(self, value: JsonValue, path: str) -> bool:
        if not isinstance(value, JsonScalar) or value.text not in ("true", "false"):
            self.fault("true or false is expected", value.at, path)
        return value.text == "true"


FULL_ACCESS: Final = AttachedPolicy(RCP_FULL_AWS_ACCESS, "RCPFullAWSAccess")
"""AWS's own RCP, as it is attached to every level."""


def _is_full_access(value: JsonValue) -> bool:
    """Whether a document is that of `RCPFullAWSAccess`, which customers could not write."""
    return write_json(value) == write_json(read_json(RCP_FULL_AWS_ACCESS.text))
