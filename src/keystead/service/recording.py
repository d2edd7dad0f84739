"""From a call to its audit record."""

from collections.abc import Callable, Mapping

from msgspec import UNSET

from keystead.audit.event import Record, Resource, event_time, invoked_by
from keystead.service.call import Call, Forwarded, WriteCall
from keystead.shapes import record as shapes
from keystead.shapes.errors import AwsError

# A tuple, not a union: every call asks, and a union takes five times as long.
_STRUCTURED = (shapes.Record, list, float)

_SOURCES = {
    "kms": "kms.amazonaws.com",
    "iam": "iam.amazonaws.com",
    "organizations": "organizations.amazonaws.com",
    "sts": "sts.amazonaws.com",
    "keystead": "keystead.amazonaws.com",
}

_HIDDEN = "****"
"""What stands for a text that AWS's model calls sensitive, as in the examples of Organizations."""


def elements_of(structure: shapes.Record, time: Callable[[int], str] = event_time) -> dict[str, object]:
    """The members of a structure, spelled as in an event (`AWSAccountId` -> `aWSAccountId`).

    Those of structures in it too; what AWS's model calls sensitive is hidden.

    Args:
        structure: an answer, or a part of one.
        time: writes milliseconds since the epoch; the events of KMS have the form of `event_time` (recorded).
    """
    names = zip(structure.__struct_fields__, structure.__struct_encode_fields__, strict=True)
    members = ((name, _member(structure, attribute, time)) for attribute, name in names)
    return {name[0].lower() + name[1:]: value for name, value in members if value is not None}


def key_id_of(call: WriteCall, _: object) -> Mapping[str, object]:
    """`responseElements` of changes that answer nothing: the key's ARN."""
    return {"keyId": call.key.arn}


def _member(structure: shapes.Record, attribute: str, time: Callable[[int], str] = event_time) -> object:
    value = getattr(structure, attribute)
    if isinstance(value, _STRUCTURED):
        return _shown(value, time)
    return _HIDDEN if value is not None and attribute in structure.SENSITIVE else value


def _shown(value: object, time: Callable[[int], str]) -> object:
    """A member's value; times alone are floats in a shape."""
    match value:
        case float():
            return time(int(value * 1000))
        case shapes.Record():
            return elements_of(value, time)
        case list():
            return [_shown(item, time) for item in value]
        case _:
            return value


def record_of(
    call: Call, event_id: str, error: AwsError | None, elements: Mapping[str, object] | None
) -> Record:
    """The record of a call that ended with `error`, or well when it is None."""
    resources = [
        Resource(str(t.owner), "AWS::KMS::Key", t.arn)
        for t in call.touched
        if (t.entry or t.alias) and t.region is None  # of another Region an event there tells
    ]
    resources += [Resource(t.owner, "AWS::IAM::Role", t.arn) for t in call.touched[:1] if t.role]
    resources += [Resource(key.arn.account, "AWS::KMS::Key", str(key.arn)) for key in call.made]
    # A failed look-up leaves no parameters at all: AWS fills them in after it.
    looked_up = len(call.touched) > 0 or not call.operation.targets
    invoked_by = call.who.invoked_by
    return Record(
        user_identity=call.who.user_identity,
        event_time=event_time(call.time),
        event_source=_SOURCES[call.operation.service],
        event_name=call.operation.name,
        aws_region=str(call.region),
        source_ip_address=invoked_by or call.http.client,
        user_agent=invoked_by or call.http.headers.get("user-agent", ""),
        error_code=UNSET if error is None else error.recorded_code,
        error_message=(error.message or UNSET) if error is not None else UNSET,
        request_parameters=_parameters(call) if looked_up else None,
        response_elements=elements,
        additional_event_data=call.event_data or UNSET,
        request_id=call.request_id,
        event_id=event_id,
        read_only=call.operation.read_only,
        resources=resources or UNSET,
        # Services have no account: their calls are told to the owner of what they use.
        recipient_account_id=str(call.account or _owner(call)),
    )


def record_forwarded(call: WriteCall, forwarded: Forwarded, event_id: str) -> Record:
    """The record of what KMS called in the caller's name for `call`, where it was called.

    Source: KMS Developer Guide, CloudTrail entries of UpdatePrimaryRegion.
    """
    service = _SOURCES[call.operation.service]
    return Record(
        user_identity=invoked_by(call.who.user_identity, service),
        event_time=event_time(call.time),
        event_source=_SOURCES[forwarded.service],
        event_name=forwarded.operation,
        aws_region=str(forwarded.region),
        source_ip_address=service,
        user_agent=service,
        request_parameters=forwarded.parameters,
        response_elements=forwarded.elements,
        request_id=call.request_id,
        event_id=event_id,
        read_only=False,
        resources=UNSET if forwarded.made is None else [forwarded.made],
        recipient_account_id=str(call.account),
    )


def _owner(call: Call) -> str:
    return next((touched.owner for touched in call.touched if touched.owner), "")


def _parameters(call: Call) -> dict[str, object] | None:
    parameters, request = call.operation.recorded.parameters, call.request
    if parameters is None or request is None:
        return None
    shown: dict[str, object] = {}
    for attribute, name, default in parameters:
        value = _member(request, attribute)
        if value is None:
            value = default
        if value is not None:
            shown[name] = value
    if getattr(request, "dry_run", None):
        shown["dryRun"] = True
    return shown
