"""CreateForwardedSession: short-lived credentials with which a service acts for who asked it.

AWS's services get such sessions from inside AWS ("forward access sessions", IAM User Guide), by the request
that the caller signed. So it is here: the proof is the caller's own signature over a request to this very
service. No call and no command makes one up, and a service has it only while the signature is fresh.

What they are good for: calls to KMS, with the caller's ARN, policies and session policies as they are at each
call, and with `kms:ViaService` and its kin, by which policies tell them from calls of the caller itself.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from keystead.crypto.session_token import new_session_token
from keystead.model import Forwarding, Session, SessionKind
from keystead.service.authenticated import CallingService, Proven
from keystead.service.call import Call
from keystead.service.iam.identifiers import new_secret
from keystead.service.operation import reads, recorded
from keystead.service.sts.key_ids import new_temporary_key_id
from keystead.shapes.errors import AccessDeniedException, AwsError
from keystead.shapes.keystead import (
    CallerIdentity,
    CallerNotProvenException,
    CreateForwardedSessionRequest,
    CreateForwardedSessionResponse,
    ForwardedCredentials,
)
from keystead.wire.http import HttpRequest

LIFETIME: Final = 15 * 60_000
"""Milliseconds, at most: the shortest that STS knows, and long enough for a large object."""

MOST_SERVICES: Final = 5
"""In one chain: each takes room in the token."""


def _told(_: Call, response: CreateForwardedSessionResponse) -> Mapping[str, object]:
    return {
        "caller": {"arn": response.caller.arn, "account": response.caller.account},
        "credentials": {
            "accessKeyId": response.credentials.access_key_id,
            "expiration": response.credentials.expiration,
        },
    }


@reads("keystead", "CreateForwardedSession", recorded=recorded("method", "path", elements=_told))
def create_forwarded_session(
    call: Call, request: CreateForwardedSessionRequest
) -> CreateForwardedSessionResponse:
    """Credentials bound to the caller who signed the request, and to the service that received it.

    Raises:
        AccessDeniedException: who asks is no service.
        CallerNotProvenException: the request is not signed for this service, not now, not by an access key
            that is active, or not at all; or it has come through too many services.
    """
    service = call.who.service
    if service is None:
        raise AccessDeniedException("Only registered services act for callers.")
    proven = _proven(service, request, call)
    session = _session(call, service, proven)
    # From here on it is the caller's affair, and the event goes to the caller's account.
    call.account = session.account
    token = new_session_token(call.sealer, session, call.random)
    caller = proven.who.caller
    return CreateForwardedSessionResponse(
        caller=CallerIdentity(arn=caller.arn, account=caller.account, user_id=caller.unique_id),
        credentials=ForwardedCredentials(
            access_key_id=session.access_key_id,
            secret_access_key=session.secret,
            session_token=token,
            expiration=session.expires / 1000,
        ),
    )


def _proven(service: CallingService, request: CreateForwardedSessionRequest, call: Call) -> Proven:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        if name.lower() in headers:
            raise CallerNotProvenException(f"The header '{name[:64]}' is there twice.")
        headers[name.lower()] = value
    http = HttpRequest(request.method, request.path, request.query or "", headers, b"", "", secure=False)
    try:
        return service.caller_of(http, request.payload_hash, call.time / 1000)
    except AwsError as error:
        raise CallerNotProvenException(f"The caller's request is refused: {error}") from None


def _session(call: Call, service: CallingService, proven: Proven) -> Session:
    """The caller's session as it is, or one for its long-term access key, now in the hands of the service."""
    who, own = proven.who, proven.session
    before = None if own is None else own.forwarded
    services = (*(before.services if before is not None else ()), service.name)
    if len(services) > MOST_SERVICES:
        raise CallerNotProvenException(f"The request has come through {MOST_SERVICES} services already.")
    issued = call.time // 1000 * 1000  # AWS tells times of sessions in whole seconds
    expires = issued + LIFETIME
    key_id, secret = new_temporary_key_id(who.account, call.random), new_secret(call.random)
    if own is None:
        return Session(
            kind=SessionKind.SELF,
            access_key_id=key_id,
            secret=secret,
            account=who.account,
            principal=None if who.entry is None else who.entry.principal.unique_id,
            name="",
            issued=issued,
            expires=expires,
            forwarded=Forwarding(services, proven.region, call.time, proven.access_key_id, long_term=True),
        )
    return replace(
        own,
        access_key_id=key_id,
        secret=secret,
        expires=min(expires, own.expires),
        forwarded=Forwarding(
            services,
            proven.region,
            call.time,
            proven.access_key_id,
            long_term=before is not None and before.long_term,
        ),
    )
