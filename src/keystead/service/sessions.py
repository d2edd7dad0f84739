"""From a session, as its token carries it, to a caller: who it is, how events name it, what limits it."""

from typing import Final

from keystead.audit.event import (
    SessionAttributes,
    SessionContext,
    SessionIssuer,
    UserIdentity,
    WebIdFederationData,
    event_time,
)
from keystead.model import Principal, Session, SessionKind, Tag
from keystead.names import AccountRootArn, AssumedRoleArn, FederatedUserArn
from keystead.policy import Malformed, Policy, PolicyKind, parse_policy
from keystead.policy.request import AttachedPolicy, Caller, CallerKind
from keystead.service.compiled_policies import Undecidable
from keystead.service.entries import PrincipalEntry
from keystead.service.records import Records


def caller_of(session: Session, entry: PrincipalEntry | None) -> Caller:
    """Whom the session acts as; `entry` is its role, or the user who made it, None for a root user.

    A session of `GetSessionToken` is the user itself.
    """
    account = session.account
    match session.kind:
        case SessionKind.ROLE:
            assert entry is not None, "a role session has a role"
            role = entry.principal
            return Caller(
                CallerKind.ROLE_SESSION,
                str(AssumedRoleArn(account, role.name, session.name)),
                account,
                f"{role.unique_id}:{session.name}",
                role_arn=entry.arn,
                service_linked=role.role is not None and role.role.service_linked,
            )
        case SessionKind.FEDERATED_USER:
            return Caller(
                CallerKind.FEDERATED_USER,
                str(FederatedUserArn(account, session.name)),
                account,
                f"{account}:{session.name}",
                issuer_arn=str(AccountRootArn(account)) if entry is None else entry.arn,
                issuer_id=account if entry is None else entry.principal.unique_id,
            )
        case SessionKind.SELF:
            if entry is None:
                return Caller(CallerKind.ROOT, str(AccountRootArn(account)), account, account)
            return Caller(CallerKind.USER, entry.arn, account, entry.principal.unique_id)


_TYPES: Final = {
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.USER: "IAMUser",
    CallerKind.ROOT: "Root",
}


def user_identity(session: Session, caller: Caller, entry: PrincipalEntry | None) -> UserIdentity:
    """How audit events name the session (CloudTrail User Guide, "CloudTrail userIdentity element")."""
    user = entry.principal.name if entry is not None and session.kind is SessionKind.SELF else None
    forwarded = session.forwarded
    return UserIdentity(
        type=_TYPES[caller.kind],
        principal_id=caller.unique_id,
        arn=caller.arn,
        account_id=session.account,
        # Which one AWS shows of a forwarded call is unverified.
        access_key_id=session.access_key_id if forwarded is None else forwarded.access_key_id,
        user_name=user,
        session_context=SessionContext(
            session_issuer=None if session.kind is SessionKind.SELF else _issuer(session, entry),
            web_id_federation_data=(
                None if session.web_identity is None else WebIdFederationData(session.web_identity.provider)
            ),
            attributes=SessionAttributes(
                creation_date=event_time(session.issued),
                mfa_authenticated="true" if session.mfa_time is not None else "false",
            ),
            source_identity=session.source_identity,
        ),
        invoked_by=None if forwarded is None else forwarded.services[-1].principal,
    )


def _issuer(session: Session, entry: PrincipalEntry | None) -> SessionIssuer:
    if entry is None:
        return SessionIssuer("Root", session.account, str(AccountRootArn(session.account)), session.account)
    kind = "Role" if session.kind is SessionKind.ROLE else "IAMUser"
    principal = entry.principal
    return SessionIssuer(kind, principal.unique_id, entry.arn, session.account, principal.name)


def tags_of(session: Session | None, principal: Principal | None) -> dict[str, str]:
    """The tags of a caller: those of its session over those of its user or role.

    Keys are compared without regard to case (STS API, `AssumeRole`, "Tags").
    """
    own: tuple[Tag, ...] = () if principal is None else principal.tags
    if session is None:
        return {tag.key: tag.value for tag in own}
    passed = {tag.key.lower() for tag in session.tags}
    tags = {tag.key: tag.value for tag in own if tag.key.lower() not in passed}
    return tags | {tag.key: tag.value for tag in session.tags}


def session_policies(
    session: Session, records: Records, before: tuple[AttachedPolicy, ...] | None = None
) -> tuple[AttachedPolicy, ...] | None:
    """What limits the session: its inline policy, and the managed ones as they are now.

    None if it has no session policies. `before` is what this gave for the session earlier: its inline policy,
    which never changes, comes first.
    """
    if not session.limited:
        return None
    inline: tuple[AttachedPolicy, ...] = ()
    if session.policy is not None:
        inline = before[:1] if before else (_inline(session.policy),)
    return (*inline, *(records.managed_policy(arn) or _lost(arn) for arn in session.policy_arns))


def _inline(text: str) -> AttachedPolicy:
    policy = parse_policy(text, PolicyKind.SESSION)
    if isinstance(policy, Malformed):  # a release that understood more of policies issued it
        raise Undecidable(f"a session policy does not parse: {policy.findings[0].message}")
    return AttachedPolicy(policy, "session policy")


def _lost(arn: str) -> AttachedPolicy:
    """In place of a managed policy that is gone: it could be the one that denied, so nothing is allowed."""
    return AttachedPolicy(_DENIES_ALL, arn.rpartition("/")[2], arn)


def _constant(text: str) -> Policy:
    policy = parse_policy(text, PolicyKind.SESSION)
    assert not isinstance(policy, Malformed)
    return policy


_DENIES_ALL: Final = _constant(
    '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
)
ALL_OF_ROOT: Final = (
    AttachedPolicy(
        _constant('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'),
        "root user",
    ),
)
"""What a federated user has of a root user who issued it: everything, within its session policies."""
