"""Passwords of users: Create-, Get-, Update- and DeleteLoginProfile, ChangePassword.

Argon2id runs before the transaction, so that nobody waits for it. The transaction makes sure that the
passwords which it was run against are still the user's.
"""

from dataclasses import dataclass, replace

from keystead.crypto.password import PasswordHash, hash_password, open_passwords, position, seal_passwords
from keystead.model import LoginProfile, Principal
from keystead.policy.request import CallerKind
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import made
from keystead.service.iam.named_user import named_caller, on_user, user_of
from keystead.service.iam.password_policy import MOST_REMEMBERED, check_password
from keystead.service.lookup import null_member
from keystead.service.operation import Labour, OnArn, reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.errors import AccessDeniedException
from keystead.shapes.iam import (
    ChangePasswordRequest,
    CreateLoginProfileRequest,
    CreateLoginProfileResponse,
    DeleteLoginProfileRequest,
    GetLoginProfileRequest,
    GetLoginProfileResponse,
    UpdateLoginProfileRequest,
)
from keystead.shapes.iam_errors import (
    EntityAlreadyExistsException,
    EntityTemporarilyUnmodifiableException,
    InvalidUserTypeException,
    NoSuchEntityException,
    PasswordPolicyViolationException,
)
from keystead.store.port import AlreadyExists, ReadTx


def _profile_of(tx: ReadTx, user: Principal) -> LoginProfile:
    profile = tx.login_profile(user.unique_id)
    if profile is None:
        raise NoSuchEntityException(f"Login Profile for User {user.name} cannot be found.")
    return profile


def _shown(user: Principal, profile: LoginProfile) -> shapes.LoginProfile:
    return shapes.LoginProfile(
        user_name=user.name,
        create_date=profile.created / 1000,
        password_reset_required=profile.reset_required,
    )


def _hashing(_: Call) -> Labour:
    """The labour of hashing a password, which is meant to take tens of milliseconds."""
    return Labour.LONG


def _hash_first(call: Call, request: CreateLoginProfileRequest) -> PasswordHash:
    if request.password is None:  # the model lets it out for sessions of AssumeRoot, which there are none of
        raise null_member("password")
    return hash_password(request.password, random=call.random)


@writes(
    "iam",
    "CreateLoginProfile",
    on_user("iam:CreateLoginProfile"),
    prepare=_hash_first,
    labour=_hashing,
    recorded=recorded("user_name", "password_reset_required", elements=made),
)
def create_login_profile(call: WriteCall, request: CreateLoginProfileRequest) -> CreateLoginProfileResponse:
    """Gives a user a password, if the account's password policy accepts it."""
    user = user_of(call, call.tx, request.user_name)
    check_password(call.tx, call.account, request.password or "")
    profile = LoginProfile(
        principal=user.unique_id,
        sealed_passwords=seal_passwords(call.sealer, user.unique_id, [call.prepared], call.random),
        created=call.time,
        changed=call.time,
        reset_required=bool(request.password_reset_required),
    )
    try:
        call.tx.add_login_profile(profile)
    except AlreadyExists:
        raise EntityAlreadyExistsException(f"Login Profile for User {user.name} already exists.") from None
    return CreateLoginProfileResponse(login_profile=_shown(user, profile))


@reads("iam", "GetLoginProfile", on_user("iam:GetLoginProfile"), recorded=recorded("user_name"))
def get_login_profile(call: Call, request: GetLoginProfileRequest) -> GetLoginProfileResponse:
    """That a user has a password, and since when."""
    with call.reading() as tx:
        user = user_of(call, tx, request.user_name)
        profile = _profile_of(tx, user)
    return GetLoginProfileResponse(login_profile=_shown(user, profile))


@dataclass(frozen=True, slots=True)
class _Change:
    """What Argon2id made of a change of a password.

    Attributes:
        seen: the sealed passwords that the user had then.
        old: those, open.
        new: the hash of the new password.
        reused: where the new one is among the old, or None.
        proven: whether the caller knew the password; None if nobody asked.
    """

    seen: bytes
    old: tuple[PasswordHash, ...]
    new: PasswordHash
    reused: int | None
    proven: bool | None


def _change(call: Call, name: str | None, new: str, current: str | None) -> _Change:
    with call.reading() as tx:
        profile = _profile_of(tx, user_of(call, tx, name))
    old = open_passwords(call.sealer, profile.principal, profile.sealed_passwords)
    return _Change(
        seen=profile.sealed_passwords,
        old=old,
        new=hash_password(new, old[0], call.random),
        reused=position(new, old),
        proven=None if current is None else position(current, old[:1]) is not None,
    )


def _with_new_password(
    call: WriteCall, user: Principal, profile: LoginProfile, password: str
) -> LoginProfile:
    """The profile with the password that was prepared, if nothing forbids it."""
    change: _Change = call.prepared
    if change.seen != profile.sealed_passwords:
        raise EntityTemporarilyUnmodifiableException(
            f"Login Profile for User {user.name} cannot be modified while login profile is being created."
        )
    policy = call.tx.password_policy(call.account)
    check_password(call.tx, call.account, password)
    if policy is not None and change.reused is not None and change.reused < policy.reuse_prevention:
        raise PasswordPolicyViolationException(
            "Policy constraint violation with password reuse prevention during password change."
        )
    hashes = (change.new, *change.old)[:MOST_REMEMBERED]
    sealed = seal_passwords(call.sealer, user.unique_id, hashes, call.random)
    return replace(profile, sealed_passwords=sealed, changed=call.time)


def _hash_next(call: Call, request: UpdateLoginProfileRequest) -> _Change | None:
    return None if request.password is None else _change(call, request.user_name, request.password, None)


@writes(
    "iam",
    "UpdateLoginProfile",
    on_user("iam:UpdateLoginProfile"),
    prepare=_hash_next,
    labour=lambda call: Labour.NONE if call.request.password is None else Labour.LONG,
    recorded=recorded("user_name", "password_reset_required"),
)
def update_login_profile(call: WriteCall, request: UpdateLoginProfileRequest) -> None:
    """Gives a user another password, or says whether the user must choose one; what is left out stays."""
    user = user_of(call, call.tx, request.user_name)
    profile = _profile_of(call.tx, user)
    if request.password is not None:
        profile = _with_new_password(call, user, profile, request.password)
    if request.password_reset_required is not None:
        profile = replace(profile, reset_required=request.password_reset_required)
    call.tx.put_login_profile(profile)


@writes("iam", "DeleteLoginProfile", on_user("iam:DeleteLoginProfile"), recorded=recorded("user_name"))
def delete_login_profile(call: WriteCall, request: DeleteLoginProfileRequest) -> None:
    """Takes a user's password away; access keys stay."""
    user = user_of(call, call.tx, request.user_name)
    call.tx.delete_login_profile(_profile_of(call.tx, user).principal)


def _hash_own(call: Call, request: ChangePasswordRequest) -> _Change:
    if call.caller.kind is not CallerKind.USER:
        raise InvalidUserTypeException("Only IAM Users can change their own password")  # (unverified)
    return _change(call, None, request.new_password, request.old_password)


@writes(
    "iam",
    "ChangePassword",
    OnArn("iam:ChangePassword", lambda call, _: named_caller(call)),
    prepare=_hash_own,
    labour=_hashing,
    recorded=recorded(),
)
def change_password(call: WriteCall, request: ChangePasswordRequest) -> None:
    """Changes the caller's own password, for who knows it."""
    user = user_of(call, call.tx, None)
    profile = _profile_of(call.tx, user)
    if not call.prepared.proven:
        raise AccessDeniedException("The old password was incorrect.")  # (unverified)
    changed = _with_new_password(call, user, profile, request.new_password)
    call.tx.put_login_profile(replace(changed, reset_required=False))
