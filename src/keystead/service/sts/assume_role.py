"""AssumeRole: a session of a role, for whom its trust policy lets in.

Sources: STS API, `AssumeRole`; IAM User Guide, "Role chaining", "Pass session tags in AWS STS", "Monitor and
control actions taken with assumed roles" (source identity).
"""

from typing import Final

from keystead.model import Principal, SessionKind
from keystead.names import AssumedRoleArn
from keystead.policy.request import CallerKind
from keystead.service.call import Call
from keystead.service.operation import OnRole, reads, recorded
from keystead.service.sts.asked import (
    check_mfa,
    check_policies,
    check_tags,
    inherited,
    joined,
    managed_policies,
    session_tags,
)
from keystead.service.sts.elements import made_session
from keystead.service.sts.issue import issue
from keystead.shapes.errors import ValidationException
from keystead.shapes.sts import AssumedRoleUser, AssumeRoleRequest, AssumeRoleResponse

HOUR: Final = 3600
"""Seconds: how long a session lasts unless asked otherwise, and the longest one of a chained role."""


def _check(request: AssumeRoleRequest) -> None:
    if request.provided_contexts:
        raise ValidationException("ProvidedContexts is not supported by this server.")
    check_mfa(request.serial_number, request.token_code)
    check_policies(request.policy, request.policy_arns)
    check_tags(request.tags, request.transitive_tag_keys)
    check_source_identity(request.source_identity)


def check_source_identity(given: str | None) -> None:
    """Refuses a source identity with AWS's prefix."""
    if given is not None and given.lower().startswith("aws:"):
        raise ValidationException("SourceIdentity cannot begin with aws:.")  # (unverified)


def _tagged(call: Call, request: AssumeRoleRequest) -> bool:
    # Tags that are handed on need the permission too (seen in the field).
    return bool(request.tags or inherited(call.who.session))


def _source_identity(call: Call, request: AssumeRoleRequest) -> str | None:
    session = call.who.session
    return request.source_identity or (None if session is None else session.source_identity)


def _identified(call: Call, request: AssumeRoleRequest) -> bool:
    return _source_identity(call, request) is not None


@reads(
    "sts",
    "AssumeRole",
    OnRole("sts:AssumeRole"),
    OnRole("sts:TagSession", when=_tagged),
    OnRole("sts:SetSourceIdentity", when=_identified),
    check=_check,
    recorded=recorded(
        "role_arn",
        "role_session_name",
        "external_id",
        "policy",
        "policy_arns",
        "duration_seconds",
        "tags",
        "transitive_tag_keys",
        "source_identity",
        elements=made_session,
    ),
)
def assume_role(call: Call, request: AssumeRoleRequest) -> AssumeRoleResponse:
    """Temporary credentials of the role."""
    entry = call.touched[0].role
    assert entry is not None, "a check on a role that is not there is refused"
    role, session = entry.principal, call.who.session
    identity = _source_identity(call, request)
    if session is not None and session.source_identity not in (None, identity):
        raise ValidationException("The source identity is already set for this assume role session")
    tags = joined(inherited(session), session_tags(request.tags, request.transitive_tag_keys))
    issued = issue(
        call,
        SessionKind.ROLE,
        role.account,
        role.unique_id,
        name=request.role_session_name,
        seconds=duration(role, request.duration_seconds, chained=call.caller.kind is CallerKind.ROLE_SESSION),
        policy=request.policy,
        policy_arns=managed_policies(call, role.account, request.policy_arns),
        tags=tags,
        source_identity=identity,
        token_size=request.minimum_session_token_size,
    )
    return AssumeRoleResponse(
        credentials=issued.credentials,
        assumed_role_user=assumed_role_user(role, request.role_session_name),
        packed_policy_size=issued.packed,
        source_identity=identity,
        session_token_size=issued.size,
    )


def duration(role: Principal, asked: int | None, *, chained: bool) -> int:
    """How long the session lasts, in seconds, or AWS's refusal; `chained` if a role session asks for it."""
    assert role.role is not None, "a role has what roles have"
    seconds = HOUR if asked is None else asked
    if chained and seconds > HOUR:
        raise ValidationException(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
            "chaining."
        )
    if seconds > role.role.max_session_duration:
        raise ValidationException(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    return seconds


def assumed_role_user(role: Principal, name: str) -> AssumedRoleUser:
    """The session as STS answers it."""
    return AssumedRoleUser(
        assumed_role_id=f"{role.unique_id}:{name}",
        arn=str(AssumedRoleArn(role.account, role.name, name)),
    )
