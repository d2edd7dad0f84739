"""Facts for one check: every policy and grant that applies to it."""

from keystead.kinds import GrantOperation
from keystead.policy.request import AttachedPolicy, Facts, Grant, Request
from keystead.service.call import Call, Touched
from keystead.service.context import encryption_context
from keystead.service.operation import OnKey
from keystead.service.records import AskedOfGrants, KeyEntry


def facts(call: Call, touched: Touched) -> Facts:
    """What decides whether the caller may do what `touched` needs.

    Organizations and sessions join here when they exist.
    """
    entry = touched.entry
    if entry is None:
        return Facts(identity=call.identity, boundary=call.boundary)
    return Facts(
        key_policy=entry.policy,
        identity=call.identity,
        boundary=call.boundary,
        grants=_grants(call, touched, entry),
    )


_GRANTABLE = {f"kms:{operation}": operation for operation in GrantOperation}


def _grants(call: Call, touched: Touched, entry: KeyEntry) -> tuple[Grant, ...]:
    """The grants of the key that name the caller and could matter."""
    target = touched.target
    operation = _GRANTABLE.get(target.action)
    if operation is None:
        return ()
    context = encryption_context(call, touched)
    if isinstance(target, OnKey) and target.creates is not None:
        child = target.creates(call, call.request)
        context = child.encryption_context_equals or child.encryption_context_subset or {}
    return call.records.grants(entry, call.caller, AskedOfGrants(operation, context))


def settled(check: Request, facts: Facts) -> bool:
    """Whether no grant reads more of the request than caller, action and condition keys.

    A constraint on the encryption context does where there is one, and so does the rule that a grantee of
    CreateGrant makes narrower grants only.
    """
    if not facts.grants:
        return True
    return check.creates is None and (
        check.encryption_context is None
        or all(
            grant.encryption_context_equals is None and grant.encryption_context_subset is None
            for grant in facts.grants
        )
    )


def facts_under(call: Call, key_policy: AttachedPolicy) -> Facts:
    """What the policies alone say, were `key_policy` in force: PutKeyPolicy cannot be granted."""
    return Facts(key_policy=key_policy, identity=call.identity, boundary=call.boundary)
