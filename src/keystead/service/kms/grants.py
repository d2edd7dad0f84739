"""CreateGrant, RevokeGrant and RetireGrant.

Sources: KMS API; KMS Developer Guide, "Grants in AWS KMS"; recordings. Sentences marked ours are not known of
AWS. The order of checks is the pipeline's; principals are looked up last, when the caller is known to be
allowed to grant.
"""

from collections.abc import Mapping

from keystead.crypto.grant_token import NamedGrant, new_grant_token
from keystead.kinds import GrantOperation, KeyUsage
from keystead.model import Grant, GrantConstraints, Key
from keystead.names import GrantId, InvalidName, parse_principal_arn
from keystead.policy.request import Grant as DecidedGrant
from keystead.service.call import Call, WriteCall
from keystead.service.context.grant_values import asked_constraints
from keystead.service.kms.blobs import check_context
from keystead.service.kms.quotas import check_grants
from keystead.service.lookup import grant_missing, null_member
from keystead.service.operation import OnGrant, OnKey, Recorded, recorded, writes
from keystead.service.principals import bound, exists, is_service, is_unique_id
from keystead.service.recording import key_id_of
from keystead.shapes.errors import ValidationException
from keystead.shapes.kms import (
    CreateGrantRequest,
    CreateGrantResponse,
    RetireGrantRequest,
    RevokeGrantRequest,
)
from keystead.shapes.kms_errors import (
    InvalidArnException,
    InvalidGrantIdException,
    NotFoundException,
)
from keystead.store.port import ReadTx

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
_BY_USAGE = {
    KeyUsage.ENCRYPT_DECRYPT: _ENCRYPTION,
    KeyUsage.SIGN_VERIFY: {GrantOperation.SIGN, GrantOperation.VERIFY},
    KeyUsage.GENERATE_VERIFY_MAC: {GrantOperation.GENERATE_MAC, GrantOperation.VERIFY_MAC},
    KeyUsage.KEY_AGREEMENT: {GrantOperation.DERIVE_SHARED_SECRET},
    KeyUsage.ENCAPSULATE_DECAPSULATE: {GrantOperation.ENCAPSULATE, GrantOperation.DECAPSULATE},
}


def grantable(key: Key) -> tuple[GrantOperation, ...]:
    """The operations that a grant of the key may permit, in AWS's order."""
    if key.symmetric_encryption:
        suited = _SYMMETRIC_ENCRYPTION
    else:
        suited = _BY_USAGE[key.usage] | (set() if key.symmetric else {GrantOperation.GET_PUBLIC_KEY})
    return tuple(operation for operation in GrantOperation if operation in suited | _ANY_KEY)


def _check_create(request: CreateGrantRequest) -> None:
    """What the request alone says. Rules: KMS API, `CreateGrant`; all sentences but the first are ours."""
    constraints = asked_constraints(request)
    if request.grantee_principal is None and request.grantee_service_principal is None:
        raise null_member("grantee_principal")
    if request.grantee_principal is not None and request.grantee_service_principal is not None:
        raise together("GranteePrincipal", "GranteeServicePrincipal")
    if request.retiring_principal is not None and request.retiring_service_principal is not None:
        raise together("RetiringPrincipal", "RetiringServicePrincipal")
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


def together(one: str, other: str) -> ValidationException:
    """The refusal of two members that exclude each other (ours)."""
    return ValidationException(f"You cannot specify {one} and {other} together.")


def _check_constraints(constraints: GrantConstraints) -> None:
    equals, subset = constraints.encryption_context_equals, constraints.encryption_context_subset
    if equals is not None and subset is not None:  # that AWS refuses both is unverified
        raise together("EncryptionContextEquals", "EncryptionContextSubset")
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
    constraints = asked_constraints(request)
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
        issuing_account=call.account or key.arn.account,  # a service's is unverified
        created=call.time,
        retiring=_stored(call, "Retiring", request.retiring_principal, request.retiring_service_principal),
        constraints=asked_constraints(request),
        name=request.name,
    )
    grant = call.tx.grant_like(asked)
    if grant is None:
        check_grants(call, key.arn)
        call.tx.add_grant(asked)
        grant = asked
    token = new_grant_token(call.sealer, NamedGrant(grant.key, grant.id), call.random)
    return CreateGrantResponse(grant_token=token, grant_id=grant.id)


def _check_suited(key: Key, request: CreateGrantRequest) -> None:
    """Refuses what a grant of this kind of key cannot say (recorded)."""
    suited = grantable(key)
    unsuited = [operation for operation in dict.fromkeys(request.operations) if operation not in suited]
    if unsuited:
        kind = "a symmetric" if key.symmetric else "an asymmetric"
        raise ValidationException(
            f"Operations [{', '.join(unsuited)}] are not supported when creating a grant for {kind} KMS key "
            f"with key usage {key.usage}. Valid operations are [{', '.join(suited)}]"
        )
    constraints = asked_constraints(request)
    context = (constraints.encryption_context_equals, constraints.encryption_context_subset)
    if context != (None, None) and not key.symmetric_encryption:
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
    return stored_arn(call.tx, principal)


def stored_arn(tx: ReadTx, text: str) -> str:
    """The principal that an ARN names, as a grant holds it, or InvalidArnException (recorded)."""
    try:
        parse_principal_arn(text)
    except InvalidName:
        raise InvalidArnException(f"ARN is not valid: {text}") from None
    if not exists(tx, text):
        raise InvalidArnException(f"ARN does not refer to a valid principal: {text}")
    return bound(tx, text)


def _nobody(member: str) -> InvalidArnException:
    return InvalidArnException(f"{member} does not refer to a valid principal.")


def check_grant_id(text: str) -> None:
    """Refuses what is no id of a grant."""
    if not GrantId.matches(text):
        raise InvalidGrantIdException(None)


def _check_revoke(request: RevokeGrantRequest) -> None:
    check_grant_id(request.grant_id)


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
        raise NotFoundException(grant_missing(grant_id))
    call.tx.delete_grant(key, grant_id)


def _check_retire(request: RetireGrantRequest) -> None:
    """What names the grant: a token, or key and id. The sentences are ours."""
    if request.grant_token is not None:
        if request.key_id is not None or request.grant_id is not None:
            raise ValidationException("You cannot specify GrantToken together with KeyId or GrantId.")
        return
    if request.key_id is None or request.grant_id is None:
        raise ValidationException("You must specify either GrantToken, or KeyId and GrantId.")
    check_grant_id(request.grant_id)


@writes(
    "kms",
    "RetireGrant",
    OnGrant("kms:RetireGrant"),
    check=_check_retire,
    recorded=Recorded(None, key_id_of),
)
def retire_grant(call: WriteCall, _: RetireGrantRequest) -> None:
    """Removes a grant for whom the grant, or the account that issued it or owns the key, lets do so."""
    grant = call.touched[0].grant
    assert grant is not None, "the check is on a grant"
    call.event_data["grantId"] = grant.id
    call.tx.delete_grant(grant.key, grant.id)
