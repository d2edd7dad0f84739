"""The recorded cases about sessions and boundaries (`vectors/policy`), sorted by how they run end to end.

None is left out in silence: a case that no kind of run takes has a reason here, or reading it fails.
"""

from functools import cache
from typing import Any

from tests.policy.policy_cases import MEMBERS, Case, members, read_cases, request_and_facts

SESSIONS = {"assumed-role", "federated-user"}
"""Types of principals that call with temporary credentials."""

TAGGING, GRANTS, BOUNDARIES, CHAINS = "tagging", "grants", "boundaries", "chains"
"""Kinds of runs: TagUser under a session policy; a call of KMS on a key; a call under policies of an identity
and what is around them; AssumeRole by a session."""

NO_SQS = "Keystead has no SQS"


@cache
def by_run() -> dict[str, list[dict[str, Any]]]:
    """All cases about sessions and boundaries, by kind of run or by the reason why they do not run."""
    return sorted_by_run(read_cases())


def sorted_by_run(cases: list[Case]) -> dict[str, list[dict[str, Any]]]:
    """ValueError for a case with an unknown member, at any depth, and for one without kind and reason."""
    found: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        if is_of_sessions(case):
            members(case.data, *MEMBERS[case.kind], case.id)
            request_and_facts(case)  # reads what is in it, and refuses members that it does not know
            found.setdefault(run_of(case), []).append(case.data)
    return found


def is_of_sessions(case: Case) -> bool:
    if case.topic == "boundaries-sessions":
        return True
    return case.kind == "authorize" and case.data["principal"]["type"] in SESSIONS


def run_of(case: Case) -> str:
    action = case.data["action"]
    if case.topic == "boundaries-sessions":
        return BOUNDARIES
    if action == "iam:TagUser":
        return TAGGING
    if action.startswith("kms:"):
        return GRANTS
    if action.startswith("sqs:"):
        return NO_SQS
    if action == "sts:AssumeRole":
        return CHAINS
    raise ValueError(f"{case.id}: nobody runs {action}")
