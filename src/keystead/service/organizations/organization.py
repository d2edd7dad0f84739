"""CreateOrganization, DescribeOrganization, DeleteOrganization; the root and its policy types."""

from keystead.kinds import FeatureSet, OrganizationPolicyType
from keystead.model import Organization
from keystead.service.call import Call, WriteCall
from keystead.service.operation import OnNothing, reads, recorded, writes
from keystead.service.organization_arns import account_arn, organization_arn, root_arn
from keystead.service.organization_policies import FULL_ACCESS, SCP
from keystead.service.organizations.elements import whole
from keystead.service.organizations.identifiers import new_organization_id, new_root_id
from keystead.service.organizations.members import invited, join
from keystead.service.organizations.pages import page
from keystead.service.organizations.place import managed, on_entity, organization_of
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import (
    AlreadyInOrganizationException,
    OrganizationNotEmptyException,
    PolicyTypeAlreadyEnabledException,
    PolicyTypeNotAvailableForOrganizationException,
    PolicyTypeNotEnabledException,
    RootNotFoundException,
)
from keystead.store.port import ReadTx

ROOT_NAME = "Root"


@writes(
    "organizations",
    "CreateOrganization",
    OnNothing("organizations:CreateOrganization"),
    recorded=recorded("feature_set", elements=whole),
)
def create_organization(
    call: WriteCall, request: shapes.CreateOrganizationRequest
) -> shapes.CreateOrganizationResponse:
    """Makes an organization that the caller's account manages, with no policy type enabled."""
    if call.account_entry is not None and call.account_entry.organization is not None:
        raise AlreadyInOrganizationException("The AWS account is already a member of an organization.")
    organization = Organization(
        id=new_organization_id(call.random),
        root=new_root_id(call.random),
        management=call.account,
        feature_set=FeatureSet(request.feature_set or FeatureSet.ALL),
        policy_types=frozenset(),
        created=call.time,
    )
    call.tx.add_organization(organization)
    join(call.tx, organization, invited(organization, call.account, call.time))
    return shapes.CreateOrganizationResponse(organization=_shown(call.tx, organization))


@reads(
    "organizations",
    "DescribeOrganization",
    OnNothing("organizations:DescribeOrganization"),
    recorded=recorded(),
)
def describe_organization(
    call: Call,
    request: shapes.DescribeOrganizationRequest,  # noqa: ARG001 - it has no members
) -> shapes.DescribeOrganizationResponse:
    """The caller's organization; members may ask too."""
    organization = organization_of(call)
    with call.reading() as tx:
        return shapes.DescribeOrganizationResponse(organization=_shown(tx, organization))


@writes(
    "organizations",
    "DeleteOrganization",
    OnNothing("organizations:DeleteOrganization"),
    recorded=recorded(),
)
def delete_organization(
    call: WriteCall,
    request: shapes.DeleteOrganizationRequest,  # noqa: ARG001 - it has no members
) -> None:
    """Removes an organization without other members, and its units and policies with it."""
    organization = managed(call)
    if len(call.tx.organization_members(organization.id, None, "", 2)) > 1:
        raise OrganizationNotEmptyException(
            "To delete an organization you must first remove all member accounts (except the master)."
        )
    call.tx.delete_organization(organization.id)


def _shown(tx: ReadTx, organization: Organization) -> shapes.Organization:
    management = tx.account(organization.management)
    assert management is not None, "the management account exists"
    # AWS calls the list deprecated and incomplete; so it is what its documentation shows.
    every = organization.feature_set is FeatureSet.ALL
    available = [shapes.PolicyTypeSummary(type=SCP.value, status="ENABLED")] if every else []
    return shapes.Organization(
        id=organization.id,
        arn=organization_arn(organization),
        feature_set=organization.feature_set.value,
        master_account_arn=account_arn(organization, organization.management),
        master_account_id=organization.management,
        master_account_email=management.email or None,
        available_policy_types=available,
    )


@reads(
    "organizations",
    "ListRoots",
    OnNothing("organizations:ListRoots"),
    recorded=recorded("next_token", "max_results"),
)
def list_roots(call: Call, request: shapes.ListRootsRequest) -> shapes.ListRootsResponse:
    """The one root."""
    organization = managed(call)
    bounds = page(call, request)
    roots = [] if bounds.after else [_root(organization, organization.policy_types)]
    return shapes.ListRootsResponse(roots=roots)


def _root(organization: Organization, enabled: frozenset[OrganizationPolicyType]) -> shapes.Root:
    types = [shapes.PolicyTypeSummary(type=each.value, status="ENABLED") for each in sorted(enabled)]
    return shapes.Root(id=organization.root, arn=root_arn(organization), name=ROOT_NAME, policy_types=types)


@writes(
    "organizations",
    "EnablePolicyType",
    on_entity("organizations:EnablePolicyType", "root_id"),
    recorded=recorded("root_id", "policy_type", elements=whole),
)
def enable_policy_type(
    call: WriteCall, request: shapes.EnablePolicyTypeRequest
) -> shapes.EnablePolicyTypeResponse:
    """Puts a type in force; AWS's policy of the type, which allows everything, is attached everywhere."""
    organization = managed(call)
    wanted = available_type(organization, request.policy_type)
    _check_root(organization, request.root_id)
    if wanted in organization.policy_types:
        raise PolicyTypeAlreadyEnabledException("The specified policy type is already enabled.")
    enabled = organization.policy_types | {wanted}
    call.tx.set_policy_types(organization.id, enabled)
    call.tx.attach_everywhere(organization.id, FULL_ACCESS[wanted].id, wanted)
    return shapes.EnablePolicyTypeResponse(root=_root(organization, enabled))


@writes(
    "organizations",
    "DisablePolicyType",
    on_entity("organizations:DisablePolicyType", "root_id"),
    recorded=recorded("root_id", "policy_type", elements=whole),
)
def disable_policy_type(
    call: WriteCall, request: shapes.DisablePolicyTypeRequest
) -> shapes.DisablePolicyTypeResponse:
    """Takes a type out of force; what is attached of it is detached everywhere, and stays so."""
    organization = managed(call)
    _check_root(organization, request.root_id)
    remaining = frozenset(each for each in organization.policy_types if each != request.policy_type)
    if remaining == organization.policy_types:
        raise PolicyTypeNotEnabledException(NOT_ENABLED)
    call.tx.set_policy_types(organization.id, remaining)
    call.tx.detach_everywhere(organization.id, OrganizationPolicyType(request.policy_type))
    return shapes.DisablePolicyTypeResponse(root=_root(organization, remaining))


NOT_ENABLED = "This operation can be performed only for enabled policy types."


def _check_root(organization: Organization, root: str) -> None:
    if root != organization.root:
        raise RootNotFoundException("You specified a root that doesn't exist.")


def available_type(organization: Organization, text: str) -> OrganizationPolicyType:
    """The policy type `text`, or the refusal of one that the organization cannot have.

    Types that decide about no request, such as TAG_POLICY, are not there (the sentence is unverified).
    """
    if organization.feature_set is not FeatureSet.ALL or text not in list(OrganizationPolicyType):
        raise PolicyTypeNotAvailableForOrganizationException(
            "This policy type is not available for this organization."
        )
    return OrganizationPolicyType(text)
