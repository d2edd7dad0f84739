"""Worlds as people write them: what AWS's console, guides and blog posts say."""

from collections.abc import Callable

from worlds import (
    ADMINISTRATION,
    ALIAS,
    CALLERS,
    GRANTED,
    KEY,
    LOCAL,
    OTHER_KEY,
    PRINCIPALS,
    SERVICE,
    SESSION,
    TRAIL,
    USES,
    WITH_CONTEXT,
    A,
    B,
    Dice,
    Json,
    World,
    document,
    multi,
    one,
    one_or_list,
    rcp_level,
    root,
    single,
    some,
    user,
)


def tame(dice: Dice, requests: int = 20) -> World:
    """A world of usual policies; in one of four the key is used by grants."""
    policies = tame_policies(dice)
    if one(dice, 0.75):
        grants = [tame_grant(dice) for _ in range(dice.choice([0, 0, 1, 2]))]
        return World(policies, grants, [tame_request(dice) for _ in range(requests)])
    policies |= {
        "key_policy": document(
            dice, [{"Effect": "Allow"} | named(dice) | {"Action": "kms:*", "Resource": "*"}]
        )
    }
    grants = [tame_grant(dice) for _ in range(dice.choice([1, 2, 3]))]
    return World(policies, grants, [request_by_grant(dice, grants) for _ in range(requests)])


def request_by_grant(dice: Dice, grants: list[Json]) -> Json:
    """A request of the kind that one of the grants allows, or nearly."""
    request = tame_request(dice)
    grant = dice.choice(grants)
    request["resource"] = {"arn": KEY, "account": A}
    operation = dice.choice(grant["operations"])
    request |= {"action": f"kms:{operation}", "cross_account": True}
    constraints = grant["constraints"] or {}
    pairs = constraints.get("EncryptionContextEquals", constraints.get("EncryptionContextSubset", {}))
    if operation in ("Encrypt", "Decrypt", "GenerateDataKey"):
        swapped = {name.swapcase() if one(dice, 0.2) else name: value for name, value in pairs.items()}
        request["encryption_context"] = swapped | (encryption_context(dice) if one(dice, 0.3) else {})
    if operation == "CreateGrant":
        child = dict(constraints) if one(dice, 0.7) else (grant_constraints(dice) or {})
        if one(dice, 0.2):
            child = {"EncryptionContextEquals": pairs | {"Stage": "prod"}}
        request["request"] = {
            "GranteePrincipal": user("ann"),
            "Operations": sorted(set(some(dice, grant["operations"] if one(dice, 0.7) else GRANTED, 2))),
            "Constraints": child or None,
        }
    if one(dice, 0.7):
        whom = (grant["grantee_principal"], grant.get("retiring_principal"))
        callers = [
            one_of
            for one_of in CALLERS
            if {one_of["arn"], one_of.get("role_arn"), root(one_of["account"])} & {*whom}
        ]
        request["principal"] = dice.choice(callers or CALLERS)
    if one(dice, 0.5):
        request["context"]["aws:SourceArn"] = single(TRAIL)
    return request


def tame_policies(dice: Dice) -> Json:
    policies: Json = {
        "key_policy": document(dice, key_statements(dice)),
        "identity": [document(dice, identity_statements(dice)) for _ in range(dice.randint(0, 2))],
    }
    if one(dice, 0.25):
        policies["boundary"] = [document(dice, ceiling_statements(dice))]
    if one(dice, 0.3):
        policies["session"] = [document(dice, ceiling_statements(dice)) for _ in range(dice.randint(1, 2))]
    if one(dice, 0.25):
        policies["scp"] = [[scp(dice)] for _ in range(dice.randint(1, 3))]
    if one(dice, 0.2):
        policies["rcp"] = [rcp_level(dice, [rcp_statement(dice)]) for _ in range(dice.randint(1, 2))]
    if one(dice, 0.15):
        policies["endpoint"] = document(dice, endpoint_statements(dice))
    return policies


def tame_condition(dice: Dice) -> Json:
    made: Json = dice.choice(
        [
            {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
            {"StringEquals": {"kms:CallerAccount": [A, B]}},
            {"StringEquals": {"kms:EncryptionContext:Dept": dice.choice(["IT", "HR"])}},
            {"StringLike": {"kms:EncryptionContext:Dept": "I*"}},
            {"StringNotEquals": {"kms:EncryptionContext:dept": "HR"}},
            {"StringEqualsIfExists": {"kms:EncryptionContext:Dept": "IT"}},
            {"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "Dept"}},
            {"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": ["Dept", "Stage"]}},
            {"Null": {"kms:EncryptionContext:Dept": "false"}},
            {"Null": {"aws:TokenIssueTime": "true"}},
            {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}},
            {"ArnLike": {"aws:PrincipalArn": [f"arn:aws:iam::{A}:role/team/*", user("ann")]}},
            {"ArnEquals": {"aws:PrincipalArn": SESSION}},
            {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/admin/*"}},
            {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{A}:trail/*"}},
            {"Bool": {"aws:SecureTransport": "true"}},
            {"BoolIfExists": {"aws:MultiFactorAuthPresent": dice.choice(["true", True])}},
            {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"]}},
            {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
            {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}},
            {"NumericLessThanEquals": {"kms:RotationPeriodInDays": dice.choice([180, "365"])}},
            {"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}},
            {"StringEquals": {"aws:ResourceTag/team": ["${aws:PrincipalTag/team, 'none'}", "all"]}},
            {"ForAnyValue:StringLike": {"kms:ResourceAliases": "alias/pay*"}},
            {"StringEquals": {"kms:RequestAlias": "alias/pay"}},
        ]
    )
    return made


def maybe_condition(dice: Dice, chance: float) -> Json:
    return {"Condition": tame_condition(dice)} if one(dice, chance) else {}


def actions(dice: Dice) -> Json:
    chosen: Json = dice.choice(
        [
            {"Action": "kms:*"},
            {"Action": "kms:*"},
            {"Action": "*"},
            {
                "Action": [
                    "kms:Encrypt",
                    "kms:Decrypt",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:DescribeKey",
                ]
            },
            {"Action": ["kms:encrypt", "KMS:Decrypt"]},
            {"Action": ["kms:CreateGrant", "kms:RetireGrant", "kms:De*"]},
            {"NotAction": ["kms:ScheduleKeyDeletion", "kms:Put*"]},
        ]
    )
    return chosen


def resources(dice: Dice) -> Json:
    chosen: Json = dice.choice(
        [
            {"Resource": "*"},
            {"Resource": "*"},
            {"Resource": KEY},
            {"Resource": [OTHER_KEY, f"arn:aws:kms:*:{A}:key/*"]},
            {"Resource": [f"arn:aws:kms:us-east-1:{A}:key/*", f"arn:aws:kms:us-east-1:{A}:alias/*"]},
            {"Resource": "arn:aws:kms:us-east-1:${aws:PrincipalAccount}:key/*"},
            {"Resource": f"arn:aws:kms:us-east-1:{A}:alias/${{aws:PrincipalTag/team, 'pay'}}"},
            {"NotResource": OTHER_KEY},
        ]
    )
    return chosen


def named(dice: Dice) -> Json:
    return {"Principal": {"AWS": one_or_list(dice, some(dice, PRINCIPALS, 4))}}


def key_statements(dice: Dice) -> list[Json]:
    everything: Json = {"Action": "kms:*", "Resource": "*"}
    made: list[Json] = []
    if one(dice, 0.75):
        delegation = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": root(A)}}
        made.append(delegation | everything | maybe_condition(dice, 0.1))
    use = {"Action": [*USES[:3], "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}
    kinds: list[Callable[[], Json]] = [
        lambda: {"Effect": "Allow"} | named(dice) | use,
        lambda: {"Effect": "Allow"} | named(dice) | use | maybe_condition(dice, 0.5),
        lambda: (
            {"Effect": "Allow"} | named(dice) | actions(dice) | {"Resource": "*"} | maybe_condition(dice, 0.2)
        ),
        lambda: {"Effect": "Allow", "Principal": {"AWS": [B, user("eve", B)]}} | use,
        lambda: (
            {"Effect": "Allow", "Principal": dice.choice(["*", {"AWS": "*"}])}
            | everything
            | {"Condition": tame_condition(dice)}
        ),
        lambda: {"Effect": "Allow", "Principal": {"Service": SERVICE}} | use | maybe_condition(dice, 0.5),
        lambda: (
            {"Effect": "Allow"}
            | named(dice)
            | {"Action": "kms:CreateGrant", "Resource": "*"}
            | {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}
        ),
        lambda: {"Effect": "Deny", "Principal": "*"} | everything | {"Condition": tame_condition(dice)},
        lambda: {"Effect": "Deny"} | named(dice) | {"Action": "kms:Decrypt", "Resource": "*"},
        lambda: (
            {"Effect": "Deny", "NotPrincipal": {"AWS": [root(A), *some(dice, PRINCIPALS, 4)]}}
            | {"Action": dice.choice(["kms:*", "kms:Decrypt"]), "Resource": "*"}
        ),
        lambda: {"Effect": dice.choice(["Allow", "Deny"]), "Principal": "*", "Action": "kms:*"},  # inert
        lambda: {"Effect": "Allow"} | named(dice) | {"Action": "kms:*"} | resources(dice),
    ]
    weights = [5, 4, 4, 3, 2, 2, 1, 1, 1, 1, 1, 2]
    return made + [make() for make in dice.choices(kinds, weights, k=dice.randint(0 if made else 1, 3))]


def identity_statements(dice: Dice) -> list[Json]:
    return [
        {"Effect": "Deny" if one(dice, 0.08) else "Allow"}
        | actions(dice)
        | resources(dice)
        | maybe_condition(dice, 0.2)
        for _ in range(dice.randint(1, 3))
    ]


def ceiling_statements(dice: Dice) -> list[Json]:
    """A boundary's or a session's: mostly open."""
    wide = [{"Effect": "Allow", "Action": "*", "Resource": "*"}] if one(dice, 0.5) else []
    return wide + identity_statements(dice)


def scp(dice: Dice) -> Json:
    full = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    made = [full] if one(dice, 0.9) else [{"Effect": "Allow"} | actions(dice) | {"Resource": "*"}]
    if one(dice, 0.4):
        made.append(
            {"Effect": "Deny"} | actions(dice) | {"Resource": "*"} | {"Condition": tame_condition(dice)}
        )
    return {"Version": "2012-10-17", "Statement": made}


def rcp_statement(dice: Dice) -> Json:
    action = dice.choice(["kms:*", "kms:Decrypt", ["kms:Encrypt", "kms:RetireGrant"]])
    return {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"} | maybe_condition(
        dice, 0.85
    )


def endpoint_statements(dice: Dice) -> list[Json]:
    made: list[Json] = [
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"} | maybe_condition(dice, 0.3)
    ]
    if one(dice, 0.3):
        made.append({"Effect": "Allow"} | named(dice) | actions(dice) | resources(dice))
    if one(dice, 0.3):
        deny = {"Effect": "Deny", "NotPrincipal": {"AWS": some(dice, PRINCIPALS, 4)}}
        made.append(deny | {"Action": "kms:Decrypt", "Resource": "*"})
    if one(dice, 0.1):
        allow = {"Effect": "Allow", "NotPrincipal": {"AWS": some(dice, PRINCIPALS, 2)}}
        made.append(allow | {"Action": "*", "Resource": "*"})
    return made


def tame_grant(dice: Dice) -> Json:
    made: Json = {
        "grantee_principal": dice.choice([*PRINCIPALS, SERVICE]),
        "operations": sorted(set(some(dice, GRANTED, 5))),
        "issuing_account": dice.choice([A, B]),
        "constraints": grant_constraints(dice),
    }
    if one(dice, 0.5):
        made["retiring_principal"] = dice.choice([*PRINCIPALS, SERVICE])
    return made


def grant_constraints(dice: Dice) -> Json | None:
    made: Json = {}
    if one(dice, 0.4):
        kind = dice.choice(["EncryptionContextEquals", "EncryptionContextSubset"])
        made[kind] = encryption_context(dice)
    if one(dice, 0.15):
        made["SourceArn"] = dice.choice([TRAIL, f"arn:aws:cloudtrail:*:{A}:trail/*"])
    return made or None


def encryption_context(dice: Dice) -> Json:
    made: Json = {}
    if one(dice, 0.7):
        made[dice.choice(["Dept", "dept"])] = dice.choice(["IT", "IT", "HR", "it"])
    if one(dice, 0.3):
        made["Stage"] = "prod"
    return made


def tame_request(dice: Dice) -> Json:
    caller: Json = dice.choice(CALLERS)
    owner = A
    resource = KEY
    where = dice.random()
    if where < 0.06:
        resource = ALIAS
    elif where < 0.12:
        resource, owner = "*", caller["account"] or A
    action = dice.choice([*USES, *USES, *ADMINISTRATION, "kms:CreateGrant", "kms:RetireGrant"])
    request: Json = {
        "principal": caller,
        "action": action,
        "resource": {"arn": resource, "account": owner},
        "cross_account": action not in LOCAL,
        "context": {},
    }
    given = encryption_context(dice) if action in WITH_CONTEXT else None
    if given is not None:
        request["encryption_context"] = given
    if action == "kms:CreateGrant":
        request["request"] = {
            "GranteePrincipal": user("ann"),
            "Operations": sorted(set(some(dice, GRANTED, 3))),
            "Constraints": grant_constraints(dice),
        }
    request["context"] = tame_context(dice, caller, given)
    return request


def tame_context(dice: Dice, caller: Json, given: Json | None) -> Json:
    context: Json = {"aws:SecureTransport": single(dice.choice(["true", "true", "true", "false"]))}
    context["aws:CurrentTime"] = single(dice.choice(["2026-11-24T10:00:00Z", "2027-02-03T04:05:06Z"]))
    if caller["type"] == "service":
        context["aws:PrincipalServiceName"] = single(SERVICE)
        context["aws:SourceArn"] = single(TRAIL)
    else:
        context["aws:PrincipalArn"] = single(caller.get("role_arn", caller["arn"]))
        context["aws:PrincipalAccount"] = single(caller["account"])
        context["kms:CallerAccount"] = single(caller["account"])
        context["aws:SourceIp"] = single(
            dice.choice(["192.0.2.7", "192.0.2.8", "198.51.100.1", "2001:db8::1"])
        )
    for name, value in (given or {}).items():
        context[f"kms:EncryptionContext:{name}"] = single(value)
    if given:
        context["kms:EncryptionContextKeys"] = multi(list(given))
    optional: Json = {
        "aws:PrincipalOrgID": single("o-exampleorg1"),
        "aws:PrincipalTag/team": single(dice.choice(["pay", "web"])),
        "aws:ResourceTag/Team": single(dice.choice(["pay", "all"])),
        "kms:ViaService": single("s3.us-east-1.amazonaws.com"),
        "kms:RequestAlias": single("alias/pay"),
        "kms:ResourceAliases": multi(dice.choice([["alias/pay"], ["alias/web", "alias/pay2"]])),
        "aws:MultiFactorAuthPresent": single(dice.choice(["true", "false"])),
        "aws:TokenIssueTime": single("2026-11-24T09:00:00Z"),
        "kms:RotationPeriodInDays": single(dice.choice(["90", "365"])),
        "kms:GrantIsForAWSResource": single(dice.choice(["true", "false"])),
    }
    return context | {name: value for name, value in optional.items() if one(dice, 0.4)}
