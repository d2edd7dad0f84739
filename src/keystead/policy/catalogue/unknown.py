"""Actions that AWS KMS does not have: AWS stores policies with them without a word, and they match nothing.

Only KMS is judged, for of other services the catalogue does not hold every action.
"""

import difflib
import re
from collections.abc import Iterator

from keystead.policy.catalogue.kms_actions import KMS_ACTIONS, KMS_OPERATIONS
from keystead.policy.language.document import Policy

_NAMES = {action.name.lower(): action.name for action in KMS_ACTIONS}
_SHORT = [name.partition(":")[2] for name in _NAMES]
_OPERATIONS = {operation.name.lower(): operation for operation in KMS_OPERATIONS}
_SHOWN = 128


def unknown_action(action: str) -> str | None:
    """A sentence if `action`, perhaps with wildcards, is none that KMS has; else None."""
    service, colon, name = action.partition(":")
    if service.lower() != "kms" or not colon:
        return None
    if "*" in name or "?" in name:
        return None if _fits_one(name.lower()) else f"no action of AWS KMS matches `{action[:_SHOWN]}`"
    if action.lower() in _NAMES:
        return None
    said = f"`{action[:_SHOWN]}` is no action of AWS KMS"
    operation = _OPERATIONS.get(name.lower())
    if operation is not None:
        needed = dict.fromkeys(check.action for check in operation.checks)
        return f"{said}; the operation {operation.name} needs {' and '.join(needed)}"
    near = difflib.get_close_matches(name[:_SHOWN].lower(), _SHORT, n=1, cutoff=0.7)
    return f"{said}; did you mean `{_NAMES[f'kms:{near[0]}']}`?" if near else said


def _fits_one(name: str) -> bool:
    # At most as many wildcards as the longest name has characters can matter; more in a row are one.
    pattern = re.sub(r"\*+", "*", name)
    if len(pattern) > 2 * max(map(len, _SHORT)) + 1:
        return False
    glob = re.compile("".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern))
    return any(glob.fullmatch(known) for known in _SHORT)


def unknown_actions(policy: Policy) -> Iterator[tuple[int, str]]:
    """The index of the statement, from 0, and a sentence, for each pattern of an action KMS does not have."""
    for statement in policy.statements:
        for pattern in statement.action.patterns if statement.action is not None else ():
            sentence = unknown_action(pattern)
            if sentence is not None:
                yield statement.index, sentence
