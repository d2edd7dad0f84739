"""The smallest change that would allow a denied request, found by trying.

From the refusal on, every edit that its rule admits (`options`) is tried on the facts, smallest first; where
another refusal comes up behind the first, the search goes on from there, so that changes which only help
together are offered together. **Nothing is offered before `authorize` has allowed the request under it.**

The size of a change is the number of texts (strings, numbers) that it adds to and removes from policy
documents, grants and the request. Of equal sizes fewer edits come first, then the order of `options`.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from keystead.policy.authorize import authorize, consulted
from keystead.policy.decision import Allowed
from keystead.policy.explanation.edit import (
    AddAction,
    AddPrincipal,
    AddResource,
    AddStatement,
    AttachPolicy,
    ChangeEncryptionContext,
    CreateGrant,
    DetachPolicy,
    Edit,
    NarrowDeny,
    PolicyPlace,
    RemoveDeny,
    ReplaceDeny,
    apply,
    policy_at,
)
from keystead.policy.explanation.options import options
from keystead.policy.explanation.rule import DenyRule
from keystead.policy.explanation.trace import Trace, explain
from keystead.policy.request import AttachedPolicy, Facts, Request
from keystead.policy.strength import strength_of

MAX_REMEDIES: Final = 3
MAX_EDITS: Final = 6
"""In one remedy."""
MAX_GRANTS: Final = 200
"""Grants naming the caller that the search looks at."""
MAX_TRIED: Final = 48
"""Edits tried in one search."""
MAX_WORK: Final = 800_000
"""Characters of policies written anew and read in one search: what keeps its time under a second."""


@dataclass(frozen=True, slots=True)
class EditedPolicy:
    """A policy as it would be: where it is attached, and its document in AWS's layout."""

    place: PolicyPlace
    document: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change under which `authorize` allowed the request. Equal if the changes are.

    Attributes:
        edits: in the order they are made; those that change one document build on each other.
        size: the number of texts added and removed.
        policies: every policy that is changed or new, as it would be.
        request: the request under the change; the same unless the change is to it.
        facts: the facts under the change.
    """

    edits: tuple[Edit, ...]
    size: int
    policies: tuple[EditedPolicy, ...]
    request: Request = field(repr=False, compare=False)
    facts: Facts = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class NothingDenied:
    """The request is allowed."""


@dataclass(frozen=True, slots=True)
class Offered:
    """At most `MAX_REMEDIES` changes, the smallest first; at least one."""

    remedies: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class NoneExists:
    """No change of the kinds known here allows it: `rule` is where the search ended."""

    rule: DenyRule


@dataclass(frozen=True, slots=True)
class NoneFound:
    """The search ended at its bounds after `tried` edits; `rule` is where it began."""

    rule: DenyRule
    tried: int


Remedies = NothingDenied | Offered | NoneExists | NoneFound


@dataclass(order=True, slots=True)
class _Node:
    """An edit to try, after those before it."""

    size: int
    count: int
    serial: int
    edits: tuple[Edit, ...] = field(compare=False)
    request: Request = field(compare=False)
    facts: Facts = field(compare=False)
    rule: DenyRule = field(compare=False)


def remedies(request: Request, facts: Facts) -> Remedies:
    """Changes that would allow a denied request, each verified by `authorize`.

    Bounded: at most `MAX_TRIED` edits are tried, whatever the size of the facts. Deterministic.
    """
    if isinstance(authorize(request, facts), Allowed):
        return NothingDenied()
    # Grants that do not name the caller never decide, and there may be very many.
    ours = (grant for grant in facts.grants if strength_of(grant.grantee, request.caller))
    return _Search(request, facts, replace(facts, grants=tuple(islice(ours, MAX_GRANTS)))).run()


@dataclass(slots=True)
class _Search:
    request: Request
    facts: Facts
    ours: Facts
    heap: list[_Node] = field(default_factory=list)
    found: list[Remedy] = field(default_factory=list)
    serial: int = 0
    tried: int = 0
    work: int = 0

    def run(self) -> Remedies:
        trace = explain(self.request, self.ours)
        first = _denied(trace)
        assert first is not None  # with fewer grants nothing more is allowed
        last = first
        self.push(trace, first, _Node(0, 0, 0, (), self.request, self.ours, first))
        while self.heap and len(self.found) < MAX_REMEDIES:
            if self.tried >= MAX_TRIED or self.work > MAX_WORK:
                return Offered(tuple(self.found)) if self.found else NoneFound(first, self.tried)
            last = self.visit(heapq.heappop(self.heap)) or last
        return Offered(tuple(self.found)) if self.found else NoneExists(last)

    def visit(self, node: _Node) -> DenyRule | None:
        """Tries the last edit of `node`; the rule that refuses after it, if it is another than before."""
        self.tried += 1
        edit = node.edits[-1]
        self.work += _work(edit, node)
        changed = apply(edit, node.request, node.facts)
        if changed is None:
            return None
        request, facts = changed
        if isinstance(authorize(request, facts), Allowed):
            self.offer(node, request, facts)
            return None
        trace = explain(request, facts)
        rule = _denied(trace)
        # Behind a Deny that was removed another may have its place, so that the same rule is another Deny.
        if rule is None or (rule == node.rule and not isinstance(edit, RemoveDeny | DetachPolicy)):
            return None  # the edit did not help
        if len(node.edits) < MAX_EDITS:
            self.push(trace, rule, replace(node, request=request, facts=facts))
        return rule

    def push(self, trace: Trace, rule: DenyRule, node: _Node) -> None:
        for size, edit in options(node.request, node.facts, trace):
            self.serial += 1
            edits = (*node.edits, edit)
            heapq.heappush(
                self.heap,
                _Node(node.size + size, len(edits), self.serial, edits, node.request, node.facts, rule),
            )

    def offer(self, node: _Node, request: Request, facts: Facts) -> None:
        if any(all(edit in node.edits for edit in known.edits) for known in self.found):
            return
        new_grants = tuple(facts.grants)[len(self.ours.grants) :]
        whole = replace(facts, grants=(*self.facts.grants, *new_grants))
        # The last word is `authorize`'s, on the facts as they are.
        if isinstance(authorize(request, whole), Allowed):
            policies = tuple(_edited(self.request, self.facts, request, whole))
            self.found.append(Remedy(node.edits, node.size, policies, request, whole))


def _denied(trace: Trace) -> DenyRule | None:
    return trace.rule if isinstance(trace.rule, DenyRule) else None


def _work(edit: Edit, node: _Node) -> int:
    """What it costs to try the edit. Reading a policy costs a fraction of writing and parsing it."""
    read = sum(len(attached.policy.text) for attached, _ in _all(node.request, node.facts))
    return _rewritten(edit, node) + read // 2


def _rewritten(edit: Edit, node: _Node) -> int:
    match edit:
        case ChangeEncryptionContext() | CreateGrant() | DetachPolicy():
            return 0
        case AttachPolicy(document=document):
            return len(document)
        case AddStatement(place):
            return len(policy_at(place, node.request, node.facts).policy.text)
        case (
            AddAction(place)
            | AddResource(place)
            | AddPrincipal(place)
            | NarrowDeny(place)
            | RemoveDeny(place)
            | ReplaceDeny(place)
        ):
            return len(policy_at(place.policy, node.request, node.facts).policy.text)


def _edited(request: Request, facts: Facts, after: Request, changed: Facts) -> Iterator[EditedPolicy]:
    """The policies that were not there before."""
    before = {id(attached.policy) for attached, _ in _all(request, facts)}
    for attached, place in _all(after, changed):
        if id(attached.policy) not in before:
            yield EditedPolicy(place, attached.policy.text)


def _all(request: Request, facts: Facts) -> Iterator[tuple[AttachedPolicy, PolicyPlace]]:
    for layer, levels in consulted(request, facts).items():
        for level, policies in enumerate(levels):
            for position, attached in enumerate(policies):
                yield attached, PolicyPlace(layer, level, position, attached.name, attached.arn)
