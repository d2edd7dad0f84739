"""Reads `vectors/policy` with suspicion and turns each case into a request and its facts."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keystead.policy import (
    RCP_FULL_AWS_ACCESS,
    AttachedPolicy,
    Caller,
    CallerKind,
    ContextValue,
    Facts,
    Grant,
    Malformed,
    Policy,
    PolicyKind,
    Request,
    parse_policy,
)

FOLDER = Path(__file__).parents[2] / "vectors" / "policy"

MEMBERS: dict[str, tuple[set[str], set[str]]] = {
    "authorize": (
        {"id", "kind", "provenance", "principal", "action", "resource", "policies", "context", "expect"},
        {"note", "grants", "request", "cross_account", "encryption_context"},
    ),
    "simulate": (
        {"id", "kind", "provenance", "principal", "action", "resource", "policies", "context", "expect"},
        {"note"},
    ),
    "message": (
        {"id", "kind", "provenance", "principal", "action", "resource", "cross_account", "expect"},
        {"note", "policy_arn"},
    ),
    "validate": ({"id", "kind", "provenance", "store", "document", "expect"}, {"note"}),
}
EXPECTED: dict[str, tuple[set[str], set[str]]] = {
    "authorize": ({"decision"}, {"reason", "layer", "message"}),
    "simulate": ({"decision"}, {"reason", "layer", "missing_context_keys"}),
    "message": ({"layer", "reason", "message"}, set()),
    "validate": ({"accepted"}, {"code", "message", "stored_version"}),
}
CALLERS = {
    "user": CallerKind.USER,
    "assumed-role": CallerKind.ROLE_SESSION,
    "federated-user": CallerKind.FEDERATED_USER,
    "root": CallerKind.ROOT,
    "service": CallerKind.SERVICE,
    "web-identity": CallerKind.WEB_IDENTITY,
    # The simulator takes the policies of a group or role and simulates no session.
    "group": CallerKind.USER,
    "role": CallerKind.USER,
}
TYPES = {"string", "numeric", "boolean", "arn", "date", "ip", "binary"}


@dataclass(frozen=True)
class Case:
    """One case with the topic of its file."""

    topic: str
    data: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.data["id"])

    @property
    def kind(self) -> str:
        return str(self.data["kind"])

    @property
    def expect(self) -> dict[str, Any]:
        return dict(self.data["expect"])


def members(value: dict[str, Any], required: set[str], optional: set[str], where: str) -> dict[str, Any]:
    """`value` if it has all required members and no unknown one."""
    missing, unknown = required - set(value), set(value) - required - optional
    if missing or unknown:
        raise ValueError(f"{where}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    return value


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """Every case of every file; ValueError for a folder without cases or a member that is not known."""
    cases: list[Case] = []
    for path in sorted(folder.glob("*.json")):
        file = members(
            json.loads(path.read_text("utf-8")), {"topic", "description", "cases"}, set(), path.name
        )
        for data in file["cases"]:
            kind = data.get("kind")
            if kind not in MEMBERS:
                raise ValueError(f"{path.name}: unknown kind {kind!r}")
            members(data, *MEMBERS[kind], where=str(data.get("id")))
            members(data["expect"], *EXPECTED[kind], where=f"{data['id']}: expect")
            cases.append(Case(file["topic"], data))
    if not cases:
        raise ValueError(f"no cases in {folder.name}")
    if len({case.id for case in cases}) != len(cases):
        raise ValueError("an id stands twice")
    return cases


def request_and_facts(case: Case) -> tuple[Request, Facts]:
    """What the engine is asked."""
    grants = make_grants(case.data, case.id)
    return make_request(case.data, grants, case.id), make_facts(case.data["policies"], grants, case.id)


def make_grants(data: dict[str, Any], where: str) -> tuple[Grant, ...]:
    return tuple(
        make_grant(grant, str(number), where) for number, grant in enumerate(data.get("grants") or ())
    )


def make_request(data: dict[str, Any], grants: tuple[Grant, ...], where: str) -> Request:
    caller = make_caller(data["principal"])
    resource = members(data["resource"], {"arn"}, {"account"}, where)
    arn = resource["arn"]
    given = data.get("request") or {}
    creating, retiring = data["action"] == "kms:CreateGrant", data["action"] == "kms:RetireGrant"
    return Request(
        caller=caller,
        action=data["action"],
        resource=arn,
        owner=resource.get("account", caller.account),
        on_key=arn.startswith("arn:aws:kms:") and ":key/" in arn,
        cross_account=data.get("cross_account", True),
        context=make_context(data["context"], where),
        encryption_context=data.get("encryption_context"),
        creates=new_grant(given, caller, where) if creating else None,
        retires=grants[0] if retiring and grants else None,
    )


def make_caller(data: dict[str, Any] | None) -> Caller:
    if data is None:
        return Caller(
            CallerKind.USER, "arn:aws:iam::123456789012:user/simulated", "123456789012", "AIDASIMULATED"
        )
    more = {"userid", "role_arn", "issuer_arn", "issuer_id", "service_linked", "management"}
    members(data, {"type", "arn", "account"}, more, "principal")
    return Caller(
        CALLERS[data["type"]],
        data["arn"],
        data["account"],
        unique_id=data.get("userid", ""),
        role_arn=data.get("role_arn", ""),
        issuer_arn=data.get("issuer_arn", ""),
        issuer_id=data.get("issuer_id", ""),
        service_linked=data.get("service_linked", False),
        management=data.get("management", False),
    )


def make_context(data: dict[str, Any], where: str) -> dict[str, ContextValue]:
    context: dict[str, ContextValue] = {}
    for name, given in data.items():
        members(given, {"type", "multi", "values"}, set(), f"{where}: {name}")
        if given["type"] not in TYPES:
            raise ValueError(f"{where}: unknown type {given['type']!r}")
        values = tuple(given["values"])
        if given["multi"]:
            context[name.lower()] = values
        else:
            (context[name.lower()],) = values
    return context


def make_grant(data: dict[str, Any], grant_id: str, where: str) -> Grant:
    known = {"retiring_principal", "constraints", "token_presented", "bound_to_deleted_principal"}
    members(data, {"grantee_principal", "operations", "issuing_account"}, known, f"{where}: grant")
    constraints = members(
        data.get("constraints") or {},
        set(),
        {"EncryptionContextEquals", "EncryptionContextSubset", "SourceArn"},
        where,
    )
    return Grant(
        grant_id=grant_id,
        grantee=data["grantee_principal"],
        operations=frozenset(data["operations"]),
        issuing_account=data["issuing_account"],
        retiring=data.get("retiring_principal", ""),
        encryption_context_equals=constraints.get("EncryptionContextEquals"),
        encryption_context_subset=constraints.get("EncryptionContextSubset"),
        source_arn=constraints.get("SourceArn", ""),
    )


def new_grant(given: dict[str, Any], caller: Caller, where: str) -> Grant:
    """The grant that a recorded CreateGrant asked for."""
    members(given, {"GranteePrincipal", "Operations"}, {"Constraints"}, f"{where}: request")
    grant = {
        "grantee_principal": given["GranteePrincipal"],
        "operations": given["Operations"],
        "issuing_account": caller.account,
        "constraints": given.get("Constraints"),
    }
    return make_grant(grant, "new", where)


def make_facts(data: dict[str, Any], grants: tuple[Grant, ...], where: str) -> Facts:
    layers = {"identity", "session", "boundary", "key_policy", "trust", "resource", "scp", "rcp", "endpoint"}
    members(data, set(), layers, f"{where}: policies")
    session, boundary = data.get("session"), data.get("boundary")
    key_policy, trust, resource = data.get("key_policy"), data.get("trust"), data.get("resource")
    endpoint = data.get("endpoint")
    other = (
        attach(trust, PolicyKind.TRUST)
        if trust
        else attach(resource, PolicyKind.RESOURCE)
        if resource
        else None
    )
    return Facts(
        key_policy=attach(key_policy, PolicyKind.KEY) if key_policy else None,
        resource_policy=other,
        identity=attach_all(data.get("identity", []), PolicyKind.IDENTITY),
        boundary=None if boundary is None else attach(boundary[0], PolicyKind.BOUNDARY),
        session=None if session is None else attach_all(session, PolicyKind.SESSION),
        scps=None if "scp" not in data else tuple(attach_all(level, PolicyKind.SCP) for level in data["scp"]),
        rcps=None if "rcp" not in data else tuple(rcp_level(level, where) for level in data["rcp"]),
        endpoint=attach(endpoint, PolicyKind.ENDPOINT) if endpoint else None,
        grants=grants,
    )


def rcp_level(level: dict[str, Any], where: str) -> tuple[AttachedPolicy, ...]:
    members(level, {"target", "policies"}, set(), f"{where}: rcp")
    for policy in level["policies"]:
        members(policy, {"document"}, {"arn"}, f"{where}: rcp")
    return tuple(
        # A policy without an ARN is AWS's own, which customers could not write.
        attach(policy["document"], PolicyKind.RCP, policy["arn"])
        if "arn" in policy
        else AttachedPolicy(RCP_FULL_AWS_ACCESS, "RCPFullAWSAccess")
        for policy in level["policies"]
    )


def attach_all(documents: list[Any], kind: PolicyKind) -> tuple[AttachedPolicy, ...]:
    return tuple(attach(document, kind) for document in documents)


def attach(document: dict[str, Any], kind: PolicyKind, arn: str = "") -> AttachedPolicy:
    return AttachedPolicy(compiled(json.dumps(document), kind), kind.value, arn)


def compiled(text: str, kind: PolicyKind) -> Policy:
    """The policy of `text`, which must be well-formed."""
    policy = parse_policy(text, kind)
    if isinstance(policy, Malformed):
        raise ValueError(f"{policy.findings} in {text}")
    return policy
