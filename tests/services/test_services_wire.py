"""Services, managed keys and forwarded sessions on a real server with two workers, by real clients."""

import re
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests_by_hand as by_hand
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config
from botocore.exceptions import ClientError
from tests.conftest import BIN, Server, clean_environment, free_port

pytestmark = pytest.mark.wire

ACCOUNT = "123456789012"
OPENER = ("--root-key-file", "root.key")
ACCESS_KEY = re.compile(r"AWS_ACCESS_KEY_ID=(\S+)\s+AWS_SECRET_ACCESS_KEY=(\S+)")

Who = tuple[str, ...]


def keystead(directory: Path, *arguments: str) -> Who:
    """Runs `keystead`; the access key that it prints."""
    done = subprocess.run(
        [str(BIN / "keystead"), *arguments, "--data", "data", *OPENER],
        cwd=directory,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = ACCESS_KEY.search(done.stdout)
    assert found is not None, done.stdout
    return found.groups()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers over a new installation."""
    directory = tmp_path_factory.mktemp("services")
    root = keystead(directory, "init", "--account", ACCOUNT)
    port = free_port()
    command = [str(BIN / "keystead"), "serve", "--data", "data", *OPENER, "--insecure-http"]
    made = Server([*command, "--workers", "2", "--port", str(port)], port, directory)
    made.credentials = root
    try:
        yield made.start()
    finally:
        made.kill()


@pytest.fixture(scope="module")
def store(server: Server) -> Who:
    return keystead(server.directory, "service", "add", "s3")


@pytest.fixture(scope="module")
def ada(server: Server) -> Who:
    iam = server.client("iam")
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def received(
    server: Server, who: Who, call: Callable[[Any], Any], region: str = "us-east-1"
) -> dict[str, Any]:
    """What a service tells of a request that boto3's S3 client signed and would have sent."""
    client = server.client("s3", who, region=region, config=Config(s3={"addressing_style": "path"}))
    told: dict[str, Any] = {}

    def keep(request: Any, **_: Any) -> AWSResponse:
        url = urlsplit(request.url)
        headers = {name.lower(): by_hand.text(value) for name, value in request.headers.items()}
        headers.setdefault("host", url.netloc)
        signed = re.search(r"SignedHeaders=([^,]+)", headers["authorization"])
        assert signed is not None
        told.update(
            Method=request.method,
            Path=url.path,
            Query=url.query,
            Headers={name: headers[name] for name in (*signed[1].split(";"), "authorization")},
            PayloadHash=headers["x-amz-content-sha256"],
        )
        return AWSResponse(request.url, 200, HeadersDict({}), by_hand.Empty())

    client.meta.events.register("before-send.s3", keep)
    call(client)
    return told


def forwarded(server: Server, service: Who, told: dict[str, Any]) -> Who:
    given = by_hand.create_forwarded_session(server.url, service, told)["Credentials"]
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


def denied(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    "call",
    [
        lambda s3: s3.put_object(Bucket="letters", Key="to bob/1 \u00e9+~.txt", Body=b"Dear Bob"),
        lambda s3: s3.get_object(Bucket="letters", Key="a//b/../c", VersionId="x y"),
        lambda s3: s3.list_objects_v2(Bucket="letters", Prefix="a=b&c"),
    ],
    ids=["put", "get", "list"],
)
def test_what_botos_s3_client_signs_is_proof(
    server: Server, store: Who, ada: Who, call: Callable[[Any], Any]
) -> None:
    told = received(server, ada, call)
    answer = by_hand.create_forwarded_session(server.url, store, told)
    assert answer["Caller"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ada"
    altered = told | {"Path": told["Path"] + "x"}
    with pytest.raises(by_hand.Refused, match="CallerNotProvenException"):
        by_hand.create_forwarded_session(server.url, store, altered)


def test_every_worker_knows_the_session(server: Server, store: Who, ada: Who) -> None:
    """Each client opens its own connection, and either worker may take it."""
    who = forwarded(server, store, received(server, ada, lambda s3: s3.get_object(Bucket="b", Key="k")))
    made = server.client("kms", who).generate_data_key(KeyId="alias/aws/s3", KeySpec="AES_256")
    for _ in range(8):
        opened = server.client("kms", who).decrypt(CiphertextBlob=made["CiphertextBlob"])
        assert opened["Plaintext"] == made["Plaintext"]
    assert denied(server.client("kms", ada).decrypt, CiphertextBlob=made["CiphertextBlob"]) == (
        "AccessDeniedException"
    )


def test_a_key_pair_can_be_the_first_use(server: Server, store: Who, ada: Who) -> None:
    told = received(server, ada, lambda s3: s3.get_object(Bucket="b", Key="k"), "ap-south-1")
    kms = server.client("kms", forwarded(server, store, told), region="ap-south-1")
    made = kms.generate_data_key_pair(KeyId="alias/aws/s3", KeyPairSpec="RSA_2048")
    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"])
    assert opened["Plaintext"] == made["PrivateKeyPlaintext"]
    own = server.client("kms", region="ap-south-1")
    assert [key["KeyArn"] for key in own.list_keys()["Keys"]] == [made["KeyId"]]


def test_many_first_calls_make_one_key(server: Server) -> None:
    def describe(region: str) -> str:
        kms = server.client("kms", region=region)
        return str(kms.describe_key(KeyId="alias/aws/sqs")["KeyMetadata"]["Arn"])

    regions = ["eu-west-1", "eu-central-1"] * 6
    with ThreadPoolExecutor(6) as pool:
        arns = list(pool.map(describe, regions))
    assert len(set(arns)) == 2
    for region in set(regions):
        kms = server.client("kms", region=region)
        keys = [key["KeyArn"] for key in kms.list_keys()["Keys"]]
        assert len(keys) == 1
        listed = {entry["AliasName"]: entry for entry in kms.list_aliases()["Aliases"]}
        assert listed["alias/aws/sqs"]["TargetKeyId"] == keys[0].rpartition("/")[2]


def test_the_aws_cli_sees_managed_keys(server: Server) -> None:
    told = server.aws(
        "kms",
        "describe-key",
        "--key-id",
        "alias/aws/ssm",
        "--query",
        "KeyMetadata.KeyManager",
        "--output",
        "text",
    )
    assert told.stdout == "AWS\n", told.stderr
    moved = server.aws("kms", "update-alias", "--alias-name", "alias/aws/ssm", "--target-key-id", "0" * 36)
    assert "NotAuthorizedException" in moved.stderr


def test_a_header_that_names_a_service_makes_none(server: Server, store: Who, ada: Who) -> None:
    """Whatever a caller sends, who it is follows from its access key."""
    s3_key = server.client("kms").describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    kms = server.client("kms", ada)

    def add(request: Any, **_: Any) -> None:
        request.headers["x-keystead-source-account"] = ACCOUNT
        request.headers["x-keystead-via-service"] = "s3"
        request.headers["x-amz-invoked-by"] = "s3.amazonaws.com"

    kms.meta.events.register("before-sign", add)
    assert denied(kms.encrypt, KeyId=s3_key, Plaintext=b"x") == "AccessDeniedException"
    with pytest.raises(by_hand.Refused, match="AccessDeniedException"):
        by_hand.create_forwarded_session(
            server.url, ada, received(server, ada, lambda s3: s3.get_object(Bucket="b", Key="k"))
        )


def test_a_removed_service_is_gone_on_every_worker(server: Server, ada: Who) -> None:
    lake = keystead(server.directory, "service", "add", "lake")
    kms = [server.client("kms", lake) for _ in range(6)]
    arn = server.client("kms").describe_key(KeyId="alias/aws/lake")["KeyMetadata"]["Arn"]
    assert {denied(each.describe_key, KeyId=arn) for each in kms} == {"AccessDeniedException"}
    subprocess.run(
        [str(BIN / "keystead"), "service", "remove", "lake", "--data", "data"],
        cwd=server.directory,
        env=clean_environment(),
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert {denied(each.describe_key, KeyId=arn) for each in kms} == {"UnrecognizedClientException"}
