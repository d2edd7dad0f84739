"""Policy documents: from text to a compiled policy, or to located findings.

Sources: IAM User Guide, "Grammar of the IAM JSON policy language" and the pages of its elements; KMS
Developer Guide, "Key policies". What differs between kinds of policy is the table `GRAMMARS`.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from keystead.policy.language.principal import PrincipalEntry
from keystead.policy.language.statement import Statement

MAX_ACTIONS = 256
"""A policy remembers for so many actions which of its statements cover them; KMS has about sixty."""


class PolicyKind(StrEnum):
    """What a policy is attached to, which decides its grammar."""

    KEY = "key policy"
    IDENTITY = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint policy"
    TRUST = "role trust policy"
    RESOURCE = "resource-based policy"


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy ready to decide. Made by `parse_policy`; `kind` and `text` say all there is to it.

    Attributes:
        kind: its grammar.
        text: the document as given.
        version: `2012-10-17` or `2008-10-17`, the latter also when the document names none.
        id: the document's Id, or empty.
        statements: in their order.
        iam_only_keys: whether it reads condition keys that count as absent in key policies.
    """

    kind: PolicyKind
    text: str = field(repr=False)
    version: str
    id: str
    statements: tuple[Statement, ...] = field(repr=False)
    iam_only_keys: bool
    _about: dict[str, tuple[Statement, ...]] = field(default_factory=dict, init=False, repr=False)

    def about(self, action: str) -> tuple[Statement, ...]:
        """The statements that cover `action`, which must be in lower case, in their order."""
        found = self._about.get(action)
        if found is None:
            found = tuple(
                statement
                for statement in self.statements
                if statement.action is not None and statement.action.matches(action)
            )
            # Nothing but time depends on what is remembered here. Services ask about few actions.
            if len(self._about) < MAX_ACTIONS:
                self._about[action] = found
        return found


def principal_entries(policy: Policy) -> tuple[PrincipalEntry, ...]:
    """Every entry of every Principal and NotPrincipal, in the document's order."""
    return tuple(
        entry
        for statement in policy.statements
        if statement.principal is not None
        for entry in statement.principal.entries
    )
