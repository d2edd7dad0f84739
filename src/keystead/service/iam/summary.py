"""GetAccountSummary: how much an account has, and the quotas that hold in it.

AWS's quotas of users, roles, groups and policies in an account are not enforced here, and so not shown.
"""

from keystead.service.call import Call
from keystead.service.iam import (
    access_keys,
    attachments,
    group_policies,
    members,
    policies,
    policy_versions,
    role_policies,
    trust_policies,
    user_policies,
)
from keystead.service.operation import OnNothing, reads
from keystead.shapes.iam import GetAccountSummaryRequest, GetAccountSummaryResponse

_QUOTAS = {
    "AccessKeysPerUserQuota": access_keys.MOST_KEYS,
    "AssumeRolePolicySizeQuota": trust_policies.MOST_CHARACTERS,
    "AttachedPoliciesPerGroupQuota": attachments.MOST_POLICIES,
    "AttachedPoliciesPerRoleQuota": attachments.MOST_POLICIES,
    "AttachedPoliciesPerUserQuota": attachments.MOST_POLICIES,
    "GroupPolicySizeQuota": group_policies.GROUPS.most_characters,
    "GroupsPerUserQuota": members.MOST_GROUPS,
    "PolicySizeQuota": policies.MOST_CHARACTERS,
    "RolePolicySizeQuota": role_policies.ROLES.most_characters,
    "UserPolicySizeQuota": user_policies.USERS.most_characters,
    "VersionsPerPolicyQuota": policy_versions.MOST_VERSIONS,
}


@reads("iam", "GetAccountSummary", OnNothing("iam:GetAccountSummary"))
def get_account_summary(call: Call, _request: GetAccountSummaryRequest) -> GetAccountSummaryResponse:
    """The counts and quotas of the caller's account; there are no MFA devices and certificates."""
    with call.reading() as tx:
        counts = tx.entity_counts(call.account)
    return GetAccountSummaryResponse(
        summary_map={
            "AccountAccessKeysPresent": int(counts.root_access_keys > 0),
            "AccountMFAEnabled": 0,
            "AccountSigningCertificatesPresent": 0,
            "Groups": counts.groups,
            "InstanceProfiles": counts.instance_profiles,
            "MFADevices": 0,
            "MFADevicesInUse": 0,
            "Policies": counts.policies,
            "PolicyVersionsInUse": counts.policy_versions,
            "Providers": counts.oidc_providers,
            "Roles": counts.roles,
            "ServerCertificates": 0,
            "Users": counts.users,
        }
        | _QUOTAS
    )
