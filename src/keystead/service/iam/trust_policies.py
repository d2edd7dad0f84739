"""The trust policy of a role: who may assume it.

It is kept with users and roles by unique id, so that a namesake made later is not trusted, and shown with the
ARNs that they have now (`service.principals`).
"""

from keystead.policy import PolicyKind
from keystead.policy.language.findings import invalid_principal
from keystead.policy.language.principal import PrincipalKind
from keystead.service.iam.inline_policies import characters, parsed
from keystead.service.principals import bound_document, nobody
from keystead.shapes.iam_errors import LimitExceededException, MalformedPolicyDocumentException
from keystead.store.port import ReadTx

MOST_CHARACTERS = 2048
"""White space not counted (IAM User Guide, "IAM and AWS STS quotas", role trust policy length)."""


def accepted(tx: ReadTx, document: str) -> str:
    """The trust policy as it is stored.

    Raises:
        LimitExceededException: it is too large.
        MalformedPolicyDocumentException: it is no trust policy, or trusts who does not exist.
    """
    policy = parsed(document, PolicyKind.TRUST)
    if characters(document) > MOST_CHARACTERS:
        raise LimitExceededException(f"Cannot exceed quota for ACLSizePerRole: {MOST_CHARACTERS}")
    stranger = nobody(tx, policy)
    if stranger is not None:
        form = "Service" if stranger.kind is PrincipalKind.SERVICE else "AWS"
        raise MalformedPolicyDocumentException(invalid_principal(form, stranger.text))
    return bound_document(tx, document)
