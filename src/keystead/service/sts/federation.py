"""GetSessionToken and GetFederationToken: sessions that a user or root user makes of its own rights.

Source: the STS API Reference of the two. Neither is for who has temporary credentials already.
"""

from typing import Any, Final

from keystead.model import SessionKind
from keystead.names import FederatedUserArn
from keystead.service.call import Call
from keystead.service.operation import Named, OnArn, reads, recorded
from keystead.service.sts.asked import (
    check_mfa,
    check_policies,
    check_tags,
    managed_policies,
    refuse_kinds,
    session_tags,
)
from keystead.service.sts.elements import made_session
from keystead.service.sts.issue import issue
from keystead.shapes.sts import (
    FederatedUser,
    GetFederationTokenRequest,
    GetFederationTokenResponse,
    GetSessionTokenRequest,
    GetSessionTokenResponse,
)

USUAL: Final = 43_200
MOST_OF_ROOT: Final = 3600
"""Seconds."""


def _seconds(call: Call, asked: int | None) -> int:
    """How long the session lasts: at most an hour for a root user, whatever it asked for."""
    seconds = USUAL if asked is None else asked
    return seconds if call.who.entry is not None else min(seconds, MOST_OF_ROOT)


def _principal(call: Call) -> str | None:
    return None if call.who.entry is None else call.who.entry.principal.unique_id


@reads(
    "sts",
    "GetSessionToken",
    check=lambda request: check_mfa(request.serial_number, request.token_code),
    recorded=recorded("duration_seconds", elements=made_session),
)
def get_session_token(call: Call, request: GetSessionTokenRequest) -> GetSessionTokenResponse:
    """Temporary credentials of the caller itself; needs no permission (recorded)."""
    refuse_kinds(call, *SessionKind)
    issued = issue(
        call,
        SessionKind.SELF,
        call.account,
        _principal(call),
        seconds=_seconds(call, request.duration_seconds),
        token_size=request.minimum_session_token_size,
    )
    return GetSessionTokenResponse(credentials=issued.credentials, session_token_size=issued.size)


def _check(request: GetFederationTokenRequest) -> None:
    check_policies(request.policy, request.policy_arns)
    check_tags(request.tags)


def _named(call: Call, request: Any) -> Named:
    return Named(str(FederatedUserArn(call.account, request.name)))


@reads(
    "sts",
    "GetFederationToken",
    OnArn("sts:GetFederationToken", _named),
    OnArn("sts:TagSession", _named, when=lambda request: bool(request.tags)),
    check=_check,
    recorded=recorded("name", "policy", "policy_arns", "duration_seconds", "tags", elements=made_session),
)
def get_federation_token(call: Call, request: GetFederationTokenRequest) -> GetFederationTokenResponse:
    """Temporary credentials of a federated user, who may do what both the caller and the policies allow."""
    refuse_kinds(call, *SessionKind)
    issued = issue(
        call,
        SessionKind.FEDERATED_USER,
        call.account,
        _principal(call),
        name=request.name,
        seconds=_seconds(call, request.duration_seconds),
        policy=request.policy,
        policy_arns=managed_policies(call, call.account, request.policy_arns),
        tags=session_tags(request.tags),
        token_size=request.minimum_session_token_size,
    )
    return GetFederationTokenResponse(
        credentials=issued.credentials,
        federated_user=FederatedUser(
            federated_user_id=f"{call.account}:{request.name}", arn=call.touched[0].arn
        ),
        packed_policy_size=issued.packed,
        session_token_size=issued.size,
    )
