"""Requests and responses of AWS Organizations.

Written by `tools/generate_shapes.py` from AWS's model organizations 2016-11-28: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from typing import Annotated, Literal

from msgspec import Meta

from keystead.shapes.record import OperationShape, Record, ServiceShape

HandshakeId = Annotated[
    str, Meta(max_length=34, pattern=r"^(?a:^h-[0-9a-z]{8,32}$)\Z", extra={"pattern": r"^h-[0-9a-z]{8,32}$"})
]


class AcceptHandshakeRequest(Record, frozen=True, kw_only=True):
    handshake_id: HandshakeId


HandshakePartyId = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^(?a:[\s\S]*)\Z", extra={"pattern": r"[\s\S]*"})
]


HandshakePartyType = Literal["ACCOUNT", "ORGANIZATION", "EMAIL"]


class HandshakeParty(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"id"})

    id: HandshakePartyId
    type: HandshakePartyType


class HandshakeResource(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"value"})

    value: str | None = None
    type: str | None = None
    resources: list["HandshakeResource"] | None = None


class Handshake(Record, frozen=True, kw_only=True):
    id: str | None = None
    arn: str | None = None
    parties: list[HandshakeParty] | None = None
    state: str | None = None
    requested_timestamp: float | None = None
    expiration_timestamp: float | None = None
    action: str | None = None
    resources: list[HandshakeResource] | None = None


class AcceptHandshakeResponse(Record, frozen=True, kw_only=True):
    handshake: Handshake | None = None


PolicyId = Annotated[
    str,
    Meta(
        max_length=130,
        pattern=r"^(?a:^p-[0-9a-zA-Z_]{8,128}$)\Z",
        extra={"pattern": r"^p-[0-9a-zA-Z_]{8,128}$"},
    ),
]


PolicyTargetId = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"^(?a:^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$)\Z",
        extra={"pattern": r"^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$"},
    ),
]


class AttachPolicyRequest(Record, frozen=True, kw_only=True):
    policy_id: PolicyId
    target_id: PolicyTargetId


class CancelHandshakeRequest(Record, frozen=True, kw_only=True):
    handshake_id: HandshakeId


class CancelHandshakeResponse(Record, frozen=True, kw_only=True):
    handshake: Handshake | None = None


AccountId = Annotated[str, Meta(max_length=12, pattern=r"^(?a:^\d{12}$)\Z", extra={"pattern": r"^\d{12}$"})]


class CloseAccountRequest(Record, frozen=True, kw_only=True):
    account_id: AccountId


Email = Annotated[
    str,
    Meta(
        min_length=6,
        max_length=64,
        pattern=r"^(?a:[^\s@]+@[^\s@]+\.[^\s@]+)\Z",
        extra={"pattern": r"[^\s@]+@[^\s@]+\.[^\s@]+"},
    ),
]


CreateAccountName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=50,
        pattern=r"^(?a:[\u0020-\u007E]+)\Z",
        extra={"pattern": r"[\u0020-\u007E]+"},
    ),
]


RoleName = Annotated[
    str, Meta(max_length=64, pattern=r"^(?a:[\w+=,.@-]{1,64})\Z", extra={"pattern": r"[\w+=,.@-]{1,64}"})
]


IAMUserAccessToBilling = Literal["ALLOW", "DENY"]


TagKey = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=128,
        pattern=r"^(?:^([\w\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000_.:/=+\-@]*)$)\Z",
        extra={"pattern": r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"},
    ),
]


TagValue = Annotated[
    str,
    Meta(
        max_length=256,
        pattern=r"^(?:^([\w\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000_.:/=+\-@]*)$)\Z",
        extra={"pattern": r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"},
    ),
]


class Tag(Record, frozen=True, kw_only=True):
    key: TagKey
    value: TagValue


Tags = list[Tag]


class CreateAccountRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"email", "account_name"})

    email: Email
    account_name: CreateAccountName
    role_name: RoleName | None = None
    iam_user_access_to_billing: IAMUserAccessToBilling | None = None
    tags: Tags | None = None


class CreateAccountStatus(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"account_name"})

    id: str | None = None
    account_name: str | None = None
    state: str | None = None
    requested_timestamp: float | None = None
    completed_timestamp: float | None = None
    account_id: str | None = None
    gov_cloud_account_id: str | None = None
    failure_reason: str | None = None


class CreateAccountResponse(Record, frozen=True, kw_only=True):
    create_account_status: CreateAccountStatus | None = None


OrganizationFeatureSet = Literal["ALL", "CONSOLIDATED_BILLING"]


class CreateOrganizationRequest(Record, frozen=True, kw_only=True):
    feature_set: OrganizationFeatureSet | None = None


class PolicyTypeSummary(Record, frozen=True, kw_only=True):
    type: str | None = None
    status: str | None = None


class Organization(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"master_account_email"})

    id: str | None = None
    arn: str | None = None
    feature_set: str | None = None
    master_account_arn: str | None = None
    master_account_id: str | None = None
    master_account_email: str | None = None
    available_policy_types: list[PolicyTypeSummary] | None = None


class CreateOrganizationResponse(Record, frozen=True, kw_only=True):
    organization: Organization | None = None


ParentId = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"^(?a:^(r-[0-9a-z]{4,32})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$)\Z",
        extra={"pattern": r"^(r-[0-9a-z]{4,32})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$"},
    ),
]


OrganizationalUnitName = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\s\S]*)\Z", extra={"pattern": r"[\s\S]*"})
]


class CreateOrganizationalUnitRequest(Record, frozen=True, kw_only=True):
    parent_id: ParentId
    name: OrganizationalUnitName
    tags: Tags | None = None


class OrganizationalUnit(Record, frozen=True, kw_only=True):
    id: str | None = None
    arn: str | None = None
    name: str | None = None
    path: str | None = None


class CreateOrganizationalUnitResponse(Record, frozen=True, kw_only=True):
    organizational_unit: OrganizationalUnit | None = None


PolicyContent = Annotated[str, Meta(min_length=1, pattern=r"^(?a:[\s\S]*)\Z", extra={"pattern": r"[\s\S]*"})]


PolicyDescription = Annotated[
    str, Meta(max_length=512, pattern=r"^(?a:[\s\S]*)\Z", extra={"pattern": r"[\s\S]*"})
]


PolicyName = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\s\S]*)\Z", extra={"pattern": r"[\s\S]*"})
]


PolicyType = Literal[
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "TAG_POLICY",
    "BACKUP_POLICY",
    "AISERVICES_OPT_OUT_POLICY",
    "CHATBOT_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "SECURITYHUB_POLICY",
    "SECURITYHUB_CSPM_POLICY",
    "INSPECTOR_POLICY",
    "UPGRADE_ROLLOUT_POLICY",
    "BEDROCK_POLICY",
    "S3_POLICY",
    "NETWORK_SECURITY_DIRECTOR_POLICY",
    "GUARDDUTY_POLICY",
]


class CreatePolicyRequest(Record, frozen=True, kw_only=True):
    content: PolicyContent
    description: PolicyDescription
    name: PolicyName
    type: PolicyType
    tags: Tags | None = None


class PolicySummary(Record, frozen=True, kw_only=True):
    id: str | None = None
    arn: str | None = None
    name: str | None = None
    description: str | None = None
    type: str | None = None
    aws_managed: bool | None = None


class Policy(Record, frozen=True, kw_only=True):
    policy_summary: PolicySummary | None = None
    content: str | None = None


class CreatePolicyResponse(Record, frozen=True, kw_only=True):
    policy: Policy | None = None


class DeclineHandshakeRequest(Record, frozen=True, kw_only=True):
    handshake_id: HandshakeId


class DeclineHandshakeResponse(Record, frozen=True, kw_only=True):
    handshake: Handshake | None = None


class DeleteOrganizationRequest(Record, frozen=True, kw_only=True):
    pass


OrganizationalUnitId = Annotated[
    str,
    Meta(
        max_length=68,
        pattern=r"^(?a:^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$)\Z",
        extra={"pattern": r"^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$"},
    ),
]


class DeleteOrganizationalUnitRequest(Record, frozen=True, kw_only=True):
    organizational_unit_id: OrganizationalUnitId


class DeletePolicyRequest(Record, frozen=True, kw_only=True):
    policy_id: PolicyId


class DescribeAccountRequest(Record, frozen=True, kw_only=True):
    account_id: AccountId


class Account(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"email", "name"})

    id: str | None = None
    arn: str | None = None
    email: str | None = None
    name: str | None = None
    status: str | None = None
    state: str | None = None
    paths: list[str] | None = None
    joined_method: str | None = None
    joined_timestamp: float | None = None


class DescribeAccountResponse(Record, frozen=True, kw_only=True):
    account: Account | None = None


CreateAccountRequestId = Annotated[
    str,
    Meta(max_length=36, pattern=r"^(?a:^car-[a-z0-9]{8,32}$)\Z", extra={"pattern": r"^car-[a-z0-9]{8,32}$"}),
]


class DescribeCreateAccountStatusRequest(Record, frozen=True, kw_only=True):
    create_account_request_id: CreateAccountRequestId


class DescribeCreateAccountStatusResponse(Record, frozen=True, kw_only=True):
    create_account_status: CreateAccountStatus | None = None


class DescribeHandshakeRequest(Record, frozen=True, kw_only=True):
    handshake_id: HandshakeId


class DescribeHandshakeResponse(Record, frozen=True, kw_only=True):
    handshake: Handshake | None = None


class DescribeOrganizationRequest(Record, frozen=True, kw_only=True):
    pass


class DescribeOrganizationResponse(Record, frozen=True, kw_only=True):
    organization: Organization | None = None


class DescribeOrganizationalUnitRequest(Record, frozen=True, kw_only=True):
    organizational_unit_id: OrganizationalUnitId


class DescribeOrganizationalUnitResponse(Record, frozen=True, kw_only=True):
    organizational_unit: OrganizationalUnit | None = None


class DescribePolicyRequest(Record, frozen=True, kw_only=True):
    policy_id: PolicyId


class DescribePolicyResponse(Record, frozen=True, kw_only=True):
    policy: Policy | None = None


class DetachPolicyRequest(Record, frozen=True, kw_only=True):
    policy_id: PolicyId
    target_id: PolicyTargetId


ServicePrincipal = Annotated[
    str, Meta(min_length=1, max_length=128, pattern=r"^(?a:[\w+=,.@-]*)\Z", extra={"pattern": r"[\w+=,.@-]*"})
]


class DisableAWSServiceAccessRequest(Record, frozen=True, kw_only=True):
    service_principal: ServicePrincipal


RootId = Annotated[
    str, Meta(max_length=34, pattern=r"^(?a:^r-[0-9a-z]{4,32}$)\Z", extra={"pattern": r"^r-[0-9a-z]{4,32}$"})
]


class DisablePolicyTypeRequest(Record, frozen=True, kw_only=True):
    root_id: RootId
    policy_type: PolicyType


class Root(Record, frozen=True, kw_only=True):
    id: str | None = None
    arn: str | None = None
    name: str | None = None
    policy_types: list[PolicyTypeSummary] | None = None


class DisablePolicyTypeResponse(Record, frozen=True, kw_only=True):
    root: Root | None = None


class EnableAWSServiceAccessRequest(Record, frozen=True, kw_only=True):
    service_principal: ServicePrincipal


class EnableAllFeaturesRequest(Record, frozen=True, kw_only=True):
    pass


class EnableAllFeaturesResponse(Record, frozen=True, kw_only=True):
    handshake: Handshake | None = None


class EnablePolicyTypeRequest(Record, frozen=True, kw_only=True):
    root_id: RootId
    policy_type: PolicyType


class EnablePolicyTypeResponse(Record, frozen=True, kw_only=True):
    root: Root | None = None


HandshakeNotes = Annotated[
    str, Meta(max_length=1024, pattern=r"^(?a:[\s\S]*)\Z", extra={"pattern": r"[\s\S]*"})
]


class InviteAccountToOrganizationRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"notes"})

    target: HandshakeParty
    notes: HandshakeNotes | None = None
    tags: Tags | None = None


class InviteAccountToOrganizationResponse(Record, frozen=True, kw_only=True):
    handshake: Handshake | None = None


class LeaveOrganizationRequest(Record, frozen=True, kw_only=True):
    pass


NextToken = Annotated[str, Meta(max_length=100000, pattern=r"^(?a:[\s\S]*)\Z", extra={"pattern": r"[\s\S]*"})]


MaxResults = Annotated[int, Meta(ge=1, le=20)]


class ListAWSServiceAccessForOrganizationRequest(Record, frozen=True, kw_only=True):
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class EnabledServicePrincipal(Record, frozen=True, kw_only=True):
    service_principal: str | None = None
    date_enabled: float | None = None


class ListAWSServiceAccessForOrganizationResponse(Record, frozen=True, kw_only=True):
    enabled_service_principals: list[EnabledServicePrincipal] | None = None
    next_token: str | None = None


class ListAccountsRequest(Record, frozen=True, kw_only=True):
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListAccountsResponse(Record, frozen=True, kw_only=True):
    accounts: list[Account] | None = None
    next_token: str | None = None


class ListAccountsForParentRequest(Record, frozen=True, kw_only=True):
    parent_id: ParentId
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListAccountsForParentResponse(Record, frozen=True, kw_only=True):
    accounts: list[Account] | None = None
    next_token: str | None = None


ChildType = Literal["ACCOUNT", "ORGANIZATIONAL_UNIT"]


class ListChildrenRequest(Record, frozen=True, kw_only=True):
    parent_id: ParentId
    child_type: ChildType
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class Child(Record, frozen=True, kw_only=True):
    id: str | None = None
    type: str | None = None


class ListChildrenResponse(Record, frozen=True, kw_only=True):
    children: list[Child] | None = None
    next_token: str | None = None


CreateAccountState = Literal["IN_PROGRESS", "SUCCEEDED", "FAILED"]


CreateAccountStates = list[CreateAccountState]


class ListCreateAccountStatusRequest(Record, frozen=True, kw_only=True):
    states: CreateAccountStates | None = None
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListCreateAccountStatusResponse(Record, frozen=True, kw_only=True):
    create_account_statuses: list[CreateAccountStatus] | None = None
    next_token: str | None = None


class ListDelegatedAdministratorsRequest(Record, frozen=True, kw_only=True):
    service_principal: ServicePrincipal | None = None
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class DelegatedAdministrator(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"email", "name"})

    id: str | None = None
    arn: str | None = None
    email: str | None = None
    name: str | None = None
    status: str | None = None
    state: str | None = None
    joined_method: str | None = None
    joined_timestamp: float | None = None
    delegation_enabled_date: float | None = None


class ListDelegatedAdministratorsResponse(Record, frozen=True, kw_only=True):
    delegated_administrators: list[DelegatedAdministrator] | None = None
    next_token: str | None = None


ActionType = Literal[
    "INVITE",
    "ENABLE_ALL_FEATURES",
    "APPROVE_ALL_FEATURES",
    "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE",
    "TRANSFER_RESPONSIBILITY",
]


class HandshakeFilter(Record, frozen=True, kw_only=True):
    action_type: ActionType | None = None
    parent_handshake_id: HandshakeId | None = None


class ListHandshakesForAccountRequest(Record, frozen=True, kw_only=True):
    filter: HandshakeFilter | None = None
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListHandshakesForAccountResponse(Record, frozen=True, kw_only=True):
    handshakes: list[Handshake] | None = None
    next_token: str | None = None


class ListHandshakesForOrganizationRequest(Record, frozen=True, kw_only=True):
    filter: HandshakeFilter | None = None
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListHandshakesForOrganizationResponse(Record, frozen=True, kw_only=True):
    handshakes: list[Handshake] | None = None
    next_token: str | None = None


class ListOrganizationalUnitsForParentRequest(Record, frozen=True, kw_only=True):
    parent_id: ParentId
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListOrganizationalUnitsForParentResponse(Record, frozen=True, kw_only=True):
    organizational_units: list[OrganizationalUnit] | None = None
    next_token: str | None = None


ChildId = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=r"^(?a:^(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$)\Z",
        extra={"pattern": r"^(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$"},
    ),
]


class ListParentsRequest(Record, frozen=True, kw_only=True):
    child_id: ChildId
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class Parent(Record, frozen=True, kw_only=True):
    id: str | None = None
    type: str | None = None


class ListParentsResponse(Record, frozen=True, kw_only=True):
    parents: list[Parent] | None = None
    next_token: str | None = None


class ListPoliciesRequest(Record, frozen=True, kw_only=True):
    filter: PolicyType
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListPoliciesResponse(Record, frozen=True, kw_only=True):
    policies: list[PolicySummary] | None = None
    next_token: str | None = None


class ListPoliciesForTargetRequest(Record, frozen=True, kw_only=True):
    target_id: PolicyTargetId
    filter: PolicyType
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListPoliciesForTargetResponse(Record, frozen=True, kw_only=True):
    policies: list[PolicySummary] | None = None
    next_token: str | None = None


class ListRootsRequest(Record, frozen=True, kw_only=True):
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class ListRootsResponse(Record, frozen=True, kw_only=True):
    roots: list[Root] | None = None
    next_token: str | None = None


TaggableResourceId = Annotated[
    str,
    Meta(
        max_length=130,
        pattern=r"^(?a:^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})|(^p-[0-9a-zA"
        r"-Z_]{8,128})|(^rp-[0-9a-zA-Z_]{4,128})|(^rt-[0-9a-zA-Z_]{8,32})$)\Z",
        extra={
            "pattern": r"^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})|(^p-[0-9a-zA-Z_]{"
            r"8,128})|(^rp-[0-9a-zA-Z_]{4,128})|(^rt-[0-9a-zA-Z_]{8,32})$"
        },
    ),
]


class ListTagsForResourceRequest(Record, frozen=True, kw_only=True):
    resource_id: TaggableResourceId
    next_token: NextToken | None = None


class ListTagsForResourceResponse(Record, frozen=True, kw_only=True):
    tags: list[Tag] | None = None
    next_token: str | None = None


class ListTargetsForPolicyRequest(Record, frozen=True, kw_only=True):
    policy_id: PolicyId
    next_token: NextToken | None = None
    max_results: MaxResults | None = None


class PolicyTargetSummary(Record, frozen=True, kw_only=True):
    target_id: str | None = None
    arn: str | None = None
    name: str | None = None
    type: str | None = None


class ListTargetsForPolicyResponse(Record, frozen=True, kw_only=True):
    targets: list[PolicyTargetSummary] | None = None
    next_token: str | None = None


class MoveAccountRequest(Record, frozen=True, kw_only=True):
    account_id: AccountId
    source_parent_id: ParentId
    destination_parent_id: ParentId


class RemoveAccountFromOrganizationRequest(Record, frozen=True, kw_only=True):
    account_id: AccountId


class TagResourceRequest(Record, frozen=True, kw_only=True):
    resource_id: TaggableResourceId
    tags: Tags


TagKeys = list[TagKey]


class UntagResourceRequest(Record, frozen=True, kw_only=True):
    resource_id: TaggableResourceId
    tag_keys: TagKeys


class UpdateOrganizationalUnitRequest(Record, frozen=True, kw_only=True):
    organizational_unit_id: OrganizationalUnitId
    name: OrganizationalUnitName | None = None


class UpdateOrganizationalUnitResponse(Record, frozen=True, kw_only=True):
    organizational_unit: OrganizationalUnit | None = None


class UpdatePolicyRequest(Record, frozen=True, kw_only=True):
    policy_id: PolicyId
    name: PolicyName | None = None
    description: PolicyDescription | None = None
    content: PolicyContent | None = None


class UpdatePolicyResponse(Record, frozen=True, kw_only=True):
    policy: Policy | None = None


OPERATIONS: dict[str, OperationShape] = {
    operation.name: operation
    for operation in (
        OperationShape("AcceptHandshake", AcceptHandshakeRequest, AcceptHandshakeResponse),
        OperationShape("AttachPolicy", AttachPolicyRequest, None),
        OperationShape("CancelHandshake", CancelHandshakeRequest, CancelHandshakeResponse),
        OperationShape("CloseAccount", CloseAccountRequest, None),
        OperationShape("CreateAccount", CreateAccountRequest, CreateAccountResponse),
        OperationShape("CreateOrganization", CreateOrganizationRequest, CreateOrganizationResponse),
        OperationShape(
            "CreateOrganizationalUnit", CreateOrganizationalUnitRequest, CreateOrganizationalUnitResponse
        ),
        OperationShape("CreatePolicy", CreatePolicyRequest, CreatePolicyResponse),
        OperationShape("DeclineHandshake", DeclineHandshakeRequest, DeclineHandshakeResponse),
        OperationShape("DeleteOrganization", DeleteOrganizationRequest, None),
        OperationShape("DeleteOrganizationalUnit", DeleteOrganizationalUnitRequest, None),
        OperationShape("DeletePolicy", DeletePolicyRequest, None),
        OperationShape("DescribeAccount", DescribeAccountRequest, DescribeAccountResponse),
        OperationShape(
            "DescribeCreateAccountStatus",
            DescribeCreateAccountStatusRequest,
            DescribeCreateAccountStatusResponse,
        ),
        OperationShape("DescribeHandshake", DescribeHandshakeRequest, DescribeHandshakeResponse),
        OperationShape("DescribeOrganization", DescribeOrganizationRequest, DescribeOrganizationResponse),
        OperationShape(
            "DescribeOrganizationalUnit",
            DescribeOrganizationalUnitRequest,
            DescribeOrganizationalUnitResponse,
        ),
        OperationShape("DescribePolicy", DescribePolicyRequest, DescribePolicyResponse),
        OperationShape("DetachPolicy", DetachPolicyRequest, None),
        OperationShape("DisableAWSServiceAccess", DisableAWSServiceAccessRequest, None),
        OperationShape("DisablePolicyType", DisablePolicyTypeRequest, DisablePolicyTypeResponse),
        OperationShape("EnableAWSServiceAccess", EnableAWSServiceAccessRequest, None),
        OperationShape("EnableAllFeatures", EnableAllFeaturesRequest, EnableAllFeaturesResponse),
        OperationShape("EnablePolicyType", EnablePolicyTypeRequest, EnablePolicyTypeResponse),
        OperationShape(
            "InviteAccountToOrganization",
            InviteAccountToOrganizationRequest,
            InviteAccountToOrganizationResponse,
        ),
        OperationShape("LeaveOrganization", LeaveOrganizationRequest, None),
        OperationShape(
            "ListAWSServiceAccessForOrganization",
            ListAWSServiceAccessForOrganizationRequest,
            ListAWSServiceAccessForOrganizationResponse,
        ),
        OperationShape("ListAccounts", ListAccountsRequest, ListAccountsResponse),
        OperationShape("ListAccountsForParent", ListAccountsForParentRequest, ListAccountsForParentResponse),
        OperationShape("ListChildren", ListChildrenRequest, ListChildrenResponse),
        OperationShape(
            "ListCreateAccountStatus", ListCreateAccountStatusRequest, ListCreateAccountStatusResponse
        ),
        OperationShape(
            "ListDelegatedAdministrators",
            ListDelegatedAdministratorsRequest,
            ListDelegatedAdministratorsResponse,
        ),
        OperationShape(
            "ListHandshakesForAccount", ListHandshakesForAccountRequest, ListHandshakesForAccountResponse
        ),
        OperationShape(
            "ListHandshakesForOrganization",
            ListHandshakesForOrganizationRequest,
            ListHandshakesForOrganizationResponse,
        ),
        OperationShape(
            "ListOrganizationalUnitsForParent",
            ListOrganizationalUnitsForParentRequest,
            ListOrganizationalUnitsForParentResponse,
        ),
        OperationShape("ListParents", ListParentsRequest, ListParentsResponse),
        OperationShape("ListPolicies", ListPoliciesRequest, ListPoliciesResponse),
        OperationShape("ListPoliciesForTarget", ListPoliciesForTargetRequest, ListPoliciesForTargetResponse),
        OperationShape("ListRoots", ListRootsRequest, ListRootsResponse),
        OperationShape("ListTagsForResource", ListTagsForResourceRequest, ListTagsForResourceResponse),
        OperationShape("ListTargetsForPolicy", ListTargetsForPolicyRequest, ListTargetsForPolicyResponse),
        OperationShape("MoveAccount", MoveAccountRequest, None),
        OperationShape("RemoveAccountFromOrganization", RemoveAccountFromOrganizationRequest, None),
        OperationShape("TagResource", TagResourceRequest, None),
        OperationShape("UntagResource", UntagResourceRequest, None),
        OperationShape(
            "UpdateOrganizationalUnit", UpdateOrganizationalUnitRequest, UpdateOrganizationalUnitResponse
        ),
        OperationShape("UpdatePolicy", UpdatePolicyRequest, UpdatePolicyResponse),
    )
}
SERVICE = ServiceShape(
    name="organizations",
    version="2016-11-28",
    namespace=None,
    operations=OPERATIONS,
    others=frozenset(
        (
            "CreateGovCloudAccount",
            "DeleteResourcePolicy",
            "DeregisterDelegatedAdministrator",
            "DescribeEffectivePolicy",
            "DescribeResourcePolicy",
            "DescribeResponsibilityTransfer",
            "InviteOrganizationToTransferResponsibility",
            "ListAccountsWithInvalidEffectivePolicy",
            "ListDelegatedServicesForAccount",
            "ListEffectivePolicyValidationErrors",
            "ListInboundResponsibilityTransfers",
            "ListOutboundResponsibilityTransfers",
            "PutResourcePolicy",
            "RegisterDelegatedAdministrator",
            "TerminateResponsibilityTransfer",
            "UpdateResponsibilityTransfer",
        )
    ),
)
