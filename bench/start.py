"""Time from the command to its first answer."""

import statistics
import tempfile
import time
from pathlib import Path

from bench.servers import keystead_dev


def measure(rounds: int) -> dict[str, float]:
    """Starts `keystead dev` on a new directory, then again and again on what is there, and prints seconds."""
    with tempfile.TemporaryDirectory(prefix="keystead-bench-") as directory:
        data = str(Path(directory) / "data")
        first, *again = [seconds_to_answer(data) for _ in range(rounds + 1)]
    figures = {"new": first, "again": statistics.median(again), "worst": max(again)}
    print(
        f"start to first answer: {first:.2f} s on a new data directory,"
        f" then {figures['again']:.2f} s (median of {rounds}, worst {figures['worst']:.2f} s)"
    )
    return figures


def seconds_to_answer(data: str) -> float:
    """One start, measured by `/readyz` answering 200, asked every 5 ms."""
    started = time.perf_counter()
    with keystead_dev(data):
        return time.perf_counter() - started
