"""When a grant allows: operations, constraints, and the narrowing of grants made under grants.

Sources: KMS Developer Guide, "Grants in AWS KMS"; KMS API, `GrantConstraints`. A grant can only allow.
"""

from collections.abc import Mapping
from typing import Final

from keystead.policy.language.patterns import ArnForm, compile_arn
from keystead.policy.language.variables import fixed, parse_template
from keystead.policy.request import Grant, Request

CONSTRAINT_NAMES_IGNORE_CASE: Final = True
"""Names of encryption context pairs in constraints ignore case, values do not (KMS API, `GrantConstraints`).

The Developer Guide can be read otherwise; flip it here.
"""

GRANTABLE: Final = frozenset(
    "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo Sign Verify"
    " GetPublicKey CreateGrant RetireGrant DescribeKey GenerateDataKeyPair"
    " GenerateDataKeyPairWithoutPlaintext GenerateMac VerifyMac DeriveSharedSecret Encapsulate"
    " Decapsulate".split()
)
"""The operations that a grant may hold (KMS API, `CreateGrant`)."""

MAX_CONSTRAINT_PAIRS: Final = 8
"""Pairs in one encryption context constraint (KMS API, `CreateGrant`)."""


def covers(grant: Grant, request: Request) -> bool:
    """Whether the grant covers the request, the grantee apart."""
    operation = request.action.removeprefix("kms:")
    if operation not in grant.operations or not source_holds(grant, request):
        return False
    if operation == "CreateGrant":
        return request.creates is not None and narrower(request.creates, grant)
    return request.encryption_context is None or context_holds(grant, request.encryption_context)


def narrower(child: Grant, parent: Grant) -> bool:
    """Whether a grantee of `parent` may create `child`: no operation more, constraints at least as strict."""
    if not child.operations <= parent.operations or child.source_arn != parent.source_arn:
        return False
    if parent.encryption_context_equals is not None:
        if child.encryption_context_equals is None:
            return False
        return pairs(child.encryption_context_equals) == pairs(parent.encryption_context_equals)
    if parent.encryption_context_subset is not None:
        wanted = child.encryption_context_equals
        if wanted is None:
            wanted = child.encryption_context_subset
        return wanted is not None and pairs(wanted) >= pairs(parent.encryption_context_subset)
    return True


def context_holds(grant: Grant, given: Mapping[str, str]) -> bool:
    """Whether the encryption context `given` satisfies the grant's constraints."""
    held = pairs(given)
    equals, subset = grant.encryption_context_equals, grant.encryption_context_subset
    if equals is not None and held != pairs(equals):
        return False
    return subset is None or held >= pairs(subset)


def pairs(context: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The pairs of an encryption context as constraints compare them."""
    if CONSTRAINT_NAMES_IGNORE_CASE:
        return frozenset((name.lower(), value) for name, value in context.items())
    return frozenset(context.items())


def source_holds(grant: Grant, request: Request) -> bool:
    """Whether SourceArn holds: it is a condition `ArnEquals` on `aws:SourceArn`."""
    if not grant.source_arn:
        return True
    source = request.context.get("aws:sourcearn")
    if not isinstance(source, str):
        return False
    pieces = fixed(parse_template(grant.source_arn, variables=False, wildcards=True))
    pattern = ArnForm.NOT_AN_ARN if pieces is None else compile_arn(pieces)
    return not isinstance(pattern, ArnForm) and pattern(source)
