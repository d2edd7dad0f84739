"""When a grant allows: operations, constraints, and the narrowing of grants made under grants.

Sources: KMS Developer Guide, "Grants in AWS KMS"; KMS API, `GrantConstraints`. A grant can only allow.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import count
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from keystead.policy.language.patterns import ArnForm, compile_arn
from keystead.policy.language.variables import fixed, parse_template
from keystead.policy.request import Caller, Grant, Request
from keystead.policy.strength import texts_of

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


class Grants(Collection[Grant]):
    """The grants of one key, found by grantee in time that does not depend on their number. Immutable.

    For `Facts.grants`, in place of a tuple. They come in the order in which they were given.
    """

    __slots__ = ("_by_grantee", "_next", "_places")

    def __init__(self, grants: Iterable[Grant] = ()) -> None:
        """The collection of `grants`, whose ids must differ (ValueError)."""
        self._next = count()
        self._places: dict[str, tuple[int, Grant]] = {}
        self._by_grantee: dict[str, tuple[str, ...]] = {}
        held: dict[str, list[str]] = {}
        for grant in grants:
            if grant.grant_id in self._places:
                raise ValueError(f"a grant id stands twice: {grant.grant_id}")
            self._places[grant.grant_id] = (next(self._next), grant)
            held.setdefault(_grantee(grant), []).append(grant.grant_id)
        self._by_grantee = {grantee: tuple(ids) for grantee, ids in held.items()}

    def with_grant(self, grant: Grant) -> "Grants":
        """These and `grant`, which comes last; ValueError if its id is among them."""
        if grant.grant_id in self._places:
            raise ValueError(f"a grant id stands twice: {grant.grant_id}")
        changed = self._copy()
        changed._places[grant.grant_id] = (next(self._next), grant)
        grantee = _grantee(grant)
        changed._by_grantee[grantee] = (*changed._by_grantee.get(grantee, ()), grant.grant_id)
        return changed

    def without(self, grant_id: str) -> "Grants":
        """These but the one with the id; all of them if none has it."""
        if grant_id not in self._places:
            return self
        changed = self._copy()
        _, grant = changed._places.pop(grant_id)
        left = tuple(held for held in changed._by_grantee.pop(_grantee(grant)) if held != grant_id)
        if left:
            changed._by_grantee[_grantee(grant)] = left
        return changed

    def held_by(self, caller: Caller) -> tuple[Grant, ...]:
        """Those whose grantee may be the caller: every grant that names it is among them."""
        found = [
            self._places[grant_id] for text in texts_of(caller) for grant_id in self._by_grantee.get(text, ())
        ]
        found.sort(key=lambda place: place[0])
        return tuple(grant for _, grant in found)

    def _copy(self) -> "Grants":
        copied = Grants()
        copied._next = self._next
        copied._places = self._places.copy()
        copied._by_grantee = self._by_grantee.copy()
        return copied

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Grant]:
        return (grant for _, grant in self._places.values())

    def __contains__(self, grant: object) -> bool:
        return isinstance(grant, Grant) and self._places.get(grant.grant_id, (0, None))[1] == grant


def held_by(caller: Caller, grants: Collection[Grant]) -> Collection[Grant]:
    """The grants that may name the caller: `strength_of` says of each if and how."""
    return grants.held_by(caller) if isinstance(grants, Grants) else grants


def _grantee(grant: Grant) -> str:
    """The grantee as `texts_of` may hold it: an account by its id, whatever way it was written."""
    root = _ROOT.fullmatch(grant.grantee)
    return root[1] if root else grant.grantee


_ROOT: Final = re.compile(r"arn:aws:iam::([0-9]{12}):root")


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
        return same_pairs(child.encryption_context_equals, parent.encryption_context_equals)
    if parent.encryption_context_subset is not None:
        wanted = child.encryption_context_equals
        if wanted is None:
            wanted = child.encryption_context_subset
        return wanted is not None and pairs(wanted) >= pairs(parent.encryption_context_subset)
    return True


def context_holds(grant: Grant, given: Mapping[str, str]) -> bool:
    """Whether the encryption context `given` satisfies the grant's constraints."""
    equals, subset = grant.encryption_context_equals, grant.encryption_context_subset
    if equals is not None and not same_pairs(given, equals):
        return False
    return subset is None or pairs(given) >= pairs(subset)


def same_pairs(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two encryption contexts are equal as constraints compare them.

    A name that stands twice, in two spellings, is two pairs.
    """
    return len(one) == len(other) and sorted(_as_compared(one)) == sorted(_as_compared(other))


def pairs(context: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The pairs of an encryption context as constraints compare them."""
    return frozenset(_as_compared(context))


def _as_compared(context: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    if CONSTRAINT_NAMES_IGNORE_CASE:
        return ((_lower(name), value) for name, value in context.items())
    return context.items()


_TO_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def _lower(name: str) -> str:
    """ASCII alone: what looks alike in another script is another name, so that a constraint stays narrow."""
    return name.lower() if name.isascii() else name.translate(_TO_LOWER)


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
