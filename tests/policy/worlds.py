"""What worlds made by dice have in common: callers, names, and small throws.

A world holds policies and grants, and a number of requests on them, as plain JSON in the schema of
`vectors/policy`. The same seed makes the same world.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Dice = random.Random

A, B = "111111111111", "222222222222"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
KEY = f"arn:aws:kms:us-east-1:{A}:key/{KEY_ID}"
OTHER_KEY = f"arn:aws:kms:us-east-1:{A}:key/0987dcba-09fe-87dc-65ba-ab0987654321"
ALIAS = f"arn:aws:kms:us-east-1:{A}:alias/pay"
TRAIL = f"arn:aws:cloudtrail:us-east-1:{A}:trail/main"


def root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def user(name: str, account: str = A) -> str:
    return f"arn:aws:iam::{account}:user/{name}"


ROLE, SESSION = f"arn:aws:iam::{A}:role/team/app", f"arn:aws:sts::{A}:assumed-role/app/run"
FOREIGN_ROLE, FOREIGN_SESSION = f"arn:aws:iam::{B}:role/app", f"arn:aws:sts::{B}:assumed-role/app/run"
FEDERATED = f"arn:aws:sts::{A}:federated-user/fred"
ANN_ID, BOB_ID, APP_ID = "AIDAEXAMPLE0000000ANN", "AIDAEXAMPLE0000000BOB", "AROAEXAMPLE0000000APP"
GONE_ID = "AROAEXAMPLE000000GONE"
SERVICE = "cloudtrail.amazonaws.com"

ANN = {"type": "user", "arn": user("ann"), "account": A, "userid": ANN_ID}
BOB = {"type": "user", "arn": user("path/bob"), "account": A, "userid": BOB_ID}
OWNER = {"type": "root", "arn": root(A), "account": A, "userid": A}
APP = {"type": "assumed-role", "arn": SESSION, "account": A, "userid": f"{APP_ID}:run", "role_arn": ROLE}
LINKED = APP | {"service_linked": True}
FRED = {
    "type": "federated-user",
    "arn": FEDERATED,
    "account": A,
    "userid": f"{A}:fred",
    "issuer_arn": user("ann"),
    "issuer_id": ANN_ID,
}
EVE = {"type": "user", "arn": user("eve", B), "account": B, "userid": "AIDAEXAMPLE0000000EVE"}
FOREIGN_APP = {
    "type": "assumed-role",
    "arn": FOREIGN_SESSION,
    "account": B,
    "userid": "AROAEXAMPLE00000OTHER:run",
    "role_arn": FOREIGN_ROLE,
}
STRANGER = {"type": "root", "arn": root(B), "account": B, "userid": B}
MANAGER = ANN | {"management": True}
TRAILS = {"type": "service", "arn": SERVICE, "account": ""}
CALLERS: list[Json] = [
    ANN,
    ANN,
    BOB,
    OWNER,
    APP,
    APP,
    LINKED,
    FRED,
    EVE,
    FOREIGN_APP,
    STRANGER,
    MANAGER,
    TRAILS,
]

PRINCIPALS = [
    root(A),
    A,
    root(B),
    B,
    user("ann"),
    user("path/bob"),
    user("eve", B),
    ROLE,
    SESSION,
    FOREIGN_ROLE,
    FOREIGN_SESSION,
    FEDERATED,
    ANN_ID,
    APP_ID,
    f"{APP_ID}:run",
    GONE_ID,
]

USES = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey"]
ADMINISTRATION = ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:EnableKeyRotation"]
GRANTED = ["Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey", "CreateGrant", "RetireGrant"]
WITH_CONTEXT = {"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey"}
LOCAL = set(ADMINISTRATION)
"""Operations that cannot be used from another account."""


@dataclass
class World:
    """Policies and grants, and the requests to decide on them."""

    policies: Json
    grants: list[Json]
    requests: list[Json]

    def scenes(self) -> Iterator[Json]:
        """One scene for each request, in the schema of `vectors/policy`."""
        for request in self.requests:
            yield {"policies": self.policies, "grants": self.grants, **request}


def one(dice: Dice, chance: float) -> bool:
    return dice.random() < chance


def some(dice: Dice, pool: list[Any], most: int) -> list[Any]:
    return [dice.choice(pool) for _ in range(dice.randint(1, most))]


def one_or_list(dice: Dice, values: list[Any]) -> Any:
    """A list of one may be written without its brackets."""
    return values[0] if len(values) == 1 and one(dice, 0.5) else values


def document(dice: Dice, statements: list[Json]) -> Json:
    made: Json = {"Version": "2012-10-17"} if one(dice, 0.9) else {}
    made["Statement"] = one_or_list(dice, statements)
    return made


def single(value: str) -> Json:
    return {"type": "string", "multi": False, "values": [value]}


def multi(values: list[str]) -> Json:
    return {"type": "string", "multi": True, "values": values}


def rcp_level(dice: Dice, statements: list[Json]) -> Json:
    full = {
        "document": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
        }
    }
    own = {
        "document": document(dice, statements),
        "arn": "arn:aws:organizations::333333333333:policy/rcp/p-1",
    }
    return {"target": "root", "policies": [full, own] if one(dice, 0.7) else [full]}
