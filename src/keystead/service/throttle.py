"""Request quotas of KMS: which buckets a call takes tokens from, and what is said when one is empty.

Source: KMS Developer Guide, "Request quotas" and "Throttling requests". A call counts against its caller's
account, whoever owns the key; that of a service for itself, which has no account, against the service
(unverified). AWS does not say which of its checks comes first; here a call counts once it is
authenticated and well-formed, and before anything is looked up for it but the kind of its key (unverified).
"""

from collections.abc import Iterator

from keystead.model.request_quotas import BY_KEY, BY_PAIR, RequestQuotas, quota_of
from keystead.service.call import Call
from keystead.service.lookup import Missing, resolve
from keystead.service.managed_keys.making import NotMadeYet
from keystead.service.operation import OnKey
from keystead.service.token_buckets import Draw, TokenBuckets, draw
from keystead.shapes.errors import AwsError, ThrottlingException

SENTENCE = "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."

MILLISECOND = 1_000_000
"""Nanoseconds."""


class Throttle:
    """Refuses calls beyond the request quotas.

    Args:
        quotas: of an account in a Region.
        workers: how many processes answer. Each lets its share pass, for they share nothing: together they
            never let more pass than the quota says, but for the one request that each bucket holds at least.
    """

    def __init__(self, quotas: RequestQuotas, workers: int = 1) -> None:
        self._quotas = quotas
        self._workers = workers
        self._buckets = TokenBuckets()

    def admit(self, call: Call) -> None:
        """Counts a call of KMS; ThrottlingException, and it does not count, if that is too many."""
        if call.operation.service != "kms":
            return
        draws = list(self._draws(call))
        if draws and not self._buckets.take(draws, call.time * MILLISECOND):
            raise ThrottlingException(SENTENCE)

    def _draws(self, call: Call) -> Iterator[Draw]:
        for (region, quota), requests in charges(call).items():
            rate = self._quotas.rate(quota, region)
            if rate is not None:
                yield draw((call.counts_against, region, quota), rate / self._workers, requests)


def charges(call: Call) -> dict[tuple[str, str], int]:
    """How many requests a call counts for, by Region and quota.

    ReEncrypt counts once for each kind of key that it uses (unverified).
    """
    operation, region = call.operation.name, str(call.region)
    if operation in BY_KEY:
        return {(region, quota_of(operation, spec)): 1 for spec in _specs(call)}
    if operation in BY_PAIR:
        return {(region, quota_of(operation, call.request.key_pair_spec)): 1}
    counted = {(region, operation): 1}
    if operation == "ReplicateKey":
        counted[call.request.replica_region, "CreateKey"] = 2
    if operation == "UpdatePrimaryRegion":
        counted[call.request.primary_region, operation] = 1
    return counted


def _specs(call: Call) -> list[str | None]:
    """The specs of the keys that a call names, None for one that it cannot have; never empty."""
    specs: list[str | None] = []
    for target in call.operation.targets:
        if isinstance(target, OnKey):
            try:
                touched = resolve(call, target)
            except (Missing, NotMadeYet, AwsError):
                # The call is refused for it later, in its place in the order of checks. An AWS managed key
                # that is still to be made is symmetric, as one that is not there counts.
                touched = None
            entry = None if touched is None else touched.entry
            specs.append(None if entry is None else entry.key.spec.value)
    return specs or [None]
