"""Grants with boto3 and the AWS CLI."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Server, dev_server
from world import World, refused

pytestmark = pytest.mark.wire


def test_the_cli_makes_a_grant_and_revokes_it(world: World, shared_dev: Any) -> None:
    key = world.key()
    user = world.user("user")

    def aws(*arguments: str) -> Any:
        done = shared_dev.aws("kms", *arguments, "--key-id", key, credentials=(world.account, "test"))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "null")

    made = aws(
        "create-grant",
        *("--grantee-principal", world.arn("user")),
        *("--operations", "Encrypt", "DescribeKey"),
        *("--constraints", "EncryptionContextSubset={app=pay}"),
        *("--name", "for-payments"),
    )
    assert made.keys() == {"GrantId", "GrantToken"}
    user.encrypt(
        KeyId=key, Plaintext=b"x", EncryptionContext={"app": "pay"}, GrantTokens=[made["GrantToken"]]
    )
    refused("AccessDeniedException", user.encrypt, KeyId=key, Plaintext=b"x")
    user.describe_key(KeyId=key)
    assert aws("revoke-grant", "--grant-id", made["GrantId"]) is None
    refused("AccessDeniedException", user.describe_key, KeyId=key)


def test_a_foreign_grantee_and_issuer(world: World, shared_dev: Any) -> None:
    other = World(shared_dev, f"{(int(world.account) + 1) % 10**12:012d}")
    user, key = other.user("user"), world.key()
    hidden = (
        f"User: {other.arn('user')} is not authorized to perform: kms:CreateGrant on this resource because "
        "the resource does not exist in this Region, no resource-based policies allow access, or a "
        "resource-based policy explicitly denies access"
    )
    asked = {"GranteePrincipal": other.arn("user"), "Operations": ["Encrypt"]}
    for name in (key, key[:-12] + "000000000000"):
        assert refused("AccessDeniedException", user.create_grant, KeyId=name, **asked) == hidden
    world.kms.create_grant(KeyId=key, **asked)
    assert refused("AccessDeniedException", user.encrypt, KeyId=key, Plaintext=b"x") == (
        f"User: {other.arn('user')} is not authorized to perform: kms:Encrypt on this resource because no "
        "identity-based policy allows the kms:Encrypt action"
    )


def test_every_worker_follows_at_once(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    """A connection for each call, so that both workers answer; each must know what the other has done."""
    server = servers(dev_server(tmp_path, "--workers", "2")).start()
    iam, kms = server.client("iam"), server.client("kms")
    grantee = iam.create_user(UserName="user")["User"]["Arn"]
    made = iam.create_access_key(UserName="user")["AccessKey"]
    credentials = (made["AccessKeyId"], made["SecretAccessKey"])
    users = [server.client("kms", credentials) for _ in range(5)]
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    for _ in range(3):
        grant = kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Encrypt"])["GrantId"]
        for user in users:
            user.encrypt(KeyId=key, Plaintext=b"x")
        kms.revoke_grant(KeyId=key, GrantId=grant)
        for user in users:
            refused("AccessDeniedException", user.encrypt, KeyId=key, Plaintext=b"x")
