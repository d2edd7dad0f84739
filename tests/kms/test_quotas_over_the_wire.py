"""Quotas and the delay of grants with real clients, and two workers that answer them."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from tests.conftest import Server, dev_server
from world import World, refused

pytestmark = pytest.mark.wire

RATE = 20
QUOTAS = f"""
[requests]
DescribeKey = {RATE}
ListAliases = 0.001

[resources]
"AWS KMS keys" = 5
"""
THREADS = 8


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("quotas")
    (directory / "quotas.toml").write_text(QUOTAS)
    options = ("--workers", "2", "--quotas-file", "quotas.toml", "--grant-delay", "3600")
    made = dev_server(directory, *options)
    try:
        yield made.start()
    finally:
        made.kill()


@pytest.fixture
def world(server: Server, account: str) -> World:
    """An account of the test's own, and so its quotas."""
    return World(server, account)


def answers(call: Callable[[Any], Any], clients: list[Any], times: int) -> list[str]:
    """What each of `times` calls from as many threads as there are clients ended with, empty for success."""

    def ask(client: Any) -> list[str]:
        ends = []
        for _ in range(times // len(clients)):
            try:
                call(client)
                ends.append("")
            except ClientError as error:
                ends.append(error.response["Error"]["Code"])
        return ends

    with ThreadPoolExecutor(len(clients)) as threads:
        return [end for ends in threads.map(ask, clients) for end in ends]


def clients(server: Server, account: str) -> list[Any]:
    """Each with connections of its own, which the workers share among them."""
    return [server.client("kms", (account, "test")) for _ in range(THREADS)]


def test_two_workers_let_no_more_pass_than_the_quota(server: Server, world: World, account: str) -> None:
    key = world.key()
    asking = clients(server, account)
    began = time.monotonic()
    ends = answers(lambda client: client.describe_key(KeyId=key), asking, 80)
    seconds = time.monotonic() - began
    assert set(ends) == {"", "ThrottlingException"}
    assert RATE // 2 <= ends.count("") <= RATE + RATE * seconds


def test_a_client_that_tries_again_has_all_its_answers(server: Server, world: World, account: str) -> None:
    key = world.key()
    patient = server.client(
        "kms", (account, "test"), config=Config(retries={"mode": "standard", "total_max_attempts": 8})
    )
    again = 0
    for _ in range(RATE + 5):
        again += patient.describe_key(KeyId=key)["ResponseMetadata"]["RetryAttempts"]
    assert again > 0


def test_two_workers_make_no_more_keys_than_the_quota(server: Server, account: str) -> None:
    ends = answers(lambda client: client.create_key(), clients(server, account), 16)
    assert sorted(ends) == [""] * 5 + ["LimitExceededException"] * 11


def test_what_the_cli_says(server: Server, account: str) -> None:
    def aws() -> tuple[bool, str]:
        done = server.aws("kms", "list-aliases", credentials=(account, "test"))
        return done.returncode == 0, done.stderr.strip()

    said = {aws() for _ in range(3)}  # each worker lets one pass
    assert said - {(True, "")} == {
        (
            False,
            "An error occurred (ThrottlingException) when calling the ListAliases operation (reached max "
            "retries: 0): You have exceeded the rate at which you may call KMS. Reduce the frequency of your "
            "calls.",
        )
    }


def test_the_cli_uses_a_new_grant_by_its_token(server: Server, world: World) -> None:
    key = world.key()
    user = world.user("user")
    made = server.aws(
        *("kms", "create-grant", "--key-id", key, "--operations", "Encrypt"),
        *("--grantee-principal", world.arn("user")),
        credentials=(world.account, "test"),
    )
    token = json.loads(made.stdout)["GrantToken"]
    for _ in range(4):  # whichever worker answers
        user.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=[token])
        refused("AccessDeniedException", user.encrypt, KeyId=key, Plaintext=b"x")


def test_those_of_aws(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    """CreateKey: five a second."""
    kms = servers(dev_server(tmp_path, "--data", ":memory:", KEYSTEAD_QUOTAS="aws")).start().client("kms")
    ends = answers(lambda client: client.create_key(), [kms], 40)
    assert set(ends) == {"", "ThrottlingException"}
