"""The yardstick: a Granian application that answers `{}` and does nothing else.

    python -m bench.bare PORT [batch]

It has the settings of Keystead's own server (uvloop, one worker, HTTP/1, single-threaded runtime), so
that the ratio of the two rates is what Keystead's work costs. `batch` puts it into the kernel's batch class
too, where Keystead's workers are under load (`keystead.server.turns`).
"""

import sys
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.server import Server

from keystead.server.turns import prefer_whole_turns

HEADERS = [("content-type", "application/x-amz-json-1.1")]


async def app(_scope: Any, protocol: Any) -> None:
    """Reads the body, as any server must, and answers."""
    await protocol()
    protocol.response_bytes(200, HEADERS, b"{}")


def main() -> None:
    """Serves on the port that the command line gives until a signal."""
    if sys.argv[2:] == ["batch"]:
        prefer_whole_turns()
    Server(
        "bench.bare:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.RSGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        runtime_mode=RuntimeModes.st,
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
