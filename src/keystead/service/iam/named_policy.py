"""The managed policy that a request names by its ARN: for authorization, then the policy itself."""

from typing import Any

from keystead.model import ManagedPolicy
from keystead.names import AccountId, InvalidName, ManagedPolicyArn
from keystead.policy.catalogue import ResourceType
from keystead.service.call import Call
from keystead.service.iam.named import there
from keystead.service.managed_policies import managed_policy
from keystead.service.operation import Named, OnArn
from keystead.shapes.errors import AccessDeniedException
from keystead.shapes.iam_errors import InvalidInputException
from keystead.store.port import ReadTx


def on_policy(action: str) -> OnArn:
    """A check on the managed policy that `PolicyArn` of the request names."""
    return OnArn(action, _named, ResourceType.POLICY)


def check_policy_arn(request: Any) -> None:
    """Refuses a `PolicyArn` that is none."""
    parse_policy_arn(request.policy_arn)


def policy_of(call: Call, tx: ReadTx, arn: str) -> ManagedPolicy:
    """The policy, AWS's or of the caller's account, or NoSuchEntityException."""
    return there(attachable(tx, call.account, arn), f"Policy {arn} was not found.")


def own_policy_of(call: Call, tx: ReadTx, arn: str) -> ManagedPolicy:
    """The policy, which the account may change.

    Raises:
        NoSuchEntityException: there is no such policy.
        AccessDeniedException: it is one of AWS's; the sentence is ours (unverified).
    """
    policy = policy_of(call, tx, arn)
    if policy.account is None:
        raise AccessDeniedException(f"Policy {arn} is managed by AWS and cannot be changed.")
    return policy


def attachable(tx: ReadTx, account: AccountId, arn: str) -> ManagedPolicy | None:
    """A policy that entities of the account can have: its own, or AWS's; None for all others.

    Raises:
        InvalidInputException: the text is no ARN of a managed policy.
    """
    owner = parse_policy_arn(arn).account
    return managed_policy(tx, arn) if owner is None or owner == account else None


def parse_policy_arn(text: str) -> ManagedPolicyArn:
    """The ARN of a managed policy, or InvalidInputException."""
    try:
        return ManagedPolicyArn.parse(text)
    except InvalidName:
        raise InvalidInputException(f"ARN {text[:256]} is not valid.") from None


def _named(call: Call, request: Any) -> Named:
    arn = request.policy_arn
    with call.reading() as tx:
        policy = attachable(tx, call.account, arn)
    return Named(arn, () if policy is None else policy.tags, shown=f"policy {arn}")
