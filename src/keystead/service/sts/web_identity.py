"""AssumeRoleWithWebIdentity: a session of a role, for whom an OIDC provider of its account vouches.

The call has no signature: the token in it says who calls, and is verified in its place. Only then is there
somebody to authorize and to record. Source: STS API, `AssumeRoleWithWebIdentity`.
"""

from typing import Final

from keystead.audit.event import UserIdentity, encoded
from keystead.crypto.web_identity_token import InvalidWebIdentityToken, UnknownSigningKey, read_claims
from keystead.model import SessionKind
from keystead.names import InvalidName, RoleArn, parse_principal_arn
from keystead.policy.request import Caller, CallerKind
from keystead.service.authenticated import Authenticated
from keystead.service.call import Call
from keystead.service.issuer_keys import Unreachable
from keystead.service.operation import OnRole, reads, recorded
from keystead.service.sts.asked import check_policies, managed_policies
from keystead.service.sts.assume_role import assumed_role_user, duration
from keystead.service.sts.elements import made_session
from keystead.service.sts.issue import issue
from keystead.service.web_identity import NO_TOKEN, Vouched, issuer_of, no_provider, provider_arn, vouched
from keystead.shapes.errors import ValidationException
from keystead.shapes.sts import AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse
from keystead.shapes.sts_errors import IDPCommunicationErrorException, InvalidIdentityTokenException

NO_KEY: Final = (
    "Couldn't retrieve verification key from your identity provider,  please reference "
    "AssumeRoleWithWebIdentity documentation for requirements"
)


def _check(request: AssumeRoleWithWebIdentityRequest) -> None:
    if request.provider_id is not None:
        # Of OAuth 2.0 access tokens, which two public providers issue and nobody else verifies.
        raise ValidationException("ProviderId is not supported by this server.")
    check_policies(request.policy, request.policy_arns)


def _identified(call: Call) -> Authenticated:
    """Whom the token names, which an OIDC provider in the role's account vouches for; or AWS's refusal."""
    request: AssumeRoleWithWebIdentityRequest = call.request
    try:
        role = parse_principal_arn(request.role_arn)
    except InvalidName:
        role = None
    if not isinstance(role, RoleArn):
        raise ValidationException("Request ARN is invalid")
    try:
        issuer = issuer_of(read_claims(request.web_identity_token))
    except InvalidWebIdentityToken:
        raise InvalidIdentityTokenException(NO_TOKEN) from None
    arn = provider_arn(role.account, issuer)
    with call.reading() as tx:
        provider = tx.oidc_provider(arn)
    if provider is None:
        raise no_provider(issuer)
    now = call.time / 1000
    try:
        claims = call.issuer_keys.verify(issuer, request.web_identity_token, now)
    except Unreachable:
        raise IDPCommunicationErrorException(NO_KEY) from None
    except UnknownSigningKey:
        raise InvalidIdentityTokenException(NO_KEY) from None
    except InvalidWebIdentityToken:
        raise InvalidIdentityTokenException("The token's signature is not valid.") from None  # (unverified)
    found = vouched(claims, arn, provider.client_ids, now)
    identity = found.identity
    return Authenticated(
        Caller(CallerKind.WEB_IDENTITY, identity.provider, "", ""),
        role.account,
        None,
        encoded(
            UserIdentity(
                "WebIdentityUser",
                f"{identity.provider}:{identity.audience}:{identity.subject}",
                user_name=identity.subject,
                identity_provider=identity.provider,
            )
        ),
        vouched=found,
    )


def _vouched(call: Call) -> Vouched:
    assert call.who.vouched is not None, "the call was identified"
    return call.who.vouched


@reads(
    "sts",
    "AssumeRoleWithWebIdentity",
    OnRole("sts:AssumeRoleWithWebIdentity"),
    OnRole("sts:TagSession", when=lambda call, _request: bool(_vouched(call).tags)),
    OnRole("sts:SetSourceIdentity", when=lambda call, _request: _vouched(call).source_identity is not None),
    check=_check,
    recorded=recorded(
        "role_arn", "role_session_name", "policy", "policy_arns", "duration_seconds", elements=made_session
    ),
    identifies=_identified,
)
def assume_role_with_web_identity(
    call: Call, request: AssumeRoleWithWebIdentityRequest
) -> AssumeRoleWithWebIdentityResponse:
    """Temporary credentials of the role."""
    entry = call.touched[0].role
    assert entry is not None, "a check on a role that is not there is refused"
    role, found = entry.principal, _vouched(call)
    issued = issue(
        call,
        SessionKind.ROLE,
        role.account,
        role.unique_id,
        name=request.role_session_name,
        seconds=duration(role, request.duration_seconds, chained=False),
        policy=request.policy,
        policy_arns=managed_policies(call, role.account, request.policy_arns),
        tags=found.tags,
        source_identity=found.source_identity,
        web_identity=found.identity,
        token_size=request.minimum_session_token_size,
    )
    return AssumeRoleWithWebIdentityResponse(
        credentials=issued.credentials,
        subject_from_web_identity_token=found.identity.subject,
        assumed_role_user=assumed_role_user(role, request.role_session_name),
        packed_policy_size=issued.packed,
        provider=found.identity.provider,
        audience=found.identity.audience,
        source_identity=found.source_identity,
        session_token_size=issued.size,
    )
