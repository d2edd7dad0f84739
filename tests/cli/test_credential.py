"""`keystead credential list` and `keystead credential rotate`, beside a server that runs and without one."""

import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from keystead.store import open_store
from tests.cli.conftest import ACCOUNT, OPENER, Keystead, refused, root_access_key
from tests.conftest import Server

pytestmark = pytest.mark.wire


def rotate(keystead: Keystead, *arguments: str) -> tuple[tuple[str, str], str]:
    """The new access key, and the last line of what was printed."""
    done = keystead("credential", "rotate", "--data", "data", *OPENER, *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return root_access_key(done.stdout), done.stdout.splitlines()[-1]


def listed(keystead: Keystead, *arguments: str) -> list[list[str]]:
    done = keystead("credential", "list", "--data", "data", *arguments)
    assert done.returncode == 0, done.stderr
    head, *rows = (re.split("  +", line) for line in done.stdout.splitlines())
    assert head == ["ACCOUNT", "ACCESS KEY", "STATUS", "CREATED", "LAST USED"]
    return rows


def who(server: Server, credentials: tuple[str, str]) -> str:
    arn: str = server.client("sts", credentials).get_caller_identity()["Arn"]
    return arn


def turned_away(server: Server, credentials: tuple[str, str]) -> bool:
    try:
        who(server, credentials)
    except ClientError as error:
        return bool(error.response["Error"]["Code"] == "InvalidClientTokenId")
    return False


def test_a_running_server_knows_of_it_at_once(
    keystead: Keystead, server: Server, first: tuple[str, str]
) -> None:
    assert who(server, first) == f"arn:aws:iam::{ACCOUNT}:root"
    second, said = rotate(keystead)
    assert said == f"Account: {ACCOUNT}. Deactivated: {first[0]}."
    for _ in range(10):  # on both workers
        assert who(server, second) == f"arn:aws:iam::{ACCOUNT}:root"
        assert turned_away(server, first)
    iam = server.client("iam", second)
    statuses = {key["AccessKeyId"]: key["Status"] for key in iam.list_access_keys()["AccessKeyMetadata"]}
    assert statuses == {first[0]: "Inactive", second[0]: "Active"}
    iam.update_access_key(AccessKeyId=first[0], Status="Active")
    assert who(server, first) == f"arn:aws:iam::{ACCOUNT}:root"
    third, said = rotate(keystead, "--old", "delete")
    assert said == f"Account: {ACCOUNT}. Deleted: {', '.join(sorted((first[0], second[0])))}."
    assert who(server, third) == f"arn:aws:iam::{ACCOUNT}:root"
    assert turned_away(server, first)
    assert turned_away(server, second)


def test_the_way_back_in(keystead: Keystead, server: Server, first: tuple[str, str]) -> None:
    """A root user without any access key gets one."""
    server.client("iam", first).delete_access_key(AccessKeyId=first[0])
    assert turned_away(server, first)
    assert listed(keystead) == []
    new, said = rotate(keystead, "--account", ACCOUNT)
    assert said == f"Account: {ACCOUNT}. It had no other."
    assert who(server, new) == f"arn:aws:iam::{ACCOUNT}:root"


def test_old_ones_may_stay_and_two_are_all(
    keystead: Keystead, first: tuple[str, str], tmp_path: Path
) -> None:
    second, said = rotate(keystead, "--old", "keep")
    assert said == f"Account: {ACCOUNT}. Still there: {first[0]}."
    names = sorted((first[0], second[0]))
    assert [row[1:3] for row in listed(keystead)] == [[name, "Active"] for name in names]
    for old in ("keep", "deactivate"):
        again = keystead("credential", "rotate", "--data", "data", *OPENER, "--old", old)
        assert refused(again) == (
            f"the root user of {ACCOUNT} has {', '.join(names)} already, and may have no more: "
            "give --old delete, or delete one through IAM"
        )
    assert [row[1:3] for row in listed(keystead)] == [[name, "Active"] for name in names]


def test_what_is_listed(keystead: Keystead, server: Server, first: tuple[str, str]) -> None:
    ((account, name, status, created, used),) = listed(keystead, "--account", ACCOUNT)
    assert (account, name, status, used) == (ACCOUNT, first[0], "Active", "never")
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", created)
    server.client("sts", first, region="eu-west-1").get_caller_identity()
    assert server.stop() == 0
    ((*_, used),) = listed(keystead)
    assert re.fullmatch(r"20\S+Z sts eu-west-1", used)


def test_the_secret_is_shown_once_and_the_event_names_the_keys(
    keystead: Keystead, first: tuple[str, str], tmp_path: Path
) -> None:
    second, _ = rotate(keystead)
    assert second[1] != first[1]
    for file in (tmp_path / "data").iterdir():
        assert second[1].encode() not in file.read_bytes()
    store = open_store(str(tmp_path / "data" / "keystead.db"))
    with store.read() as tx:
        ((_, event),) = tx.events(0, 10)
    store.close()
    record = json.loads(event.record)
    assert record["eventName"] == "RotateRootAccessKey"
    assert record["eventType"] == "AwsServiceEvent"
    assert record["userIdentity"] == {"accountId": ACCOUNT, "invokedBy": "keystead"}
    assert record["additionalEventData"] == {
        "accessKeyId": second[0],
        "previousAccessKeyIds": [first[0]],
        "previousAccessKeys": "deactivate",
    }
    assert second[1] not in event.record.decode()


def test_a_passphrase(keystead: Keystead, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("five words make a good one\n")
    (tmp_path / "passphrase").chmod(0o600)
    assert keystead("init", "--data", "data", "--passphrase-file", "passphrase").returncode == 0
    done = keystead("credential", "rotate", "--data", "data", "--passphrase-file", "passphrase")
    assert root_access_key(done.stdout)


class TestRefusals:
    """One sentence each, and nothing changed."""

    @pytest.mark.parametrize("command", ["list", "rotate"])
    def test_nothing_there(self, keystead: Keystead, tmp_path: Path, command: str) -> None:
        assert refused(keystead("credential", command, "--data", "data")) == (
            "`data` is not initialised: run `keystead init --data data` first"
        )
        assert not (tmp_path / "data").exists()
        assert refused(keystead("credential", command, "--data", ":memory:")).startswith(
            "credentials are kept in a data directory"
        )

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (
                (*OPENER, "--account", "111122223333"),
                "there is no account 111122223333 in this installation",
            ),
            ((*OPENER, "--account", "one"), "--account must be twelve digits, not `one`"),
            (
                (),
                "nothing opens the root key: give --root-key-file or --passphrase-file, "
                "whichever `keystead init` was given",
            ),
        ],
    )
    def test_in_words(
        self, keystead: Keystead, first: tuple[str, str], arguments: tuple[str, ...], sentence: str
    ) -> None:
        before = listed(keystead)
        assert refused(keystead("credential", "rotate", "--data", "data", *arguments)) == sentence
        assert listed(keystead) == before

    def test_another_root_key(self, keystead: Keystead, first: tuple[str, str]) -> None:
        assert keystead("init", "--data", "other", "--root-key-file", "other.key").returncode == 0
        said = refused(keystead("credential", "rotate", "--data", "data", "--root-key-file", "other.key"))
        assert "does not open this installation's root key" in said
        assert [row[1] for row in listed(keystead)] == [first[0]]

    def test_which_account(self, keystead: Keystead, first: tuple[str, str], tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "data" / "keystead.db", isolation_level=None)) as database:
            database.execute(
                "INSERT INTO account (id, created) VALUES ('111122223333', ?)", (int(time.time()),)
            )
        said = refused(keystead("credential", "rotate", "--data", "data", *OPENER))
        assert said == "this installation has 2 accounts: say which with --account"
        new, _ = rotate(keystead, "--account", "111122223333")
        assert [row[:2] for row in listed(keystead)] == [["111122223333", new[0]], [ACCOUNT, first[0]]]
        assert [row[1] for row in listed(keystead, "--account", ACCOUNT)] == [first[0]]
