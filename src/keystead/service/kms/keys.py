"""Keys: CreateKey, DescribeKey, GetKeyLastUsage, ListKeys, EnableKey, DisableKey, UpdateKeyDescription."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from keystead.crypto.material import new_material, new_material_id, seal_material
from keystead.kinds import KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model import Key, KeyMaterial, Tag
from keystead.model.lifecycle import after
from keystead.names import KeyArn, KeyId
from keystead.policy import default_key_policy
from keystead.service.call import Call, WriteCall
from keystead.service.kms.key_policy import accept_policy
from keystead.service.kms.not_yet import refuse
from keystead.service.kms.pages import Page, page
from keystead.service.kms.quotas import check_keys
from keystead.service.kms.tags import check_tags
from keystead.service.operation import OnKey, OnNothing, reads, recorded, writes
from keystead.service.recording import elements_of, key_id_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    CreateKeyRequest,
    CreateKeyResponse,
    DescribeKeyRequest,
    DescribeKeyResponse,
    DisableKeyRequest,
    EnableKeyRequest,
    GetKeyLastUsageRequest,
    GetKeyLastUsageResponse,
    KeyLastUsageData,
    KeyListEntry,
    KeyMetadata,
    ListKeysRequest,
    ListKeysResponse,
    UpdateKeyDescriptionRequest,
)
from keystead.shapes.kms_errors import (
    CustomKeyStoreNotFoundException,
)


def metadata(key: Key) -> KeyMetadata:
    """What DescribeKey and CreateKey say of a key (KMS API, `KeyMetadata`)."""
    return KeyMetadata(
        aws_account_id=key.arn.account,
        key_id=key.arn.key_id,
        arn=str(key.arn),
        creation_date=key.created / 1000,
        enabled=key.state is KeyState.ENABLED,
        description=key.description,
        key_usage=key.usage.value,
        key_state=key.state.value,
        origin=key.origin.value,
        key_manager=key.manager.value,
        customer_master_key_spec=key.spec.value,
        key_spec=key.spec.value,
        encryption_algorithms=["SYMMETRIC_DEFAULT"],
        deletion_date=None if key.deletion_date is None else key.deletion_date / 1000,
        multi_region=key.multi_region,
        current_key_material_id=key.current_material,
    )


def _check_create(request: CreateKeyRequest) -> None:
    if request.key_spec is not None and request.customer_master_key_spec is not None:
        raise ValidationException(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. "
            "CustomerMasterKeySpec is deprecated."
        )
    spec = request.key_spec or request.customer_master_key_spec or KeySpec.SYMMETRIC_DEFAULT
    if spec != KeySpec.SYMMETRIC_DEFAULT:
        if request.key_usage is None:
            raise ValidationException(
                "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
            )
        raise refuse(f"KeySpec {spec}")
    if request.key_usage not in (None, KeyUsage.ENCRYPT_DECRYPT):
        raise ValidationException(f"KeyUsage {request.key_usage} is not compatible with KeySpec {spec}")
    if request.custom_key_store_id is not None:
        raise CustomKeyStoreNotFoundException(None)  # there are no custom key stores
    if request.origin not in (None, Origin.AWS_KMS):
        raise refuse(f"Origin {request.origin}")
    if request.xks_key_id is not None:
        raise ValidationException("XksKeyId requires Origin EXTERNAL_KEY_STORE.")
    if request.multi_region:
        raise refuse("multi-Region keys")
    check_tags(request.tags or [])


def _created(_: WriteCall, response: CreateKeyResponse) -> Mapping[str, object]:
    assert response.key_metadata is not None
    return {"keyMetadata": elements_of(response.key_metadata)}


@writes(
    "kms",
    "CreateKey",
    OnNothing("kms:CreateKey"),
    OnNothing("kms:TagResource", when=lambda request: bool(request.tags)),
    check=_check_create,
    recorded=recorded(
        "policy",
        "description",
        "key_usage",
        "customer_master_key_spec",
        "key_spec",
        "origin",
        "bypass_policy_lockout_safety_check",
        "multi_region",
        "tags",
        defaults={
            "description": "",
            "key_usage": KeyUsage.ENCRYPT_DECRYPT,
            "customer_master_key_spec": KeySpec.SYMMETRIC_DEFAULT,
            "key_spec": KeySpec.SYMMETRIC_DEFAULT,
            "origin": Origin.AWS_KMS,
            "bypass_policy_lockout_safety_check": False,
        },
        elements=_created,
    ),
)
def create_key(call: WriteCall, request: CreateKeyRequest) -> CreateKeyResponse:
    """Makes a symmetric encryption key, with the policy given or AWS's default one."""
    check_keys(call, call.region)
    arn = KeyArn(call.region, call.account, KeyId.parse(str(uuid.UUID(bytes=call.random(16), version=4))))
    material_id = new_material_id(call.random)
    key = Key(
        arn=arn,
        spec=KeySpec.SYMMETRIC_DEFAULT,
        usage=KeyUsage.ENCRYPT_DECRYPT,
        origin=Origin.AWS_KMS,
        manager=KeyManager.CUSTOMER,
        state=KeyState.ENABLED,
        multi_region=False,
        description=request.description or "",
        policy=default_key_policy(call.account),
        created=call.time,
        current_material=material_id,
        tags=tuple(Tag(tag.tag_key, tag.tag_value) for tag in request.tags or ()),
    )
    if request.policy is not None:
        key = accept_policy(
            call, key, request.policy, bypass=bool(request.bypass_policy_lockout_safety_check)
        )
    sealed = seal_material(call.sealer, arn, material_id, new_material(call.random))
    call.tx.add_key(key, KeyMaterial(arn, material_id, sealed, call.time))
    call.created(key)
    return CreateKeyResponse(key_metadata=metadata(key))


@reads(
    "kms",
    "DescribeKey",
    OnKey("kms:DescribeKey", aliases=True, cross_account=True),
    recorded=recorded("key_id"),
)
def describe_key(call: Call, _: DescribeKeyRequest) -> DescribeKeyResponse:
    """A key's metadata."""
    return DescribeKeyResponse(key_metadata=metadata(call.key.key))


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
