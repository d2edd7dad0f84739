"""The recorded cases on conditions in session policies (`vectors/policy`), end to end over HTTP.

A case stands for a live request, so it is made one: the role with its identity policy, a session of it with
the session policy, and the request with what the case has under `context`.
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from session_cases import TAGGING, by_run
from tests.conftest import Server, dev_server
from tests.policy.policy_cases import members

from keystead.wire import sigv4
from keystead.wire.http import HttpRequest

VERSIONS = {"iam": "2010-05-08", "sts": "2011-06-15"}


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
    tagging = by_run()[TAGGING]
    account = "111111111111"
    raw = stack.enter_context(closing(Raw(server, account)))
    caller = user(raw, "caller")
    raw("iam", "CreateUser", UserName="tag-target")
    trust = statement(Principal={"AWS": f"arn:aws:iam::{account}:user/caller"}, Action="sts:AssumeRole")
    raw("iam", "CreateRole", RoleName="tagger", AssumeRolePolicyDocument=trust)
    (identity,) = {json.dumps(document) for case in tagging for document in case["policies"]["identity"]}
    raw("iam", "PutRolePolicy", RoleName="tagger", PolicyName="p", PolicyDocument=identity)
    wrong = []
    for case in tagging:
        check_all_is_made(case)
        (policy,) = case["policies"]["session"]
        who = raw.session(caller, case["principal"]["role_arn"], "run", Policy=json.dumps(policy))
        code, _ = raw("iam", "TagUser", who, UserName="tag-target", **tags_of(case))
        told = {"": "allow", "AccessDenied": "deny"}.get(code, code)
        expected = case["expect"]["decision"]
        if told != expected:
            wrong.append((case["id"], expected, told))
    assert wrong == []


def user(raw: Raw, name: str) -> sigv4.Credentials:
    raw("iam", "CreateUser", UserName=name)
    _, answer = raw("iam", "CreateAccessKey", UserName=name)
    made = [answer.findtext(f".//{part}", "") for part in ("AccessKeyId", "SecretAccessKey")]
    return sigv4.Credentials(*made)  # type: ignore[arg-type]  # the first is an access key id


def statement(**elements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | elements]})


def check_all_is_made(case: dict[str, Any]) -> None:
    """Fails for a case with a circumstance that would not be made here."""
    members(case["policies"], {"identity", "session"}, set(), case["id"])
    assert case["resource"]["arn"] == "arn:aws:iam::111111111111:user/tag-target"
    assert case["principal"]["arn"] == "arn:aws:sts::111111111111:assumed-role/tagger/run"
    keys = case["context"].get("aws:TagKeys", {"values": []})["values"]
    assert sorted(keys) == sorted(tags(case))
    named = {f"aws:RequestTag/{name}" for name in tags(case)}
    assert set(case["context"]) - {"aws:TagKeys"} == named


def tags(case: dict[str, Any]) -> dict[str, str]:
    start = "aws:RequestTag/"
    return {
        name.removeprefix(start): given["values"][0]
        for name, given in case["context"].items()
        if name.startswith(start)
    }


def tags_of(case: dict[str, Any]) -> dict[str, str]:
    if not tags(case):
        return {"Tags": ""}  # a list that is empty, as clients write it
    return {
        f"Tags.member.{number}.{part}": text
        for number, pair in enumerate(tags(case).items(), start=1)
        for part, text in zip(("Key", "Value"), pair, strict=True)
    }
