"""CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser; what a user answers with."""

from dataclasses import replace

import msgspec

from keystead.kinds import PrincipalType
from keystead.model import Principal
from keystead.names import AccountId, UserArn
from keystead.policy.request import CallerKind
from keystead.service.call import Call, WriteCall
from keystead.service.iam.boundaries import boundary_of, shown_boundary
from keystead.service.iam.elements import made
from keystead.service.iam.identifiers import new_unique_id
from keystead.service.iam.inline_policies import check_deletable
from keystead.service.iam.named import ROOT_PATH
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import page
from keystead.service.iam.tags import CASELESS, checked
from keystead.service.iam.tags import shown as shown_tags
from keystead.service.operation import Named, OnArn, reads, recorded, writes
from keystead.shapes.iam import (
    CreateUserRequest,
    CreateUserResponse,
    DeleteUserRequest,
    GetUserRequest,
    GetUserResponse,
    ListUsersRequest,
    ListUsersResponse,
    UpdateUserRequest,
    User,
)
from keystead.shapes.iam_errors import DeleteConflictException, EntityAlreadyExistsException
from keystead.store.port import AlreadyExists, ReadTx


def listed(user: Principal) -> User:
    """A user as ListUsers answers it: without boundary and tags."""
    return User(
        path=user.path,
        user_name=user.name,
        user_id=user.unique_id,
        arn=str(user.arn),
        create_date=user.created / 1000,
    )


def shown(user: Principal) -> User:
    """A user as GetUser answers it."""
    return msgspec.structs.replace(
        listed(user), permissions_boundary=shown_boundary(user.boundary), tags=shown_tags(user.tags)
    )


def _new(call: Call, request: CreateUserRequest) -> Named:
    return Named(str(UserArn(call.account, request.path or ROOT_PATH, request.user_name)))


def _tagged(request: CreateUserRequest) -> bool:
    return bool(request.tags)


@writes(
    "iam",
    "CreateUser",
    OnArn("iam:CreateUser", _new),
    OnArn("iam:TagUser", _new, when=_tagged),
    recorded=recorded("path", "user_name", "permissions_boundary", "tags", elements=made),
)
def create_user(call: WriteCall, request: CreateUserRequest) -> CreateUserResponse:
    """Makes a user that may do nothing yet; its name is new in the account, whatever the case."""
    user = Principal(
        unique_id=new_unique_id("AIDA", call.random),
        account=call.account,
        type=PrincipalType.USER,
        path=request.path or ROOT_PATH,
        name=request.user_name,
        created=call.time,
        tags=checked(request.tags, CASELESS),
        boundary=boundary_of(call.tx, call.account, request.permissions_boundary),
    )
    try:
        call.tx.add_principal(user)
    except AlreadyExists:
        raise EntityAlreadyExistsException(f"User with name {user.name} already exists.") from None
    return CreateUserResponse(user=shown(user))


@reads("iam", "GetUser", on_user("iam:GetUser"), recorded=recorded("user_name"))
def get_user(call: Call, request: GetUserRequest) -> GetUserResponse:
    """A user, or the caller when nobody is named."""
    with call.reading() as tx:
        if request.user_name is None and call.caller.kind is CallerKind.ROOT:
            return GetUserResponse(user=_root(tx, call.account, call.caller.arn))
        return GetUserResponse(user=shown(user_of(call, tx, request.user_name)))


def _root(tx: ReadTx, id: AccountId, arn: str) -> User:
    account = tx.account(id)
    assert account is not None, "a caller's account exists"
    # The model requires a name and a path, which a root user lacks; these two are ours (unverified).
    return User(path=ROOT_PATH, user_name=id, user_id=id, arn=arn, create_date=account.created / 1000)


def _prefix(call: Call, request: ListUsersRequest) -> Named:
    return Named(str(UserArn(call.account, request.path_prefix or ROOT_PATH, "")))


@reads(
    "iam",
    "ListUsers",
    OnArn("iam:ListUsers", _prefix),
    recorded=recorded("path_prefix", "marker", "max_items"),
)
def list_users(call: Call, request: ListUsersRequest) -> ListUsersResponse:
    """The users of the caller's account whose path begins with the prefix, by name."""
    bounds = page(call, request)
    prefix = request.path_prefix or ROOT_PATH
    with call.reading() as tx:
        found = tx.principals(call.account, PrincipalType.USER, prefix, bounds.after, bounds.limit + 1)
    users = bounds.cut(found, lambda user: user.name.lower())
    return ListUsersResponse(
        users=[listed(user) for user in users.items],
        is_truncated=users.marker is not None,
        marker=users.marker,
    )


def _renamed(user: Principal, request: UpdateUserRequest) -> Principal:
    return replace(user, path=request.new_path or user.path, name=request.new_user_name or user.name)


def _renamed_arn(call: Call, request: UpdateUserRequest) -> Named:
    """The user under the ARN that it will have; of one who is not there, what can be known of it."""
    with call.reading() as tx:
        user = tx.principal_named(call.account, PrincipalType.USER, request.user_name)
    if user is None:
        path, name = request.new_path or ROOT_PATH, request.new_user_name or request.user_name
        return Named(str(UserArn(call.account, path, name)))
    return Named(str(_renamed(user, request).arn), user.tags, user.boundary)


@writes(
    "iam",
    "UpdateUser",
    on_user("iam:UpdateUser"),
    OnArn("iam:UpdateUser", _renamed_arn),
    recorded=recorded("user_name", "new_path", "new_user_name"),
)
def update_user(call: WriteCall, request: UpdateUserRequest) -> None:
    """Gives a user another name or path; it needs the right to both the old and the new ARN.

    The unique id stays, and with it everything that belongs to the user or names it: policies, access keys,
    groups, grants, and key policies, which show the new ARN from then on (IAM User Guide, "Renaming an IAM
    user"). Policies that hold the old ARN as a resource do not follow.
    """
    user = user_of(call, call.tx, request.user_name)
    renamed = _renamed(user, request)
    try:
        call.tx.alter_principal(renamed)
    except AlreadyExists:
        raise EntityAlreadyExistsException(f"User with name {renamed.name} already exists.") from None


@writes("iam", "DeleteUser", on_user("iam:DeleteUser"), recorded=recorded("user_name"))
def delete_user(call: WriteCall, request: DeleteUserRequest) -> None:
    """Removes a user without belongings and groups; its unique id is never given out again."""
    user = user_of(call, call.tx, request.user_name)
    check_deletable(call.tx, user.unique_id)
    if call.tx.groups_of(user.unique_id):
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    if call.tx.credentials(user.unique_id):
        raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
    if call.tx.login_profile(user.unique_id) is not None:
        raise DeleteConflictException("Cannot delete entity, must delete login profile first.")
    call.tx.delete_principal(user.unique_id)
