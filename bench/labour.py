"""How long an Encrypt on one connection takes while others ask for what is slow: RSA keys, RSA signatures."""

import contextlib
import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from botocore.credentials import Credentials

from bench import workload
from bench.load import Outcome, Plan
from bench.rate import Series
from bench.servers import Server, initialise, keystead_serve

WARMUP = 1.0
PATIENCE = 120.0
"""Seconds: an RSA key behind others in the line takes its time."""


def measure(rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Runs and prints it. The server has all cores, as in production; so has the load."""
    figures: dict[str, dict[str, float]] = {}
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="keystead-bench-"))
        server = stack.enter_context(keystead_serve(initialise(Path(directory)), pinned=False))
        caller = workload.set_up(server)
        encrypts = workload.calls(server, caller)["Encrypt"]
        root = workload.Caller("root", Credentials(server.access_key_id, server.secret), "", 0)
        beside: dict[str, tuple[int, list[workload.Call]]] = {
            "nothing else": (0, []),
            "8 connections, CreateKey RSA_4096": (8, [new_rsa_key()]),
            "16 connections, Sign RSA_4096": (16, [signature(rsa_key(server))]),
        }
        print(f"one connection, {rounds} rounds of {seconds:g} s")
        print(f"{'Encrypt beside':<36}{'rate/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'p99.9 ms':>10}{'max ms':>9}")
        for name, (connections, others) in beside.items():
            figures[name] = latency(server, caller, encrypts, root, connections, others, rounds, seconds)
            told = figures[name]
            print(
                f"{name:<36}{told['rate']:>9.0f}{told['p50_ms']:>9.2f}{told['p99_ms']:>9.2f}"
                f"{told['p999_ms']:>10.2f}{told['max_ms']:>9.2f}",
                flush=True,
            )
    return figures


def latency(
    server: Server,
    caller: workload.Caller,
    encrypts: Sequence[workload.Call],
    root: workload.Caller,
    connections: int,
    others: Sequence[workload.Call],
    rounds: int,
    seconds: float,
) -> dict[str, float]:
    """Of Encrypt on one connection while `connections` more repeat `others`."""
    series = Series()
    for _ in range(rounds):
        requests = workload.sign(encrypts, server, caller.credentials)
        with repeating(
            server, workload.sign(others, server, root.credentials), connections, WARMUP + seconds
        ):
            outcome = finished(started(Plan(server.port, requests, 1, WARMUP, seconds, patience=PATIENCE)))
        workload.check(server, caller, encrypts, outcome.samples)
        series.add(outcome)
    return {
        "rate": series.rate,
        "p50_ms": series.quantile_ms(0.5),
        "p99_ms": series.quantile_ms(0.99),
        "p999_ms": series.quantile_ms(0.999),
        "max_ms": series.quantile_ms(1.0),
    }


@contextlib.contextmanager
def repeating(server: Server, requests: list[bytes], connections: int, seconds: float) -> Iterator[None]:
    """Others who send `requests` for so long; at the end their answers are awaited."""
    if not connections:
        yield
        return
    others = started(Plan(server.port, requests, connections, 0.0, seconds, patience=PATIENCE))
    yield
    finished(others)


def started(plan: Plan) -> "subprocess.Popen[bytes]":
    """A load generator at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(pickle.dumps(plan))
    process.stdin.close()
    process.stdin = None
    return process


def finished(process: "subprocess.Popen[bytes]") -> Outcome:
    """Its outcome; ends the bench if an answer was not 200."""
    printed, _ = process.communicate()
    if process.returncode:
        raise SystemExit(process.returncode)
    outcome: Outcome = pickle.loads(printed)
    return outcome


def rsa_key(server: Server) -> str:
    """The ARN of a new RSA key that signs."""
    made = server.client("kms").create_key(KeySpec="RSA_4096", KeyUsage="SIGN_VERIFY")
    return str(made["KeyMetadata"]["Arn"])


def new_rsa_key() -> workload.Call:
    """CreateKey of a key that takes a second or more to make."""
    asked = {"KeySpec": "RSA_4096", "KeyUsage": "SIGN_VERIFY"}
    return workload.Call("CreateKey", {}, json.dumps(asked).encode(), None)


def signature(key_arn: str) -> workload.Call:
    """Sign, some milliseconds of work."""
    asked = {
        "KeyId": key_arn,
        "SigningAlgorithm": "RSASSA_PSS_SHA_256",
        "Message": workload.text(b"the message to sign"),
    }
    return workload.Call("Sign", {}, json.dumps(asked).encode(), None)
