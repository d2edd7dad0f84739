"""The real edge around a service that tests steer by the request path; run it as a program.

    python fake_server.py PORT LOG [SETTING=JSON ...]

What happens is appended to LOG, one line each, so that tests can see what a client cannot.
"""

import functools
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from keystead.config import Settings
from keystead.model import AuditEvent
from keystead.server.serve import Worker, serve
from keystead.service.answer import Answer
from keystead.service.operation import Labour
from keystead.store.port import StoreError
from keystead.wire.http import HttpRequest, HttpResponse


@dataclass
class Log:
    path: str

    def write(self, line: str) -> None:
        with Path(self.path).open("a") as file:
            file.write(f"{line}\n")


class FakeStore:
    def __init__(self, log: Log) -> None:
        self.log = log
        self.broken = False

    def append_events(self, events: list[AuditEvent]) -> None:
        if any(event.account == "break" for event in events):
            raise StoreError("the disk is full")
        if any(event.account == "crash" for event in events):
            raise ZeroDivisionError("secret-in-an-exception")
        if any(event.account == "slow" for event in events):
            time.sleep(0.5)
        for event in events:
            self.log.write(f"stored {event.event_id}")

    def close(self) -> None:
        self.log.write("closed")


@dataclass
class FakeCall:
    http: HttpRequest
    request_id: str

    @property
    def inline(self) -> bool:
        return not self.http.path.startswith(("/thread", "/long"))

    @property
    def decided_first(self) -> bool:
        return self.labour is Labour.LONG

    @property
    def labour(self) -> Labour:
        return Labour.LONG if self.http.path.startswith("/long") else Labour.NONE

    @property
    def counts_against(self) -> str:
        """Of `/long/ACCOUNT/NAME`."""
        return self.http.path.split("/")[2]

    operation = SimpleNamespace(prepare=None, writes=False, slow=False)
    attested = False


def _answer(call: FakeCall, status: int, body: dict[str, object], account: str | None) -> Answer:
    event = None if account is None else AuditEvent(call.http.path, 0, account, "us-east-1", b"{}")
    return Answer(
        HttpResponse(status, [("x-amzn-requestid", call.request_id)], json.dumps(body).encode()), event
    )


class FakeService:
    def __init__(self, log: Log) -> None:
        self.log = log

    def refresh(self) -> None:
        pass

    def run_jobs(self) -> bool:
        return False

    def stop(self) -> None:
        self.log.write("stopped")

    def begin(self, http: HttpRequest, request_id: str) -> Answer | FakeCall:
        call = FakeCall(http, request_id)
        if http.path == "/refused":
            return _answer(call, 400, {"refused": True}, None)
        if http.path == "/crash":
            raise ZeroDivisionError("secret-in-an-exception")
        if http.path == "/store-error":
            raise StoreError("the disk is full")
        return call

    generation = 0

    def decide_again(self, _: FakeCall, __: int) -> None:
        return None

    def finish_if_quick(self, call: FakeCall) -> None:
        self.log.write(f"decided {call.http.path}")

    def went_through(self, _: FakeCall, __: Answer) -> None:
        return None

    def work(self, call: FakeCall) -> Answer:
        """Long work: it goes on until the test makes a file."""
        self.log.write(f"runs {call.http.path}")
        while not Path(self.log.path + ".go").exists():
            time.sleep(0.01)
        return _answer(call, 200, {}, "ok")

    def busy(self, call: FakeCall) -> Answer:
        self.log.write(f"busy {call.http.path}")
        return _answer(call, 400, {"busy": True}, "ok")

    def finish(self, call: FakeCall) -> Answer:
        http = call.http
        if http.path.startswith("/thread/hangs"):
            self.log.write(f"runs {http.path}")
            time.sleep(30)
        if http.path.startswith("/thread/slow"):
            self.log.write(f"runs {http.path}")
            time.sleep(1.0)
            self.log.write(f"done {http.path}")
        seen = {
            "method": http.method,
            "path": http.path,
            "query": http.query,
            "headers": dict(http.headers),
            "body": len(http.body),
            "client": http.client,
            "secure": http.secure,
        }
        account = {"/break": "break", "/crash-commit": "crash", "/slow-commit": "slow"}.get(http.path, "ok")
        return _answer(call, 200, seen, None if http.path.startswith("/thread") else account)

    def unrecorded(self, http: HttpRequest, request_id: str) -> HttpResponse:
        return HttpResponse(500, [("x-amzn-requestid", request_id)], b'{"__type":"InternalFailure"}')

    def reset(self) -> None:
        self.log.write("reset")

    def ready(self) -> None:
        if Path(self.log.path + ".unready").exists():
            raise StoreError("the database does not answer")


def build(path: str) -> tuple[FakeService, FakeStore]:
    log = Log(path)
    if Path(f"{path}.broken").exists():
        raise StoreError("the database is on another planet")
    log.write(f"worker {os.getpid()}")
    return FakeService(log), FakeStore(log)


def main() -> None:
    port, path, *overrides = sys.argv[1:]
    given = {name: json.loads(value) for name, _, value in (item.partition("=") for item in overrides)}
    development = given.pop("development", False)
    settings = Settings(port=int(port), insecure_http=True, **given)
    worker = Worker(functools.partial(build, path), settings, development=development)
    serve(worker, started=lambda: Log(path).write("started"))


if __name__ == "__main__":
    main()
