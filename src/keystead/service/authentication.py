"""From a signed request to the principal that signed it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from keystead.audit.event import UserIdentity, encoded
from keystead.kinds import REGIONS, CredentialStatus
from keystead.names import AccessKeyId, AccountId, AccountRootArn, Region
from keystead.policy.request import AttachedPolicy, Caller, CallerKind
from keystead.service.records import Bounded, CachedRecords, PrincipalEntry
from keystead.shapes.errors import UnrecognizedClientException
from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

REGION_NAMES = {region: Region(region) for region in REGIONS}
"""Each Region as a value, by its text."""

UNRECOGNIZED = "The security token included in the request is invalid."


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

    `entry` is the IAM user, None for a root user, who has no policies. Compared by identity: a change to the
    user or its policies makes another value.
    """

    caller: Caller
    account: AccountId
    entry: PrincipalEntry | None
    user_identity: msgspec.Raw

    @property
    def identity(self) -> tuple[AttachedPolicy, ...]:
        """The caller's identity policies."""
        return () if self.entry is None else self.entry.identity

    @property
    def boundary(self) -> AttachedPolicy | None:
        """The caller's permissions boundary."""
        return None if self.entry is None else self.entry.boundary


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What an access key stood for in one generation of the records."""

    generation: int
    who: Authenticated
    secret: str = field(repr=False)


class Authenticator:
    """Checks signatures against the access keys in the store.

    `account_used` is told each account whose root signed with development credentials.
    """

    def __init__(
        self,
        records: CachedRecords,
        signing_keys: sigv4.SigningKeys,
        dev: DevRoot | None,
        account_used: Callable[[AccountId], None],
    ) -> None:
        self._records = records
        self._signing_keys = signing_keys
        self._dev = dev
        self._account_used = account_used
        self._known: Bounded[str, _Known] = Bounded(10_000)

    def authenticate(self, http: HttpRequest, service: str, now: float) -> tuple[Authenticated, Region]:
        """Who signed `http` and for which Region, or the AWS error that refuses it.

        Every request is refused that is not signed, not now, not for this service, not with an active
        access key of a principal that exists, or not with that key's secret.
        """
        claim = sigv4.read(http)
        if claim.token is not None:  # long-term access keys have no session token
            raise UnrecognizedClientException(UNRECOGNIZED)
        known = self._known.get(claim.access_key_id)
        if known is None or known.generation != self._records.generation:
            known = self._look_up(claim.access_key_id, known)
        sigv4.check_scope(claim, service, REGIONS, now)
        sigv4.verify(claim, http, known.secret, self._signing_keys)
        if known.who.entry is None:
            self._account_used(known.who.account)
        region = REGION_NAMES[claim.region]
        self._records.last_uses.note(claim.access_key_id, now, region, service)
        return known.who, region

    def _look_up(self, access_key_id: AccessKeyId, before: _Known | None) -> _Known:
        """What the access key stands for now; keeps the identity of a caller that has not changed."""
        generation = self._records.generation
        account, principal, secret = self._credential(access_key_id)
        if before is not None and before.who.account == account and before.who.entry is principal:
            who = before.who
        else:
            who = _root(account, access_key_id) if principal is None else _user(principal, access_key_id)
        known = _Known(generation, who, secret)
        self._known.keep(access_key_id, known)
        return known

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
