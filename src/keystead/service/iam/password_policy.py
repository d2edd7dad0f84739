"""What an account asks of its users' passwords: Get-, Update- and DeleteAccountPasswordPolicy, and the rules.

Source: IAM User Guide, "Set an account password policy for IAM users". The sentences of violations are those
that AWS has been seen to answer where they have been seen, and in their manner where not (unverified).
"""

import re
from collections.abc import Iterator

from keystead.model import PasswordPolicy
from keystead.names import AccountId
from keystead.service.call import Call, WriteCall
from keystead.service.operation import OnNothing, reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.iam import (
    DeleteAccountPasswordPolicyRequest,
    GetAccountPasswordPolicyRequest,
    GetAccountPasswordPolicyResponse,
    UpdateAccountPasswordPolicyRequest,
)
from keystead.shapes.iam_errors import NoSuchEntityException, PasswordPolicyViolationException
from keystead.store.port import ReadTx

MOST_REMEMBERED = 24
"""The largest `PasswordReusePrevention`."""

_DEFAULT_LENGTH = 8
_KINDS = {
    "uppercase letter": re.compile("[A-Z]"),
    "lowercase letter": re.compile("[a-z]"),
    "number": re.compile("[0-9]"),
    "symbol": re.compile(r"[!@#$%^&*()_+\-=\[\]{}|']"),
}
_DEFAULT_KINDS = 3


def check_password(tx: ReadTx, account: AccountId, password: str) -> None:
    """Returns if the account's policy accepts a new password, or AWS's default policy if it has none.

    Raises:
        PasswordPolicyViolationException: with everything that it lacks.
    """
    policy = tx.password_policy(account)
    broken = list(_default(password) if policy is None else _custom(policy, password))
    # Of the default policy: "not identical to your AWS account name". The alias is the name here.
    if policy is None and password == tx.account_alias(account):
        broken.append("Password should not be identical to the account name")
    if broken:
        raise PasswordPolicyViolationException(", ".join(broken))


def _lacks(kind: str) -> str:
    return f"Password should have at least one {kind}"


def _custom(policy: PasswordPolicy, password: str) -> Iterator[str]:
    if len(password) < policy.minimum_length:
        yield f"Password should have a minimum length of {policy.minimum_length}"
    required = {
        "uppercase letter": policy.require_uppercase,
        "lowercase letter": policy.require_lowercase,
        "number": policy.require_numbers,
        "symbol": policy.require_symbols,
    }
    for kind, pattern in _KINDS.items():
        if required[kind] and not pattern.search(password):
            yield _lacks(kind)


def _default(password: str) -> Iterator[str]:
    """Eight characters, and three of the four kinds."""
    if len(password) < _DEFAULT_LENGTH:
        yield f"Password should have a minimum length of {_DEFAULT_LENGTH}"
    missing = [kind for kind, pattern in _KINDS.items() if not pattern.search(password)]
    more = len(missing) - (len(_KINDS) - _DEFAULT_KINDS)
    if more > 0:
        lacks = ", ".join(map(_lacks, missing))
        yield f"Password should meet {more} more of the following requirements: {lacks}"


def _no_policy(call: Call) -> NoSuchEntityException:
    return NoSuchEntityException(f"The Password Policy with domain name {call.account} cannot be found.")


@reads("iam", "GetAccountPasswordPolicy", OnNothing("iam:GetAccountPasswordPolicy"))
def get_password_policy(call: Call, _: GetAccountPasswordPolicyRequest) -> GetAccountPasswordPolicyResponse:
    """The account's own password policy; an account without one has AWS's default, which is not shown."""
    with call.reading() as tx:
        policy = tx.password_policy(call.account)
    if policy is None:
        raise _no_policy(call)
    return GetAccountPasswordPolicyResponse(
        password_policy=shapes.PasswordPolicy(
            minimum_password_length=policy.minimum_length,
            require_symbols=policy.require_symbols,
            require_numbers=policy.require_numbers,
            require_uppercase_characters=policy.require_uppercase,
            require_lowercase_characters=policy.require_lowercase,
            allow_users_to_change_password=policy.users_may_change,
            expire_passwords=policy.max_age > 0,
            max_password_age=policy.max_age or None,
            password_reuse_prevention=policy.reuse_prevention or None,
            hard_expiry=policy.hard_expiry or None,
        )
    )


@writes(
    "iam",
    "UpdateAccountPasswordPolicy",
    OnNothing("iam:UpdateAccountPasswordPolicy"),
    recorded=recorded(
        "minimum_password_length",
        "require_symbols",
        "require_numbers",
        "require_uppercase_characters",
        "require_lowercase_characters",
        "allow_users_to_change_password",
        "max_password_age",
        "password_reuse_prevention",
        "hard_expiry",
    ),
)
def update_password_policy(call: WriteCall, request: UpdateAccountPasswordPolicyRequest) -> None:
    """Replaces the whole policy: what is left out gets its default. Passwords that exist stay as they are."""
    call.tx.put_password_policy(
        PasswordPolicy(
            account=call.account,
            minimum_length=request.minimum_password_length or 6,
            require_symbols=bool(request.require_symbols),
            require_numbers=bool(request.require_numbers),
            require_uppercase=bool(request.require_uppercase_characters),
            require_lowercase=bool(request.require_lowercase_characters),
            users_may_change=bool(request.allow_users_to_change_password),
            max_age=request.max_password_age or 0,
            reuse_prevention=request.password_reuse_prevention or 0,
            hard_expiry=bool(request.hard_expiry),
        )
    )


@writes("iam", "DeleteAccountPasswordPolicy", OnNothing("iam:DeleteAccountPasswordPolicy"))
def delete_password_policy(call: WriteCall, _: DeleteAccountPasswordPolicyRequest) -> None:
    """Removes the account's own policy: AWS's default holds again."""
    if call.tx.password_policy(call.account) is None:
        raise _no_policy(call)
    call.tx.delete_password_policy(call.account)
