"""Statements: whom they name, what they cover, whether they apply (2 to 5)."""

from typing import Any

from reference.conditions import ERROR, block_holds
from reference.text import Context, arn_fits, glob, pieces, six_parts

DIRECT, ROLE, ACCOUNT = "direct", "role", "account"
STRONGEST_FIRST = (DIRECT, ROLE, ACCOUNT)

Scene = dict[str, Any]
Statement = dict[str, Any]


def listed(given: Any) -> list[Any]:
    """2.1: where a list is accepted, one value is too."""
    return given if isinstance(given, list) else [given]


def entries(element: Any) -> list[tuple[str, str]]:
    """3.2: form and text of each entry of a Principal element."""
    if element == "*":
        return [("AWS", "*")]
    return [(form, text) for form, given in element.items() for text in listed(given)]


def entry_strength(form: str, text: str, caller: Scene) -> str | None:
    """3.2: how strongly one entry names the caller."""
    kind = caller["type"]
    if form == "Federated":
        return DIRECT if kind == "web-identity" and text == caller["arn"] else None
    if form == "Service":
        return DIRECT if kind == "service" and text == caller["arn"] else None
    if text == "*":
        return DIRECT
    if kind in ("service", "web-identity"):
        return None
    account = caller["account"]
    if text in (account, f"arn:aws:iam::{account}:root"):
        return DIRECT if kind == "root" else ACCOUNT
    if text in (caller["arn"], caller.get("userid")):
        return DIRECT
    if kind == "assumed-role" and text in (caller.get("role_arn"), role_id(caller)):
        return ROLE
    if kind == "federated-user" and text in (caller.get("issuer_arn"), caller.get("issuer_id")):
        return ROLE
    return None


def role_id(caller: Scene) -> str | None:
    """3.1: the first half of `AROA...:session`."""
    userid = caller.get("userid")
    return userid.split(":")[0] if userid else None


def element_strength(element: Any, caller: Scene) -> str | None:
    """7.3: the strongest of its entries."""
    found = [entry_strength(form, text, caller) for form, text in entries(element)]
    return next((strength for strength in STRONGEST_FIRST if strength in found), None)


def spared(element: Any, caller: Scene, bounded: bool) -> bool:
    """3.3: whether a Deny with NotPrincipal does not hit the caller."""
    if bounded:
        return False
    given = entries(element)
    if ("AWS", "*") in given:
        return True
    kind, account = caller["type"], caller["account"]
    if kind == "service":
        return ("Service", caller["arn"]) in given
    if kind == "web-identity":
        return ("Federated", caller["arn"]) in given
    names = {text for form, text in given if form == "AWS"}
    if account not in names and f"arn:aws:iam::{account}:root" not in names:
        return False
    if kind == "root":
        return True
    itself = {caller["arn"], caller.get("userid")}
    if not names & itself:
        return False
    return kind != "assumed-role" or bool(names & {caller.get("role_arn"), role_id(caller)})


def action_matches(statement: Statement, action: str) -> bool:
    """4.1: without regard to case."""
    if "Action" not in statement and "NotAction" not in statement:
        return False  # 2.3: inert
    patterns = listed(statement.get("Action", statement.get("NotAction")))
    hit = any(
        glob([(character, False) for character in pattern.lower()], action.lower()) for pattern in patterns
    )
    return hit if "Action" in statement else not hit


def resource_matches(statement: Statement, resource: str, context: Context, variables: bool) -> bool:
    """4.2."""
    if "Resource" not in statement and "NotResource" not in statement:
        return False  # 2.3: inert
    hit = False
    for pattern in listed(statement.get("Resource", statement.get("NotResource"))):
        if pattern == "*":
            hit = True
            continue
        *head, rest = pattern.split(":", 5)
        if len(head) != 5:
            continue
        made = pieces(rest, context, variables)
        if made is None:
            if "NotResource" in statement:
                return False  # one bad pattern disables the statement
            continue
        start = [(character, False) for character in ":".join(head) + ":"]
        parts = six_parts(start + made)
        hit = hit or (parts is not None and arn_fits(parts, resource))
    return hit if "Resource" in statement else not hit


def strength(
    statement: Statement,
    kind: str,
    scene: Scene,
    caller: Scene,
    context: Context,
    version: str,
    bounded: bool,
) -> str | None:
    """7.2, 7.3: how strongly a statement applies; None if it does not. `kind` is the type of its policy."""
    variables = version == "2012-10-17"
    deny = statement["Effect"] == "Deny"
    if not action_matches(statement, scene["action"]):
        return None
    # A role's trust policy has no Resource element: it is about the role.
    if kind != "trust" and not resource_matches(statement, scene["resource"]["arn"], context, variables):
        return None
    if "Principal" in statement:
        named = element_strength(statement["Principal"], caller)
    elif "NotPrincipal" in statement:
        if deny:
            named = None if spared(statement["NotPrincipal"], caller, bounded) else DIRECT
        else:
            # 2.3: endpoint policies alone; it reaches whom no entry names (unverified).
            named = None if element_strength(statement["NotPrincipal"], caller) else DIRECT
    else:
        named = DIRECT
    if named is None:
        return None
    verdict = block_holds(statement.get("Condition", {}), context, variables)
    if verdict is False or (verdict is ERROR and not deny):
        return None
    return named
