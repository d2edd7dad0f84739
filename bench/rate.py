"""Requests per second and latency of three operations, each as a ratio to the bare server in the same run."""

import contextlib
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import workload
from bench.load import Outcome, Plan
from bench.servers import Server, bare, cores, initialise, keystead_dev, keystead_serve, on_core

CONNECTIONS = 32
WARMUP = 0.5


@dataclass(slots=True)
class Series:
    """The counted rounds of one server under one operation."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Takes a round in."""
        self.rates.append(len(outcome.latencies) / outcome.elapsed)
        self.latencies.extend(outcome.latencies)
        self.idle.append(outcome.idle)

    @property
    def rate(self) -> float:
        """Requests per second, the median round."""
        return statistics.median(self.rates)

    def quantile_ms(self, part: float) -> float:
        """The latency in milliseconds below which `part` of all answers came."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000


def measure(mode: str, rounds: int, seconds: float) -> dict[str, dict[str, float]]:
    """Runs and prints it. `mode` is `serve` (production), `dev`, or `memory` (`dev --data :memory:`)."""
    figures = {}
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keystead-bench-")))
        ours = stack.enter_context(server_in(mode, directory))
        yardstick, batch = stack.enter_context(bare()), stack.enter_context(bare("batch"))
        caller = workload.set_up(ours)
        print(f"{caller.user} by a key policy of {caller.policy_size} bytes, `keystead` in mode {mode},")
        print(
            f"{CONNECTIONS} connections, {rounds} rounds of {seconds:g} s, each after one of the bare server:"
        )
        print(
            f"{'':<16}{'bare/s':>9}{'ours/s':>9}{'ratio':>8}{'p50 ms':>9}{'p99 ms':>9}{'bare p99':>10}"
            f"{'batch/s':>9}{'ratio':>8}"
        )
        for operation, made in workload.calls(ours, caller).items():
            figures[operation] = compare(operation, made, ours, (yardstick, batch), caller, rounds, seconds)
    return figures


def server_in(mode: str, directory: Path) -> contextlib.AbstractContextManager[Server]:
    """The server that `mode` names, with its state under `directory`."""
    if mode == "serve":
        return keystead_serve(initialise(directory))
    return keystead_dev(":memory:" if mode == "memory" else str(directory / "data"))


def compare(
    operation: str,
    made: Sequence[workload.Call],
    ours: Server,
    yardsticks: tuple[Server, Server],
    caller: workload.Caller,
    rounds: int,
    seconds: float,
) -> dict[str, float]:
    """Bare, ours, bare, ours...: whatever drifts on the machine meets both alike.

    The second yardstick is the bare server in the batch class.
    """
    yardstick, batch = yardsticks
    bare_series, our_series, batch_series, ratios = Series(), Series(), Series(), []
    for _ in range(rounds):
        requests = workload.sign(made, ours, caller.credentials)
        bare_series.add(drive(yardstick, requests, seconds))
        outcome = drive(ours, requests, seconds)
        workload.check(ours, caller, made, outcome.samples)
        our_series.add(outcome)
        ratios.append(our_series.rates[-1] / bare_series.rates[-1])
        batch_series.add(drive(batch, requests, seconds))
    figures = {
        "bare": bare_series.rate,
        "ours": our_series.rate,
        "ratio": statistics.median(ratios),
        "p50_ms": our_series.quantile_ms(0.5),
        "p99_ms": our_series.quantile_ms(0.99),
        "bare_p99_ms": bare_series.quantile_ms(0.99),
        "batch": batch_series.rate,
        "batch_ratio": our_series.rate / batch_series.rate,
    }
    print(
        f"{operation:<16}{figures['bare']:>9.0f}{figures['ours']:>9.0f}{figures['ratio']:>8.2f}"
        f"{figures['p50_ms']:>9.2f}{figures['p99_ms']:>9.2f}{figures['bare_p99_ms']:>10.2f}"
        f"{figures['batch']:>9.0f}{figures['batch_ratio']:>8.2f}",
        flush=True,
    )
    if min(bare_series.idle) < 0.1:
        print("  the load generator was busy for over 90 % of a round: the bare rate may be its limit")
    return figures


def drive(
    server: Server, requests: list[bytes], seconds: float, *, warmup: float = WARMUP, once: bool = False
) -> Outcome:
    """One round in a load generator on the other core. Ends the bench if an answer is not 200.

    `once` as in `Plan`.
    """
    plan = Plan(server.port, requests, CONNECTIONS, warmup, seconds, once)
    with on_core(cores()[1]):
        done = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            input=pickle.dumps(plan),
            stdout=subprocess.PIPE,
            check=False,
        )
    if done.returncode:
        raise SystemExit(done.returncode)
    outcome: Outcome = pickle.loads(done.stdout)
    return outcome
