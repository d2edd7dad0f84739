"""How people sign in: passwords of IAM users, and the rules for them."""

from dataclasses import dataclass, field

from keystead.names import AccountId


@dataclass(frozen=True, slots=True)
class LoginProfile:
    """That an IAM user has a password.

    Attributes:
        principal: the user's unique id.
        sealed_passwords: hashes of the password and of those before it, newest first; they open only under
            the root key and this user's unique id (`crypto.password`).
        created: when the user got the first password.
        changed: when the user got this one.
        reset_required: whether the user must choose another at the next sign-in.
    """

    principal: str
    sealed_passwords: bytes = field(repr=False)
    created: int
    changed: int
    reset_required: bool


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """What an account asks of its users' passwords (IAM API, `PasswordPolicy`).

    Attributes:
        minimum_length: characters.
        users_may_change: whether users may change their own without a policy that says so.
        max_age: days until a password expires; 0 for never.
        reuse_prevention: how many of a user's last passwords a new one may not be; 0 for none.
        hard_expiry: whether a user with an expired password needs an administrator.
    """

    account: AccountId
    minimum_length: int
    require_symbols: bool
    require_numbers: bool
    require_uppercase: bool
    require_lowercase: bool
    users_may_change: bool
    max_age: int
    reuse_prevention: int
    hard_expiry: bool
