"""AttachPolicy, DetachPolicy, ListPoliciesForTarget, ListTargetsForPolicy."""

from keystead.kinds import OrganizationPolicyType
from keystead.model import Organization, OrganizationAttachment, OrganizationPolicy
from keystead.service.call import Call, WriteCall
from keystead.service.operation import reads, recorded, writes
from keystead.service.organization_policies import AWS_POLICIES, FULL_ACCESS, RCP
from keystead.service.organizations.organization import NOT_ENABLED
from keystead.service.organizations.pages import page
from keystead.service.organizations.place import managed, on_entity, on_policy
from keystead.service.organizations.policies import existing_policy, summary
from keystead.service.organizations.targets import target_of
from keystead.shapes import organizations as shapes
from keystead.shapes.organizations_errors import (
    ConstraintViolationException,
    DuplicatePolicyAttachmentException,
    InvalidInputException,
    PolicyNotAttachedException,
    PolicyTypeNotEnabledException,
    TargetNotFoundException,
)
from keystead.store.port import ReadTx

MOST_ATTACHED = 5
"""Policies of one type on one target, AWS's own counted too (Organizations User Guide, "Quotas")."""


@writes(
    "organizations",
    "AttachPolicy",
    on_policy("organizations:AttachPolicy"),
    on_entity("organizations:AttachPolicy", "target_id"),
    recorded=recorded("policy_id", "target_id"),
)
def attach_policy(call: WriteCall, request: shapes.AttachPolicyRequest) -> None:
    """Attaches a policy to a root, unit or account; in force for the next request."""
    organization, tx, target = managed(call), call.tx, request.target_id
    policy = existing_policy(tx, organization, request.policy_id)
    if policy.type not in organization.policy_types:
        raise PolicyTypeNotEnabledException(NOT_ENABLED)
    check_target(tx, organization, target)
    attached = _attached(tx, organization, target, policy.type)
    if policy.id in (each.id for each in attached):
        raise DuplicatePolicyAttachmentException(
            "The selected policy is already attached to the specified target."
        )
    if len(attached) >= MOST_ATTACHED:
        raise ConstraintViolationException(
            "You have attached the maximum number of policies to the specified target.",
            reason="MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        )
    tx.attach_organization_policy(OrganizationAttachment(organization.id, target, policy.id, policy.type))


@writes(
    "organizations",
    "DetachPolicy",
    on_policy("organizations:DetachPolicy"),
    on_entity("organizations:DetachPolicy", "target_id"),
    recorded=recorded("policy_id", "target_id"),
)
def detach_policy(call: WriteCall, request: shapes.DetachPolicyRequest) -> None:
    """Detaches a policy; one of each enabled type stays on every target."""
    organization, tx, target = managed(call), call.tx, request.target_id
    policy = existing_policy(tx, organization, request.policy_id)
    check_target(tx, organization, target)
    attached = _attached(tx, organization, target, policy.type)
    if policy.id not in (each.id for each in attached):
        raise PolicyNotAttachedException("The specified policy is not attached to the specified target.")
    if policy is FULL_ACCESS[RCP]:
        raise InvalidInputException(
            "You can't detach this AWS managed policy.", reason="NON_DETACHABLE_POLICY"
        )
    if len(attached) == 1:
        raise ConstraintViolationException(
            "You cannot remove the last policy attached to the specified target. You must have at least one "
            "attached at all times.",
            reason="MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
        )
    tx.detach_organization_policy(organization.id, target, policy.id)


@reads(
    "organizations",
    "ListPoliciesForTarget",
    on_entity("organizations:ListPoliciesForTarget", "target_id"),
    recorded=recorded("target_id", "filter", "next_token", "max_results"),
)
def list_policies_for_target(
    call: Call, request: shapes.ListPoliciesForTargetRequest
) -> shapes.ListPoliciesForTargetResponse:
    """The policies of a type that are attached right to a target, by id; none that it inherits."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        check_target(tx, organization, request.target_id)
        found = _attached(tx, organization, request.target_id, request.filter)
    policies = bounds.cut([each for each in found if each.id > bounds.after], lambda policy: policy.id)
    return shapes.ListPoliciesForTargetResponse(
        policies=[summary(organization, policy) for policy in policies.items], next_token=policies.marker
    )


@reads(
    "organizations",
    "ListTargetsForPolicy",
    on_policy("organizations:ListTargetsForPolicy"),
    recorded=recorded("policy_id", "next_token", "max_results"),
)
def list_targets_for_policy(
    call: Call, request: shapes.ListTargetsForPolicyRequest
) -> shapes.ListTargetsForPolicyResponse:
    """What a policy is attached to."""
    organization, bounds = managed(call), page(call, request)
    with call.reading() as tx:
        policy = existing_policy(tx, organization, request.policy_id)
        found = tx.policy_targets(organization.id, policy.id, bounds.after, bounds.limit + 1)
        targets = bounds.cut(found, str)
        entities = [target_of(tx, organization, target) for target in targets.items]
    return shapes.ListTargetsForPolicyResponse(
        targets=[entity.shown(organization) for entity in entities if entity is not None],
        next_token=targets.marker,
    )


def check_target(tx: ReadTx, organization: Organization, target: str) -> None:
    """Refuses what is no root, unit or account of the organization."""
    if target_of(tx, organization, target) is None:
        raise TargetNotFoundException("You specified a target that doesn't exist.")


def _attached(
    tx: ReadTx, organization: Organization, target: str, type: OrganizationPolicyType | str
) -> list[OrganizationPolicy]:
    return [
        AWS_POLICIES[attachment.policy] if policy is None else policy
        for attachment, policy in tx.policies_attached_to(organization.id, [target])
        if attachment.type == type
    ]
