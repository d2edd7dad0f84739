"""From a signed request to the principal that signed it."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from keystead.crypto.material import Sealer
from keystead.crypto.session_token import InvalidSessionToken, open_session_token
from keystead.kinds import REGIONS
from keystead.model import Forwarding, ServiceCredential, Session, SessionKind
from keystead.names import AccessKeyId, AccountId, Region, ServiceName
from keystead.service.account_entry import AccountEntry
from keystead.service.authenticated import (
    UNRECOGNIZED,
    Authenticated,
    CallingService,
    Proven,
    in_account,
    of_root,
    of_service,
    of_session,
    of_user,
)
from keystead.service.bounded import Bounded
from keystead.service.cached_records import CachedRecords
from keystead.service.entries import PrincipalEntry
from keystead.service.sessions import session_policies
from keystead.service.source import check_source
from keystead.shapes.errors import ExpiredTokenException, UnrecognizedClientException
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

REGION_NAMES = {region: Region(region) for region in REGIONS}
"""Each Region as a value, by its text."""

EXPIRED = "The security token included in the request is expired"

FOR_SERVICES = frozenset({"kms", "keystead"})
"""What services call for themselves."""

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


def _may_call(service: str, who: Authenticated) -> bool:
    """Whether temporary credentials may call a service that is not KMS.

    On behalf of a caller services use keys, and nothing else. IAM: roles may; who made a session of their own
    may with MFA, federated users may not (STS API).
    """
    session = who.session
    if who.called_via:
        return False
    if service != "iam" or session is None or session.kind is SessionKind.ROLE:
        return True
    return session.kind is SessionKind.SELF and session.mfa_time is not None


@dataclass(frozen=True, slots=True)
class _Known:
    """What an access key stood for in one generation of the records.

    `token`, `expires` (milliseconds) and `session` are those of temporary ones.
    """

    generation: int
    who: Authenticated
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)
    expires: int = 0
    session: Session | None = None


class _Owner(NamedTuple):
    """Whose a long-term access key is: a service's, a user's, or, without both, a root user's.

    `stored` says whether the store keeps it, and not `keystead dev`.
    """

    secret: str
    account: AccountId = AccountId("")
    principal: PrincipalEntry | None = None
    service: ServiceName | None = None
    stored: bool = True

    def __repr__(self) -> str:
        """Without the secret."""
        return f"_Owner({self.account!r}, {self.service!r})"


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
        if known.who.account_entry is None:
            self._of_no_account(known.who, http, service)
        region = REGION_NAMES[claim.region]
        if claim.token is None:  # nobody is told of the last use of temporary ones
            self._records.last_uses.note(claim.access_key_id, now, region, service)
        return known.who, region

    def _of_no_account(self, who: Authenticated, http: HttpRequest, service: str) -> None:
        """A caller whose account the store does not know: a service, or a root user of `keystead dev`."""
        if who.service is None:
            self._new_account(who.account)  # `keystead dev` alone: it is made on first use
            return
        if service not in FOR_SERVICES:
            raise UnrecognizedClientException(UNRECOGNIZED)
        check_source(http)

    def _caller_of(self, service: ServiceName, http: HttpRequest, payload: str, now: float) -> Proven:
        """As `CallingService.caller_of`: everything is checked that would be of a call to Keystead itself."""
        claim = sigv4.read(http)
        if claim.token is None:
            known = self._known.get(claim.access_key_id)
            if known is None or known.generation != self._records.generation:
                known = self._look_up(claim.access_key_id, known)
        else:
            known = self._session_of(claim.access_key_id, claim.token, now)
        sigv4.check_scope(claim, service, REGIONS, now)
        sigv4.verify_received(claim, http, payload, known.secret, raw_path=service == "s3")
        if known.who.service is not None:
            raise UnrecognizedClientException(UNRECOGNIZED)  # a service calls for itself by itself
        if claim.token is None:
            self._records.last_uses.note(claim.access_key_id, now, REGION_NAMES[claim.region], service)
        session = known.session
        forwarded = None if session is None else session.forwarded
        key = claim.access_key_id if forwarded is None else forwarded.access_key_id
        return Proven(known.who, REGION_NAMES[claim.region], key, session)

    def _look_up(self, access_key_id: AccessKeyId, before: _Known | None) -> _Known:
        """What the access key stands for now; keeps the identity of a caller that has not changed."""
        generation = self._records.generation
        owner = self._owner(access_key_id)
        who = None if before is None else before.who
        if owner.service is not None:
            service = CallingService(owner.service, partial(self._caller_of, owner.service))
            who = who or of_service(service, access_key_id)
        else:
            who = self._person(access_key_id, owner, who)
        known = _Known(generation, who, owner.secret)
        self._known.keep(access_key_id, known)
        return known

    def _person(self, access_key_id: AccessKeyId, owner: _Owner, who: Authenticated | None) -> Authenticated:
        """A user or root user: `who`, as it was known before, unless that changed."""
        account_entry = self._account(owner.account)
        if (
            who is not None
            and who.account == owner.account
            and who.entry is owner.principal
            and who.account_entry is account_entry
        ):
            return who
        if owner.principal is None:
            made = of_root(owner.account, access_key_id, stored=owner.stored)
        else:
            made = of_user(owner.principal, access_key_id)
        return in_account(made, account_entry)

    def _session(self, access_key_id: AccessKeyId, token: str, service: str, now: float) -> _Known:
        """What temporary credentials stand for now, for a call to `service`."""
        known = self._session_of(access_key_id, token, now)
        if service != "kms" and not _may_call(service, known.who):
            raise UnrecognizedClientException(UNRECOGNIZED)
        return known

    def _session_of(self, access_key_id: AccessKeyId, token: str, now: float) -> _Known:
        """The session of temporary credentials.

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
        return known

    def _look_up_session(self, access_key_id: AccessKeyId, token: str, before: _Known | None) -> _Known:
        """What the session is now; keeps the identity of a caller of which nothing has changed."""
        generation = self._records.generation
        session = self._opened(access_key_id, token) if before is None else before.session
        assert session is not None, "what is remembered of a session holds it"
        entry = None
        if session.principal is not None:
            entry = self._records.principal(session.principal)
            if entry is None:
                raise UnrecognizedClientException(UNRECOGNIZED)
        forwarded = session.forwarded
        rests_on = None if forwarded is None else self._check_forwarded(forwarded)
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
            who = in_account(of_session(session, entry, policies, rests_on), account_entry)
        known = _Known(generation, who, session.secret, token, session.expires, session)
        self._sessions.keep(access_key_id, known)
        return known

    def _check_forwarded(self, forwarded: Forwarding) -> AccessKeyId | None:
        """Refuses when a service on the way is gone, or the long-term access key that the caller used.

        That access key, if the store keeps it.
        """
        for name in forwarded.services:
            service = self._records.service(name)
            if service is None or service.created > forwarded.since:
                raise UnrecognizedClientException(UNRECOGNIZED)
        if forwarded.long_term and self._owner(forwarded.access_key_id).stored:
            return forwarded.access_key_id
        return None

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

    def _owner(self, access_key_id: AccessKeyId) -> _Owner:
        """Whose active access key it is, or UnrecognizedClientException."""
        dev = self._dev
        if dev is not None and (account := dev.root_of(access_key_id)) is not None:
            return _Owner(dev.secret, account, stored=False)
        entry = self._records.credential(access_key_id)
        if entry is None or not entry.active:
            raise UnrecognizedClientException(UNRECOGNIZED)
        credential = entry.credential
        if isinstance(credential, ServiceCredential):
            return _Owner(entry.secret, service=credential.service)
        if credential.principal is None:
            return _Owner(entry.secret, credential.account)
        principal = self._records.principal(credential.principal)
        if principal is None:
            raise UnrecognizedClientException(UNRECOGNIZED)
        return _Owner(entry.secret, credential.account, principal)
