"""Write `docs/condition-keys.md` from the catalogue of permissions and the table of what fills keys.

python tools/generate_condition_keys.py            write the page
python tools/generate_condition_keys.py --check    write nothing, fail if the page differs
"""

import sys
from collections.abc import Iterable, Iterator
from textwrap import fill

from generated_page import DOCS, command
from keystead.policy.catalogue import (
    ACTIONS,
    CONDITION_KEYS,
    Cardinality,
    ConditionKey,
    Operation,
    ResourceType,
    UsableIn,
)
from keystead.policy.catalogue.global_keys import GLOBAL_KEYS
from keystead.policy.catalogue.iam_actions import IAM_KEYS, IAM_OPERATIONS
from keystead.policy.catalogue.kms_actions import KMS_OPERATIONS, OF_EVERY_KEY
from keystead.policy.catalogue.kms_keys import KMS_KEYS
from keystead.policy.catalogue.organizations_actions import ORGANIZATIONS_KEYS, ORGANIZATIONS_OPERATIONS
from keystead.policy.catalogue.sts_actions import STS_KEYS, STS_OPERATIONS
from keystead.service.context.table import TABLE
from keystead.service.context.value import Unfilled

PAGE = DOCS / "condition-keys.md"

TITLE = """# Condition keys

Which condition keys a check has, and what they hold. A key that is not listed for an action is absent there,
and so is a key whose fact is not there: [How decisions are made](policy.md#condition-keys) says what
conditions make of that.

This page is written by `tools/generate_condition_keys.py` from the tables that decisions are made with. It
lists every operation of KMS, those that this release does not offer too; of IAM, STS and Organizations it
lists what Keystead needs. "(unverified)" marks what AWS does not publish. Sources: Service Authorization
Reference; KMS Developer Guide, "AWS KMS condition keys"; IAM User Guide, "AWS global condition context keys".

A star marks keys that Keystead never fills, for a [reason](#keys-that-are-never-filled).
"""

GLOBAL = """
## Global keys

Every check has them if the fact is there; those of tags are there for the operations that list them.
"""

KMS = """
## Keys of KMS

Of `kms:RecipientAttestation:NAME`, those of a NitroTPM (`NitroTPMPCR0`...) are never filled: documents of
enclaves are taken, and no others.
"""

IAM = """
## Keys of IAM
"""

ORGANIZATIONS = """
## Keys of Organizations
"""

STS = """
## Keys of STS

A role's trust policy sees them, and so do the caller's policies. A web identity token fills three more for
its own check: `ISSUER:aud`, `ISSUER:sub` and, as a list, `ISSUER:amr`, where `ISSUER` is the issuer's URL
without `https://`.
"""

OPERATIONS_OF = """
## Operations of {services}

Every check of an operation must be allowed. "Other account" says whether the operation can be used on another
account's key. Keys are those beyond the global ones{beyond}.
"""

BEYOND = " and beyond those of every check on a KMS key, which are\n{keys}"

NEVER = """
## Keys that are never filled

They are absent in every request, because Keystead has nothing that they could tell of. A policy may use them;
what it says then, it says of a key that is absent.
"""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The lines of a Markdown table."""
    for row in (head, ("---",) * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def wrapped(text: str, indent: str = "") -> str:
    """`text` in lines that are not too long, `indent` before all but the first."""
    return fill(text, 110, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def shown(key: ConditionKey) -> str:
    """The key's name as code; the name of a pair or a tag stands as NAME."""
    return f"`{key.name}{'NAME' if key.family else ''}`"


def listed(names: Iterable[str]) -> str:
    """Condition keys in a cell."""
    return ", ".join(shown(CONDITION_KEYS[name.lower()]) for name in names)


def key_row(key: ConditionKey) -> tuple[str, ...]:
    """One condition key."""
    star = "*" if isinstance(TABLE[key.name], Unfilled) else ""
    many = key.cardinality is Cardinality.MULTI
    iam_only = key.usable_in is UsableIn.IAM_POLICIES
    only = " IAM policies only (in a key policy absent, unverified)." if iam_only else ""
    holds = key.holds[0].upper() + key.holds[1:]
    return (f"{shown(key)}{star}", f"list of {key.type}" if many else key.type.value, f"{holds}.{only}")


def operation_rows(operations: Iterable[Operation]) -> Iterator[tuple[str, ...]]:
    """A row for each check; what is said of the operation as a whole stands in the first."""
    for operation in operations:
        name, other = operation.name, "yes" if operation.cross_account else ""
        for check in operation.checks:
            action = ACTIONS[check.action.lower()]
            beyond = OF_EVERY_KEY if check.resource is ResourceType.KEY else ()
            keys = listed(name for name in action.keys[check.resource] if name not in beyond)
            on = f"{check.resource} ({check.on})" if check.on else check.resource.value
            yield (name, f"`{check.action}`", on, action.access.value, other, keys)
            name = other = ""
        if not operation.checks:
            yield (name, "none", "", "", other, "")


def notes(operations: Iterable[Operation]) -> Iterator[str]:
    """The notes as a list, after an empty line; nothing without notes."""
    noted = [operation for operation in operations if operation.note]
    yield from [""] * bool(noted)
    for operation in noted:
        yield wrapped(f"- {operation.name}: {operation.note}.", "  ")


def reason_rows() -> Iterator[tuple[str, ...]]:
    """Why keys are never filled."""
    for reason in Unfilled:
        names = [name for name, row in TABLE.items() if row is reason]
        yield (f"{reason[0].upper()}{reason[1:]}.", listed(names))


def page() -> str:
    """The page's text."""
    head = ("Key", "Type", "What it holds")
    lines = [TITLE.rstrip()]
    for title, keys in (
        (GLOBAL, GLOBAL_KEYS),
        (KMS, KMS_KEYS),
        (IAM, IAM_KEYS),
        (STS, STS_KEYS),
        (ORGANIZATIONS, ORGANIZATIONS_KEYS),
    ):
        lines += [title.rstrip(), "", *table(head, map(key_row, keys))]
    columns = ("Operation", "Action", "Resource", "Access level", "Other account", "Keys")
    for services, operations, beyond in (
        ("KMS", KMS_OPERATIONS, BEYOND.format(keys=wrapped(listed(OF_EVERY_KEY)))),
        ("IAM", IAM_OPERATIONS, ""),
        ("STS", STS_OPERATIONS, ""),
        ("Organizations", ORGANIZATIONS_OPERATIONS, ""),
    ):
        text = OPERATIONS_OF.format(services=services, beyond=beyond)
        lines += [text.rstrip(), "", *table(columns, operation_rows(operations)), *notes(operations)]
    lines += [NEVER.rstrip(), "", *table(("Why", "Keys"), reason_rows())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(command("tools/generate_condition_keys.py", __doc__, PAGE, page))
