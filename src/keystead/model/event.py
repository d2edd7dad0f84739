"""Audit events."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One authenticated call: the columns a query needs, and the CloudTrail record as JSON bytes."""

    event_id: str
    time: int
    account: str
    region: str
    record: bytes
