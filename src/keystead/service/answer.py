"""What the service gives the shell around it."""

from dataclasses import dataclass

from keystead.model import AuditEvent
from keystead.wire.http import HttpResponse


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, and the audit event that must be stored before it leaves.

    `event` is None when there is nothing to record (the call was never authenticated) or when it was
    recorded already, in the transaction of the change.
    """

    response: HttpResponse
    event: AuditEvent | None = None
