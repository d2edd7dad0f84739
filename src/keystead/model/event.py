"""Audit events."""

from typing import NamedTuple


class AuditEvent(NamedTuple):
    """One authenticated call: the columns a query needs, and the CloudTrail record as JSON bytes.

    A tuple in the order of the columns: each call makes one.
    """

    event_id: str
    time: int
    account: str
    region: str
    record: bytes
