"""Any text as a policy gives a tree or findings, any request a decision, and both soon.

Mutates the documents and requests of `vectors/policy` at the level of bytes, tokens and trees, and adds bombs
of depth, size and wildcards. `tests/policy/test_fuzz.py` runs it for some seconds, `make fuzz` for an hour.
"""

import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from policy_cases import attach_all, make_request, read_cases
from reference.conditions import operators

from keystead.policy import (
    Allowed,
    AttachedPolicy,
    Caller,
    CallerKind,
    ExplicitlyDenied,
    Facts,
    ImplicitlyDenied,
    Malformed,
    Policy,
    PolicyKind,
    Request,
    authorize,
    explain,
    parse_policy,
    pretty,
    rewrite_principals,
    sentence,
)
from keystead.policy.explanation.refusal import NOT_BY_WEB_IDENTITY
from keystead.policy.language.json_reader import InvalidJson
from keystead.policy.language.statement import Effect

LIMIT = 0.05
"""Seconds of CPU time that an answer may take, the best of `TRIES`."""
TRIES = 10
"""Neighbours on the same processor make each try slower, by threes at times; the slow answer stays slow."""
TRACE_LIMIT = 0.2
"""The same for a trace, which compares what a decision need not look at, and which no call waits for."""

LARGEST = 131_072
"""Characters: what the KMS API's shape of a policy admits; longer texts are refused without being read."""

LONGEST = 8_192
"""Characters of one value of a request: the largest encryption context that KMS takes."""

Dice = random.Random


class Found(AssertionError):
    """Something that should not be: what, in which round, and the text to try it with."""


@dataclass
class Tally:
    """What a run has seen."""

    rounds: int = 0
    policies: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_of: str = ""

    def __str__(self) -> str:
        return (
            f"{self.rounds:,} texts, {self.policies:,} of them policies; decisions {dict(self.decisions)}; "
            f"the slowest answer took {self.slowest * 1000:.1f} ms of CPU time ({self.slowest_of})"
        )


def documents() -> list[str]:
    """Every document of the vectors, as text."""
    found: dict[str, None] = {}

    def gather(value: Any) -> None:
        if isinstance(value, dict):
            if "Statement" in value:
                found[json.dumps(value)] = None
            for inner in value.values():
                gather(inner)
        elif isinstance(value, list):
            for inner in value:
                gather(inner)

    for case in read_cases():
        gather(case.data)
    return list(found)


def requests() -> list[Request]:
    """Every request of the vectors that live decisions have."""
    return [make_request(case.data, (), case.id) for case in read_cases() if case.kind == "authorize"]


CORPUS, REQUESTS = documents(), requests()
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[][{}:,]|\s+|.', re.DOTALL)
NASTY = [
    "*",
    "?",
    "*" * 4_000,
    "?" * 4_000,
    "*a" * 2_000 + "b",
    "*a?" * 1_500 + "b",
    "*" + "?" * 3_000 + "b*",
    "*a*a*a*b",
    "${" * 2_000,
    "${a:b, '" * 500,
    "${aws:username}" * 300,
    "arn:" + ":" * 4_000,
    "arn:aws:kms:*:*:" + "*a" * 2_000,
    "arn:*:*:*:*:*",
    "1e999999999",
    "1e9999",
    "-1e-9999",
    "9" * 5_000,
    "0." + "0" * 250,
    "1" * 250 + "e9999",
    "2026-05-04T00:00:00." + "9" * 200 + "Z",
    "9999-12-31T23:59:59.999-23:59",
    "0001-01-01T00:00:00+23:59",
    "0.0.0.0/0",
    "::/0",
    "::ffff:0:0/96",
    "1:" * 4_000,
    "::" * 4_000,
    "0" * 4_000 + ".0.0.1",
    "1.2.3.4/" + "9" * 4_000,
    "Σ" * 3_000,
    "İ" * 3_000,
    "\U00010400Σ" * 1_500,
    "\U0010ffff" * 4_000,
    "e\u0301" * 3_000,
    "\ud800",
    "\x00",
    "\u2028",
    "a" * LONGEST,
    "ab" * (LONGEST // 2),
    "=" * 4_000,
    "YQ==" * 1_000,
    "true",
    "",
    " ",
]
NAMES = [
    "Statement", "Version", "Id", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction",
    "Resource", "NotResource", "Condition", "AWS", "Service", "Federated", "CanonicalUser", "StringLike",
    "ForAllValues:StringNotLikeIfExists", "ForAnyValue:ArnLike", "NumericEquals", "DateLessThan", "Bool",
    "BinaryEquals", "NotIpAddress", "Null", "aws:username", "kms:EncryptionContext:a", "aws:TagKeys", "",
]  # fmt: skip


def run(seconds: float, seed: int, tell: Callable[[str], None] = print) -> Tally:
    """Fuzzes for `seconds` of wall time; raises `Found` with what reproduces it."""
    tally = Tally()
    end = time.monotonic() + seconds
    told = time.monotonic()
    while time.monotonic() < end:
        dice = Dice(f"{seed}:{tally.rounds}")
        where = f"seed {seed}, round {tally.rounds}"
        one_round(dice, where, tally)
        tally.rounds += 1
        if time.monotonic() - told > 60:
            told = time.monotonic()
            tell(str(tally))
    return tally


def one_round(dice: Dice, where: str, tally: Tally) -> None:
    text = mutated(dice)
    kind = dice.choice(fitting(text) if dice.random() < 0.8 else list(PolicyKind))
    parsed = timed(lambda: parse_policy(text, kind), f"parse_policy, {kind}", where, text, tally)
    if isinstance(parsed, Malformed):
        check_findings(parsed, where, text)
    elif isinstance(parsed, Policy):
        tally.policies += 1
        for _ in range(3):
            decide(dice, parsed, where, text, tally)
    else:
        raise Found(f"{where}: parse_policy gave {parsed!r} for {text[:2000]!r}")
    if dice.random() < 0.1:
        for layout in (pretty, lambda given: rewrite_principals(given, str.upper)):
            timed(lambda layout=layout: or_none(layout, text), "layout", where, text, tally)


def fitting(text: str) -> list[PolicyKind]:
    """The kinds that the text may be of."""
    if "Principal" not in text:
        return [PolicyKind.IDENTITY, PolicyKind.SESSION, PolicyKind.SCP, PolicyKind.BOUNDARY]
    if "Resource" not in text:
        return [PolicyKind.TRUST, PolicyKind.KEY]
    return [PolicyKind.KEY, PolicyKind.RESOURCE, PolicyKind.ENDPOINT, PolicyKind.RCP]


def or_none(layout: Callable[[str], str], text: str) -> str | None:
    """The documented refusal of both layouts is `InvalidJson`."""
    try:
        return layout(text)
    except InvalidJson:
        return None


def decide(dice: Dice, policy: Policy, where: str, text: str, tally: Tally) -> None:
    """One request under the policy, in the layer of its kind."""
    request, facts = asked(dice), in_its_layer(AttachedPolicy(policy, "fuzzed"))
    decision = timed(lambda: authorize(request, facts), f"authorize {request!r}", where, text, tally)
    traced = timed(lambda: explain(request, facts), f"explain {request!r}", where, text, tally, TRACE_LIMIT)
    if traced.decision != decision:
        raise Found(f"{where}: explain says {traced.decision}, authorize {decision} for {text[:2000]!r}")
    match decision:
        case Allowed():
            tally.decisions["allow"] += 1
        case ExplicitlyDenied() | ImplicitlyDenied():
            tally.decisions["deny"] += 1
            begins = f"User: {request.caller.arn} is not authorized"
            if request.caller.kind is CallerKind.WEB_IDENTITY:
                begins = NOT_BY_WEB_IDENTITY
            if not sentence(request, decision).startswith(begins):
                raise Found(f"{where}: an odd sentence for {text[:2000]!r}")
        case _:
            raise Found(f"{where}: {decision!r} is no decision")
    if policy.kind is PolicyKind.IDENTITY and isinstance(decision, Allowed) and not allows_something(policy):
        raise Found(f"{where}: allowed by a policy without an Allow: {text[:2000]!r}")


def allows_something(policy: Policy) -> bool:
    return any(statement.effect is Effect.ALLOW for statement in policy.statements)


def check_findings(malformed: Malformed, where: str, text: str) -> None:
    """Findings are there, have a place in the text, and can be printed."""
    if not malformed.findings or len(malformed.findings) > 100:
        raise Found(f"{where}: {len(malformed.findings)} findings for {text[:2000]!r}")
    lines = text.count("\n") + text.count("\r") + 1
    for finding in malformed.findings:
        if not (1 <= finding.line <= lines and finding.column >= 0 and finding.code and finding.located):
            raise Found(f"{where}: {finding} for {text[:2000]!r}")


def timed(
    work: Callable[[], Any], what: str, where: str, text: str, tally: Tally, limit: float = LIMIT
) -> Any:
    """What `work` gives within `limit` seconds, or `Found`."""
    try:
        start = time.process_time()
        result = work()
        taken = time.process_time() - start
        for _ in range(TRIES - 1):
            if taken > limit:
                start = time.process_time()
                work()
                taken = min(taken, time.process_time() - start)
    except Exception as error:
        raise Found(f"{where}: {what[:3000]} raised {error!r} for {text[:2000]!r}") from error
    if limit == LIMIT and taken > tally.slowest:
        tally.slowest, tally.slowest_of = taken, f"{what.split()[0]}, {where}"
    if taken > limit:
        raise Found(
            f"{where}: {what[:3000]} took {taken * 1000:.0f} ms of CPU time for {len(text)} characters: "
            f"{text[:1000]!r}"
        )
    return result


# Requests.


def asked(dice: Dice) -> Request:
    """A recorded request, with other values in its context."""
    request = dice.choice(REQUESTS)
    context: dict[str, Any] = dict(request.context)
    for name in [*context, "aws:username", "kms:encryptioncontext:a"]:
        if dice.random() < 0.3:
            value = nasty(dice)
            context[name] = value if dice.random() < 0.6 else (value, nasty(dice))
    caller, resource = request.caller, request.resource
    if dice.random() < 0.1:
        resource = nasty(dice)
    if dice.random() < 0.1:
        caller = Caller(dice.choice(list(CallerKind)), nasty(dice), nasty(dice), nasty(dice), nasty(dice))
    action = nasty(dice) if dice.random() < 0.05 else request.action
    on_key = dice.random() < 0.5
    return Request(caller, action, resource, request.owner, on_key, dice.random() < 0.9, context, {})


def in_its_layer(attached: AttachedPolicy) -> Facts:
    """The policy where its kind belongs, and nothing in its way."""
    match attached.policy.kind:
        case PolicyKind.KEY:
            return Facts(key_policy=attached, identity=OPEN)
        case PolicyKind.TRUST | PolicyKind.RESOURCE:
            return Facts(resource_policy=attached, identity=OPEN)
        case PolicyKind.BOUNDARY:
            return Facts(identity=OPEN, boundary=attached)
        case PolicyKind.SESSION:
            return Facts(identity=OPEN, session=(attached,))
        case PolicyKind.SCP:
            return Facts(identity=OPEN, scps=((attached,),))
        case PolicyKind.RCP:
            return Facts(identity=OPEN, rcps=((attached,),))
        case PolicyKind.ENDPOINT:
            return Facts(identity=OPEN, endpoint=attached)
        case PolicyKind.IDENTITY:
            return Facts(identity=(attached,))


OPEN = attach_all([{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}], PolicyKind.IDENTITY)


def nasty(dice: Dice) -> str:
    """A text nobody expects, no longer than a request may hold."""
    text = dice.choice(NASTY)
    if dice.random() < 0.3:
        text = text + dice.choice(NASTY)
    return text[:LONGEST]


# Texts.


def mutated(dice: Dice) -> str:
    text = dice.choice(CORPUS)
    for _ in range(dice.choice([1, 1, 1, 2, 3, 8])):
        text = dice.choice(MUTATIONS)(text, dice)
        if len(text) > LARGEST and dice.random() < 0.9:
            text = text[:LARGEST]
    return text


def by_bytes(text: str, dice: Dice) -> str:
    raw = bytearray(text.encode("utf-8", "surrogatepass")[:LARGEST])
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(raw) + 1)
        match dice.randrange(4):
            case 0:
                raw[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                raw[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 5)))
            case 2:
                del raw[at : at + dice.randint(1, 20)]
            case _:
                other = dice.randrange(len(raw) + 1)
                raw[at:at] = raw[other : other + dice.randint(1, 200)]
    return raw.decode(dice.choice(["utf-8", "latin-1"]), "replace")


def by_tokens(text: str, dice: Dice) -> str:
    tokens = TOKEN.findall(text[:20_000])
    for _ in range(dice.randint(1, 5)):
        if not tokens:
            break
        at = dice.randrange(len(tokens))
        match dice.randrange(5):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, tokens[dice.randrange(len(tokens))])
            case 2:
                other = dice.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                tokens[at] = json.dumps(dice.choice(NASTY + NAMES), ensure_ascii=dice.random() < 0.5)
            case _:
                tokens[at] = dice.choice(
                    ["{}", "[]", "null", "-0", "1e999999999", "9" * 2000, "0.1", "true", '""']
                )
    return "".join(tokens)


def by_tree(text: str, dice: Dice) -> str:
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return text
    for _ in range(dice.randint(1, 3)):
        tree = changed(tree, dice)
    # A tree that holds itself a thousand times, three times over, would not fit into memory as a text.
    written, length = [], 0
    try:
        for piece in json.JSONEncoder(ensure_ascii=dice.random() < 0.5).iterencode(tree):
            written.append(piece)
            length += len(piece)
            if length > 2 * LARGEST:
                break
    except RecursionError:
        return text
    return "".join(written)


def changed(tree: Any, dice: Dice, depth: int = 0) -> Any:
    """The tree with one place changed, somewhere below."""
    if isinstance(tree, dict) and tree and dice.random() < 0.85 and depth < 12:
        name = dice.choice(list(tree))
        if dice.random() < 0.15:
            return {**tree, dice.choice(NAMES): tree[name]}
        if dice.random() < 0.05:
            return {other: value for other, value in tree.items() if other != name}
        return {**tree, name: changed(tree[name], dice, depth + 1)}
    if isinstance(tree, list) and tree and dice.random() < 0.8:
        at = dice.randrange(len(tree))
        if dice.random() < 0.1:
            return tree * dice.choice([2, 10, 100])
        return [*tree[:at], changed(tree[at], dice, depth + 1), *tree[at + 1 :]]
    match dice.randrange(6):
        case 0:
            return dice.choice([None, True, 0, -1, 1.5, 10**30, [], {}, [[]], "", "*"])
        case 1:
            return [tree] * dice.choice([1, 2, 1000])
        case 2:
            return {dice.choice(NAMES): tree}
        case 3:
            return [dice.choice(NASTY) for _ in range(dice.choice([1, 3, 30]))]
        case _:
            return dice.choice(NASTY)


def by_bomb(text: str, dice: Dice) -> str:
    """Deep, long, or with many of something."""
    many = dice.choice([10, 33, 1_000, 10_000, 30_000])
    start = '{"Version":"2012-10-17","Statement":'
    allow = '{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}'
    opened = '{"Effect":"Allow","Action":"*","Resource":"*","Condition":'
    star = json.dumps(dice.choice(NASTY))
    match dice.randrange(14):
        case 0:
            return "[" * many + "]" * many
        case 1:
            return '{"a":' * many + "1" + "}" * many
        case 2:
            return start + "[" + ",".join([allow] * min(many, 3_000)) + "]}"
        case 3:
            return start + "[" + ",".join(["{}"] * many) + "]}"
        case 4:
            return start + "[" + ",".join(["1"] * many) + "]}"
        case 5:
            pairs = ",".join(f'"a:{number}":""' for number in range(min(many, 12_000)))
            return start + opened + '{"StringEquals":{' + pairs + "}}}}"
        case 6:
            return (
                start
                + opened
                + '{"StringLike":{"aws:username":['
                + ",".join([star] * min(many, 1_000))
                + "]}}}}"
            )
        case 7:
            values = ",".join(f'"*{chr(97 + number % 26)}*b{number}*"' for number in range(min(many, 9_000)))
            return start + opened + '{"StringNotLike":{"aws:username":[' + values + "]}}}}"
        case 8:
            actions = ",".join(f'"kms:*{number}*a?b*"' for number in range(min(many, 6_000)))
            return start + '{"Effect":"Allow","Principal":"*","Resource":"*","Action":[' + actions + "]}}"
        case 9:
            names = ",".join(
                f'"arn:aws:iam::111111111111:user/u{number}"' for number in range(min(many, 2_500))
            )
            return (
                start + '{"Effect":"Allow","Principal":{"AWS":[' + names + ']},"Action":"*","Resource":"*"}}'
            )
        case 10:
            return '"' + "\\u0041" * many + '"'
        case 11:
            return " \n" * many + text
        case 12:
            values = ",".join(['"${aws:username}*"'] * min(many, 6_000))
            return (
                start
                + opened
                + '{"ArnNotLike":{"kms:EncryptionContext:a":["arn:a:b:c:d:*",'
                + values
                + "]}}}}"
            )
        case _:
            numbers = ",".join(["1e9999"] * many)
            return start + opened + '{"NumericLessThan":{"aws:username":[' + numbers + "]}}}}"


def by_grammar(text: str, dice: Dice) -> str:
    """What a policy may say, said with texts nobody expects."""
    try:
        tree = json.loads(text)
        statements = tree["Statement"] if isinstance(tree["Statement"], list) else [tree["Statement"]]
        statement = dice.choice(statements)
        match dice.randrange(5):
            case 0:
                statement.pop("NotAction", None)
                statement["Action"] = [f"kms:{pattern(dice)}" for _ in range(dice.choice([1, 3, 20]))]
            case 1:
                element = "NotResource" if dice.random() < 0.3 else "Resource"
                statement.pop("Resource", statement.pop("NotResource", None))
                statement[element] = [
                    f"arn:aws:kms:*:*:{pattern(dice)}" for _ in range(dice.choice([1, 3, 20]))
                ]
            case _:
                operator = dice.choice(STORED)
                arn = "arn:*:*:*:*:" if "Arn" in operator else ""
                operands = [arn + pattern(dice) for _ in range(dice.choice([1, 3, 30]))]
                key = dice.choice(
                    ["aws:username", "kms:EncryptionContext:a", "aws:TagKeys", "aws:RequestTag/a"]
                )
                statement.setdefault("Condition", {})[operator] = {key: operands}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return text
    return json.dumps(tree, ensure_ascii=dice.random() < 0.5)


STORED = [
    operator for operator in operators() if "String" in operator or "Arn" in operator or "Bool" in operator
]


def pattern(dice: Dice) -> str:
    return dice.choice(NASTY).replace("\ud800", "") + dice.choice(["", "", "*", "b*", "?", "*a?*"])


MUTATIONS = [by_bytes, by_tokens, by_tokens, by_tree, by_tree, by_bomb, *[by_grammar] * 6]
