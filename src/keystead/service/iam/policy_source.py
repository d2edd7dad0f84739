"""The IAM entity whose policies a simulation takes: `PolicySourceArn`, and the policies to leave out.

Roles, groups, managed policies and permissions boundaries join here when they exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keystead.kinds import PrincipalType
from keystead.names import Arn, InvalidName, UserArn
from keystead.policy import AttachedPolicy, PolicyKind
from keystead.policy.simulate import InvalidSimulation, caller_of
from keystead.service.call import Call
from keystead.service.iam.named_user import user_of
from keystead.service.operation import OnArn
from keystead.service.records import parse_stored
from keystead.shapes.iam import InlinePolicyIdentifierType, PolicyIdentifier
from keystead.shapes.iam_errors import InvalidInputException, NoSuchEntityException


@dataclass(frozen=True, slots=True)
class Inline:
    """An inline policy of an IAM entity: where it is embedded, and its name there."""

    entity_kind: str
    entity_name: str
    name: str
    policy: AttachedPolicy


@dataclass(frozen=True, slots=True)
class Source:
    """An IAM entity as the source of policies: its ARN, and the inline policies embedded in it."""

    arn: str
    inline: tuple[Inline, ...]

    def without(self, exclusions: Sequence[PolicyIdentifier]) -> tuple[AttachedPolicy, ...]:
        """The policies that no exclusion names; `InvalidSimulation` for one that is not well-formed."""
        for exclusion in exclusions:
            _check(exclusion)
        return tuple(
            each.policy
            for each in self.inline
            if not any(_names(exclusion, each) for exclusion in exclusions)
        )


def on_source(action: str) -> OnArn:
    """A check on the entity that `PolicySourceArn` names."""
    return OnArn(action, _source_arn)


def source_of(call: Call, arn: str) -> Source:
    """The entity `arn`, whose path does not count (recorded); NoSuchEntityException if it is not there."""
    kind, name = _kind_and_name(arn)
    if kind != "user":
        raise NoSuchEntityException(f"The {kind} with name {name} cannot be found.")
    with call.reading() as tx:
        user = user_of(call, tx, name)
        kept = tx.inline_policies(user.unique_id)
    return Source(
        str(user.arn),
        tuple(
            Inline(kind, user.name, each.name, _attached(f"user_{user.name}_{each.name}", each.document))
            for each in kept
        ),
    )


def _attached(source_id: str, document: str) -> AttachedPolicy:
    # Not the policy that decides calls: a simulation tells places in the text as it was put.
    return AttachedPolicy(parse_stored(PolicyKind.IDENTITY, document), source_id)


def _source_arn(call: Call, request: Any) -> str:
    """The entity's ARN; one that is not there is taken to have no path."""
    arn = request.policy_source_arn
    try:
        account = caller_of(arn).account
    except InvalidSimulation as invalid:
        raise InvalidInputException(str(invalid)) from None
    if account != call.account:
        raise InvalidInputException(
            f"Invalid Policy Source Arn: caller's account {call.account} does not have access to policies "
            f"in account {account}"
        )
    kind, name = _kind_and_name(arn)
    if kind != "user":
        return str(arn)
    with call.reading() as tx:
        user = tx.principal_named(call.account, PrincipalType.USER, name)
    return str(UserArn(call.account, "/", name) if user is None else user.arn)


def _kind_and_name(arn: str) -> tuple[str, str]:
    """`user`, `group` or `role`, and the name without its path; `caller_of` has checked the form."""
    resource = arn.split(":", 5)[5]
    return resource.partition("/")[0], resource.rpartition("/")[2]


def _check(exclusion: PolicyIdentifier) -> None:
    """AWS refuses what is not well-formed with InvalidInput; the sentences are ours."""
    given = (exclusion.policy_type, exclusion.policy_arn, exclusion.inline_policy_identifier)
    if sum(each is not None for each in given) != 1:
        raise InvalidSimulation(
            "A policy to exclude is identified by exactly one of PolicyType, PolicyArn and "
            "InlinePolicyIdentifier."
        )
    arn = exclusion.policy_arn
    if arn is None:
        return
    try:
        parts = Arn.parse(arn)
    except InvalidName:
        parts = None
    policy = parts is not None and parts.service == "iam" and parts.resource.startswith("policy/")
    if parts is None or not policy or _wildcards(f"{parts.account}{parts.region}") or arn.count("*") > 1:
        raise InvalidSimulation(
            f"{arn} is not the ARN of a managed policy, or has wildcards where none may be."
        )


def _wildcards(text: str) -> bool:
    return "*" in text or "?" in text


def _names(exclusion: PolicyIdentifier, inline: Inline) -> bool:
    named: InlinePolicyIdentifierType | None = exclusion.inline_policy_identifier
    if named is None:
        return exclusion.policy_type == "inline"
    entity = (named.attachment_type, named.attachment_name.lower())
    return named.policy_name == inline.name and entity == (inline.entity_kind, inline.entity_name.lower())
