"""ARNs of organizations and of what is in them.

Source: Service Authorization Reference, "Resource types defined by AWS Organizations".
"""

from keystead.kinds import OrganizationPolicyType
from keystead.model import Handshake, Organization
from keystead.names import PARTITION

_AWS = "aws"
"""Stands for the account in ARNs of policies that AWS made."""


def _arn(account: str, resource: str) -> str:
    return f"arn:{PARTITION}:organizations::{account}:{resource}"


def organization_arn(organization: Organization) -> str:
    """`.../organization/o-...`."""
    return _arn(organization.management, f"organization/{organization.id}")


def account_arn(organization: Organization, account: str) -> str:
    """`.../account/o-.../ACCOUNT`."""
    return _arn(organization.management, f"account/{organization.id}/{account}")


def root_arn(organization: Organization) -> str:
    """`root`, the id of the organization, its own id."""
    return _arn(organization.management, f"root/{organization.id}/{organization.root}")


def unit_arn(organization: Organization, unit: str) -> str:
    """`.../ou/o-.../ou-...`."""
    return _arn(organization.management, f"ou/{organization.id}/{unit}")


def entity_arn(organization: Organization, id: str) -> str:
    """The ARN of a root, unit or account, whichever `id` has the form of."""
    if id.startswith("ou-"):
        return unit_arn(organization, id)
    return root_arn(organization) if id == organization.root else account_arn(organization, id)


def policy_arn(organization: Organization, type: OrganizationPolicyType, id: str) -> str:
    """`.../policy/o-.../service_control_policy/p-...` of a policy that a customer made."""
    return _arn(organization.management, f"policy/{organization.id}/{type.lower()}/{id}")


def aws_policy_arn(type: OrganizationPolicyType, id: str) -> str:
    """The same of a policy that AWS made, which belongs to no organization."""
    return _arn(_AWS, f"policy/{type.lower()}/{id}")


def handshake_arn(organization: Organization, handshake: Handshake) -> str:
    """`.../handshake/o-.../invite/h-...`."""
    return _arn(organization.management, f"handshake/{organization.id}/invite/{handshake.id}")
