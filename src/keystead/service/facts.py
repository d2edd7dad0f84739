"""Facts for one check: every policy and grant that applies to it."""

from keystead.policy.request import AttachedPolicy, Facts, Request
from keystead.service.call import Call, Touched


def facts(call: Call, touched: Touched) -> Facts:
    """What decides whether the caller may do what `touched` needs.

    Organizations, boundaries and sessions join here when they exist.
    """
    entry = touched.entry
    if entry is None:
        return Facts(identity=call.identity)
    grants = call.records.grants(entry, call.caller)
    return Facts(key_policy=entry.policy, identity=call.identity, grants=grants)


def settled(check: Request, facts: Facts) -> bool:
    """Whether no grant reads more of the request than caller, action and condition keys.

    A constraint on the encryption context does, and so does the rule that a grantee of CreateGrant makes
    narrower grants only.
    """
    return not facts.grants or (
        check.creates is None
        and all(
            grant.encryption_context_equals is None and grant.encryption_context_subset is None
            for grant in facts.grants
        )
    )


def facts_under(call: Call, key_policy: AttachedPolicy) -> Facts:
    """What the policies alone say, were `key_policy` in force: PutKeyPolicy cannot be granted."""
    return Facts(key_policy=key_policy, identity=call.identity)
