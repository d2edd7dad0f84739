"""Permissions boundaries of users and roles.

A boundary is named by the ARN of a managed policy of the account's or of AWS's.
"""

from dataclasses import replace

from keystead.model import Principal
from keystead.names import AccountId
from keystead.service.call import WriteCall
from keystead.service.iam.named import on_role, own_role_of
from keystead.service.iam.named_policy import attachable
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.operation import recorded, writes
from keystead.shapes.iam import (
    AttachedPermissionsBoundary,
    DeleteRolePermissionsBoundaryRequest,
    DeleteUserPermissionsBoundaryRequest,
    PutRolePermissionsBoundaryRequest,
    PutUserPermissionsBoundaryRequest,
)
from keystead.shapes.iam_errors import NoSuchEntityException
from keystead.store.port import ReadTx, WriteTx


def boundary_of(tx: ReadTx, account: AccountId, arn: str | None) -> str | None:
    """What a request asks for as a boundary, None for none.

    Raises:
        InvalidInputException: it is no ARN of a managed policy.
        NoSuchEntityException: there is no such policy that the account could use.
    """
    if arn is None:
        return None
    if attachable(tx, account, arn) is None:
        raise NoSuchEntityException(f"Scope ARN: {arn} does not exist or is not attachable.")
    return arn


def shown_boundary(arn: str | None) -> AttachedPermissionsBoundary | None:
    """A boundary as IAM answers it; its type is the word of the User Guide, which the model does not list."""
    if arn is None:
        return None
    return AttachedPermissionsBoundary(permissions_boundary_type="Policy", permissions_boundary_arn=arn)


@writes(
    "iam",
    "PutUserPermissionsBoundary",
    on_user("iam:PutUserPermissionsBoundary"),
    recorded=recorded("user_name", "permissions_boundary"),
)
def put_user_permissions_boundary(call: WriteCall, request: PutUserPermissionsBoundaryRequest) -> None:
    """Limits a user to what a managed policy allows; in force for its next request."""
    user = user_of(call, call.tx, request.user_name)
    _set(call.tx, user, boundary_of(call.tx, call.account, request.permissions_boundary))


@writes(
    "iam",
    "DeleteUserPermissionsBoundary",
    on_user("iam:DeleteUserPermissionsBoundary"),
    recorded=recorded("user_name"),
)
def delete_user_permissions_boundary(call: WriteCall, request: DeleteUserPermissionsBoundaryRequest) -> None:
    """Takes a user's boundary away; a user without one is left alone (unverified)."""
    _set(call.tx, user_of(call, call.tx, request.user_name), None)


@writes(
    "iam",
    "PutRolePermissionsBoundary",
    on_role("iam:PutRolePermissionsBoundary"),
    recorded=recorded("role_name", "permissions_boundary"),
)
def put_role_permissions_boundary(call: WriteCall, request: PutRolePermissionsBoundaryRequest) -> None:
    """Limits the sessions of a role to what a managed policy allows; in force for their next request."""
    role = own_role_of(call, call.tx, request.role_name)
    _set(call.tx, role, boundary_of(call.tx, call.account, request.permissions_boundary))


@writes(
    "iam",
    "DeleteRolePermissionsBoundary",
    on_role("iam:DeleteRolePermissionsBoundary"),
    recorded=recorded("role_name"),
)
def delete_role_permissions_boundary(call: WriteCall, request: DeleteRolePermissionsBoundaryRequest) -> None:
    """Takes a role's boundary away; a role without one is left alone (unverified)."""
    role = own_role_of(call, call.tx, request.role_name)
    _set(call.tx, role, None)


def _set(tx: WriteTx, principal: Principal, boundary: str | None) -> None:
    tx.alter_principal(replace(principal, boundary=boundary))
