"""EnableKeyRotation, DisableKeyRotation, GetKeyRotationStatus, RotateKeyOnDemand, ListKeyRotations.

A rotation itself is `rotated`, and `service/jobs.py` does it: automatic ones at their date, those on demand a
few seconds after the request, as AWS takes a while for them too. Old versions stay and open what they
encrypted.

Sources: KMS API; recordings. Of AWS's refusals only the sentence about a rotation that is near is ours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from keystead.crypto.key_families import new_material
from keystead.crypto.material import Sealer, new_material_id, seal_material
from keystead.crypto.randomness import Random
from keystead.kinds import KeyManager, KeyMaterialState, KeyState, Origin, RotationType
from keystead.model import Key, KeyMaterial, Rotation
from keystead.model.imports import settled, staged
from keystead.model.key import DAY
from keystead.model.quotas import ON_DEMAND_ROTATIONS_PER_KEY
from keystead.service.call import Call, WriteCall
from keystead.service.kms.import_parameters import refuse_origin
from keystead.service.kms.metadata import seconds
from keystead.service.kms.pages import page
from keystead.service.kms.related_keys import (
    add_shared_material,
    awaits_imports,
    copies,
    set_shared_life,
)
from keystead.service.operation import OnKey, reads, recorded, writes
from keystead.service.recording import elements_of, key_id_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    DisableKeyRotationRequest,
    EnableKeyRotationRequest,
    GetKeyRotationStatusRequest,
    GetKeyRotationStatusResponse,
    ListKeyRotationsRequest,
    ListKeyRotationsResponse,
    RotateKeyOnDemandRequest,
    RotateKeyOnDemandResponse,
    RotationsListEntry,
)
from keystead.shapes.kms_errors import (
    ConflictException,
    KMSInvalidStateException,
    LimitExceededException,
    UnsupportedOperationException,
)
from keystead.store.port import WriteTx

DEFAULT_PERIOD = 365
"""Days."""

NEAR = 20 * 60_000
"""Milliseconds before an automatic rotation in which none can be asked for (KMS API, ConflictException)."""


def time_of_next(versions: Sequence[KeyMaterial], now: int) -> int:
    """When the next version counts as made. They are ordered by time: no two may be of one millisecond."""
    return max(now, versions[-1].created + 1) if versions else now


def rotated(tx: WriteTx, sealer: Sealer, random: Random, key: Key, now: int, kind: RotationType) -> Key:
    """The key with a new version of material, which is stored; the caller stores what else changes.

    Related keys get the version too, whatever their state: what one of them encrypts all of them decrypt.
    Of imported material it is the staged version. If that was deleted meanwhile, the key stays as it is; if
    it has expired, it becomes the current one all the same, and the key waits for it (recorded).
    """
    versions = tx.key_materials(key.arn)
    if key.origin is Origin.EXTERNAL:
        return _promoted(tx, key, versions, now, kind)
    version = new_material_id(random)
    sealed = seal_material(sealer, key.arn, version, new_material(key.spec, random), random)
    made = KeyMaterial(key.arn, version, sealed, time_of_next(versions, now), now, kind)
    add_shared_material(tx, sealer, key, made)
    return replace(key, current_material=version)


def _promoted(tx: WriteTx, key: Key, versions: Sequence[KeyMaterial], now: int, kind: RotationType) -> Key:
    version = staged(versions)
    if version is None:
        return key
    for one in (version, *copies(tx, key, version.id)):
        tx.set_key_material(replace(one, staged=False, rotated=now, rotation_type=kind))
    return settled(replace(key, current_material=version.id), tx.key_materials(key.arn))


def _on_key(action: str, *, cross_account: bool = False) -> OnKey:
    return OnKey(action, cross_account=cross_account, says_no_aliases=True)


_check_origin = refuse_origin(Origin.AWS_KMS)
_check_origin_on_demand = refuse_origin(Origin.AWS_KMS, Origin.EXTERNAL)


def _check_rotates(key: Key) -> None:
    _check_origin(key)
    _check_kind(key)


def _check_kind(key: Key) -> None:
    if not key.symmetric_encryption:
        raise UnsupportedOperationException(None)


def _refuse_replica(operation: str, key: Key) -> None:
    """Rotation is the primary key's; whether AWS looks at that first is unverified."""
    if key.replica:
        raise UnsupportedOperationException(
            f"{key.arn} is a multi-region replica key which is not valid for {operation}."
        )


def _suits(operation: str, check: Callable[[Key], None]) -> Callable[[Key], None]:
    def suits(key: Key) -> None:
        _refuse_replica(operation, key)
        check(key)

    return suits


@writes(
    "kms",
    "EnableKeyRotation",
    replace(_on_key("kms:EnableKeyRotation"), suits=_suits("EnableKeyRotation", _check_rotates)),
    recorded=recorded("key_id", "rotation_period_in_days", elements=key_id_of),
)
def enable_key_rotation(call: WriteCall, request: EnableKeyRotationRequest) -> None:
    """Turns automatic rotation on, or gives it another period; the same period changes nothing."""
    key, days = call.key.key, request.rotation_period_in_days
    present = key.rotation
    if present.period is None:
        days = days or DEFAULT_PERIOD
    elif days in (None, present.period):
        return
    assert days is not None
    scheduled = replace(present, period=days, next=call.time + days * DAY)
    set_shared_life(call.tx, replace(key, rotation=scheduled))


@writes(
    "kms",
    "DisableKeyRotation",
    replace(_on_key("kms:DisableKeyRotation"), suits=_suits("DisableKeyRotation", _check_origin)),
    recorded=recorded("key_id", elements=key_id_of),
)
def disable_key_rotation(call: WriteCall, _: DisableKeyRotationRequest) -> None:
    """Turns automatic rotation off and forgets its period; succeeds on keys that cannot rotate."""
    key = call.key.key
    set_shared_life(call.tx, replace(key, rotation=Rotation(on_demand=key.rotation.on_demand)))


@reads(
    "kms",
    "GetKeyRotationStatus",
    _on_key("kms:GetKeyRotationStatus", cross_account=True),
    recorded=recorded("key_id"),
)
def get_key_rotation_status(call: Call, _: GetKeyRotationStatusRequest) -> GetKeyRotationStatusResponse:
    """Whether and when a key rotates; of a key pending deletion nothing is told.

    A fresh AWS managed key reports "off" (recorded), although it rotates. Older ones report "on" (seen in the
    field); that the first rotation makes the difference, and that no dates are told, is unverified.
    """
    key = call.key.key
    if key.manager is KeyManager.AWS:
        return GetKeyRotationStatusResponse(key_rotation_enabled=_has_rotated(key), key_id=call.key.arn)
    if key.state is KeyState.PENDING_DELETION:
        return GetKeyRotationStatusResponse(key_rotation_enabled=False, key_id=call.key.arn)
    rotation = key.rotation
    return GetKeyRotationStatusResponse(
        key_rotation_enabled=rotation.period is not None,
        key_id=call.key.arn,
        rotation_period_in_days=rotation.period,
        next_rotation_date=seconds(rotation.next),
        on_demand_rotation_start_date=seconds(rotation.on_demand),
    )


def _has_rotated(key: Key) -> bool:
    """Whether an AWS managed key, whose schedule nobody changes, has its first rotation behind it."""
    rotation = key.rotation
    assert rotation.next is not None, "AWS managed keys rotate"
    assert rotation.period is not None, "AWS managed keys rotate"
    return rotation.next > key.created + rotation.period * DAY


def _accepted(_: WriteCall, response: RotateKeyOnDemandResponse) -> Mapping[str, object]:
    return elements_of(response)


@writes(
    "kms",
    "RotateKeyOnDemand",
    _on_key("kms:RotateKeyOnDemand"),
    recorded=recorded("key_id", elements=_accepted),
)
def rotate_key_on_demand(call: WriteCall, _: RotateKeyOnDemandRequest) -> RotateKeyOnDemandResponse:
    """Has a key rotated soon; while that is under way, asking again changes nothing."""
    key = call.key.key
    _refuse_replica(call.operation.name, key)
    _check_origin_on_demand(key)
    _check_kind(key)
    if key.rotation.on_demand is None:
        _check_may_rotate(call, key)
        set_shared_life(call.tx, replace(key, rotation=replace(key.rotation, on_demand=call.time)))
    return RotateKeyOnDemandResponse(key_id=call.key.arn)


def _check_may_rotate(call: WriteCall, key: Key) -> None:
    versions = call.tx.key_materials(key.arn)
    done = [version.rotation_type for version in versions]
    if done.count(RotationType.ON_DEMAND) >= ON_DEMAND_ROTATIONS_PER_KEY:
        raise LimitExceededException(
            "The on-demand rotations limit has been reached for the given keyId. "
            f"No more on-demand rotations can be performed for this key: {key.arn}"
        )
    if key.origin is Origin.EXTERNAL and staged(versions) is None:
        raise KMSInvalidStateException(f"No available key material pending rotation for the key: {key.arn}.")
    if awaits_imports(call.tx, key, versions):
        raise KMSInvalidStateException(
            "Cannot perform key material rotation: Key material has not been imported for replicas of the "
            "Multi-Region key."
        )
    if key.rotation.next is not None and key.rotation.next - call.time <= NEAR:
        raise ConflictException(
            f"An automatic rotation of {key.arn} is in progress or begins within the next 20 minutes."
        )


@reads(
    "kms",
    "ListKeyRotations",
    _on_key("kms:ListKeyRotations"),
    recorded=recorded("key_id", "include_key_material", "limit", "marker"),
)
def list_key_rotations(call: Call, request: ListKeyRotationsRequest) -> ListKeyRotationsResponse:
    """The rotations of a key, oldest first; with ALL_KEY_MATERIAL its first and its staged version too."""
    key = call.key.key
    bounds = page(call, request, default=100, of=call.key.arn)
    if not key.symmetric_encryption:
        if request.include_key_material is not None:
            raise ValidationException(
                "Input parameter includeKeyMaterial can only be used with symmetric keys."
            )
        return ListKeyRotationsResponse(rotations=[], truncated=False)
    with call.reading() as tx:
        versions = tx.key_materials(key.arn)
        pending = KeyMaterialState.PENDING_ROTATION
        if awaits_imports(tx, key, versions):
            pending = KeyMaterialState.PENDING_MULTI_REGION_IMPORT_AND_ROTATION
    if request.include_key_material != "ALL_KEY_MATERIAL":
        versions = tuple(version for version in versions if version.rotated is not None)
    entries = bounds.cut([version for version in versions if _place(version) > bounds.after], _place)
    return ListKeyRotationsResponse(
        rotations=[_entry(key, version, pending) for version in entries.items],
        next_marker=entries.marker,
        truncated=entries.marker is not None,
    )


def _place(version: KeyMaterial) -> str:
    """Texts in the order of the versions."""
    return f"{version.created:020d}"


def _entry(key: Key, version: KeyMaterial, pending: KeyMaterialState) -> RotationsListEntry:
    imported = key.origin is Origin.EXTERNAL
    return RotationsListEntry(
        key_id=str(key.arn),
        key_material_id=version.id,
        key_material_description=version.description,
        import_state=version.import_state if imported else None,
        key_material_state=_state(key, version, pending),
        expiration_model=version.expiration_model if imported else None,
        valid_to=seconds(version.valid_to),
        rotation_date=seconds(version.rotated),
        rotation_type=version.rotation_type,
    )


def _state(key: Key, version: KeyMaterial, pending: KeyMaterialState) -> KeyMaterialState:
    """`pending` is that of a staged version."""
    if version.staged:
        return pending
    if version.id == key.current_material:
        return KeyMaterialState.CURRENT
    return KeyMaterialState.NON_CURRENT
