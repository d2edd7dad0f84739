"""The decision: 7 and 8."""

from typing import Any

from reference.conditions import holds
from reference.statements import (
    ACCOUNT,
    DIRECT,
    ROLE,
    Scene,
    Statement,
    entry_strength,
    listed,
    strength,
)
from reference.text import Context

Decision = tuple[str, str | None]
"""`allow`, `explicit` or `implicit`; and the layer that is reported, by its name in the vectors."""

SIMULATED = {
    "type": "user",
    "arn": "arn:aws:iam::123456789012:user/simulated",
    "account": "123456789012",
    "userid": "AIDASIMULATED",
}
"""Who calls where the simulator was given no caller."""

RETIRE = "kms:RetireGrant"
NO_ACCOUNT = ("service", "web-identity")
IAM_ONLY = ("aws:resourcetag/", "kms:resourcealiases")


def decide(scene: Scene) -> Decision:
    """7.7, with 8.7 for RetireGrant, 13.2 for the layer, and `docs/policy.md` for foreign callers."""
    caller = scene["principal"] or SIMULATED
    owner = scene["resource"].get("account", caller["account"])
    arn = scene["resource"]["arn"]
    on_key = arn.startswith("arn:aws:kms:") and ":key/" in arn
    retire = scene["action"] == RETIRE
    service, root = caller["type"] in NO_ACCOUNT, caller["type"] == "root"
    foreign = not service and caller["account"] != owner
    if foreign and not scene.get("cross_account", True):
        return "implicit", "resource"

    says, by_policy = evaluate_all(scene, caller, on_key)

    # The resource's side: S and T of 7.7.
    if retire:
        named, own = retirers(scene, caller, owner)
    else:
        named = set(by_policy)
        own = set()
        for grant in scene.get("grants") or [] if on_key else []:
            held = grantee_strength(grant["grantee_principal"], caller)
            if held is not None and covers(grant, scene, caller):
                named.add(held)
                if grant["issuing_account"] == caller["account"]:
                    own.add(held)

    # A foreign caller learns nothing before the owner's side lets it in (13.4; `docs/policy.md`).
    if foreign:
        for layer in ("rcp", "resource"):
            if says.get(layer) == "deny":
                return "explicit", layer
        if not named:
            return "implicit", "resource"

    # 13.2, which of several explicit denies is told (unverified).
    for layer in ("scp", "rcp", "endpoint", "resource", "identity", "boundary", "session"):
        if says.get(layer) == "deny":
            return "explicit", layer
    for layer in ("scp", "rcp", "endpoint"):
        if says.get(layer, "allow") != "allow":
            return "implicit", layer

    ceiling = says.get("boundary", "allow") == "allow" and says.get("session", "allow") == "allow"
    iam = ceiling and (root or says.get("identity") == "allow")
    if service:
        return ("allow", None) if DIRECT in named else ("implicit", "resource")

    policy = scene["policies"]
    needs_the_resource = on_key or retire or policy.get("trust") is not None
    if not foreign:
        if DIRECT in named or (ROLE in named and ceiling) or (ACCOUNT in named and iam):
            return "allow", None
        if not needs_the_resource and iam:
            return "allow", None
    elif DIRECT in own or (ROLE in own and ceiling) or (named and iam):
        return "allow", None

    # 13.2, which silence is told.
    silent = [layer for layer in ("session", "boundary") if says.get(layer, "allow") != "allow"]
    if foreign and named == {DIRECT} and says.get("identity") != "allow" and not root:
        return "implicit", "identity"  # recorded of a foreign session grantee
    if silent:
        return "implicit", silent[0]
    if named or foreign or not needs_the_resource:
        return "implicit", "identity"
    return "implicit", "resource"


def evaluate_all(scene: Scene, caller: Scene, on_key: bool) -> tuple[dict[str, str], set[str]]:
    """7.1 and 7.2: what each layer that applies says; and the strengths of the key policy's Allows."""
    policies, kind = scene["policies"], caller["type"]
    service, root = kind in NO_ACCOUNT, kind == "root"
    linked = caller.get("service_linked", False)
    says: dict[str, str] = {}
    if "scp" in policies and not (service or linked or caller.get("management", False)):
        says["scp"] = levels(policies["scp"], "scp", scene, caller)
    if "rcp" in policies and not linked and scene["action"] != RETIRE and scene["resource"]["arn"] != "*":
        documents = [[policy["document"] for policy in level["policies"]] for level in policies["rcp"]]
        says["rcp"] = levels(documents, "rcp", scene, caller)
    if policies.get("endpoint") is not None and kind != "service":
        says["endpoint"] = layer([policies["endpoint"]], "endpoint", scene, caller)[0]
    strengths: set[str] = set()
    for name in ("key_policy",) if on_key else ("trust", "resource"):
        if policies.get(name) is not None:
            says["resource"], strengths = layer([policies[name]], name, scene, caller)
    if not root:
        documents = [] if service else policies.get("identity", [])
        says["identity"] = layer(documents, "identity", scene, caller)[0]
    if not root and not service:
        if policies.get("boundary") is not None:
            says["boundary"] = layer(policies["boundary"], "boundary", scene, caller)[0]
        if policies.get("session") is not None:
            says["session"] = layer(policies["session"], "session", scene, caller)[0]
        elif kind == "federated-user":
            says["session"] = "silent"  # 7.1: none passed = no identity permissions at all
    return says, strengths


def levels(documents: list[list[Any]], kind: str, scene: Scene, caller: Scene) -> str:
    """7.2: a deny at any level denies, and every level must allow."""
    results = [layer(level, kind, scene, caller)[0] for level in documents]
    return "deny" if "deny" in results else "silent" if "silent" in results else "allow"


def layer(documents: list[Any], kind: str, scene: Scene, caller: Scene) -> tuple[str, set[str]]:
    """7.2: deny, allow or silent; and the strengths of the Allows that apply."""
    bounded = scene["policies"].get("boundary") is not None
    context = context_of(scene)
    if kind == "key_policy":
        # 10: keys for IAM policies only are absent there (unverified).
        context = {key: value for key, value in context.items() if not key.startswith(IAM_ONLY)}
    denied, strengths = False, set()
    for document in documents:
        version = document.get("Version", "2008-10-17")
        for statement in statements(document):
            held = strength(statement, kind, scene, caller, context, version, bounded)
            if held is not None and statement["Effect"] == "Deny":
                denied = True
            elif held is not None:
                strengths.add(held)
    return ("deny", set()) if denied else ("allow", strengths) if strengths else ("silent", set())


def statements(document: Any) -> list[Statement]:
    """2.1: one statement may stand without its list."""
    return listed(document["Statement"])


def context_of(scene: Scene) -> Context:
    """6.3: a key that is multivalued by nature holds a list, of however many values."""
    return {
        name.lower(): list(given["values"]) if given["multi"] else given["values"][0]
        for name, given in scene["context"].items()
    }


# 8: grants.


def grantee_strength(stored: str, caller: Scene) -> str | None:
    """8.1, 8.3: grantees are named as principals are; nobody is named by `*` or by nothing."""
    if stored in ("", "*"):
        return None
    form = "Service" if caller["type"] == "service" else "AWS"
    return entry_strength(form, stored, caller)


def covers(grant: Scene, scene: Scene, caller: Scene) -> bool:
    """8.2: the grant's operations and constraints."""
    operation = scene["action"].removeprefix("kms:")
    if operation not in grant["operations"]:
        return False
    constraints = grant.get("constraints") or {}
    if "SourceArn" in constraints:
        context = context_of(scene)
        held = context.get("aws:sourcearn")
        if holds("ArnEquals", held, [constraints["SourceArn"]], context, False) is not True:
            return False
    if operation == "CreateGrant":
        return at_least_as_strict(scene.get("request") or {}, grant)
    given = scene.get("encryption_context")
    if given is None:
        return True  # the operation has no encryption context
    if "EncryptionContextEquals" in constraints:
        return equal_pairs(given, constraints["EncryptionContextEquals"])
    if "EncryptionContextSubset" in constraints:
        return pairs(constraints["EncryptionContextSubset"]) <= pairs(given)
    return True


def pairs(context: dict[str, str]) -> set[tuple[str, str]]:
    """8.2: names without regard to case, values with it."""
    return {(ascii_lower(name), value) for name, value in context.items()}


def equal_pairs(one: dict[str, str], other: dict[str, str]) -> bool:
    """8.2: every pair has its partner; one name in two spellings is two pairs."""
    left = [(ascii_lower(name), value) for name, value in other.items()]
    for name, value in one.items():
        if (ascii_lower(name), value) not in left:
            return False
        left.remove((ascii_lower(name), value))
    return not left


def ascii_lower(name: str) -> str:
    return "".join(chr(ord(letter) + 32) if "A" <= letter <= "Z" else letter for letter in name)


def at_least_as_strict(child: Scene, parent: Scene) -> bool:
    """8.5: what a grantee of `parent` may create."""
    if not set(child["Operations"]) <= set(parent["operations"]):
        return False
    wanted, given = parent.get("constraints") or {}, child.get("Constraints") or {}
    if wanted.get("SourceArn") != given.get("SourceArn"):
        return False
    equals, subset = given.get("EncryptionContextEquals"), given.get("EncryptionContextSubset")
    if "EncryptionContextEquals" in wanted:
        return equals is not None and equal_pairs(equals, wanted["EncryptionContextEquals"])
    if "EncryptionContextSubset" in wanted:
        narrowest = subset if equals is None else equals
        return narrowest is not None and pairs(wanted["EncryptionContextSubset"]) <= pairs(narrowest)
    return True


def retirers(scene: Scene, caller: Scene, owner: str) -> tuple[set[str], set[str]]:
    """8.7: how strongly the grant lets the caller retire it; and the same if nothing more is needed."""
    grants = scene.get("grants") or []
    if not grants:
        return set(), set()
    grant = grants[0]
    named = {grantee_strength(grant.get("retiring_principal", ""), caller)}
    if "RetireGrant" in grant["operations"]:
        named.add(grantee_strength(grant["grantee_principal"], caller))
    if caller["account"] in (grant["issuing_account"], owner):
        named.add(ACCOUNT)
    found = {held for held in named if held is not None}
    return found, found if grant["issuing_account"] == caller["account"] else set()
