"""Requests and responses of AWS Identity and Access Management.

Written by `tools/generate_shapes.py` from AWS's model iam 2010-05-08: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from keystead.shapes.record import OperationShape, Record, ServiceShape

ArnType = Annotated[str, Meta(min_length=20, max_length=2048)]


ClientIDType = Annotated[str, Meta(min_length=1, max_length=255)]


class AddClientIDToOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    client_id: ClientIDType = msgspec.field(name="ClientID")


InstanceProfileNameType = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


RoleNameType = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


class AddRoleToInstanceProfileRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType
    role_name: RoleNameType


GroupNameType = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


ExistingUserNameType = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


class AddUserToGroupRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    user_name: ExistingUserNameType


class AttachGroupPolicyRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    policy_arn: ArnType


class AttachRolePolicyRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    policy_arn: ArnType


UserNameType = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


class AttachUserPolicyRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType
    policy_arn: ArnType


PasswordType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0009\u000A\u000D\u0020-\u00FF]+"},
    ),
]


class ChangePasswordRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"old_password", "new_password"})

    old_password: PasswordType
    new_password: PasswordType


class CreateAccessKeyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType | None = None


class AccessKey(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"secret_access_key"})

    user_name: str
    access_key_id: str
    status: str
    secret_access_key: str
    create_date: float | None = None


class CreateAccessKeyResponse(Record, frozen=True, kw_only=True):
    access_key: AccessKey


AccountAliasType = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=63,
        pattern=r"^(?a:^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$)\Z",
        extra={"pattern": r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$"},
    ),
]


class CreateAccountAliasRequest(Record, frozen=True, kw_only=True):
    account_alias: AccountAliasType


PathType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=512,
        pattern=r"^(?a:(\u002F)|(\u002F[\u0021-\u007E]+\u002F))\Z",
        extra={"pattern": r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)"},
    ),
]


class CreateGroupRequest(Record, frozen=True, kw_only=True):
    path: PathType | None = None
    group_name: GroupNameType


class Group(Record, frozen=True, kw_only=True):
    path: str
    group_name: str
    group_id: str
    arn: str
    create_date: float


class CreateGroupResponse(Record, frozen=True, kw_only=True):
    group: Group


TagKeyType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        pattern=r"^(?:[\w\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000_.:/=+\-@]+)\Z",
        extra={"pattern": r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"},
    ),
]


TagValueType = Annotated[
    str,
    Meta(
        max_length=256,
        pattern=r"^(?:[\w\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000_.:/=+\-@]*)\Z",
        extra={"pattern": r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"},
    ),
]


class Tag(Record, frozen=True, kw_only=True):
    key: TagKeyType
    value: TagValueType


TagListType = Annotated[list[Tag], Meta(max_length=50)]


class CreateInstanceProfileRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType
    path: PathType | None = None
    tags: TagListType | None = None


class AttachedPermissionsBoundary(Record, frozen=True, kw_only=True):
    permissions_boundary_type: str | None = None
    permissions_boundary_arn: str | None = None


class RoleLastUsed(Record, frozen=True, kw_only=True):
    last_used_date: float | None = None
    region: str | None = None


class SourceRoleTemplate(Record, frozen=True, kw_only=True):
    template_arn: str
    template_minor_version: int


class Role(Record, frozen=True, kw_only=True):
    path: str
    role_name: str
    role_id: str
    arn: str
    create_date: float
    assume_role_policy_document: str | None = None
    description: str | None = None
    max_session_duration: int | None = None
    permissions_boundary: AttachedPermissionsBoundary | None = None
    tags: list[Tag] | None = None
    role_last_used: RoleLastUsed | None = None
    source_role_template: SourceRoleTemplate | None = None


class InstanceProfile(Record, frozen=True, kw_only=True):
    path: str
    instance_profile_name: str
    instance_profile_id: str
    arn: str
    create_date: float
    roles: list[Role]
    tags: list[Tag] | None = None


class CreateInstanceProfileResponse(Record, frozen=True, kw_only=True):
    instance_profile: InstanceProfile


BooleanType = bool


class CreateLoginProfileRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"password"})

    user_name: UserNameType | None = None
    password: PasswordType | None = None
    password_reset_required: BooleanType | None = None


class LoginProfile(Record, frozen=True, kw_only=True):
    user_name: str
    create_date: float
    password_reset_required: bool | None = None


class CreateLoginProfileResponse(Record, frozen=True, kw_only=True):
    login_profile: LoginProfile


OpenIDConnectProviderUrlType = Annotated[str, Meta(min_length=1, max_length=255)]


ClientIDListType = list[ClientIDType]


ThumbprintType = Annotated[str, Meta(min_length=40, max_length=40)]


ThumbprintListType = list[ThumbprintType]


class CreateOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    url: OpenIDConnectProviderUrlType
    client_id_list: ClientIDListType | None = msgspec.field(default=None, name="ClientIDList")
    thumbprint_list: ThumbprintListType | None = None
    tags: TagListType | None = None


class CreateOpenIDConnectProviderResponse(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: str | None = msgspec.field(default=None, name="OpenIDConnectProviderArn")
    tags: list[Tag] | None = None


PolicyNameType = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


PolicyPathType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=512,
        pattern=r"^(?a:((/[A-Za-z0-9\.,\+@=_-]+)*)/)\Z",
        extra={"pattern": r"((/[A-Za-z0-9\.,\+@=_-]+)*)/"},
    ),
]


PolicyDocumentType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=131072,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0009\u000A\u000D\u0020-\u00FF]+"},
    ),
]


PolicyDescriptionType = Annotated[str, Meta(max_length=1000)]


class CreatePolicyRequest(Record, frozen=True, kw_only=True):
    policy_name: PolicyNameType
    path: PolicyPathType | None = None
    policy_document: PolicyDocumentType
    description: PolicyDescriptionType | None = None
    tags: TagListType | None = None


class Policy(Record, frozen=True, kw_only=True):
    policy_name: str | None = None
    policy_id: str | None = None
    arn: str | None = None
    path: str | None = None
    default_version_id: str | None = None
    attachment_count: int | None = None
    permissions_boundary_usage_count: int | None = None
    is_attachable: bool | None = None
    description: str | None = None
    create_date: float | None = None
    update_date: float | None = None
    tags: list[Tag] | None = None


class CreatePolicyResponse(Record, frozen=True, kw_only=True):
    policy: Policy | None = None


class CreatePolicyVersionRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    policy_document: PolicyDocumentType
    set_as_default: BooleanType | None = None


class PolicyVersion(Record, frozen=True, kw_only=True):
    document: str | None = None
    version_id: str | None = None
    is_default_version: bool | None = None
    create_date: float | None = None


class CreatePolicyVersionResponse(Record, frozen=True, kw_only=True):
    policy_version: PolicyVersion | None = None


RoleDescriptionType = Annotated[
    str,
    Meta(
        max_length=1000,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*)\Z",
        extra={"pattern": r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"},
    ),
]


RoleMaxSessionDurationType = Annotated[int, Meta(ge=3600, le=43200)]


class CreateRoleRequest(Record, frozen=True, kw_only=True):
    path: PathType | None = None
    role_name: RoleNameType
    assume_role_policy_document: PolicyDocumentType
    description: RoleDescriptionType | None = None
    max_session_duration: RoleMaxSessionDurationType | None = None
    permissions_boundary: ArnType | None = None
    tags: TagListType | None = None


class CreateRoleResponse(Record, frozen=True, kw_only=True):
    role: Role


CustomSuffixType = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


class CreateServiceLinkedRoleRequest(Record, frozen=True, kw_only=True):
    aws_service_name: GroupNameType = msgspec.field(name="AWSServiceName")
    description: RoleDescriptionType | None = None
    custom_suffix: CustomSuffixType | None = None


class CreateServiceLinkedRoleResponse(Record, frozen=True, kw_only=True):
    role: Role | None = None


class CreateUserRequest(Record, frozen=True, kw_only=True):
    path: PathType | None = None
    user_name: UserNameType
    permissions_boundary: ArnType | None = None
    tags: TagListType | None = None


class User(Record, frozen=True, kw_only=True):
    path: str
    user_name: str
    user_id: str
    arn: str
    create_date: float
    password_last_used: float | None = None
    permissions_boundary: AttachedPermissionsBoundary | None = None
    tags: list[Tag] | None = None


class CreateUserResponse(Record, frozen=True, kw_only=True):
    user: User | None = None


AccessKeyIdType = Annotated[
    str, Meta(min_length=16, max_length=128, pattern=r"^(?a:[\w]+)\Z", extra={"pattern": r"[\w]+"})
]


class DeleteAccessKeyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType | None = None
    access_key_id: AccessKeyIdType


class DeleteAccountAliasRequest(Record, frozen=True, kw_only=True):
    account_alias: AccountAliasType


class DeleteAccountPasswordPolicyRequest(Record, frozen=True, kw_only=True):
    pass


class DeleteGroupRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType


class DeleteGroupPolicyRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    policy_name: PolicyNameType


class DeleteInstanceProfileRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType


class DeleteLoginProfileRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType | None = None


class DeleteOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")


class DeletePolicyRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType


PolicyVersionIdType = Annotated[
    str,
    Meta(
        pattern=r"^(?a:v[1-9][0-9]*(\.[A-Za-z0-9-]*)?)\Z",
        extra={"pattern": r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?"},
    ),
]


class DeletePolicyVersionRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    version_id: PolicyVersionIdType


class DeleteRoleRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType


class DeleteRolePermissionsBoundaryRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType


class DeleteRolePolicyRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    policy_name: PolicyNameType


class DeleteServiceLinkedRoleRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType


class DeleteServiceLinkedRoleResponse(Record, frozen=True, kw_only=True):
    deletion_task_id: str


class DeleteUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType


class DeleteUserPermissionsBoundaryRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType


class DeleteUserPolicyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    policy_name: PolicyNameType


class DetachGroupPolicyRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    policy_arn: ArnType


class DetachRolePolicyRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    policy_arn: ArnType


class DetachUserPolicyRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType
    policy_arn: ArnType


class GetAccessKeyLastUsedRequest(Record, frozen=True, kw_only=True):
    access_key_id: AccessKeyIdType


class AccessKeyLastUsed(Record, frozen=True, kw_only=True):
    last_used_date: float | None = None
    service_name: str
    region: str


class GetAccessKeyLastUsedResponse(Record, frozen=True, kw_only=True):
    user_name: str | None = None
    access_key_last_used: AccessKeyLastUsed | None = None


EntityType = Literal["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"]


EntityListType = list[EntityType]


MaxItemsType = Annotated[int, Meta(ge=1, le=1000)]


MarkerType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=320,
        pattern=r"^(?a:[\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0020-\u00FF]+"},
    ),
]


class GetAccountAuthorizationDetailsRequest(Record, frozen=True, kw_only=True):
    filter: EntityListType | None = None
    max_items: MaxItemsType | None = None
    marker: MarkerType | None = None


class PolicyDetail(Record, frozen=True, kw_only=True):
    policy_name: str | None = None
    policy_document: str | None = None


class AttachedPolicy(Record, frozen=True, kw_only=True):
    policy_name: str | None = None
    policy_arn: str | None = None


class UserDetail(Record, frozen=True, kw_only=True):
    path: str | None = None
    user_name: str | None = None
    user_id: str | None = None
    arn: str | None = None
    create_date: float | None = None
    user_policy_list: list[PolicyDetail] | None = None
    group_list: list[str] | None = None
    attached_managed_policies: list[AttachedPolicy] | None = None
    permissions_boundary: AttachedPermissionsBoundary | None = None
    tags: list[Tag] | None = None


class GroupDetail(Record, frozen=True, kw_only=True):
    path: str | None = None
    group_name: str | None = None
    group_id: str | None = None
    arn: str | None = None
    create_date: float | None = None
    group_policy_list: list[PolicyDetail] | None = None
    attached_managed_policies: list[AttachedPolicy] | None = None


class RoleDetail(Record, frozen=True, kw_only=True):
    path: str | None = None
    role_name: str | None = None
    role_id: str | None = None
    arn: str | None = None
    create_date: float | None = None
    assume_role_policy_document: str | None = None
    instance_profile_list: list[InstanceProfile] | None = None
    role_policy_list: list[PolicyDetail] | None = None
    attached_managed_policies: list[AttachedPolicy] | None = None
    permissions_boundary: AttachedPermissionsBoundary | None = None
    tags: list[Tag] | None = None
    role_last_used: RoleLastUsed | None = None


class ManagedPolicyDetail(Record, frozen=True, kw_only=True):
    policy_name: str | None = None
    policy_id: str | None = None
    arn: str | None = None
    path: str | None = None
    default_version_id: str | None = None
    attachment_count: int | None = None
    permissions_boundary_usage_count: int | None = None
    is_attachable: bool | None = None
    description: str | None = None
    create_date: float | None = None
    update_date: float | None = None
    policy_version_list: list[PolicyVersion] | None = None


class GetAccountAuthorizationDetailsResponse(Record, frozen=True, kw_only=True):
    user_detail_list: list[UserDetail] | None = None
    group_detail_list: list[GroupDetail] | None = None
    role_detail_list: list[RoleDetail] | None = None
    policies: list[ManagedPolicyDetail] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


class GetAccountPasswordPolicyRequest(Record, frozen=True, kw_only=True):
    pass


class PasswordPolicy(Record, frozen=True, kw_only=True):
    minimum_password_length: int | None = None
    require_symbols: bool | None = None
    require_numbers: bool | None = None
    require_uppercase_characters: bool | None = None
    require_lowercase_characters: bool | None = None
    allow_users_to_change_password: bool | None = None
    expire_passwords: bool | None = None
    max_password_age: int | None = None
    password_reuse_prevention: int | None = None
    hard_expiry: bool | None = None


class GetAccountPasswordPolicyResponse(Record, frozen=True, kw_only=True):
    password_policy: PasswordPolicy


class GetAccountSummaryRequest(Record, frozen=True, kw_only=True):
    pass


class GetAccountSummaryResponse(Record, frozen=True, kw_only=True):
    summary_map: dict[str, int] | None = None


SimulationPolicyListType = list[PolicyDocumentType]


class GetContextKeysForCustomPolicyRequest(Record, frozen=True, kw_only=True):
    policy_input_list: SimulationPolicyListType


class GetContextKeysForPolicyResponse(Record, frozen=True, kw_only=True):
    context_key_names: list[str] | None = None


class GetContextKeysForPrincipalPolicyRequest(Record, frozen=True, kw_only=True):
    policy_source_arn: ArnType
    policy_input_list: SimulationPolicyListType | None = None


class GetGroupRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class GetGroupResponse(Record, frozen=True, kw_only=True):
    group: Group
    users: list[User]
    is_truncated: bool | None = None
    marker: str | None = None


class GetGroupPolicyRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    policy_name: PolicyNameType


class GetGroupPolicyResponse(Record, frozen=True, kw_only=True):
    group_name: str
    policy_name: str
    policy_document: str


class GetInstanceProfileRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType


class GetInstanceProfileResponse(Record, frozen=True, kw_only=True):
    instance_profile: InstanceProfile


class GetLoginProfileRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType | None = None


class GetLoginProfileResponse(Record, frozen=True, kw_only=True):
    login_profile: LoginProfile


class GetOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")


class GetOpenIDConnectProviderResponse(Record, frozen=True, kw_only=True):
    url: str | None = None
    client_id_list: list[str] | None = msgspec.field(default=None, name="ClientIDList")
    thumbprint_list: list[str] | None = None
    create_date: float | None = None
    tags: list[Tag] | None = None


class GetPolicyRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType


class GetPolicyResponse(Record, frozen=True, kw_only=True):
    policy: Policy | None = None


class GetPolicyVersionRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    version_id: PolicyVersionIdType


class GetPolicyVersionResponse(Record, frozen=True, kw_only=True):
    policy_version: PolicyVersion | None = None


class GetRoleRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType


class GetRoleResponse(Record, frozen=True, kw_only=True):
    role: Role


class GetRolePolicyRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    policy_name: PolicyNameType


class GetRolePolicyResponse(Record, frozen=True, kw_only=True):
    role_name: str
    policy_name: str
    policy_document: str


DeletionTaskIdType = Annotated[str, Meta(min_length=1, max_length=1000)]


class GetServiceLinkedRoleDeletionStatusRequest(Record, frozen=True, kw_only=True):
    deletion_task_id: DeletionTaskIdType


class RoleUsageType(Record, frozen=True, kw_only=True):
    region: str | None = None
    resources: list[str] | None = None


class DeletionTaskFailureReasonType(Record, frozen=True, kw_only=True):
    reason: str | None = None
    role_usage_list: list[RoleUsageType] | None = None


class GetServiceLinkedRoleDeletionStatusResponse(Record, frozen=True, kw_only=True):
    status: str
    reason: DeletionTaskFailureReasonType | None = None


class GetUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType | None = None


class GetUserResponse(Record, frozen=True, kw_only=True):
    user: User


class GetUserPolicyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    policy_name: PolicyNameType


class GetUserPolicyResponse(Record, frozen=True, kw_only=True):
    user_name: str
    policy_name: str
    policy_document: str


class ListAccessKeysRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class AccessKeyMetadata(Record, frozen=True, kw_only=True):
    user_name: str | None = None
    access_key_id: str | None = None
    status: str | None = None
    create_date: float | None = None


class ListAccessKeysResponse(Record, frozen=True, kw_only=True):
    access_key_metadata: list[AccessKeyMetadata]
    is_truncated: bool | None = None
    marker: str | None = None


class ListAccountAliasesRequest(Record, frozen=True, kw_only=True):
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListAccountAliasesResponse(Record, frozen=True, kw_only=True):
    account_aliases: list[str]
    is_truncated: bool | None = None
    marker: str | None = None


class ListAttachedGroupPoliciesRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    path_prefix: PolicyPathType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListAttachedGroupPoliciesResponse(Record, frozen=True, kw_only=True):
    attached_policies: list[AttachedPolicy] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


class ListAttachedRolePoliciesRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    path_prefix: PolicyPathType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListAttachedRolePoliciesResponse(Record, frozen=True, kw_only=True):
    attached_policies: list[AttachedPolicy] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


class ListAttachedUserPoliciesRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType
    path_prefix: PolicyPathType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListAttachedUserPoliciesResponse(Record, frozen=True, kw_only=True):
    attached_policies: list[AttachedPolicy] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


PolicyUsageType = Literal["PermissionsPolicy", "PermissionsBoundary"]


class ListEntitiesForPolicyRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    entity_filter: EntityType | None = None
    path_prefix: PathType | None = None
    policy_usage_filter: PolicyUsageType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class PolicyGroup(Record, frozen=True, kw_only=True):
    group_name: str | None = None
    group_id: str | None = None


class PolicyUser(Record, frozen=True, kw_only=True):
    user_name: str | None = None
    user_id: str | None = None


class PolicyRole(Record, frozen=True, kw_only=True):
    role_name: str | None = None
    role_id: str | None = None


class ListEntitiesForPolicyResponse(Record, frozen=True, kw_only=True):
    policy_groups: list[PolicyGroup] | None = None
    policy_users: list[PolicyUser] | None = None
    policy_roles: list[PolicyRole] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


class ListGroupPoliciesRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListGroupPoliciesResponse(Record, frozen=True, kw_only=True):
    policy_names: list[str]
    is_truncated: bool | None = None
    marker: str | None = None


PathPrefixType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=512,
        pattern=r"^(?a:\u002F[\u0021-\u007F]*)\Z",
        extra={"pattern": r"\u002F[\u0021-\u007F]*"},
    ),
]


class ListGroupsRequest(Record, frozen=True, kw_only=True):
    path_prefix: PathPrefixType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListGroupsResponse(Record, frozen=True, kw_only=True):
    groups: list[Group]
    is_truncated: bool | None = None
    marker: str | None = None


class ListGroupsForUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListGroupsForUserResponse(Record, frozen=True, kw_only=True):
    groups: list[Group]
    is_truncated: bool | None = None
    marker: str | None = None


class ListInstanceProfileTagsRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListInstanceProfileTagsResponse(Record, frozen=True, kw_only=True):
    tags: list[Tag]
    is_truncated: bool | None = None
    marker: str | None = None


class ListInstanceProfilesRequest(Record, frozen=True, kw_only=True):
    path_prefix: PathPrefixType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListInstanceProfilesResponse(Record, frozen=True, kw_only=True):
    instance_profiles: list[InstanceProfile]
    is_truncated: bool | None = None
    marker: str | None = None


class ListInstanceProfilesForRoleRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListInstanceProfilesForRoleResponse(Record, frozen=True, kw_only=True):
    instance_profiles: list[InstanceProfile]
    is_truncated: bool | None = None
    marker: str | None = None


class ListMFADevicesRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class MFADevice(Record, frozen=True, kw_only=True):
    user_name: str
    serial_number: str
    enable_date: float


class ListMFADevicesResponse(Record, frozen=True, kw_only=True):
    mfa_devices: list[MFADevice] = msgspec.field(name="MFADevices")
    is_truncated: bool | None = None
    marker: str | None = None


class ListOpenIDConnectProviderTagsRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListOpenIDConnectProviderTagsResponse(Record, frozen=True, kw_only=True):
    tags: list[Tag]
    is_truncated: bool | None = None
    marker: str | None = None


class ListOpenIDConnectProvidersRequest(Record, frozen=True, kw_only=True):
    pass


class OpenIDConnectProviderListEntry(Record, frozen=True, kw_only=True):
    arn: str | None = None


class ListOpenIDConnectProvidersResponse(Record, frozen=True, kw_only=True):
    open_id_connect_provider_list: list[OpenIDConnectProviderListEntry] | None = msgspec.field(
        default=None, name="OpenIDConnectProviderList"
    )


PolicyScopeType = Literal["All", "AWS", "Local"]


class ListPoliciesRequest(Record, frozen=True, kw_only=True):
    scope: PolicyScopeType | None = None
    only_attached: BooleanType | None = None
    path_prefix: PolicyPathType | None = None
    policy_usage_filter: PolicyUsageType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListPoliciesResponse(Record, frozen=True, kw_only=True):
    policies: list[Policy] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


class ListPolicyTagsRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListPolicyTagsResponse(Record, frozen=True, kw_only=True):
    tags: list[Tag]
    is_truncated: bool | None = None
    marker: str | None = None


class ListPolicyVersionsRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListPolicyVersionsResponse(Record, frozen=True, kw_only=True):
    versions: list[PolicyVersion] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


class ListRolePoliciesRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListRolePoliciesResponse(Record, frozen=True, kw_only=True):
    policy_names: list[str]
    is_truncated: bool | None = None
    marker: str | None = None


class ListRoleTagsRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListRoleTagsResponse(Record, frozen=True, kw_only=True):
    tags: list[Tag]
    is_truncated: bool | None = None
    marker: str | None = None


class ListRolesRequest(Record, frozen=True, kw_only=True):
    path_prefix: PathPrefixType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListRolesResponse(Record, frozen=True, kw_only=True):
    roles: list[Role]
    is_truncated: bool | None = None
    marker: str | None = None


class ListSAMLProvidersRequest(Record, frozen=True, kw_only=True):
    pass


class SAMLProviderListEntry(Record, frozen=True, kw_only=True):
    arn: str | None = None
    valid_until: float | None = None
    create_date: float | None = None


class ListSAMLProvidersResponse(Record, frozen=True, kw_only=True):
    saml_provider_list: list[SAMLProviderListEntry] | None = msgspec.field(
        default=None, name="SAMLProviderList"
    )


class ListSSHPublicKeysRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class SSHPublicKeyMetadata(Record, frozen=True, kw_only=True):
    user_name: str
    ssh_public_key_id: str = msgspec.field(name="SSHPublicKeyId")
    status: str
    upload_date: float


class ListSSHPublicKeysResponse(Record, frozen=True, kw_only=True):
    ssh_public_keys: list[SSHPublicKeyMetadata] | None = msgspec.field(default=None, name="SSHPublicKeys")
    is_truncated: bool | None = None
    marker: str | None = None


class ListServerCertificatesRequest(Record, frozen=True, kw_only=True):
    path_prefix: PathPrefixType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ServerCertificateMetadata(Record, frozen=True, kw_only=True):
    path: str
    server_certificate_name: str
    server_certificate_id: str
    arn: str
    upload_date: float | None = None
    expiration: float | None = None


class ListServerCertificatesResponse(Record, frozen=True, kw_only=True):
    server_certificate_metadata_list: list[ServerCertificateMetadata]
    is_truncated: bool | None = None
    marker: str | None = None


ServiceName = str


AllUsers = bool


class ListServiceSpecificCredentialsRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType | None = None
    service_name: ServiceName | None = None
    all_users: AllUsers | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ServiceSpecificCredentialMetadata(Record, frozen=True, kw_only=True):
    user_name: str
    status: str
    service_user_name: str | None = None
    service_credential_alias: str | None = None
    create_date: float
    expiration_date: float | None = None
    service_specific_credential_id: str
    service_name: str


class ListServiceSpecificCredentialsResponse(Record, frozen=True, kw_only=True):
    service_specific_credentials: list[ServiceSpecificCredentialMetadata] | None = None
    marker: str | None = None
    is_truncated: bool | None = None


class ListSigningCertificatesRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class SigningCertificate(Record, frozen=True, kw_only=True):
    user_name: str
    certificate_id: str
    certificate_body: str
    status: str
    upload_date: float | None = None


class ListSigningCertificatesResponse(Record, frozen=True, kw_only=True):
    certificates: list[SigningCertificate]
    is_truncated: bool | None = None
    marker: str | None = None


class ListUserPoliciesRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListUserPoliciesResponse(Record, frozen=True, kw_only=True):
    policy_names: list[str]
    is_truncated: bool | None = None
    marker: str | None = None


class ListUserTagsRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListUserTagsResponse(Record, frozen=True, kw_only=True):
    tags: list[Tag]
    is_truncated: bool | None = None
    marker: str | None = None


class ListUsersRequest(Record, frozen=True, kw_only=True):
    path_prefix: PathPrefixType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListUsersResponse(Record, frozen=True, kw_only=True):
    users: list[User]
    is_truncated: bool | None = None
    marker: str | None = None


AssignmentStatusType = Literal["Assigned", "Unassigned", "Any"]


class ListVirtualMFADevicesRequest(Record, frozen=True, kw_only=True):
    assignment_status: AssignmentStatusType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class VirtualMFADevice(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"base32_string_seed", "qr_code_png"})

    serial_number: str
    base32_string_seed: bytes | None = None
    qr_code_png: bytes | None = msgspec.field(default=None, name="QRCodePNG")
    user: User | None = None
    enable_date: float | None = None
    tags: list[Tag] | None = None


class ListVirtualMFADevicesResponse(Record, frozen=True, kw_only=True):
    virtual_mfa_devices: list[VirtualMFADevice] = msgspec.field(name="VirtualMFADevices")
    is_truncated: bool | None = None
    marker: str | None = None


class PutGroupPolicyRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    policy_name: PolicyNameType
    policy_document: PolicyDocumentType


class PutRolePermissionsBoundaryRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    permissions_boundary: ArnType


class PutRolePolicyRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    policy_name: PolicyNameType
    policy_document: PolicyDocumentType


class PutUserPermissionsBoundaryRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType
    permissions_boundary: ArnType


class PutUserPolicyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    policy_name: PolicyNameType
    policy_document: PolicyDocumentType


class RemoveClientIDFromOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    client_id: ClientIDType = msgspec.field(name="ClientID")


class RemoveRoleFromInstanceProfileRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType
    role_name: RoleNameType


class RemoveUserFromGroupRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    user_name: ExistingUserNameType


class SetDefaultPolicyVersionRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    version_id: PolicyVersionIdType


class OrderedOrganizationPolicyType(Record, frozen=True, kw_only=True):
    service_control_policy_input_list: SimulationPolicyListType | None = None


OrganizationPolicyListType = Annotated[list[OrderedOrganizationPolicyType], Meta(max_length=7)]


ActionNameType = Annotated[str, Meta(min_length=3, max_length=128)]


ActionNameListType = list[ActionNameType]


ResourceNameType = Annotated[str, Meta(min_length=1, max_length=2048)]


ResourceNameListType = list[ResourceNameType]


ContextKeyNameType = Annotated[str, Meta(min_length=5, max_length=256)]


ContextKeyValueType = str


ContextKeyValueListType = list[ContextKeyValueType]


ContextKeyTypeEnum = Literal[
    "string",
    "stringList",
    "numeric",
    "numericList",
    "boolean",
    "booleanList",
    "ip",
    "ipList",
    "binary",
    "binaryList",
    "date",
    "dateList",
]


class ContextEntry(Record, frozen=True, kw_only=True):
    context_key_name: ContextKeyNameType | None = None
    context_key_values: ContextKeyValueListType | None = None
    context_key_type: ContextKeyTypeEnum | None = None


ContextEntryListType = list[ContextEntry]


ResourceHandlingOptionType = Annotated[str, Meta(min_length=1, max_length=64)]


class SimulateCustomPolicyRequest(Record, frozen=True, kw_only=True):
    policy_input_list: SimulationPolicyListType
    permissions_boundary_policy_input_list: SimulationPolicyListType | None = None
    ordered_organization_policy_input_list: OrganizationPolicyListType | None = None
    action_names: ActionNameListType
    resource_arns: ResourceNameListType | None = None
    resource_policy: PolicyDocumentType | None = None
    resource_owner: ResourceNameType | None = None
    caller_arn: ResourceNameType | None = None
    context_entries: ContextEntryListType | None = None
    resource_handling_option: ResourceHandlingOptionType | None = None
    max_items: MaxItemsType | None = None
    marker: MarkerType | None = None


class Position(Record, frozen=True, kw_only=True):
    line: int | None = None
    column: int | None = None


class Statement(Record, frozen=True, kw_only=True):
    source_policy_id: str | None = None
    source_policy_type: str | None = None
    start_position: Position | None = None
    end_position: Position | None = None


class OrganizationsDecisionDetail(Record, frozen=True, kw_only=True):
    allowed_by_organizations: bool | None = None


class PermissionsBoundaryDecisionDetail(Record, frozen=True, kw_only=True):
    allowed_by_permissions_boundary: bool | None = None


class ResourceSpecificResult(Record, frozen=True, kw_only=True):
    eval_resource_name: str
    eval_resource_decision: str
    matched_statements: list[Statement] | None = None
    missing_context_values: list[str] | None = None
    eval_decision_details: dict[str, str] | None = None
    permissions_boundary_decision_detail: PermissionsBoundaryDecisionDetail | None = None


class EvaluationResult(Record, frozen=True, kw_only=True):
    eval_action_name: str
    eval_resource_name: str | None = None
    eval_decision: str
    matched_statements: list[Statement] | None = None
    missing_context_values: list[str] | None = None
    organizations_decision_detail: OrganizationsDecisionDetail | None = None
    permissions_boundary_decision_detail: PermissionsBoundaryDecisionDetail | None = None
    eval_decision_details: dict[str, str] | None = None
    resource_specific_results: list[ResourceSpecificResult] | None = None


class SimulatePolicyResponse(Record, frozen=True, kw_only=True):
    evaluation_results: list[EvaluationResult] | None = None
    is_truncated: bool | None = None
    marker: str | None = None


PolicyIdentifierPolicyType = Literal[
    "inline", "aws-managed", "user-managed", "permission-boundary", "scp", "rcp"
]


AttachmentType = Literal["user", "group", "role"]


AttachmentName = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


class InlinePolicyIdentifierType(Record, frozen=True, kw_only=True):
    policy_name: PolicyNameType
    attachment_type: AttachmentType
    attachment_name: AttachmentName


class PolicyIdentifier(Record, frozen=True, kw_only=True):
    policy_type: PolicyIdentifierPolicyType | None = None
    policy_arn: ArnType | None = None
    inline_policy_identifier: InlinePolicyIdentifierType | None = None


PolicyExclusionsListType = Annotated[list[PolicyIdentifier], Meta(max_length=256)]


class SimulatePrincipalPolicyRequest(Record, frozen=True, kw_only=True):
    policy_source_arn: ArnType
    policy_input_list: SimulationPolicyListType | None = None
    permissions_boundary_policy_input_list: SimulationPolicyListType | None = None
    policy_exclusion_list: PolicyExclusionsListType | None = None
    action_names: ActionNameListType
    resource_arns: ResourceNameListType | None = None
    resource_policy: PolicyDocumentType | None = None
    resource_owner: ResourceNameType | None = None
    caller_arn: ResourceNameType | None = None
    context_entries: ContextEntryListType | None = None
    resource_handling_option: ResourceHandlingOptionType | None = None
    max_items: MaxItemsType | None = None
    marker: MarkerType | None = None


class TagInstanceProfileRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType
    tags: TagListType


class TagOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    tags: TagListType


class TagPolicyRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    tags: TagListType


class TagRoleRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    tags: TagListType


class TagUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    tags: TagListType


TagKeyListType = Annotated[list[TagKeyType], Meta(max_length=50)]


class UntagInstanceProfileRequest(Record, frozen=True, kw_only=True):
    instance_profile_name: InstanceProfileNameType
    tag_keys: TagKeyListType


class UntagOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    tag_keys: TagKeyListType


class UntagPolicyRequest(Record, frozen=True, kw_only=True):
    policy_arn: ArnType
    tag_keys: TagKeyListType


class UntagRoleRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    tag_keys: TagKeyListType


class UntagUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    tag_keys: TagKeyListType


StatusType = Literal["Active", "Inactive", "Expired"]


class UpdateAccessKeyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType | None = None
    access_key_id: AccessKeyIdType
    status: StatusType


MinimumPasswordLengthType = Annotated[int, Meta(ge=6, le=128)]


MaxPasswordAgeType = Annotated[int, Meta(ge=1, le=1095)]


PasswordReusePreventionType = Annotated[int, Meta(ge=1, le=24)]


BooleanObjectType = bool


class UpdateAccountPasswordPolicyRequest(Record, frozen=True, kw_only=True):
    minimum_password_length: MinimumPasswordLengthType | None = None
    require_symbols: BooleanType | None = None
    require_numbers: BooleanType | None = None
    require_uppercase_characters: BooleanType | None = None
    require_lowercase_characters: BooleanType | None = None
    allow_users_to_change_password: BooleanType | None = None
    max_password_age: MaxPasswordAgeType | None = None
    password_reuse_prevention: PasswordReusePreventionType | None = None
    hard_expiry: BooleanObjectType | None = None


class UpdateAssumeRolePolicyRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    policy_document: PolicyDocumentType


class UpdateGroupRequest(Record, frozen=True, kw_only=True):
    group_name: GroupNameType
    new_path: PathType | None = None
    new_group_name: GroupNameType | None = None


class UpdateLoginProfileRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"password"})

    user_name: UserNameType
    password: PasswordType | None = None
    password_reset_required: BooleanObjectType | None = None


class UpdateOpenIDConnectProviderThumbprintRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    thumbprint_list: ThumbprintListType


class UpdateRoleRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    description: RoleDescriptionType | None = None
    max_session_duration: RoleMaxSessionDurationType | None = None


class UpdateRoleResponse(Record, frozen=True, kw_only=True):
    pass


class UpdateRoleDescriptionRequest(Record, frozen=True, kw_only=True):
    role_name: RoleNameType
    description: RoleDescriptionType


class UpdateRoleDescriptionResponse(Record, frozen=True, kw_only=True):
    role: Role | None = None


class UpdateUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    new_path: PathType | None = None
    new_user_name: UserNameType | None = None


OPERATIONS: dict[str, OperationShape] = {
    operation.name: operation
    for operation in (
        OperationShape("AddClientIDToOpenIDConnectProvider", AddClientIDToOpenIDConnectProviderRequest, None),
        OperationShape("AddRoleToInstanceProfile", AddRoleToInstanceProfileRequest, None),
        OperationShape("AddUserToGroup", AddUserToGroupRequest, None),
        OperationShape("AttachGroupPolicy", AttachGroupPolicyRequest, None),
        OperationShape("AttachRolePolicy", AttachRolePolicyRequest, None),
        OperationShape("AttachUserPolicy", AttachUserPolicyRequest, None),
        OperationShape("ChangePassword", ChangePasswordRequest, None),
        OperationShape("CreateAccessKey", CreateAccessKeyRequest, CreateAccessKeyResponse),
        OperationShape("CreateAccountAlias", CreateAccountAliasRequest, None),
        OperationShape("CreateGroup", CreateGroupRequest, CreateGroupResponse),
        OperationShape("CreateInstanceProfile", CreateInstanceProfileRequest, CreateInstanceProfileResponse),
        OperationShape("CreateLoginProfile", CreateLoginProfileRequest, CreateLoginProfileResponse),
        OperationShape(
            "CreateOpenIDConnectProvider",
            CreateOpenIDConnectProviderRequest,
            CreateOpenIDConnectProviderResponse,
        ),
        OperationShape("CreatePolicy", CreatePolicyRequest, CreatePolicyResponse),
        OperationShape("CreatePolicyVersion", CreatePolicyVersionRequest, CreatePolicyVersionResponse),
        OperationShape("CreateRole", CreateRoleRequest, CreateRoleResponse),
        OperationShape(
            "CreateServiceLinkedRole", CreateServiceLinkedRoleRequest, CreateServiceLinkedRoleResponse
        ),
        OperationShape("CreateUser", CreateUserRequest, CreateUserResponse),
        OperationShape("DeleteAccessKey", DeleteAccessKeyRequest, None),
        OperationShape("DeleteAccountAlias", DeleteAccountAliasRequest, None),
        OperationShape("DeleteAccountPasswordPolicy", DeleteAccountPasswordPolicyRequest, None),
        OperationShape("DeleteGroup", DeleteGroupRequest, None),
        OperationShape("DeleteGroupPolicy", DeleteGroupPolicyRequest, None),
        OperationShape("DeleteInstanceProfile", DeleteInstanceProfileRequest, None),
        OperationShape("DeleteLoginProfile", DeleteLoginProfileRequest, None),
        OperationShape("DeleteOpenIDConnectProvider", DeleteOpenIDConnectProviderRequest, None),
        OperationShape("DeletePolicy", DeletePolicyRequest, None),
        OperationShape("DeletePolicyVersion", DeletePolicyVersionRequest, None),
        OperationShape("DeleteRole", DeleteRoleRequest, None),
        OperationShape("DeleteRolePermissionsBoundary", DeleteRolePermissionsBoundaryRequest, None),
        OperationShape("DeleteRolePolicy", DeleteRolePolicyRequest, None),
        OperationShape(
            "DeleteServiceLinkedRole", DeleteServiceLinkedRoleRequest, DeleteServiceLinkedRoleResponse
        ),
        OperationShape("DeleteUser", DeleteUserRequest, None),
        OperationShape("DeleteUserPermissionsBoundary", DeleteUserPermissionsBoundaryRequest, None),
        OperationShape("DeleteUserPolicy", DeleteUserPolicyRequest, None),
        OperationShape("DetachGroupPolicy", DetachGroupPolicyRequest, None),
        OperationShape("DetachRolePolicy", DetachRolePolicyRequest, None),
        OperationShape("DetachUserPolicy", DetachUserPolicyRequest, None),
        OperationShape("GetAccessKeyLastUsed", GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse),
        OperationShape(
            "GetAccountAuthorizationDetails",
            GetAccountAuthorizationDetailsRequest,
            GetAccountAuthorizationDetailsResponse,
        ),
        OperationShape(
            "GetAccountPasswordPolicy", GetAccountPasswordPolicyRequest, GetAccountPasswordPolicyResponse
        ),
        OperationShape("GetAccountSummary", GetAccountSummaryRequest, GetAccountSummaryResponse),
        OperationShape(
            "GetContextKeysForCustomPolicy",
            GetContextKeysForCustomPolicyRequest,
            GetContextKeysForPolicyResponse,
        ),
        OperationShape(
            "GetContextKeysForPrincipalPolicy",
            GetContextKeysForPrincipalPolicyRequest,
            GetContextKeysForPolicyResponse,
        ),
        OperationShape("GetGroup", GetGroupRequest, GetGroupResponse),
        OperationShape("GetGroupPolicy", GetGroupPolicyRequest, GetGroupPolicyResponse),
        OperationShape("GetInstanceProfile", GetInstanceProfileRequest, GetInstanceProfileResponse),
        OperationShape("GetLoginProfile", GetLoginProfileRequest, GetLoginProfileResponse),
        OperationShape(
            "GetOpenIDConnectProvider", GetOpenIDConnectProviderRequest, GetOpenIDConnectProviderResponse
        ),
        OperationShape("GetPolicy", GetPolicyRequest, GetPolicyResponse),
        OperationShape("GetPolicyVersion", GetPolicyVersionRequest, GetPolicyVersionResponse),
        OperationShape("GetRole", GetRoleRequest, GetRoleResponse),
        OperationShape("GetRolePolicy", GetRolePolicyRequest, GetRolePolicyResponse),
        OperationShape(
            "GetServiceLinkedRoleDeletionStatus",
            GetServiceLinkedRoleDeletionStatusRequest,
            GetServiceLinkedRoleDeletionStatusResponse,
        ),
        OperationShape("GetUser", GetUserRequest, GetUserResponse),
        OperationShape("GetUserPolicy", GetUserPolicyRequest, GetUserPolicyResponse),
        OperationShape("ListAccessKeys", ListAccessKeysRequest, ListAccessKeysResponse),
        OperationShape("ListAccountAliases", ListAccountAliasesRequest, ListAccountAliasesResponse),
        OperationShape(
            "ListAttachedGroupPolicies", ListAttachedGroupPoliciesRequest, ListAttachedGroupPoliciesResponse
        ),
        OperationShape(
            "ListAttachedRolePolicies", ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse
        ),
        OperationShape(
            "ListAttachedUserPolicies", ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse
        ),
        OperationShape("ListEntitiesForPolicy", ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse),
        OperationShape("ListGroupPolicies", ListGroupPoliciesRequest, ListGroupPoliciesResponse),
        OperationShape("ListGroups", ListGroupsRequest, ListGroupsResponse),
        OperationShape("ListGroupsForUser", ListGroupsForUserRequest, ListGroupsForUserResponse),
        OperationShape(
            "ListInstanceProfileTags", ListInstanceProfileTagsRequest, ListInstanceProfileTagsResponse
        ),
        OperationShape("ListInstanceProfiles", ListInstanceProfilesRequest, ListInstanceProfilesResponse),
        OperationShape(
            "ListInstanceProfilesForRole",
            ListInstanceProfilesForRoleRequest,
            ListInstanceProfilesForRoleResponse,
        ),
        OperationShape("ListMFADevices", ListMFADevicesRequest, ListMFADevicesResponse),
        OperationShape(
            "ListOpenIDConnectProviderTags",
            ListOpenIDConnectProviderTagsRequest,
            ListOpenIDConnectProviderTagsResponse,
        ),
        OperationShape(
            "ListOpenIDConnectProviders",
            ListOpenIDConnectProvidersRequest,
            ListOpenIDConnectProvidersResponse,
        ),
        OperationShape("ListPolicies", ListPoliciesRequest, ListPoliciesResponse),
        OperationShape("ListPolicyTags", ListPolicyTagsRequest, ListPolicyTagsResponse),
        OperationShape("ListPolicyVersions", ListPolicyVersionsRequest, ListPolicyVersionsResponse),
        OperationShape("ListRolePolicies", ListRolePoliciesRequest, ListRolePoliciesResponse),
        OperationShape("ListRoleTags", ListRoleTagsRequest, ListRoleTagsResponse),
        OperationShape("ListRoles", ListRolesRequest, ListRolesResponse),
        OperationShape("ListSAMLProviders", ListSAMLProvidersRequest, ListSAMLProvidersResponse),
        OperationShape("ListSSHPublicKeys", ListSSHPublicKeysRequest, ListSSHPublicKeysResponse),
        OperationShape(
            "ListServerCertificates", ListServerCertificatesRequest, ListServerCertificatesResponse
        ),
        OperationShape(
            "ListServiceSpecificCredentials",
            ListServiceSpecificCredentialsRequest,
            ListServiceSpecificCredentialsResponse,
        ),
        OperationShape(
            "ListSigningCertificates", ListSigningCertificatesRequest, ListSigningCertificatesResponse
        ),
        OperationShape("ListUserPolicies", ListUserPoliciesRequest, ListUserPoliciesResponse),
        OperationShape("ListUserTags", ListUserTagsRequest, ListUserTagsResponse),
        OperationShape("ListUsers", ListUsersRequest, ListUsersResponse),
        OperationShape("ListVirtualMFADevices", ListVirtualMFADevicesRequest, ListVirtualMFADevicesResponse),
        OperationShape("PutGroupPolicy", PutGroupPolicyRequest, None),
        OperationShape("PutRolePermissionsBoundary", PutRolePermissionsBoundaryRequest, None),
        OperationShape("PutRolePolicy", PutRolePolicyRequest, None),
        OperationShape("PutUserPermissionsBoundary", PutUserPermissionsBoundaryRequest, None),
        OperationShape("PutUserPolicy", PutUserPolicyRequest, None),
        OperationShape(
            "RemoveClientIDFromOpenIDConnectProvider", RemoveClientIDFromOpenIDConnectProviderRequest, None
        ),
        OperationShape("RemoveRoleFromInstanceProfile", RemoveRoleFromInstanceProfileRequest, None),
        OperationShape("RemoveUserFromGroup", RemoveUserFromGroupRequest, None),
        OperationShape("SetDefaultPolicyVersion", SetDefaultPolicyVersionRequest, None),
        OperationShape("SimulateCustomPolicy", SimulateCustomPolicyRequest, SimulatePolicyResponse),
        OperationShape("SimulatePrincipalPolicy", SimulatePrincipalPolicyRequest, SimulatePolicyResponse),
        OperationShape("TagInstanceProfile", TagInstanceProfileRequest, None),
        OperationShape("TagOpenIDConnectProvider", TagOpenIDConnectProviderRequest, None),
        OperationShape("TagPolicy", TagPolicyRequest, None),
        OperationShape("TagRole", TagRoleRequest, None),
        OperationShape("TagUser", TagUserRequest, None),
        OperationShape("UntagInstanceProfile", UntagInstanceProfileRequest, None),
        OperationShape("UntagOpenIDConnectProvider", UntagOpenIDConnectProviderRequest, None),
        OperationShape("UntagPolicy", UntagPolicyRequest, None),
        OperationShape("UntagRole", UntagRoleRequest, None),
        OperationShape("UntagUser", UntagUserRequest, None),
        OperationShape("UpdateAccessKey", UpdateAccessKeyRequest, None),
        OperationShape("UpdateAccountPasswordPolicy", UpdateAccountPasswordPolicyRequest, None),
        OperationShape("UpdateAssumeRolePolicy", UpdateAssumeRolePolicyRequest, None),
        OperationShape("UpdateGroup", UpdateGroupRequest, None),
        OperationShape("UpdateLoginProfile", UpdateLoginProfileRequest, None),
        OperationShape(
            "UpdateOpenIDConnectProviderThumbprint", UpdateOpenIDConnectProviderThumbprintRequest, None
        ),
        OperationShape("UpdateRole", UpdateRoleRequest, UpdateRoleResponse),
        OperationShape("UpdateRoleDescription", UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse),
        OperationShape("UpdateUser", UpdateUserRequest, None),
    )
}
SERVICE = ServiceShape(
    name="iam",
    version="2010-05-08",
    namespace="https://iam.amazonaws.com/doc/2010-05-08/",
    operations=OPERATIONS,
    others=frozenset(
        (
            "AcceptDelegationRequest",
            "AcquireRole",
            "AssociateDelegationRequest",
            "CreateDelegationRequest",
            "CreateSAMLProvider",
            "CreateServiceSpecificCredential",
            "CreateVirtualMFADevice",
            "DeactivateMFADevice",
            "DeleteSAMLProvider",
            "DeleteSSHPublicKey",
            "DeleteServerCertificate",
            "DeleteServiceSpecificCredential",
            "DeleteSigningCertificate",
            "DeleteVirtualMFADevice",
            "DisableOrganizationsRootCredentialsManagement",
            "DisableOrganizationsRootSessions",
            "DisableOutboundWebIdentityFederation",
            "EnableMFADevice",
            "EnableOrganizationsRootCredentialsManagement",
            "EnableOrganizationsRootSessions",
            "EnableOutboundWebIdentityFederation",
            "GenerateCredentialReport",
            "GenerateOrganizationsAccessReport",
            "GenerateServiceLastAccessedDetails",
            "GetAccountProperties",
            "GetCredentialReport",
            "GetDelegationRequest",
            "GetHumanReadableSummary",
            "GetMFADevice",
            "GetOrganizationsAccessReport",
            "GetOutboundWebIdentityFederationInfo",
            "GetRoleTemplateVersion",
            "GetSAMLProvider",
            "GetSSHPublicKey",
            "GetServerCertificate",
            "GetServiceLastAccessedDetails",
            "GetServiceLastAccessedDetailsWithEntities",
            "ListDelegationRequests",
            "ListMFADeviceTags",
            "ListOrganizationsFeatures",
            "ListPoliciesGrantingServiceAccess",
            "ListSAMLProviderTags",
            "ListServerCertificateTags",
            "PutAccountProperties",
            "RejectDelegationRequest",
            "ResetServiceSpecificCredential",
            "ResyncMFADevice",
            "SendDelegationToken",
            "SetSecurityTokenServicePreferences",
            "TagMFADevice",
            "TagSAMLProvider",
            "TagServerCertificate",
            "UntagMFADevice",
            "UntagSAMLProvider",
            "UntagServerCertificate",
            "UpdateDelegationRequest",
            "UpdateSAMLProvider",
            "UpdateSSHPublicKey",
            "UpdateServerCertificate",
            "UpdateServiceSpecificCredential",
            "UpdateSigningCertificate",
            "UploadSSHPublicKey",
            "UploadServerCertificate",
            "UploadSigningCertificate",
        )
    ),
)
