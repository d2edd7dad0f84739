"""CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions, SetDefaultPolicyVersion, DeletePolicyVersion."""

from dataclasses import replace

from keystead.model import ManagedPolicy, PolicyVersion
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import made
from keystead.service.iam.named_policy import check_policy_arn, on_policy, own_policy_of, policy_of
from keystead.service.iam.pages import page
from keystead.service.iam.policies import accepted
from keystead.service.managed_policies import policy_version, policy_versions
from keystead.service.operation import reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import (
    DeleteConflictException,
    LimitExceededException,
    NoSuchEntityException,
)
from keystead.store.port import ReadTx

MOST_VERSIONS = 5
"""IAM User Guide, "IAM and AWS STS quotas": managed policy versions."""


def listed(policy: ManagedPolicy, version: PolicyVersion) -> shapes.PolicyVersion:
    """A version without its document."""
    return shapes.PolicyVersion(
        version_id=version.id,
        is_default_version=version.number == policy.default_version,
        create_date=version.created / 1000,
    )


def shown(policy: ManagedPolicy, version: PolicyVersion) -> shapes.PolicyVersion:
    """A version with its document, which is percent-encoded on the wire."""
    return shapes.PolicyVersion(
        document=version.document,
        version_id=version.id,
        is_default_version=version.number == policy.default_version,
        create_date=version.created / 1000,
    )


@writes(
    "iam",
    "CreatePolicyVersion",
    on_policy("iam:CreatePolicyVersion"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "policy_document", "set_as_default", elements=made),
)
def create_policy_version(
    call: WriteCall, request: shapes.CreatePolicyVersionRequest
) -> shapes.CreatePolicyVersionResponse:
    """Adds a version, under a number that was never used; in force at once if it is to be the default."""
    policy = own_policy_of(call, call.tx, request.policy_arn)
    arn = str(policy.arn)
    document = accepted(request.policy_document)
    if len(call.tx.policy_versions(arn)) >= MOST_VERSIONS:
        raise LimitExceededException(
            f"A managed policy can have up to {MOST_VERSIONS} versions. Before you create a new version, you "
            "must delete an existing version."
        )
    number = policy.last_version + 1
    version = PolicyVersion(arn, number, document, call.time)
    default = number if request.set_as_default else policy.default_version
    changed = replace(policy, last_version=number, default_version=default, updated=call.time)
    call.tx.add_policy_version(version)
    call.tx.alter_managed_policy(changed)
    return shapes.CreatePolicyVersionResponse(policy_version=listed(changed, version))


@reads(
    "iam",
    "GetPolicyVersion",
    on_policy("iam:GetPolicyVersion"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "version_id"),
)
def get_policy_version(
    call: Call, request: shapes.GetPolicyVersionRequest
) -> shapes.GetPolicyVersionResponse:
    """A version with its document as it was given."""
    with call.reading() as tx:
        policy = policy_of(call, tx, request.policy_arn)
        version = _version_of(tx, policy, request.version_id)
    return shapes.GetPolicyVersionResponse(policy_version=shown(policy, version))


@reads(
    "iam",
    "ListPolicyVersions",
    on_policy("iam:ListPolicyVersions"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "marker", "max_items"),
)
def list_policy_versions(
    call: Call, request: shapes.ListPolicyVersionsRequest
) -> shapes.ListPolicyVersionsResponse:
    """The versions of a policy without their documents, the newest first."""
    bounds = page(call, request)
    with call.reading() as tx:
        policy = policy_of(call, tx, request.policy_arn)
        found = policy_versions(tx, str(policy.arn))[::-1]
    before = int(bounds.after) if bounds.after else policy.last_version + 1
    versions = bounds.cut(
        [version for version in found if version.number < before], lambda version: str(version.number)
    )
    return shapes.ListPolicyVersionsResponse(
        versions=[listed(policy, version) for version in versions.items],
        is_truncated=versions.marker is not None,
        marker=versions.marker,
    )


@writes(
    "iam",
    "SetDefaultPolicyVersion",
    on_policy("iam:SetDefaultPolicyVersion"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "version_id"),
)
def set_default_policy_version(call: WriteCall, request: shapes.SetDefaultPolicyVersionRequest) -> None:
    """Puts a version in force, for the next request of everybody who has the policy."""
    policy = own_policy_of(call, call.tx, request.policy_arn)
    version = _version_of(call.tx, policy, request.version_id)
    call.tx.alter_managed_policy(replace(policy, default_version=version.number))


@writes(
    "iam",
    "DeletePolicyVersion",
    on_policy("iam:DeletePolicyVersion"),
    check=check_policy_arn,
    recorded=recorded("policy_arn", "version_id"),
)
def delete_policy_version(call: WriteCall, request: shapes.DeletePolicyVersionRequest) -> None:
    """Removes a version that is not the default one."""
    policy = own_policy_of(call, call.tx, request.policy_arn)
    version = _version_of(call.tx, policy, request.version_id)
    if version.number == policy.default_version:
        raise DeleteConflictException("Cannot delete the default version of a policy.")
    call.tx.delete_policy_version(version.policy, version.number)


def _version_of(tx: ReadTx, policy: ManagedPolicy, id: str) -> PolicyVersion:
    # The model's pattern lets more follow the number, which no version of ours has.
    digits = id.removeprefix("v")
    known = digits.isascii() and digits.isdigit() and len(digits) < 10
    version = policy_version(tx, str(policy.arn), int(digits)) if known else None
    if version is None:
        raise NoSuchEntityException(f"Policy {policy.arn} version {id} does not exist or is not attachable.")
    return version
