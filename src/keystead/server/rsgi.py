"""The edge: one request from the socket to the service and its answer back.

An RSGI application for Granian. For each request:

1. collect the headers and draw the request id;
2. read the body under its limits of size and time;
3. answer the few paths of the server itself (`health`), hand everything else to the service;
4. run the call in the event loop when it is quick, else in a thread; if it turns out to need an AWS managed
   key that is not there yet, have that made in a thread and go on;
5. wait until its audit event is durable; only then answer.

A client never sees more of a failure than AWS's `InternalFailure` and the request id to look for in the log.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from granian._granian import RSGIHTTPProtocol as HTTPProtocol
from granian._granian import RSGIProtocolClosed as ProtocolClosed

from keystead.config import Settings
from keystead.server.commit import Committer, NotRecorded
from keystead.server.fair_queue import Full
from keystead.server.health import Pages
from keystead.server.log import logger, where
from keystead.server.periodic import Periodic
from keystead.server.refusals import refuse
from keystead.server.stopping import Stopping
from keystead.server.threads import Left, Threads
from keystead.server.turns import MANY
from keystead.service.answer import Answer
from keystead.service.managed_keys.making import NotMadeYet
from keystead.service.operation import Labour
from keystead.service.uuids import Uuids
from keystead.store.port import Store, StoreError
from keystead.wire.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from granian.rsgi import Scope

    from keystead.service.call import Call
    from keystead.service.service import Service

_JOBS = 1.0
"""Seconds between looks for what time asks for."""

_SWEEP = 1.0
"""Seconds between looks for bodies that take too long, and between counts of the calls that came."""

_PATIENCE = 2.0
"""Seconds that changes under way get when all else has stopped. One that is cut off has not happened."""


_Left = Callable[[], Awaitable[None]]


class _BodyRefused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Edge:
    """Serves one worker process.

    Args:
        service: answers the calls.
        store: keeps the audit events; closed when the worker stops.
        development: whether the paths of `keystead dev` are there.
        random: for request ids.
    """

    def __init__(
        self,
        service: "Service",
        store: Store,
        settings: Settings,
        *,
        development: bool = False,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._service = service
        self._store = store
        self._settings = settings
        self._body_limit = settings.body_limit
        self._request_ids = Uuids(random)
        self._committer = Committer(
            store.append_events,
            inline=settings.commits_inline,
            limit=settings.audit_queue,
            # A call whose body has not come yet, or that is in a thread, would hold up the others.
            in_flight=lambda: self._calls - len(self._reading) - self._threads.calls,
        )
        self._threads = Threads(settings.threads, settings.slow_queue)
        self._jobs = Periodic(service.run_jobs, _JOBS)
        self._pages = Pages(service, self._threads.changes, development=development)
        self._reading: dict[asyncio.Task[Any], float] = {}
        self._calls = 0
        self._came = 0
        self._refreshes = 0

    # The life of a worker. Granian calls these two outside the running loop.

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._stopping = Stopping(loop, self._settings.stop_timeout, lambda: self._calls, self._close)
        self._stopping.listen()
        self._committer.start(loop)
        self._jobs.start()
        self._sweep()

    def __rsgi_del__(self, _: asyncio.AbstractEventLoop) -> None:
        self._stopping.disconnected()

    async def _close(self) -> None:
        if self._calls:
            logger().warning("stopped with calls in flight", calls=self._calls)
        self._sweeper.cancel()
        await self._committer.close()
        self._jobs.stop()
        try:
            self._service.stop()
        except StoreError as error:
            logger().error("the service did not stop well", reason=str(error))
        # Late, for calls that were given up may take some time in these threads.
        if not self._threads.shutdown(_PATIENCE):
            logger().warning("stopped with changes under way")
            return
        self._store.close()

    # One request.

    async def __rsgi__(self, scope: "Scope", protocol: HTTPProtocol) -> None:
        self._calls += 1
        self._came += 1
        if self._came == MANY:
            self._threads.turns.served(MANY)  # at once, and not when the second is over
        try:
            response = await self._respond(scope, protocol)
            if response is not None:
                protocol.response_bytes(response.status, response.headers, response.body)
        finally:
            self._calls -= 1

    async def _respond(self, scope: "Scope", protocol: HTTPProtocol) -> HttpResponse | None:
        request_id = self._request_ids.draw()
        refreshes = self._refreshes
        sent = scope.headers
        headers = _collect(sent.items())
        if len(sent) != len(headers):  # type: ignore[arg-type]  # the stub leaves its length out
            # Granian leaves out values that are not ASCII. What is not seen is not signed or recorded. Of a
            # header that is there twice, once in ASCII, the other goes unnoticed: it reaches nothing.
            return _closing(refuse(headers, request_id, 400, "MalformedHttpRequestException"))
        try:
            body = await self._read_body(headers, protocol)
            path = scope.path
            page = self._pages.get(path)
            if page is not None:
                return await page(scope.method, headers)
            http = HttpRequest(
                scope.method,
                # Granian gives the path decoded. AWS's RPC protocols use `/`, which has one spelling.
                path if path == "/" else quote(path, safe="/-_.~"),
                scope.query_string,
                headers,
                body,
                scope.client.rpartition(":")[0].strip("[]"),
                scope.scheme == "https",
            )
            if self._refreshes == refreshes:
                # One refresh serves every request that had come before it, so a burst shares one.
                self._service.refresh()
                self._refreshes += 1
            answer = self._service.begin(http, request_id)
            if not isinstance(answer, Answer):
                call = answer
                try:
                    if call.inline:
                        answer = self._service.finish(call)
                    else:
                        answer = await self._finish(call, protocol.client_disconnect)
                except NotMadeYet:
                    answer = await self._make_first(call, protocol.client_disconnect)
            return answer.response if answer.event is None else await self._recorded(answer, http, request_id)
        except ProtocolClosed:
            return None  # the client left before its request was complete
        except _BodyRefused as refused:
            return _closing(refuse(headers, request_id, refused.status, refused.code))
        except StoreError as error:
            logger().error("the store failed a call", request_id=request_id, reason=str(error))
            return refuse(headers, request_id, 500, "InternalFailure")
        # The one place where an unforeseen failure of a call ends: logged, and answered without its text.
        except Exception as error:  # noqa: BLE001
            logger().error("a call failed unexpectedly", request_id=request_id, **where(error))
            return refuse(headers, request_id, 500, "InternalFailure")

    async def _recorded(self, answer: Answer, http: HttpRequest, request_id: str) -> HttpResponse:
        """The response of `answer` once its event is durable."""
        assert answer.event is not None
        try:
            await self._committer.commit(answer.event)
        except NotRecorded:
            return self._service.unrecorded(http, request_id)
        return answer.response

    async def _make_first(self, call: "Call", left: _Left) -> Answer:
        """Has the AWS managed key made that a call needs, and does the call."""
        refused = await self._threads.run(Labour.NONE, self._service.make_managed_key, call)
        return refused or await self._finish(call, left, again=True)

    async def _finish(self, call: "Call", left: _Left | None = None, *, again: bool = False) -> Answer:
        """What `Service.finish` does, each part in the thread where it belongs.

        Args:
            call: it was begun.
            left: returns when the client has left.
            again: whether the call has been decided once, and then had to wait.
        """
        service, threads = self._service, self._threads
        if not (again or call.decided_first):
            return await threads.run(Labour.NONE, service.finish, call)
        generation = service.generation
        operation = call.operation
        if again:
            answer = service.decide_again(call)
        elif call.attested:
            answer = await threads.run(Labour.NONE, service.decide, call)
        else:
            answer = service.decide(call) if operation.writes else service.finish_if_quick(call)
        if answer is not None:
            return answer
        labour = call.labour
        if labour is not Labour.NONE or call.attested or operation.slow or operation.prepare is not None:
            # Only the work itself: a thread of low priority must not hold the store's turn, and hardly the
            # interpreter's lock.
            try:
                if labour is Labour.LONG:
                    done = await threads.run_long(service.work, call, call.counts_against, left)
                else:
                    done = await threads.run(labour, service.work, call)
            except (Full, Left):
                return service.busy(call)
            # What writes is decided anew by its transaction.
            refused = None if operation.writes else service.decide_again(call, generation)
            if refused is not None:
                return refused
            if done is not None:
                service.went_through(call, done)
                return done
        if operation.writes:
            return await threads.run(Labour.NONE, service.perform, call)
        return service.perform(call)

    # Bodies.

    async def _read_body(self, headers: Mapping[str, str], protocol: HTTPProtocol) -> bytes:
        """The whole body, or `_BodyRefused`; never holds more than the limit and one chunk."""
        length = headers.get("content-length")
        if length is None and "transfer-encoding" not in headers:
            return b""
        known = length is not None and length.isdecimal()  # `5,5` is not: a header sent twice
        if known and int(length or 0) > self._body_limit:
            raise _BodyRefused(413, "RequestEntityTooLargeException")
        task = asyncio.current_task(self._loop)
        assert task is not None
        self._reading[task] = time.monotonic()
        try:
            if known:
                return await protocol()
            return await self._read_chunks(protocol)
        except asyncio.CancelledError:
            if task in self._reading:
                raise
            task.uncancel()  # it was the sweeper
            raise _BodyRefused(408, "RequestTimeoutException") from None
        finally:
            self._reading.pop(task, None)

    async def _read_chunks(self, protocol: HTTPProtocol) -> bytes:
        # Granian ends a broken chunked body as if it were complete. No call can be made of the rest:
        # the signature covers the whole body.
        body = bytearray()
        async for chunk in protocol:
            body += chunk
            if len(body) > self._body_limit:
                raise _BodyRefused(413, "RequestEntityTooLargeException")
        return bytes(body)

    def _sweep(self) -> None:
        """Ends the reading of bodies that are late. One timer for all costs a call less than a timer each.

        And tells how many calls came meanwhile.
        """
        self._threads.turns.served(self._came)
        self._came = 0
        late = time.monotonic() - self._settings.body_timeout
        for task, started in list(self._reading.items()):
            if started < late:
                del self._reading[task]
                task.cancel()
        self._sweeper = self._loop.call_later(_SWEEP, self._sweep)


def _collect(items: list[tuple[str, str]]) -> dict[str, str]:
    """Headers by lower-case name, the values of a repeated one joined by commas."""
    headers = dict(items)
    if len(headers) != len(items):
        headers = {}
        for name, value in items:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def _closing(response: HttpResponse) -> HttpResponse:
    """`response`, after which the connection closes because the rest of the request was not read."""
    return HttpResponse(response.status, [*response.headers, ("connection", "close")], response.body)
