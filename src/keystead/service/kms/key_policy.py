"""Accepting a key policy: document, principals, lock-out; and binding it to the principals that exist.

Source: KMS API, PutKeyPolicy and CreateKey; the order of checks is ours, AWS's is unpublished.
"""

from dataclasses import replace

from keystead.model import Key
from keystead.policy import (
    Allowed,
    Malformed,
    PolicyKind,
    authorize,
    parse_policy,
    pretty,
)
from keystead.policy.language.findings import INVALID_PRINCIPALS
from keystead.policy.request import AttachedPolicy
from keystead.service.call import Touched, WriteCall
from keystead.service.entries import KeyEntry
from keystead.service.facts import facts_under
from keystead.service.operation import OnKey
from keystead.service.pipeline import check_of
from keystead.service.principals import bound_document, nobody
from keystead.shapes.kms_errors import LimitExceededException, MalformedPolicyDocumentException

MOST_BYTES = 32_768
"""KMS Developer Guide, "Resource quotas": key policy document size."""

LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."

PUT_KEY_POLICY = OnKey("kms:PutKeyPolicy")
"""The check PutKeyPolicy is, and the one that the lock-out check asks about."""


def accept_policy(call: WriteCall, key: Key, text: str, *, bypass: bool) -> Key:
    """`key` with the policy `text`, bound to the principals it names, if AWS would accept it.

    Raises:
        LimitExceededException: larger than 32 KiB.
        MalformedPolicyDocumentException: not a key policy, a principal that does not exist, or, unless
            `bypass`, a policy under which the caller could not call PutKeyPolicy.
    """
    if len(text.encode()) > MOST_BYTES:
        raise LimitExceededException(f"The key policy exceeds the maximum size of {MOST_BYTES} bytes.")
    parsed = parse_policy(text, PolicyKind.KEY)
    if isinstance(parsed, Malformed):
        raise MalformedPolicyDocumentException(parsed.findings[0].located)
    if nobody(call.tx, parsed) is not None:
        raise MalformedPolicyDocumentException(INVALID_PRINCIPALS)
    changed = replace(key, policy=bound_document(call.tx, pretty(text)))
    if not bypass:
        _check_lock_out(call, changed)
    return changed


def _check_lock_out(call: WriteCall, key: Key) -> None:
    policy = AttachedPolicy(call.policies.get(PolicyKind.KEY, key.policy), "default")
    arn = str(key.arn)
    entry = KeyEntry(key, arn, policy)
    # A replica's policy is changed where the replica is.
    region = None if key.arn.region == call.region else key.arn.region
    touched = Touched(PUT_KEY_POLICY, arn, key.arn.account, entry, on_key=True, region=region)
    decision = authorize(check_of(call, touched), facts_under(call, touched, policy))
    if not isinstance(decision, Allowed):
        raise MalformedPolicyDocumentException(LOCKED_OUT)
