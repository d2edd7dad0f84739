"""Starts the processes that serve, and stops them.

The parent process opens nothing: it listens for signals and watches its workers. Each worker is made by
`Worker`, a value that is handed over when the process starts, so that no secret passes through arguments
or the environment. Workers share the port and the store, and no state.
"""

import contextlib
import ctypes
import errno
import gc
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keystead.config import ConfigError, Settings
from keystead.server.loop import OURS, STOP_SIGNALS
from keystead.server.stopping import AT_ONCE
from keystead.store.port import Store, StoreError

if TYPE_CHECKING:
    from keystead.server.rsgi import Edge
    from keystead.service.service import Service

_SWITCH_INTERVAL = 0.001
"""Seconds a thread keeps the interpreter from others: the event loop must not wait 5 ms, the default."""

_PR_SET_PDEATHSIG = 1
"""linux/prctl.h"""

_ANNOUNCE_TRIES = 1000

_CLOSING = 10
"""Seconds for a worker to write and close after its calls have ended. One that takes longer is killed."""


@dataclass(frozen=True, slots=True)
class Worker:
    """How a worker process makes its application.

    Args:
        build: opens the store and makes the service; must be picklable, as must what it holds.
        settings: the settings in force.
        development: whether this is `keystead dev`.
    """

    build: Callable[[], "tuple[Service, Store]"]
    settings: Settings
    development: bool = False

    def __call__(self) -> "Edge":
        """The application, made in the worker's process."""
        from keystead.server.log import configure_log
        from keystead.server.rsgi import Edge

        _receive_stop_signals()
        stop_with_parent()
        forbid_core_dumps()
        configure_log(self.settings.log_level)
        sys.setswitchinterval(_SWITCH_INTERVAL)
        service, store = self._build()
        # What is loaded by now stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        return Edge(service, store, self.settings, development=self.development)

    def _build(self) -> "tuple[Service, Store]":
        """The parts; what an operator can mend ends this process with a sentence instead of a traceback."""
        from keystead.crypto.root_key import RootKeyRefused

        try:
            return self.build()
        except (ConfigError, RootKeyRefused, StoreError) as error:
            sys.stderr.write(f"keystead: {error}\n")
            raise SystemExit(1) from None


def serve(worker: Worker, *, started: Callable[[], None]) -> None:
    """Serves until a signal stops it; `started` is called, in a thread, once connections are accepted.

    Returns when every call in flight was answered and recorded, at the latest `stop_timeout` seconds after
    the signal, and at once at a second one. Raises `ConfigError` when the address cannot be used, and
    `SystemExit` when the workers keep failing.
    """
    settings = worker.settings
    address = check_address(settings.host, settings.port)
    check_certificate(settings)
    forbid_core_dumps()

    from granian.constants import HTTPModes, Interfaces, RuntimeModes, SSLProtocols
    from granian.http import HTTP1Settings
    from granian.server import Server

    class KeysteadServer(Server):  # type: ignore[misc, valid-type]  # which class it is depends on the build
        def startup(self, *arguments: object) -> None:
            super().startup(*arguments)
            threading.Thread(target=_announce, args=(address, settings.port, started), daemon=True).start()

        def _spawn_worker(self, *arguments: object, **options: object) -> object:
            made = super()._spawn_worker(*arguments, **options)
            made.start = _with_signals_blocked(made.start)
            return made

        def signal_handler_interrupt(self, *arguments: object, **options: object) -> None:
            if self.interrupt_signal:
                for made in self.wrks:
                    with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
                        if made.is_alive():
                            os.kill(made.inner.pid, AT_ONCE)
            super().signal_handler_interrupt(*arguments, **options)

    server = KeysteadServer(
        "keystead",
        address=address,
        port=settings.port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        loop=OURS,
        runtime_mode=RuntimeModes.st,
        http=HTTPModes.http1,
        websockets=False,
        backlog=max(1024, settings.connections),
        backpressure=settings.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=settings.header_timeout * 1000, max_buffer_size=settings.header_limit
        ),
        log_enabled=False,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
        ssl_protocol_min=SSLProtocols.tls12,
        # A store in memory dies with its worker; a new one would serve an empty store as if nothing had been.
        respawn_failed_workers=not settings.in_memory,
        workers_kill_timeout=settings.stop_timeout + _CLOSING,
    )
    server.serve(target_loader=worker, wrap_loader=False)


def _with_signals_blocked(start: Callable[[], None]) -> Callable[[], None]:
    """`start`, whose new process has the signals to stop it wait until `_receive_stop_signals`.

    Before that it has the parent's handlers, which would swallow them.
    """

    def start_blocked() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    return start_blocked


def _receive_stop_signals() -> None:
    """In a worker: a signal ends it at once until its event loop takes over. It serves nobody before."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def _announce(address: str, port: int, started: Callable[[], None]) -> None:
    for _ in range(_ANNOUNCE_TRIES):
        try:
            socket.create_connection((address, port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            started()
            return


def stop_with_parent() -> None:
    """Has the kernel stop this worker gracefully if its parent dies without doing so (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def forbid_core_dumps() -> None:
    """Keeps the memory of this process, which holds keys, out of core files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_address(host: str, port: int) -> str:
    """The IP address that `host` stands for, or `ConfigError` when this process cannot listen there.

    Granian shares its port between workers (SO_REUSEPORT), so that a second server on the same port would not
    fail but take half of the connections of the first.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise ConfigError(f"`{host}` is not an address or a name that this machine knows") from None
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            raise ConfigError(_describe(error, host, port)) from None
    return str(address[0])


def check_certificate(settings: Settings) -> None:
    """Raises `ConfigError` unless the settings' certificate and key, if any, can be served with."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return
    import ssl

    pair = f"`{settings.tls_certificate}` and `{settings.tls_key}`"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            settings.tls_certificate, settings.tls_key, ""
        )
    except ssl.SSLError:
        raise ConfigError(
            f"{pair} are not a certificate and its private key in PEM, without password, that fit each other"
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot read {pair}: {error.strerror}") from None


def _describe(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"port {port} on {host} is in use by another program; stop it or choose another with --port"
            )
        case errno.EACCES:
            return f"port {port} may not be used by this user; choose one above 1023 with --port"
        case errno.EADDRNOTAVAIL:
            return f"`{host}` is not an address of this machine"
        case _:
            return f"cannot listen on {host} port {port}: {error.strerror}"
