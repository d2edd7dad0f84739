"""From a call to its audit record."""

from collections.abc import Mapping

from msgspec import UNSET

from keystead.audit.event import Record, Resource, event_time
from keystead.service.call import Call
from keystead.shapes import record as shapes
from keystead.shapes.errors import AwsError

_SOURCES = {"kms": "kms.amazonaws.com", "iam": "iam.amazonaws.com", "sts": "sts.amazonaws.com"}


def elements_of(structure: shapes.Record) -> dict[str, object]:
    """The members of a structure, spelled as in an event (`AWSAccountId` -> `aWSAccountId`)."""
    names = zip(structure.__struct_fields__, structure.__struct_encode_fields__, strict=True)
    members = ((name, getattr(structure, attribute)) for attribute, name in names)
    return {name[0].lower() + name[1:]: _plain(value) for name, value in members if value is not None}


def _plain(value: object) -> object:
    match value:
        case shapes.Record():
            return elements_of(value)
        case list():
            return [_plain(item) for item in value]
        case _:
            return value


def record_of(
    call: Call, event_id: str, error: AwsError | None, elements: Mapping[str, object] | None
) -> Record:
    """The record of a call that ended with `error`, or well when it is None."""
    resources = [Resource(str(t.owner), "AWS::KMS::Key", t.arn) for t in call.touched if t.entry or t.alias]
    resources += [Resource(key.arn.account, "AWS::KMS::Key", str(key.arn)) for key in call.made]
    # A failed look-up leaves no parameters at all: AWS fills them in after it.
    looked_up = len(call.touched) > 0 or not call.operation.targets
    return Record(
        user_identity=call.who.user_identity,
        event_time=event_time(call.time),
        event_source=_SOURCES[call.operation.service],
        event_name=call.operation.name,
        aws_region=str(call.region),
        source_ip_address=call.http.client,
        user_agent=call.http.headers.get("user-agent", ""),
        error_code=UNSET if error is None else error.code,
        error_message=(error.message or UNSET) if error is not None else UNSET,
        request_parameters=_parameters(call) if looked_up else None,
        response_elements=elements,
        additional_event_data=call.event_data or UNSET,
        request_id=call.request_id,
        event_id=event_id,
        read_only=call.operation.read_only,
        resources=resources or UNSET,
        recipient_account_id=str(call.account),
    )


def _parameters(call: Call) -> dict[str, object] | None:
    parameters, request = call.operation.recorded.parameters, call.request
    if parameters is None or request is None:
        return None
    shown: dict[str, object] = {}
    for attribute, name, default in parameters:
        value = getattr(request, attribute)
        value = default if value is None else _plain(value)
        if value is not None:
            shown[name] = value
    if getattr(request, "dry_run", None):
        shown["dryRun"] = True
    return shown
