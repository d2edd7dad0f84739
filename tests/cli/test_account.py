"""`keystead account`: accounts made, listed, closed and opened again, beside a server and without one."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import ACCOUNT, OPENER, Keystead, refused, root_access_key
from tests.conftest import Server

pytestmark = pytest.mark.wire

KEY = ("--data", "data", *OPENER)
NEW = ("account", "create", *KEY, "--name", "Payments", "--email", "pay@example.com")


def test_an_account_is_made_beside_a_server(server: Server, keystead: Keystead) -> None:
    made = keystead(*NEW)
    assert made.returncode == 0, made.stderr
    sentence, shown, *_ = made.stdout.splitlines()
    assert shown == "The root user's access key, shown this once:"
    match = re.fullmatch(r"Account ([1-9][0-9]{11}) is made\.", sentence)
    assert match is not None
    credentials = root_access_key(made.stdout)
    assert server.client("sts", credentials).get_caller_identity()["Arn"] == f"arn:aws:iam::{match[1]}:root"
    server.client("kms", credentials).create_key()
    listed = keystead("account", "list", "--data", "data").stdout.splitlines()
    assert [line.split() for line in listed] == [
        ["ACCOUNT", "STATE", "ORGANIZATION", "EMAIL", "NAME"],
        *sorted(
            [
                [ACCOUNT, "ACTIVE", "-", "-", "-"],
                [match[1], "ACTIVE", "-", "pay@example.com", "Payments"],
            ]
        ),
    ]


def test_an_account_is_closed_and_opened_beside_a_server(server: Server, keystead: Keystead) -> None:
    made = keystead(*NEW, "--account", "111122223333")
    credentials = root_access_key(made.stdout)
    kms = server.client("kms", credentials)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    closed = keystead("account", "close", "111122223333", "--data", "data")
    assert closed.stdout == ("Account 111122223333 is closed. `keystead account reopen` brings it back.\n"), (
        closed.stderr
    )
    for _ in range(10):  # connections of their own, so that both workers answer
        with pytest.raises(kms.exceptions.ClientError, match="security token"):
            server.client("kms", credentials).decrypt(CiphertextBlob=blob)
    assert "111122223333  CLOSED" in keystead("account", "list", "--data", "data").stdout
    reopened = keystead("account", "reopen", "111122223333", "--data", "data")
    assert reopened.stdout == "Account 111122223333 is open.\n", reopened.stderr
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_the_secret_is_nowhere_but_on_the_screen(
    first: tuple[str, str], keystead: Keystead, tmp_path: Path
) -> None:
    made = keystead(*NEW)
    _, secret = root_access_key(made.stdout)
    for file in (tmp_path / "data").iterdir():
        assert secret.encode() not in file.read_bytes()


def test_who_manages_an_organization_closes_last(server: Server, keystead: Keystead) -> None:
    organizations = server.client("organizations")
    organization = organizations.create_organization()["Organization"]["Id"]
    made = organizations.create_account(AccountName="a", Email="a@example.com")
    account = made["CreateAccountStatus"]["AccountId"]
    listed = keystead("account", "list", "--data", "data").stdout
    assert f"{ACCOUNT}  ACTIVE  {organization} (manages it)" in listed
    assert f"{account}  ACTIVE  {organization} " in listed
    assert refused(keystead("account", "close", ACCOUNT, "--data", "data")) == (
        f"account {ACCOUNT} manages organization {organization}, which has other open accounts: close or "
        "remove those first"
    )
    organizations.close_account(AccountId=account)
    assert keystead("account", "close", ACCOUNT, "--data", "data").returncode == 0


class TestRefusals:
    """One sentence each."""

    def test_taken(self, first: tuple[str, str], keystead: Keystead) -> None:
        assert refused(keystead(*NEW, "--account", ACCOUNT)) == f"there is an account {ACCOUNT} already"
        assert keystead(*NEW).returncode == 0
        again = keystead(*NEW[:-1], "PAY@example.com")
        assert refused(again) == "another account has the address `PAY@example.com`"

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("--account", "12"), "an account is twelve digits, not `12`"),
            (("--name", "ä"), "--name takes 1 to 50 printable ASCII characters, not `ä`"),
            (("--name", "x" * 51), f"--name takes 1 to 50 printable ASCII characters, not `{'x' * 51}`"),
            (("--email", "pay"), "--email takes an address, such as pay@example.com, not `pay`"),
        ],
    )
    def test_not_well_formed(
        self, first: tuple[str, str], keystead: Keystead, arguments: tuple[str, str], sentence: str
    ) -> None:
        assert refused(keystead(*NEW, *arguments)) == sentence

    def test_no_installation(self, keystead: Keystead, tmp_path: Path) -> None:
        missing = "`data` is not initialised: run `keystead init --data data` first"
        assert refused(keystead(*NEW)) == missing
        for command in (("list",), ("close", ACCOUNT), ("reopen", ACCOUNT)):
            assert refused(keystead("account", *command, "--data", "data")) == missing
        assert not (tmp_path / "data").exists()

    def test_no_root_key(self, first: tuple[str, str], keystead: Keystead) -> None:
        without = keystead("account", "create", "--data", "data", *NEW[-4:])
        assert refused(without).startswith("nothing opens the root key: give --root-key-file")

    def test_no_change(self, first: tuple[str, str], keystead: Keystead) -> None:
        for command, sentence in (
            (("close", "111122223333"), "there is no account 111122223333"),
            (("reopen", ACCOUNT), f"account {ACCOUNT} is active already"),
            (("close", "x"), "an account is twelve digits, not `x`"),
        ):
            assert refused(keystead("account", *command, "--data", "data")) == sentence
        assert keystead("account", "close", ACCOUNT, "--data", "data").returncode == 0
        again = keystead("account", "close", ACCOUNT, "--data", "data")
        assert refused(again) == f"account {ACCOUNT} is closed already"
