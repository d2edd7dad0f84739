"""`keystead service`, beside a server that runs."""

import re

import pytest
from botocore.exceptions import ClientError

from tests.cli.conftest import OPENER, Keystead, refused, root_access_key
from tests.conftest import Server

pytestmark = pytest.mark.wire

HEAD = ["SERVICE", "CALLED", "PRINCIPAL", "ACCESS KEY", "STATUS", "CREATED"]


def done(keystead: Keystead, *arguments: str) -> str:
    result = keystead("service", *arguments, "--data", "data")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def rows(keystead: Keystead) -> list[list[str]]:
    head, *found = (re.split("  +", line) for line in done(keystead, "list").splitlines())
    assert head == HEAD
    return found


def test_a_service_from_its_first_access_key_to_its_end(keystead: Keystead, server: Server) -> None:
    said = done(keystead, "add", "objectstore", "--display-name", "Object Store", *OPENER)
    assert said.startswith(
        "Service objectstore is registered as objectstore.amazonaws.com.\nIts access key, shown this once:\n"
    )
    key = root_access_key(said)
    kms = server.client("kms")
    arn = kms.describe_key(KeyId="alias/aws/objectstore")["KeyMetadata"]["Arn"]

    def denied(credentials: tuple[str, str]) -> str:
        with pytest.raises(ClientError) as caught:
            server.client("kms", credentials).describe_key(KeyId=arn)
        return str(caught.value.response["Error"]["Code"])

    assert denied(key) == "AccessDeniedException"  # it is known, and the key is not for itself
    assert [row[:5] for row in rows(keystead)] == [
        ["objectstore", "Object Store", "objectstore.amazonaws.com", key[0], "Active"]
    ]
    said = done(keystead, "credential", "objectstore", *OPENER)
    second = root_access_key(said)
    assert said.splitlines()[-1] == f"Service: objectstore. Deactivated: {key[0]}."
    assert (denied(key), denied(second)) == ("UnrecognizedClientException", "AccessDeniedException")
    full = keystead("service", "credential", "objectstore", "--data", "data", *OPENER)
    assert "may have no more: give --old delete" in refused(full)
    said = done(keystead, "credential", "objectstore", "--old", "delete", *OPENER)
    assert f"Deleted: {', '.join(sorted((key[0], second[0])))}." in said
    assert done(keystead, "remove", "objectstore") == "Service objectstore is removed.\n"
    assert denied(root_access_key(said)) == "UnrecognizedClientException"
    assert rows(keystead) == []


def test_a_service_of_aws_has_its_name(keystead: Keystead, first: tuple[str, str]) -> None:
    done(keystead, "add", "s3", *OPENER)
    done(keystead, "add", "mailer", *OPENER)
    assert [row[:2] for row in rows(keystead)] == [["mailer", "mailer"], ["s3", "S3"]]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "Object"), "a service's name is 2 to 63 of a-z, 0-9 and -, not `Object`"),
        (("add", "kms"), "`kms` is answered by Keystead itself"),
        (("add", "ebs"), "`ebs` is what AWS calls keys of the service `ec2`"),
        (
            ("add", "a1", "--display-name", "\u00fcber"),
            "--display-name takes 1 to 64 printable ASCII characters",
        ),
        (("remove", "nobody"), "there is no service nobody"),
        (("credential", "nobody"), "there is no service nobody"),
    ],
    ids=["name", "own", "keys", "display-name", "remove", "credential"],
)
def test_what_is_refused(
    keystead: Keystead, first: tuple[str, str], arguments: tuple[str, ...], sentence: str
) -> None:
    opener = () if arguments[0] == "remove" else OPENER
    assert refused(keystead("service", *arguments, "--data", "data", *opener)).startswith(sentence)


def test_a_name_is_taken_once(keystead: Keystead, first: tuple[str, str]) -> None:
    done(keystead, "add", "s3", *OPENER)
    again = keystead("service", "add", "s3", "--data", "data", *OPENER)
    assert refused(again) == "there is a service s3 already"
