"""The recorded cases about sessions (`vectors/policy`), end to end: roles, sessions and requests over HTTP.

A case stands for a live request, so it is made one: the role with its identity policy, a session of it with
the session policy, and the request with what the case has under `context`.
"""

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError
from sts_world import World, trusts
from tests.conftest import Server, dev_server

from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

VECTORS = Path(__file__).parents[2] / "vectors" / "policy"
VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}

# STS and IAM API, `tagKeyType` and `tagValueType`: what others than these cannot be asked for.
TAG_KEY = re.compile(r"[\w\s.:/=+@-]{1,128}")
TAG_VALUE = re.compile(r"[\w\s.:/=+@-]{0,256}")


def cases(*names: str) -> list[dict[str, Any]]:
    found = []
    for path in sorted(VECTORS.glob("*.json")):
        if not names or path.stem in names:
            found += json.loads(path.read_text("utf-8"))["cases"]
    assert found
    return found


class Raw:
    """One connection to a server, and AWS Query on it: for hundreds of callers a client each is too slow."""

    def __init__(self, server: Server, account: str) -> None:
        self.host = f"127.0.0.1:{server.port}"
        self.connection = http.client.HTTPConnection(self.host, timeout=30)
        self.root = sigv4.Credentials(account, "test")  # type: ignore[arg-type]  # an account's id is one

    def __call__(
        self, service: str, action: str, who: sigv4.Credentials | None = None, **parameters: str
    ) -> tuple[str, ElementTree.Element]:
        """The code of the refusal, or empty; and the answer."""
        form = {"Action": action, "Version": VERSIONS[service]} | parameters
        headers = {"host": self.host, "content-type": "application/x-www-form-urlencoded"}
        plain = HttpRequest("POST", "/", "", headers, urlencode(form).encode(), "127.0.0.1", False)
        timestamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        signed = sigv4.sign(plain, who or self.root, "us-east-1", service, timestamp)
        self.connection.request("POST", "/", signed.body, dict(signed.headers))
        answer = ElementTree.fromstring(self.connection.getresponse().read())
        for element in answer.iter():
            element.tag = element.tag.rpartition("}")[2]
        return answer.findtext(".//Error/Code", ""), answer

    def close(self) -> None:
        self.connection.close()

    def session(self, caller: sigv4.Credentials, role: str, name: str, **more: str) -> sigv4.Credentials:
        code, answer = self("sts", "AssumeRole", caller, RoleArn=role, RoleSessionName=name, **more)
        assert code == "", ElementTree.tostring(answer)
        named = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        made = [answer.findtext(f".//{part}", "") for part in named]
        return sigv4.Credentials(*made)  # type: ignore[arg-type]  # the first is an access key id


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = dev_server(tmp_path_factory.mktemp("sessions"), "--data", ":memory:").start()
    yield made
    made.kill()


@pytest.mark.wire
def test_conditions_in_session_policies(server: Server, stack: ExitStack) -> None:
    """Topics `conditions-*` and `variables`: TagUser by a session whose policy holds the statement."""
    tagging = [case for case in cases() if case.get("action") == "iam:TagUser"]
    assert len(tagging) == 446
    account = "111111111111"
    raw = stack.enter_context(closing(Raw(server, account)))
    caller = user(raw, "caller")
    raw("iam", "CreateUser", UserName="tag-target")
    trust = statement(Principal={"AWS": f"arn:aws:iam::{account}:user/caller"}, Action="sts:AssumeRole")
    raw("iam", "CreateRole", RoleName="tagger", AssumeRolePolicyDocument=trust)
    identity = json.dumps(tagging[0]["policies"]["identity"][0])
    raw("iam", "PutRolePolicy", RoleName="tagger", PolicyName="p", PolicyDocument=identity)
    wrong = []
    for case in tagging:
        (policy,) = case["policies"]["session"]
        who = raw.session(caller, case["principal"]["role_arn"], "run", Policy=json.dumps(policy))
        code, _ = raw("iam", "TagUser", who, UserName="tag-target", **tags_of(case))
        told = {"": "allow", "AccessDenied": "deny"}.get(code, code)
        expected = case["expect"]["decision"] if can_be_asked(case) else "ValidationError"
        if told != expected:
            wrong.append((case["id"], expected, told))
    assert wrong == []
    assert sum(map(can_be_asked, tagging)) > 300


def user(raw: Raw, name: str) -> sigv4.Credentials:
    raw("iam", "CreateUser", UserName=name)
    _, answer = raw("iam", "CreateAccessKey", UserName=name)
    made = [answer.findtext(f".//{part}", "") for part in ("AccessKeyId", "SecretAccessKey")]
    return sigv4.Credentials(*made)  # type: ignore[arg-type]  # the first is an access key id


def statement(**elements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | elements]})


def tags(case: dict[str, Any]) -> dict[str, str]:
    start = "aws:RequestTag/"
    return {
        name.removeprefix(start): given["values"][0]
        for name, given in case["context"].items()
        if name.startswith(start)
    }


def tags_of(case: dict[str, Any]) -> dict[str, str]:
    return {
        f"Tags.member.{number}.{part}": text
        for number, pair in enumerate(tags(case).items(), start=1)
        for part, text in zip(("Key", "Value"), pair, strict=True)
    }


def can_be_asked(case: dict[str, Any]) -> bool:
    """Whether the request is one by the model; ours refuses others before it decides, where AWS did not."""
    return bool(tags(case)) and all(
        TAG_KEY.fullmatch(key) and TAG_VALUE.fullmatch(value) for key, value in tags(case).items()
    )


# Grants to sessions, under session policies and boundaries.

NOT_YET = {"kms:RetireGrant"}
"""Actions of operations that come with another release."""


def of_sessions() -> list[dict[str, Any]]:
    return [
        case
        for case in cases("grants", "cross-account-grants")
        if case["kind"] == "authorize"
        and case["principal"]["type"] in ("assumed-role", "federated-user")
        and case["action"] not in NOT_YET
    ]


def test_the_cases_are_these() -> None:
    assert len(of_sessions()) == 17


@pytest.mark.parametrize("case", of_sessions(), ids=lambda case: case["id"])
def test_grants_of_sessions(case: dict[str, Any], world: World) -> None:
    owner, caller = case["resource"]["account"], case["principal"]["account"]
    kms = world.client("kms", (owner, "test"))
    key = kms.create_key(
        Policy=json.dumps(case["policies"]["key_policy"]), BypassPolicyLockoutSafetyCheck=True
    )["KeyMetadata"]["Arn"]
    case = json.loads(json.dumps(case).replace(case["resource"]["arn"], key))
    sealed = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    credentials = session_of(case, world, caller)
    grantees = {grant["grantee_principal"] for grant in case["grants"]}
    asked = case.get("request") or {}
    for arn in grantees | ({asked["GranteePrincipal"]} if asked else set()):
        _make_role_of(arn, world)
    tokens = [token for grant in case["grants"] if (token := granted(grant, key, world))]
    client = world.client("kms", credentials)
    request = {
        "kms:Decrypt": lambda: client.decrypt(CiphertextBlob=sealed, KeyId=key, GrantTokens=tokens),
        "kms:Encrypt": lambda: client.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=tokens),
        "kms:DescribeKey": lambda: client.describe_key(KeyId=key, GrantTokens=tokens),
        "kms:CreateGrant": lambda: client.create_grant(KeyId=key, GrantTokens=tokens, **asked),
    }[case["action"]]
    if case["expect"]["decision"] == "allow":
        request()
        return
    with pytest.raises(ClientError) as caught:
        request()
    told = caught.value.response["Error"]
    assert (told["Code"], told["Message"]) == ("AccessDeniedException", case["expect"]["message"])


def session_of(case: dict[str, Any], world: World, account: str) -> Any:
    """The credentials of the session that the case is about."""
    policies, principal = case["policies"], case["principal"]
    more = {"Policy": json.dumps(policies["session"][0])} if "session" in policies else {}
    identity = [each for document in policies["identity"] for each in document["Statement"]]
    name = principal["arn"].rpartition("/")[2]
    if principal["type"] == "federated-user":
        issuer = world.user("issuer", *identity, account=account)
        return world.client("sts", issuer).get_federation_token(Name=name, **more)["Credentials"]
    caller = world.user("caller", account=account)
    boundary = None
    if "boundary" in policies:
        boundary = world.managed_policy("B", *policies["boundary"][0]["Statement"], account=account)
    world.role(
        principal["role_arn"].rpartition("/")[2],
        trusts(f"arn:aws:iam::{account}:user/caller"),
        allow=None,
        account=account,
        boundary=boundary,
    )
    for statement_ in identity:
        world.set_policy(principal["role_arn"].rpartition("/")[2], statement_, account=account)
    return world.assume(caller, principal["role_arn"], name, **more)


def _make_role_of(arn: str, world: World) -> None:
    """The role of a grantee that the case speaks of and nobody calls as."""
    account, resource = arn.split(":")[4], arn.split(":")[5].split("/")
    if resource[0] in ("role", "assumed-role") and not world.has_role(resource[1], account):
        world.role(resource[1], trusts(f"arn:aws:iam::{account}:root"), account=account)


def granted(grant: dict[str, Any], key: str, world: World) -> str | None:
    """Makes the grant as a principal of its issuing account; its token if the case presents it."""
    ask: dict[str, Any] = {"GranteePrincipal": grant["grantee_principal"], "Operations": grant["operations"]}
    if "retiring_principal" in grant:
        ask["RetiringPrincipal"] = grant["retiring_principal"]
    if "constraints" in grant:
        ask["Constraints"] = grant["constraints"]
    made = world.client("kms", (grant["issuing_account"], "test")).create_grant(KeyId=key, **ask)
    return str(made["GrantToken"]) if grant["token_presented"] else None
