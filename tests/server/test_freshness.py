"""Every request is decided by what was learned after it had come; a burst of them shares one look."""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from keystead.config import Settings
from keystead.server.rsgi import Edge
from keystead.service.answer import Answer
from keystead.wire.http import HttpRequest, HttpResponse


class Told:
    """A service that writes down in which order things happen."""

    def __init__(self) -> None:
        self.order: list[str] = []

    def refresh(self) -> None:
        self.order.append("refresh")

    def run_jobs(self) -> bool:
        raise AssertionError("nothing starts the jobs")

    def begin(self, http: HttpRequest, request_id: str) -> Answer:
        self.order.append(f"begin {http.path}")
        return Answer(HttpResponse(200, [], b""))

    def ready(self) -> None: ...

    def reset(self) -> None: ...


class NoStore:
    """A store that nothing is recorded in."""

    def append_events(self, events: list[Any]) -> None:
        raise AssertionError(events)


class Request:
    """A request, as scope, headers and protocol in one: its body comes when the test says so."""

    method, query_string, client, scheme = "POST", "", "127.0.0.1:1", "http"

    def __init__(self, path: str, told: Told, loop: asyncio.AbstractEventLoop) -> None:
        self.path = path
        self.told = told
        self.body = loop.create_future()

    @property
    def headers(self) -> "Request":
        self.told.order.append(f"come {self.path}")
        return self

    def items(self) -> list[tuple[str, str]]:
        return [("content-length", "1")]

    def __len__(self) -> int:
        return len(self.items())

    def __call__(self) -> asyncio.Future[bytes]:
        return self.body

    def response_bytes(self, *_: Any) -> None: ...


def play(steps: list[tuple[str, int]]) -> list[str]:
    """What happens in which order when requests come and bodies follow as `steps` say."""
    told = Told()

    async def run() -> None:
        edge: Any = Edge(told, NoStore(), Settings())  # type: ignore[arg-type]
        edge._loop = asyncio.get_running_loop()
        waiting: list[Request] = []
        calls: list[asyncio.Task[None]] = []
        for kind, which in steps:
            if kind == "come":
                request = Request(f"/{len(calls)}", told, edge._loop)
                calls.append(asyncio.create_task(edge.__rsgi__(request, request)))
                waiting.append(request)
            elif kind == "body" and waiting:
                waiting.pop(which % len(waiting)).body.set_result(b"x")
            else:
                await asyncio.sleep(0)
        for request in waiting:
            request.body.set_result(b"x")
        await asyncio.gather(*calls)

    asyncio.run(run())
    return told.order


def test_requests_that_had_come_share_one_look() -> None:
    order = play([("come", 0)] * 3 + [("turn", 0)])
    assert order == ["come /0", "come /1", "come /2", "refresh", "begin /0", "begin /1", "begin /2"]


@given(st.lists(st.tuples(st.sampled_from(["come", "body", "turn", "turn"]), st.integers(0, 5)), max_size=40))
def test_a_look_lies_between_each_request_and_its_decision(steps: list[tuple[str, int]]) -> None:
    order = play(steps)
    assert sum(line.startswith("begin") for line in order) == sum(kind == "come" for kind, _ in steps)
    for line in order:
        if line.startswith("begin"):
            path = line.removeprefix("begin ")
            assert "refresh" in order[order.index(f"come {path}") : order.index(line)]
