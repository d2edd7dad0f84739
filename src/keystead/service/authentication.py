"""From a signed request to the principal that signed it."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from keystead.audit.event import UserIdentity, encoded
from keystead.crypto.material import Sealer
from keystead.crypto.session_token import InvalidSessionToken, open_session_token
from keystead.kinds import REGIONS, CredentialStatus
from keystead.model import Session, SessionKind
from keystead.names import AccessKeyId, AccountId, AccountRootArn, Region
from keystead.policy.request import AttachedPolicy, Caller, CallerKind
from keystead.service.account_entry import AccountEntry
from keystead.service.records import Bounded, CachedRecords, PrincipalEntry, Records
from keystead.service.sessions import ALL_OF_ROOT, caller_of, session_policies, user_identity
from keystead.service.web_identity import Vouched
from keystead.shapes.errors import ExpiredTokenException, UnrecognizedClientException
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

REGION_NAMES = {region: Region(region) for region in REGIONS}
"""Each Region as a value, by its text."""

UNRECOGNIZED = "The security token included in the request is invalid."
EXPIRED = "The security token included in the request is expired"

MOST_SESSIONS = 4096
"""Sessions that are remembered; they can be large."""


@dataclass(frozen=True, slots=True)
class DevRoot:
    """The root credentials of `keystead dev`.

    An access key id of twelve digits with the same secret is the root user of that account.
    """

    access_key_id: str
    secret: str = field(repr=False)
    account: AccountId

    def root_of(self, access_key_id: str) -> AccountId | None:
        """The account whose root user signs with `access_key_id`, or None."""
        if access_key_id == self.access_key_id:
            return self.account
        # Most ids are not twelve digits; no exception for them.
        return AccountId.parse(access_key_id) if AccountId.matches(access_key_id) else None


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
    """

    caller: Caller
    account: AccountId
    entry: PrincipalEntry | None
    user_identity: msgspec.Raw
    session: Session | None = None
    session_policies: tuple[AttachedPolicy, ...] | None = None
    vouched: Vouched | None = None
    account_entry: AccountEntry | None = None

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

        None if it is gone, or its account closed.
        """
        entry, session = self.entry, self.session
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
            caller=_managing(self.caller, account_entry),
            entry=entry,
            account_entry=account_entry,
            session_policies=policies,
        )


NOBODY = Authenticated(Caller(CallerKind.WEB_IDENTITY, "", "", ""), AccountId(""), None, msgspec.Raw(b"null"))
"""Who calls without a signature, until the request has proved more."""


def _managing(caller: Caller, account_entry: AccountEntry | None) -> Caller:
    """The caller, told whether its account manages an organization."""
    management = account_entry is not None and account_entry.management
    return caller if caller.management == management else replace(caller, management=management)


def _root(account: AccountId, access_key_id: str) -> Authenticated:
    arn = str(AccountRootArn(account))
    identity = UserIdentity("Root", account, arn, account, access_key_id)
    caller = Caller(CallerKind.ROOT, arn, account, account)
    return Authenticated(caller, account, None, encoded(identity))


def _user(entry: PrincipalEntry, access_key_id: str) -> Authenticated:
    user = entry.principal
    identity = UserIdentity("IAMUser", user.unique_id, entry.arn, user.account, access_key_id, user.name)
    caller = Caller(CallerKind.USER, entry.arn, user.account, user.unique_id)
    return Authenticated(caller, user.account, entry, encoded(identity))


def _of_session(
    session: Session, entry: PrincipalEntry | None, policies: tuple[AttachedPolicy, ...] | None
) -> Authenticated:
    caller = caller_of(session, entry)
    identity = encoded(user_identity(session, caller, entry))
    return Authenticated(caller, session.account, entry, identity, session=session, session_policies=policies)


def _in_account(who: Authenticated, account_entry: AccountEntry | None) -> Authenticated:
    return replace(who, caller=_managing(who.caller, account_entry), account_entry=account_entry)


def _may_call_iam(session: Session | None) -> bool:
    """Roles may; who made a session of their own may with MFA, federated users may not (STS API)."""
    if session is None or session.kind is SessionKind.ROLE:
        return True
    return session.kind is SessionKind.SELF and session.mfa_time is not None


@dataclass(frozen=True, slots=True)
class _Known:
    """What an access key stood for in one generation of the records.

    `token` and `expires` (milliseconds) are those of temporary ones.
    """

    generation: int
    who: Authenticated
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    expires: int = 0


class Authenticator:
    """Checks signatures against the access keys in the store, and against session tokens.

    `new_account` is told each account that the store does not know and whose root user has signed.
    """

    def __init__(
        self,
        records: CachedRecords,
        sealer: Sealer,
        signing_keys: sigv4.SigningKeys,
        dev: DevRoot | None,
        new_account: Callable[[AccountId], None],
    ) -> None:
        self._records = records
        self._sealer = sealer
        self._signing_keys = signing_keys
        self._dev = dev
        self._new_account = new_account
        self._known: Bounded[str, _Known] = Bounded(10_000)
        self._sessions: Bounded[str, _Known] = Bounded(MOST_SESSIONS)

    def authenticate(self, http: HttpRequest, service: str, now: float) -> tuple[Authenticated, Region]:
        """Who signed `http` and for which Region, or the AWS error that refuses it.

        Every request is refused that is not signed, not now, not for this service, not with an active
        access key of a principal that exists and whose account is open, or not with that key's secret; and
        with temporary credentials when their token is not theirs, or has expired.
        """
        claim = sigv4.read(http)
        if claim.token is None:
            known = self._known.get(claim.access_key_id)
            if known is None or known.generation != self._records.generation:
                known = self._look_up(claim.access_key_id, known)
        else:
            known = self._session(claim.access_key_id, claim.token, service, now)
        sigv4.check_scope(claim, service, REGIONS, now)
        sigv4.verify(claim, http, known.secret, self._signing_keys)
        if known.who.account_entry is None:  # `keystead dev` alone: it is made on first use
            self._new_account(known.who.account)
        region = REGION_NAMES[claim.region]
        if claim.token is None:  # nobody is told of the last use of temporary ones
            self._records.last_uses.note(claim.access_key_id, now, region, service)
        return known.who, region

    def _look_up(self, access_key_id: AccessKeyId, before: _Known | None) -> _Known:
        """What the access key stands for now; keeps the identity of a caller that has not changed."""
        generation = self._records.generation
        account, principal, secret = self._credential(access_key_id)
        account_entry = self._account(account)
        who = None if before is None else before.who
        if (
            who is None
            or who.account != account
            or not (who.entry is principal and who.account_entry is account_entry)
        ):
            who = _root(account, access_key_id) if principal is None else _user(principal, access_key_id)
            who = _in_account(who, account_entry)
        known = _Known(generation, who, secret)
        self._known.keep(access_key_id, known)
        return known

    def _session(self, access_key_id: AccessKeyId, token: str, service: str, now: float) -> _Known:
        """What temporary credentials stand for now.

        What is remembered is found by the access key id, which is not secret, and counts for its very token
        alone: any other one is opened, and refused unless it was sealed here and for this access key id.
        """
        known = self._sessions.get(access_key_id)
        if known is not None and not hmac.compare_digest(known.token, token):
            known = None
        if known is None or known.generation != self._records.generation:
            known = self._look_up_session(access_key_id, token, known)
        if now * 1000 >= known.expires:
            raise ExpiredTokenException(EXPIRED)
        if service == "iam" and not _may_call_iam(known.who.session):
            raise UnrecognizedClientException(UNRECOGNIZED)
        return known

    def _look_up_session(self, access_key_id: AccessKeyId, token: str, before: _Known | None) -> _Known:
        """What the session is now; keeps the identity of a caller of which nothing has changed."""
        generation = self._records.generation
        session = self._opened(access_key_id, token) if before is None else before.who.session
        assert session is not None, "what is remembered of a session holds it"
        entry = None
        if session.principal is not None:
            entry = self._records.principal(session.principal)
            if entry is None:
                raise UnrecognizedClientException(UNRECOGNIZED)
        account_entry = self._account(session.account)
        policies = session_policies(
            session, self._records, None if before is None else before.who.session_policies
        )
        who = None if before is None else before.who
        if (
            who is None
            or who.session_policies != policies
            or not (who.entry is entry and who.account_entry is account_entry)
        ):
            who = _in_account(_of_session(session, entry, policies), account_entry)
        known = _Known(generation, who, session.secret, token, session.expires)
        self._sessions.keep(access_key_id, known)
        return known

    def _account(self, id: AccountId) -> AccountEntry | None:
        """The caller's account; UnrecognizedClientException if it is closed."""
        entry = self._records.account(id)
        if entry is not None and entry.closed:
            raise UnrecognizedClientException(UNRECOGNIZED)  # (unverified)
        return entry

    def _opened(self, access_key_id: AccessKeyId, token: str) -> Session:
        try:
            session = open_session_token(self._sealer, token)
        except InvalidSessionToken:
            raise UnrecognizedClientException(UNRECOGNIZED) from None
        if session.access_key_id != access_key_id:
            raise UnrecognizedClientException(UNRECOGNIZED)
        return session

    def _credential(self, access_key_id: AccessKeyId) -> tuple[AccountId, PrincipalEntry | None, str]:
        dev = self._dev
        if dev is not None and (account := dev.root_of(access_key_id)) is not None:
            return account, None, dev.secret
        entry = self._records.credential(access_key_id)
        if entry is None or entry.credential.status is not CredentialStatus.ACTIVE:
            raise UnrecognizedClientException(UNRECOGNIZED)
        credential = entry.credential
        if credential.principal is None:
            return credential.account, None, entry.secret
        principal = self._records.principal(credential.principal)
        if principal is None:
            raise UnrecognizedClientException(UNRECOGNIZED)
        return credential.account, principal, entry.secret
