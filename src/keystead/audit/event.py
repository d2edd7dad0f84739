"""CloudTrail-shaped records of calls.

Source: CloudTrail User Guide, "CloudTrail record contents", and recordings of KMS records of 2026. Never
in a record: plaintext, ciphertext, data keys, grant tokens, the body of GetKeyPolicy, secrets.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal

import msgspec

from keystead.model import AuditEvent

EVENT_VERSION = "1.11"


class SessionIssuer(msgspec.Struct, omit_defaults=True, frozen=True):
    """The entity behind a session."""

    type: str
    principalId: str  # noqa: N815  # CloudTrail's names
    arn: str
    accountId: str  # noqa: N815
    userName: str  # noqa: N815


class UserIdentity(msgspec.Struct, omit_defaults=True, frozen=True):
    """Who called ("userIdentity" element)."""

    type: str
    principalId: str  # noqa: N815
    arn: str
    accountId: str  # noqa: N815
    accessKeyId: str  # noqa: N815
    userName: str | None = None  # noqa: N815


class Resource(msgspec.Struct, frozen=True):
    """A resource a call was on."""

    accountId: str  # noqa: N815
    type: str
    ARN: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record, members in the order CloudTrail emits them; UNSET members are left out."""

    eventVersion: str = EVENT_VERSION  # noqa: N815
    userIdentity: msgspec.Raw  # noqa: N815
    eventTime: str  # noqa: N815
    eventSource: str  # noqa: N815
    eventName: str  # noqa: N815
    awsRegion: str  # noqa: N815
    sourceIPAddress: str  # noqa: N815
    userAgent: str  # noqa: N815
    errorCode: str | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    errorMessage: str | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    requestParameters: Mapping[str, object] | None  # noqa: N815
    responseElements: Mapping[str, object] | None  # noqa: N815
    additionalEventData: Mapping[str, object] | msgspec.UnsetType = msgspec.UNSET  # noqa: N815
    requestID: str  # noqa: N815
    eventID: str  # noqa: N815
    readOnly: bool  # noqa: N815
    resources: Sequence[Resource] | msgspec.UnsetType = msgspec.UNSET
    eventType: Literal["AwsApiCall"] = "AwsApiCall"  # noqa: N815
    managementEvent: bool = True  # noqa: N815
    recipientAccountId: str  # noqa: N815
    eventCategory: Literal["Management"] = "Management"  # noqa: N815


def _plain(value: object) -> object:
    """Identifiers are subclasses of `str`, which the encoder asks about."""
    if isinstance(value, str):
        return str.__str__(value)
    raise TypeError(f"an event cannot hold a {type(value).__name__}")


_encode = msgspec.json.Encoder(enc_hook=_plain).encode


def event(record: Record, time: int) -> AuditEvent:
    """The event to store for a record; `time` is in milliseconds."""
    return AuditEvent(
        event_id=record.eventID,
        time=time,
        account=record.recipientAccountId,
        region=record.awsRegion,
        record=_encode(record),
    )


def encoded(identity: UserIdentity) -> msgspec.Raw:
    """A caller's identity, encoded once for all its events."""
    return msgspec.Raw(_encode(identity))


def event_time(time: int) -> str:
    """Milliseconds since the epoch as CloudTrail writes a time: whole seconds, UTC."""
    return _second(time // 1000)


@lru_cache(maxsize=4)
def _second(second: int) -> str:
    # Formatting takes longer than the rest of a record, and a second has many records.
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
