"""ImportKeyMaterial and DeleteImportedKeyMaterial.

A key remembers every material that was ever imported into it, by an id that is a digest under the root key:
whatever became of the material, only the same bytes take its place again. `model/imports.py` says what the
versions come to, `service/jobs.py` removes those that have expired, `rotation.py` makes a staged one current.

Sources: KMS API; recordings. Refusals whose sentence is ours say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hmac import compare_digest

from keystead.crypto.import_token import ImportParameters, InvalidImportToken, open_import_token
from keystead.crypto.key_families import accept_material
from keystead.crypto.key_material import InvalidCiphertext, InvalidMaterial
from keystead.crypto.key_wrap import unwrap
from keystead.crypto.material import imported_material_id, seal_material
from keystead.kinds import ExpirationModel, ImportType, Origin
from keystead.model import Key, KeyMaterial
from keystead.model.imports import staged
from keystead.model.key import DAY
from keystead.model.lifecycle import after
from keystead.names import KeyMaterialId
from keystead.service.call import Call, WriteCall
from keystead.service.kms.import_parameters import refuse_origin
from keystead.service.kms.labour import of_import
from keystead.service.kms.related_keys import add_shared_material, copies, others, settle
from keystead.service.kms.rotation import time_of_next
from keystead.service.operation import OnKey, recorded, writes
from keystead.service.recording import elements_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    DeleteImportedKeyMaterialRequest,
    DeleteImportedKeyMaterialResponse,
    ImportKeyMaterialRequest,
    ImportKeyMaterialResponse,
)
from keystead.shapes.kms_errors import (
    ExpiredImportTokenException,
    IncorrectKeyMaterialException,
    InvalidCiphertextException,
    InvalidImportTokenException,
    KMSInvalidStateException,
)

LONGEST_VALIDITY = 365 * DAY
"""Milliseconds (KMS API, ImportKeyMaterial)."""


@dataclass(frozen=True, slots=True)
class _Material:
    """What a request brought: known by its id, and sealed already."""

    id: KeyMaterialId
    sealed: bytes


def _check(request: ImportKeyMaterialRequest) -> None:
    expires = request.expiration_model in (None, ExpirationModel.EXPIRES)
    if expires and request.valid_to is None:
        raise ValidationException("A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES")
    if not expires and request.valid_to is not None:
        raise ValidationException(
            "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE"
        )
    if _import_type(request) is ImportType.NEW:
        _refuse_id_of_new(request)


def _import_type(request: ImportKeyMaterialRequest) -> ImportType | None:
    return None if request.import_type is None else ImportType(request.import_type)


def _refuse_id_of_new(request: ImportKeyMaterialRequest) -> None:
    if request.key_material_id is not None:
        raise ValidationException(
            "Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType."
        )


def _valid_to(request: ImportKeyMaterialRequest) -> int | None:
    """Milliseconds; whole seconds are kept (recorded)."""
    return None if request.valid_to is None else int(request.valid_to) * 1000


def _check_valid_to(call: Call, request: ImportKeyMaterialRequest) -> None:
    valid_to = _valid_to(request)
    if valid_to is None:
        return
    if valid_to <= call.time:
        raise ValidationException("ValidTo must be in the future")
    if valid_to - call.time >= LONGEST_VALIDITY:
        raise ValidationException("ValidTo must be less than 365 days in the future")


_OF_SYMMETRIC_KEYS = {
    "import_type": "importType",
    "key_material_id": "keyMaterialId",
    "key_material_description": "keyMaterialDescription",
}


def _refuse_parameters(
    key: Key, request: ImportKeyMaterialRequest | DeleteImportedKeyMaterialRequest
) -> None:
    """Keys of other kinds have one material for ever, and say nothing of it."""
    if key.symmetric_encryption:
        return
    for attribute, name in _OF_SYMMETRIC_KEYS.items():
        if getattr(request, attribute, None) is not None:
            raise ValidationException(f"Input parameter {name} cannot be used with {key.spec} imported keys.")


def _refuse_on_replica(key: Key, request: ImportKeyMaterialRequest) -> None:
    """Material is staged and described in the primary key's Region."""
    if not key.replica:
        return
    if _import_type(request) is ImportType.NEW:
        raise ValidationException(
            "Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys"
        )
    if request.key_material_description is not None:
        raise ValidationException(
            "Key material description can only be specified on primary Multi-Region keys"
        )


def _material(call: Call, request: ImportKeyMaterialRequest) -> _Material:
    """The material of a request, unwrapped and checked; before the transaction, for it takes a while."""
    key = call.key.key
    _check_valid_to(call, request)
    _refuse_parameters(key, request)
    _refuse_on_replica(key, request)
    parameters = _parameters(call, key, request.import_token)
    try:
        wrapped = request.encrypted_key_material
        material = accept_material(key.spec, unwrap(parameters.algorithm, parameters.private_key, wrapped))
    except (InvalidCiphertext, InvalidMaterial):  # INVARIANT: one error for one reason
        raise InvalidCiphertextException(None) from None
    material_id = imported_material_id(call.sealer, key.arn, material)
    return _Material(material_id, seal_material(call.sealer, key.arn, material_id, material, call.random))


def _parameters(call: Call, key: Key, token: bytes) -> ImportParameters:
    try:
        parameters = open_import_token(call.sealer, key.arn, key.spec, token)
    except InvalidImportToken:
        raise InvalidImportTokenException(None) from None
    if parameters.valid_to <= call.time:
        raise ExpiredImportTokenException("The import token has expired.")  # the sentence is ours
    return parameters


def _imported(_: WriteCall, response: ImportKeyMaterialResponse) -> Mapping[str, object]:
    return elements_of(response)


@writes(
    "kms",
    "ImportKeyMaterial",
    OnKey("kms:ImportKeyMaterial", suits=refuse_origin(Origin.EXTERNAL)),
    check=_check,
    prepare=_material,
    labour=of_import,
    recorded=recorded(
        "key_id",
        "valid_to",
        "expiration_model",
        "import_type",
        "key_material_description",
        "key_material_id",
        elements=_imported,
    ),
)
def import_key_material(call: WriteCall, request: ImportKeyMaterialRequest) -> ImportKeyMaterialResponse:
    """Brings in a key's first material, brings back any that it had, or stages another one for a rotation."""
    key, given = call.key.key, call.prepared
    _refuse_on_replica(key, request)  # it may have become one since the material was prepared
    versions = call.tx.key_materials(key.arn)
    known = next((version for version in versions if compare_digest(version.id, given.id)), None)
    if _is_new(request, versions):
        _check_new(key, request, given.id, known, staged(versions))
        version = KeyMaterial(
            key.arn,
            given.id,
            given.sealed,
            time_of_next(versions, call.time),
            staged=bool(versions),
            valid_to=_valid_to(request),
            description=request.key_material_description,
        )
        add_shared_material(call.tx, call.sealer, key, version)
    else:
        version = replace(
            _expected(key, request, given.id, known),
            sealed=given.sealed,
            valid_to=_valid_to(request),
        )
        if request.key_material_description is not None:
            version = replace(version, description=request.key_material_description)
            for copy in copies(call.tx, key, version.id):
                call.tx.set_key_material(replace(copy, description=version.description))
        call.tx.set_key_material(version)
    settle(
        call.tx,
        replace(
            key,
            state=after(call.operation.name, key.state),
            current_material=key.current_material or given.id,
        ),
    )
    return ImportKeyMaterialResponse(key_id=call.key.arn, key_material_id=_shown(key, given.id))


def _is_new(request: ImportKeyMaterialRequest, versions: Sequence[KeyMaterial]) -> bool:
    """Without a word the first material is new, and every later one is not."""
    asked = _import_type(request)
    return not versions if asked is None else asked is ImportType.NEW


def _check_new(
    key: Key,
    request: ImportKeyMaterialRequest,
    given: KeyMaterialId,
    known: KeyMaterial | None,
    pending: KeyMaterial | None,
) -> None:
    _refuse_id_of_new(request)
    if known is not None:
        raise IncorrectKeyMaterialException(
            f"Key material (id: {given}) being imported as NEW_KEY_MATERIAL "
            f"is already associated with KMS key {key.arn}."
        )
    if pending is not None:
        raise KMSInvalidStateException(
            f"New key material (id: {given}) cannot be imported into KMS key {key.arn}, "
            f"because another key material (id: {pending.id}) is pending rotation."
        )


def _expected(
    key: Key, request: ImportKeyMaterialRequest, given: KeyMaterialId, known: KeyMaterial | None
) -> KeyMaterial:
    """The version that the material is of; `IncorrectKeyMaterialException` if it is not the one expected."""
    expected = request.key_material_id
    if known is not None and (expected is None or compare_digest(expected, given)):
        return known
    # Of a key into which nothing was ever imported this is ours: then it cannot have been expected.
    wanted = expected or key.current_material or "none"
    raise IncorrectKeyMaterialException(
        f"Imported key material does not have the expected identifier ({wanted})."
    )


def _shown(key: Key, id: KeyMaterialId | None) -> KeyMaterialId | None:
    """Only symmetric encryption keys tell the ids of their material."""
    return id if key.symmetric_encryption else None


def _deleted(_: WriteCall, response: DeleteImportedKeyMaterialResponse) -> Mapping[str, object]:
    return elements_of(response)


@writes(
    "kms",
    "DeleteImportedKeyMaterial",
    OnKey("kms:DeleteImportedKeyMaterial", suits=refuse_origin(Origin.EXTERNAL)),
    recorded=recorded("key_id", "key_material_id", elements=_deleted),
)
def delete_imported_key_material(
    call: WriteCall, request: DeleteImportedKeyMaterialRequest
) -> DeleteImportedKeyMaterialResponse:
    """Removes a version, by default the current one. Its entry stays, unless it was only staged.

    What was staged is removed from replicas with the primary key's; a replica removes its own alone.
    """
    key = call.key.key
    _refuse_parameters(key, request)  # of this operation unverified
    named = request.key_material_id
    material_id = key.current_material if named is None else KeyMaterialId(named)
    if material_id is not None:
        _remove(call, key, material_id)
    return DeleteImportedKeyMaterialResponse(key_id=call.key.arn, key_material_id=_shown(key, material_id))


def _remove(call: WriteCall, key: Key, id: KeyMaterialId) -> None:
    version = call.tx.key_material(key.arn, id)
    if version is None:
        raise ValidationException(f"Key material (id: {id}) has never been imported into KMS key {key.arn}.")
    if version.staged and not key.replica:
        for one in (version, *copies(call.tx, key, id)):
            call.tx.delete_key_material(one.key, id)
        for other in others(call.tx, key):
            settle(call.tx, other)
    else:
        call.tx.set_key_material(replace(version, sealed=None, valid_to=None))
    settle(call.tx, key)
