"""The members of a scenario's objects, each of the type that it must have, or a fault with its place."""

from collections.abc import Set
from dataclasses import dataclass
from typing import NoReturn

from keystead.policy.language.findings import Finding
from keystead.policy.language.json_reader import (
    JsonArray,
    JsonObject,
    JsonScalar,
    JsonString,
    JsonValue,
    line_and_column,
)


class Faulty(Exception):
    """Ends the reading of one text; never leaves this package."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings = findings


@dataclass(frozen=True, slots=True)
class MemberReader:
    """Reads values of one text; the first fault ends it. A `path` says where in the text a value is."""

    text: str

    def fault(self, message: str, value_at: int, path: str) -> NoReturn:
        line, column = line_and_column(self.text, value_at)
        raise Faulty((Finding("INVALID_SCENARIO", message, line, column, path),))

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
