"""A document, parsed: its statements one by one, and the rules between their elements."""

import re
from dataclasses import dataclass

from keystead.policy.catalogue import IAM_ONLY_KEYS
from keystead.policy.language.document import Policy, PolicyKind
from keystead.policy.language.elements import ElementReader, Members
from keystead.policy.language.findings import MAX_FINDINGS, WRONG_TYPE, Malformed
from keystead.policy.language.grammar import CURRENT, GRAMMARS, OLDER, RCP_SERVICES, Grammar
from keystead.policy.language.json_reader import (
    InvalidJson,
    JsonArray,
    JsonObject,
    JsonValue,
    read_json,
    repeated,
)
from keystead.policy.language.statement import Effect, Statement
from keystead.policy.language.work import bounded


def parse_policy(text: str, kind: PolicyKind) -> Policy | Malformed:
    """The policy that `text` is, or why it is none. Any text gives one of the two; nothing is raised.

    Every rule of the kind's grammar is checked, and so is the syntax of principals; whether a principal
    exists is for the caller to check (`principal_entries`), and so are the size limits of each kind.
    """
    return parse_by_grammar(text, kind, GRAMMARS[kind], customer=True)


def parse_by_grammar(text: str, kind: PolicyKind, grammar: Grammar, *, customer: bool) -> Policy | Malformed:
    """As `parse_policy`, by a grammar given. AWS's own RCP is wider than customers' (`customer` false)."""
    reader = _Reader(text, kind, grammar, customer)
    try:
        root = read_json(text)
    except InvalidJson as invalid:
        reader.report("JSON_SYNTAX_ERROR", f"the policy is not valid JSON: {invalid.reason}", invalid.at, "")
        return reader.malformed()
    for member in repeated(root):
        reader.report("DUPLICATE_ELEMENT", f"`{member.name[:200]}` stands twice in one object", member.at, "")
    policy = reader.document(root)
    return policy if policy is not None and not reader.findings else reader.malformed()


_ELEMENTS = ("Version", "Id", "Statement")
_STATEMENT_ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_PAIRS = (("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
_SID = re.compile(r"[A-Za-z0-9]*")


@dataclass(slots=True)
class _Reader(ElementReader):
    """Reads one document."""

    def document(self, root: JsonValue) -> Policy | None:
        if not isinstance(root, JsonObject):
            self.report("DATA_TYPE_MISMATCH", "a policy must be a JSON object", root.at, "")
            return None
        members = self.members(root, _ELEMENTS if self.grammar.document_id else ("Version", "Statement"), "")
        version = self.version(members, root.at)
        identity = self.string(members, "Id", "")
        value = members.get("Statement")
        items = value.items if isinstance(value, JsonArray) else () if value is None else (value,)
        if not items:
            self.report("MISSING_STATEMENT", "the policy has no statement", root.at, "")
        many = isinstance(value, JsonArray)
        statements: list[Statement] = []
        for index, item in enumerate(items):
            if len(self.findings) >= MAX_FINDINGS:
                break
            place = f"Statement[{index}]" if many else "Statement"
            statement = self.statement(item, index, version, place)
            if statement is not None:
                statements.append(statement)
        self.unique_sids(statements, root.at)
        reads = frozenset[str]().union(*(_reads(statement) for statement in statements))
        iam_only = self.kind is PolicyKind.KEY and any(key.startswith(IAM_ONLY_KEYS) for key in reads)
        return Policy(self.kind, self.text, version, identity, bounded(tuple(statements)), iam_only)

    def version(self, members: Members, at: int) -> str:
        version = self.string(members, "Version", "")
        if "Version" not in members:
            if self.grammar.version:
                self.report("MISSING_VERSION", "the policy has no Version", at, "")
            return OLDER
        if version not in (CURRENT, OLDER):
            message = f"the Version is neither {CURRENT} nor {OLDER}"
            self.report("INVALID_VERSION", message, members["Version"].at, "Version")
        return version

    def unique_sids(self, statements: list[Statement], at: int) -> None:
        seen: set[str] = set()
        for statement in statements:
            if statement.sid and statement.sid in seen:
                message = "Statement IDs (SID) in a single policy must be unique."
                self.report("UNIQUE_SIDS_REQUIRED", message, at, f"Statement[{statement.index}].Sid")
            seen.add(statement.sid)

    def statement(self, value: JsonValue, index: int, version: str, path: str) -> Statement | None:
        if not isinstance(value, JsonObject):
            self.report("DATA_TYPE_MISMATCH", "a statement must be a JSON object", value.at, path)
            return None
        members = self.members(value, _STATEMENT_ELEMENTS, path)
        for one, other in _PAIRS:
            if one in members and other in members:
                message = f"{one} and {other} exclude each other"
                self.report("UNSUPPORTED_ELEMENT_COMBINATION", message, members[other].at, f"{path}.{other}")
        sid = self.string(members, "Sid", path)
        if not self.grammar.free_sid and not _SID.fullmatch(sid):
            self.report(
                "UNSUPPORTED_SID", "a Sid may hold letters and digits only", members["Sid"].at, f"{path}.Sid"
            )
        effect = self.effect(members, value.at, path)
        principal = self.principal(members, effect, index, value.at, path)
        action = self.actions(members, value.at, path)
        resource = self.resources(members, version, value.at, path)
        conditions = tuple(self.conditions(members.get("Condition"), version, f"{path}.Condition"))
        if self.kind is PolicyKind.RCP and self.customer:
            self.rcp_rules(members, value.at, path)
        if effect is None:
            return None
        return Statement(index, sid, effect, principal, action, resource, conditions)

    def rcp_rules(self, members: Members, at: int, path: str) -> None:
        """What only a customer's RCP must keep (Organizations User Guide, "RCP syntax")."""
        principal, action = members.get("Principal"), members.get("Action")
        fair = (
            self.string(members, "Effect", path) == Effect.DENY
            and principal is not None
            and [text for text, _, _ in self.strings(_lone_member(principal, "AWS"), path)] == ["*"]
            and action is not None
            and all(
                text.partition(":")[0].lower() in RCP_SERVICES for text, _, _ in self.strings(action, path)
            )
        )
        if not fair:
            self.report("RCP_SYNTAX_ERROR", WRONG_TYPE, at, path)


def _lone_member(value: JsonValue, name: str) -> JsonValue:
    """The value of an object's only member if that is called `name`, else the value itself."""
    if isinstance(value, JsonObject) and [member.name for member in value.members] == [name]:
        return value.members[0].value
    return value


def _reads(statement: Statement) -> frozenset[str]:
    keys = set(statement.resource.reads) if statement.resource is not None else set[str]()
    for condition in statement.conditions:
        keys.add(condition.lookup)
        keys |= condition.reads
    return frozenset(keys)
