"""The results of a simulation as IAM answers them."""

from collections.abc import Iterable, Mapping

from keystead.policy.language.positions import Position as Place
from keystead.policy.simulate import (
    EvalDecision,
    EvaluationResult,
    MatchedStatement,
    PolicySource,
    ResourceSpecificResult,
)
from keystead.shapes import iam as shapes


def simulated(results: Iterable[EvaluationResult], marker: str | None) -> shapes.SimulatePolicyResponse:
    """One page of results; `marker` begins the next one."""
    return shapes.SimulatePolicyResponse(
        evaluation_results=[_result(result) for result in results],
        is_truncated=marker is not None,
        marker=marker,
    )


def _result(result: EvaluationResult) -> shapes.EvaluationResult:
    return shapes.EvaluationResult(
        eval_action_name=result.eval_action_name,
        eval_resource_name=result.eval_resource_name,
        eval_decision=result.eval_decision.value,
        matched_statements=[_statement(each) for each in result.matched_statements],
        missing_context_values=list(result.missing_context_values),
        organizations_decision_detail=(
            None
            if result.allowed_by_organizations is None
            else shapes.OrganizationsDecisionDetail(allowed_by_organizations=result.allowed_by_organizations)
        ),
        permissions_boundary_decision_detail=_boundary(result.allowed_by_permissions_boundary),
        eval_decision_details=_details(result.eval_decision_details),
        resource_specific_results=[_resource(each) for each in result.resource_specific_results] or None,
    )


def _resource(result: ResourceSpecificResult) -> shapes.ResourceSpecificResult:
    return shapes.ResourceSpecificResult(
        eval_resource_name=result.eval_resource_name,
        eval_resource_decision=result.eval_resource_decision.value,
        matched_statements=[_statement(each) for each in result.matched_statements],
        missing_context_values=list(result.missing_context_values),
        eval_decision_details=_details(result.eval_decision_details),
        permissions_boundary_decision_detail=_boundary(result.allowed_by_permissions_boundary),
    )


def _statement(statement: MatchedStatement) -> shapes.Statement:
    return shapes.Statement(
        source_policy_id=statement.source_policy_id,
        source_policy_type=statement.source_policy_type.value,
        start_position=_position(statement.start_position),
        end_position=_position(statement.end_position),
    )


def _position(place: Place) -> shapes.Position:
    return shapes.Position(line=place.line, column=place.column)


def _boundary(allowed: bool | None) -> shapes.PermissionsBoundaryDecisionDetail | None:
    if allowed is None:
        return None
    return shapes.PermissionsBoundaryDecisionDetail(allowed_by_permissions_boundary=allowed)


def _details(details: Mapping[PolicySource, EvalDecision] | None) -> dict[str, str] | None:
    if details is None:
        return None
    return {source.value: decision.value for source, decision in details.items()}
