"""What a call costs among a million keys with two aliases each, and by one of 50,000 grants on one key."""

import json
import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from bench import workload
from bench.filled import Filled, kept_or_made, made
from bench.many_keys import ALIASES_EACH
from bench.rate import drive
from bench.servers import Server, keystead_serve, processor_seconds

FEW = 1_000
"""Keys of the smaller installation."""

AIM = 1.5
"""What a call may cost in terms of the same call among `FEW` keys."""

WARM = 256
"""Keys or aliases that are asked for again and again, so that all of them are in memory."""

ANY = 30_000
"""Keys that are asked for in turn: more than a worker keeps, where there are so many."""

WARM_UP_WITHIN = 60.0
"""Seconds for one answer to each request, before rounds are counted."""

WALK = 500
"""Pages from the beginning of a list to the one that is measured, at most."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The members of a request, and the ARN that its answer must have, if it is about one key."""

    members: Mapping[str, object]
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two installations while its server runs."""

    filled: Filled
    server: Server


class Round(NamedTuple):
    """How a round went: requests per second, and seconds of processor time a request."""

    rate: float
    processor: float


Rounds = tuple[list[Round], list[Round]]
"""Those among few keys and those among many."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what is called, and how.

    Attributes:
        operation: its name.
        how: what tells the line from others of the operation.
        asks: what is asked.
        by_grant: whether the grantee calls, not the owner.
        cold: whether a server that was just started answers each request once.
        bounded: whether `AIM` is claimed.
    """

    operation: str
    how: str
    asks: Callable[[Side, random.Random], Sequence[Ask]]
    by_grant: bool = False
    cold: bool = False
    bounded: bool = True


def measure(keys: int, rounds: int, seconds: float, kept: Path | None) -> dict[str, dict[str, float]]:
    """Runs and prints it; the larger installation is kept under `kept`, if that is given."""
    with tempfile.TemporaryDirectory(prefix="keystead-bench-") as directory:
        few = made(Path(directory, "few"), FEW, 1)
        many = kept_or_made(kept or Path(directory), keys)
        print(f"{'':<40}{'few/s':>9}{'many/s':>9}{'cost':>8}{'most':>8}{'processor':>11}")
        return {f"{line.operation}, {line.how}": compare(line, few, many, rounds, seconds) for line in LINES}


def compare(line: Line, few: Filled, many: Filled, rounds: int, seconds: float) -> dict[str, float]:
    """Medians of rates and of the costs of pairs, the worst of these, and the costs in processor time."""
    measured = (cold_rounds if line.cold else warm_rounds)(line, (few, many), rounds, seconds)
    pairs = list(zip(*measured, strict=True))
    costs = [less.rate / more.rate for less, more in pairs]
    figures = {
        "few": statistics.median(each.rate for each in measured[0]),
        "many": statistics.median(each.rate for each in measured[1]),
        "cost": statistics.median(costs),
        "most": max(costs),
        "processor": statistics.median(more.processor / less.processor for less, more in pairs),
    }
    print(
        f"{line.operation + ', ' + line.how:<40}{figures['few']:>9.0f}{figures['many']:>9.0f}"
        f"{figures['cost']:>8.2f}{figures['most']:>8.2f}{figures['processor']:>11.2f}"
        f"{'  more than it may be' if line.bounded and figures['cost'] > AIM else ''}",
        flush=True,
    )
    return figures


def warm_rounds(line: Line, both: tuple[Filled, Filled], rounds: int, seconds: float) -> Rounds:
    """Two servers answer the same requests again and again, in turns; who begins changes each time."""
    measured: Rounds = ([], [])
    with running(both[0]) as few, running(both[1]) as many:
        pairs = [
            (side, line.asks(side, chance(line, 0)), seen)
            for side, seen in zip((few, many), measured, strict=True)
        ]
        for side, asks, _ in pairs:
            drive(side.server, signed(line, side, asks), WARM_UP_WITHIN, warmup=0.0, once=True)
        for number in range(rounds):
            for side, asks, seen in pairs if number % 2 else reversed(pairs):
                seen.append(one_round(line, side, asks, seconds))
    return measured


def cold_rounds(line: Line, both: tuple[Filled, Filled], rounds: int, seconds: float) -> Rounds:
    """Each round begins with the server, and no request comes twice in it."""
    measured: Rounds = ([], [])
    for number in range(rounds):
        pairs = list(zip(both, measured, strict=True))
        for filled, seen in pairs if number % 2 else reversed(pairs):
            with running(filled) as side:
                seen.append(one_round(line, side, line.asks(side, chance(line, number)), seconds))
    return measured


@contextmanager
def running(filled: Filled) -> Iterator[Side]:
    """The installation while its server runs."""
    with keystead_serve(filled.installation) as server:
        yield Side(filled, server)


def chance(line: Line, number: int) -> random.Random:
    """What chooses the keys of a round: the same ones in every run."""
    return random.Random(f"{line.operation}, {line.how}, {number}")


def signed(line: Line, side: Side, asks: Sequence[Ask]) -> list[bytes]:
    """The requests, by the user whom the line wants."""
    credentials = side.filled.grantee if line.by_grant else side.filled.owner
    calls = [workload.Call(line.operation, {}, json.dumps(ask.members).encode(), None) for ask in asks]
    return workload.sign(calls, side.server, credentials)


def one_round(line: Line, side: Side, asks: Sequence[Ask], seconds: float) -> Round:
    """How it went; the answers that are sampled must mean what they should."""
    requests = signed(line, side, asks)
    pid = side.server.process.pid
    used = processor_seconds(pid)
    outcome = drive(side.server, requests, seconds, warmup=0.0, once=line.cold)
    used = processor_seconds(pid) - used
    for index, answer in outcome.samples:
        if not meant(asks[index], json.loads(answer)):
            raise SystemExit(f"{line.operation} answered {asks[index]} wrongly: {answer!r}")
    answers = len(outcome.latencies)
    if not answers:
        raise SystemExit(f"no answer to {line.operation} within a round: the machine is too busy")
    return Round(answers / outcome.elapsed, used / answers)


def meant(ask: Ask, answer: Mapping[str, Any]) -> bool:
    """Whether an answer is about the key that was asked for, or a full page."""
    if "Limit" in ask.members:
        return len(answer.get("Keys") or answer.get("Aliases") or ()) == ask.members["Limit"]
    told = answer["KeyMetadata"]["Arn"] if "KeyMetadata" in answer else answer["KeyId"]
    return bool(told == ask.arn if ask.arn else told)


def chosen(side: Side, by: random.Random, count: int) -> list[int]:
    """Numbers of different keys, at most `count` of them."""
    return by.sample(range(side.filled.keys.count), min(count, side.filled.keys.count))


def describe(count: int) -> Callable[[Side, random.Random], list[Ask]]:
    """Asks for so many keys by ARN."""

    def asks(side: Side, by: random.Random) -> list[Ask]:
        arns = [str(side.filled.keys.arn(number)) for number in chosen(side, by, count)]
        return [Ask({"KeyId": arn}, arn) for arn in arns]

    return asks


def encrypt(count: int) -> Callable[[Side, random.Random], list[Ask]]:
    """Encrypts by so many aliases, each of another key."""

    def asks(side: Side, by: random.Random) -> list[Ask]:
        keys = side.filled.keys
        plaintext = workload.text(b"a plaintext of thirty-two bytes!")
        return [
            Ask(
                {"KeyId": keys.alias(number, by.randrange(ALIASES_EACH)), "Plaintext": plaintext},
                str(keys.arn(number)),
            )
            for number in chosen(side, by, count)
        ]

    return asks


def page(operation: str, limit: int) -> Callable[[Side, random.Random], list[Ask]]:
    """Asks for one page after half of a list, or after `WALK` pages; they must come in order."""
    method, members, name = {
        "ListKeys": ("list_keys", "Keys", "KeyId"),
        "ListAliases": ("list_aliases", "Aliases", "AliasName"),
    }[operation]

    def asks(side: Side, _: random.Random) -> list[Ask]:
        owner = side.filled.owner
        kms = side.server.client("kms", owner.access_key, owner.secret_key)
        names: list[str] = []
        marker: dict[str, str] = {}
        for _page in range(min(WALK, side.filled.keys.count // limit // 2)):
            answer = getattr(kms, method)(Limit=limit, **marker)
            names += [each[name] for each in answer[members]]
            marker = {"Marker": answer["NextMarker"]}
        if names != sorted(set(names)):
            raise SystemExit(f"{operation} answered {len(names)} names, {len(set(names))} different")
        return [Ask({"Limit": limit, **marker})]

    return asks


def create(_side: Side, _by: random.Random) -> list[Ask]:
    """Makes keys."""
    return [Ask({"Description": "made by the bench"})]


def data_key(side: Side, _by: random.Random) -> list[Ask]:
    """Asks for data keys, each with another encryption context."""
    arn = str(side.filled.keys.arn(0))
    return [
        Ask({"KeyId": arn, "KeySpec": "AES_256", "EncryptionContext": context}, arn)
        for context in side.filled.contexts(WARM)
    ]


LINES = (
    Line("DescribeKey", f"{WARM} keys", describe(WARM)),
    Line("DescribeKey", "each key for the first time", describe(FEW), cold=True),
    Line("DescribeKey", "any key", describe(ANY), bounded=False),
    Line("Encrypt", f"{WARM} aliases", encrypt(WARM)),
    Line("Encrypt", "each alias for the first time", encrypt(FEW), cold=True),
    Line("Encrypt", "any alias", encrypt(ANY), bounded=False),
    Line("GenerateDataKey", "by one grant", data_key, by_grant=True),
    Line("ListKeys", "a page of 100", page("ListKeys", 100)),
    Line("ListKeys", "a page of 1000", page("ListKeys", 1000)),
    Line("ListAliases", "a page of 100", page("ListAliases", 100)),
    Line("CreateKey", "durable", create),
)
"""What makes keys comes last, when the smaller installation need not be small any more."""
