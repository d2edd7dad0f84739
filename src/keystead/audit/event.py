"""CloudTrail-shaped records of calls, and of what happens without one.

Source: CloudTrail User Guide, "CloudTrail record contents", and recordings of KMS records of 2026. Never
in a record: plaintext, ciphertext, data keys, grant tokens, the body of GetKeyPolicy, secrets.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

import msgspec

from keystead.model import AuditEvent
from keystead.names import KeyArn

EVENT_VERSION = "1.11"


class SessionIssuer(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """What a session's credentials came from: a role, or the user who made a federated one."""

    type: str
    principal_id: str
    arn: str
    account_id: str
    user_name: str | None = None


class WebIdFederationData(msgspec.Struct, frozen=True, rename="camel"):
    """Who vouched for a web identity; `federated_provider` is the provider's ARN."""

    federated_provider: str
    attributes: Mapping[str, str] = {}


class SessionAttributes(msgspec.Struct, frozen=True, rename="camel"):
    """When a session was made, and whether with MFA; both as texts."""

    creation_date: str
    mfa_authenticated: str


class SessionContext(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, rename="camel"):
    """What an event tells of temporary credentials."""

    session_issuer: SessionIssuer | None = None
    web_id_federation_data: WebIdFederationData | None = None
    attributes: SessionAttributes
    source_identity: str | None = None


class UserIdentity(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Who called ("userIdentity" element). Web identities have no ARN, account or access key.

    `invoked_by` is the service principal that sent the call, and of a service that calls for itself all there
    is.
    """

    type: str
    principal_id: str | None = None
    arn: str | None = None
    account_id: str | None = None
    access_key_id: str | None = None
    user_name: str | None = None
    session_context: SessionContext | None = None
    identity_provider: str | None = None
    invoked_by: str | None = None


class Resource(msgspec.Struct, frozen=True, rename="camel"):
    """A resource a call was on."""

    account_id: str
    type: str
    arn: str = msgspec.field(name="ARN")


class Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One record, members in the order CloudTrail emits them; UNSET members are left out."""

    event_version: str = EVENT_VERSION
    user_identity: msgspec.Raw
    event_time: str
    event_source: str
    event_name: str
    aws_region: str
    source_ip_address: str = msgspec.field(name="sourceIPAddress")
    user_agent: str
    error_code: str | msgspec.UnsetType = msgspec.UNSET
    error_message: str | msgspec.UnsetType = msgspec.UNSET
    request_parameters: Mapping[str, object] | None
    response_elements: Mapping[str, object] | None
    additional_event_data: Mapping[str, object] | msgspec.UnsetType = msgspec.UNSET
    request_id: str = msgspec.field(name="requestID")
    event_id: str = msgspec.field(name="eventID")
    read_only: bool
    resources: Sequence[Resource] | msgspec.UnsetType = msgspec.UNSET
    event_type: Literal["AwsApiCall", "AwsServiceEvent"] = "AwsApiCall"
    management_event: bool = True
    recipient_account_id: str
    event_category: Literal["Management"] = "Management"


class ServiceIdentity(msgspec.Struct, frozen=True, rename="camel"):
    """Who did what nobody called for."""

    account_id: str
    invoked_by: str = "AWS Internal"


class ServiceRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The record of what the service did by itself (CloudTrail, "AwsServiceEvent")."""

    event_version: str = EVENT_VERSION
    user_identity: ServiceIdentity
    event_time: str
    event_source: str
    event_name: str
    aws_region: str
    source_ip_address: str = msgspec.field(name="sourceIPAddress", default="AWS Internal")
    user_agent: str = "AWS Internal"
    request_parameters: None = None
    response_elements: None = None
    event_id: str = msgspec.field(name="eventID")
    read_only: bool = False
    resources: Sequence[Resource]
    event_type: Literal["AwsServiceEvent"] = "AwsServiceEvent"
    management_event: bool = True
    recipient_account_id: str
    service_event_details: Mapping[str, object]
    event_category: Literal["Management"] = "Management"


def _plain(value: object) -> object:
    """Identifiers are subclasses of `str`, which the encoder asks about."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}")


_encode = msgspec.json.Encoder(enc_hook=_plain).encode


def event(record: Record, time: int) -> AuditEvent:
    """The event to store for a record; `time` is in milliseconds."""
    return AuditEvent(record.event_id, time, record.recipient_account_id, record.aws_region, _encode(record))


def service_event(
    name: str, key: KeyArn, *, event_id: str, time: int, details: Mapping[str, object]
) -> AuditEvent:
    """The event of what KMS did to a key by itself, at `time` in milliseconds.

    Source: KMS Developer Guide, "Examples of AWS KMS log entries", DeleteKey and RotateKey.
    """
    record = ServiceRecord(
        user_identity=ServiceIdentity(key.account),
        event_time=event_time(time),
        event_source="kms.amazonaws.com",
        event_name=name,
        aws_region=key.region,
        event_id=event_id,
        resources=[Resource(key.account, "AWS::KMS::Key", str(key))],
        recipient_account_id=key.account,
        service_event_details=details,
    )
    return AuditEvent(event_id, time, str(key.account), str(key.region), _encode(record))


def encoded(identity: UserIdentity) -> msgspec.Raw:
    """A caller's identity, encoded once for all its events."""
    return msgspec.Raw(_encode(identity))


def invoked_by(identity: msgspec.Raw, service: str) -> msgspec.Raw:
    """The identity of a caller in whose name a service called, such as `kms.amazonaws.com`."""
    return msgspec.Raw(_encode({**msgspec.json.decode(identity), "invokedBy": service}))


def operator_identity(account: str) -> msgspec.Raw:
    """Who did something that was no call: whoever runs Keystead, in an account's name."""
    return msgspec.Raw(_encode({"accountId": account, "invokedBy": "keystead"}))


def operator_record(
    name: str,
    command: str,
    details: Mapping[str, object],
    *,
    time: int,
    request_id: str,
    event_id: str,
    source: str = "keystead.amazonaws.com",
    account: str = "",
) -> Record:
    """The record of what an operator did by a command of ours, at `time` in milliseconds.

    `account` is empty for what belongs to the whole installation.
    """
    return Record(
        user_identity=operator_identity(account),
        event_time=event_time(time),
        event_source=source,
        event_name=name,
        aws_region="us-east-1",
        source_ip_address="localhost",
        user_agent=command,
        request_parameters=None,
        response_elements=None,
        additional_event_data=details,
        request_id=request_id,
        event_id=event_id,
        read_only=False,
        event_type="AwsServiceEvent",
        recipient_account_id=account,
    )


def event_time(time: int) -> str:
    """Milliseconds since the epoch as CloudTrail writes a time: whole seconds, UTC."""
    return _second(time // 1000)


@lru_cache(maxsize=4)
def _second(second: int) -> str:
    # Formatting takes longer than the rest of a record, and a second has many records.
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
