"""A Deny with an exception for exactly one request: this principal, this action, this resource.

No single statement can except a combination, so a Deny is cut along one element after the other: the same
Deny for all other principals; for this principal, all other actions; for this action, all other resources.
What is left at the end is the request alone, and is left out. An element that cannot be cut, such as an
Action `kms:*`, is not: the exception then covers all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from keystead.policy.decision import Layer
from keystead.policy.explanation import tree
from keystead.policy.language.json_reader import JsonObject
from keystead.policy.language.principal import Principal, PrincipalEntry, PrincipalKind, make_principal
from keystead.policy.language.statement import Statement, compile_actions
from keystead.policy.request import OF_NO_ACCOUNT, Caller, CallerKind, Request
from keystead.policy.strength import strength

OF_MANY: Final = frozenset({Layer.SCP, Layer.RCP, Layer.ENDPOINT, Layer.RESOURCE})
"""The layers whose policies bind more callers than one."""

_PRINCIPAL_ARN: Final = "aws:PrincipalArn"
_NEGATED: Final = ("StringNotEquals", "ArnNotEquals", "ArnNotLike", "StringNotLike")


def principal_form(caller: Caller) -> str:
    """Under which name a Principal element lists the caller."""
    return {CallerKind.SERVICE: "Service", CallerKind.WEB_IDENTITY: "Federated"}.get(caller.kind, "AWS")


def is_literal(text: str) -> bool:
    """Whether `text` in a policy stands for itself alone: it has no wildcard and no variable."""
    return not any(special in text for special in "*?$")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A Deny in two: for all but one value of an element (None: there are no others), and for that one."""

    others: JsonObject | None
    this: JsonObject


def narrowed(
    document: JsonObject, statement: Statement, layer: Layer, request: Request, *, bounded: bool
) -> tuple[JsonObject, ...]:
    """What is left of a Deny that does not deny `request`. Empty if nothing is.

    `document` and `statement` are the same statement, as text and compiled. `bounded`: whether the caller
    has a permissions boundary, under which NotPrincipal spares nobody.
    """
    left: list[JsonObject] = []
    rest = document
    cuts: tuple[Callable[[JsonObject], _Cut | None], ...] = (
        lambda held: _by_principal(held, statement, request, bounded=bounded) if layer in OF_MANY else None,
        lambda held: _by_action(held, request),
        # In a key policy the resource is the key, whatever is written.
        lambda held: None if layer is Layer.RESOURCE and request.on_key else _by_resource(held, request),
    )
    for cut_of in cuts:
        cut = cut_of(rest)
        if cut is not None:
            left += [] if cut.others is None else [cut.others]
            rest = cut.this
    # A Sid must be unique: the first statement keeps it.
    return tuple(part if number == 0 else tree.drop(part, "Sid") for number, part in enumerate(left))


def own_entries(principal: Principal, request: Request) -> tuple[str, ...]:
    """The entries of a Principal element that name the caller and nobody else but its sessions."""
    return tuple(entry.text for entry in principal.entries if _names(entry, request) and _is_own(entry))


def _names(entry: PrincipalEntry, request: Request) -> bool:
    return strength(make_principal((entry,), excluded=False), request.caller) is not None


def _is_own(entry: PrincipalEntry) -> bool:
    return entry.kind not in (PrincipalKind.ACCOUNT, PrincipalKind.EVERYONE)


def _by_principal(held: JsonObject, statement: Statement, request: Request, *, bounded: bool) -> _Cut | None:
    principal = statement.principal
    if principal is not None and not principal.excluded:
        own = own_entries(principal, request)
        if len(own) == sum(_names(entry, request) for entry in principal.entries):
            return _unlisted(held, own, request)
    arn = request.context.get(_PRINCIPAL_ARN.lower())
    if isinstance(arn, str) and is_literal(arn):
        return _Cut(_unless(held, arn), _if(held, arn))
    if principal is not None and principal.excluded and not bounded:
        return _spared(held, request)
    return None


def _unlisted(held: JsonObject, own: tuple[str, ...], request: Request) -> _Cut | None:
    """The caller's own entries taken out of Principal."""
    forms = tree.get(held, "Principal")
    form = principal_form(request.caller)
    if not own or not isinstance(forms, JsonObject):
        return None
    others = tuple(name for name in tree.strings(tree.get(forms, form)) if name not in own)
    left = tree.put(forms, form, tree.texts(*others)) if others else tree.drop(forms, form)
    this = tree.put(held, "Principal", tree.made_of(**{form: tree.texts(*own)}))
    return _Cut(tree.put(held, "Principal", left) if left.members else None, this)


def _spared(held: JsonObject, request: Request) -> _Cut | None:
    """The caller's names added to a NotPrincipal that lists its account already."""
    caller, forms = request.caller, tree.get(held, "NotPrincipal")
    if not isinstance(forms, JsonObject) or caller.kind in (*OF_NO_ACCOUNT, CallerKind.ROOT):
        return None
    listed = tree.strings(tree.get(forms, "AWS"))
    if caller.account not in listed and f"arn:aws:iam::{caller.account}:root" not in listed:
        return None
    more = (tree.text(name) for name in (caller.role_arn, caller.arn) if name and name not in listed)
    others = tree.put(forms, "AWS", tree.append(tree.get(forms, "AWS"), *more))
    this = tree.swap(held, "NotPrincipal", "Principal", tree.made_of(AWS=tree.text(caller.arn)))
    return _Cut(tree.put(held, "NotPrincipal", others), this)


def _unless(held: JsonObject, arn: str) -> JsonObject:
    """The Deny for all principals but `arn`; an exception that is there already is widened."""
    conditions = _conditions(held)
    for name in _NEGATED:
        block = tree.get(conditions, name)
        for member in block.members if isinstance(block, JsonObject) else ():
            if member.name.lower() == _PRINCIPAL_ARN.lower() and isinstance(block, JsonObject):
                longer = tree.put(block, member.name, tree.append(member.value, tree.text(arn)))
                return tree.put(held, "Condition", tree.put(conditions, name, longer))
    return _with_condition(held, "StringNotEquals", arn)


def _if(held: JsonObject, arn: str) -> JsonObject:
    """The Deny for `arn` alone. An exception for others, which it is not, is no longer needed but kept."""
    return _with_condition(held, "StringEquals", arn)


def _with_condition(held: JsonObject, operator: str, arn: str) -> JsonObject:
    conditions = _conditions(held)
    block = tree.get(conditions, operator)
    block = block if isinstance(block, JsonObject) else JsonObject((), 0)
    block = tree.put(block, _PRINCIPAL_ARN, tree.text(arn))
    return tree.put(held, "Condition", tree.put(conditions, operator, block))


def _conditions(held: JsonObject) -> JsonObject:
    conditions = tree.get(held, "Condition")
    return conditions if isinstance(conditions, JsonObject) else JsonObject((), 0)


def _by_action(held: JsonObject, request: Request) -> _Cut | None:
    action = request.action.lower()
    return _by_list(
        held,
        "Action",
        request.action,
        reaches=lambda pattern: compile_actions((pattern,), excluded=False).matches(action),
        is_it=lambda pattern: pattern.lower() == action,
    )


def _by_resource(held: JsonObject, request: Request) -> _Cut | None:
    if request.resource == "*":
        return None
    # A pattern with wildcards or variables may reach the resource or not; it cannot be cut either way.
    return _by_list(
        held,
        "Resource",
        request.resource,
        reaches=lambda pattern: pattern == request.resource or not is_literal(pattern),
        is_it=lambda pattern: pattern == request.resource,
    )


def _by_list(
    held: JsonObject,
    name: str,
    value: str,
    *,
    reaches: Callable[[str], bool],
    is_it: Callable[[str], bool],
) -> _Cut | None:
    """A cut along Action or Resource, where the element is a Not-form, `*`, or lists `value` itself."""
    if not is_literal(value):
        return None
    excepting = tree.get(held, f"Not{name}")
    if excepting is not None:
        this = tree.swap(held, f"Not{name}", name, tree.text(value))
        return _Cut(tree.put(held, f"Not{name}", tree.append(excepting, tree.text(value))), this)
    listed = tree.strings(tree.get(held, name))
    this = tree.put(held, name, tree.text(value))
    if "*" in listed:
        return _Cut(tree.swap(held, name, f"Not{name}", tree.text(value)), this)
    if not listed or not all(is_it(pattern) for pattern in listed if reaches(pattern)):
        return None
    others = tuple(pattern for pattern in listed if not is_it(pattern))
    return _Cut(tree.put(held, name, tree.texts(*others)) if others else None, this)
