"""The Principal element: whom it names. What that means for a caller is `keystead.policy.strength`'s.

Sources: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from keystead.names import (
    AccountId,
    AccountRootArn,
    AssumedRoleArn,
    FederatedUserArn,
    InvalidName,
    RoleArn,
    UserArn,
    parse_principal_arn,
)


class PrincipalKind(StrEnum):
    """What an entry of a Principal element names."""

    EVERYONE = "everyone"
    ACCOUNT = "account"
    USER = "user"
    ROLE = "role"
    SESSION = "assumed-role session"
    FEDERATED_USER = "federated-user session"
    UNIQUE_ID = "unique id"
    SERVICE = "service"
    FEDERATED = "federated identity provider"


@dataclass(frozen=True, slots=True)
class PrincipalEntry:
    """One entry.

    Attributes:
        kind: what it names.
        text: as written.
        account: the account it belongs to; empty for everyone, services, unique ids and providers.
        statement: index of its statement, from 0.
        excluded: whether it stands in NotPrincipal.
    """

    kind: PrincipalKind
    text: str
    account: str
    statement: int
    excluded: bool


_UNIQUE_ID = re.compile(r"AIDA[A-Z0-9]{8,124}|AROA[A-Z0-9]{8,124}(?::[\w+=,.@-]{2,64})?", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
_PROVIDER = re.compile(r"[\x21-\x7e]{1,2048}")


def parse_entry(form: str, text: str, *, statement: int, excluded: bool) -> PrincipalEntry | None:
    """The entry `text` under `form` (`AWS`, `Service`, `Federated`), or None if it can name nobody."""
    kind, account = PrincipalKind.EVERYONE, ""
    if form == "Service":
        kind = PrincipalKind.SERVICE
        if not _SERVICE.fullmatch(text):
            return None
    elif form == "Federated":
        kind = PrincipalKind.FEDERATED
        if not _PROVIDER.fullmatch(text):
            return None
    elif text != "*":
        named = _aws(text)
        if named is None:
            return None
        kind, account = named
    return PrincipalEntry(kind, text, account, statement, excluded)


def _aws(text: str) -> tuple[PrincipalKind, str] | None:
    if AccountId.pattern.fullmatch(text):
        return PrincipalKind.ACCOUNT, text
    if _UNIQUE_ID.fullmatch(text):
        return PrincipalKind.UNIQUE_ID, ""
    try:
        arn = parse_principal_arn(text)
    except InvalidName:
        return None
    match arn:
        case AccountRootArn(account):
            return PrincipalKind.ACCOUNT, account
        case UserArn(account):
            return PrincipalKind.USER, account
        case RoleArn(account):
            return PrincipalKind.ROLE, account
        case AssumedRoleArn(account):
            return PrincipalKind.SESSION, account
        case FederatedUserArn(account):
            return PrincipalKind.FEDERATED_USER, account


@dataclass(frozen=True, slots=True)
class Principal:
    """A Principal or NotPrincipal element, made for comparison.

    Attributes:
        everyone: whether `*` is among the entries.
        accounts: account ids.
        names: ARNs and unique ids of users, roles and sessions.
        services: service principals.
        providers: ARNs of federated identity providers, or AWS's names of the public ones.
        excluded: whether the element is NotPrincipal.
        entries: as written.
        texts: accounts, names, services and providers together.
        open: whether it can reach a caller that none of `texts` names: by `*` or as NotPrincipal.
    """

    everyone: bool
    accounts: frozenset[str]
    names: frozenset[str]
    services: frozenset[str]
    providers: frozenset[str]
    excluded: bool
    entries: tuple[PrincipalEntry, ...]
    texts: frozenset[str]
    open: bool


_NAMES = {
    PrincipalKind.USER,
    PrincipalKind.ROLE,
    PrincipalKind.SESSION,
    PrincipalKind.FEDERATED_USER,
    PrincipalKind.UNIQUE_ID,
}


def make_principal(entries: tuple[PrincipalEntry, ...], *, excluded: bool) -> Principal:
    """The element made of `entries`."""
    everyone = False
    accounts: set[str] = set()
    names: set[str] = set()
    services: set[str] = set()
    providers: set[str] = set()
    for entry in entries:
        if entry.kind is PrincipalKind.EVERYONE:
            everyone = True
        elif entry.kind is PrincipalKind.ACCOUNT:
            accounts.add(entry.account)
        elif entry.kind is PrincipalKind.SERVICE:
            services.add(entry.text)
        elif entry.kind is PrincipalKind.FEDERATED:
            providers.add(entry.text)
        elif entry.kind in _NAMES:
            names.add(entry.text)
    return Principal(
        everyone=everyone,
        accounts=frozenset(accounts),
        names=frozenset(names),
        services=frozenset(services),
        providers=frozenset(providers),
        excluded=excluded,
        entries=entries,
        texts=frozenset(accounts | names | services | providers),
        open=everyone or excluded,
    )
