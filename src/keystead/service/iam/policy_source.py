"""The IAM entity whose policies a simulation takes: `PolicySourceArn`, and the policies to leave out.

A user brings the policies of its groups too (IAM API Reference, SimulatePrincipalPolicy). An id of an inline
policy is recorded; that of a managed policy, its name, is unverified.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keystead.model import Group, Principal
from keystead.names import Arn, InvalidName, ManagedPolicyArn
from keystead.policy import AttachedPolicy, PolicyKind
from keystead.policy.simulate import InvalidSimulation, caller_of
from keystead.service.call import Call
from keystead.service.compiled_policies import managed_in_force, parse_stored
from keystead.service.iam.named import group_of, named_group, named_role, role_of
from keystead.service.iam.named_user import named_user, user_of
from keystead.service.operation import Named, OnArn
from keystead.shapes.iam import InlinePolicyIdentifierType, PolicyIdentifier
from keystead.shapes.iam_errors import InvalidInputException
from keystead.store.port import ReadTx

AWS_MANAGED, USER_MANAGED, INLINE = "aws-managed", "user-managed", "inline"


@dataclass(frozen=True, slots=True)
class Held:
    """A policy that the source has, itself or through a group.

    Attributes:
        type: one of `PolicyType` of an exclusion.
        entity: `user`, `group` or `role` and the name, of whom it is an inline policy.
        name: of an inline policy.
    """

    type: str
    policy: AttachedPolicy
    entity: tuple[str, str] = ("", "")
    name: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An IAM entity as the source of policies: its ARN, what it has, and its permissions boundary."""

    arn: str
    held: tuple[Held, ...]
    boundary: AttachedPolicy | None

    def without(self, exclusions: Sequence[PolicyIdentifier]) -> "Source":
        """The same without what an exclusion names; `InvalidSimulation` for one that is not well-formed."""
        for exclusion in exclusions:
            _check(exclusion)
        held = tuple(
            each for each in self.held if not any(_names(exclusion, each) for exclusion in exclusions)
        )
        # Recorded: excluding managed policies does not lift a boundary.
        unbound = any(exclusion.policy_type == "permission-boundary" for exclusion in exclusions)
        return Source(self.arn, held, None if unbound else self.boundary)

    @property
    def identity(self) -> tuple[AttachedPolicy, ...]:
        """The identity policies."""
        return tuple(each.policy for each in self.held)


def on_source(action: str) -> OnArn:
    """A check on the entity that `PolicySourceArn` names."""
    return OnArn(action, _source)


def source_of(call: Call, arn: str) -> Source:
    """The entity `arn`, whose path does not count (recorded); NoSuchEntityException if it is not there."""
    kind, name = _kind_and_name(arn)
    with call.reading() as tx:
        entity: Principal | Group
        if kind == "group":
            entity = group_of(call, tx, name)
        else:
            entity = role_of(call, tx, name) if kind == "role" else user_of(call, tx, name)
        held = tuple(_held(tx, entity))
        arn_of_boundary = None if isinstance(entity, Group) else entity.boundary
        boundary = (
            None
            if arn_of_boundary is None
            else managed_in_force(parse_stored, tx, PolicyKind.BOUNDARY, arn_of_boundary)
        )
    return Source(str(entity.arn), held, boundary)


def _held(tx: ReadTx, entity: Principal | Group) -> Iterator[Held]:
    """The policies of the entity and of its groups; a managed policy once.

    Not those that decide calls: a simulation tells places in the text as it was put.
    """
    groups = tx.groups_of(entity.unique_id)
    arns: dict[str, None] = {}
    for holder in (entity, *groups):
        kind = "group" if isinstance(holder, Group) else holder.type.value
        for inline in tx.inline_policies(holder.unique_id):
            policy = parse_stored(PolicyKind.IDENTITY, inline.document)
            attached = AttachedPolicy(policy, f"{kind}_{holder.name}_{inline.name}")
            yield Held(INLINE, attached, (kind, holder.name), inline.name)
        arns |= dict.fromkeys(tx.attached_policies(holder.unique_id))
    for arn in arns:
        owner = ManagedPolicyArn.parse(arn).account
        managed = managed_in_force(parse_stored, tx, PolicyKind.IDENTITY, arn)
        yield Held(AWS_MANAGED if owner is None else USER_MANAGED, managed)


def _source(call: Call, request: Any) -> Named:
    """The entity; one that is not there is taken to have no path."""
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
    named = {"user": named_user, "role": named_role, "group": named_group}[kind]
    return named(call, name)._replace(shown="")  # seen in the field: here a refusal shows the ARN


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


def _names(exclusion: PolicyIdentifier, held: Held) -> bool:
    inline: InlinePolicyIdentifierType | None = exclusion.inline_policy_identifier
    if inline is not None:
        entity = (inline.attachment_type, inline.attachment_name.lower())
        same = entity == (held.entity[0], held.entity[1].lower())
        return held.type == INLINE and same and inline.policy_name == held.name
    if exclusion.policy_arn is not None:
        return bool(held.policy.arn) and _matches(exclusion.policy_arn, held.policy.arn)
    return exclusion.policy_type == held.type


def _matches(pattern: str, arn: str) -> bool:
    pieces = ({"*": ".*", "?": "."}.get(piece, re.escape(piece)) for piece in re.split(r"([*?])", pattern))
    return re.fullmatch("".join(pieces), arn) is not None
