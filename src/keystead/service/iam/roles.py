"""CreateRole, GetRole, ListRoles, UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy, DeleteRole."""

from dataclasses import replace
from typing import Any

import msgspec

from keystead.kinds import PrincipalType
from keystead.model import Principal, RoleDetails
from keystead.names import RoleArn
from keystead.service.call import Call, WriteCall
from keystead.service.iam.boundaries import boundary_of, shown_boundary
from keystead.service.iam.elements import made
from keystead.service.iam.identifiers import new_unique_id
from keystead.service.iam.inline_policies import check_deletable
from keystead.service.iam.named import ROOT_PATH, on_role, own_role_of, role_of
from keystead.service.iam.pages import page
from keystead.service.iam.tags import CASELESS, checked
from keystead.service.iam.tags import shown as shown_tags
from keystead.service.iam.trust_policies import accepted
from keystead.service.operation import Named, OnArn, reads, recorded, writes
from keystead.service.principals import shown_document
from keystead.shapes.iam import (
    CreateRoleRequest,
    CreateRoleResponse,
    DeleteRoleRequest,
    GetRoleRequest,
    GetRoleResponse,
    ListRolesRequest,
    ListRolesResponse,
    Role,
    RoleLastUsed,
    UpdateAssumeRolePolicyRequest,
    UpdateRoleDescriptionRequest,
    UpdateRoleDescriptionResponse,
    UpdateRoleRequest,
    UpdateRoleResponse,
)
from keystead.shapes.iam_errors import (
    DeleteConflictException,
    EntityAlreadyExistsException,
    InvalidInputException,
)
from keystead.store.port import AlreadyExists, ReadTx

SERVICE_LINKED_PATH = "/aws-service-role/"
"""Where the roles are that services own."""

LEAST_SESSION = 3600
"""Seconds that a session of a role lasts at most, unless the role says more."""


def listed(tx: ReadTx, role: Principal) -> Role:
    """A role as ListRoles answers it: without boundary and tags."""
    details = details_of(role)
    return Role(
        path=role.path,
        role_name=role.name,
        role_id=role.unique_id,
        arn=str(role.arn),
        create_date=role.created / 1000,
        assume_role_policy_document=shown_document(tx, details.trust_policy),
        description=details.description or None,
        max_session_duration=details.max_session_duration,
    )


def shown(tx: ReadTx, role: Principal) -> Role:
    """A role as GetRole answers it; when it was last used is not kept."""
    return msgspec.structs.replace(
        listed(tx, role),
        permissions_boundary=shown_boundary(role.boundary),
        tags=shown_tags(role.tags),
        role_last_used=RoleLastUsed(),
    )


def details_of(role: Principal) -> RoleDetails:
    """What a role has and a user has not."""
    assert role.role is not None, "it is a role"
    return role.role


def _new(call: Call, request: CreateRoleRequest) -> Named:
    return Named(str(RoleArn(call.account, request.path or ROOT_PATH, request.role_name)))


def _tagged(request: CreateRoleRequest) -> bool:
    return bool(request.tags)


def _check_path(request: CreateRoleRequest) -> None:
    if (request.path or "").startswith(SERVICE_LINKED_PATH):  # the sentence is ours (unverified)
        raise InvalidInputException(
            f"Roles with a path that begins with {SERVICE_LINKED_PATH} are made by CreateServiceLinkedRole."
        )


@writes(
    "iam",
    "CreateRole",
    OnArn("iam:CreateRole", _new),
    OnArn("iam:TagRole", _new, when=_tagged),
    check=_check_path,
    recorded=recorded(
        "path",
        "role_name",
        "assume_role_policy_document",
        "description",
        "max_session_duration",
        "permissions_boundary",
        "tags",
        elements=made,
    ),
)
def create_role(call: WriteCall, request: CreateRoleRequest) -> CreateRoleResponse:
    """Makes a role that may do nothing yet; its name is new in the account, whatever the case."""
    role = Principal(
        unique_id=new_unique_id("AROA", call.random),
        account=call.account,
        type=PrincipalType.ROLE,
        path=request.path or ROOT_PATH,
        name=request.role_name,
        created=call.time,
        tags=checked(request.tags, CASELESS),
        boundary=boundary_of(call.tx, call.account, request.permissions_boundary),
        role=RoleDetails(
            trust_policy=accepted(call.tx, request.assume_role_policy_document),
            description=request.description or "",
            max_session_duration=request.max_session_duration or LEAST_SESSION,
        ),
    )
    add_role(call, role)
    return CreateRoleResponse(role=msgspec.structs.replace(shown(call.tx, role), role_last_used=None))


def add_role(call: WriteCall, role: Principal) -> None:
    """Adds a role, or EntityAlreadyExistsException."""
    try:
        call.tx.add_principal(role)
    except AlreadyExists:
        raise EntityAlreadyExistsException(f"Role with name {role.name} already exists.") from None


@reads("iam", "GetRole", on_role("iam:GetRole"), recorded=recorded("role_name"))
def get_role(call: Call, request: GetRoleRequest) -> GetRoleResponse:
    """A role with its trust policy, in which principals stand by the ARNs that they have now."""
    with call.reading() as tx:
        return GetRoleResponse(role=shown(tx, role_of(call, tx, request.role_name)))


def _prefix(call: Call, request: ListRolesRequest) -> Named:
    return Named(str(RoleArn(call.account, request.path_prefix or ROOT_PATH, "")))


@reads(
    "iam",
    "ListRoles",
    OnArn("iam:ListRoles", _prefix),
    recorded=recorded("path_prefix", "marker", "max_items"),
)
def list_roles(call: Call, request: ListRolesRequest) -> ListRolesResponse:
    """The roles of the caller's account whose path begins with the prefix, by name."""
    bounds = page(call, request)
    prefix = request.path_prefix or ROOT_PATH
    with call.reading() as tx:
        found = tx.principals(call.account, PrincipalType.ROLE, prefix, bounds.after, bounds.limit + 1)
        roles = bounds.cut(found, lambda role: role.name.lower())
        answer = [listed(tx, role) for role in roles.items]
    return ListRolesResponse(roles=answer, is_truncated=roles.marker is not None, marker=roles.marker)


@writes(
    "iam",
    "UpdateRole",
    on_role("iam:UpdateRole"),
    recorded=recorded("role_name", "description", "max_session_duration"),
)
def update_role(call: WriteCall, request: UpdateRoleRequest) -> UpdateRoleResponse:
    """Gives a role another description or longest session; what is not given stays.

    The description of a role that a service owns may change too (IAM User Guide).
    """
    of = role_of if request.max_session_duration is None else own_role_of
    role = of(call, call.tx, request.role_name)
    given = {
        "description": request.description,
        "max_session_duration": request.max_session_duration,
    }
    _change(call, role, **{name: value for name, value in given.items() if value is not None})
    return UpdateRoleResponse()


@writes(
    "iam",
    "UpdateRoleDescription",
    on_role("iam:UpdateRoleDescription"),
    recorded=recorded("role_name", "description", elements=made),
)
def update_role_description(
    call: WriteCall, request: UpdateRoleDescriptionRequest
) -> UpdateRoleDescriptionResponse:
    """Gives a role another description, also one that a service owns (IAM User Guide)."""
    role = role_of(call, call.tx, request.role_name)
    changed = _change(call, role, description=request.description)
    return UpdateRoleDescriptionResponse(role=shown(call.tx, changed))


@writes(
    "iam",
    "UpdateAssumeRolePolicy",
    on_role("iam:UpdateAssumeRolePolicy"),
    recorded=recorded("role_name", "policy_document"),
)
def update_assume_role_policy(call: WriteCall, request: UpdateAssumeRolePolicyRequest) -> None:
    """Replaces the trust policy; in force for the next AssumeRole."""
    role = own_role_of(call, call.tx, request.role_name)
    _change(call, role, trust_policy=accepted(call.tx, request.policy_document))


def _change(call: WriteCall, role: Principal, **details: Any) -> Principal:
    changed = replace(role, role=replace(details_of(role), **details))
    call.tx.alter_principal(changed)
    return changed


@writes("iam", "DeleteRole", on_role("iam:DeleteRole"), recorded=recorded("role_name"))
def delete_role(call: WriteCall, request: DeleteRoleRequest) -> None:
    """Removes a role without policies and instance profiles; its unique id is never given out again."""
    role = own_role_of(call, call.tx, request.role_name)
    if call.tx.instance_profiles_of(role.unique_id, "", 1):
        raise DeleteConflictException("Cannot delete entity, must remove roles from instance profile first.")
    check_deletable(call.tx, role.unique_id)
    call.tx.delete_principal(role.unique_id)
