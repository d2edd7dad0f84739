"""ScheduleKeyDeletion and CancelKeyDeletion. What happens when the date comes is in `service/jobs.py`."""

from collections.abc import Mapping
from dataclasses import replace

from keystead.kinds import KeyState
from keystead.model import Key
from keystead.model.imports import settled
from keystead.model.key import DAY
from keystead.model.lifecycle import after
from keystead.service.call import WriteCall
from keystead.service.kms.related_keys import others
from keystead.service.operation import OnKey, recorded, writes
from keystead.service.recording import elements_of, key_id_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    CancelKeyDeletionRequest,
    CancelKeyDeletionResponse,
    ScheduleKeyDeletionRequest,
    ScheduleKeyDeletionResponse,
)

LEAST_DAYS, MOST_DAYS = 7, 30
"""The waiting period; without a wish it is the longest (KMS API, `ScheduleKeyDeletion`)."""


def _check_window(request: ScheduleKeyDeletionRequest) -> None:
    days = request.pending_window_in_days
    if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
        # The shape allows 1 to 365; AWS's sentence is unknown, this one is ours.
        raise ValidationException(f"PendingWindowInDays must be between {LEAST_DAYS} and {MOST_DAYS}.")


def _scheduled(_: WriteCall, response: ScheduleKeyDeletionResponse) -> Mapping[str, object]:
    return elements_of(response)


@writes(
    "kms",
    "ScheduleKeyDeletion",
    OnKey("kms:ScheduleKeyDeletion"),
    check=_check_window,
    recorded=recorded("key_id", "pending_window_in_days", elements=_scheduled),
)
def schedule_key_deletion(
    call: WriteCall, request: ScheduleKeyDeletionRequest
) -> ScheduleKeyDeletionResponse:
    """Lets a key be deleted after the waiting period; until then nothing of it is lost.

    A primary key waits until its replicas are gone, and its waiting period begins then.
    """
    key = replace(call.key.key, passing_until=None)
    days = request.pending_window_in_days or MOST_DAYS
    if not key.replica and others(call.tx, key):
        pending = replace(key, state=KeyState.PENDING_REPLICA_DELETION, pending_window=days)
    else:
        pending = waiting(key, days, call.time)
    call.tx.set_key_life(pending)
    return ScheduleKeyDeletionResponse(
        key_id=call.key.arn,
        deletion_date=None if pending.deletion_date is None else pending.deletion_date / 1000,
        key_state=pending.state.value,
        pending_window_in_days=days,
    )


def waiting(key: Key, days: int, now: int) -> Key:
    """The key as it is when its waiting period begins, `now` in milliseconds."""
    return replace(key, state=KeyState.PENDING_DELETION, deletion_date=now + days * DAY, pending_window=None)


@writes(
    "kms",
    "CancelKeyDeletion",
    OnKey("kms:CancelKeyDeletion"),
    recorded=recorded("key_id", elements=key_id_of),
)
def cancel_key_deletion(call: WriteCall, _: CancelKeyDeletionRequest) -> CancelKeyDeletionResponse:
    """Keeps a key after all: it is disabled, or waits for material, and everything else is as before."""
    key = call.key.key
    state = after(call.operation.name, key.state)
    kept = replace(key, state=state, deletion_date=None, pending_window=None)
    call.tx.set_key_life(settled(kept, call.tx.key_materials(key.arn)))
    return CancelKeyDeletionResponse(key_id=call.key.arn)
