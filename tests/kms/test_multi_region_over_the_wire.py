"""Multi-Region keys with boto3 clients of two Regions, on one worker and on two."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError
from related import ELSEWHERE, HERE, THERE
from tests.conftest import Server, dev_server

pytestmark = pytest.mark.wire

PATIENCE = 30.0
"""Seconds; states pass in one or two."""


class Connections:
    """Calls to one Region that go round several clients, so that every worker gets some of them."""

    def __init__(self, server: Server, region: str) -> None:
        self._clients = itertools.cycle([server.client(region=region) for _ in range(4)])

    def __getattr__(self, operation: str) -> Any:
        return getattr(next(self._clients), operation)


def wait_until_enabled(kms: Any, key: str) -> None:
    end = time.monotonic() + PATIENCE
    while kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] != "Enabled":
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(params=[1, 2], ids=["one worker", "two workers"], scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = dev_server(tmp_path_factory.mktemp("regions"), "--workers", str(request.param))
    try:
        yield made.start()
    finally:
        made.kill()


@pytest.fixture
def at(server: Server) -> dict[str, Connections]:
    return {region: Connections(server, region) for region in (HERE, THERE, ELSEWHERE)}


def test_each_worker_knows_each_change_at_once(at: dict[str, Connections]) -> None:
    here, there = at[HERE], at[THERE]
    key = here.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    blob = here.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    here.replicate_key(KeyId=key, ReplicaRegion=THERE)
    for _ in range(8):
        assert there.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] in ("Creating", "Enabled")
    wait_until_enabled(there, key)
    for _ in range(8):
        assert there.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    here.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    for _ in range(8):
        assert there.get_key_rotation_status(KeyId=key)["RotationPeriodInDays"] == 90
    here.update_primary_region(KeyId=key, PrimaryRegion=THERE)
    for _ in range(8):
        kinds = [
            at[region].describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"][
                "MultiRegionKeyType"
            ]
            for region in (HERE, THERE)
        ]
        assert kinds == ["REPLICA", "PRIMARY"]
    for region in (HERE, THERE):
        wait_until_enabled(at[region], key)


def test_a_rotation_reaches_every_region_and_worker(at: dict[str, Connections]) -> None:
    here, there = at[HERE], at[THERE]
    key = here.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    here.replicate_key(KeyId=key, ReplicaRegion=THERE)
    wait_until_enabled(there, key)
    first = here.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    here.rotate_key_on_demand(KeyId=key)
    end = time.monotonic() + PATIENCE
    while here.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"] == first:
        assert time.monotonic() < end
        time.sleep(0.2)
    for _ in range(8):
        made = there.generate_data_key(KeyId=key, KeySpec="AES_256")
        assert made["KeyMaterialId"] != first
        assert here.decrypt(CiphertextBlob=made["CiphertextBlob"])["Plaintext"] == made["Plaintext"]


def test_of_many_that_replicate_at_once_one_does(at: dict[str, Connections]) -> None:
    key = at[HERE].create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]

    def replicate(_: int) -> str:
        try:
            at[HERE].replicate_key(KeyId=key, ReplicaRegion=THERE)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "made"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(replicate, range(8)))
    assert answers == ["AlreadyExistsException"] * 7 + ["made"]


def test_of_two_that_promote_at_once_there_is_one_primary(at: dict[str, Connections]) -> None:
    key = at[HERE].create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    for region in (THERE, ELSEWHERE):
        at[HERE].replicate_key(KeyId=key, ReplicaRegion=region)
    for region in (THERE, ELSEWHERE):
        wait_until_enabled(at[region], key)

    def promote(region: str) -> str:
        try:
            at[HERE].update_primary_region(KeyId=key, PrimaryRegion=region)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return region

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(promote, (THERE, ELSEWHERE)))
    assert sorted(answers)[0] == "KMSInvalidStateException"
    (primary,) = set(answers) - {"KMSInvalidStateException"}
    for region in (HERE, THERE, ELSEWHERE):
        told = at[region].describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
        assert told["PrimaryKey"]["Region"] == primary
        assert told["MultiRegionKeyType"] == ("PRIMARY" if region == primary else "REPLICA")
