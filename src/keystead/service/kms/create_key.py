"""CreateKey."""

import uuid
from collections.abc import Mapping

from keystead.crypto.key_families import new_material
from keystead.crypto.material import new_material_id, seal_material
from keystead.kinds import KeyManager, KeySpec, KeyState, KeyUsage, Origin
from keystead.model import Key, KeyMaterial, Tag
from keystead.model.key_spec import TRAITS
from keystead.names import KeyArn, KeyId
from keystead.policy import default_key_policy
from keystead.service.call import GLOBAL_SERVICES, Call, Forwarded, WriteCall
from keystead.service.iam.elements import made
from keystead.service.iam.roles import shown
from keystead.service.iam.service_linked_roles import LINKED, MULTI_REGION_KEYS, make_role, missing_role
from keystead.service.kms.key_policy import accept_policy
from keystead.service.kms.labour import of_new_key
from keystead.service.kms.metadata import metadata
from keystead.service.kms.not_yet import refuse
from keystead.service.kms.quotas import check_keys
from keystead.service.kms.tags import check_tags
from keystead.service.operation import Named, OnArn, OnNothing, recorded, writes
from keystead.service.recording import elements_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.iam import CreateServiceLinkedRoleResponse
from keystead.shapes.kms import CreateKeyRequest, CreateKeyResponse
from keystead.shapes.kms_errors import CustomKeyStoreNotFoundException, UnsupportedOperationException


def _spec(request: CreateKeyRequest) -> KeySpec:
    return KeySpec(request.key_spec or request.customer_master_key_spec or KeySpec.SYMMETRIC_DEFAULT)


def _usage(request: CreateKeyRequest) -> KeyUsage:
    return KeyUsage(request.key_usage or KeyUsage.ENCRYPT_DECRYPT)


def _origin(request: CreateKeyRequest) -> Origin:
    return Origin(request.origin or Origin.AWS_KMS)


def _check(request: CreateKeyRequest) -> None:
    if request.key_spec is not None and request.customer_master_key_spec is not None:
        raise ValidationException(
            "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. "
            "CustomerMasterKeySpec is deprecated."
        )
    spec, origin = _spec(request), _origin(request)
    traits = TRAITS.get(spec)
    if traits is None:  # SM2 is of the China Regions; the sentence is unverified
        raise UnsupportedOperationException(f"KeySpec {spec} is not supported in this Region.")
    if spec is not KeySpec.SYMMETRIC_DEFAULT and request.key_usage is None:
        raise ValidationException(
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
        )
    if _usage(request) not in traits.algorithms:
        raise ValidationException(f"KeyUsage {_usage(request)} is not compatible with KeySpec {spec}")
    if origin not in traits.origins:
        raise ValidationException(f"KeySpec {spec} is not supported for Origin {origin}")
    if request.custom_key_store_id is not None:
        raise CustomKeyStoreNotFoundException(None)  # there are no custom key stores
    if origin in (Origin.AWS_CLOUDHSM, Origin.EXTERNAL_KEY_STORE):
        raise refuse(f"Origin {origin}")
    if request.xks_key_id is not None:
        raise ValidationException("XksKeyId requires Origin EXTERNAL_KEY_STORE.")
    check_tags(request.tags or [])


def _new_material(call: Call, request: CreateKeyRequest) -> bytes | None:
    """The material, made before the transaction: that of an RSA key takes a second or more.

    None of a key whose material is to be imported.
    """
    if _origin(request) is Origin.EXTERNAL:
        return None
    return new_material(_spec(request), call.random)


def _role_to_make(call: Call, request: CreateKeyRequest) -> Named | None:
    """The role that the first multi-Region key of an account makes, with a right of its own."""
    return missing_role(call, MULTI_REGION_KEYS) if request.multi_region else None


def _make_role(call: WriteCall) -> None:
    service = MULTI_REGION_KEYS
    role = make_role(call, service, LINKED[service].description)
    parameters = {"aWSServiceName": service, "description": LINKED[service].description}
    elements = made(call, CreateServiceLinkedRoleResponse(role=shown(call.tx, role)))
    call.forwarded.append(
        Forwarded("iam", "CreateServiceLinkedRole", GLOBAL_SERVICES["iam"], parameters, elements)
    )


def _new_id(call: WriteCall, *, multi_region: bool) -> KeyId:
    number = uuid.UUID(bytes=call.random(16), version=4)
    return KeyId.parse(f"mrk-{number.hex}" if multi_region else str(number))


def _created(_: WriteCall, response: CreateKeyResponse) -> Mapping[str, object]:
    assert response.key_metadata is not None
    return {"keyMetadata": elements_of(response.key_metadata)}


@writes(
    "kms",
    "CreateKey",
    OnNothing("kms:CreateKey"),
    OnNothing("kms:TagResource", when=lambda request: bool(request.tags)),
    OnArn("iam:CreateServiceLinkedRole", _role_to_make),
    check=_check,
    prepare=_new_material,
    labour=of_new_key,
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
    """Makes a key with the policy given or AWS's default one."""
    check_keys(call, call.region)
    multi_region = bool(request.multi_region)
    if _role_to_make(call, request) is not None:
        _make_role(call)
    arn = KeyArn(call.region, call.account, _new_id(call, multi_region=multi_region))
    material: KeyMaterial | None = None
    if call.prepared is not None:
        material_id = new_material_id(call.random)
        sealed = seal_material(call.sealer, arn, material_id, call.prepared)
        material = KeyMaterial(arn, material_id, sealed, call.time)
    key = Key(
        arn=arn,
        spec=_spec(request),
        usage=_usage(request),
        origin=_origin(request),
        manager=KeyManager.CUSTOMER,
        state=KeyState.PENDING_IMPORT if material is None else KeyState.ENABLED,
        description=request.description or "",
        policy=default_key_policy(call.account),
        created=call.time,
        current_material=None if material is None else material.id,
        tags=tuple(Tag(tag.tag_key, tag.tag_value) for tag in request.tags or ()),
        primary_region=call.region if multi_region else None,
    )
    if request.policy is not None:
        key = accept_policy(
            call, key, request.policy, bypass=bool(request.bypass_policy_lockout_safety_check)
        )
    call.tx.add_key(key, material)
    call.created(key)
    return CreateKeyResponse(key_metadata=metadata(key, call.time, [call.region]))
