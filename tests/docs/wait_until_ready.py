"""python wait_until_ready.py PORT LOG: returns when a server on 127.0.0.1 is ready, with or without TLS.

Prints the server's log and fails if it is not within 20 seconds.
"""

import contextlib
import http.client
import ssl
import sys
import time
from pathlib import Path


def ready(port: int) -> bool:
    """Whether `/readyz` answers 200; any certificate will do."""
    anyone = ssl._create_unverified_context()
    for connection in (
        http.client.HTTPConnection("127.0.0.1", port, timeout=2),
        http.client.HTTPSConnection("127.0.0.1", port, timeout=2, context=anyone),
    ):
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return True
    return False


if __name__ == "__main__":
    until = time.monotonic() + 20
    while not ready(int(sys.argv[1])):
        if time.monotonic() > until:
            sys.exit(f"the server does not answer:\n{Path(sys.argv[2]).read_text()}")
        time.sleep(0.05)
