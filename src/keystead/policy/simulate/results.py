"""What a simulation answers, with AWS's names (IAM API Reference, `EvaluationResult`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from keystead.policy.language.positions import Position


class EvalDecision(StrEnum):
    """`PolicyEvaluationDecisionType`, the most restrictive first."""

    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"
    ALLOWED = "allowed"


class PolicySource(StrEnum):
    """What kind of policy, in the words of AWS's answers, which are not those of its model."""

    IAM = "IAM Policy"
    RESOURCE = "Resource Policy"
    BOUNDARY = "Permissions Boundary Policy"
    """Recorded as a key of `EvalDecisionDetails`; as the type of a matched statement unverified."""


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that determined a decision: the policy's id in the request, its kind, and where it stands.

    The statement's `index`, from 0, and its `sid` are ours: AWS does not answer them.
    """

    source_policy_id: str
    source_policy_type: PolicySource
    start_position: Position
    end_position: Position
    index: int
    sid: str


@dataclass(frozen=True, slots=True)
class ResourceSpecificResult:
    """The result on one resource; its members are explained at `EvaluationResult`."""

    eval_resource_name: str
    eval_resource_decision: EvalDecision
    matched_statements: tuple[MatchedStatement, ...]
    missing_context_values: tuple[str, ...]
    eval_decision_details: Mapping[PolicySource, EvalDecision] | None
    allowed_by_permissions_boundary: bool | None
    allowed_by_organizations: bool | None


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """The result for one action, over all resources.

    Attributes:
        eval_resource_name: the resource; of several a template of their ARNs, or `*`.
        eval_decision: the most restrictive of all resources.
        matched_statements: statements of identity and resource policies that allow, or, with an explicit
            deny, those that deny, of a permissions boundary too. Never of service control policies.
        missing_context_values: with an implicit deny, the condition keys that the policies read and that the
            request lacks; of every statement, whether it is about the action or not.
        eval_decision_details: across accounts, what each kind of policy says; in one account empty, and None
            for `*` and where the organization denies.
        allowed_by_permissions_boundary: what the boundary alone says; None without one.
        allowed_by_organizations: what the service control policies say; None without any.
        resource_specific_results: of each resource; empty for `*`.
    """

    eval_action_name: str
    eval_resource_name: str
    eval_decision: EvalDecision
    matched_statements: tuple[MatchedStatement, ...]
    missing_context_values: tuple[str, ...]
    eval_decision_details: Mapping[PolicySource, EvalDecision] | None
    allowed_by_permissions_boundary: bool | None
    allowed_by_organizations: bool | None
    resource_specific_results: tuple[ResourceSpecificResult, ...]
