"""Organization policies wherever they are kept: those of AWS here, those of organizations in the store.

Source: Organizations User Guide, "Service control policies" and "Resource control policies".
"""

from collections.abc import Callable

from keystead.kinds import OrganizationPolicyType
from keystead.model import Organization, OrganizationPolicy
from keystead.policy import RCP_FULL_AWS_ACCESS, AttachedPolicy, Policy, PolicyKind
from keystead.service.organization_arns import aws_policy_arn, policy_arn
from keystead.store.port import ReadTx

SCP = OrganizationPolicyType.SERVICE_CONTROL_POLICY
RCP = OrganizationPolicyType.RESOURCE_CONTROL_POLICY

KINDS = {SCP: PolicyKind.SCP, RCP: PolicyKind.RCP}
"""The grammar of each type."""

FULL_ACCESS = {
    SCP: OrganizationPolicy(
        id="p-FullAWSAccess",
        organization="",
        type=SCP,
        name="FullAWSAccess",
        description="Allows access to every operation",
        content='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    ),
    RCP: OrganizationPolicy(
        id="p-RCPFullAWSAccess",
        organization="",
        type=RCP,
        name="RCPFullAWSAccess",
        description="Allows access to every resource",  # the sentence is unverified
        content=RCP_FULL_AWS_ACCESS.text,
    ),
}
"""The policies of AWS: one a type, attached to everything while the type is enabled.

FullAWSAccess can be replaced by another policy; RCPFullAWSAccess cannot be detached, for customers' own RCPs
only deny.
"""

AWS_POLICIES = {policy.id: policy for policy in FULL_ACCESS.values()}


def organization_policy(tx: ReadTx, organization: Organization, id: str) -> OrganizationPolicy | None:
    """The policy `id` as the organization sees it: AWS's or its own, or None."""
    return AWS_POLICIES.get(id) or tx.organization_policy(organization.id, id)


def arn_of(organization: Organization, policy: OrganizationPolicy) -> str:
    """The ARN of a policy, the organization's own or AWS's."""
    if policy.id in AWS_POLICIES:
        return aws_policy_arn(policy.type, policy.id)
    return policy_arn(organization, policy.type, policy.id)


def as_decided(
    organization: Organization, policy: OrganizationPolicy, compiled: Callable[[PolicyKind, str], Policy]
) -> AttachedPolicy:
    """A policy as decisions need it; `compiled` makes it from its kind and text."""
    arn = arn_of(organization, policy)
    if policy is FULL_ACCESS[RCP]:  # its text alone does not parse, for no customer may write it
        return AttachedPolicy(RCP_FULL_AWS_ACCESS, policy.name, arn)
    return AttachedPolicy(compiled(KINDS[policy.type], policy.content), policy.name, arn)
