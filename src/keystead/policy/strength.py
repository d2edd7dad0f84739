"""How strongly a principal names a caller (`docs/policy.md`, "Strengths").

Names are compared as text, case included. A stored key policy holds unique ids in place of the ARNs of
users and roles, so that a re-created namesake inherits nothing; both forms are understood.
"""

from functools import lru_cache

from keystead.names import PARTITION
from keystead.policy.decision import Strength
from keystead.policy.language.principal import Principal, make_principal, parse_entry
from keystead.policy.request import Caller, CallerKind

# In Python 3.11 finding a member on its class takes 0.1 us, and a decision finds dozens.
ROOT, ROLE_SESSION, FEDERATED_USER, SERVICE, WEB_IDENTITY = (
    CallerKind.ROOT,
    CallerKind.ROLE_SESSION,
    CallerKind.FEDERATED_USER,
    CallerKind.SERVICE,
    CallerKind.WEB_IDENTITY,
)
DIRECT, ROLE, ACCOUNT = Strength.DIRECT, Strength.ROLE, Strength.ACCOUNT


def texts_of(caller: Caller) -> frozenset[str]:
    """Every text by which `Principal.texts` can name `caller`: its own, its account's, those behind it."""
    role_id = caller.unique_id.partition(":")[0]
    return frozenset(
        (
            caller.arn,
            caller.unique_id,
            caller.account,
            caller.role_arn,
            role_id,
            caller.issuer_arn,
            caller.issuer_id,
        )
    )


def strength(principal: Principal, caller: Caller) -> Strength | None:
    """How strongly a Principal element names `caller`, or None if it does not."""
    if principal.everyone:
        return DIRECT
    if principal.names:
        if caller.arn in principal.names or caller.unique_id in principal.names:
            return DIRECT
        if _behind_is_named(principal, caller):
            return ROLE
    if caller.kind is SERVICE:
        return DIRECT if caller.arn in principal.services else None
    if caller.kind is WEB_IDENTITY:
        return DIRECT if caller.arn in principal.providers else None
    if caller.account in principal.accounts:
        return DIRECT if caller.kind is ROOT else ACCOUNT
    return None


def spared(principal: Principal, caller: Caller, *, bounded: bool) -> bool:
    """Whether a Deny whose NotPrincipal is `principal` does not reach `caller`.

    Every name that stands for the caller must be listed: a user with its account, a session with its role
    and its account. A user or role with a permissions boundary (`bounded`) is never spared (IAM User Guide,
    "Permissions boundaries for IAM entities").
    """
    if bounded:
        return False
    if principal.everyone:
        return True
    if caller.kind is SERVICE:
        return caller.arn in principal.services
    if caller.kind is WEB_IDENTITY:
        return caller.arn in principal.providers
    if caller.account not in principal.accounts:
        return False
    if caller.kind is ROOT:
        return True
    if caller.arn not in principal.names and caller.unique_id not in principal.names:
        return False
    return caller.kind is not ROLE_SESSION or _behind_is_named(principal, caller)


def strength_of(stored: str, caller: Caller) -> Strength | None:
    """How strongly a grantee or retiring principal, as stored, names `caller`, or None if it does not.

    An ARN, an account id, a unique id or a service name; any other text names nobody.
    """
    principal = _lone(stored)
    return None if principal is None else strength(principal, caller)


def names_of(caller: Caller) -> tuple[str, ...]:
    """Every text that names `caller` as a grantee or retiring principal: those with a `strength_of`.

    Meant for finding the grants of a caller by index.
    """
    account = caller.account and f"arn:{PARTITION}:iam::{caller.account}:root"
    behind = (caller.role_arn, caller.unique_id.partition(":")[0], caller.issuer_arn, caller.issuer_id)
    texts = (caller.arn, caller.unique_id, *behind, caller.account, account)
    return tuple(text for text in dict.fromkeys(texts) if strength_of(text, caller) is not None)


@lru_cache(maxsize=4096)
def _lone(stored: str) -> Principal | None:
    if stored in ("", "*"):
        return None
    for form in ("AWS", "Service"):
        entry = parse_entry(form, stored, statement=0, excluded=False)
        if entry is not None:
            return make_principal((entry,), excluded=False)
    return None


def _behind_is_named(principal: Principal, caller: Caller) -> bool:
    """Whether the role of a session, or the user that issued a federated token, is named."""
    if caller.kind is ROLE_SESSION:
        return caller.role_arn in principal.names or caller.unique_id.partition(":")[0] in principal.names
    if caller.kind is FEDERATED_USER:
        return caller.issuer_arn in principal.names or caller.issuer_id in principal.names
    return False
