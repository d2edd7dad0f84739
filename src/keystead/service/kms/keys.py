"""Keys: DescribeKey, GetKeyLastUsage, ListKeys, EnableKey, DisableKey, UpdateKeyDescription."""

from dataclasses import replace
from typing import Any

from keystead.model.lifecycle import after
from keystead.service.call import Call, WriteCall
from keystead.service.kms.metadata import metadata_of
from keystead.service.kms.pages import Page, page
from keystead.service.operation import OnKey, OnNothing, reads, recorded, writes
from keystead.service.recording import key_id_of
from keystead.shapes.kms import (
    DescribeKeyRequest,
    DescribeKeyResponse,
    DisableKeyRequest,
    EnableKeyRequest,
    GetKeyLastUsageRequest,
    GetKeyLastUsageResponse,
    KeyLastUsageData,
    KeyListEntry,
    ListKeysRequest,
    ListKeysResponse,
    UpdateKeyDescriptionRequest,
)


@reads(
    "kms",
    "DescribeKey",
    OnKey("kms:DescribeKey", aliases=True, cross_account=True),
    recorded=recorded("key_id"),
)
def describe_key(call: Call, _: DescribeKeyRequest) -> DescribeKeyResponse:
    """A key's metadata."""
    return DescribeKeyResponse(key_metadata=metadata_of(call, call.key.key))


@reads("kms", "GetKeyLastUsage", OnKey("kms:GetKeyLastUsage"), recorded=recorded("key_id"))
def get_key_last_usage(call: Call, _: GetKeyLastUsageRequest) -> GetKeyLastUsageResponse:
    """The last successful cryptographic operation with a key; every use since its creation is tracked."""
    key = call.key.key
    with call.reading() as tx:
        use = call.last_usage.of(tx, key.arn)
    created = key.created / 1000
    return GetKeyLastUsageResponse(
        key_id=call.key.arn,
        key_last_usage=KeyLastUsageData()
        if use is None
        else KeyLastUsageData(
            operation=use.operation,
            timestamp=use.time / 1000,
            cloud_trail_event_id=use.event_id,
            kms_request_id=use.request_id,
        ),
        tracking_start_date=created,
        key_creation_date=created,
    )


@reads("kms", "ListKeys", OnNothing("kms:ListKeys"), recorded=recorded("limit", "marker"))
def list_keys(call: Call, request: ListKeysRequest) -> ListKeysResponse:
    """The ids and ARNs of the keys of the caller's account in this Region."""
    owners = sorted(set(request.resource_owners or ["SELF"]))
    bounds = page(call, request, default=100, of=" ".join(owners))
    if "SELF" not in owners:
        return ListKeysResponse(keys=[], truncated=False)  # nothing is shared through RAM
    with call.reading() as tx:
        found = tx.keys(call.account, call.region, bounds.after, bounds.limit + 1)
    entries: Page[Any] = bounds.cut(found, lambda arn: arn.key_id)
    return ListKeysResponse(
        keys=[KeyListEntry(key_id=arn.key_id, key_arn=str(arn)) for arn in entries.items],
        next_marker=entries.marker,
        truncated=entries.marker is not None,
    )


def _move(call: WriteCall) -> None:
    key = call.key.key
    call.tx.set_key_life(replace(key, state=after(call.operation.name, key.state)))


@writes(
    "kms",
    "EnableKey",
    OnKey("kms:EnableKey"),
    recorded=recorded("key_id", elements=key_id_of),
)
def enable_key(call: WriteCall, _: EnableKeyRequest) -> None:
    """Disabled -> Enabled; enabling an enabled key changes nothing."""
    _move(call)


@writes(
    "kms",
    "DisableKey",
    OnKey("kms:DisableKey"),
    recorded=recorded("key_id", elements=key_id_of),
)
def disable_key(call: WriteCall, _: DisableKeyRequest) -> None:
    """Enabled -> Disabled; disabling a disabled key changes nothing."""
    _move(call)


@writes(
    "kms",
    "UpdateKeyDescription",
    OnKey("kms:UpdateKeyDescription"),
    recorded=recorded("key_id", "description", elements=key_id_of),
)
def update_key_description(call: WriteCall, request: UpdateKeyDescriptionRequest) -> None:
    """Replaces a key's description, which may be empty."""
    call.tx.set_key_description(call.key.key.arn, request.description)
