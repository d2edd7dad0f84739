"""Why a text is no policy: findings with their place."""

from dataclasses import dataclass

MAX_FINDINGS = 100
"""A document with more faults than this is reported by its first ones: the report stays bounded."""


NO_PRINCIPAL = "Policy contains a statement with no principal."
INVALID_PRINCIPALS = "Policy contains a statement with one or more invalid principals."
WRONG_TYPE = "The provided policy document does not meet the requirements of the specified policy type."

_INVALID_PRINCIPAL = "Invalid principal in policy: "

AWS_SENTENCES = frozenset({NO_PRINCIPAL, INVALID_PRINCIPALS, WRONG_TYPE})
"""The messages that are AWS's to the letter; clients may compare them."""


def with_article(kind: str) -> str:
    """The name of a kind of policy, or of a layer, behind its article."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def invalid_principal(form: str, text: str) -> str:
    """IAM's sentence about a principal of a trust policy, in AWS's words; `form` is `AWS`, `Service`..."""
    return f'{_INVALID_PRINCIPAL}"{form.upper()}":"{text[:512]}"'


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

    @property
    def located(self) -> str:
        """The sentence for a client: AWS's own as it is, ours with the place."""
        if self.message in AWS_SENTENCES or self.message.startswith(_INVALID_PRINCIPAL):
            return self.message
        place = f" in {self.path}" if self.path else ""
        return f"{self.message} (line {self.line}, column {self.column}{place})"


@dataclass(frozen=True, slots=True)
class Malformed:
    """The text is not a policy of its kind. `findings` is never empty; a service reports the first one."""

    findings: tuple[Finding, ...]
