"""Facts for one check: every policy and grant that applies to it."""

from keystead.policy.request import AttachedPolicy, Facts
from keystead.service.call import Call, Touched


def facts(call: Call, touched: Touched) -> Facts:
    """What decides whether the caller may do what `touched` needs.

    Organizations, boundaries, sessions and grants join here when they exist.
    """
    return Facts(
        key_policy=touched.entry.policy if touched.entry is not None else None,
        identity=call.identity,
    )


def facts_under(call: Call, key_policy: AttachedPolicy) -> Facts:
    """The same, were `key_policy` in force."""
    return Facts(key_policy=key_policy, identity=call.identity)
