"""What the service gives the shell around it."""

import msgspec

from keystead.model import AuditEvent
from keystead.wire.http import HttpResponse


class Answer(msgspec.Struct, frozen=True):
    """A response, and the audit event that must be stored before it leaves.

    `event` is None when there is nothing to record (the call was never authenticated) or when it was
    recorded already, in the transaction of the change.
    """

    response: HttpResponse
    event: AuditEvent | None = None
