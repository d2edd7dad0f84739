"""A production installation on disk whose server can be killed, the whole process group at once."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config

KEYSTEAD = Path(sys.executable).with_name("keystead")
# The tester's own settings are not the server's, and neither is what sets this test.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KEYSTEAD_"))
}


class Installation:
    """Made by `keystead init`; `start` and `kill` may follow each other any number of times."""

    def __init__(self, directory: Path) -> None:
        self.data, self._root_key_file = directory / "data", directory / "root.key"
        self._log = directory / "server.log"
        self._session = botocore.session.Session()  # type: ignore[no-untyped-call]
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port: int = listener.getsockname()[1]
        command = [KEYSTEAD, "init", "--data", self.data, "--root-key-file", self._root_key_file]
        printed = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
        ).stdout
        self._credentials = re.findall(r"^ *AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)=(\S+)$", printed, re.M)
        assert len(self._credentials) == 2, printed
        self.account = re.findall(r"^Account: (\d{12})\b", printed, re.M)[0]

    def start(self, workers: int) -> None:
        """Starts the server in a process group of its own; returns when it is ready."""
        command = [KEYSTEAD, "serve", "--data", self.data, "--root-key-file", self._root_key_file]
        command += ["--port", str(self.port), "--workers", str(workers), "--insecure-http"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, env=ENVIRONMENT
            )
        until = time.monotonic() + 20
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise AssertionError(f"the server does not start:\n{self._log.read_text()[-4000:]}")
            time.sleep(0.01)

    def kill(self) -> None:
        """SIGKILL to every process of the server, at once."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def close(self) -> None:
        """Leaves no process behind."""
        if self._process is not None:
            self.kill()

    def client(self, service: str) -> Any:
        """A client with root's credentials that tries once."""
        return self._session.create_client(
            service,
            region_name="eu-central-1",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=self._credentials[0],
            aws_secret_access_key=self._credentials[1],
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=10),
        )

    def _ready(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 5) as connection,
        ):
            connection.sendall(b"GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200")
        return False
