"""The one way every call goes, in the order that decides which of two errors a caller sees.

1. The request alone (`Operation.check`), what its `Recipient` proves, whether its grant tokens are tokens.
2. Look-up of the keys and aliases it names.
3. Authorization of every check.
4. Whether the operation suits the kind of key, where that comes first; key state; whether the ciphertext is
   this key's; key usage.
5. The operation: algorithm, data, cryptography.
6. A dry run's own error, last of all.

Source: KMS recordings ("order of checks"). Who may learn that a key does not exist is decided in `_missing`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keystead.crypto.grant_token import InvalidGrantToken, open_grant_token
from keystead.kinds import EncryptionAlgorithm
from keystead.model import Grant
from keystead.model.lifecycle import Fault, refusal
from keystead.names import GrantId, KeyArn
from keystead.policy import (
    Allowed,
    Decision,
    PolicyKind,
    authorize,
    default_key_policy,
    sentence,
)
from keystead.policy.request import AttachedPolicy, Facts
from keystead.policy.request import Request as Check
from keystead.service.authorization_message import encoded_message
from keystead.service.call import Call, Touched
from keystead.service.context import CheckContext, encryption_context
from keystead.service.entries import KeyEntry
from keystead.service.facts import TRUSTS_NOBODY, facts, facts_under, settled
from keystead.service.loads import as_decided
from keystead.service.lookup import INCORRECT_KEY, Missing, header_of, resolve, resolve_again
from keystead.service.operation import OnArn, OnGrant, OnKey, OnNothing, OnRelatedKey, OnRole
from keystead.service.recipient import attest, for_recipient
from keystead.shapes.errors import AccessDeniedException
from keystead.shapes.kms_errors import (
    DisabledException,
    DryRunOperationException,
    IncorrectKeyException,
    InvalidGrantTokenException,
    InvalidKeyUsageException,
    KMSInvalidStateException,
    NotFoundException,
)


def run(call: Call) -> Any:
    """The response of a call, or the AWS error that refuses it."""
    permit(call)
    return perform(call)


def prepare(call: Call) -> None:
    """Does the work of a permitted call that its operation prepares, if it does."""
    if call.operation.prepare is not None:
        call.prepared = call.operation.prepare(call, call.request)


def perform(call: Call) -> Any:
    """The response of a permitted call, or the AWS error by which the operation itself refuses it."""
    response = call.operation.function(call, call.request)
    if call.recipient is not None:
        response = for_recipient(call, call.recipient, response)
    if getattr(call.request, "dry_run", None):
        raise DryRunOperationException("The request would have succeeded, but the DryRun option is set.")
    return response


def permit(call: Call) -> None:
    """Returns if nothing but the operation itself can refuse the call; raises the AWS error that does."""
    operation = call.operation
    if operation.check is not None:
        operation.check(call.request)
    if operation.recipient and call.request.recipient is not None:
        attest(call, call.request.recipient)
    if getattr(call.request, "grant_tokens", None):
        _check_tokens(call)
    _decide(call)


def permit_again(call: Call) -> None:
    """As `permit`, of a permitted call: whether what has changed since then refuses it.

    A target that resolved to a key is that key still.
    """
    resolved = [touched for touched in call.touched if touched.entry is not None]
    call.touched.clear()
    _decide(call, resolved)


def _decide(call: Call, resolved: Sequence[Touched] = ()) -> None:
    """All that depends on what is stored."""
    _look_up(call, resolved)
    for touched in call.touched:
        _authorize(call, touched)
    for touched in call.touched:
        if touched.entry is not None:
            _check_key(call, touched, touched.entry)


def _check_tokens(call: Call) -> None:
    """Refuses a text that is no grant token of this installation.

    A token widens nothing: a grant works from the moment it is made, or with `grant_delay` after a while
    without one, and a token of a grant that is gone, of another key's or of somebody else's is as harmless
    as none. So it is checked before the look-up, by itself: later, the answer would tell whether a key is
    there.
    """
    for token in call.request.grant_tokens:
        try:
            open_grant_token(call.sealer, token)
        except InvalidGrantToken:
            raise InvalidGrantTokenException(None) from None


def _look_up(call: Call, resolved: Sequence[Touched]) -> None:
    for target in call.operation.targets:
        if isinstance(target, OnNothing | OnArn) and not target.when(call.request):
            continue
        if isinstance(target, OnRole) and not target.when(call, call.request):
            continue
        try:
            before = next((one for one in resolved if one.target is target), None) if resolved else None
            touched = resolve(call, target) if before is None else resolve_again(call, before)
        except Missing as missing:
            raise _missing(call, missing) from None
        if touched is not None:
            call.touched.append(touched)


def check_of(call: Call, touched: Touched, context: CheckContext | None = None) -> Check:
    """The request for authorization that a target stands for."""
    target = touched.target
    return Check(
        caller=call.caller,
        action=target.action,
        resource=touched.arn,
        owner=touched.owner,
        on_key=touched.on_key,
        cross_account=target.cross_account
        if isinstance(target, OnKey)
        else isinstance(target, OnGrant | OnRole),
        context=CheckContext(call, touched) if context is None else context,
        encryption_context=encryption_context(call, touched),
        creates=target.creates(call, call.request) if isinstance(target, OnKey) and target.creates else None,
        retires=None if touched.grant is None else as_decided(touched.grant),
    )


def _authorize(call: Call, touched: Touched) -> None:
    entry, standing = touched.entry, (call.who, call.owner(touched), touched.target.action)
    if entry is not None and standing in entry.standing:
        return
    context = CheckContext(call, touched)
    check = check_of(call, touched, context)
    found = facts(call, touched)
    decision = authorize(check, found)
    if not isinstance(decision, Allowed):
        raise _denied(call, touched, check, found, decision)
    # INVARIANT: facts hold nothing but the key's policy and grants, the caller's policies, and the policies
    # of organizations above the caller and above the key. When one of them changes there is another value of
    # what `standing` is kept in or under: the entry for the first two, `who` for the caller's and those above
    # it, the owner for those above the key. What was allowed without a look at the request, be it by a
    # policy's condition or by a grant, is allowed until then; but where new grants take a while, a grant
    # may have counted only because of the request's token.
    if entry is None or context.consulted or not settled(check, found):
        return
    if not (found.grants and call.records.grant_delay):
        entry.standing.keep(standing, None)


def _denied(
    call: Call, touched: Touched, check: Check, found: Facts, decision: Decision
) -> AccessDeniedException:
    call.authorization_message = encoded_message(call, touched, check, found, decision)
    shown = "" if touched.named is None else touched.named.shown
    return AccessDeniedException(
        sentence(check, decision, from_ciphertext=touched.from_ciphertext, shown=shown)
    )


def _missing(call: Call, missing: Missing) -> Exception:
    """What a caller learns of a resource that is not there.

    In the caller's own account: NotFoundException for whoever could be allowed the action by their identity
    policies, were the key's policy the default one; AccessDeniedException for the rest, whom nothing could
    allow it (unverified). In another account: what a forbidden key says, word for word. Of a role nobody
    learns more than that it does not trust them.
    """
    touched = missing.touched
    if isinstance(touched.target, OnRole):
        check = check_of(call, touched)
        found = replace(facts(call, touched), resource_policy=TRUSTS_NOBODY)
        return _denied(call, touched, check, found, authorize(check, found))
    if touched.from_ciphertext:
        touched = Touched(touched.target, "", "", on_key=True, from_ciphertext=True)
    here = touched.owner == call.account and bool(call.account)  # a service is at home nowhere
    if here and isinstance(touched.target, OnGrant):
        touched.grant = _of_nobody(call, touched)
    check = check_of(call, touched)
    if here and touched.on_key and touched.entry is None:
        found = facts_under(call, touched, _delegating(call))
    else:
        found = facts(call, touched)
    decision = authorize(check, found)
    if here and isinstance(decision, Allowed):
        call.touched.clear()
        return NotFoundException(missing.sentence)
    return _denied(call, touched, check, found, decision)


def _of_nobody(call: Call, touched: Touched) -> Grant:
    """A grant that names nobody: who may retire it may retire every grant of the account."""
    return Grant(KeyArn.parse(touched.arn), GrantId("0" * 64), "", (), call.account, call.time)


def _delegating(call: Call) -> AttachedPolicy:
    policy = call.policies.get(PolicyKind.KEY, default_key_policy(call.account))
    return AttachedPolicy(policy, "default")


def _check_key(call: Call, touched: Touched, entry: KeyEntry) -> None:
    target = touched.target
    if not isinstance(target, OnKey | OnRelatedKey):
        return  # what an alias pointed to may be in any state
    if isinstance(target, OnKey) and target.suits is not None:
        target.suits(entry.key)
    _check_state(call, entry)
    if isinstance(target, OnRelatedKey):
        return
    _check_ciphertext(call, target, entry)
    if target.usage is not None and entry.key.usage is not target.usage:
        usage, name = entry.key.usage, call.operation.name
        raise InvalidKeyUsageException(f"{entry.arn} key usage is {usage} which is not valid for {name}.")


def _check_state(call: Call, entry: KeyEntry) -> None:
    key = entry.key
    # Most keys have no material that expires, and nothing is asked of them.
    state = key.state if key.imported.usable_until is None else key.state_at(call.time)
    refused = refusal(call.operation.name, state)
    if refused is None:
        return
    exception = DisabledException if refused.fault is Fault.DISABLED else KMSInvalidStateException
    raise exception(f"{entry.arn} {refused.predicate}")


def _check_ciphertext(call: Call, target: OnKey, entry: KeyEntry) -> None:
    blob = getattr(call.request, target.ciphertext) if target.ciphertext else None
    if blob is None or (target.algorithm and _asymmetric(getattr(call.request, target.algorithm))):
        return
    header = header_of(blob)
    if header is None or header.key_id == entry.key.arn.key_id:
        return
    if not getattr(call.request, "dry_run_modifiers", None):  # the only one ignores the ciphertext
        raise IncorrectKeyException(INCORRECT_KEY)


def _asymmetric(algorithm: str | None) -> bool:
    """Whether the ciphertext is a bare one, without a header; by default it is not."""
    return algorithm is not None and algorithm != EncryptionAlgorithm.SYMMETRIC_DEFAULT


__all__ = ["check_of", "perform", "permit", "prepare", "run"]
