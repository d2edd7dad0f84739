"""One grant and one request: every reason why the grant does not apply.

Sources: KMS Developer Guide, "Grants in AWS KMS"; KMS API, `GrantConstraints`, `RetireGrant`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from keystead.policy.explanation.comparison import Absent, Held
from keystead.policy.grants import narrower, pairs, same_pairs, source_holds
from keystead.policy.request import Grant, Request
from keystead.policy.strength import strength_of

Pairs = tuple[tuple[str, str], ...]
"""Pairs of an encryption context, sorted. Names are in lower case where constraints ignore case."""


@dataclass(frozen=True, slots=True)
class GranteeMismatch:
    """The grant is for somebody else. `grantee` is as stored; `caller` is the caller's ARN."""

    grantee: str
    caller: str


@dataclass(frozen=True, slots=True)
class OperationMismatch:
    """The grant does not hold the operation. `operations` are sorted."""

    operations: tuple[str, ...]
    operation: str


@dataclass(frozen=True, slots=True)
class ContextEqualsMismatch:
    """EncryptionContextEquals: pairs that the request lacks, and pairs that it has beyond the constraint."""

    missing: Pairs
    surplus: Pairs


@dataclass(frozen=True, slots=True)
class ContextSubsetMismatch:
    """EncryptionContextSubset: pairs that the request lacks."""

    missing: Pairs


@dataclass(frozen=True, slots=True)
class SourceArnMismatch:
    """SourceArn: the request has no `aws:SourceArn`, or another."""

    expected: str
    actual: Absent | Held


@dataclass(frozen=True, slots=True)
class NotNarrower:
    """CreateGrant under this grant: the grant to create holds more.

    Attributes:
        operations: those of the grant to create that this one does not hold, sorted. If there are none, its
            constraints are not as strict.
    """

    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingToCreate:
    """CreateGrant under this grant, and the request does not say what it would create."""


@dataclass(frozen=True, slots=True)
class RetirerMismatch:
    """RetireGrant: the grant lets somebody else retire it.

    Attributes:
        retiring: its retiring principal as stored, or empty.
        grantee: its grantee as stored if it holds RetireGrant, else empty.
        accounts: the accounts whose identity policies may allow it: the issuing one and the key's.
        caller: the caller's ARN.
    """

    retiring: str
    grantee: str
    accounts: tuple[str, ...]
    caller: str


GrantMismatch = (
    GranteeMismatch
    | OperationMismatch
    | ContextEqualsMismatch
    | ContextSubsetMismatch
    | SourceArnMismatch
    | NotNarrower
    | NothingToCreate
    | RetirerMismatch
)
"""One reason why a grant does not apply."""


def grant_mismatches(grant: Grant, request: Request) -> tuple[GrantMismatch, ...]:
    """Every reason why `grant` does not allow `request`, RetireGrant apart, in `authorize`'s order."""
    found: list[GrantMismatch] = []
    if strength_of(grant.grantee, request.caller) is None:
        found.append(GranteeMismatch(grant.grantee, request.caller.arn))
    operation = request.action.removeprefix("kms:")
    if operation not in grant.operations:
        found.append(OperationMismatch(tuple(sorted(grant.operations)), operation))
    if not source_holds(grant, request):
        source = request.context.get("aws:sourcearn")
        found.append(SourceArnMismatch(grant.source_arn, Absent() if source is None else Held(source)))
    if operation == "CreateGrant":
        if request.creates is None:
            found.append(NothingToCreate())
        elif not narrower(request.creates, grant):
            found.append(NotNarrower(tuple(sorted(request.creates.operations - grant.operations))))
    elif request.encryption_context is not None:
        found.extend(_context(grant, request.encryption_context))
    return tuple(found)


def retirer_mismatch(grant: Grant, request: Request) -> RetirerMismatch:
    """Whom the grant lets retire it, for a caller who is none of them."""
    grantee = grant.grantee if "RetireGrant" in grant.operations else ""
    accounts = tuple(dict.fromkeys((grant.issuing_account, request.owner)))
    return RetirerMismatch(grant.retiring, grantee, accounts, request.caller.arn)


def _context(grant: Grant, given: Mapping[str, str]) -> list[GrantMismatch]:
    found: list[GrantMismatch] = []
    held, equals = pairs(given), grant.encryption_context_equals
    if equals is not None and not same_pairs(given, equals):
        wanted = pairs(equals)
        if held == wanted:  # a name stands in two spellings on one side
            held, wanted = frozenset(given.items()), frozenset(equals.items())
        found.append(ContextEqualsMismatch(_sorted(wanted - held), _sorted(held - wanted)))
        held = pairs(given)
    if grant.encryption_context_subset is not None:
        missing = pairs(grant.encryption_context_subset) - held
        if missing:
            found.append(ContextSubsetMismatch(_sorted(missing)))
    return found


def _sorted(given: frozenset[tuple[str, str]]) -> Pairs:
    return tuple(sorted(given))
