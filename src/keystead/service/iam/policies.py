"""CreatePolicy, GetPolicy, ListPolicies, DeletePolicy: managed policies."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from keystead.model import ManagedPolicy
from keystead.names import AccountId, ManagedPolicyArn
from keystead.policy import PolicyKind
from keystead.policy.catalogue import ResourceType
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import made
from keystead.service.iam.identifiers import new_unique_id
from keystead.service.iam.inline_policies import characters, parsed
from keystead.service.iam.named import ROOT_PATH
from keystead.service.iam.named_policy import check_policy_arn, on_policy, own_policy_of, policy_of
from keystead.service.iam.pages import Bounds, page
from keystead.service.iam.tags import EXACT, checked
from keystead.service.iam.tags import shown as shown_tags
from keystead.service.managed_policies import aws_policies
from keystead.service.operation import Named, OnArn, OnNothing, reads, recorded, writes
from keystead.shapes.iam import (
    CreatePolicyRequest,
    CreatePolicyResponse,
    DeletePolicyRequest,
    GetPolicyRequest,
    GetPolicyResponse,
    ListPoliciesRequest,
    ListPoliciesResponse,
    Policy,
)
from keystead.shapes.iam_errors import (
    DeleteConflictException,
    EntityAlreadyExistsException,
    LimitExceededException,
)
from keystead.store.port import AlreadyExists, ReadTx

MOST_CHARACTERS = 6144
"""Of a managed policy, white space not counted (IAM User Guide, "IAM and AWS STS quotas")."""


class Usage(NamedTuple):
    """How many entities of an account each policy is attached to, and bounds."""

    attachments: Mapping[str, int]
    boundaries: Mapping[str, int]


def usage(tx: ReadTx, account: AccountId, policies: Sequence[ManagedPolicy]) -> Usage:
    """The usage of these policies."""
    arns = [str(policy.arn) for policy in policies]
    return Usage(tx.attachment_counts(account, arns), tx.boundary_counts(account, arns))


def listed(policy: ManagedPolicy, used: Usage) -> Policy:
    """A policy as ListPolicies answers it: without description and tags."""
    arn = str(policy.arn)
    return Policy(
        policy_name=policy.name,
        policy_id=policy.unique_id,
        arn=arn,
        path=policy.path,
        default_version_id=f"v{policy.default_version}",
        attachment_count=used.attachments.get(arn, 0),
        permissions_boundary_usage_count=used.boundaries.get(arn, 0),
        is_attachable=True,
        create_date=policy.created / 1000,
        update_date=policy.updated / 1000,
    )


def accepted(document: str) -> str:
    """The document of a managed policy, as it is kept.

    Raises:
        MalformedPolicyDocumentException: it is no identity policy.
        LimitExceededException: it is too large.
    """
    parsed(document, PolicyKind.IDENTITY)
    if characters(document) > MOST_CHARACTERS:
        raise LimitExceededException(f"Cannot exceed quota for PolicySize: {MOST_CHARACTERS}")
    return document


def _new(call: Call, request: CreatePolicyRequest) -> Named:
    arn = ManagedPolicyArn(call.account, request.path or ROOT_PATH, request.policy_name)
    return Named(str(arn), shown=f"policy {request.policy_name}")


def _tagged(request: CreatePolicyRequest) -> bool:
    return bool(request.tags)


@writes(
    "iam",
    "CreatePolicy",
    OnArn("iam:CreatePolicy", _new, ResourceType.POLICY),
    OnArn("iam:TagPolicy", _new, ResourceType.POLICY, when=_tagged),
    recorded=recorded("policy_name", "path", "policy_document", "description", "tags", elements=made),
)
def create_policy(call: WriteCall, request: CreatePolicyRequest) -> CreatePolicyResponse:
    """Makes a managed policy with the version v1; its name is new in the account, whatever the case."""
    policy = ManagedPolicy(
        unique_id=new_unique_id("ANPA", call.random),
        account=call.account,
        path=request.path or ROOT_PATH,
        name=request.policy_name,
        description=request.description or "",
        created=call.time,
        updated=call.time,
        tags=checked(request.tags, EXACT),
    )
    document = accepted(request.policy_document)
    try:
        call.tx.add_managed_policy(policy, document)
    except AlreadyExists:
        raise EntityAlreadyExistsException(
            f"A policy called {policy.name} already exists. Duplicate names are not allowed."
        ) from None
    answer = listed(policy, Usage({}, {}))
    return CreatePolicyResponse(policy=msgspec.structs.replace(answer, tags=shown_tags(policy.tags)))


@reads(
    "iam",
    "GetPolicy",
    on_policy("iam:GetPolicy"),
    check=check_policy_arn,
    recorded=recorded("policy_arn"),
)
def get_policy(call: Call, request: GetPolicyRequest) -> GetPolicyResponse:
    """A managed policy without its document."""
    with call.reading() as tx:
        policy = policy_of(call, tx, request.policy_arn)
        answer = listed(policy, usage(tx, call.account, [policy]))
    return GetPolicyResponse(
        policy=msgspec.structs.replace(
            answer, description=policy.description or None, tags=shown_tags(policy.tags)
        )
    )


@reads(
    "iam",
    "ListPolicies",
    OnNothing("iam:ListPolicies"),
    recorded=recorded("scope", "only_attached", "path_prefix", "policy_usage_filter", "marker", "max_items"),
)
def list_policies(call: Call, request: ListPoliciesRequest) -> ListPoliciesResponse:
    """The account's managed policies by name, then those of AWS.

    A page with a filter may hold fewer policies than the next ones, or none: the API reserves that right, and
    so the work of a call is bounded.
    """
    bounds = page(call, request)
    with call.reading() as tx:
        found = _found(tx, call.account, request.scope or "All", request.path_prefix or ROOT_PATH, bounds)
        policies = bounds.cut(found, _place)
        used = usage(tx, call.account, policies.items)
    return ListPoliciesResponse(
        policies=[listed(policy, used) for policy in policies.items if _wanted(request, policy, used)],
        is_truncated=policies.marker is not None,
        marker=policies.marker,
    )


# Where a policy stands in the list: the account's before AWS's, each by name.
_LOCAL, _AWS = "1", "2"


def _place(policy: ManagedPolicy) -> str:
    return f"{_AWS if policy.account is None else _LOCAL}{policy.name.lower()}"


def _found(
    tx: ReadTx, account: AccountId, scope: str, path_prefix: str, bounds: Bounds
) -> list[ManagedPolicy]:
    """One policy more than fits on the page, if there are so many."""
    found: list[ManagedPolicy] = []
    if scope != "AWS" and not bounds.after.startswith(_AWS):
        after = bounds.after.removeprefix(_LOCAL)
        found += tx.managed_policies(account, path_prefix, after, bounds.limit + 1)
    if scope != "Local":
        found += (
            policy
            for policy, _ in aws_policies().values()
            if policy.path.startswith(path_prefix) and _place(policy) > bounds.after
        )
    return found[: bounds.limit + 1]


def _wanted(request: ListPoliciesRequest, policy: ManagedPolicy, used: Usage) -> bool:
    """Whether the filters let a policy pass; what counts as attached beside a filter is unverified."""
    boundary = request.policy_usage_filter == "PermissionsBoundary"
    counts = used.boundaries if boundary else used.attachments
    return not (request.only_attached or request.policy_usage_filter) or counts.get(str(policy.arn), 0) > 0


@writes(
    "iam",
    "DeletePolicy",
    on_policy("iam:DeletePolicy"),
    check=check_policy_arn,
    recorded=recorded("policy_arn"),
)
def delete_policy(call: WriteCall, request: DeletePolicyRequest) -> None:
    """Removes a managed policy that nothing has, and whose only version is the default one."""
    policy = own_policy_of(call, call.tx, request.policy_arn)
    used = usage(call.tx, call.account, [policy])
    if used.attachments or used.boundaries:
        raise DeleteConflictException("Cannot delete a policy attached to entities.")
    if len(call.tx.policy_versions(str(policy.arn))) > 1:
        raise DeleteConflictException(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's "
            "versions. The default version is deleted with the policy."
        )
    call.tx.delete_managed_policy(str(policy.arn))
