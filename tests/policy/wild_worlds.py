"""Worlds that nobody should write: odd operators over odd values, ill-typed and far from ASCII.

A world is of a mood: what its requests hold and what its operands say come from few texts that nearly match,
so that most cases hang on a detail.
"""
# ruff: noqa: RUF001 - letters that look alike are what some of these cases are about

from dataclasses import dataclass
from typing import Any

from reference.conditions import operators, well_typed
from tame_worlds import tame_request
from worlds import (
    ANN,
    APP,
    BOB,
    FRED,
    KEY,
    OTHER_KEY,
    PRINCIPALS,
    ROLE,
    SERVICE,
    SESSION,
    A,
    Dice,
    Json,
    World,
    multi,
    one,
    one_or_list,
    rcp_level,
    root,
    single,
    some,
    user,
)

VARIABLES = [
    "${aws:PrincipalTag/Team}",
    "${AWS:principaltag/team}",
    "${no:such}",
    "${no:such, 'team'}",
    "${ no:such ,'te*m' }",
    "${no:such, ''}",
    "${aws:TagKeys}",
    "${aws:TagKeys, 'team'}",
    "te${*}m",
    "te${?}m",
    "${$}{a}",
    "${aws:username}*",
    "x${aws:username}y",
    "${a${aws:username}}",
    "$${aws:username}",
    "${",
    "${}",
    "${a, b}",
    "${aws:username",
    "${no:such, 'it''s'}",
]
ARN_VARIABLES = ["${x:Arn}", "${x:String}", "${no:such}", "${aws:TagKeys}", "arn:aws:s3:::b/${aws:username}"]
ARN_VARIABLES += ["arn:aws:iam::${aws:PrincipalAccount}:role/*", "${no:such, 'arn:aws:s3:::b/*'}"]
NO_VARIABLES = {
    "te${*}m",
    "te${?}m",
    "${$}{a}",
    "${",
    "${}",
    "${a, b}",
    "${aws:username",
    "${no:such, 'it''s'}",
}


@dataclass(frozen=True)
class Mood:
    """Texts of one family: in requests, in operands, and such as neither should hold."""

    values: list[str]
    operands: list[str]
    wrong: list[str]


def alike(values: list[str], more: list[str] | None = None, wrong: list[str] | None = None) -> Mood:
    return Mood(values, values + (more or []), wrong or ["", "7", "true"])


NO_NUMBERS = ["NaN", "Infinity", "one", "", " 1", "1 ", "0x1", "1_0", "٣", "1e", "+-1", "."]
NO_DATES = ["not-a-date", "2026-13-01", "2026-02-30", "2026-05-04T24:00Z", "2026-5-4", "2026-05-04 00:00"]
NO_DATES += ["T00:00Z", "2026-05-04T00:00+99:99", "0000", "2026-05-04T", "2026-05-04T00Z", "2026T00:00Z"]
NO_DATES += ["2026-05-04T00:00:60Z", "2026-05-04T00:00:00.Z", "2026-05-04T0:00Z", "2026-05-04t00:00z"]
NO_ADDRESSES = [
    "192.0.513",
    "3221225985",
    "192.0.2.256",
    "::192.0.2.1",
    "2001:db8::192.0.2.1",
    "192.0.2.1/32",
]
NO_ADDRESSES += [
    "1:2:3:4:5:6:7:8:9",
    ":::",
    "1::2::3",
    "::::1",
    "12345::",
    "192.0.2.1.5",
    ":1",
    "fe80::1%eth0",
]
NO_NETWORKS = ["192.0.2.0/33", "2001:db8::1/32", "2001:db8::/129", "::ffff:192.0.2.0/120", "2001:db8::1/0"]
NO_NETWORKS += [
    "192.0.2.0/",
    "192.0.2.0/-1",
    "192.0.2.0/2 4",
    "/24",
    "::ffff:c000:200/120",
    "::ffff:c000:201",
]
NO_ARNS = [
    "not-an-arn",
    "arn:aws:iam",
    "*",
    "arn:*",
    "urn:aws:iam::1:x",
    "ARN:aws:iam::1:x",
    "",
    "a*:a:b:c:d:e",
]
ARNS = [KEY, OTHER_KEY, ROLE, SESSION, user("ann")]
PATHS = [
    "arn:aws:s3:::b/a:b/c",
    "arn:::::",
    "arn:aws:s3:::b/😀",
    "arn:aws:s3:::b/a\nb",
    "arn:aws:s3:::b/team",
]

MOODS: dict[str, list[Mood]] = {
    "String": [
        alike(
            ["team", "Team", "TEAM", "tem", "te*m", "te?m"],
            ["te?m", "t*m", "te*em", "t?*?m", "t*e*em", "?*?", "*", "te**m"],
        ),
        alike(["a/b:c\nd", "a/b", "a\nb", "a:b"], ["a?b*", "a*d", "a?b", "[a-z]*", "a\\*"]),
        alike(["ΟΣ", "ος", "οσ", "Σ", "σ", "ς", "aΣ\U0001d7d8b", "\U00010400Σ", "\U00010400ς"]),
        alike(["ß", "ẞ", "SS", "ss", "K", "k", "K", "ſ", "s", "S"]),
        alike(["İ", "i\u0307", "i", "I", "ı", "é", "e\u0301", "É"]),
        alike(
            ["😀", "x😀y", "xay", "\U00010400", "\U00010428", "\U00010400\U00010428"],
            ["x??y", "x?y", "??", "?"],
        ),
        Mood(
            ["team", "te*m", "te?m", "teXm", "xteamy", "$team", "${a"],
            [*VARIABLES, "te*m", "team"],
            ["", "${"],
        ),
    ],
    "Numeric": [
        alike(["1", "01", "+1", "1.", "1.0", "1e0", "10e-1", "0.5", "2", "-1"], wrong=NO_NUMBERS),
        alike(
            ["9007199254740993", "9007199254740992", "9007199254740992.5", "-0", "0", ".5"], wrong=NO_NUMBERS
        ),
    ],
    "Date": [
        alike(
            [
                "2026-05-04",
                "2026-05-04T00:00Z",
                "2026-05-04T02:00:00+02:00",
                "2026-05-03T22:00:00-0200",
                "2026-05-04T00:00:00.0009Z",
                "2026-05-04T00:00:00.001Z",
                "2026-05-03T23:59:59.9999",
                "1777852800",
                "+1777852800",
                "1777852800.0005",
                "1.7778528e9",
            ],
            wrong=NO_DATES,
        ),
        alike(
            ["2026-05", "2026", "2026-01-01", "0", "-1", "1969-12-31T23:59:59.9991Z", "1e30"], wrong=NO_DATES
        ),
    ],
    "Bool": [alike(["true", "True", "TRUE", "false", "FALSE", "yes", " true ", "", "1", "tru\u0435"])],
    "Binary": [
        alike(["YQ==", "YWI=", "YWJj", "", "//8="], wrong=["YQ", "YR==", "YQ==\n", "Y Q==", "-_8=", "é"])
    ],
    "Ip": [
        Mood(
            [
                "192.0.2.1",
                "192.000.002.1",
                "::ffff:192.0.2.1",
                "::ffff:c000:201",
                "192.0.3.1",
                "0:0:0:0:0:ffff:192.0.2.1",
                "255.255.255.255",
            ],
            [
                "192.0.2.0/24",
                "192.0.2.5/24",
                "192.000.002.0/024",
                "192.0.2.0/+24",
                "0.0.0.0/0",
                "192.0.2.1",
                "::/0",
                "192.0.2.1/32",
                "192.0.2.0/31",
                "192.0.2.2/31",
            ],
            NO_ADDRESSES + NO_NETWORKS,
        ),
        Mood(
            ["2001:db8::1", "2001:db8:::1", "2001:DB8:0:0:0:0:0:1", "2001:db9::1", "::", "1:2:3:4:5:6:7::"],
            [
                "2001:db8::/32",
                "2001:db8::1",
                "::/0",
                "2001:db8::1/128",
                "2001:db8::1/32",
                "2001:db8:::1/128",
                "::/96",
                "0.0.0.0/0",
            ],
            NO_ADDRESSES + NO_NETWORKS,
        ),
    ],
    "Arn": [
        Mood(
            ARNS,
            [
                "arn:aws:kms:*:*:key/*",
                "arn:*:kms:*:*:*",
                f"arn:aws:iam::{A}:*",
                f"arn:aws:iam::{A}:role/te?m/*",
                "arn:*:*:*:*:*",
                "arn:??s:i*::*:user/*",
                "arn:aws:iam:*:*",
                *ARNS,
            ],
            NO_ARNS,
        ),
        Mood(
            PATHS,
            [*PATHS, "arn:aws:s3:::b/??", "arn:aws:s3:::b/?", "arn:aws:s3:::b/a?b", "arn:*:b/*"],
            NO_ARNS,
        ),
        Mood([*ARNS, *PATHS], ARN_VARIABLES, NO_ARNS),
    ],
    "Null": [Mood(["team", ""], ["true", "True", "false", "yes"], ["", "1"])],
}
SINGLE_KEYS = {"String": ["x:String", "aws:PrincipalTag/Team", "aws:username", "kms:EncryptionContext:A"]}
SINGLE_KEYS |= {family: [f"x:{family}"] for family in MOODS if family != "String"}
MULTI_KEYS = {family: [f"x:{family}s"] for family in MOODS} | {
    "String": ["aws:TagKeys", "kms:ResourceAliases"]
}
SINGLE_KEYS["Null"].append("aws:ResourceTag/t")
OPERATORS: dict[str, list[str]] = {family: [] for family in MOODS}
for _operator in operators():
    _base = _operator.rpartition(":")[2]
    OPERATORS[next(family for family in MOODS if family in _base)].append(_operator)

WILD_ACTIONS = ["*", "kms:*", "kms:Encrypt", "KMS:eNC*", "kms:?ncrypt", "kms:*t", "kms:De*?t", "kms:", "s3:*"]
WILD_ACTIONS += [
    "kms:Encrypt*",
    "kms:*Encrypt",
    "kms:????????",
    "kms:*c*y*",
    "kms:Encrypt\n",
    "kms:𐐀",
    "kms:**",
]
WILD_RESOURCES = [
    "*",
    KEY,
    OTHER_KEY,
    "arn:aws:kms:*:*:key/*",
    "arn:*:*:*:*:*",
    "arn:aws:iam:*:*:*",
    "arn:aws:kms:*:key/*:*",
    f"arn:aws:kms:us-east-1:{A}:key/*",
    f"arn:aws:kms:us-east-1:{A}:k*y/*",
    "arn:aws:kms:us-????-1:*:key/1234*ab",
    f"arn:aws:kms:us-east-1:{A}:${{x:Resource}}/*",
    f"arn:aws:kms:us-east-1:{A}:${{no:such, 'key'}}/*",
    f"arn:aws:kms:us-east-1:{A}:${{no:such}}",
    f"arn:aws:kms:us-east-1:{A}:${{aws:TagKeys}}",
    "arn:aws:kms:${x:Region}:*:*",
    f"arn:aws:kms:us-east-1:{A}:key/*${{*}}",
    f"arn:aws:kms:us-east-1:{A}:${{x:Resource}}*",
]


def wild(dice: Dice, requests: int = 10) -> World:
    """A world of policies that nobody should write."""
    maker = Wild(dice, {family: dice.choice(moods) for family, moods in MOODS.items()})
    policies = maker.crowd() if one(dice, 0.3) else maker.one_document()
    return World(policies, [], [maker.request(policies) for _ in range(requests)])


@dataclass
class Wild:
    """Makes the parts of one wild world."""

    dice: Dice
    moods: dict[str, Mood]

    def one_document(self) -> Json:
        """Everything is open but one document with one odd statement, so that the statement decides."""
        opening = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        policies: Json = {
            "key_policy": {"Version": "2012-10-17", "Statement": opening | {"Principal": {"AWS": root(A)}}},
            "identity": [{"Version": "2012-10-17", "Statement": opening}],
        }
        kind = self.dice.choice(
            ["session", "session", "session", "identity", "key_policy", "boundary", "endpoint", "scp"]
        )
        odd = self.statement(
            kind, "2012-10-17" if kind == "scp" else self.dice.choice(["2012-10-17", "2008-10-17"])
        )
        version = odd.pop("Version")
        statements = [odd]
        if odd["Effect"] == "Deny" or one(self.dice, 0.1):
            statements.insert(0, opening | ({"Principal": {"AWS": root(A)}} if "key" in kind else {}))
            if kind == "endpoint":
                statements[0]["Principal"] = "*"
        made = {"Version": version, "Statement": one_or_list(self.dice, statements)}
        policies[kind] = [[made]] if kind == "scp" else made if kind in ("key_policy", "endpoint") else [made]
        return policies

    def crowd(self) -> Json:
        """Odd statements in many layers."""
        policies: Json = {
            "key_policy": self.document("key_policy"),
            "identity": [self.document("identity") for _ in range(self.dice.randint(1, 2))],
        }
        for kind, chance in (("boundary", 0.3), ("session", 0.5)):
            if one(self.dice, chance):
                policies[kind] = [self.document(kind)]
        if one(self.dice, 0.2):
            policies["scp"] = [[self.document("scp")] for _ in range(self.dice.randint(1, 2))]
        if one(self.dice, 0.2):
            made: Json = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:*"} | self.resources()
            policies["rcp"] = [rcp_level(self.dice, [made | {"Condition": self.block("rcp", "2008-10-17")}])]
        if one(self.dice, 0.2):
            policies["endpoint"] = self.document("endpoint")
        return policies

    def document(self, kind: str) -> Json:
        version = (
            "2012-10-17" if kind == "scp" else self.dice.choice(["2012-10-17", "2012-10-17", "2008-10-17"])
        )
        statements = [self.statement(kind, version) for _ in range(self.dice.randint(1, 2))]
        for made in statements:
            del made["Version"]
        if one(self.dice, 0.85):
            opening: Json = {"Effect": "Allow", "Action": "*", "Resource": "*"}
            whom: Json = {"key_policy": {"Principal": {"AWS": root(A)}}, "endpoint": {"Principal": "*"}}.get(
                kind, {}
            )
            statements.insert(0, opening | whom)
        if one(self.dice, 0.1):
            statements.append(self.dice.choice(statements))
        return {"Version": version, "Statement": one_or_list(self.dice, statements)}

    def statement(self, kind: str, version: str) -> Json:
        deny = one(self.dice, 0.4)
        made: Json = {
            "Effect": "Deny" if deny else "Allow",
            "Version": version,
            "Action": "*",
            "Resource": "*",
        }
        odd = self.dice.choice(["Action", "Resource", "Resource", "Principal", *["Condition"] * 6])
        if odd == "Action" or one(self.dice, 0.1):
            del made["Action"]
            element = self.dice.choice(["Action", "Action", "NotAction"])
            made[element] = one_or_list(self.dice, some(self.dice, WILD_ACTIONS, 3))
        if odd == "Resource" or one(self.dice, 0.1):
            del made["Resource"]
            made |= self.resources()
        if kind in ("key_policy", "endpoint"):
            narrow = odd == "Principal" or one(self.dice, 0.1)
            excluded = deny and narrow and one(self.dice, 0.5)
            made["NotPrincipal" if excluded else "Principal"] = self.principals() if narrow else {"AWS": "*"}
        if odd == "Condition" or one(self.dice, 0.2):
            made["Condition"] = self.block(kind, version)
        return made

    def principals(self) -> Any:
        entries = {
            "AWS": one_or_list(self.dice, some(self.dice, [*PRINCIPALS, "*", root(A), SESSION, ROLE], 5))
        }
        return entries | (
            {"Service": SERVICE, "Federated": "accounts.example.com"} if one(self.dice, 0.2) else {}
        )

    def resources(self) -> Json:
        element = self.dice.choice(["Resource", "Resource", "NotResource"])
        return {element: one_or_list(self.dice, some(self.dice, WILD_RESOURCES, 3))}

    def block(self, kind: str, version: str) -> Json:
        block: Json = {}
        for _ in range(self.dice.choice([1, 1, 1, 2])):
            family = self.dice.choice(["String", "String", *MOODS])
            operator = self.dice.choice(OPERATORS[family])
            pairs = {}
            for _ in range(self.dice.choice([1, 1, 1, 2])):
                of = family if one(self.dice, 0.9) else self.dice.choice(list(MOODS))
                keys = (
                    MULTI_KEYS if one(self.dice, 0.5 if operator.startswith("For") else 0.15) else SINGLE_KEYS
                )
                key = self.dice.choice(keys[of])
                if kind == "key_policy" and operator.startswith("ForAllValues:") and "Context:" in key:
                    key = "x:String"  # refused there
                key = key.upper() if one(self.dice, 0.1) else key
                pairs[key] = self.operands(kind, version, operator, family)
            block[operator] = pairs
        return block

    def operands(self, kind: str, version: str, operator: str, family: str) -> Any:
        mood = self.moods[family]
        base = operator.rpartition(":")[2].removesuffix("IfExists")
        made: list[Any] = []
        for _ in range(self.dice.choice([1, 1, 2, 3])):
            operand = self.dice.choice(mood.wrong if one(self.dice, 0.15) else mood.operands)
            # A session policy may hold operands of the wrong type, base64 apart; others where a variable
            # stands for them.
            variable = family == "Arn" and version == "2012-10-17" and "${" in operand
            typed = family == "Binary" or kind != "session"
            if typed and not variable and not well_typed(base, operand):
                operand = next(text for text in [*mood.operands, *mood.values] if well_typed(base, text))
            made.append(operand)
        if family == "Bool" and one(self.dice, 0.2):
            made.append(one(self.dice, 0.5))
        if family == "Numeric" and one(self.dice, 0.2):
            made.append(self.dice.choice([0, 1, -1, 9007199254740993]))
        return one_or_list(self.dice, made)

    def request(self, policies: Json) -> Json:
        request = tame_request(self.dice)
        if one(self.dice, 0.8):
            request["principal"] = self.dice.choice([APP, FRED] if "session" in policies else [ANN, APP, BOB])
            request["resource"] = {"arn": KEY, "account": A}
        if one(self.dice, 0.8):
            request["action"] = "kms:Encrypt"
            request.setdefault("encryption_context", {})
            request["cross_account"] = True
        context: Json = {"x:Resource": single("key"), "x:Region": single("us-east-1")}
        for family in MOODS:
            for key in SINGLE_KEYS[family]:
                if one(self.dice, 0.85):
                    context[key] = single(self.value(family))
            for key in MULTI_KEYS[family]:
                if one(self.dice, 0.75):
                    values = [self.value(family) for _ in range(self.dice.choice([0, 1, 1, 2, 3]))]
                    context[key] = multi(values)
        context["aws:PrincipalAccount"] = single(A)
        request["context"] = context
        return request

    def value(self, family: str) -> str:
        mood = self.moods[family]
        return self.dice.choice(mood.wrong if one(self.dice, 0.1) else mood.values)
