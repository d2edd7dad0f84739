"""A scenario, read: who asks for what, with which condition keys, and under which facts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from keystead.names import InvalidName
from keystead.policy.authorize import RETIRE_GRANT
from keystead.policy.calling import account_of, caller_of, make_request
from keystead.policy.language.findings import Malformed
from keystead.policy.language.json_reader import (
    InvalidJson,
    JsonArray,
    JsonObject,
    JsonScalar,
    JsonString,
    JsonValue,
    read_json,
    repeated,
)
from keystead.policy.request import Caller, CallerKind, ContextValue, Facts, Grant, Request
from keystead.policy.scenario.grants import GrantReader
from keystead.policy.scenario.members import Faulty
from keystead.policy.scenario.policies import PolicyReader


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
    except Faulty as faulty:
        return Malformed(faulty.findings)


class _Reader(PolicyReader, GrantReader):
    """Reads a whole text."""

    __slots__ = ()

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
