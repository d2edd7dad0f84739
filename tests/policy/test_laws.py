"""Theorems of the law, on worlds tame and wild. Each states its true exceptions.

Hypothesis chooses the worlds, always the same ones, so that the share does not waver. Every test prints which
share of its requests was allowed before the change that its theorem is about, and asks that it lie between 20
and 80 %: a theorem about refusals alone proves nothing.
"""

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from agreement import product
from hypothesis import given, note, settings
from hypothesis import strategies as st
from policy_cases import make_facts, make_grants, make_request
from tame_worlds import tame, tame_condition
from wild_worlds import wild
from worlds import (
    ANN_ID,
    APP,
    APP_ID,
    BOB_ID,
    EVE,
    FOREIGN_APP,
    FOREIGN_ROLE,
    FOREIGN_SESSION,
    ROLE,
    SESSION,
    A,
    B,
    World,
    root,
    user,
)

from keystead.policy import Allowed, authorize, explain, rewrite_principals, sentence

Json = dict[str, Any]
Check = Callable[[Json, Random], None]
"""Asserts a theorem of one scene; the dice choose where and how it is changed."""

MAKERS: dict[str, Callable[[Random, int], World]] = {"tame": tame, "wild": wild}
OPEN: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
SHUT: Json = {"Effect": "Deny", "Action": "*", "Resource": "*"}
PERSONS = ("user", "assumed-role", "federated-user")


@pytest.fixture(params=MAKERS)
def prove(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[Check], None]:
    def proven(check: Check) -> None:
        seen: list[bool] = []

        @settings(max_examples=60, deadline=None, database=None, derandomize=True)
        @given(st.integers(0, 2**63))
        def holds(seed: int) -> None:
            dice = Random(f"{request.node.name}:{seed}")
            for scene in MAKERS[request.param](dice, 2).scenes():
                note(json.dumps(scene, ensure_ascii=False))
                seen.append(allowed(scene))
                check(copy.deepcopy(scene), dice)

        holds()
        share = sum(seen) / len(seen)
        with capsys.disabled():
            print(f"\n{request.node.name}: {len(seen)} requests, {share:.0%} allowed before", end="")
        assert 0.2 <= share <= 0.8

    return proven


def allowed(scene: Json) -> bool:
    return product(scene)[0] == "allow"


def documents(scene: Json) -> Iterator[tuple[str, Json]]:
    """Every document that customers write, with the name of its layer."""
    policies = scene["policies"]
    for name in ("key_policy", "endpoint"):
        if name in policies:
            yield name, policies[name]
    for name in ("identity", "boundary", "session"):
        for document in policies.get(name, []):
            yield name, document
    for level in policies.get("scp", []):
        for document in level:
            yield "scp", document
    for level in policies.get("rcp", []):
        for policy in level["policies"]:
            if "arn" in policy:
                yield "rcp", policy["document"]


def statements(document: Json) -> list[Json]:
    """The statements as a list, also where one stands without its brackets."""
    if not isinstance(document["Statement"], list):
        document["Statement"] = [document["Statement"]]
    made: list[Json] = document["Statement"]
    return made


def one_document(*made: Json) -> Json:
    return {"Version": "2012-10-17", "Statement": list(made)}


def reached(layer: str, scene: Json) -> bool:
    """Whether the layer binds the caller and the request (`docs/policy.md`, "Layers")."""
    caller, arn = scene["principal"], scene["resource"]["arn"]
    linked, kind = caller.get("service_linked", False), caller["type"]
    match layer:
        case "key_policy":
            return ":key/" in arn
        case "endpoint":
            return kind != "service"
        case "scp":
            return not (linked or caller.get("management", False) or kind == "service")
        case "rcp":
            return not linked and arn != "*" and scene["action"] != "kms:RetireGrant"
        case _:
            return kind in PERSONS


def test_deny_wins(prove: Callable[[Check], None]) -> None:
    """A Deny of everything in any layer that binds the caller outweighs every Allow."""

    def check(scene: Json, dice: Random) -> None:
        policies = scene["policies"]
        layer = dice.choice(["key_policy", "identity", "boundary", "session", "scp", "rcp", "endpoint"])
        if layer == "key_policy":
            statements(policies["key_policy"]).append(SHUT | {"Principal": "*"})
        elif layer == "endpoint":
            policies["endpoint"] = one_document(OPEN | {"Principal": "*"}, SHUT | {"Principal": "*"})
        elif layer == "scp":
            policies["scp"] = [*policies.get("scp", []), [one_document(OPEN, SHUT)]]
        elif layer == "rcp":
            shut = one_document(SHUT | {"Principal": "*", "Action": "kms:*"})
            policies["rcp"] = [{"target": "root", "policies": [{"document": shut, "arn": "arn:p"}]}]
        else:
            policies[layer] = [*policies.get(layer, [])[:1], one_document(OPEN, SHUT)]
            policies[layer] = policies[layer][-1:] if layer == "boundary" else policies[layer]
        if reached(layer, scene):
            assert not allowed(scene)

    prove(check)


def test_nothing_without_an_allow(prove: Callable[[Check], None]) -> None:
    """Without any Allow and any grant nothing is allowed.

    Exception: a root user needs no identity policy, so that it may do in its account what has no key.
    """

    def check(scene: Json, dice: Random) -> None:
        scene["grants"] = []
        for layer, document in list(documents(scene)):
            for made in statements(document):
                if made["Effect"] == "Allow" and layer != "rcp":
                    made["Effect"] = "Deny"
        if scene["principal"]["type"] == "root" and ":key/" not in scene["resource"]["arn"]:
            return
        assert not allowed(scene)
        bare = {**scene, "policies": {}}
        assert not allowed(bare)

    prove(check)


def test_order_and_duplicates_do_not_matter(prove: Callable[[Check], None]) -> None:
    """Not of the statements of a document, nor of documents in a layer, nor of grants.

    Exception: RetireGrant names one grant, which is the first here.
    """

    def check(scene: Json, dice: Random) -> None:
        before = product(scene)
        for _, document in documents(scene):
            made = statements(document)
            for statement in made:
                statement.pop("Sid", None)  # must be unique
            made += [copy.deepcopy(dice.choice(made)) for _ in range(2)]
            dice.shuffle(made)
        for layer in ("identity", "session"):
            dice.shuffle(scene["policies"].get(layer, []))
        if scene["action"] != "kms:RetireGrant":
            dice.shuffle(scene["grants"])
        assert product(scene) == before

    prove(check)


def test_adding_a_deny_never_allows(prove: Callable[[Check], None]) -> None:
    def check(scene: Json, dice: Random) -> None:
        before = allowed(scene)
        layer, document = dice.choice(list(documents(scene)))
        deny: Json = {
            "Effect": "Deny",
            "Action": dice.choice(["kms:*", "kms:Decrypt", "kms:Enc*"]),
            "Resource": "*",
        }
        if layer in ("key_policy", "endpoint", "rcp"):
            deny["Principal"] = "*"
        if dice.random() < 0.7:
            deny["Condition"] = tame_condition(dice)
        if layer == "key_policy" and any(
            name.startswith("ForAllValues:") for name in deny.get("Condition", {})
        ):
            del deny["Condition"]
        statements(document).append(deny)
        assert before or not allowed(scene)

    prove(check)


def test_narrowing_a_condition_never_allows(prove: Callable[[Check], None]) -> None:
    """One more condition on an Allow, or one operand fewer under a positive operator.

    Exception: ARN operators. An operand that is no ARN ends the comparison (recorded), so that the list
    without it may match where the list with it was not evaluable.
    """

    def check(scene: Json, dice: Random) -> None:
        before = allowed(scene)
        _layer, document = dice.choice(list(documents(scene)))
        made = dice.choice(statements(document))
        if made["Effect"] != "Allow":
            return
        block = made.setdefault("Condition", {})
        if block and dice.random() < 0.5:
            operator = dice.choice(list(block))
            key = dice.choice(list(block[operator]))
            operands = block[operator][key]
            if "Not" in operator or "Arn" in operator or not isinstance(operands, list) or len(operands) < 2:
                return
            operands.pop(dice.randrange(len(operands)))
        else:
            block["StringEqualsIfExists"] = {**block.get("StringEqualsIfExists", {}), "x:narrower": "a"}
            more = tame_condition(dice)
            for operator, pairs in more.items():
                if operator not in block:
                    block[operator] = pairs
        assert before or not allowed(scene)

    prove(check)


def test_a_boundary_never_adds(prove: Callable[[Check], None]) -> None:
    """It takes away more than it does not allow: a Deny with NotPrincipal spares nobody who has one."""

    def check(scene: Json, dice: Random) -> None:
        others = [document for layer, document in documents(scene) if layer in ("identity", "session")]
        with_one = copy.deepcopy(scene)
        with_one["policies"].setdefault("boundary", [dice.choice([*others, one_document(OPEN)])])
        scene["policies"].pop("boundary", None)
        assert allowed(scene) or not accepted(with_one)

    prove(check)


def test_a_session_policy_never_adds(prove: Callable[[Check], None]) -> None:
    """Exception: a federated user without session policy has none of its issuer's permissions.

    It is compared with one whose session policy allows everything.
    """

    def check(scene: Json, dice: Random) -> None:
        others = [document for layer, document in documents(scene) if layer in ("identity", "boundary")]
        with_one = copy.deepcopy(scene)
        with_one["policies"].setdefault("session", [dice.choice([*others, one_document(OPEN)])])
        scene["policies"].pop("session", None)
        if scene["principal"]["type"] == "federated-user":
            scene["policies"]["session"] = [one_document(OPEN)]
        assert allowed(scene) or not accepted(with_one)

    prove(check)


def test_an_scp_never_adds(prove: Callable[[Check], None]) -> None:
    def check(scene: Json, dice: Random) -> None:
        with_one = copy.deepcopy(scene)
        made = one_document(OPEN | {"Action": dice.choice(["*", "kms:*", "s3:*"])})
        with_one["policies"]["scp"] = [*scene["policies"].get("scp", []), [made]]
        assert allowed(scene) or not allowed(with_one)

    prove(check)


BOUND = {
    user("ann"): ANN_ID,
    user("path/bob"): BOB_ID,
    user("eve", B): EVE["userid"],
    ROLE: APP_ID,
    SESSION: APP["userid"],
    FOREIGN_ROLE: FOREIGN_APP["userid"].partition(":")[0],
    FOREIGN_SESSION: FOREIGN_APP["userid"],
}
"""How a key policy and grants hold these principals."""


def test_binding_principals_to_their_ids_changes_no_decision(prove: Callable[[Check], None]) -> None:
    """The key policy and the grants as they are stored decide as they were written, while all live."""

    def check(scene: Json, dice: Random) -> None:
        before = product(scene)
        text = json.dumps(scene["policies"]["key_policy"])
        scene["policies"]["key_policy"] = json.loads(
            rewrite_principals(text, lambda name: BOUND.get(name, name))
        )
        for grant in scene["grants"]:
            for member in ("grantee_principal", "retiring_principal"):
                if member in grant:
                    grant[member] = BOUND.get(grant[member], grant[member])
        assert product(scene) == before

    prove(check)


def accepted(scene: Json) -> bool:
    """Whether the request is allowed; not if a document is none where it was put."""
    try:
        return allowed(scene)
    except ValueError:
        return False


def test_removing_the_root_statement_cuts_off_identity_policies(prove: Callable[[Check], None]) -> None:
    """Without an Allow for the account, identity policies open nothing on the account's own keys.

    Exceptions: RetireGrant is opened by the grant, not by the key policy; callers of other accounts need
    their own policies anyway, and any naming lets these in.
    """

    def check(scene: Json, dice: Random) -> None:
        key = ":key/" in scene["resource"]["arn"]
        home = scene["principal"]["type"] in PERSONS and scene["principal"]["account"] == A
        if not (key and home) or scene["action"] == "kms:RetireGrant":
            return
        document = scene["policies"]["key_policy"]
        document["Statement"] = [made for made in statements(document) if not delegates(made)] or [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{A}:user/nobody"},
                **dict.fromkeys(("Action", "Resource"), "*"),
            }
        ]
        scene["grants"] = [
            grant for grant in scene["grants"] if grant["grantee_principal"] not in (A, root(A))
        ]
        scene["policies"]["identity"] = [one_document(OPEN)]
        opened = allowed(scene)
        scene["policies"]["identity"] = []
        assert allowed(scene) is opened

    prove(check)


def delegates(made: Json) -> bool:
    """Whether an Allow names the account."""
    principal = made.get("Principal")
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    return made["Effect"] == "Allow" and bool(
        {A, root(A)} & set([named] if isinstance(named, str) else named)
    )


def test_every_refusal_has_a_sentence_and_every_decision_a_trace(prove: Callable[[Check], None]) -> None:
    def check(scene: Json, dice: Random) -> None:
        grants = make_grants(scene, "scene")
        request, facts = make_request(scene, grants, "scene"), make_facts(scene["policies"], grants, "scene")
        decision = authorize(request, facts)
        assert explain(request, facts).decision == decision
        if not isinstance(decision, Allowed):
            told = sentence(request, decision)
            action = scene["action"]
            assert told.startswith(f"User: {request.caller.arn} is not authorized to perform: {action} on ")
            foreign = request.caller.account not in ("", request.owner)
            assert not (foreign and request.on_key and request.resource in told)

    prove(check)
