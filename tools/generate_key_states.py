"""Write `docs/key-states.md` from the table that decides what a key's state allows.

python tools/generate_key_states.py            write the page
python tools/generate_key_states.py --check    write nothing, fail if the page differs
"""

import sys
from collections.abc import Iterator

from generated_page import DOCS, command
from keystead.kinds import KeyState
from keystead.model.lifecycle import TABLE, Fault, Refusal, Row

PAGE = DOCS / "key-states.md"

TITLE = """# Key states

What each operation may do to a key in each state, and the state it leads to. This page is written by
`tools/generate_key_states.py` from the table that decides (`src/keystead/model/lifecycle.py`); a test goes
through it cell by cell. Sources: KMS Developer Guide, "Key states of AWS KMS keys", corrected where AWS was
seen to do otherwise.

| cell | means |
|---|---|
| `ok` | allowed; the state stays |
| **State** | allowed; the key is in that state afterwards |
| D | refused with DisabledException |
| S | refused with KMSInvalidStateException |

`Enabled` in a key's metadata is true in the state `Enabled` alone. The state is looked at after
authorization: who may not use a key does not learn its state.
"""

NOTES = """
Beyond the table:

- Of the two keys of UpdateAlias the new one counts. Both keys of ReEncrypt and UpdatePrimaryRegion do.
- CancelKeyDeletion leads a key whose imported material is missing to `PendingImport`, not to `Disabled`,
  and ImportKeyMaterial leads to `Enabled` when nothing more is missing.
- ScheduleKeyDeletion leads a multi-Region primary key that has replicas to `PendingReplicaDeletion`, and
  the end of the last replica leads from there to `PendingDeletion`.
- `Creating` and `Updating`, states of [multi-Region keys](multi-region.md), end by themselves after a second
  or two: the key is then `Enabled`, or `PendingImport` if it lacks imported material.
- Operations that do not suit a key's origin or kind refuse it with UnsupportedOperationException.
  EnableKeyRotation and DisableKeyRotation look at that before the state, RotateKeyOnDemand after it.
- When the deletion date has passed, the key is [deleted](keys.md#deletion).

## Sentences

A refusal by the state is the key's ARN and then:

| state | operation | exception | says |
|---|---|---|---|
"""


def cell(row: Row, state: KeyState) -> str:
    """One cell of the table."""
    match row.get(state):
        case None:
            return "ok"
        case Refusal(Fault.DISABLED):
            return "D"
        case Refusal():
            return "S"
        case leads_to:
            return "ok" if leads_to is state else f"**{leads_to}**"


def rows() -> Iterator[str]:
    """A line for each group of operations with the same row, in the order of the table."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for operation, row in TABLE.items():
        grouped.setdefault(tuple(cell(row, state) for state in KeyState), []).append(operation)
    for cells, operations in grouped.items():
        yield f"| {', '.join(operations)} | {' | '.join(cells)} |"


def sentences() -> Iterator[str]:
    """A line for each sentence; an exception to the rule names its operation."""
    said: dict[tuple[KeyState, Refusal], list[str]] = {}
    for operation, row in TABLE.items():
        for state in KeyState:
            refused = row.get(state)
            if isinstance(refused, Refusal):
                said.setdefault((state, refused), []).append(operation)
    for state in KeyState:
        own = [(refused, operations) for (of, refused), operations in said.items() if of is state]
        for refused, operations in sorted(own, key=lambda one: len(one[1]), reverse=True):
            who = "any" if len(operations) > 1 else operations[0]
            yield f"| `{state}` | {who} | {refused.fault} | {refused.predicate} |"


def page() -> str:
    """The page's text."""
    states = [f"`{state}`" for state in KeyState]
    lines = [
        TITLE.rstrip(),
        "",
        f"| operations | {' | '.join(states)} |",
        f"|{'---|' * (1 + len(states))}",
        *rows(),
        NOTES.rstrip(),
        *sentences(),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(command("tools/generate_key_states.py", __doc__, PAGE, page))
