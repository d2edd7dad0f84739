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


ExistingUserNameType = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


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


UserNameType = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


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


class CreateOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    url: OpenIDConnectProviderUrlType
    client_id_list: ClientIDListType | None = msgspec.field(default=None, name="ClientIDList")
    thumbprint_list: ThumbprintListType | None = None
    tags: TagListType | None = None


class CreateOpenIDConnectProviderResponse(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: str | None = msgspec.field(default=None, name="OpenIDConnectProviderArn")
    tags: list[Tag] | None = None


PathType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=512,
        pattern=r"^(?a:(\u002F)|(\u002F[\u0021-\u007E]+\u002F))\Z",
        extra={"pattern": r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)"},
    ),
]


class CreateUserRequest(Record, frozen=True, kw_only=True):
    path: PathType | None = None
    user_name: UserNameType
    permissions_boundary: ArnType | None = None
    tags: TagListType | None = None


class AttachedPermissionsBoundary(Record, frozen=True, kw_only=True):
    permissions_boundary_type: str | None = None
    permissions_boundary_arn: str | None = None


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


class DeleteLoginProfileRequest(Record, frozen=True, kw_only=True):
    user_name: UserNameType | None = None


class DeleteOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")


class DeleteUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType


PolicyNameType = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]+)\Z", extra={"pattern": r"[\w+=,.@-]+"})
]


class DeleteUserPolicyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    policy_name: PolicyNameType


class GetAccessKeyLastUsedRequest(Record, frozen=True, kw_only=True):
    access_key_id: AccessKeyIdType


class AccessKeyLastUsed(Record, frozen=True, kw_only=True):
    last_used_date: float | None = None
    service_name: str
    region: str


class GetAccessKeyLastUsedResponse(Record, frozen=True, kw_only=True):
    user_name: str | None = None
    access_key_last_used: AccessKeyLastUsed | None = None


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


PolicyDocumentType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=131072,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0009\u000A\u000D\u0020-\u00FF]+"},
    ),
]


SimulationPolicyListType = list[PolicyDocumentType]


class GetContextKeysForCustomPolicyRequest(Record, frozen=True, kw_only=True):
    policy_input_list: SimulationPolicyListType


class GetContextKeysForPolicyResponse(Record, frozen=True, kw_only=True):
    context_key_names: list[str] | None = None


class GetContextKeysForPrincipalPolicyRequest(Record, frozen=True, kw_only=True):
    policy_source_arn: ArnType
    policy_input_list: SimulationPolicyListType | None = None


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


MarkerType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=320,
        pattern=r"^(?a:[\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0020-\u00FF]+"},
    ),
]


MaxItemsType = Annotated[int, Meta(ge=1, le=1000)]


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


class ListUserPoliciesRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListUserPoliciesResponse(Record, frozen=True, kw_only=True):
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


class ListUsersRequest(Record, frozen=True, kw_only=True):
    path_prefix: PathPrefixType | None = None
    marker: MarkerType | None = None
    max_items: MaxItemsType | None = None


class ListUsersResponse(Record, frozen=True, kw_only=True):
    users: list[User]
    is_truncated: bool | None = None
    marker: str | None = None


class PutUserPolicyRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    policy_name: PolicyNameType
    policy_document: PolicyDocumentType


class RemoveClientIDFromOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    client_id: ClientIDType = msgspec.field(name="ClientID")


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


class TagOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    tags: TagListType


TagKeyListType = Annotated[list[TagKeyType], Meta(max_length=50)]


class UntagOpenIDConnectProviderRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
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


class UpdateLoginProfileRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"password"})

    user_name: UserNameType
    password: PasswordType | None = None
    password_reset_required: BooleanObjectType | None = None


class UpdateOpenIDConnectProviderThumbprintRequest(Record, frozen=True, kw_only=True):
    open_id_connect_provider_arn: ArnType = msgspec.field(name="OpenIDConnectProviderArn")
    thumbprint_list: ThumbprintListType


class UpdateUserRequest(Record, frozen=True, kw_only=True):
    user_name: ExistingUserNameType
    new_path: PathType | None = None
    new_user_name: UserNameType | None = None


OPERATIONS: dict[str, OperationShape] = {
    operation.name: operation
    for operation in (
        OperationShape("AddClientIDToOpenIDConnectProvider", AddClientIDToOpenIDConnectProviderRequest, None),
        OperationShape("ChangePassword", ChangePasswordRequest, None),
        OperationShape("CreateAccessKey", CreateAccessKeyRequest, CreateAccessKeyResponse),
        OperationShape("CreateAccountAlias", CreateAccountAliasRequest, None),
        OperationShape("CreateLoginProfile", CreateLoginProfileRequest, CreateLoginProfileResponse),
        OperationShape(
            "CreateOpenIDConnectProvider",
            CreateOpenIDConnectProviderRequest,
            CreateOpenIDConnectProviderResponse,
        ),
        OperationShape("CreateUser", CreateUserRequest, CreateUserResponse),
        OperationShape("DeleteAccessKey", DeleteAccessKeyRequest, None),
        OperationShape("DeleteAccountAlias", DeleteAccountAliasRequest, None),
        OperationShape("DeleteAccountPasswordPolicy", DeleteAccountPasswordPolicyRequest, None),
        OperationShape("DeleteLoginProfile", DeleteLoginProfileRequest, None),
        OperationShape("DeleteOpenIDConnectProvider", DeleteOpenIDConnectProviderRequest, None),
        OperationShape("DeleteUser", DeleteUserRequest, None),
        OperationShape("DeleteUserPolicy", DeleteUserPolicyRequest, None),
        OperationShape("GetAccessKeyLastUsed", GetAccessKeyLastUsedRequest, GetAccessKeyLastUsedResponse),
        OperationShape(
            "GetAccountPasswordPolicy", GetAccountPasswordPolicyRequest, GetAccountPasswordPolicyResponse
        ),
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
        OperationShape("GetLoginProfile", GetLoginProfileRequest, GetLoginProfileResponse),
        OperationShape(
            "GetOpenIDConnectProvider", GetOpenIDConnectProviderRequest, GetOpenIDConnectProviderResponse
        ),
        OperationShape("GetUser", GetUserRequest, GetUserResponse),
        OperationShape("GetUserPolicy", GetUserPolicyRequest, GetUserPolicyResponse),
        OperationShape("ListAccessKeys", ListAccessKeysRequest, ListAccessKeysResponse),
        OperationShape("ListAccountAliases", ListAccountAliasesRequest, ListAccountAliasesResponse),
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
        OperationShape("ListUserPolicies", ListUserPoliciesRequest, ListUserPoliciesResponse),
        OperationShape("ListUsers", ListUsersRequest, ListUsersResponse),
        OperationShape("PutUserPolicy", PutUserPolicyRequest, None),
        OperationShape(
            "RemoveClientIDFromOpenIDConnectProvider", RemoveClientIDFromOpenIDConnectProviderRequest, None
        ),
        OperationShape("SimulateCustomPolicy", SimulateCustomPolicyRequest, SimulatePolicyResponse),
        OperationShape("SimulatePrincipalPolicy", SimulatePrincipalPolicyRequest, SimulatePolicyResponse),
        OperationShape("TagOpenIDConnectProvider", TagOpenIDConnectProviderRequest, None),
        OperationShape("UntagOpenIDConnectProvider", UntagOpenIDConnectProviderRequest, None),
        OperationShape("UpdateAccessKey", UpdateAccessKeyRequest, None),
        OperationShape("UpdateAccountPasswordPolicy", UpdateAccountPasswordPolicyRequest, None),
        OperationShape("UpdateLoginProfile", UpdateLoginProfileRequest, None),
        OperationShape(
            "UpdateOpenIDConnectProviderThumbprint", UpdateOpenIDConnectProviderThumbprintRequest, None
        ),
        OperationShape("UpdateUser", UpdateUserRequest, None),
    )
}
SERVICE = ServiceShape(
    name="iam",
    version="2010-05-08",
    namespace="https://iam.amazonaws.com/doc/2010-05-08/",
    operations=OPERATIONS,
)
