"""CreateGrant and RevokeGrant.

Sources: KMS API; KMS Developer Guide, "Grants in AWS KMS"; recordings. Sentences marked ours are not known of
AWS. The order of checks is the pipeline's; principals are looked up last, when the caller is known to be
allowed to grant.
"""

from collections.abc import Mapping

from keystead.crypto.grant_token import NamedGrant, new_grant_token
from keystead.kinds import GrantOperation, KeySpec, KeyUsage
from keystead.model import Grant, GrantConstraints, Key
from keystead.model.lifecycle import Demand
from keystead.model.quotas import GRANTS_PER_KEY
from keystead.names import GrantId, InvalidName, parse_principal_arn
from keystead.policy.request import Grant as DecidedGrant
from keystead.service.call import Call, WriteCall
from keystead.service.kms.cryptography import check_context
from keystead.service.kms.keys import key_id_of
from keystead.service.lookup import null_member
from keystead.service.operation import OnKey, recorded, writes
from keystead.service.principals import bound, exists, is_service, is_unique_id
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import CreateGrantRequest, CreateGrantResponse, RevokeGrantRequest
from keystead.shapes.kms import GrantConstraints as GivenConstraints
from keystead.shapes.kms_errors import (
    InvalidArnException,
    InvalidGrantIdException,
    LimitExceededException,
    NotFoundException,
)

MOST_PAIRS = 8
MOST_CHARACTERS = 384
"""Of an encryption context constraint: its pairs, and the characters of each value (KMS API)."""

_ANY_KEY = {GrantOperation.CREATE_GRANT, GrantOperation.RETIRE_GRANT, GrantOperation.DESCRIBE_KEY}
_ENCRYPTION = {
    GrantOperation.DECRYPT,
    GrantOperation.ENCRYPT,
    GrantOperation.RE_ENCRYPT_FROM,
    GrantOperation.RE_ENCRYPT_TO,
}
_SYMMETRIC_ENCRYPTION = _ENCRYPTION | {
    GrantOperation.GENERATE_DATA_KEY,
    GrantOperation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
    GrantOperation.GENERATE_DATA_KEY_PAIR,
    GrantOperation.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT,
}
_SYMMETRIC_ENCRYPTION_SPECS = frozenset({KeySpec.SYMMETRIC_DEFAULT})
_BY_USAGE = {
    KeyUsage.ENCRYPT_DECRYPT: _ENCRYPTION,
    KeyUsage.SIGN_VERIFY: {GrantOperation.SIGN, GrantOperation.VERIFY},
    KeyUsage.GENERATE_VERIFY_MAC: {GrantOperation.GENERATE_MAC, GrantOperation.VERIFY_MAC},
    KeyUsage.KEY_AGREEMENT: {GrantOperation.DERIVE_SHARED_SECRET},
    KeyUsage.ENCAPSULATE_DECAPSULATE: {GrantOperation.ENCAPSULATE, GrantOperation.DECAPSULATE},
}


def grantable(key: Key) -> tuple[GrantOperation, ...]:
    """The operations that a grant of the key may permit, in AWS's order."""
    if _for_symmetric_encryption(key):
        suited = _SYMMETRIC_ENCRYPTION
    else:
        suited = _BY_USAGE[key.usage] | (set() if _symmetric(key) else {GrantOperation.GET_PUBLIC_KEY})
    return tuple(operation for operation in GrantOperation if operation in suited | _ANY_KEY)


def _for_symmetric_encryption(key: Key) -> bool:
    return key.spec in _SYMMETRIC_ENCRYPTION_SPECS and key.usage is KeyUsage.ENCRYPT_DECRYPT


def _symmetric(key: Key) -> bool:
    return key.spec in _SYMMETRIC_ENCRYPTION_SPECS or key.usage is KeyUsage.GENERATE_VERIFY_MAC


def _check_create(request: CreateGrantRequest) -> None:
    """What the request alone says. Rules: KMS API, `CreateGrant`; all sentences but the first are ours."""
    constraints = request.constraints or GivenConstraints()
    if request.grantee_principal is None and request.grantee_service_principal is None:
        raise null_member("grantee_principal")
    if request.grantee_principal is not None and request.grantee_service_principal is not None:
        raise _together("GranteePrincipal", "GranteeServicePrincipal")
    if request.retiring_principal is not None and request.retiring_service_principal is not None:
        raise ValidationException(
            "You cannot specify RetiringPrincipal and RetiringServicePrincipal together."
        )
    if request.grantee_service_principal is not None:
        if constraints.source_arn is None:
            raise ValidationException("GranteeServicePrincipal requires a SourceArn grant constraint.")
        if request.retiring_principal is None and request.retiring_service_principal is None:
            raise ValidationException(
                "GranteeServicePrincipal requires a RetiringPrincipal or a RetiringServicePrincipal."
            )
    if not request.operations:
        raise ValidationException("Operations must name at least one operation.")
    _check_constraints(constraints)


def _together(one: str, other: str) -> ValidationException:
    return ValidationException(f"You cannot specify {one} and {other} together.")


def _check_constraints(constraints: GivenConstraints) -> None:
    equals, subset = constraints.encryption_context_equals, constraints.encryption_context_subset
    if equals is not None and subset is not None:  # that AWS refuses both is unverified
        raise _together("EncryptionContextEquals", "EncryptionContextSubset")
    pairs = equals or subset or {}
    if len(pairs) > MOST_PAIRS:
        raise ValidationException(f"A grant constraint has at most {MOST_PAIRS} encryption context pairs.")
    if any(len(value) > MOST_CHARACTERS for value in pairs.values()):
        raise ValidationException(
            f"An encryption context value in a grant constraint has at most {MOST_CHARACTERS} characters."
        )
    check_context(pairs)


def _asked_for(call: Call, request: CreateGrantRequest) -> DecidedGrant:
    """The grant that the call would make, as far as it can be told before principals are looked up."""
    constraints = request.constraints or GivenConstraints()
    return DecidedGrant(
        grant_id="",
        grantee=request.grantee_principal or request.grantee_service_principal or "",
        operations=frozenset(request.operations),
        issuing_account=call.account,
        encryption_context_equals=constraints.encryption_context_equals,
        encryption_context_subset=constraints.encryption_context_subset,
        source_arn=constraints.source_arn or "",
    )


def _created(call: WriteCall, response: CreateGrantResponse) -> Mapping[str, object]:
    return {"grantId": response.grant_id, "keyId": call.key.arn}


@writes(
    "kms",
    "CreateGrant",
    OnKey(
        "kms:CreateGrant",
        cross_account=True,
        demand=Demand.GRANT,
        creates=_asked_for,
    ),
    check=_check_create,
    recorded=recorded(
        "key_id",
        "grantee_principal",
        "grantee_service_principal",
        "retiring_principal",
        "retiring_service_principal",
        "operations",
        "constraints",
        "name",
        elements=_created,
    ),
)
def create_grant(call: WriteCall, request: CreateGrantRequest) -> CreateGrantResponse:
    """Adds a grant, or finds the one with the same name and parameters; either way with a new token."""
    key = call.key.key
    _check_suited(key, request)
    grantee = _stored(call, "Grantee", request.grantee_principal, request.grantee_service_principal)
    assert grantee is not None, "the request names a grantee"
    asked = Grant(
        key=key.arn,
        id=GrantId.parse(call.random(32).hex()),
        grantee=grantee,
        operations=tuple(GrantOperation(name) for name in dict.fromkeys(request.operations)),
        issuing_account=call.account,
        created=call.time,
        retiring=_stored(call, "Retiring", request.retiring_principal, request.retiring_service_principal),
        constraints=_kept(request.constraints or GivenConstraints()),
        name=request.name,
    )
    grant = call.tx.grant_like(asked)
    if grant is None:
        if call.tx.grant_count(key.arn) >= GRANTS_PER_KEY:
            raise LimitExceededException(f"Key {key.arn} has {GRANTS_PER_KEY} grants, and none can be added.")
        call.tx.add_grant(asked)
        grant = asked
    token = new_grant_token(call.sealer, NamedGrant(grant.key, grant.id), call.random)
    return CreateGrantResponse(grant_token=token, grant_id=grant.id)


def _check_suited(key: Key, request: CreateGrantRequest) -> None:
    """Refuses what a grant of this kind of key cannot say (recorded)."""
    suited = grantable(key)
    unsuited = [operation for operation in dict.fromkeys(request.operations) if operation not in suited]
    if unsuited:
        kind = "a symmetric" if _symmetric(key) else "an asymmetric"
        raise ValidationException(
            f"Operations [{', '.join(unsuited)}] are not supported when creating a grant for {kind} KMS key "
            f"with key usage {key.usage}. Valid operations are [{', '.join(suited)}]"
        )
    constraints = request.constraints or GivenConstraints()
    context = (constraints.encryption_context_equals, constraints.encryption_context_subset)
    if context != (None, None) and not _for_symmetric_encryption(key):
        raise ValidationException(
            "EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key."
        )


def _stored(call: WriteCall, role: str, principal: str | None, service: str | None) -> str | None:
    """The principal or service of the request as a grant holds it, None for neither.

    Raises:
        InvalidArnException: it does not exist. The sentences are recorded, but for services and for retiring
            principals by unique id.
    """
    if service is not None:
        if not is_service(service):
            raise _nobody(f"{role}ServicePrincipal")
        return service
    if principal is None:
        return None
    if is_unique_id(principal):
        if not exists(call.tx, principal):
            raise _nobody(f"{role}Principal")
        return principal
    try:
        parse_principal_arn(principal)
    except InvalidName:
        raise InvalidArnException(f"ARN is not valid: {principal}") from None
    if not exists(call.tx, principal):
        raise InvalidArnException(f"ARN does not refer to a valid principal: {principal}")
    return bound(call.tx, principal)


def _nobody(member: str) -> InvalidArnException:
    return InvalidArnException(f"{member} does not refer to a valid principal.")


def _kept(given: GivenConstraints) -> GrantConstraints:
    return GrantConstraints(
        given.encryption_context_equals, given.encryption_context_subset, given.source_arn
    )


def _check_revoke(request: RevokeGrantRequest) -> None:
    if not GrantId.matches(request.grant_id):
        raise InvalidGrantIdException(None)


@writes(
    "kms",
    "RevokeGrant",
    OnKey("kms:RevokeGrant", cross_account=True),
    check=_check_revoke,
    recorded=recorded("key_id", "grant_id", elements=key_id_of),
)
def revoke_grant(call: WriteCall, request: RevokeGrantRequest) -> None:
    """Removes a grant of the key; what it allowed is refused from the next call on."""
    key, grant_id = call.key.key.arn, GrantId.parse(request.grant_id)
    if call.tx.grant(key, grant_id) is None:
        raise NotFoundException(f"Grant ID {grant_id} not found")  # ours: AWS's sentence is unknown
    call.tx.delete_grant(key, grant_id)
