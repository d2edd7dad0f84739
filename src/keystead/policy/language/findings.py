"""Why a text is no policy: findings with their place."""

from dataclasses import dataclass

MAX_FINDINGS = 100
"""A document with more faults than this is reported by its first ones: the report stays bounded."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a document.

    Attributes:
        code: issue code; IAM Access Analyzer's where it has one, such as `MISSING_PRINCIPAL`.
        message: one sentence. AWS's own where it is known, ours elsewhere.
        line: from 1. CR LF is one line end.
        column: from 0, in characters, as IAM Access Analyzer counts.
        path: the place in the document, such as `Statement[1].Action[0]`; empty for the document itself.
    """

    code: str
    message: str
    line: int
    column: int
    path: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """The text is not a policy of its kind. `findings` is never empty; a service reports the first one."""

    findings: tuple[Finding, ...]
