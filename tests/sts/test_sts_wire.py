"""Sessions over the wire: with boto3 and the AWS CLI, on several workers, across restarts."""

import json
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from issuer import Issuer
from sts_world import ALL, document, trusts
from tests.conftest import ACCOUNT, Server, dev_server
from tests.server.https_issuer import HttpsServer

pytestmark = pytest.mark.wire

ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"


def keys_of(given: dict[str, Any]) -> tuple[str, ...]:
    named = ("AccessKeyId", "SecretAccessKey", "SessionToken")
    return tuple(given[name] for name in named if name in given)


def code(call: Any, **parameters: Any) -> str:
    """The code of the refusal, or empty."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def user_with_role(server: Server, **more: Any) -> tuple[str, ...]:
    """A user `ada` who may assume the role `reader`, and all that role may do is everything."""
    iam = server.client("iam")
    arn = iam.create_user(UserName="ada")["User"]["Arn"]
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=document(trusts(arn)), **more)
    iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document(ALL))
    return keys_of(iam.create_access_key(UserName="ada")["AccessKey"])


def test_sessions_on_every_worker_and_after_a_restart(
    tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    server = servers(dev_server(tmp_path, "--workers", "2")).start()
    ada = user_with_role(server)
    key = server.client("kms").create_key()["KeyMetadata"]["KeyId"]
    answer = server.client("sts", ada).assume_role(RoleArn=ROLE, RoleSessionName="run")
    session = keys_of(answer["Credentials"])
    for _ in range(6):  # a connection for each, so that both workers answer
        sealed = server.client("kms", session).encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    server.stop()
    server.start()
    assert server.client("kms", session).decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"


def test_what_ends_sessions_does_so_on_every_worker_at_once(
    tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    server = servers(dev_server(tmp_path, "--workers", "2")).start()
    iam = server.client("iam")
    ada = user_with_role(server)
    key = server.client("kms").create_key()["KeyMetadata"]["KeyId"]
    boundary = iam.create_policy(PolicyName="b", PolicyDocument=document(ALL))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=boundary)
    made = server.client("sts", ada).assume_role(RoleArn=ROLE, RoleSessionName="run")["Credentials"]
    workers = [server.client("kms", keys_of(made)) for _ in range(4)]
    users = [server.client("sts", ada) for _ in range(4)]

    def codes() -> set[str]:
        return {code(kms.encrypt, KeyId=key, Plaintext=b"x") for kms in workers}

    assert codes() == {""}
    closed = document(ALL | {"Action": "kms:ListKeys"})
    iam.create_policy_version(PolicyArn=boundary, PolicyDocument=closed, SetAsDefault=True)
    assert codes() == {"AccessDeniedException"}
    iam.delete_role_permissions_boundary(RoleName="reader")
    assert codes() == {""}
    iam.update_access_key(UserName="ada", AccessKeyId=ada[0], Status="Inactive")
    assert {code(sts.get_caller_identity) for sts in users} == {"InvalidClientTokenId"}
    iam.delete_role_policy(RoleName="reader", PolicyName="p")
    assert codes() == {"AccessDeniedException"}
    iam.delete_role(RoleName="reader")
    assert codes() == {"UnrecognizedClientException"}
    iam.create_role(
        RoleName="reader", AssumeRolePolicyDocument=document(trusts(f"arn:aws:iam::{ACCOUNT}:user/ada"))
    )
    iam.put_role_policy(RoleName="reader", PolicyName="p", PolicyDocument=document(ALL))
    assert codes() == {"UnrecognizedClientException"}


def test_tokens_of_another_server(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    sessions = []
    for directory in (first, second):
        directory.mkdir()
        server = servers(dev_server(directory)).start()
        ada = user_with_role(server)
        made = server.client("sts", ada).assume_role(RoleArn=ROLE, RoleSessionName="run")["Credentials"]
        sessions.append((server, keys_of(made)))
    (one, of_one), (other, of_other) = sessions
    assert code(one.client("sts", of_one).get_caller_identity) == ""
    assert code(one.client("sts", of_other).get_caller_identity) == "InvalidClientTokenId"
    assert code(other.client("kms", of_one).list_keys) == "UnrecognizedClientException"


def test_the_cli_assumes_a_role_of_another_account_by_profile(
    tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    """A full life: a role in account B that account A is trusted to assume, used through a profile."""
    server = servers(dev_server(tmp_path)).start()
    iam = server.client("iam", ("111122223333", "test"))
    trust = document(
        trusts(f"arn:aws:iam::{ACCOUNT}:root", "sts:AssumeRole", StringEquals={"sts:ExternalId": "x-17"})
    )
    role = iam.create_role(RoleName="signer", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="signer", PolicyName="p", PolicyDocument=document(ALL))
    home = server.client("iam")
    home.create_user(UserName="ada")
    home.put_user_policy(UserName="ada", PolicyName="p", PolicyDocument=document(ALL))
    ada = keys_of(home.create_access_key(UserName="ada")["AccessKey"])
    profile = tmp_path / "config"
    profile.write_text(
        f"[profile signer]\nrole_arn = {role}\nexternal_id = x-17\nrole_session_name = cli\n"
        "credential_source = Environment\n"
    )
    # The CLI keeps sessions in its home, and must not find those of another server there.
    environment = server.aws_environment(ada) | {"AWS_CONFIG_FILE": str(profile), "HOME": str(tmp_path)}

    def aws(*arguments: str) -> Any:
        done = subprocess.run(
            ["aws", *arguments, "--profile", "signer"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert aws("sts", "get-caller-identity")["Arn"] == "arn:aws:sts::111122223333:assumed-role/signer/cli"
    assert ":111122223333:key/" in aws("kms", "create-key")["KeyMetadata"]["Arn"]


def test_a_web_identity_over_the_wire(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    """An issuer over HTTPS with an authority of its own, and boto3 with a token file, as in a pod."""
    answers: dict[str, Any] = {}
    https = HttpsServer(tmp_path, answers)
    issuer = Issuer(https.url)
    answers["/.well-known/openid-configuration"] = (200, json.dumps(issuer.discovery).encode())
    answers["/keys"] = (200, issuer.key_set())
    trusted = {"KEYSTEAD_ISSUER_CERTIFICATES": str(https.certificate)}
    try:
        server = servers(dev_server(tmp_path, **trusted)).start()
        assumed(server, issuer)
    finally:
        https.close()


def test_a_web_identity_without_network(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    issuer = Issuer()
    keys = tmp_path / "issuers.json"
    keys.write_text(json.dumps({issuer.url: json.loads(issuer.key_set())}))
    given = {"KEYSTEAD_ISSUER_KEYS_FILE": str(keys), "KEYSTEAD_ISSUER_FETCH": "false"}
    assumed(servers(dev_server(tmp_path, **given)).start(), issuer)


def test_a_slow_issuer_holds_up_nobody_else(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    asked, let = threading.Event(), threading.Event()

    def hang(handler: Any) -> None:
        asked.set()
        let.wait(30)
        handler.send_error(503)

    https = HttpsServer(tmp_path, {"/.well-known/openid-configuration": hang})
    issuer = Issuer(https.url)
    trusted = {"KEYSTEAD_ISSUER_CERTIFICATES": str(https.certificate)}
    try:
        server = servers(dev_server(tmp_path, **trusted)).start()
        server.client("iam").create_open_id_connect_provider(
            Url=issuer.url, ClientIDList=["sts.amazonaws.com"]
        )
        sts = server.client("sts", ("none", "none"))
        ask = {"RoleArn": ROLE, "RoleSessionName": "run", "WebIdentityToken": issuer.token(time.time())}
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(code, sts.assume_role_with_web_identity, **ask)
            assert asked.wait(20)
            key = server.client("kms").create_key()["KeyMetadata"]["KeyId"]  # a change, in a thread
            server.client("kms").encrypt(KeyId=key, Plaintext=b"x")  # in the event loop
            assert not waiting.done()
            let.set()
            assert waiting.result(30) == "IDPCommunicationError"
    finally:
        let.set()
        https.close()


def assumed(server: Server, issuer: Issuer) -> None:
    """Assumes a role with a token of the issuer, and uses it; then with tokens that are not."""
    iam = server.client("iam")
    provider = iam.create_open_id_connect_provider(Url=issuer.url, ClientIDList=["sts.amazonaws.com"])[
        "OpenIDConnectProviderArn"
    ]
    trust = trusts({"Federated": provider}, "sts:AssumeRoleWithWebIdentity")
    iam.create_role(RoleName="pod", AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName="pod", PolicyName="p", PolicyDocument=document(ALL))
    ask = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/pod", "RoleSessionName": "run"}
    sts = server.client("sts", ("none", "none"))
    now = time.time()
    answer = sts.assume_role_with_web_identity(WebIdentityToken=issuer.token(now), **ask)
    session = keys_of(answer["Credentials"])
    assert server.client("kms", session).create_key()["KeyMetadata"]["Enabled"] is True
    expired = issuer.token(now - 1000)
    assert code(sts.assume_role_with_web_identity, WebIdentityToken=expired, **ask) == "ExpiredTokenException"
    wrong = issuer.token(now, aud="other")
    assert code(sts.assume_role_with_web_identity, WebIdentityToken=wrong, **ask) == "InvalidIdentityToken"
