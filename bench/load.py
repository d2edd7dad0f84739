"""The load generator: a closed loop of ready-made HTTP/1.1 requests over keep-alive connections.

    python -m bench.load < plan > outcome

It runs in a process of its own, on a core of its own, and must be far cheaper than the server it drives,
so it is one epoll loop over bare sockets: one `recv`, one check and one `send` a request. It makes nothing
and signs nothing. The plan and the outcome are pickles, since the requests are bytes.

Every answer is checked: its status must be 200 and its body complete. An answer that is not ends the run.
"""

import pickle
import select
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

RECEIVE = 65536
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length: "


class BadAnswer(Exception):
    """The server did not answer 200, or hung up; the text is what it sent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send, and for how long.

    Attributes:
        port: on 127.0.0.1.
        requests: whole requests, sent in turn.
        connections: how many are open at once, each with one request under way.
        warmup: seconds that are not counted.
        seconds: seconds that are.
        once: whether to end when each request was answered once, if that is sooner.
        patience: seconds in which some answer must come.
    """

    port: int
    requests: Sequence[bytes]
    connections: int
    warmup: float
    seconds: float
    once: bool = False
    patience: float = 5.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back.

    Attributes:
        elapsed: seconds counted, to the last answer.
        latencies: seconds from `send` to the complete answer, one for each counted answer.
        samples: (index of the request, body of its answer), one for each connection.
        idle: the part of the time in which the generator waited for the server; near zero means that
            the generator, not the server, was the limit.
    """

    elapsed: float
    latencies: list[float]
    samples: list[tuple[int, bytes]]
    idle: float


@dataclass(slots=True)
class Connection:
    """One socket and the request under way on it."""

    socket: socket.socket
    started: float = 0.0
    request: int = 0
    received: bytes = field(default=b"")


def generate(plan: Plan) -> Outcome:
    """Runs the plan. Raises `BadAnswer` at the first answer that is not 200."""
    clock = time.perf_counter
    epoll = select.epoll()
    connections: dict[int, Connection] = {}
    requests, count = plan.requests, len(plan.requests)
    for _ in range(plan.connections):
        connection = Connection(socket.create_connection(("127.0.0.1", plan.port)))
        connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connections[connection.socket.fileno()] = connection
        epoll.register(connection.socket.fileno(), select.EPOLLIN)
    turn = 0
    for connection in connections.values():
        connection.request, connection.started = turn % count, clock()
        connection.socket.sendall(requests[turn % count])
        turn += 1

    latencies: list[float] = []
    idle = 0.0
    counted_from = clock() + plan.warmup
    until = counted_from + plan.seconds
    now = clock()
    last = count if plan.once else sys.maxsize
    while now < until and turn < last:
        before = now
        ready = epoll.poll(plan.patience)
        now = clock()
        if before >= counted_from:
            idle += now - before
        if not ready:
            raise BadAnswer(f"no answer in {plan.patience:g} seconds")
        for descriptor, _ in ready:
            connection = connections[descriptor]
            data = connection.socket.recv(RECEIVE)
            if connection.received or not complete(data):
                data = connection.received = connection.received + data
                if not complete(data):
                    continue
                connection.received = b""
            now = clock()
            if connection.started >= counted_from:
                latencies.append(now - connection.started)
            index = turn % count
            connection.request, connection.started = index, now
            connection.socket.send(requests[index])
            turn += 1
    elapsed = now - counted_from
    samples = [(c.request, body(drain(c))) for c in connections.values()]
    for connection in connections.values():
        connection.socket.close()
    epoll.close()
    return Outcome(elapsed, latencies, samples, idle / elapsed)


def complete(data: bytes) -> bool:
    """Whether `data` is one whole answer. Raises `BadAnswer` unless it begins like a good one."""
    if not data.startswith(b"HTTP/1.1 200 "):
        raise BadAnswer(data[:2000].decode(errors="replace") or "the server closed the connection")
    end = data.find(HEAD_END)
    if end < 0:
        return False
    at = data.find(LENGTH, 0, end)
    if at < 0:
        raise BadAnswer("an answer without content-length")
    start = at + len(LENGTH)
    return len(data) == end + 4 + int(data[start : data.find(b"\r", start)])


def drain(connection: Connection) -> bytes:
    """The answer to the request that is still under way."""
    data = connection.received
    while not data or not complete(data):
        more = connection.socket.recv(RECEIVE)
        if not more:
            raise BadAnswer("the server closed the connection")
        data += more
    return data


def body(answer: bytes) -> bytes:
    """The body of a whole answer."""
    return answer[answer.find(HEAD_END) + 4 :]


def main() -> None:
    """Reads a plan, writes its outcome; a bad answer is told on stderr."""
    plan = pickle.load(sys.stdin.buffer)
    try:
        outcome = generate(plan)
    except (BadAnswer, OSError) as error:
        sys.exit(f"load generator: {error}")
    pickle.dump(outcome, sys.stdout.buffer)


if __name__ == "__main__":
    # Pickles name a class by its module, and as a program this module is called __main__.
    from bench.load import main as main_by_name

    main_by_name()
