"""The table: each condition key of the catalogue, and what fills it or why nothing does."""

from collections.abc import Mapping
from typing import Final

from keystead.service.context import (
    global_values,
    grant_values,
    iam_values,
    kms_values,
    organization_values,
    service_values,
    sts_values,
)
from keystead.service.context.kms_values import member
from keystead.service.context.value import Family, Unfilled, Value

TABLE: Final[Mapping[str, Value | Family | Unfilled]] = {
    # The principal.
    "aws:PrincipalArn": global_values.principal_arn,
    "aws:PrincipalAccount": global_values.principal_account,
    "aws:PrincipalType": global_values.principal_type,
    "aws:userid": global_values.user_id,
    "aws:username": global_values.user_name,
    "aws:PrincipalTag/": Family(sts_values.principal_tags),
    "aws:PrincipalOrgID": global_values.principal_org_id,
    "aws:PrincipalOrgPaths": global_values.principal_org_paths,
    "aws:PrincipalIsAWSService": service_values.principal_is_aws_service,
    "aws:PrincipalServiceName": service_values.principal_service_name,
    "aws:PrincipalServiceNamesList": service_values.principal_service_names_list,
    "aws:MultiFactorAuthPresent": sts_values.multi_factor_auth_present,
    "aws:MultiFactorAuthAge": sts_values.multi_factor_auth_age,
    "aws:TokenIssueTime": sts_values.token_issue_time,
    "aws:SourceIdentity": sts_values.source_identity,
    "aws:FederatedProvider": sts_values.federated_provider,
    "aws:AssumedRoot": Unfilled.ROOT_SESSIONS,
    # The request.
    "aws:CurrentTime": global_values.current_time,
    "aws:EpochTime": global_values.epoch_time,
    "aws:RequestedRegion": global_values.requested_region,
    "aws:SecureTransport": global_values.secure_transport,
    "aws:SourceIp": global_values.source_ip,
    "aws:UserAgent": global_values.user_agent,
    "aws:Referer": global_values.referer,
    "aws:ViaAWSService": service_values.via_aws_service,
    "aws:CalledVia": service_values.called_via,
    "aws:CalledViaFirst": service_values.called_via_first,
    "aws:CalledViaLast": service_values.called_via_last,
    "aws:SourceArn": service_values.source_arn,
    "aws:SourceAccount": service_values.source_account,
    "aws:SourceOrgID": service_values.source_org_id,
    "aws:SourceOrgPaths": service_values.source_org_paths,
    "aws:SourceVpc": Unfilled.ENDPOINTS,
    "aws:SourceVpce": Unfilled.ENDPOINTS,
    "aws:VpcSourceIp": Unfilled.ENDPOINTS,
    "aws:VpceAccount": Unfilled.ENDPOINTS,
    "aws:VpceOrgID": Unfilled.ENDPOINTS,
    "aws:VpceOrgPaths": Unfilled.ENDPOINTS,
    "aws:ChatbotSourceArn": Unfilled.INSTANCES,
    "aws:Ec2InstanceSourceVpc": Unfilled.INSTANCES,
    "aws:Ec2InstanceSourcePrivateIPv4": Unfilled.INSTANCES,
    "ec2:SourceInstanceArn": Unfilled.INSTANCES,
    # The resource, and the tags asked for.
    "aws:ResourceAccount": global_values.resource_account,
    "aws:ResourceOrgID": global_values.resource_org_id,
    "aws:ResourceOrgPaths": global_values.resource_org_paths,
    "aws:ResourceTag/": Family(global_values.resource_tags),
    "aws:RequestTag/": Family(global_values.request_tags),
    "aws:TagKeys": global_values.tag_keys,
    # IAM.
    "iam:AWSServiceName": iam_values.aws_service_name,
    "iam:PassedToService": iam_values.passed_to_service,
    "iam:PermissionsBoundary": iam_values.permissions_boundary,
    "iam:PolicyARN": member("policy_arn"),
    "iam:ResourceTag/": Family(global_values.resource_tags),
    # Organizations.
    "organizations:PolicyType": organization_values.policy_type,
    "organizations:ServicePrincipal": member("service_principal"),
    # STS: the session asked for.
    "sts:ExternalId": member("external_id"),
    "sts:RoleSessionName": member("role_session_name"),
    "sts:SourceIdentity": sts_values.asked_source_identity,
    "sts:TransitiveTagKeys": sts_values.transitive_tag_keys,
    # KMS: the caller, and the key.
    "kms:CallerAccount": kms_values.caller_account,
    "kms:ViaService": service_values.via_service,
    "kms:KeySpec": kms_values.key_spec,
    "kms:KeyUsage": kms_values.key_usage,
    "kms:KeyOrigin": kms_values.key_origin,
    "kms:MultiRegion": kms_values.multi_region,
    "kms:MultiRegionKeyType": kms_values.multi_region_key_type,
    "kms:CustomerMasterKeySpec": kms_values.key_spec,
    "kms:CustomerMasterKeyUsage": kms_values.key_usage,
    "kms:ResourceAliases": kms_values.resource_aliases,
    "kms:RequestAlias": kms_values.request_alias,
    # KMS: cryptography.
    "kms:EncryptionAlgorithm": kms_values.encryption_algorithm,
    "kms:EncryptionContext:": Family(kms_values.encryption_context_pairs),
    "kms:EncryptionContextKeys": kms_values.encryption_context_keys,
    "kms:ReEncryptOnSameKey": kms_values.re_encrypt_on_same_key,
    "kms:DataKeyPairSpec": member("key_pair_spec"),
    "kms:RecipientAttestation:": Family(kms_values.recipient_attestation),
    "kms:SigningAlgorithm": member("signing_algorithm"),
    "kms:MessageType": member("message_type", "RAW"),
    "kms:MacAlgorithm": member("mac_algorithm"),
    "kms:KeyAgreementAlgorithm": member("key_agreement_algorithm"),
    # KMS: key policies, the life of keys, their material.
    "kms:BypassPolicyLockoutSafetyCheck": kms_values.bypass_policy_lockout_safety_check,
    "kms:PolicyName": member("policy_name", "default"),
    "kms:RotationPeriodInDays": member("rotation_period_in_days", "365"),  # recorded: always there
    "kms:ScheduleKeyDeletionPendingWindowInDays": member("pending_window_in_days", "30"),
    "kms:TrailingDaysWithoutKeyUsage": kms_values.trailing_days_without_key_usage,
    "kms:WrappingAlgorithm": member("wrapping_algorithm"),
    "kms:WrappingKeySpec": member("wrapping_key_spec"),
    # Its default is not filled in: `Null` tells who left it out (KMS Developer Guide, "kms:ExpirationModel").
    "kms:ExpirationModel": member("expiration_model"),
    "kms:ValidTo": kms_values.valid_to,
    "kms:PrimaryRegion": member("primary_region"),
    "kms:ReplicaRegion": member("replica_region"),
    # KMS: grants.
    "kms:GrantOperations": grant_values.grant_operations,
    "kms:GranteePrincipal": member("grantee_principal"),
    "kms:GranteeServicePrincipal": member("grantee_service_principal"),
    "kms:RetiringPrincipal": member("retiring_principal"),
    "kms:RetiringServicePrincipal": member("retiring_service_principal"),
    "kms:GrantConstraintType": grant_values.grant_constraint_type,
    "kms:GrantConstraintSourceArn": grant_values.grant_constraint_source_arn,
    "kms:GrantIsForAWSResource": service_values.grant_is_for_aws_resource,
}
"""By the key's name in AWS's spelling."""

VALUES: Final[Mapping[str, Value]] = {
    name.lower(): row for name, row in TABLE.items() if not isinstance(row, Family | Unfilled)
}
FAMILIES: Final[Mapping[str, Family]] = {
    name.lower(): row for name, row in TABLE.items() if isinstance(row, Family)
}
UNFILLED: Final[Mapping[str, Unfilled]] = {
    name.lower(): row for name, row in TABLE.items() if isinstance(row, Unfilled)
}
"""The three parts of the table, by the name in lower case."""
