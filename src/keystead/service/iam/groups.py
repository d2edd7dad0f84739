"""CreateGroup, GetGroup, ListGroups, UpdateGroup, DeleteGroup."""

from dataclasses import replace

from keystead.model import Group
from keystead.names import GroupArn
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import made
from keystead.service.iam.identifiers import new_unique_id
from keystead.service.iam.inline_policies import check_deletable
from keystead.service.iam.named import ROOT_PATH, group_of, on_group
from keystead.service.iam.pages import page
from keystead.service.iam.users import listed as listed_user
from keystead.service.operation import Named, OnArn, reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import DeleteConflictException, EntityAlreadyExistsException
from keystead.store.port import AlreadyExists


def shown(group: Group) -> shapes.Group:
    """A group as IAM answers it."""
    return shapes.Group(
        path=group.path,
        group_name=group.name,
        group_id=group.unique_id,
        arn=str(group.arn),
        create_date=group.created / 1000,
    )


def _new(call: Call, request: shapes.CreateGroupRequest) -> Named:
    return Named(str(GroupArn(call.account, request.path or ROOT_PATH, request.group_name)))


@writes(
    "iam",
    "CreateGroup",
    OnArn("iam:CreateGroup", _new),
    recorded=recorded("path", "group_name", elements=made),
)
def create_group(call: WriteCall, request: shapes.CreateGroupRequest) -> shapes.CreateGroupResponse:
    """Makes a group without members and policies; its name is new in the account, whatever the case."""
    group = Group(
        unique_id=new_unique_id("AGPA", call.random),
        account=call.account,
        path=request.path or ROOT_PATH,
        name=request.group_name,
        created=call.time,
    )
    try:
        call.tx.add_group(group)
    except AlreadyExists:
        raise _taken(group) from None
    return shapes.CreateGroupResponse(group=shown(group))


def _taken(group: Group) -> EntityAlreadyExistsException:
    return EntityAlreadyExistsException(f"Group with name {group.name} already exists.")


@reads(
    "iam",
    "GetGroup",
    on_group("iam:GetGroup"),
    recorded=recorded("group_name", "marker", "max_items"),
)
def get_group(call: Call, request: shapes.GetGroupRequest) -> shapes.GetGroupResponse:
    """A group and its members, by name."""
    bounds = page(call, request)
    with call.reading() as tx:
        group = group_of(call, tx, request.group_name)
        found = tx.members(group.unique_id, bounds.after, bounds.limit + 1)
    users = bounds.cut(found, lambda user: user.name.lower())
    return shapes.GetGroupResponse(
        group=shown(group),
        users=[listed_user(user) for user in users.items],
        is_truncated=users.marker is not None,
        marker=users.marker,
    )


def _prefix(call: Call, request: shapes.ListGroupsRequest) -> Named:
    return Named(str(GroupArn(call.account, request.path_prefix or ROOT_PATH, "")))


@reads(
    "iam",
    "ListGroups",
    OnArn("iam:ListGroups", _prefix),
    recorded=recorded("path_prefix", "marker", "max_items"),
)
def list_groups(call: Call, request: shapes.ListGroupsRequest) -> shapes.ListGroupsResponse:
    """The groups of the caller's account whose path begins with the prefix, by name."""
    bounds = page(call, request)
    prefix = request.path_prefix or ROOT_PATH
    with call.reading() as tx:
        found = tx.groups(call.account, prefix, bounds.after, bounds.limit + 1)
    groups = bounds.cut(found, lambda group: group.name.lower())
    return shapes.ListGroupsResponse(
        groups=[shown(group) for group in groups.items],
        is_truncated=groups.marker is not None,
        marker=groups.marker,
    )


def _renamed(group: Group, request: shapes.UpdateGroupRequest) -> Group:
    return replace(group, path=request.new_path or group.path, name=request.new_group_name or group.name)


def _new_name(call: Call, request: shapes.UpdateGroupRequest) -> Named:
    with call.reading() as tx:
        group = tx.group_named(call.account, request.group_name)
    before = group or Group("", call.account, ROOT_PATH, request.group_name, 0)
    return Named(str(_renamed(before, request).arn))


def _moves(request: shapes.UpdateGroupRequest) -> bool:
    return bool(request.new_path or request.new_group_name)


@writes(
    "iam",
    "UpdateGroup",
    on_group("iam:UpdateGroup"),
    OnArn("iam:UpdateGroup", _new_name, when=_moves),
    recorded=recorded("group_name", "new_path", "new_group_name"),
)
def update_group(call: WriteCall, request: shapes.UpdateGroupRequest) -> None:
    """Gives a group another name or path; members, policies and unique id stay."""
    changed = _renamed(group_of(call, call.tx, request.group_name), request)
    try:
        call.tx.alter_group(changed)
    except AlreadyExists:
        raise _taken(changed) from None


@writes("iam", "DeleteGroup", on_group("iam:DeleteGroup"), recorded=recorded("group_name"))
def delete_group(call: WriteCall, request: shapes.DeleteGroupRequest) -> None:
    """Removes a group without members and policies."""
    group = group_of(call, call.tx, request.group_name)
    if call.tx.members(group.unique_id, "", 1):
        raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
    check_deletable(call.tx, group.unique_id)
    call.tx.delete_group(group.unique_id)
