"""ReplicateKey and UpdatePrimaryRegion.

Each is one transaction on rows of several Regions: the primary key and its replicas never disagree, and every
worker learns of each. Creating and Updating end by the clock (`service/jobs.py`).

Sources: KMS API; recordings, which the sentences are from.
"""

from collections.abc import Mapping
from dataclasses import replace

from keystead.audit.event import Resource
from keystead.kinds import OTHER_REGIONS, REGIONS, KeyState
from keystead.model import Key, Tag
from keystead.model.key import PASSING_TAKES
from keystead.model.lifecycle import after
from keystead.model.multi_region import replica_of
from keystead.names import Region
from keystead.policy import default_key_policy
from keystead.service.call import Forwarded, WriteCall
from keystead.service.kms.key_policy import accept_policy
from keystead.service.kms.metadata import metadata
from keystead.service.kms.quotas import check_keys
from keystead.service.kms.related_keys import copied, set_shared_life
from keystead.service.kms.tags import check_tags
from keystead.service.operation import OnKey, OnNothing, OnRelatedKey, recorded, writes
from keystead.service.principals import shown_document
from keystead.service.recording import elements_of, key_id_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    KeyMetadata,
    ReplicateKeyRequest,
    ReplicateKeyResponse,
    UpdatePrimaryRegionRequest,
)
from keystead.shapes.kms_errors import (
    AlreadyExistsException,
    KMSInvalidStateException,
    UnsupportedOperationException,
)
from keystead.store.port import AlreadyExists


def _check_replica(request: ReplicateKeyRequest) -> None:
    region = request.replica_region
    if region in OTHER_REGIONS:
        raise ValidationException(
            "The replica key Region must be in the same AWS partition as the primary key Region."
        )
    if region not in REGIONS:
        raise ValidationException(
            f"Region {region} is not a valid Region or multi-Region keys are not supported in "
            f"Region {region}."
        )
    check_tags(request.tags or [])


def _check_primary(key: Key) -> None:
    """Before the state; AWS's order of the two is unverified."""
    if not key.multi_region or key.replica:
        raise UnsupportedOperationException(f"{key.arn} is not a multi-region primary key.")


def _replicated(_: WriteCall, response: ReplicateKeyResponse) -> Mapping[str, object]:
    return elements_of(response)


@writes(
    "kms",
    "ReplicateKey",
    OnKey("kms:ReplicateKey", says_no_aliases=True, suits=_check_primary),
    OnNothing("kms:CreateKey", region="replica_region"),
    OnNothing("kms:TagResource", when=lambda request: bool(request.tags), region="replica_region"),
    check=_check_replica,
    recorded=recorded(
        "key_id",
        "replica_region",
        "policy",
        "bypass_policy_lockout_safety_check",
        "description",
        "tags",
        defaults={"bypass_policy_lockout_safety_check": False, "description": ""},
        elements=_replicated,
    ),
)
def replicate_key(call: WriteCall, request: ReplicateKeyRequest) -> ReplicateKeyResponse:
    """Makes a related key in another Region, with all material of the primary one and what they share."""
    primary, region = call.key.key, Region.parse(request.replica_region)
    if region == primary.arn.region:
        raise ValidationException(f"{region} cannot have a replica because it contains the primary.")
    present = {key.arn.region for key in call.tx.related_keys(primary.arn)}
    if region in present:
        raise _taken()
    check_keys(call, region)
    replica = replica_of(
        primary,
        region,
        description=request.description or "",
        policy=default_key_policy(call.account),
        now=call.time,
    )
    replica = replace(replica, tags=tuple(Tag(tag.tag_key, tag.tag_value) for tag in request.tags or ()))
    if request.policy is not None:
        bypass = bool(request.bypass_policy_lockout_safety_check)
        replica = accept_policy(call, replica, request.policy, bypass=bypass)
    try:
        call.tx.add_key(replica, None)
    except AlreadyExists:  # of another account, whose key ids are no guess of anybody's
        raise _taken() from None
    for version in call.tx.key_materials(primary.arn):
        call.tx.add_key_material(copied(call.sealer, version, replica))
    shown = metadata(replica, call.time, present | {region})
    call.forwarded.append(_creation(request, replica, shown))
    return ReplicateKeyResponse(
        replica_key_metadata=shown,
        replica_policy=shown_document(call.tx, replica.policy),
        replica_tags=request.tags or None,
    )


def _taken() -> AlreadyExistsException:
    return AlreadyExistsException("You can create only one replica of each primary key in each AWS Region.")


def _creation(request: ReplicateKeyRequest, replica: Key, shown: KeyMetadata) -> Forwarded:
    """CreateKey in the replica's Region; that its parameters are those of any CreateKey is unverified."""
    parameters: dict[str, object] = {} if request.policy is None else {"policy": request.policy}
    parameters |= {
        "description": replica.description,
        "keyUsage": replica.usage.value,
        "customerMasterKeySpec": replica.spec.value,
        "keySpec": replica.spec.value,
        "origin": replica.origin.value,
        "bypassPolicyLockoutSafetyCheck": bool(request.bypass_policy_lockout_safety_check),
        "multiRegion": True,
    }
    if request.tags:
        parameters["tags"] = [elements_of(tag) for tag in request.tags]
    made = Resource(replica.arn.account, "AWS::KMS::Key", str(replica.arn))
    return Forwarded(
        "kms", "CreateKey", replica.arn.region, parameters, {"keyMetadata": elements_of(shown)}, made
    )


@writes(
    "kms",
    "UpdatePrimaryRegion",
    OnKey("kms:UpdatePrimaryRegion", says_no_aliases=True),
    OnRelatedKey("kms:UpdatePrimaryRegion", region="primary_region"),
    recorded=recorded("key_id", "primary_region", elements=key_id_of),
)
def update_primary_region(call: WriteCall, request: UpdatePrimaryRegionRequest) -> None:
    """Makes a replica the primary key and the primary key a replica; the present primary stays what it is.

    Both are Updating for a while, with their new roles; the other replicas are told where the primary is.
    """
    primary = call.key.key
    if not primary.multi_region or primary.replica:
        raise KMSInvalidStateException(f"{primary.arn} is not a multi-Region primary key.")
    if request.primary_region == primary.arn.region:
        return
    if len(call.keys) == 1:
        raise ValidationException(
            f"{primary.arn.key_id} does not have a replica key in the specified Region."
        )
    promoted = call.keys[1].key
    set_shared_life(call.tx, replace(_updating(call, primary), primary_region=promoted.arn.region))
    promoted = replace(_updating(call, promoted), primary_region=promoted.arn.region)
    call.tx.set_key_life(promoted)
    call.forwarded.append(_promotion(request, promoted))


def _updating(call: WriteCall, key: Key) -> Key:
    state = after(call.operation.name, key.state)
    assert state is KeyState.UPDATING
    return replace(key, state=state, passing_until=call.time + PASSING_TAKES)


def _promotion(request: UpdatePrimaryRegionRequest, promoted: Key) -> Forwarded:
    arn = promoted.arn
    parameters = {"keyId": request.key_id, "primaryRegion": request.primary_region}
    made = Resource(arn.account, "AWS::KMS::Key", str(arn))
    return Forwarded("kms", "UpdatePrimaryRegion", arn.region, parameters, {"keyId": str(arn)}, made)
