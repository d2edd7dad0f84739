"""AddUserToGroup, RemoveUserFromGroup, ListGroupsForUser."""

from keystead.kinds import PrincipalType
from keystead.model import Principal
from keystead.service.call import Call, WriteCall
from keystead.service.iam.groups import shown
from keystead.service.iam.named import group_of, on_group, there
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import page
from keystead.service.operation import reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import LimitExceededException, NoSuchEntityException

MOST_GROUPS = 10
"""IAM User Guide, "IAM and AWS STS quotas": groups that a user can be a member of."""


@writes(
    "iam",
    "AddUserToGroup",
    on_group("iam:AddUserToGroup"),
    recorded=recorded("group_name", "user_name"),
)
def add_user_to_group(call: WriteCall, request: shapes.AddUserToGroupRequest) -> None:
    """Gives a user the group's policies, for its next request; a member is left alone."""
    group = group_of(call, call.tx, request.group_name)
    user = _user(call, request.user_name)
    groups = call.tx.groups_of(user.unique_id)
    if group in groups:
        return
    if len(groups) >= MOST_GROUPS:
        raise LimitExceededException(f"Cannot exceed quota for GroupsPerUser: {MOST_GROUPS}")
    call.tx.add_member(group.unique_id, user.unique_id)


@writes(
    "iam",
    "RemoveUserFromGroup",
    on_group("iam:RemoveUserFromGroup"),
    recorded=recorded("group_name", "user_name"),
)
def remove_user_from_group(call: WriteCall, request: shapes.RemoveUserFromGroupRequest) -> None:
    """Takes the group's policies from a user, for its next request."""
    group = group_of(call, call.tx, request.group_name)
    user = _user(call, request.user_name)
    if group not in call.tx.groups_of(user.unique_id):  # the sentence is ours (unverified)
        raise NoSuchEntityException(f"User {user.name} is not in group {group.name}.")
    call.tx.remove_member(group.unique_id, user.unique_id)


def _user(call: WriteCall, name: str) -> Principal:
    """The user of that name; only the group is authorized (Service Authorization Reference)."""
    found = call.tx.principal_named(call.account, PrincipalType.USER, name)
    return there(found, f"The user with name {name} cannot be found.")


@reads(
    "iam",
    "ListGroupsForUser",
    on_user("iam:ListGroupsForUser"),
    recorded=recorded("user_name", "marker", "max_items"),
)
def list_groups_for_user(
    call: Call, request: shapes.ListGroupsForUserRequest
) -> shapes.ListGroupsForUserResponse:
    """The groups of a user, by name."""
    bounds = page(call, request)
    with call.reading() as tx:
        found = tx.groups_of(user_of(call, tx, request.user_name).unique_id)
    groups = bounds.cut(
        [group for group in found if group.name.lower() > bounds.after], lambda group: group.name.lower()
    )
    return shapes.ListGroupsForUserResponse(
        groups=[shown(group) for group in groups.items],
        is_truncated=groups.marker is not None,
        marker=groups.marker,
    )
