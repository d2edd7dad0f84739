"""CreatePolicy, UpdatePolicy, DeletePolicy, DescribePolicy, ListPolicies."""

import json
from dataclasses import replace

from keystead.kinds import OrganizationPolicyType
from keystead.model import Organization, OrganizationPolicy
from keystead.policy import Malformed, PolicyKind, parse_policy
from keystead.service.call import Call, WriteCall
from keystead.service.operation import OnNothing, reads, recorded, writes
from keystead.service.organization_policies import (
    AWS_POLICIES,
    FULL_ACCESS,
    KINDS,
    arn_of,
    organization_policy,
)
from keystead.service.organizations.elements import whole
from keystead.service.organizations.entity_tags import new_tags
from keystead.service.organizations.identifiers import new_policy_id
from keystead.service.organizations.organization import available_type
from keystead.service.organizations.pages import page
from keystead.service.organizations.place import managed, on_policy
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import (
    ConstraintViolationException,
    DuplicatePolicyException,
    InvalidInputException,
    MalformedPolicyDocumentException,
    PolicyInUseException,
    PolicyNotFoundException,
)
from keystead.store.port import ReadTx

# Organizations User Guide, "Quotas for AWS Organizations".
MOST_CHARACTERS = 5120
MOST_POLICIES = 1000

MALFORMED = "The provided policy document does not meet the requirements of the specified policy type."
"""Recorded, for RCPs."""

_NAME_TAKEN = "A policy with the same name already exists."


@writes(
    "organizations",
    "CreatePolicy",
    OnNothing("organizations:CreatePolicy"),
    recorded=recorded("content", "description", "name", "type", "tags", elements=whole),
)
def create_policy(call: WriteCall, request: shapes.CreatePolicyRequest) -> shapes.CreatePolicyResponse:
    """Makes a policy, attached to nothing."""
    organization, tx = managed(call), call.tx
    kind = available_type(organization, request.type)
    policy = OrganizationPolicy(
        id=new_policy_id(call.random),
        organization=organization.id,
        type=kind,
        name=request.name,
        description=request.description,
        content=accepted_content(kind, request.content),
    )
    if tx.organization_policy_count(organization.id, kind) >= MOST_POLICIES:
        raise ConstraintViolationException(
            "You have exceeded the maximum number of policies.", reason="POLICY_NUMBER_LIMIT_EXCEEDED"
        )
    tags = new_tags(request.tags)
    _check_name(tx, policy, policy.name)
    tx.add_organization_policy(policy)
    for tag in tags:
        tx.put_organization_tag(organization.id, policy.id, tag)
    return shapes.CreatePolicyResponse(policy=_shown(organization, policy))


def accepted_content(type: OrganizationPolicyType, text: str) -> str:
    """The document as it is stored.

    Raises:
        ConstraintViolationException: it is too long.
        MalformedPolicyDocumentException: it is no policy of its type.
    """
    if len(text) > MOST_CHARACTERS:
        raise ConstraintViolationException(
            "You have exceeded the maximum policy size.", reason="POLICY_CONTENT_LIMIT_EXCEEDED"
        )
    parsed = parse_policy(text, KINDS[type])
    if isinstance(parsed, Malformed):
        raise MalformedPolicyDocumentException(MALFORMED)
    if KINDS[type] is PolicyKind.RCP and "Version" not in json.loads(text):
        # Recorded: the Version that a document without one has is written into it; where is unverified.
        before, brace, after = text.partition("{")
        return f'{before}{brace}"Version":"{parsed.version}",{after}'
    return text


@writes(
    "organizations",
    "UpdatePolicy",
    on_policy("organizations:UpdatePolicy"),
    recorded=recorded("policy_id", "name", "description", "content", elements=whole),
)
def update_policy(call: WriteCall, request: shapes.UpdatePolicyRequest) -> shapes.UpdatePolicyResponse:
    """Changes what is given of a policy; in force for the next request."""
    organization, tx = managed(call), call.tx
    policy = customers_policy(tx, organization, request.policy_id)
    changed = replace(
        policy,
        name=policy.name if request.name is None else request.name,
        description=policy.description if request.description is None else request.description,
        content=policy.content if request.content is None else accepted_content(policy.type, request.content),
    )
    if changed.name != policy.name:
        _check_name(tx, policy, changed.name)
    tx.set_organization_policy(changed)
    return shapes.UpdatePolicyResponse(policy=_shown(organization, changed))


@writes(
    "organizations",
    "DeletePolicy",
    on_policy("organizations:DeletePolicy"),
    recorded=recorded("policy_id"),
)
def delete_policy(call: WriteCall, request: shapes.DeletePolicyRequest) -> None:
    """Removes a policy that is attached to nothing."""
    organization, tx = managed(call), call.tx
    policy = customers_policy(tx, organization, request.policy_id)
    if tx.policy_targets(organization.id, policy.id, "", 1):
        raise PolicyInUseException(
            "The policy is attached to one or more entities. You must detach it from all roots, "
            "organizational units (OUs), and accounts before performing this operation."
        )
    tx.delete_organization_policy(organization.id, policy.id)


@reads(
    "organizations",
    "DescribePolicy",
    on_policy("organizations:DescribePolicy"),
    recorded=recorded("policy_id"),
)
def describe_policy(call: Call, request: shapes.DescribePolicyRequest) -> shapes.DescribePolicyResponse:
    """A policy with its document."""
    organization = managed(call)
    with call.reading() as tx:
        policy = existing_policy(tx, organization, request.policy_id)
    return shapes.DescribePolicyResponse(policy=_shown(organization, policy))


@reads(
    "organizations",
    "ListPolicies",
    OnNothing("organizations:ListPolicies"),
    recorded=recorded("filter", "next_token", "max_results"),
)
def list_policies(call: Call, request: shapes.ListPoliciesRequest) -> shapes.ListPoliciesResponse:
    """The policies of a type by id, AWS's own among them; of types that are not there, none."""
    organization, bounds = managed(call), page(call, request)
    if request.filter not in list(OrganizationPolicyType):
        return shapes.ListPoliciesResponse(policies=[])
    kind = OrganizationPolicyType(request.filter)
    with call.reading() as tx:
        found = list(tx.organization_policies(organization.id, kind, bounds.after, bounds.limit + 1))
    if FULL_ACCESS[kind].id > bounds.after:
        found = sorted((*found, FULL_ACCESS[kind]), key=lambda policy: policy.id)[: bounds.limit + 1]
    policies = bounds.cut(found, lambda policy: policy.id)
    return shapes.ListPoliciesResponse(
        policies=[summary(organization, policy) for policy in policies.items], next_token=policies.marker
    )


def existing_policy(tx: ReadTx, organization: Organization, id: str) -> OrganizationPolicy:
    """The policy `id`, AWS's or the organization's, or PolicyNotFoundException."""
    policy = organization_policy(tx, organization, id)
    if policy is None:
        raise PolicyNotFoundException("You specified a policy that doesn't exist.")
    return policy


def customers_policy(tx: ReadTx, organization: Organization, id: str) -> OrganizationPolicy:
    """The same, but InvalidInputException for AWS's, which nobody may change (the sentence is unverified)."""
    if id in AWS_POLICIES:
        raise InvalidInputException(
            "You can't change a policy that is managed by AWS.", reason="IMMUTABLE_POLICY"
        )
    return existing_policy(tx, organization, id)


def summary(organization: Organization, policy: OrganizationPolicy) -> shapes.PolicySummary:
    """A policy as lists have it."""
    return shapes.PolicySummary(
        id=policy.id,
        arn=arn_of(organization, policy),
        name=policy.name,
        description=policy.description,
        type=policy.type.value,
        aws_managed=policy.id in AWS_POLICIES,
    )


def _shown(organization: Organization, policy: OrganizationPolicy) -> shapes.Policy:
    return shapes.Policy(policy_summary=summary(organization, policy), content=policy.content)


def _check_name(tx: ReadTx, policy: OrganizationPolicy, name: str) -> None:
    """Refuses a name that another policy of the same organization and type has."""
    namesake = tx.organization_policy_named(policy.organization, policy.type, name)
    if namesake is not None or name == FULL_ACCESS[policy.type].name:
        raise DuplicatePolicyException(_NAME_TAKEN)
