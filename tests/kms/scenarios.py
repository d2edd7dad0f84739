"""The scenarios of vectors/kms, read with suspicion: what is not known here is an error."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scenario_patterns import STRUCTURED, is_pattern
from scenario_values import FUNCTIONS

VECTORS = Path(__file__).parents[2] / "vectors" / "kms"
FILES = VECTORS / "scenarios"

Scenario = dict[str, Any]
Step = dict[str, Any]

TAGS = {"two-accounts", "slow", "asynchronous-rotation", "transient-state", "service-linked-role"}
CALL = {"operation", "input", "expect"}
MORE = {"service", "as", "region", "save", "credentials", "retry", "poll"}


class Suspicious(Exception):
    """A file says what the loader does not know."""


def load(files: Path = FILES) -> list[Scenario]:
    """All scenarios, in the order of their files."""
    paths = sorted(files.glob("*.json"))
    if not paths:
        raise Suspicious(f"no scenarios in {files}")
    scenarios = [scenario for path in paths for scenario in _file(path)]
    ids = [scenario["id"] for scenario in scenarios]
    if len(set(ids)) < len(ids):
        raise Suspicious(f"ids stand twice: {sorted({one for one in ids if ids.count(one) > 1})}")
    return scenarios


def _file(path: Path) -> list[Scenario]:
    document = json.loads(path.read_text())
    _members(document, {"topic", "description", "scenarios"}, set(), path.name)
    if document["topic"] != path.stem:
        raise Suspicious(f"{path.name} is about {document['topic']}")
    if not document["scenarios"]:
        raise Suspicious(f"{path.name} is empty")
    for scenario in document["scenarios"]:
        _scenario(scenario)
    return list(document["scenarios"])


def _scenario(scenario: Scenario) -> None:
    where = scenario.get("id", "a scenario without id")
    _members(scenario, {"id", "provenance", "steps"}, {"note", "tags", "cleanup"}, where)
    if unknown := set(scenario.get("tags", ())) - TAGS:
        raise Suspicious(f"{where}: tags {unknown}")
    if not scenario["steps"]:
        raise Suspicious(f"{where}: no steps")
    for step in scenario["steps"]:
        _step(step, where)
    for step in scenario.get("cleanup", ()):
        _members(step, {"operation", "input"}, {"service", "as", "region"}, where)
        _values(step["input"], where)


def _step(step: Step, where: str) -> None:
    if "let" in step:
        _members(step, {"let"}, set(), where)
        _values(step["let"], where)
    elif "check" in step:
        _members(step, {"check"}, set(), where)
        _members(step["check"], {"actual", "expected"}, set(), where)
        _values(step["check"]["actual"], where)
        _pattern(step["check"]["expected"], where)
    else:
        _members(step, CALL, MORE, where)
        _values(step["input"], where)
        for again in ("retry", "poll"):
            if again in step:
                _members(step[again], {"seconds", "every"}, set(), where)
        _expectation(step["expect"], where)


def _expectation(expect: Mapping[str, Any], where: str) -> None:
    if "error" in expect:
        _members(expect, {"error"}, set(), where)
        _members(expect["error"], {"code"}, {"message"}, where)
    else:
        _members(expect, {"output"}, set(), where)
        _pattern(expect["output"], where)


def _members(given: Mapping[str, Any], required: set[str], optional: set[str], where: str) -> None:
    if not required <= given.keys() <= required | optional:
        raise Suspicious(f"{where}: members {sorted(given)}")


def _values(value: Any, where: str) -> None:
    for inner in _walk(value):
        if isinstance(inner, dict) and any(name.startswith("$") for name in inner):
            (name,) = inner
            if name not in FUNCTIONS:
                raise Suspicious(f"{where}: function {name}")


def _pattern(pattern: Any, where: str) -> None:
    _values(pattern, where)
    for inner in _walk(pattern):
        if isinstance(inner, str) and inner.startswith("<") and not is_pattern(inner):
            raise Suspicious(f"{where}: pattern {inner}")
        if isinstance(inner, dict) and any(name.startswith("<") for name in inner):
            (name,) = inner
            if name not in STRUCTURED:
                raise Suspicious(f"{where}: pattern {name}")


def _walk(value: Any) -> Iterator[Any]:
    yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for inner in inside:
        yield from _walk(inner)
