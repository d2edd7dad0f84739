"""Accepting a key policy: document, principals, lock-out; and binding it to the principals that exist.

Source: KMS API, PutKeyPolicy and CreateKey; the order of checks is ours, AWS's is unpublished.
"""

import re
from dataclasses import replace

from keystead.kinds import PrincipalType
from keystead.model import Key, Principal
from keystead.names import (
    AccountRootArn,
    AssumedRoleArn,
    FederatedUserArn,
    InvalidName,
    RoleArn,
    UserArn,
    parse_principal_arn,
)
from keystead.policy import (
    Allowed,
    Malformed,
    PolicyKind,
    authorize,
    parse_policy,
    pretty,
    principal_entries,
    rewrite_principals,
)
from keystead.policy.language.findings import INVALID_PRINCIPALS
from keystead.policy.request import AttachedPolicy
from keystead.service.call import Touched, WriteCall
from keystead.service.facts import facts_under
from keystead.service.operation import OnKey
from keystead.service.pipeline import check_of
from keystead.service.records import KeyEntry
from keystead.shapes.kms_errors import LimitExceededException, MalformedPolicyDocumentException
from keystead.store.port import ReadTx

MOST_BYTES = 32_768
"""KMS Developer Guide, "Resource quotas": key policy document size."""

LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."

PUT_KEY_POLICY = OnKey("kms:PutKeyPolicy")
"""The check PutKeyPolicy is, and the one that the lock-out check asks about."""

_SERVICE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?")
_UNIQUE_ID = re.compile(r"(AIDA|AROA)[A-Z2-7]{12,}(:[\w+=,.@-]{2,64})?")


def accept_policy(call: WriteCall, key: Key, text: str, *, bypass: bool) -> Key:
    """`key` with the policy `text`, bound to the principals it names, if AWS would accept it.

    Raises:
        LimitExceededException: larger than 32 KiB.
        MalformedPolicyDocumentException: not a key policy, a principal that does not exist, or, unless
            `bypass`, a policy under which the caller could not call PutKeyPolicy.
    """
    if len(text.encode()) > MOST_BYTES:
        raise LimitExceededException(f"The key policy exceeds the maximum size of {MOST_BYTES} bytes.")
    parsed = parse_policy(text, PolicyKind.KEY)
    if isinstance(parsed, Malformed):
        raise MalformedPolicyDocumentException(parsed.findings[0].located)
    for entry in principal_entries(parsed):
        if not _valid(call.tx, entry.kind, entry.text):
            raise MalformedPolicyDocumentException(INVALID_PRINCIPALS)
    stored = rewrite_principals(pretty(text), lambda principal: _bound(call.tx, principal))
    changed = replace(key, policy=stored)
    if not bypass:
        _check_lock_out(call, changed)
    return changed


def shown_policy(tx: ReadTx, stored: str) -> str:
    """A stored policy as GetKeyPolicy shows it: principals that live by ARN, the others by unique id."""
    return rewrite_principals(stored, lambda principal: _shown(tx, principal))


def _check_lock_out(call: WriteCall, key: Key) -> None:
    policy = AttachedPolicy(call.policies.get(PolicyKind.KEY, key.policy), "default")
    arn = str(key.arn)
    entry = KeyEntry(key, arn, policy)
    touched = Touched(PUT_KEY_POLICY, arn, key.arn.account, entry, on_key=True)
    decision = authorize(check_of(call, touched), facts_under(call, policy))
    if not isinstance(decision, Allowed):
        raise MalformedPolicyDocumentException(LOCKED_OUT)


def _valid(tx: ReadTx, kind: str, text: str) -> bool:
    match kind:
        case "everyone" | "account":
            return True  # accounts of other installations are taken as they are
        case "service":
            return bool(_SERVICE.fullmatch(text))
        case "unique_id":
            return tx.principal(text.partition(":")[0]) is not None
        case _:
            return _exists(tx, text)


def _exists(tx: ReadTx, text: str) -> bool:
    try:
        arn = parse_principal_arn(text)
    except InvalidName:
        return False
    match arn:
        case AccountRootArn() | FederatedUserArn():
            return True
        case UserArn():
            return _found(tx, arn) is not None
        case RoleArn():
            return _found(tx, arn) is not None
        case AssumedRoleArn():
            return tx.principal_named(arn.account, PrincipalType.ROLE, arn.role_name) is not None


def _found(tx: ReadTx, arn: UserArn | RoleArn) -> Principal | None:
    kind = PrincipalType.USER if isinstance(arn, UserArn) else PrincipalType.ROLE
    principal = tx.principal_named(arn.account, kind, arn.name)
    return principal if principal is not None and principal.arn == arn else None


def _bound(tx: ReadTx, text: str) -> str:
    """The unique id of the user or role that an ARN names; anything else as it is."""
    if not text.startswith("arn:"):
        return text
    arn = parse_principal_arn(text)
    match arn:
        case UserArn() | RoleArn():
            principal = _found(tx, arn)
            return text if principal is None else principal.unique_id
        case AssumedRoleArn():
            role = tx.principal_named(arn.account, PrincipalType.ROLE, arn.role_name)
            return text if role is None else f"{role.unique_id}:{arn.session_name}"
        case _:
            return text


def _shown(tx: ReadTx, text: str) -> str:
    if not _UNIQUE_ID.fullmatch(text):
        return text
    unique_id, _, session = text.partition(":")
    principal = tx.principal(unique_id)
    if principal is None:
        return text
    if session:
        return str(AssumedRoleArn(principal.account, principal.name, session))
    return str(principal.arn)
