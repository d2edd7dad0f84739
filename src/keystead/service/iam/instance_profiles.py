"""Instance profiles: what hands a role to an instance. Nothing uses them here; clients ask for them."""

from dataclasses import replace

import msgspec

from keystead.model import InstanceProfile
from keystead.names import InstanceProfileArn
from keystead.policy.catalogue import ResourceType
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import made
from keystead.service.iam.identifiers import new_unique_id
from keystead.service.iam.named import (
    ROOT_PATH,
    instance_profile_of,
    on_instance_profile,
    on_passed_role,
    on_role,
    own_role_of,
    role_of,
)
from keystead.service.iam.pages import page
from keystead.service.iam.roles import listed as listed_role
from keystead.service.iam.tags import EXACT, checked
from keystead.service.iam.tags import shown as shown_tags
from keystead.service.operation import Named, OnArn, reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import (
    DeleteConflictException,
    EntityAlreadyExistsException,
    LimitExceededException,
    NoSuchEntityException,
)
from keystead.store.port import AlreadyExists, ReadTx


def listed(tx: ReadTx, profile: InstanceProfile) -> shapes.InstanceProfile:
    """An instance profile as the List operations answer it: without tags."""
    role = None if profile.role is None else tx.principal(profile.role)
    return shapes.InstanceProfile(
        path=profile.path,
        instance_profile_name=profile.name,
        instance_profile_id=profile.unique_id,
        arn=str(profile.arn),
        create_date=profile.created / 1000,
        roles=[] if role is None else [listed_role(tx, role)],
    )


def shown(tx: ReadTx, profile: InstanceProfile) -> shapes.InstanceProfile:
    """An instance profile as GetInstanceProfile answers it."""
    return msgspec.structs.replace(listed(tx, profile), tags=shown_tags(profile.tags))


def _new(call: Call, request: shapes.CreateInstanceProfileRequest) -> Named:
    path = request.path or ROOT_PATH
    return Named(str(InstanceProfileArn(call.account, path, request.instance_profile_name)))


def _tagged(request: shapes.CreateInstanceProfileRequest) -> bool:
    return bool(request.tags)


@writes(
    "iam",
    "CreateInstanceProfile",
    OnArn("iam:CreateInstanceProfile", _new, ResourceType.INSTANCE_PROFILE),
    OnArn("iam:TagInstanceProfile", _new, ResourceType.INSTANCE_PROFILE, when=_tagged),
    recorded=recorded("path", "instance_profile_name", "tags", elements=made),
)
def create_instance_profile(
    call: WriteCall, request: shapes.CreateInstanceProfileRequest
) -> shapes.CreateInstanceProfileResponse:
    """Makes an instance profile without role; its name is new in the account, whatever the case."""
    profile = InstanceProfile(
        unique_id=new_unique_id("AIPA", call.random),
        account=call.account,
        path=request.path or ROOT_PATH,
        name=request.instance_profile_name,
        created=call.time,
        tags=checked(request.tags, EXACT),
    )
    try:
        call.tx.add_instance_profile(profile)
    except AlreadyExists:
        raise EntityAlreadyExistsException(f"Instance Profile {profile.name} already exists.") from None
    return shapes.CreateInstanceProfileResponse(instance_profile=shown(call.tx, profile))


@reads(
    "iam",
    "GetInstanceProfile",
    on_instance_profile("iam:GetInstanceProfile"),
    recorded=recorded("instance_profile_name"),
)
def get_instance_profile(
    call: Call, request: shapes.GetInstanceProfileRequest
) -> shapes.GetInstanceProfileResponse:
    """An instance profile with its role."""
    with call.reading() as tx:
        profile = instance_profile_of(call, tx, request.instance_profile_name)
        return shapes.GetInstanceProfileResponse(instance_profile=shown(tx, profile))


def _prefix(call: Call, request: shapes.ListInstanceProfilesRequest) -> Named:
    return Named(str(InstanceProfileArn(call.account, request.path_prefix or ROOT_PATH, "")))


@reads(
    "iam",
    "ListInstanceProfiles",
    OnArn("iam:ListInstanceProfiles", _prefix, ResourceType.INSTANCE_PROFILE),
    recorded=recorded("path_prefix", "marker", "max_items"),
)
def list_instance_profiles(
    call: Call, request: shapes.ListInstanceProfilesRequest
) -> shapes.ListInstanceProfilesResponse:
    """The instance profiles of the caller's account whose path begins with the prefix, by name."""
    bounds = page(call, request)
    prefix = request.path_prefix or ROOT_PATH
    with call.reading() as tx:
        found = tx.instance_profiles(call.account, prefix, bounds.after, bounds.limit + 1)
        profiles = bounds.cut(found, lambda profile: profile.name.lower())
        answer = [listed(tx, profile) for profile in profiles.items]
    return shapes.ListInstanceProfilesResponse(
        instance_profiles=answer, is_truncated=profiles.marker is not None, marker=profiles.marker
    )


@reads(
    "iam",
    "ListInstanceProfilesForRole",
    on_role("iam:ListInstanceProfilesForRole"),
    recorded=recorded("role_name", "marker", "max_items"),
)
def list_instance_profiles_for_role(
    call: Call, request: shapes.ListInstanceProfilesForRoleRequest
) -> shapes.ListInstanceProfilesForRoleResponse:
    """The instance profiles that hold a role, by name."""
    bounds = page(call, request)
    with call.reading() as tx:
        role = role_of(call, tx, request.role_name)
        found = tx.instance_profiles_of(role.unique_id, bounds.after, bounds.limit + 1)
        profiles = bounds.cut(found, lambda profile: profile.name.lower())
        answer = [listed(tx, profile) for profile in profiles.items]
    return shapes.ListInstanceProfilesForRoleResponse(
        instance_profiles=answer, is_truncated=profiles.marker is not None, marker=profiles.marker
    )


@writes(
    "iam",
    "AddRoleToInstanceProfile",
    on_instance_profile("iam:AddRoleToInstanceProfile"),
    on_passed_role("iam:PassRole"),
    recorded=recorded("instance_profile_name", "role_name"),
)
def add_role_to_instance_profile(call: WriteCall, request: shapes.AddRoleToInstanceProfileRequest) -> None:
    """Puts a role into an instance profile, which holds one at most."""
    profile = instance_profile_of(call, call.tx, request.instance_profile_name)
    role = own_role_of(call, call.tx, request.role_name)
    if profile.role is not None:
        raise LimitExceededException("Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
    call.tx.alter_instance_profile(replace(profile, role=role.unique_id))


@writes(
    "iam",
    "RemoveRoleFromInstanceProfile",
    on_instance_profile("iam:RemoveRoleFromInstanceProfile"),
    recorded=recorded("instance_profile_name", "role_name"),
)
def remove_role_from_instance_profile(
    call: WriteCall, request: shapes.RemoveRoleFromInstanceProfileRequest
) -> None:
    """Takes the role out of an instance profile."""
    profile = instance_profile_of(call, call.tx, request.instance_profile_name)
    role = None if profile.role is None else call.tx.principal(profile.role)
    if role is None or role.name.lower() != request.role_name.lower():
        raise NoSuchEntityException(f"The role with name {request.role_name} cannot be found.")
    call.tx.alter_instance_profile(replace(profile, role=None))


@writes(
    "iam",
    "DeleteInstanceProfile",
    on_instance_profile("iam:DeleteInstanceProfile"),
    recorded=recorded("instance_profile_name"),
)
def delete_instance_profile(call: WriteCall, request: shapes.DeleteInstanceProfileRequest) -> None:
    """Removes an instance profile without role."""
    profile = instance_profile_of(call, call.tx, request.instance_profile_name)
    if profile.role is not None:
        raise DeleteConflictException("Cannot delete entity, must remove roles from instance profile first.")
    call.tx.delete_instance_profile(profile.unique_id)
