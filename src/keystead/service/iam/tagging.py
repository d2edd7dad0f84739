"""Tagging of users, roles, managed policies and instance profiles, untagging, and listing their tags."""

from dataclasses import replace

from keystead.service.call import Call, WriteCall
from keystead.service.iam.named import (
    instance_profile_of,
    on_instance_profile,
    on_role,
    role_of,
)
from keystead.service.iam.named_policy import check_policy_arn, on_policy, own_policy_of, policy_of
from keystead.service.iam.named_user import on_user, user_of
from keystead.service.iam.pages import page
from keystead.service.iam.tags import CASELESS, EXACT, checked, page_of_tags, with_tags, without_tags
from keystead.service.operation import reads, recorded, writes
from keystead.shapes import iam as shapes


@writes(
    "iam",
    "TagUser",
    on_user("iam:TagUser"),
    recorded=recorded("user_name", "tags"),
)
def tag_user(call: WriteCall, request: shapes.TagUserRequest) -> None:
    """Adds tags to a user, or gives those that are there new values."""
    user = user_of(call, call.tx, request.user_name)
    tags = with_tags(user.tags, checked(request.tags, CASELESS), CASELESS)
    call.tx.alter_principal(replace(user, tags=tags))


@writes(
    "iam",
    "UntagUser",
    on_user("iam:UntagUser"),
    recorded=recorded("user_name", "tag_keys"),
)
def untag_user(call: WriteCall, request: shapes.UntagUserRequest) -> None:
    """Removes tags of a user by their keys."""
    user = user_of(call, call.tx, request.user_name)
    tags = without_tags(user.tags, request.tag_keys, CASELESS)
    call.tx.alter_principal(replace(user, tags=tags))


@reads(
    "iam",
    "ListUserTags",
    on_user("iam:ListUserTags"),
    recorded=recorded("user_name", "marker", "max_items"),
)
def list_user_tags(call: Call, request: shapes.ListUserTagsRequest) -> shapes.ListUserTagsResponse:
    """The tags of a user, by key."""
    bounds = page(call, request)
    with call.reading() as tx:
        tags = page_of_tags(user_of(call, tx, request.user_name).tags, bounds)
    return shapes.ListUserTagsResponse(
        tags=list(tags.items), is_truncated=tags.marker is not None, marker=tags.marker
    )


@writes(
    "iam",
    "TagRole",
    on_role("iam:TagRole"),
    recorded=recorded("role_name", "tags"),
)
def tag_role(call: WriteCall, request: shapes.TagRoleRequest) -> None:
    """Adds tags to a role, or gives those that are there new values."""
    role = role_of(call, call.tx, request.role_name)
    tags = with_tags(role.tags, checked(request.tags, CASELESS), CASELESS)
    call.tx.alter_principal(replace(role, tags=tags))


@writes(
    "iam",
    "UntagRole",
    on_role("iam:UntagRole"),
    recorded=recorded("role_name", "tag_keys"),
)
def untag_role(call: WriteCall, request: shapes.UntagRoleRequest) -> None:
    """Removes tags of a role by their keys."""
    role = role_of(call, call.tx, request.role_name)
    tags = without_tags(role.tags, request.tag_keys, CASELESS)
    call.tx.alter_principal(replace(role, tags=tags))


@reads(
    "iam",
    "ListRoleTags",
    on_role("iam:ListRoleTags"),
    recorded=recorded("role_name", "marker", "max_items"),
)
def list_role_tags(call: Call, request: shapes.ListRoleTagsRequest) -> shapes.ListRoleTagsResponse:
    """The tags of a role, by key."""
    bounds = page(call, request)
    with call.reading() as tx:
        tags = page_of_tags(role_of(call, tx, request.role_name).tags, bounds)
    return shapes.ListRoleTagsResponse(
        tags=list(tags.items), is_truncated=tags.marker is not None, marker=tags.marker
    )


@writes(
    "iam",
    "TagPolicy",
    on_policy("iam:TagPolicy"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "tags"),
)
def tag_policy(call: WriteCall, request: shapes.TagPolicyRequest) -> None:
    """Adds tags to a managed policy, or gives those that are there new values."""
    policy = own_policy_of(call, call.tx, request.policy_arn)
    tags = with_tags(policy.tags, checked(request.tags, EXACT), EXACT)
    call.tx.alter_managed_policy(replace(policy, tags=tags))


@writes(
    "iam",
    "UntagPolicy",
    on_policy("iam:UntagPolicy"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "tag_keys"),
)
def untag_policy(call: WriteCall, request: shapes.UntagPolicyRequest) -> None:
    """Removes tags of a managed policy by their keys."""
    policy = own_policy_of(call, call.tx, request.policy_arn)
    tags = without_tags(policy.tags, request.tag_keys, EXACT)
    call.tx.alter_managed_policy(replace(policy, tags=tags))


@reads(
    "iam",
    "ListPolicyTags",
    on_policy("iam:ListPolicyTags"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "marker", "max_items"),
)
def list_policy_tags(call: Call, request: shapes.ListPolicyTagsRequest) -> shapes.ListPolicyTagsResponse:
    """The tags of a managed policy, by key."""
    bounds = page(call, request)
    with call.reading() as tx:
        tags = page_of_tags(policy_of(call, tx, request.policy_arn).tags, bounds)
    return shapes.ListPolicyTagsResponse(
        tags=list(tags.items), is_truncated=tags.marker is not None, marker=tags.marker
    )


@writes(
    "iam",
    "TagInstanceProfile",
    on_instance_profile("iam:TagInstanceProfile"),
    recorded=recorded("instance_profile_name", "tags"),
)
def tag_instance_profile(call: WriteCall, request: shapes.TagInstanceProfileRequest) -> None:
    """Adds tags to an instance profile, or gives those that are there new values."""
    instance_profile = instance_profile_of(call, call.tx, request.instance_profile_name)
    tags = with_tags(instance_profile.tags, checked(request.tags, EXACT), EXACT)
    call.tx.alter_instance_profile(replace(instance_profile, tags=tags))


@writes(
    "iam",
    "UntagInstanceProfile",
    on_instance_profile("iam:UntagInstanceProfile"),
    recorded=recorded("instance_profile_name", "tag_keys"),
)
def untag_instance_profile(call: WriteCall, request: shapes.UntagInstanceProfileRequest) -> None:
    """Removes tags of an instance profile by their keys."""
    instance_profile = instance_profile_of(call, call.tx, request.instance_profile_name)
    tags = without_tags(instance_profile.tags, request.tag_keys, EXACT)
    call.tx.alter_instance_profile(replace(instance_profile, tags=tags))


@reads(
    "iam",
    "ListInstanceProfileTags",
    on_instance_profile("iam:ListInstanceProfileTags"),
    recorded=recorded("instance_profile_name", "marker", "max_items"),
)
def list_instance_profile_tags(
    call: Call, request: shapes.ListInstanceProfileTagsRequest
) -> shapes.ListInstanceProfileTagsResponse:
    """The tags of an instance profile, by key."""
    bounds = page(call, request)
    with call.reading() as tx:
        tags = page_of_tags(instance_profile_of(call, tx, request.instance_profile_name).tags, bounds)
    return shapes.ListInstanceProfileTagsResponse(
        tags=list(tags.items), is_truncated=tags.marker is not None, marker=tags.marker
    )
