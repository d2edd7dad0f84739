"""Real servers for tests: `keystead` as a program on a free port, and real clients for it."""

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakSet

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.loaders import Loader
from hypothesis import settings

# No deadlines: how long an example takes is the machine's doing, and speed is for bench/.
settings.register_profile("keystead", deadline=None)
settings.load_profile("keystead")

BIN = Path(sys.executable).parent
ACCOUNT = "000000000000"
REGION = "us-east-1"
_MODELS = Loader()
"""The models of services, read once for all clients: a session of its own would read and keep them again."""
_START_LIMIT = 30.0
"""Seconds; a server starts in one or two, but test machines are busy."""


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a child process: nothing of the tester's AWS or Keystead settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KEYSTEAD_"))}
    return kept | {"AWS_EC2_METADATA_DISABLED": "true", "PATH": f"{BIN}{os.pathsep}{kept['PATH']}"} | more


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A server as a process group of its own.

    Attributes:
        command: the program and its arguments.
        directory: where it runs, and where `log` gets its output.
        credentials: access key id and secret, with temporary ones the session token too, that `client` and
            `aws` use unless told otherwise.
    """

    command: list[str]
    port: int
    directory: Path
    scheme: str = "http"
    host: str = "127.0.0.1"
    environment: dict[str, str] = field(default_factory=dict)
    credentials: tuple[str, ...] = ("test", "test")
    process: subprocess.Popen[bytes] | None = None
    start_seconds: float = 0.0
    _started: float = 0.0
    _clients: "WeakSet[Any]" = field(default_factory=WeakSet)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    def start(self) -> "Server":
        """Starts it and waits until it is ready."""
        self.spawn()
        self.wait_ready()
        return self

    def spawn(self) -> None:
        """Starts it without waiting."""
        assert self.process is None, "it runs already"
        started = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.directory,
                env=clean_environment(**self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started = started

    def wait_ready(self, trust: ssl.SSLContext | None = None) -> None:
        """Waits until it is ready; over TLS it must show a certificate that `trust` accepts."""
        assert self.process is not None
        while time.monotonic() - self._started < _START_LIMIT:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended at once:\n{self.log.read_text()}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5, context=trust):
                    self.start_seconds = time.monotonic() - self._started
                    return
            except urllib.error.HTTPError as error:
                error.close()
            except OSError:
                pass
            time.sleep(0.01)
        self.kill()
        raise AssertionError(f"the server is not ready:\n{self.log.read_text()}")

    def stop(self, timeout: float = 20) -> int:
        """Asks it to stop, as an operator would, and returns its exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process = None
        return code

    def kill(self) -> None:
        """`kill -9` to all its processes, as a crash of the machine's power supply would, if it runs."""
        for client in list(self._clients):
            client.close()
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def client(
        self,
        service: str = "kms",
        credentials: tuple[str, ...] | None = None,
        region: str = REGION,
        **options: Any,
    ) -> Any:
        """A boto3 client that tries once."""
        key, secret, *token = credentials or self.credentials
        settings = Config(
            retries={"total_max_attempts": 1},
            connect_timeout=5,
            read_timeout=30,
            ignore_configured_endpoint_urls=True,
        ).merge(options.pop("config", Config()))
        core = botocore.session.get_session()
        core.register_component("data_loader", _MODELS)
        session = boto3.session.Session(
            botocore_session=core,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token[0] if token else None,
            region_name=region,
        )
        client = session.client(service, endpoint_url=self.url, config=settings, **options)
        self._clients.add(client)
        return client

    def aws_environment(
        self, credentials: tuple[str, ...] | None = None, region: str = REGION
    ) -> dict[str, str]:
        """The environment with which the AWS CLI and shell commands reach this server."""
        key, secret, *token = credentials or self.credentials
        return clean_environment(
            **({"AWS_SESSION_TOKEN": token[0]} if token else {}),
            AWS_ACCESS_KEY_ID=key,
            AWS_SECRET_ACCESS_KEY=secret,
            AWS_REGION=region,
            AWS_DEFAULT_REGION=region,
            AWS_ENDPOINT_URL=self.url,
            AWS_MAX_ATTEMPTS="1",
            AWS_CONFIG_FILE=os.devnull,
            AWS_SHARED_CREDENTIALS_FILE=os.devnull,
            AWS_PAGER="",
        )

    def aws(
        self, *arguments: str, credentials: tuple[str, ...] | None = None, region: str = REGION
    ) -> subprocess.CompletedProcess[str]:
        """Runs the AWS CLI; the caller looks at the exit code."""
        return subprocess.run(
            ["aws", *arguments],
            cwd=self.directory,
            env=self.aws_environment(credentials, region),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def dev_server(directory: Path, *arguments: str, **environment: str) -> Server:
    """`keystead dev` in `directory`, not started yet."""
    port = free_port()
    command = [str(BIN / "keystead"), "dev", "--port", str(port), *arguments]
    return Server(command, port, directory, environment=environment)


@pytest.fixture(scope="session")
def shared_dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One `keystead dev` for all tests that leave alone what is not theirs. Never stop or reset it."""
    server = dev_server(tmp_path_factory.mktemp("shared"), "--data", ":memory:")
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture
def servers() -> Iterator[Callable[[Server], Server]]:
    """Takes servers that the test makes itself, and ends them with it."""
    made: list[Server] = []

    def keep(server: Server) -> Server:
        made.append(server)
        return server

    yield keep
    for server in made:
        server.kill()


@pytest.fixture
def dev(tmp_path: Path, servers: Callable[[Server], Server]) -> Server:
    """A `keystead dev` of the test's own, with its data in a directory; running."""
    return servers(dev_server(tmp_path)).start()


@pytest.fixture
def dev_memory(tmp_path: Path, servers: Callable[[Server], Server]) -> Server:
    """A `keystead dev` of the test's own that keeps nothing; running."""
    return servers(dev_server(tmp_path, "--data", ":memory:")).start()


@pytest.fixture
def kms(shared_dev: Server) -> Any:
    """A KMS client of the shared server's root user."""
    return shared_dev.client("kms")


@pytest.fixture
def iam(shared_dev: Server) -> Any:
    """An IAM client of the shared server's root user."""
    return shared_dev.client("iam")


@pytest.fixture
def sts(shared_dev: Server) -> Any:
    """An STS client of the shared server's root user."""
    return shared_dev.client("sts")
