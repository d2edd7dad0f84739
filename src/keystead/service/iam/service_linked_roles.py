"""CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus.

Those of KMS alone: for multi-Region keys and for custom key stores (KMS Developer Guide). CreateKey makes
that of multi-Region keys with the first of them, and deleting it fails while there is one. (AWS says that
nobody can delete it. Here it would stay for ever in an account that tried them out.) Deleting succeeds or
fails at once, where AWS takes its time.
"""

import json
import re
import uuid
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from keystead.kinds import PrincipalType
from keystead.model import Principal, RoleDetails
from keystead.names import AccountId, KeyArn, RoleArn
from keystead.service.call import Call, WriteCall
from keystead.service.iam.elements import made
from keystead.service.iam.identifiers import new_unique_id
from keystead.service.iam.named import named_role, on_role, role_of
from keystead.service.iam.roles import SERVICE_LINKED_PATH, details_of, shown
from keystead.service.operation import Named, OnArn, Parameter, Recorded, reads, recorded, writes
from keystead.shapes import iam as shapes
from keystead.shapes.iam_errors import InvalidInputException, NoSuchEntityException
from keystead.store.port import AlreadyExists, ReadTx


class Linked(NamedTuple):
    """The service-linked role of a service; `description` is that of one that the service makes itself."""

    role: str
    policy: str
    description: str


_POLICIES = "arn:aws:iam::aws:policy/aws-service-role/"

MULTI_REGION_KEYS = "mrk.kms.amazonaws.com"
"""The service whose role the first multi-Region key of an account makes."""

LINKED = {
    MULTI_REGION_KEYS: Linked(
        "AWSServiceRoleForKeyManagementServiceMultiRegionKeys",
        f"{_POLICIES}AWSKeyManagementServiceMultiRegionKeysServiceRolePolicy",
        "Enables access to AWS services and resources required for AWS KMS Multi-Region Keys",
    ),
    "cks.kms.amazonaws.com": Linked(
        "AWSServiceRoleForKeyManagementServiceCustomKeyStores",
        f"{_POLICIES}AWSKeyManagementServiceCustomKeyStoresServiceRolePolicy",
        # Unverified, like the other's.
        "Enables access to AWS services and resources required for AWS KMS Custom Key Stores",
    ),
}
"""By the service's name."""


def _linked(service: str) -> Linked:
    linked = LINKED.get(service)
    if linked is None:  # the sentence is ours (unverified)
        raise InvalidInputException(f"There is no service-linked role for {service}.")
    return linked


def _check_service(request: shapes.CreateServiceLinkedRoleRequest) -> None:
    _linked(request.aws_service_name)
    if request.custom_suffix is not None:
        raise InvalidInputException(f"Custom suffix is not allowed for {request.aws_service_name}")


def _arn(call: Call, service: str) -> str:
    return str(RoleArn(call.account, f"{SERVICE_LINKED_PATH}{service}/", _linked(service).role))


def _new(call: Call, request: shapes.CreateServiceLinkedRoleRequest) -> Named:
    return Named(_arn(call, request.aws_service_name))


def missing_role(call: Call, service: str) -> Named | None:
    """The service-linked role of a service, if the caller's account has yet to get it."""
    with call.reading() as tx:
        present = tx.principal_named(call.account, PrincipalType.ROLE, _linked(service).role)
    return Named(_arn(call, service)) if present is None else None


def make_role(call: WriteCall, service: str, description: str) -> Principal:
    """Makes the role that a service owns, with its policy; `AlreadyExists` if the account has it."""
    linked = _linked(service)
    trusted = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    role = Principal(
        unique_id=new_unique_id("AROA", call.random),
        account=call.account,
        type=PrincipalType.ROLE,
        path=f"{SERVICE_LINKED_PATH}{service}/",
        name=linked.role,
        created=call.time,
        role=RoleDetails(
            trust_policy=json.dumps({"Version": "2012-10-17", "Statement": [trusted]}),
            description=description,
            service_linked=True,
        ),
    )
    call.tx.add_principal(role)
    call.tx.attach_policy(call.account, role.unique_id, linked.policy)
    return role


@writes(
    "iam",
    "CreateServiceLinkedRole",
    OnArn("iam:CreateServiceLinkedRole", _new),
    check=_check_service,
    recorded=Recorded(
        (
            Parameter("aws_service_name", "aWSServiceName", None),
            Parameter("description", "description", None),
            Parameter("custom_suffix", "customSuffix", None),
        ),
        made,
    ),
)
def create_service_linked_role(
    call: WriteCall, request: shapes.CreateServiceLinkedRoleRequest
) -> shapes.CreateServiceLinkedRoleResponse:
    """Makes the role that a service owns, with its policy."""
    service = request.aws_service_name
    try:
        role = make_role(call, service, request.description or "")
    except AlreadyExists:
        raise InvalidInputException(
            f"Service role name {_linked(service).role} has been taken in this account, "
            "please try a different suffix."
        ) from None
    return shapes.CreateServiceLinkedRoleResponse(role=shown(call.tx, role))


@writes(
    "iam",
    "DeleteServiceLinkedRole",
    on_role("iam:DeleteServiceLinkedRole"),
    recorded=recorded("role_name", elements=made),
)
def delete_service_linked_role(
    call: WriteCall, request: shapes.DeleteServiceLinkedRoleRequest
) -> shapes.DeleteServiceLinkedRoleResponse:
    """Removes a role that a service owns, and its policies' attachments, unless the service uses it.

    No table has the tasks: how one ended is in the version of its UUID.
    """
    role = role_of(call, call.tx, request.role_name)
    if not details_of(role).service_linked:  # the sentence is ours (unverified)
        raise InvalidInputException(f"The role {role.name} is not a service-linked role.")
    used = len(_used_by(call.tx, call.account, role.name)) > 0
    if not used:
        for arn in call.tx.attached_policies(role.unique_id):
            call.tx.detach_policy(role.unique_id, arn)
        call.tx.delete_principal(role.unique_id)
    number = uuid.UUID(bytes=call.random(16), version=_FAILED if used else _SUCCEEDED)
    task = f"task{role.path}{role.name}/{number}"
    return shapes.DeleteServiceLinkedRoleResponse(deletion_task_id=task)


_SUCCEEDED, _FAILED = 4, 5
"""The versions of the UUIDs of tasks. Both are random."""

_MOST_USES = 100
"""Resources that the reason of a failure lists."""


def _used_by(tx: ReadTx, account: AccountId, role: str) -> tuple[KeyArn, ...]:
    """What needs a service-linked role: the first of the account's multi-Region keys, in whatever state."""
    return tx.multi_region_keys(account, _MOST_USES) if role == LINKED[MULTI_REGION_KEYS].role else ()


def _usage(keys: Iterable[KeyArn]) -> list[shapes.RoleUsageType]:
    by_region = groupby(sorted(keys, key=lambda key: key.region), lambda key: key.region)
    return [
        shapes.RoleUsageType(region=str(region), resources=[str(key) for key in there])
        for region, there in by_region
    ]


_TASK = re.compile(r"task/aws-service-role/([a-z.]{1,64})/(\w{1,64})/([0-9a-f-]{36})", re.ASCII)


class _Task(NamedTuple):
    role: str
    failed: bool


def _role_of_task(call: Call, request: shapes.GetServiceLinkedRoleDeletionStatusRequest) -> Named:
    return named_role(call, _task(request).role)


def _task(request: shapes.GetServiceLinkedRoleDeletionStatusRequest) -> _Task:
    """The deletion task; the sentence is ours (unverified)."""
    found = _TASK.fullmatch(request.deletion_task_id)
    if found is None or found[1] not in LINKED or LINKED[found[1]].role != found[2]:
        raise NoSuchEntityException(f"Deletion task {request.deletion_task_id[:256]} cannot be found.")
    return _Task(found[2], failed=found[3][_VERSION] == str(_FAILED))


_VERSION = len("00000000-0000-")
"""Where a UUID has its version."""


@reads(
    "iam",
    "GetServiceLinkedRoleDeletionStatus",
    OnArn("iam:GetServiceLinkedRoleDeletionStatus", _role_of_task),
    recorded=recorded("deletion_task_id"),
)
def get_service_linked_role_deletion_status(
    call: Call, request: shapes.GetServiceLinkedRoleDeletionStatusRequest
) -> shapes.GetServiceLinkedRoleDeletionStatusResponse:
    """How the deletion ended; of one that failed what uses the role now. The reason is ours (unverified)."""
    task = _task(request)
    if not task.failed:
        return shapes.GetServiceLinkedRoleDeletionStatusResponse(status="SUCCEEDED")
    with call.reading() as tx:
        usage = _usage(_used_by(tx, call.account, task.role))
    reason = f"The service-linked role {task.role} cannot be deleted while there are multi-Region keys."
    return shapes.GetServiceLinkedRoleDeletionStatusResponse(
        status="FAILED",
        reason=shapes.DeletionTaskFailureReasonType(reason=reason, role_usage_list=usage or None),
    )
