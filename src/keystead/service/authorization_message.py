"""What a refusal rested on: written into an encoded message, and as DecodeAuthorizationMessage shows it.

None of the operations here returns such a message at AWS, where EC2's do. So AWS's answers stay as they are,
and the message travels in a header of its own beside them.

The form that is shown is AWS's (STS API, `DecodeAuthorizationMessage`; what a matched statement looks like is
known from published examples, so that part is unverified).
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from keystead.crypto.authorization_message import CONTENT_BYTES, seal_authorization_message
from keystead.policy.authorize import consult, is_foreign
from keystead.policy.decision import Decision, ExplicitlyDenied, Layer
from keystead.policy.evaluate import Applied
from keystead.policy.request import CallerKind, ContextValue, Facts, Request
from keystead.service.call import Call, Touched
from keystead.service.context import CheckContext

HEADER: Final = "x-keystead-authorization-message"
"""The header of a refusal that holds the message."""

_SHOWN: Final = {Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION, Layer.RESOURCE}
"""Layers whose statements are the account's own to read; of the others the name alone is told."""

Content = dict[str, Any]


def encoded_message(
    call: Call, touched: Touched, check: Request, facts: Facts, decision: Decision
) -> str | None:
    """The message of a refusal; None for callers and resources of two accounts, and for services.

    What the other account's policies say is for neither's eyes, and a service has no account to show it to.
    """
    if is_foreign(check) or not call.account:
        return None
    content = _content(check, facts, decision)
    _fill(content, CheckContext(call, touched).spelled())
    written = _written(content)
    if len(written) > CONTENT_BYTES:  # names so long that nothing but them would be told
        return None
    return seal_authorization_message(call.sealer, call.account, call.time, written, call.random)


def shown(content: bytes) -> str:
    """The content of a message in AWS's form."""
    told: Content = json.loads(content)
    statement = told.get("statement")
    principal = {name: told[name] for name in ("id", "name", "arn") if name in told}
    whole = {
        "allowed": False,
        "explicitDeny": told["deny"],
        "matchedStatements": {"items": [] if statement is None else [_shown_statement(statement)]},
        "failures": {"items": []},
        "context": {
            "principal": principal,
            "action": told["action"],
            "resource": told["resource"],
            "conditions": _shown_conditions(told["conditions"]),
        },
    }
    if told.get("truncated"):
        whole["truncated"] = True  # ours
    return json.dumps(whole, separators=(",", ":"))


def _content(check: Request, facts: Facts, decision: Decision) -> Content:
    caller = check.caller
    content: Content = {"id": caller.unique_id, "arn": caller.arn}
    if caller.kind is CallerKind.USER:
        content["name"] = caller.arn.rpartition("/")[2]
    content |= {"action": check.action, "resource": check.resource, "conditions": {}}
    content["deny"] = isinstance(decision, ExplicitlyDenied)
    if isinstance(decision, ExplicitlyDenied):
        applied = consult(check, facts).denied[decision.by.layer]
        content["statement"] = {"id": decision.by.sid}
        if decision.by.layer in _SHOWN:
            whole = content | {"statement": _statement(applied, caller.unique_id)}
            if len(_written(whole)) <= CONTENT_BYTES:
                return whole
            content["truncated"] = True
    return content


def _statement(applied: Applied, caller: str) -> Content:
    statement = applied.statement
    told: Content = {"id": statement.sid}
    principal, action, resource = statement.principal, statement.action, statement.resource
    if principal is None:
        told["principals"] = [caller]
    else:
        told[_element("principals", principal.excluded)] = [entry.text for entry in principal.entries]
    if action is not None:
        told[_element("actions", action.excluded)] = list(action.patterns)
    if resource is not None:
        told[_element("resources", resource.excluded)] = list(resource.patterns)
    told["conditions"] = {condition.key: list(condition.operands) for condition in statement.conditions}
    return told


def _element(name: str, excluded: bool) -> str:
    return f"not{name.capitalize()}" if excluded else name


def _fill(content: Content, context: Iterable[tuple[str, ContextValue]]) -> None:
    """Adds the condition keys of the request, as many as there is room for."""
    conditions = dict(context)
    whole = content | {"conditions": conditions}
    if len(_written(whole)) <= CONTENT_BYTES:
        content["conditions"] = conditions
        return
    content["truncated"] = True
    room = CONTENT_BYTES - len(_written(content))
    for name, value in conditions.items():
        room -= len(_written({name: value}))  # its braces stand for the comma
        if room < 0:
            break
        content["conditions"][name] = value


def _exact_text(value: object) -> str:
    """Identifiers are subclasses of `str`, which msgspec leaves to us."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"no JSON form for {type(value).__name__}")


_written = msgspec.json.Encoder(enc_hook=_exact_text).encode


def _shown_statement(statement: Content) -> Content:
    told: Content = {"statementId": statement["id"], "effect": "DENY"}
    for name in ("principals", "principalGroups", "actions", "resources"):
        other = _element(name, excluded=True)  # AWS's form has no such members
        shown = other if other in statement else name
        told[shown] = _items(statement.get(shown, ()))
    told["conditions"] = _shown_conditions(statement.get("conditions", {}))
    return told


def _shown_conditions(conditions: Mapping[str, Any]) -> Content:
    return {
        "items": [
            {"key": key, "values": _items([values] if isinstance(values, str) else values)}
            for key, values in conditions.items()
        ]
    }


def _items(values: Iterable[str]) -> Content:
    return {"items": [{"value": value} for value in values]}
