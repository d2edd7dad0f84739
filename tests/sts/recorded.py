"""Plays recorded scenarios (`vectors/kms/README.md`, "Scenarios") against a server, with boto3.

Of the schema it knows what the scenarios use so far, and refuses the rest.
"""

import json
import re
import secrets
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from tests.conftest import Server

FILE = {"topic", "description", "scenarios"}
SCENARIO = {"id", "provenance", "note", "steps", "cleanup"}
STEP = {"service", "as", "operation", "input", "expect", "save", "credentials", "retry"}
_REFERENCE = re.compile(r"\$\{([a-z_]+)\}")


def read_scenarios(path: Path) -> list[dict[str, Any]]:
    """The scenarios of a file; ValueError for a member that is not known."""
    file = json.loads(path.read_text("utf-8"))
    scenarios: list[dict[str, Any]] = file["scenarios"]
    if file.keys() != FILE or not scenarios:
        raise ValueError(f"{path.name} is no file of scenarios")
    for scenario in scenarios:
        steps = [*scenario["steps"], *scenario.get("cleanup", ())]
        if not scenario.keys() <= SCENARIO or not all(step.keys() <= STEP for step in steps):
            raise ValueError(f"{scenario['id']}: a member that is not known")
    return scenarios


class Player:
    """One scenario: its actors, and what it saved."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.actors: dict[str, tuple[str, ...]] = {"": server.credentials}
        self.saved = {"unique": secrets.token_hex(4)}

    def play(self, scenario: dict[str, Any]) -> None:
        for step in scenario["steps"]:
            self.step(step)
        for step in scenario.get("cleanup", ()):
            self.call(step)

    def step(self, step: dict[str, Any]) -> None:
        """Makes the call and compares: what AWS needs time for is there at once, so nothing is repeated."""
        expect = step["expect"]
        if "error" in expect:
            try:
                self.call(step)
            except ClientError as error:
                told = error.response["Error"]
            else:
                raise AssertionError(f"{step['operation']} succeeded")
            assert told["Code"] == expect["error"]["code"]
            assert expect["error"].get("message") in (None, "<any>", told["Message"])
            return
        output = self.call(step)
        compare(expect["output"], output)
        for name, path in step.get("save", {}).items():
            self.saved[name] = member(output, path)
        if "credentials" in step:
            keys = output.get("Credentials") or output["AccessKey"]
            parts = ("AccessKeyId", "SecretAccessKey", "SessionToken")
            self.actors[step["credentials"]] = tuple(keys[part] for part in parts if part in keys)

    def call(self, step: dict[str, Any]) -> Any:
        client = self.server.client(
            step.get("service", "kms"),
            self.actors[step.get("as", "")],
            config=Config(parameter_validation=False),
        )
        operation = re.sub(r"(?<!^)(?=[A-Z])", "_", step["operation"]).lower()
        return getattr(client, operation)(**self.filled(step["input"]))

    def filled(self, value: Any) -> Any:
        match value:
            case str():
                return _REFERENCE.sub(lambda found: self.saved[found[1]], value)
            case dict():
                return {name: self.filled(given) for name, given in value.items()}
            case _:
                return value


def member(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value


def compare(pattern: Any, actual: Any) -> None:
    """Objects match as subsets; of the patterns in words `<string>` alone is known."""
    if isinstance(pattern, dict):
        for name, wanted in pattern.items():
            compare(wanted, actual[name])
    elif pattern == "<string>":
        assert isinstance(actual, str)
        assert actual
    else:
        assert not (isinstance(pattern, str) and pattern.startswith("<")), f"unknown pattern {pattern}"
        assert actual == pattern
