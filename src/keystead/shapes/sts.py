"""Requests and responses of AWS Security Token Service.

Written by `tools/generate_shapes.py` from AWS's model sts 2011-06-15: do not edit.
"""

# ruff: noqa: D101 -- AWS documents its structures, and their names are its own
from typing import Annotated

import msgspec
from msgspec import Meta

from keystead.shapes.record import OperationShape, Record, ServiceShape

ArnType = Annotated[
    str,
    Meta(
        min_length=20,
        max_length=2048,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+)\Z",
        extra={
            "pattern": r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+"
        },
    ),
]


RoleSessionNameType = Annotated[
    str, Meta(min_length=2, max_length=64, pattern=r"^(?a:[\w+=,.@-]*)\Z", extra={"pattern": r"[\w+=,.@-]*"})
]


class PolicyDescriptorType(Record, frozen=True, kw_only=True):
    arn: ArnType | None = msgspec.field(default=None, name="arn")


PolicyDescriptorListType = list[PolicyDescriptorType]


UnrestrictedSessionPolicyDocumentType = Annotated[
    str,
    Meta(
        min_length=1,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0009\u000A\u000D\u0020-\u00FF]+"},
    ),
]


RoleDurationSecondsType = Annotated[int, Meta(ge=900, le=43200)]


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


TagKeyListType = Annotated[list[TagKeyType], Meta(max_length=50)]


ExternalIdType = Annotated[
    str,
    Meta(
        min_length=2, max_length=1224, pattern=r"^(?a:[\w+=,.@:\/-]*)\Z", extra={"pattern": r"[\w+=,.@:\/-]*"}
    ),
]


SerialNumberType = Annotated[
    str,
    Meta(min_length=9, max_length=256, pattern=r"^(?a:[\w+=/:,.@-]*)\Z", extra={"pattern": r"[\w+=/:,.@-]*"}),
]


TokenCodeType = Annotated[
    str, Meta(min_length=6, max_length=6, pattern=r"^(?a:[\d]*)\Z", extra={"pattern": r"[\d]*"})
]


SourceIdentityType = Annotated[
    str, Meta(min_length=2, max_length=64, pattern=r"^(?a:[\w+=,.@-]*)\Z", extra={"pattern": r"[\w+=,.@-]*"})
]


ContextAssertionType = Annotated[str, Meta(min_length=4, max_length=2048)]


class ProvidedContext(Record, frozen=True, kw_only=True):
    provider_arn: ArnType | None = None
    context_assertion: ContextAssertionType | None = None


ProvidedContextsListType = Annotated[list[ProvidedContext], Meta(min_length=1, max_length=5)]


MinimumSessionTokenSizeType = Annotated[int, Meta(ge=0, le=4096)]


class AssumeRoleRequest(Record, frozen=True, kw_only=True):
    role_arn: ArnType
    role_session_name: RoleSessionNameType
    policy_arns: PolicyDescriptorListType | None = None
    policy: UnrestrictedSessionPolicyDocumentType | None = None
    duration_seconds: RoleDurationSecondsType | None = None
    tags: TagListType | None = None
    transitive_tag_keys: TagKeyListType | None = None
    external_id: ExternalIdType | None = None
    serial_number: SerialNumberType | None = None
    token_code: TokenCodeType | None = None
    source_identity: SourceIdentityType | None = None
    provided_contexts: ProvidedContextsListType | None = None
    minimum_session_token_size: MinimumSessionTokenSizeType | None = None


class Credentials(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"secret_access_key"})

    access_key_id: str
    secret_access_key: str
    session_token: str
    expiration: float


class AssumedRoleUser(Record, frozen=True, kw_only=True):
    assumed_role_id: str
    arn: str


class AssumeRoleResponse(Record, frozen=True, kw_only=True):
    credentials: Credentials | None = None
    assumed_role_user: AssumedRoleUser | None = None
    packed_policy_size: int | None = None
    source_identity: str | None = None
    session_token_utilization: int | None = None
    session_token_size: int | None = None


ClientTokenType = Annotated[str, Meta(min_length=4, max_length=20000)]


UrlType = Annotated[str, Meta(min_length=4, max_length=2048)]


SessionPolicyDocumentType = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=2048,
        pattern=r"^(?a:[\u0009\u000A\u000D\u0020-\u00FF]+)\Z",
        extra={"pattern": r"[\u0009\u000A\u000D\u0020-\u00FF]+"},
    ),
]


class AssumeRoleWithWebIdentityRequest(Record, frozen=True, kw_only=True):
    SENSITIVE = frozenset({"web_identity_token"})

    role_arn: ArnType
    role_session_name: RoleSessionNameType
    web_identity_token: ClientTokenType
    provider_id: UrlType | None = None
    policy_arns: PolicyDescriptorListType | None = None
    policy: SessionPolicyDocumentType | None = None
    duration_seconds: RoleDurationSecondsType | None = None
    minimum_session_token_size: MinimumSessionTokenSizeType | None = None


class AssumeRoleWithWebIdentityResponse(Record, frozen=True, kw_only=True):
    credentials: Credentials | None = None
    subject_from_web_identity_token: str | None = None
    assumed_role_user: AssumedRoleUser | None = None
    packed_policy_size: int | None = None
    provider: str | None = None
    audience: str | None = None
    source_identity: str | None = None
    session_token_utilization: int | None = None
    session_token_size: int | None = None


EncodedMessageType = Annotated[str, Meta(min_length=1, max_length=10240)]


class DecodeAuthorizationMessageRequest(Record, frozen=True, kw_only=True):
    encoded_message: EncodedMessageType


class DecodeAuthorizationMessageResponse(Record, frozen=True, kw_only=True):
    decoded_message: str | None = None


AccessKeyIdType = Annotated[
    str, Meta(min_length=16, max_length=128, pattern=r"^(?a:[\w]*)\Z", extra={"pattern": r"[\w]*"})
]


class GetAccessKeyInfoRequest(Record, frozen=True, kw_only=True):
    access_key_id: AccessKeyIdType


class GetAccessKeyInfoResponse(Record, frozen=True, kw_only=True):
    account: str | None = None


class GetCallerIdentityRequest(Record, frozen=True, kw_only=True):
    pass


class GetCallerIdentityResponse(Record, frozen=True, kw_only=True):
    user_id: str | None = None
    account: str | None = None
    arn: str | None = None


UserNameType = Annotated[
    str, Meta(min_length=2, max_length=32, pattern=r"^(?a:[\w+=,.@-]*)\Z", extra={"pattern": r"[\w+=,.@-]*"})
]


DurationSecondsType = Annotated[int, Meta(ge=900, le=129600)]


class GetFederationTokenRequest(Record, frozen=True, kw_only=True):
    name: UserNameType
    policy: SessionPolicyDocumentType | None = None
    policy_arns: PolicyDescriptorListType | None = None
    duration_seconds: DurationSecondsType | None = None
    tags: TagListType | None = None
    minimum_session_token_size: MinimumSessionTokenSizeType | None = None


class FederatedUser(Record, frozen=True, kw_only=True):
    federated_user_id: str
    arn: str


class GetFederationTokenResponse(Record, frozen=True, kw_only=True):
    credentials: Credentials | None = None
    federated_user: FederatedUser | None = None
    packed_policy_size: int | None = None
    session_token_utilization: int | None = None
    session_token_size: int | None = None


class GetSessionTokenRequest(Record, frozen=True, kw_only=True):
    duration_seconds: DurationSecondsType | None = None
    serial_number: SerialNumberType | None = None
    token_code: TokenCodeType | None = None
    minimum_session_token_size: MinimumSessionTokenSizeType | None = None


class GetSessionTokenResponse(Record, frozen=True, kw_only=True):
    credentials: Credentials | None = None
    session_token_utilization: int | None = None
    session_token_size: int | None = None


OPERATIONS: dict[str, OperationShape] = {
    operation.name: operation
    for operation in (
        OperationShape("AssumeRole", AssumeRoleRequest, AssumeRoleResponse),
        OperationShape(
            "AssumeRoleWithWebIdentity", AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse
        ),
        OperationShape(
            "DecodeAuthorizationMessage",
            DecodeAuthorizationMessageRequest,
            DecodeAuthorizationMessageResponse,
        ),
        OperationShape("GetAccessKeyInfo", GetAccessKeyInfoRequest, GetAccessKeyInfoResponse),
        OperationShape("GetCallerIdentity", GetCallerIdentityRequest, GetCallerIdentityResponse),
        OperationShape("GetFederationToken", GetFederationTokenRequest, GetFederationTokenResponse),
        OperationShape("GetSessionToken", GetSessionTokenRequest, GetSessionTokenResponse),
    )
}
SERVICE = ServiceShape(
    name="sts",
    version="2011-06-15",
    namespace="https://sts.amazonaws.com/doc/2011-06-15/",
    operations=OPERATIONS,
    others=frozenset(
        (
            "AssumeRoleWithSAML",
            "AssumeRoot",
            "GetDelegatedAccessToken",
            "GetWebIdentityToken",
        )
    ),
)
