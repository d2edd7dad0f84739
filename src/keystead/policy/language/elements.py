"""The elements of a statement: read by the grammar of their kind, collecting findings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from keystead.policy.conditions import Condition, IllTyped, compile_condition
from keystead.policy.language.document import PolicyKind
from keystead.policy.language.findings import (
    INVALID_PRINCIPALS,
    MAX_FINDINGS,
    NO_PRINCIPAL,
    WRONG_TYPE,
    Finding,
    Malformed,
    invalid_principal,
    with_article,
)
from keystead.policy.language.grammar import CURRENT, Grammar
from keystead.policy.language.json_reader import (
    JsonArray,
    JsonObject,
    JsonScalar,
    JsonString,
    JsonValue,
    line_and_column,
)
from keystead.policy.language.patterns import is_arn
from keystead.policy.language.principal import Principal, PrincipalEntry, make_principal, parse_entry
from keystead.policy.language.statement import (
    ActionMatcher,
    Effect,
    ResourceMatcher,
    compile_actions,
    compile_resources,
)

_ACTION = re.compile(r"[A-Za-z0-9-]+:.*", re.DOTALL)
_EFFECTS = {effect.value: effect for effect in Effect}
_PRINCIPAL_FORMS = ("AWS", "Service", "Federated", "CanonicalUser")

# Members of one object by name. Duplicates are reported before; the first one stands here.
Members = dict[str, JsonValue]


@dataclass(slots=True)
class ElementReader:
    """Reads from one document. A method that meets a fault reports it and gives None; reading goes on."""

    text: str
    kind: PolicyKind
    grammar: Grammar
    customer: bool
    findings: list[Finding] = field(default_factory=list)

    def report(self, code: str, message: str, at: int, path: str) -> None:
        if self.kind is PolicyKind.RCP and code != "JSON_SYNTAX_ERROR":
            message = WRONG_TYPE  # recorded: one sentence for every fault of an RCP
        if len(self.findings) < MAX_FINDINGS:
            line, column = line_and_column(self.text, at)
            self.findings.append(Finding(code, message, line, column, path))

    def takes_no(self, element: str) -> str:
        """The message for an element that this kind of policy lacks; IAM's where it was seen in the field."""
        if self.kind is PolicyKind.TRUST:
            return f"Has prohibited field {element}"
        if self.kind is PolicyKind.IDENTITY:
            return "Policy document should not specify a principal."
        return f"{with_article(self.kind)} takes no {element}"

    def malformed(self) -> Malformed:
        return Malformed(tuple(self.findings))

    def effect(self, members: Members, at: int, path: str) -> Effect | None:
        text = self.string(members, "Effect", path)
        if "Effect" not in members:
            self.report("MISSING_EFFECT", "a statement has no Effect", at, path)
            return None
        effect = _EFFECTS.get(text)
        if effect is None:
            self.report(
                "INVALID_EFFECT",
                "the Effect is neither Allow nor Deny",
                members["Effect"].at,
                f"{path}.Effect",
            )
        return effect

    def principal(
        self, members: Members, effect: Effect | None, index: int, at: int, path: str
    ) -> Principal | None:
        name = "NotPrincipal" if "NotPrincipal" in members else "Principal"
        value = members.get(name)
        grammar = self.grammar
        if value is None:
            if grammar.principal:
                self.report("MISSING_PRINCIPAL", NO_PRINCIPAL, at, path)
            return None
        excluded = name == "NotPrincipal"
        path = f"{path}.{name}"
        if not grammar.principal or (excluded and not grammar.not_principal):
            self.report("UNSUPPORTED_PRINCIPAL", self.takes_no(name), value.at, path)
            return None
        if excluded and effect is Effect.ALLOW and not grammar.not_principal_allow:
            message = "NotPrincipal is for statements with Effect Deny"
            self.report("UNSUPPORTED_ELEMENT_COMBINATION", message, value.at, path)
        entries = tuple(self.entries(value, index, path, excluded=excluded))
        return make_principal(entries, excluded=excluded)

    def entries(self, value: JsonValue, index: int, path: str, *, excluded: bool) -> Iterator[PrincipalEntry]:
        if isinstance(value, JsonString) and value.value == "*":
            everyone = parse_entry("AWS", "*", statement=index, excluded=excluded)
            assert everyone is not None  # the syntax of `*` is right
            yield everyone
            return
        if not isinstance(value, JsonObject):
            self.report("INVALID_PRINCIPAL", INVALID_PRINCIPALS, value.at, path)
            return
        forms = self.members(value, _PRINCIPAL_FORMS, path)
        found = 0
        for form, given in forms.items():
            for text, at, place in self.strings(given, f"{path}.{form}"):
                found += 1
                entry = parse_entry(form, text, statement=index, excluded=excluded)
                if entry is None or form == "CanonicalUser":
                    trust = self.kind is PolicyKind.TRUST
                    message = invalid_principal(form, text) if trust else INVALID_PRINCIPALS
                    self.report("INVALID_PRINCIPAL", message, at, place)
                else:
                    yield entry
        if not found:
            self.report("MISSING_PRINCIPAL", NO_PRINCIPAL, value.at, path)

    def actions(self, members: Members, at: int, path: str) -> ActionMatcher | None:
        name = "NotAction" if "NotAction" in members else "Action"
        if name not in members:
            if not self.grammar.inert:
                self.report("MISSING_ACTION", "Policy statement must contain actions.", at, path)
            return None
        patterns: list[str] = []
        for text, place_at, place in self.strings(members[name], f"{path}.{name}"):
            patterns.append(text)
            if text != "*" and not _ACTION.fullmatch(text):
                message = "an action must be `*` or a service prefix, a colon and a name"
                self.report("INVALID_ACTION", message, place_at, place)
        if not patterns and not self.grammar.inert:
            self.report("MISSING_ACTION", "Policy statement must contain actions.", at, path)
        return compile_actions(tuple(patterns), excluded=name == "NotAction")

    def resources(self, members: Members, version: str, at: int, path: str) -> ResourceMatcher | None:
        name = "NotResource" if "NotResource" in members else "Resource"
        if name not in members:
            if not self.grammar.resource:
                return compile_resources(("*",), excluded=False, variables=False)
            if not self.grammar.inert:
                self.report("MISSING_RESOURCE", "Policy statement must contain resources.", at, path)
            return None
        if not self.grammar.resource:
            self.report("UNSUPPORTED_RESOURCE", self.takes_no(name), members[name].at, f"{path}.{name}")
        patterns: list[str] = []
        for text, place_at, place in self.strings(members[name], f"{path}.{name}"):
            patterns.append(text)
            if text != "*" and not is_arn(text):
                self.report("INVALID_ARN_RESOURCE", "a resource must be `*` or an ARN", place_at, place)
        if not patterns and not self.grammar.inert:
            self.report("MISSING_RESOURCE", "Policy statement must contain resources.", at, path)
        return compile_resources(
            tuple(patterns), excluded=name == "NotResource", variables=version == CURRENT
        )

    def conditions(self, value: JsonValue | None, version: str, path: str) -> Iterator[Condition]:
        if value is None:
            return
        if not isinstance(value, JsonObject):
            self.report("DATA_TYPE_MISMATCH", "Condition must be a JSON object", value.at, path)
            return
        for block in value.members:
            place = f"{path}.{block.name}"
            if not isinstance(block.value, JsonObject):
                self.report(
                    "DATA_TYPE_MISMATCH", "an operator's value must be a JSON object", block.value.at, place
                )
                continue
            for pair in block.value.members:
                operands = tuple(
                    text for text, _, _ in self.strings(pair.value, f"{place}.{pair.name}", scalars=True)
                )
                condition = self.condition(block.name, pair.name, operands, version, pair.at, place)
                if condition is not None:
                    yield condition

    def condition(
        self, name: str, key: str, operands: tuple[str, ...], version: str, at: int, path: str
    ) -> Condition | None:
        if ":" not in key:
            message = "a condition key must have a service prefix and a colon"
            self.report("INVALID_CONDITION_KEY", message, at, f"{path}.{key}")
        if self.kind is PolicyKind.KEY and name.startswith("ForAllValues:") and _over_permissive(key):
            message = (
                f"OverlyPermissiveCondition: ForAllValues with the single-valued key {key[:200]} holds also "
                "when the key is absent. Remove ForAllValues from the condition."
            )
            self.report("FORALLVALUES_WITH_SINGLE_VALUED_KEY", message, at, f"{path}.{key}")
        try:
            condition = compile_condition(
                name, key, operands, variables=version == CURRENT, stored=self.grammar.typed
            )
        except IllTyped as ill_typed:
            message = f"`{ill_typed.operand[:200]}` is not of the operator's type"
            self.report("MISMATCHED_TYPE", message, at, f"{path}.{key}")
            return None
        if condition is None:
            self.report("INVALID_OPERATOR", f"there is no condition operator `{name[:200]}`", at, path)
        return condition

    # The small readers below are shared by all elements.

    def members(self, value: JsonObject, known: tuple[str, ...], path: str) -> Members:
        found: Members = {}
        for member in value.members:
            if member.name not in known:
                message = f"unknown element `{member.name[:200]}`"
                self.report(
                    "INVALID_POLICY_ELEMENT", message, member.at, f"{path}.{member.name[:200]}".lstrip(".")
                )
            else:
                found.setdefault(member.name, member.value)
        return found

    def string(self, members: Members, name: str, path: str) -> str:
        value = members.get(name)
        if value is None:
            return ""
        if not isinstance(value, JsonString):
            self.report(
                "DATA_TYPE_MISMATCH", f"{name} must be a string", value.at, f"{path}.{name}".lstrip(".")
            )
            return ""
        return value.value

    def strings(
        self, value: JsonValue, path: str, *, scalars: bool = False
    ) -> Iterator[tuple[str, int, str]]:
        """Each text of a string or list of strings with its offset and path; with `scalars` numbers too."""
        many = isinstance(value, JsonArray)
        for index, item in enumerate(value.items if isinstance(value, JsonArray) else (value,)):
            place = f"{path}[{index}]" if many else path
            if isinstance(item, JsonString):
                yield item.value, item.at, place
            elif scalars and isinstance(item, JsonScalar) and item.text != "null":
                yield item.text, item.at, place
            else:
                self.report("DATA_TYPE_MISMATCH", "a string or a list of strings is expected", item.at, place)


def _over_permissive(key: str) -> bool:
    # KMS refuses these two (KMS Developer Guide, "kms:EncryptionContext:context-key").
    return key.lower().startswith(("kms:encryptioncontext:", "aws:requesttag/"))
