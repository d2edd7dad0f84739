"""Explanations as plain JSON values: objects, arrays, strings, numbers, null.

Every record is an object with `type`, the name of its class, and its attributes under their names, so that
alternatives can be told apart. The schema is stable (`docs/explain.md`): members may be added, a golden file
in the tests holds the rest. To rename a class or an attribute here is to change the schema.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from keystead.policy.decision import Allowed
from keystead.policy.explanation.nearest import NearMiss
from keystead.policy.explanation.remedy import Offered, Remedies, Remedy
from keystead.policy.explanation.trace import Trace
from keystead.policy.explanation.words import edit_in_words, rule_in_words

Json = dict[str, Any]
"""An object of plain JSON values."""


def trace_document(trace: Trace) -> Json:
    """The trace as an object for JSON; `sentence` beside it says the rule in English."""
    return _record(trace) | {"sentence": rule_in_words(trace.rule)}


def nearest_document(missed: tuple[NearMiss, ...]) -> list[Json]:
    """What `nearest_miss` gives, as objects for JSON."""
    return [_record(each) for each in missed]


def remedies_document(found: Remedies) -> Json:
    """What `remedies` gives, as an object for JSON. Request and facts of a remedy are left out."""
    if isinstance(found, Offered):
        return {"type": "Offered", "remedies": [_remedy(remedy) for remedy in found.remedies]}
    return _record(found)


def explanation_document(trace: Trace, missed: tuple[NearMiss, ...], found: Remedies) -> Json:
    """Trace, nearest miss and remedies of one request as one object."""
    return {
        "allowed": isinstance(trace.decision, Allowed),
        "trace": trace_document(trace),
        "nearest": nearest_document(missed),
        "remedies": remedies_document(found),
    }


def _remedy(remedy: Remedy) -> Json:
    return {
        "type": "Remedy",
        "size": remedy.size,
        "edits": [_record(edit) | {"sentence": edit_in_words(edit)} for edit in remedy.edits],
        "policies": [_record(policy) for policy in remedy.policies],
    }


def _record(value: Any) -> Json:
    return {"type": type(value).__name__} | {
        each.name: _plain(getattr(value, each.name)) for each in fields(value)
    }


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case None | str() | int():
            return value
        case tuple():
            return [_plain(each) for each in value]
        case frozenset():
            return sorted(value)
        case Mapping():
            return {str(name): _plain(held) for name, held in value.items()}
        case _ if is_dataclass(value):
            return _record(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no form in JSON")
