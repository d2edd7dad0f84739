"""Principals that policies and grants name: do they exist, how are they stored, how are they shown.

Key policies, trust policies and grants hold users and roles by unique id, so that a namesake made later
inherits nothing, and show them by the ARN that they have now (IAM User Guide, "AWS JSON policy elements:
Principal"; recorded for grants). An ARN in a stored document, of a user or role, is understood too: it names
whoever has it (`policy.strength`).
"""

import re

from keystead.kinds import PrincipalType
from keystead.model import Principal
from keystead.names import (
    AccountId,
    AccountRootArn,
    AssumedRoleArn,
    FederatedUserArn,
    InvalidName,
    PrincipalArn,
    RoleArn,
    UserArn,
    parse_principal_arn,
)
from keystead.policy import Policy, PolicyKind, aws_principals, principal_entries, rewrite_principals
from keystead.policy.language.principal import PrincipalEntry, PrincipalKind
from keystead.store.port import ReadTx

_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?")
_UNIQUE_ID = re.compile(r"AIDA[A-Z2-7]{12,}|AROA[A-Z2-7]{12,}(:[\w+=,.@-]{2,64})?", re.ASCII)


def is_unique_id(text: str) -> bool:
    """Whether the text has the form of a user's or role's unique id, or of `AROA...:session`."""
    return _UNIQUE_ID.fullmatch(text) is not None


def is_service(text: str) -> bool:
    """Whether the text has the form of an AWS service principal's name."""
    return _SERVICE.fullmatch(text) is not None


def exists(tx: ReadTx, text: str) -> bool:
    """Whether an ARN or unique id names a principal of this installation.

    The account of a federated user and the role of a session must exist, they themselves need not. An
    account's root is taken as it is: the account may be another installation's.
    """
    if is_unique_id(text):
        return _by_id(tx, text) is not None
    try:
        arn = parse_principal_arn(text)
    except InvalidName:
        return False
    match arn:
        case AccountRootArn():
            return True
        case FederatedUserArn():
            return tx.account(arn.account) is not None
        case _:
            return _by_arn(tx, arn) is not None


def account_of(tx: ReadTx, unique_id: str) -> AccountId | None:
    """The account of the principal with this unique id, None if there is none."""
    principal = _by_id(tx, unique_id)
    return None if principal is None else principal.account


def bound(tx: ReadTx, text: str) -> str:
    """How a principal is stored: a user or role by unique id, anything else as it is."""
    if not text.startswith("arn:"):
        return text
    arn = parse_principal_arn(text)
    principal = _by_arn(tx, arn)
    if principal is None:
        return text
    session = f":{arn.session_name}" if isinstance(arn, AssumedRoleArn) else ""
    return principal.unique_id + session


def shown(tx: ReadTx, stored: str) -> str:
    """What a caller reads of a stored principal: its ARN while it lives, then its unique id."""
    return _shown(stored, _by_id(tx, stored) if is_unique_id(stored) else None)


def nobody(tx: ReadTx, policy: Policy) -> PrincipalEntry | None:
    """The first entry of the policy's Principal and NotPrincipal elements that names nobody, None if all do.

    Accounts are taken as they are: one may be another installation's. So are identity providers in trust
    policies, for nobody comes from one that is not there; elsewhere no request carries one. Of service
    principals the form alone is looked at.
    """
    for entry in principal_entries(policy):
        match entry.kind:
            case PrincipalKind.EVERYONE | PrincipalKind.ACCOUNT:
                named = True
            case PrincipalKind.FEDERATED:
                named = policy.kind is PolicyKind.TRUST
            case PrincipalKind.SERVICE:
                named = is_service(entry.text)
            case _:
                named = exists(tx, entry.text)
        if not named:
            return entry
    return None


def bound_document(tx: ReadTx, text: str) -> str:
    """A policy's text as it is stored: its principals bound, everything else to the letter."""
    return rewrite_principals(text, lambda principal: bound(tx, principal))


def shown_document(tx: ReadTx, stored: str) -> str:
    """A stored policy's text as a caller reads it. While all it names live, binding that gives `stored`."""
    ids = {name.partition(":")[0] for name in aws_principals(stored) if is_unique_id(name)}
    living = {principal.unique_id: principal for principal in tx.principals_with(ids)} if ids else {}
    return rewrite_principals(stored, lambda name: _shown(name, living.get(name.partition(":")[0])))


def _shown(stored: str, principal: Principal | None) -> str:
    if principal is None:
        return stored
    _, _, session = stored.partition(":")
    return str(AssumedRoleArn(principal.account, principal.name, session) if session else principal.arn)


def _by_id(tx: ReadTx, text: str) -> Principal | None:
    return tx.principal(text.partition(":")[0])


def _by_arn(tx: ReadTx, arn: PrincipalArn) -> Principal | None:
    """The user, the role, or the role of the session; names of principals are compared with their case."""
    match arn:
        case UserArn():
            principal = tx.principal_named(arn.account, PrincipalType.USER, arn.name)
            return principal if principal is not None and principal.arn == arn else None
        case RoleArn():
            principal = tx.principal_named(arn.account, PrincipalType.ROLE, arn.name)
            return principal if principal is not None and principal.arn == arn else None
        case AssumedRoleArn():
            role = tx.principal_named(arn.account, PrincipalType.ROLE, arn.role_name)
            return role if role is not None and role.name == arn.role_name else None
        case AccountRootArn() | FederatedUserArn():
            return None
