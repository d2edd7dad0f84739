"""The product beside the reference: what each decides, and the smallest scene on which they differ."""

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from policy_cases import make_facts, make_grants, make_request
from reference import decide
from worlds import World

from keystead.policy import Allowed, Decision, ExplicitlyDenied, Facts, ImplicitlyDenied, Layer, authorize

Json = dict[str, Any]

LAYERS = {
    Layer.IDENTITY: "identity",
    Layer.RESOURCE: "resource",
    Layer.SESSION: "session",
    Layer.BOUNDARY: "boundary",
    Layer.SCP: "scp",
    Layer.RCP: "rcp",
    Layer.ENDPOINT: "endpoint",
}


def told(decision: Decision) -> tuple[str, str | None]:
    """A decision in the vectors' words."""
    match decision:
        case Allowed():
            return "allow", None
        case ExplicitlyDenied(by):
            return "explicit", LAYERS[by.layer]
        case ImplicitlyDenied(layer):
            return "implicit", LAYERS[layer]


def product(scene: Json, facts: Facts | None = None) -> tuple[str, str | None]:
    """What the product decides; ValueError if it refuses a document."""
    grants = make_grants(scene, "scene")
    if facts is None:
        facts = make_facts(scene["policies"], grants, "scene")
    return told(authorize(make_request(scene, grants, "scene"), facts))


def differ(scene: Json) -> bool:
    """Whether they disagree on the scene."""
    try:
        return product(scene) != decide(scene)
    except ValueError:
        return False


@dataclass
class Outcome:
    """How many scenes were seen, how many of them are allowed, and those on which the two differ."""

    seen: int = 0
    allowed: int = 0
    disputed: list[Json] = field(default_factory=list)


def compare(make: Callable[[random.Random], World], seed: int, cases: int) -> Outcome:
    """Both on at least `cases` scenes of worlds that `make` makes."""
    dice = random.Random(seed)
    outcome = Outcome()
    while outcome.seen < cases:
        world = make(dice)
        grants = make_grants({"grants": world.grants}, "world")
        facts = make_facts(world.policies, grants, "world")
        for scene in world.scenes():
            ours, theirs = product(scene, facts), decide(scene)
            outcome.seen += 1
            outcome.allowed += theirs[0] == "allow"
            if ours != theirs:
                outcome.disputed.append(scene)
    return outcome


def smallest(scene: Json) -> Json:
    """What is left of a scene when nothing more can be taken out without making them agree."""
    scene = copy.deepcopy(scene)
    shrunk = True
    while shrunk:
        shrunk = False
        for smaller in smaller_ones(scene):
            if differ(smaller):
                scene, shrunk = smaller, True
                break
    return scene


KEPT = {
    "principal",
    "action",
    "resource",
    "policies",
    "context",
    "Effect",
    "Statement",
    "type",
    "arn",
    "account",
}


def smaller_ones(value: Any) -> Iterator[Any]:
    """The value with one member or item left out, the largest first."""
    if isinstance(value, dict):
        for name in list(value):
            if name not in KEPT:
                yield {other: kept for other, kept in value.items() if other != name}
        for name in ("policies", "grants", "context", "Statement", "Condition", *value):
            for smaller in smaller_ones(value.get(name)):
                yield {**value, name: smaller}
    elif isinstance(value, list):
        for at in range(len(value)):
            yield value[:at] + value[at + 1 :]
        for at, item in enumerate(value):
            for smaller in smaller_ones(item):
                yield [*value[:at], smaller, *value[at + 1 :]]
