"""Who signed a request: the caller, its policies, and how audit events name it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from keystead.audit.event import UserIdentity, encoded
from keystead.model import Session
from keystead.names import AccessKeyId, AccountId, AccountRootArn, Region, ServiceName
from keystead.policy.request import AttachedPolicy, Caller, CallerKind
from keystead.service.account_entry import AccountEntry
from keystead.service.entries import PrincipalEntry
from keystead.service.records import Records
from keystead.service.sessions import ALL_OF_ROOT, caller_of, session_policies, user_identity
from keystead.service.web_identity import Vouched
from keystead.wire.http import HttpRequest

UNRECOGNIZED = "The security token included in the request is invalid."


@dataclass(frozen=True, slots=True)
class Proven:
    """Whom a request to a service proves to have sent it.

    Attributes:
        who: the caller.
        region: the one that the request was signed for.
        access_key_id: what the caller itself signed with, however many services forwarded it since.
        session: what temporary credentials stand for; None for long-term ones.
    """

    who: "Authenticated"
    region: Region
    access_key_id: AccessKeyId
    session: Session | None


@dataclass(frozen=True, slots=True, eq=False)
class CallingService:
    """A registered service, as it calls.

    Attributes:
        caller_of: who sent this service a request, from the request as it came, the hash of its body as it
            was signed, and the time in seconds since the epoch. It raises AWS's refusal of such a request.
    """

    name: ServiceName
    caller_of: Callable[[HttpRequest, str, float], Proven]


@dataclass(frozen=True, slots=True, eq=False)
class Authenticated:
    """Who signed: the caller, its policies, and how an audit event names it, ready to be put into one.

    Compared by identity: a change to anything that decides makes another value.

    Attributes:
        account: the caller's; of a web identity, that of the provider which vouches for it.
        entry: the IAM user, the role of a session, or the user who made it. None for a root user, who has no
            policies, and for web identities.
        account_entry: the account with its place in an organization; None while the store does not know it.
        session: what its temporary credentials stand for; None for long-term ones.
        session_policies: None when there is no such layer.
        vouched: of a web identity, what its token says.
        service: of a service principal, the service that calls for itself.
        called_via: the services that forwarded a caller's request, in their order.
        via: the last of them in the Region where it was asked, as `kms:ViaService` has it; else empty.
        invoked_by: the service principal that sent the call, for itself or for a caller; else empty.
        access_key_id: the long-term access key that the call rests on, if the store keeps it: that of whoever
            asked the service, of a forwarded call. None for sessions, which outlive the key that asked for
            them, and for the credentials of `keystead dev`.
    """

    caller: Caller
    account: AccountId
    entry: PrincipalEntry | None
    user_identity: msgspec.Raw
    session: Session | None = None
    session_policies: tuple[AttachedPolicy, ...] | None = None
    vouched: Vouched | None = None
    account_entry: AccountEntry | None = None
    service: CallingService | None = None
    called_via: tuple[ServiceName, ...] = ()
    via: str = ""
    invoked_by: str = ""
    access_key_id: AccessKeyId | None = None

    @property
    def identity(self) -> tuple[AttachedPolicy, ...]:
        """The caller's identity policies."""
        if self.entry is None:
            return ALL_OF_ROOT if self.caller.kind is CallerKind.FEDERATED_USER else ()
        return self.entry.identity

    @property
    def boundary(self) -> AttachedPolicy | None:
        """The caller's permissions boundary."""
        return None if self.entry is None else self.entry.boundary

    def as_of(self, records: Records) -> "Authenticated | None":
        """The same caller with its policies and account as `records` have them.

        None if it is gone, or its access key is gone or inactive, or its account closed, or a service by
        which it calls is gone.
        """
        entry, session = self.entry, self.session
        if self.access_key_id is not None and not records.credential_active(self.access_key_id):
            return None
        if self.service is not None:
            return None if records.service(self.service.name) is None else self
        if any(records.service(name) is None for name in self.called_via):
            return None
        if entry is not None:
            entry = records.principal(entry.principal.unique_id)
            if entry is None:
                return None
        policies = self.session_policies
        if session is not None and session.policy_arns:
            policies = session_policies(session, records, policies)
        account_entry = records.account(self.account)
        if account_entry is not None and account_entry.closed:
            return None
        return replace(
            self,
            caller=managing(self.caller, account_entry),
            entry=entry,
            account_entry=account_entry,
            session_policies=policies,
        )


NOBODY = Authenticated(Caller(CallerKind.WEB_IDENTITY, "", "", ""), AccountId(""), None, msgspec.Raw(b"null"))
"""Who calls without a signature, until the request has proved more."""


def managing(caller: Caller, account_entry: AccountEntry | None) -> Caller:
    """The caller, told whether its account manages an organization."""
    management = account_entry is not None and account_entry.management
    return caller if caller.management == management else replace(caller, management=management)


def of_root(account: AccountId, access_key_id: AccessKeyId, *, stored: bool) -> Authenticated:
    """The root user of an account; `stored` says whether the store keeps the access key."""
    arn = str(AccountRootArn(account))
    identity = UserIdentity("Root", account, arn, account, access_key_id)
    caller = Caller(CallerKind.ROOT, arn, account, account)
    kept = access_key_id if stored else None
    return Authenticated(caller, account, None, encoded(identity), access_key_id=kept)


def of_user(entry: PrincipalEntry, access_key_id: AccessKeyId) -> Authenticated:
    """An IAM user."""
    user = entry.principal
    identity = UserIdentity("IAMUser", user.unique_id, entry.arn, user.account, access_key_id, user.name)
    caller = Caller(CallerKind.USER, entry.arn, user.account, user.unique_id)
    return Authenticated(caller, user.account, entry, encoded(identity), access_key_id=access_key_id)


def of_session(
    session: Session,
    entry: PrincipalEntry | None,
    policies: tuple[AttachedPolicy, ...] | None,
    access_key_id: AccessKeyId | None,
) -> Authenticated:
    """Whom a session acts as; for a forwarded one that is whoever asked the service.

    `entry` is its role, or the user who made it; `policies` are those of the session; `access_key_id` is as
    `Authenticated` has it.
    """
    caller = caller_of(session, entry)
    identity = encoded(user_identity(session, caller, entry))
    forwarded = session.forwarded
    return Authenticated(
        caller,
        session.account,
        entry,
        identity,
        # Who signed with a long-term access key has no session, whatever the service was given.
        session=None if forwarded is not None and forwarded.long_term else session,
        session_policies=policies,
        called_via=() if forwarded is None else forwarded.services,
        via="" if forwarded is None else forwarded.services[-1].in_region(forwarded.region),
        invoked_by="" if forwarded is None else forwarded.services[-1].principal,
        access_key_id=access_key_id,
    )


def of_service(service: CallingService, access_key_id: AccessKeyId) -> Authenticated:
    """A service that calls for itself: of no account, and without policies of its own."""
    principal = service.name.principal
    identity = UserIdentity("AWSService", invoked_by=principal)
    return Authenticated(
        Caller(CallerKind.SERVICE, principal, "", ""),
        AccountId(""),
        None,
        encoded(identity),
        service=service,
        invoked_by=principal,
        access_key_id=access_key_id,
    )


def in_account(who: Authenticated, account_entry: AccountEntry | None) -> Authenticated:
    """The caller with its account as it stands."""
    return replace(who, caller=managing(who.caller, account_entry), account_entry=account_entry)
