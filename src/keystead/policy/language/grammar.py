"""The grammar: what a document of each kind has."""

from dataclasses import dataclass

from keystead.policy.language.document import PolicyKind

CURRENT = "2012-10-17"
OLDER = "2008-10-17"


RCP_SERVICES = frozenset(
    "aoss cognito-identity cognito-idp dynamodb ecr kms logs s3 secretsmanager sqs sts".split()
)
"""Service prefixes that an RCP may name (Organizations User Guide, "Resource control policies")."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a kind of policy has.

    Attributes:
        principal: whether statements have Principal (they must then).
        not_principal: whether they may have NotPrincipal, and with Allow too.
        resource: whether they have Resource. Without it they are about the one resource that has the policy.
        inert: whether a statement without Action or Resource is stored, to apply to nothing.
        document_id: whether the document may have an Id.
        free_sid: whether a Sid may hold more than letters and digits.
        version: whether Version must be there.
        typed: whether operands of the wrong type are refused.
    """

    principal: bool = False
    not_principal: bool = False
    not_principal_allow: bool = False
    resource: bool = True
    inert: bool = False
    document_id: bool = True
    free_sid: bool = False
    version: bool = False
    typed: bool = True


GRAMMARS: dict[PolicyKind, Grammar] = {
    PolicyKind.KEY: Grammar(principal=True, not_principal=True, inert=True, free_sid=True),
    PolicyKind.IDENTITY: Grammar(),
    PolicyKind.BOUNDARY: Grammar(),
    PolicyKind.SESSION: Grammar(typed=False),
    PolicyKind.SCP: Grammar(document_id=False, version=True),
    PolicyKind.RCP: Grammar(principal=True, document_id=False),
    PolicyKind.ENDPOINT: Grammar(principal=True, not_principal=True, not_principal_allow=True, free_sid=True),
    PolicyKind.TRUST: Grammar(principal=True, resource=False, free_sid=True),
    PolicyKind.RESOURCE: Grammar(principal=True, not_principal=True, free_sid=True),
}
