"""Callers and requests made from names: what follows from an ARN, an action and a resource.

A service knows all of this from its own records. This is for those who ask offline: only the condition keys
that follow from what they gave are filled in.
"""

from collections.abc import Mapping
from typing import Final

from keystead.names import (
    AccountRootArn,
    Arn,
    AssumedRoleArn,
    FederatedUserArn,
    InvalidName,
    OidcProviderArn,
    RoleArn,
    UserArn,
    parse_principal_arn,
)
from keystead.policy.catalogue import OPERATIONS
from keystead.policy.request import OF_NO_ACCOUNT, Caller, CallerKind, ContextValue, Request

ACROSS_ACCOUNTS: Final = frozenset(
    check.action.removeprefix("kms:")
    for operation in OPERATIONS.values()
    if operation.cross_account
    for check in operation.checks
)
"""KMS actions that can be used on another account's key."""

WITH_ENCRYPTION_CONTEXT: Final = frozenset(
    "Decrypt Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext"
    " GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo".split()
)
"""KMS actions whose requests have an encryption context, be it empty."""


_NO_KEYS: Final[Mapping[str, ContextValue | None]] = {}


def caller_of(arn: str, *, role_arn: str = "", issuer_arn: str = "", unique_id: str = "") -> Caller:
    """The caller with the ARN as AWS prints it; a service by its name, such as `logs.amazonaws.com`.

    A web identity goes by the ARN of the OIDC provider that vouches for it. A session's ARN has no path of
    its role: `role_arn` gives it where there is one. `InvalidName` if a text names no caller (a role does
    not call, its sessions do).
    """
    if ":" not in arn and arn.endswith(".amazonaws.com"):
        return Caller(CallerKind.SERVICE, arn, "", "")
    if ":oidc-provider/" in arn:
        return Caller(CallerKind.WEB_IDENTITY, str(OidcProviderArn.parse(arn)), "", unique_id)
    match parse_principal_arn(arn):
        case AccountRootArn(account):
            return Caller(CallerKind.ROOT, arn, account, unique_id or account)
        case UserArn(account):
            return Caller(CallerKind.USER, arn, account, unique_id)
        case AssumedRoleArn(account, role_name):
            role = RoleArn(account, "/", role_name) if not role_arn else parse_principal_arn(role_arn)
            if not isinstance(role, RoleArn) or (role.account, role.name) != (account, role_name):
                rule = "a session's role is of its account and has the name in the session's ARN"
                raise InvalidName(f"ARN of the role `{role_name}`", role_arn, rule)
            return Caller(CallerKind.ROLE_SESSION, arn, account, unique_id, role_arn=str(role))
        case FederatedUserArn(account, name):
            unique_id = unique_id or f"{account}:{name}"
            return Caller(CallerKind.FEDERATED_USER, arn, account, unique_id, issuer_arn=issuer_arn)
        case RoleArn():
            raise InvalidName("caller ARN", arn, "a role calls by its sessions, assumed-role/ROLE/SESSION")


def account_of(arn: str) -> str:
    """The account in an ARN; empty if it has none, or is none."""
    try:
        return Arn.parse(arn).account
    except InvalidName:
        return ""


def make_request(
    caller: Caller,
    action: str,
    resource: str,
    *,
    owner: str = "",
    context: Mapping[str, ContextValue | None] = _NO_KEYS,
    encryption_context: Mapping[str, str] | None = None,
) -> Request:
    """The request, with the condition keys that follow from the rest.

    `owner` defaults to the account in the resource's ARN, else to the caller's. `context` has keys in lower
    case and wins over what would follow; None in it says that a key is absent. An operation that has an
    encryption context has an empty one if none is given.
    """
    service, _, operation = action.partition(":")
    on_key = resource.startswith("arn:aws:kms:") and ":key/" in resource
    if encryption_context is None and service == "kms" and operation in WITH_ENCRYPTION_CONTEXT:
        encryption_context = {}
    owner = owner or account_of(resource) or caller.account
    keys = _following(caller, owner, service, encryption_context) | dict(context)
    return Request(
        caller=caller,
        action=action,
        resource=resource,
        owner=owner,
        on_key=on_key,
        cross_account=service != "kms" or operation in ACROSS_ACCOUNTS,
        context={key: value for key, value in keys.items() if value is not None},
        encryption_context=encryption_context,
    )


def _following(
    caller: Caller, owner: str, service: str, pairs: Mapping[str, str] | None
) -> dict[str, ContextValue | None]:
    person = caller.kind not in OF_NO_ACCOUNT
    keys: dict[str, ContextValue | None] = {
        "aws:principaltype": str(caller.kind) if person else None,
        "aws:principalisawsservice": "true" if caller.kind is CallerKind.SERVICE else "false",
        "aws:resourceaccount": owner or None,
        "aws:userid": caller.unique_id or None,
    }
    if person:
        keys["aws:principalarn"] = caller.role_arn or caller.arn
        keys["aws:principalaccount"] = caller.account
    if caller.kind is CallerKind.USER:
        keys["aws:username"] = caller.arn.rpartition("/")[2]
    if service == "kms" and person:
        keys["kms:calleraccount"] = caller.account
    for name, value in (pairs or {}).items():
        keys[f"kms:encryptioncontext:{name.lower()}"] = value
    if pairs:
        keys["kms:encryptioncontextkeys"] = tuple(pairs)
    return keys
