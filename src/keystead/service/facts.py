"""Facts for one check: every policy and grant that applies to it."""

from typing import Final

from keystead.crypto.grant_token import open_grant_token
from keystead.kinds import GrantOperation, KeyManager
from keystead.policy import Malformed, PolicyKind, parse_policy
from keystead.policy.request import AttachedPolicy, Facts, Grant, Request
from keystead.service.account_entry import Levels
from keystead.service.call import Call, Touched
from keystead.service.context import encryption_context
from keystead.service.context.service_values import source_arn
from keystead.service.entries import KeyEntry
from keystead.service.operation import OnKey
from keystead.service.records import AskedOfGrants
from keystead.store.port import EffectiveGrants


def facts(call: Call, touched: Touched) -> Facts:
    """What decides whether the caller may do what `touched` needs."""
    entry, role = touched.entry, touched.role
    return Facts(
        key_policy=None if entry is None else entry.policy,
        resource_policy=None if role is None else role.trust,
        identity=call.identity,
        boundary=call.boundary,
        scps=_scps(call),
        rcps=_rcps(call, touched),
        session=call.session_policies,
        grants=() if entry is None else _grants(call, touched, entry),
    )


def _scps(call: Call) -> Levels | None:
    return None if call.account_entry is None else call.account_entry.scps


def _rcps(call: Call, touched: Touched) -> Levels | None:
    """Those above the resource's account. Keys that AWS manages are exempt (Organizations User Guide)."""
    if touched.entry is not None and touched.entry.key.manager is KeyManager.AWS:
        return None
    owner = call.owner(touched)
    return None if owner is None else owner.rcps


def _trusts_nobody() -> AttachedPolicy:
    text = '{"Statement":{"Effect":"Deny","Principal":"*","NotAction":"*"}}'
    policy = parse_policy(text, PolicyKind.TRUST)
    assert not isinstance(policy, Malformed)
    return AttachedPolicy(policy, "trust policy")


TRUSTS_NOBODY: Final = _trusts_nobody()
"""The trust policy of a role that is not there: it is silent."""


# RetireGrant is decided by the one grant that it is on.
_GRANTABLE = {
    f"kms:{operation}": operation
    for operation in GrantOperation
    if operation is not GrantOperation.RETIRE_GRANT
}


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
    effective = _effective(call, entry) if call.records.grant_delay else None
    source = None if call.who.service is None else source_arn(call, touched)
    return call.records.grants(entry, call.caller, AskedOfGrants(operation, context, effective, source))


def _effective(call: Call, entry: KeyEntry) -> EffectiveGrants:
    """Where new grants take a while: those made before that, and those that the request has tokens of."""
    tokens = getattr(call.request, "grant_tokens", None) or ()
    opened = (open_grant_token(call.sealer, token) for token in tokens)  # the pipeline has checked them
    named = [grant.id for grant in opened if grant.key == entry.key.arn]
    return EffectiveGrants(call.time - call.records.grant_delay, named)


def settled(check: Request, facts: Facts) -> bool:
    """Whether no grant reads more of the request than caller, action and condition keys.

    A constraint on the encryption context does where there is one, so does the rule that a grantee of
    CreateGrant makes narrower grants only, and so does the grant that RetireGrant is on.
    """
    if check.retires is not None:
        return False
    if not facts.grants:
        return True
    return check.creates is None and (
        check.encryption_context is None
        or all(
            grant.encryption_context_equals is None and grant.encryption_context_subset is None
            for grant in facts.grants
        )
    )


def facts_under(call: Call, touched: Touched, key_policy: AttachedPolicy) -> Facts:
    """What the policies alone say, were `key_policy` in force: PutKeyPolicy cannot be granted."""
    return Facts(
        key_policy=key_policy,
        identity=call.identity,
        boundary=call.boundary,
        scps=_scps(call),
        rcps=_rcps(call, touched),
        session=call.session_policies,
    )
