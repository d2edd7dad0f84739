"""The inline policies of a user, role or group, as the operations on all three have them.

Names are found without regard to case, as those of entities are, and the answer shows the stored spelling
(recorded).
"""

from dataclasses import dataclass

from keystead.model import Group, InlinePolicy, Principal
from keystead.policy import Malformed, Policy, PolicyKind, parse_policy
from keystead.service.iam.pages import Bounds, Page
from keystead.shapes.iam_errors import (
    DeleteConflictException,
    LimitExceededException,
    MalformedPolicyDocumentException,
    NoSuchEntityException,
)
from keystead.store.port import ReadTx, WriteTx

_WHITE_SPACE = " \t\n\r"
"""JSON's (RFC 8259); other blanks count."""


@dataclass(frozen=True, slots=True)
class Holders:
    """A kind of entity that inline policies are embedded in.

    Attributes:
        word: what sentences call it.
        most_characters: of all inline policies of one together, white space not counted (IAM User Guide, "IAM
            and AWS STS quotas").
    """

    word: str
    most_characters: int


def characters(document: str) -> int:
    """The size of a policy as IAM counts it."""
    return sum(character not in _WHITE_SPACE for character in document)


def parsed(document: str, kind: PolicyKind) -> Policy:
    """The policy, or MalformedPolicyDocumentException."""
    policy = parse_policy(document, kind)
    if isinstance(policy, Malformed):
        raise MalformedPolicyDocumentException(policy.findings[0].located)
    return policy


def put(tx: WriteTx, kind: Holders, holder: Principal | Group, name: str, document: str) -> None:
    """Adds or replaces an inline policy; in force for the next request.

    Raises:
        MalformedPolicyDocumentException: it is no identity policy.
        LimitExceededException: with it, the policies would be too large.
    """
    parsed(document, PolicyKind.IDENTITY)
    kept = tx.inline_policies(holder.unique_id)
    before = _named(kept, name)
    policy = InlinePolicy(holder.unique_id, name if before is None else before.name, document)
    others = (other for other in kept if other.name != policy.name)
    if sum(characters(each.document) for each in (policy, *others)) > kind.most_characters:
        raise LimitExceededException(
            f"Maximum policy size of {kind.most_characters} bytes exceeded for {kind.word} {holder.name}"
        )
    tx.put_inline_policy(policy)


def get(tx: ReadTx, kind: Holders, holder: Principal | Group, name: str) -> InlinePolicy:
    """The policy of that name, or NoSuchEntityException."""
    policy = _named(tx.inline_policies(holder.unique_id), name)
    if policy is None:
        raise NoSuchEntityException(f"The {kind.word} policy with name {name} cannot be found.")
    return policy


def delete(tx: WriteTx, kind: Holders, holder: Principal | Group, name: str) -> None:
    """Removes a policy, or NoSuchEntityException; in force for the next request."""
    policy = get(tx, kind, holder, name)
    tx.delete_inline_policy(policy.principal, policy.name)


def names(tx: ReadTx, holder: Principal | Group, bounds: Bounds) -> Page[str]:
    """A page of the names of the policies, in their order."""
    found = tx.inline_policies(holder.unique_id)
    after = sorted(policy.name for policy in found if policy.name > bounds.after)
    return bounds.cut(after, lambda name: name)


def check_deletable(tx: ReadTx, unique_id: str) -> None:
    """Refuses to delete a user, role or group that still has policies."""
    if tx.attached_policies(unique_id):
        raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
    if tx.inline_policies(unique_id):
        raise DeleteConflictException("Cannot delete entity, must delete policies first.")


def _named(policies: tuple[InlinePolicy, ...], name: str) -> InlinePolicy | None:
    lower = name.lower()
    return next((policy for policy in policies if policy.name.lower() == lower), None)
