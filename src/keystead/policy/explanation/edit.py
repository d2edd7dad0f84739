"""Changes that can make a denied request allowed, as values, and what they make of request and facts.

Applying an edit gives new facts; it proves nothing. `keystead.policy.explanation.remedy` asks `authorize`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from keystead.policy.authorize import consulted
from keystead.policy.decision import Layer
from keystead.policy.explanation import tree
from keystead.policy.language.document import PolicyKind
from keystead.policy.language.findings import Malformed
from keystead.policy.language.json_reader import JsonArray, JsonObject, JsonValue, read_json
from keystead.policy.language.layout import write_json
from keystead.policy.language.parsing import parse_policy
from keystead.policy.request import AttachedPolicy, ContextValue, Facts, Grant, Request


@dataclass(frozen=True, slots=True)
class PolicyPlace:
    """A policy of the facts: its layer, level and position there (all from 0), its name and ARN."""

    layer: Layer
    level: int
    position: int
    name: str
    arn: str


@dataclass(frozen=True, slots=True)
class StatementPlace:
    """A statement of a policy: its index from 0, and its Sid or empty."""

    policy: PolicyPlace
    index: int
    sid: str


@dataclass(frozen=True, slots=True)
class AddStatement:
    """Add a statement at the end of a policy. `statement` is JSON in AWS's layout."""

    place: PolicyPlace
    statement: str


@dataclass(frozen=True, slots=True)
class AttachPolicy:
    """Attach a new policy where there is none. `document` is JSON in AWS's layout."""

    layer: Layer
    level: int
    document: str


@dataclass(frozen=True, slots=True)
class AddAction:
    """Add an action to a statement that allows the rest."""

    place: StatementPlace
    action: str


@dataclass(frozen=True, slots=True)
class AddResource:
    """Add a resource to a statement that allows the rest."""

    place: StatementPlace
    resource: str


@dataclass(frozen=True, slots=True)
class AddPrincipal:
    """Add an AWS principal to a statement that allows the rest."""

    place: StatementPlace
    principal: str


@dataclass(frozen=True, slots=True)
class NarrowDeny:
    """Put in place of a Deny the same with an exception: `statements`, each JSON in AWS's layout."""

    place: StatementPlace
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveDeny:
    """Remove a Deny that no exception can be made to, or that says nothing else."""

    place: StatementPlace


@dataclass(frozen=True, slots=True)
class DetachPolicy:
    """Detach a policy whose only statement is such a Deny."""

    place: PolicyPlace


@dataclass(frozen=True, slots=True)
class ReplaceDeny:
    """Put an Allow (`statement`, JSON) in place of such a Deny, where there must be a policy."""

    place: StatementPlace
    statement: str


@dataclass(frozen=True, slots=True)
class ChangeEncryptionContext:
    """Make the request with other pairs: send those of `send`, leave out those named in `omit`."""

    send: tuple[tuple[str, str], ...]
    omit: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CreateGrant:
    """Create a grant. Its `grant_id` is a stand-in."""

    grant: Grant


Edit = (
    AddStatement
    | AttachPolicy
    | AddAction
    | AddResource
    | AddPrincipal
    | NarrowDeny
    | RemoveDeny
    | DetachPolicy
    | ReplaceDeny
    | ChangeEncryptionContext
    | CreateGrant
)

CURRENT: Final = "2012-10-17"

KINDS: Final[Mapping[Layer, PolicyKind]] = {
    Layer.IDENTITY: PolicyKind.IDENTITY,
    Layer.BOUNDARY: PolicyKind.BOUNDARY,
    Layer.SESSION: PolicyKind.SESSION,
    Layer.SCP: PolicyKind.SCP,
}
"""The layers to which a policy can be attached where there is none."""


def policy_at(place: PolicyPlace, request: Request, facts: Facts) -> AttachedPolicy:
    """The policy at `place`."""
    return consulted(request, facts)[place.layer][place.level][place.position]


def apply(edit: Edit, request: Request, facts: Facts) -> tuple[Request, Facts] | None:
    """The request and facts after `edit`; None if the changed document is no policy of its kind."""
    match edit:
        case AddStatement(place, statement):
            added = read_json(statement)
            return _rewritten(place, request, facts, lambda held: [*held, added])
        case AttachPolicy(layer, level, document):
            policy = parse_policy(document, KINDS[layer])
            if isinstance(policy, Malformed):
                return None
            held = consulted(request, facts).get(layer, ((),))[level]
            new = AttachedPolicy(policy, "new")
            return request, _with_policies(layer, level, (*held, new), request, facts)
        case AddAction(place, action):
            return _in_statement(place, request, facts, _appends("Action", action))
        case AddResource(place, resource):
            return _in_statement(place, request, facts, _appends("Resource", resource))
        case AddPrincipal(place, principal):
            return _in_statement(place, request, facts, lambda held: _with_principal(held, principal))
        case NarrowDeny(place, statements):
            narrowed = [read_json(statement) for statement in statements]
            return _replaced(place, request, facts, narrowed)
        case RemoveDeny(place):
            return _replaced(place, request, facts, [])
        case DetachPolicy(place):
            held = consulted(request, facts)[place.layer][place.level]
            left = held[: place.position] + held[place.position + 1 :]
            return request, _with_policies(place.layer, place.level, left, request, facts)
        case ReplaceDeny(place, statement):
            return _replaced(place, request, facts, [read_json(statement)])
        case ChangeEncryptionContext(send, omit):
            return _with_context(request, send, omit), facts
        case CreateGrant(grant):
            return request, replace(facts, grants=(*facts.grants, grant))


def statements_of(policy: AttachedPolicy) -> list[JsonValue]:
    """The statements of a policy's document, as trees."""
    root = read_json(policy.policy.text)
    assert isinstance(root, JsonObject)  # it was parsed as a policy
    return list(tree.items(tree.get(root, "Statement")))


_Change = Callable[[list[JsonValue]], list[JsonValue]]


def _rewritten(
    place: PolicyPlace, request: Request, facts: Facts, change: _Change
) -> tuple[Request, Facts] | None:
    held = policy_at(place, request, facts)
    root = read_json(held.policy.text)
    assert isinstance(root, JsonObject)  # it was parsed as a policy
    statements = change(list(tree.items(tree.get(root, "Statement"))))
    document = write_json(tree.put(root, "Statement", JsonArray(tuple(statements), 0)))
    policy = parse_policy(document, held.policy.kind)
    if isinstance(policy, Malformed):
        return None
    others = consulted(request, facts)[place.layer][place.level]
    changed = (*others[: place.position], replace(held, policy=policy), *others[place.position + 1 :])
    return request, _with_policies(place.layer, place.level, changed, request, facts)


def _replaced(
    place: StatementPlace, request: Request, facts: Facts, by: list[JsonValue]
) -> tuple[Request, Facts] | None:
    return _rewritten(
        place.policy, request, facts, lambda held: held[: place.index] + by + held[place.index + 1 :]
    )


def _in_statement(
    place: StatementPlace, request: Request, facts: Facts, change: Callable[[JsonObject], JsonObject]
) -> tuple[Request, Facts] | None:
    def changed(held: list[JsonValue]) -> list[JsonValue]:
        statement = held[place.index]
        assert isinstance(statement, JsonObject)  # it was parsed as a statement
        return [*held[: place.index], change(statement), *held[place.index + 1 :]]

    return _rewritten(place.policy, request, facts, changed)


def _appends(name: str, entry: str) -> Callable[[JsonObject], JsonObject]:
    return lambda statement: tree.put(
        statement, name, tree.append(tree.get(statement, name), tree.text(entry))
    )


def _with_principal(statement: JsonObject, principal: str) -> JsonObject:
    held = tree.get(statement, "Principal")
    forms = held if isinstance(held, JsonObject) else JsonObject((), 0)
    listed = tree.append(tree.get(forms, "AWS"), tree.text(principal))
    return tree.put(statement, "Principal", tree.put(forms, "AWS", listed))


def _with_policies(
    layer: Layer, level: int, policies: tuple[AttachedPolicy, ...], request: Request, facts: Facts
) -> Facts:
    """The facts with the policies of one layer, or of one of its levels, replaced."""
    match layer:
        case Layer.IDENTITY:
            return replace(facts, identity=policies)
        case Layer.SESSION:
            return replace(facts, session=policies)
        case Layer.SCP:
            return replace(facts, scps=_with_level(facts.scps or (), level, policies))
        case Layer.RCP:
            return replace(facts, rcps=_with_level(facts.rcps or (), level, policies))
        case Layer.BOUNDARY:
            return replace(facts, boundary=policies[0])
        case Layer.ENDPOINT:
            return replace(facts, endpoint=policies[0])
        case Layer.RESOURCE if request.on_key:
            return replace(facts, key_policy=policies[0])
        case Layer.RESOURCE:
            return replace(facts, resource_policy=policies[0])


def _with_level(
    levels: tuple[tuple[AttachedPolicy, ...], ...], level: int, policies: tuple[AttachedPolicy, ...]
) -> tuple[tuple[AttachedPolicy, ...], ...]:
    return (*levels[:level], policies, *levels[level + 1 :])


_CONTEXT_PAIR: Final = "kms:encryptioncontext:"
_CONTEXT_NAMES: Final = "kms:encryptioncontextkeys"


def _with_context(request: Request, send: tuple[tuple[str, str], ...], omit: tuple[str, ...]) -> Request:
    """The request with another encryption context, in the context of condition keys too."""
    gone = {name.lower() for name in (*omit, *(name for name, _ in send))}
    given = request.encryption_context or {}
    pairs = {name: value for name, value in given.items() if name.lower() not in gone} | dict(send)
    changes: dict[str, ContextValue | None] = {_CONTEXT_PAIR + name: None for name in gone}
    changes |= {_CONTEXT_PAIR + name.lower(): value for name, value in send}
    changes[_CONTEXT_NAMES] = tuple(pairs) or None
    return replace(request, context=_Changed(request.context, changes), encryption_context=pairs)


@dataclass(frozen=True, slots=True)
class _Changed(Mapping[str, ContextValue]):
    """A context, perhaps lazy, with some entries changed; None removes one."""

    context: Mapping[str, ContextValue]
    changes: Mapping[str, ContextValue | None]

    def __getitem__(self, key: str) -> ContextValue:
        held = self.changes[key] if key in self.changes else self.context.get(key)
        if held is None:
            raise KeyError(key)
        return held

    def __iter__(self) -> Iterator[str]:
        yield from (key for key in self.context if key not in self.changes)
        yield from (key for key, held in self.changes.items() if held is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
