"""Stored policies, ready to decide with: parsed and compiled once, or nothing is decided."""

from collections.abc import Callable
from dataclasses import replace

from keystead.policy import Malformed, Policy, PolicyKind, parse_policy
from keystead.policy.language.layout import condensed
from keystead.policy.request import AttachedPolicy
from keystead.service.managed_policies import document_in_force
from keystead.store.port import ReadTx


class Undecidable(Exception):
    """What is stored is not what it must be to decide with it, so the call fails."""


def parse_stored(kind: PolicyKind, text: str) -> Policy:
    """The policy, compiled, or `Undecidable`."""
    parsed = parse_policy(text, kind)
    if isinstance(parsed, Malformed):
        raise Undecidable(f"a stored {kind} does not parse: {parsed.findings[0].message}")
    return parsed


class CompiledPolicies:
    """Policies by kind and text, each parsed and compiled once; bounded by the size of the texts.

    A compiled policy is kept elsewhere too, so it does not hold the white space of its text, of which quotas
    let a policy have any amount.
    """

    MOST_CHARACTERS = 8 * 1024 * 1024

    def __init__(self) -> None:
        self._policies: dict[tuple[PolicyKind, str], Policy] = {}
        self._characters = 0

    def get(self, kind: PolicyKind, text: str) -> Policy:
        """The compiled policy, or `Undecidable`."""
        policy = self._policies.get((kind, text))
        if policy is None:
            policy = replace(parse_stored(kind, text), text=condensed(text))
            if self._characters + len(text) > self.MOST_CHARACTERS:
                self._policies = {}
                self._characters = 0
            self._policies[(kind, text)] = policy
            self._characters += len(text)
        return policy


def managed_in_force(
    compiled: Callable[[PolicyKind, str], Policy], tx: ReadTx, kind: PolicyKind, arn: str
) -> AttachedPolicy:
    """The version in force of a managed policy that is attached or a boundary, or `Undecidable`.

    `compiled` makes a policy from its kind and text.
    """
    document = document_in_force(tx, arn)
    if document is None:
        # A part of a principal's policies could lack the one that denies.
        raise Undecidable(f"the managed policy {arn} is attached and not there")
    return AttachedPolicy(compiled(kind, document), arn.rpartition("/")[2], arn)
