"""What fills the keys that tell of a grant: the one that CreateGrant would make, or RetireGrant remove."""

# ruff: noqa: D103 -- each is called as its key, and the catalogue says what that holds
from collections.abc import Mapping

from keystead.model import GrantConstraints
from keystead.service.call import Call, Touched
from keystead.shapes.kms import CreateGrantRequest


def asked_constraints(request: CreateGrantRequest) -> GrantConstraints:
    """Those of the grant that CreateGrant would make."""
    given = request.constraints
    if given is None:
        return GrantConstraints()
    return GrantConstraints.asked(
        given.encryption_context_equals, given.encryption_context_subset, given.source_arn
    )


def _constraints(call: Call, touched: Touched) -> GrantConstraints | None:
    if touched.grant is not None:
        return touched.grant.constraints
    return asked_constraints(call.request) if isinstance(call.request, CreateGrantRequest) else None


def constrained_to(call: Call, touched: Touched) -> Mapping[str, str]:
    """The pairs of the grant's encryption context constraint."""
    constraints = _constraints(call, touched)
    if constraints is None:
        return {}
    return constraints.encryption_context_equals or constraints.encryption_context_subset or {}


def grant_constraint_type(call: Call, touched: Touched) -> str | None:
    constraints = _constraints(call, touched)
    if constraints is None:
        return None
    if constraints.encryption_context_equals is not None:
        return "EncryptionContextEquals"
    return None if constraints.encryption_context_subset is None else "EncryptionContextSubset"


def grant_constraint_source_arn(call: Call, touched: Touched) -> str | None:
    constraints = _constraints(call, touched)
    return None if constraints is None else constraints.source_arn


def grant_operations(call: Call, _touched: Touched) -> tuple[str, ...] | None:
    request = call.request
    operations = request.operations if isinstance(request, CreateGrantRequest) else ()
    return tuple(dict.fromkeys(operations)) or None
