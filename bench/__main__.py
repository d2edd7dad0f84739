"""`make bench`, or `python -m bench`: all measurements, or those that are named."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from bench import (
    decision,
    families,
    functions,
    grants,
    identities,
    labour,
    memory,
    rate,
    scale,
    start,
)
from bench.servers import cores

MEASUREMENTS = (
    "rate",
    "memory",
    "start",
    "decision",
    "functions",
    "grants",
    "identities",
    "families",
    "labour",
    "scale",
)
QUIET = 0.5
"""The load average of a minute up to which nothing else counts as running."""


def main() -> None:
    """Parses the command line, measures, prints."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("which", nargs="*", metavar="|".join(MEASUREMENTS), help="all of them by default")
    parser.add_argument(
        "--mode", choices=("serve", "dev", "memory"), default="serve", help="the server's mode"
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each operation and server")
    parser.add_argument("--seconds", type=float, default=3.0, help="of one round")
    parser.add_argument("--keys", type=int, default=100_000, help="in the store, for memory")
    parser.add_argument("--grants", type=int, default=50_000, help="on a key, for grants")
    parser.add_argument("--users", type=int, default=10_000, help="in the store, for identities")
    parser.add_argument("--scale", type=int, default=1_000_000, help="keys in the larger store, for scale")
    parser.add_argument("--kept", type=Path, help="a directory that keeps the larger store, for scale")
    parser.add_argument("--json", type=Path, help="a file to write the figures to as well")
    arguments = parser.parse_args()
    which = arguments.which or list(MEASUREMENTS)
    if unknown := set(which) - set(MEASUREMENTS):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    if len(set(cores())) == 1:
        print(
            "one core only: server and load generator share it, and the rates are lower than they should be"
        )
    if (load := os.getloadavg()[0]) > QUIET:
        print(f"the machine is busy (load {load:.1f}): figures of a quiet one are better, ratios less even")

    figures: dict[str, Any] = {}
    if "rate" in which:
        figures["rate"] = rate.measure(arguments.mode, arguments.rounds, arguments.seconds)
    if "memory" in which:
        figures["memory"] = memory.measure(arguments.keys)
    if "start" in which:
        figures["start"] = start.measure(5)
    if "grants" in which:
        figures["grants"] = grants.measure(arguments.grants, arguments.rounds, arguments.seconds)
    if "identities" in which:
        figures["identities"] = identities.measure(arguments.users, arguments.rounds, arguments.seconds)
    if "scale" in which:
        figures["scale"] = scale.measure(arguments.scale, arguments.rounds, arguments.seconds, arguments.kept)
    if "families" in which:
        figures["families"] = families.measure(arguments.rounds, arguments.seconds)
    if "labour" in which:
        figures["labour"] = labour.measure(arguments.rounds, arguments.seconds)
    if "decision" in which:
        figures["decision"] = decision.measure(max(arguments.rounds, 9))
    if "functions" in which:
        figures["functions"] = functions.measure(max(arguments.rounds, 9))
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
