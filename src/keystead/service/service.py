"""The service: a signed HTTP request in, an answer and its audit event out. Synchronous.

A call is begun (routed, authenticated, decoded) and finished (decided and done). Between the two the
caller may move it to a thread: calls that write wait for the store's lock and its disk.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

import structlog

from keystead.audit import event as audit
from keystead.crypto import ciphertext
from keystead.crypto.attestation import AttestationRoots
from keystead.crypto.material import Sealer
from keystead.crypto.randomness import Portions, Random
from keystead.model import Account, AuditEvent
from keystead.model.quotas import ResourceQuotas
from keystead.names import AccountId, Region
from keystead.service import iam, keystead, kms, organizations, pipeline, sts
from keystead.service.answer import Answer
from keystead.service.authenticated import NOBODY, UNRECOGNIZED, Authenticated
from keystead.service.authentication import Authenticator, DevRoot
from keystead.service.authorization_message import HEADER
from keystead.service.cached_records import CachedRecords
from keystead.service.call import GLOBAL_SERVICES, Call, WriteCall
from keystead.service.compiled_policies import CompiledPolicies
from keystead.service.issuer_keys import IssuerKeys, no_network
from keystead.service.jobs import Jobs
from keystead.service.last_usage import LastUsage
from keystead.service.managed_keys.making import NotMadeYet
from keystead.service.operation import REGISTRY, Labour, Operation, not_offered
from keystead.service.owned_keys import OwnedKeys
from keystead.service.recording import record_forwarded, record_of
from keystead.service.throttle import SENTENCE, Throttle
from keystead.service.transaction_records import TransactionRecords
from keystead.service.uuids import Uuids
from keystead.shapes.errors import (
    AwsError,
    InternalFailure,
    ThrottlingException,
    UnrecognizedClientException,
)
from keystead.store.port import AlreadyExists, Store, WriteTx
from keystead.wire import faults, routes, sigv4
from keystead.wire.http import HttpRequest, HttpResponse

SERVICES = (iam, keystead, kms, organizations, sts)
"""Importing a service's package registers its operations."""

UNSIGNED_REGION = Region("us-east-1")
"""The Region of calls without a signature, whose scope would name one: that of the global endpoint of STS."""


KEEP_LAST_USES = 10_000
"""Milliseconds between two writes of the last uses of keys and access keys."""

A = TypeVar("A")

log = structlog.get_logger("keystead.service")


class Service:
    """Answers the AWS APIs from a store. Safe to use from several threads.

    Args:
        store: where everything is kept; it stays the caller's to close.
        sealer: opens key material and secrets; holds the root key.
        clock: seconds since the epoch.
        random: `n` random bytes, from the operating system unless a test passes its own.
        dev: root credentials of `keystead dev`, None in production.
        issuer_keys: verifies web identity tokens; without it no key of an issuer is known.
        quotas: of resources.
        throttle: holds the request quotas; None when there are none.
        grant_delay: milliseconds until a new grant works without its token, for `keystead dev`.
        attestation_roots: verifies attestation documents; without it none is accepted.
    """

    def __init__(
        self,
        *,
        store: Store,
        sealer: Sealer,
        clock: Callable[[], float] = time.time,
        random: Random = os.urandom,
        dev: DevRoot | None = None,
        issuer_keys: IssuerKeys | None = None,
        quotas: ResourceQuotas = ResourceQuotas(),  # noqa: B008 (frozen)
        throttle: Throttle | None = None,
        grant_delay: int = 0,
        attestation_roots: AttestationRoots | None = None,
    ) -> None:
        self._store = store
        self._owned_keys = OwnedKeys(store, sealer, random)
        self._owned_keys.provide(int(clock() * 1000))
        self._sealer = sealer = self._owned_keys.sealer
        self._clock = clock
        self._random = random
        self._salts = Portions(random, ciphertext.RANDOM_BYTES)
        self._event_ids = Uuids(random)
        self._issuer_keys = issuer_keys or IssuerKeys(no_network, {})
        self._quotas = quotas
        self._throttle = throttle
        self._attestation_roots = attestation_roots
        self._policies = CompiledPolicies()
        self._grant_delay = grant_delay
        self._records = CachedRecords(
            store, sealer, self._policies, self._owned_keys.load, grant_delay=grant_delay
        )
        self._last_usage = LastUsage(store)
        self._last_uses_kept = 0
        self._jobs = Jobs(store, sealer, random)
        self._authenticator = Authenticator(
            self._records, sealer, sigv4.SigningKeys(), dev, self._new_account
        )

    def refresh(self) -> None:
        """Learns what any process has changed.

        Every request needs one after it has come and before its `begin`.
        """
        self._records.refresh()

    def begin(self, http: HttpRequest, request_id: str) -> Answer | Call:
        """Routes, authenticates and decodes; an `Answer` means that the request ends here.

        Decides by what the last `refresh` learned.
        """
        now = self._clock()
        try:
            route = routes.route(http)
        except AwsError as error:
            return Answer(faults.response_for_unrouted(http, error, request_id))
        offered = REGISTRY.get((route.service, route.operation))
        operation = offered or not_offered(route.service, route.operation)
        if operation.identifies is not None:
            return self._unsigned(http, request_id, route, operation, now)
        try:
            who, region = self._authenticator.authenticate(http, route.service, now)
        except AwsError as error:
            return Answer(faults.response(route, error, request_id))
        call = self._call(http, request_id, route, operation, who, region, now)
        if offered is None:
            return self._refused(call, routes.not_offered(route))
        try:
            call.request = routes.decode(route, http)
        except AwsError as error:
            return self._refused(call, error)
        return call

    def _unsigned(
        self, http: HttpRequest, request_id: str, route: routes.Route, operation: Operation, now: float
    ) -> Answer | Call:
        """A call that `finish` identifies by what it carries. Until then it is nobody's, and not recorded."""
        call = self._call(http, request_id, route, operation, NOBODY, UNSIGNED_REGION, now)
        try:
            call.request = routes.decode(route, http)
        except AwsError as error:
            return Answer(faults.response(route, error, request_id))
        return call

    def finish(self, call: Call) -> Answer:
        """Decides and does a call that `begin` let through.

        Raises `NotMadeYet` if it needs an AWS managed key that is not there yet, which a call that reads
        cannot make: then `make_managed_key` is to make it, and `decide_again`, `work` and `perform` follow.
        So does `decide`.
        """
        identifies = call.operation.identifies
        if identifies is not None:
            try:
                call.identify(identifies(call))
            except AwsError as error:
                return Answer(faults.response(call.route, error, call.request_id))
        return self._guarded(call, self._write if call.operation.writes else self._read)

    def decide(self, call: Call) -> Answer | None:
        """Decides a call: the answer that refuses it, or None when `work` and `perform` are to follow."""
        return self._guarded(call, self._permit)

    def finish_if_quick(self, call: Call) -> Answer | None:
        """Decides a call that reads, and does it too if its work is quick.

        None when it is permitted, and `work` and `perform` are to follow where its labour belongs.
        """
        return self._guarded(call, self._read_if_quick)

    def make_managed_key(self, call: Call) -> Answer | None:
        """Makes the AWS managed key for want of which a call raised `NotMadeYet`, if it would be permitted.

        None, or the answer that refuses it. It writes, and so belongs in a thread.
        """
        return self._guarded(call, self._make_managed_key)

    @property
    def generation(self) -> int:
        """Moves when `refresh` learns of a change."""
        return self._records.generation

    def decide_again(self, call: Call, generation: int | None = None) -> Answer | None:
        """Decides a call again that had to wait, unless nothing has changed since `generation`.

        For the thread that calls `refresh`. The answer that refuses it, or None when it is still permitted.
        """
        self.refresh()
        if self.generation == generation:
            return None
        return self._guarded(call, self._permit_again)

    def work(self, call: Call) -> Answer | None:
        """Does what may take long of a permitted call: what it prepares, or all that a read does.

        None when `perform` is to follow; else the answer, which must not leave before `decide_again` has let
        the call through and `went_through` was told.
        """
        operation = call.operation
        parts = operation.writes or operation.prepare is not None
        return self._guarded(call, pipeline.prepare if parts else self._answer)

    def went_through(self, call: Call, answer: Answer) -> None:
        """Notes the use of keys by a call that `work` has answered, and nothing has refused since."""
        if call.operation.cryptographic and answer.event is not None and answer.response.status == 200:
            self._note_use(call, answer.event)

    def perform(self, call: Call) -> Answer:
        """Does a permitted call whose `work` is done, or is none; one that writes is decided anew."""
        return self._guarded(call, self._transact if call.operation.writes else self._perform)

    def busy(self, call: Call) -> Answer:
        """Refuses a call that there is no room for now."""
        return self._refused(call, ThrottlingException(SENTENCE))

    def _guarded(self, call: Call, step: Callable[[Call], A]) -> A | Answer:
        try:
            return step(call)
        except AwsError as error:
            return self._refused(call, error)
        except NotMadeYet:
            raise
        except Exception:
            # The edge of the service: whatever fails here is our fault, is logged, and must not tell the
            # caller how. The event records that the call failed.
            log.exception("call failed", request_id=call.request_id, operation=call.operation.name)
            return self._refused(call, InternalFailure(None))

    def unrecorded(self, http: HttpRequest, request_id: str) -> HttpResponse:
        """The answer to a call whose event could not be stored: it failed."""
        error = InternalFailure(None)
        try:
            return faults.response(routes.route(http), error, request_id)
        except AwsError:
            return faults.response_for_unrouted(http, error, request_id)

    def run_jobs(self) -> bool:
        """Does what time asks for; whether more may be due. In one thread at a time, every second or so."""
        now = int(self._clock() * 1000)
        if now - self._last_uses_kept >= KEEP_LAST_USES or now < self._last_uses_kept:  # clocks are set back
            self.keep_last_uses()
            self._last_uses_kept = now
        self._owned_keys.provide(now)
        return self._jobs.run(now)

    def keep_last_uses(self) -> None:
        """Puts into the store when each access key and each KMS key was used last.

        For one thread at a time. Raises `StoreError` in words: then all that is not stored is still noted.
        """
        self._records.last_uses.keep(self._store)
        self._last_usage.write()

    def stop(self) -> None:
        """Writes what is kept in memory; no call comes after it. Raises `StoreError` in words."""
        self.keep_last_uses()

    def reset(self) -> None:
        """Empties the store; for `keystead dev`."""
        with self._store.write("reset") as tx:
            tx.reset()
        self._last_usage.forget()

    def ready(self) -> None:
        """Returns if the store answers; raises `StoreError` in words if not."""
        with self._store.read() as tx:
            tx.last_change()

    def _call(
        self,
        http: HttpRequest,
        request_id: str,
        route: routes.Route,
        operation: Operation,
        who: Authenticated,
        region: Region,
        now: float,
    ) -> Call:
        # By position: two dozen keywords would take as long as a signature's HMAC.
        return Call(
            http,
            request_id,
            route,
            operation,
            None,  # the request, which is not decoded yet
            who,
            who.caller,
            who.identity,
            who.boundary,
            who.session_policies,
            who.account,
            who.account_entry,
            GLOBAL_SERVICES.get(route.service, region),
            int(now * 1000),
            self._random,
            self._salts,
            self._sealer,
            self._issuer_keys,
            self._records,
            self._policies,
            self._last_usage,
            self._attestation_roots,
        )

    def _admit(self, call: Call) -> None:
        if self._throttle is not None:
            self._throttle.admit(call)

    def _permit(self, call: Call) -> None:
        self._admit(call)
        pipeline.permit(call)

    def _permit_again(self, call: Call) -> None:
        who = call.who.as_of(self._records)
        if who is None:
            raise UnrecognizedClientException(UNRECOGNIZED)
        call.identify(who)
        pipeline.permit_again(call)

    def _read(self, call: Call) -> Answer:
        self._permit(call)
        pipeline.prepare(call)
        return self._perform(call)

    def _read_if_quick(self, call: Call) -> Answer | None:
        self._permit(call)
        if call.operation.slow or call.labour is not Labour.NONE:
            return None
        pipeline.prepare(call)
        return self._perform(call)

    def _make_managed_key(self, call: Call) -> Answer | None:
        with self._store.write("AWS managed key") as tx:
            bound = self._bound(call, tx)
            try:
                with tx.savepoint():
                    pipeline.permit_again(bound)
            except AwsError as error:
                return self._refused(bound, error)
        return None

    def _bound(self, call: Call, tx: WriteTx) -> WriteCall:
        records = TransactionRecords(tx, self._sealer, self._policies, self._grant_delay)
        return call.in_transaction(tx, records, self._quotas)

    def _perform(self, call: Call) -> Answer:
        answer = self._answer(call)
        if call.operation.cryptographic and answer.event is not None:
            self._note_use(call, answer.event)
        return answer

    def _answer(self, call: Call) -> Answer:
        response = pipeline.perform(call)
        elements = call.operation.recorded.elements
        event = self._event(call, None, None if elements is None else elements(call, response))
        return Answer(self._encode(call, response), event)

    def _note_use(self, call: Call, event: AuditEvent) -> None:
        use = (call.operation.name, call.time, event.event_id, call.request_id)
        for touched in call.touched:
            if touched.entry is not None:
                self._last_usage.note(touched.entry.arn, use)

    def _write(self, call: Call) -> Answer:
        self._admit(call)
        if call.operation.prepare is not None:
            pipeline.permit(call)
            pipeline.prepare(call)
        return self._transact(call)

    def _transact(self, call: Call) -> Answer:
        """Runs the call and stores its event in one transaction; a refused call stores its event alone."""
        answer: Answer
        done = False
        with self._store.write(call.operation.name) as tx:
            bound = self._bound(call, tx)
            try:
                with tx.savepoint():
                    response = pipeline.run(bound)
            except AwsError as error:
                answer = Answer(_refusal(bound, error))
                events = [self._event(bound, error, None)]
            else:
                answer = Answer(self._encode(bound, response))
                elements = bound.operation.recorded.elements
                events = [self._event(bound, None, elements(bound, response) if elements else None)]
                events += [
                    audit.event(record_forwarded(bound, one, self._event_ids.draw()), bound.time)
                    for one in bound.forwarded
                ]
                done = True
            tx.append_events(events)
        if done and call.operation.cryptographic:
            self._note_use(bound, events[0])
        return answer

    def _encode(self, call: Call, response: Any) -> HttpResponse:
        return routes.encode(call.route, response, call.request_id)

    def _refused(self, call: Call, error: AwsError) -> Answer:
        return Answer(_refusal(call, error), self._event(call, error, None))

    def _event(self, call: Call, error: AwsError | None, elements: Any) -> AuditEvent:
        return audit.event(record_of(call, self._event_ids.draw(), error, elements), call.time)

    def _new_account(self, account: AccountId) -> None:
        with self._store.write("first use of an account") as tx, suppress(AlreadyExists):
            # Suppressed: another worker was quicker.
            tx.add_account(Account(account, int(self._clock() * 1000)))


def _refusal(call: Call, error: AwsError) -> HttpResponse:
    response = faults.response(call.route, error, call.request_id)
    if call.authorization_message is not None:
        response.headers.append((HEADER, call.authorization_message))
    return response
