"""`keystead dev`: one command, no set-up."""

import json
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.cli.conftest import Keystead, refused
from tests.conftest import Server, dev_server, free_port

pytestmark = pytest.mark.wire


def banner(server: Server, starts: int = 1) -> list[str]:
    """The lines of the banners of so many starts; each appears in the moment after the server is ready."""
    deadline = time.monotonic() + 10
    while server.log.read_text().count("Ctrl-C") < starts and time.monotonic() < deadline:
        time.sleep(0.01)
    return server.log.read_text().splitlines()


def test_what_the_banner_offers_works(dev: Server) -> None:
    lines = [line.strip() for line in banner(dev)]
    exports = [line for line in lines if line.startswith("export ")]
    commands = [line for line in lines if line.startswith(("KEY=", "echo ", "aws "))]
    assert len(exports) == 3
    assert len(commands) == 3
    done = subprocess.run(
        ["sh", "-euc", "\n".join(exports + commands)],
        cwd=dev.directory,
        env=dev.aws_environment(("wrong", "wrong")),  # the exports must replace all of it
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "hello\n", "")


def test_it_is_up_in_a_moment(dev: Server, record_property: Callable[[str, object], None]) -> None:
    """The promise of 1.5 s is for `bench/`; a busy test machine gets more."""
    print(f"keystead dev was ready after {dev.start_seconds:.2f} s")
    record_property("start_seconds", dev.start_seconds)
    assert dev.start_seconds < 10


def test_everything_is_there_after_a_restart(dev: Server) -> None:
    key = dev.client().create_key(Description="kept")["KeyMetadata"]["KeyId"]
    blob = dev.client().encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    assert dev.stop() == 0
    dev.start()
    assert dev.client().decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"
    dev.kill()
    dev.start()
    assert dev.client().describe_key(KeyId=key)["KeyMetadata"]["Description"] == "kept"


def test_memory_keeps_nothing(dev_memory: Server) -> None:
    dev_memory.client().create_key()
    assert dev_memory.stop() == 0
    assert [path.name for path in dev_memory.directory.iterdir()] == ["server.log"]
    dev_memory.start()
    assert dev_memory.client().list_keys()["Keys"] == []


def test_the_data_directory_is_closed_to_others_and_to_git(dev: Server) -> None:
    directory = dev.directory / ".keystead"
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    for file in directory.iterdir():
        if file.name != ".gitignore":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert "*" in (directory / ".gitignore").read_text().splitlines()


def test_reset_empties_it(dev_memory: Server) -> None:
    import urllib.request

    dev_memory.client().create_key()
    with urllib.request.urlopen(f"{dev_memory.url}/_keystead/reset", data=b"") as response:
        assert response.status == 200
    assert dev_memory.client().list_keys()["Keys"] == []
    assert dev_memory.client().create_key()["KeyMetadata"]["Enabled"]


def test_credentials_of_the_environment(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    own = {
        "AWS_ACCESS_KEY_ID": "AKIAOWN",
        "AWS_SECRET_ACCESS_KEY": "s3cr3t-of-mine",
        "AWS_SESSION_TOKEN": "t",
    }
    server = servers(dev_server(tmp_path, "--data", ":memory:", "--account", "123456789012", **own)).start()
    arn = server.client("sts", ("AKIAOWN", "s3cr3t-of-mine")).get_caller_identity()["Arn"]
    assert arn == "arn:aws:iam::123456789012:root"
    with pytest.raises(ClientError):
        server.client("sts", ("test", "test")).get_caller_identity()
    assert "  unset AWS_SESSION_TOKEN" in banner(server)
    assert server.stop() == 0
    assert "s3cr3t-of-mine" not in server.log.read_text()


def test_known_credentials_of_the_environment_are_shown(
    tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    """As in a shell that has pasted an earlier banner: another terminal needs them spelled out."""
    known = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    server = servers(dev_server(tmp_path, "--data", ":memory:", **known)).start()
    assert '  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY="test"' in banner(server)


def test_an_access_key_id_of_twelve_digits_names_the_account(
    tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    own = {"AWS_ACCESS_KEY_ID": "111122223333", "AWS_SECRET_ACCESS_KEY": "own"}
    server = servers(dev_server(tmp_path, "--data", ":memory:", **own)).start()
    assert "  account 111122223333, kept in memory, gone when it stops" in banner(server)
    caller = server.client("sts", ("111122223333", "own")).get_caller_identity()
    assert caller["Arn"] == "arn:aws:iam::111122223333:root"


def test_the_banner_names_organization_policies_above_the_account(
    tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    server = servers(dev_server(tmp_path)).start()
    assert not [line for line in banner(server) if "above account" in line]
    server.client("sts").get_caller_identity()  # makes the account
    management = server.client("organizations", ("111122223333", "test"))
    management.create_organization(FeatureSet="ALL")
    invited = management.invite_account_to_organization(Target={"Id": "000000000000", "Type": "ACCOUNT"})
    server.client("organizations").accept_handshake(HandshakeId=invited["Handshake"]["Id"])
    root = management.list_roots()["Roots"][0]["Id"]
    for number, target in enumerate([root, root, root, root, *["000000000000"] * 3]):
        kind = "SERVICE_CONTROL_POLICY" if target == root else "RESOURCE_CONTROL_POLICY"
        if number in {0, 4}:
            management.enable_policy_type(RootId=root, PolicyType=kind)
        resource = {"Effect": "Deny", "Action": "kms:Sign", "Resource": "*"}
        statement = resource if target == root else {"Principal": "*", **resource}
        made = management.create_policy(
            Name=f"deny-{number}",
            Description="",
            Type=kind,
            Content=json.dumps({"Version": "2012-10-17", "Statement": statement}),
        )
        management.attach_policy(PolicyId=made["Policy"]["PolicySummary"]["Id"], TargetId=target)
    assert server.stop() == 0
    server.start()
    named = "deny-0, deny-1, deny-2, deny-3, deny-4 and 2 more"
    assert f"  above account 000000000000: organization policies {named}" in banner(server, starts=2)


def test_a_worker_sees_what_another_wrote(tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    server = servers(dev_server(tmp_path, "--workers", "2")).start()
    key = server.client().create_key()["KeyMetadata"]["KeyId"]
    for _ in range(8):  # a connection each, so that both workers answer
        assert server.client().encrypt(KeyId=key, Plaintext=b"x")["KeyId"].endswith(key)


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0"])
def test_other_addresses(tmp_path: Path, servers: Callable[[Server], Server], host: str) -> None:
    server = servers(dev_server(tmp_path, "--data", ":memory:", "--host", host))
    server.host = "localhost"
    server.start()
    assert f"  export AWS_ENDPOINT_URL=http://{host.replace('0.0.0.0', '127.0.0.1')}:{server.port}" in banner(
        server
    )


class TestRefusals:
    """One sentence each."""

    def test_port_in_use(self, keystead: Keystead) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert refused(keystead("dev", "--port", str(port))) == (
                f"port {port} on 127.0.0.1 is in use by another program; "
                "stop it or choose another with --port"
            )

    def test_port_of_another_keystead(self, shared_dev: Server, keystead: Keystead) -> None:
        said = refused(keystead("dev", "--data", ":memory:", "--port", str(shared_dev.port)))
        assert "is in use by another program" in said

    @pytest.mark.parametrize(
        ("arguments", "environment", "sentence"),
        [
            (
                ["--data", ":memory:", "--workers", "2"],
                {},
                "`workers` must be 1 when the data is `:memory:`, which processes cannot share",
            ),
            (["--account", "12"], {}, "--account must be twelve digits, not `12`"),
            (
                ["--account", "111122223333"],
                {"AWS_ACCESS_KEY_ID": "444455556666", "AWS_SECRET_ACCESS_KEY": "x"},
                "AWS_ACCESS_KEY_ID names account 444455556666, and --account 111122223333",
            ),
            (
                [],
                {"AWS_ACCESS_KEY_ID": "a-b", "AWS_SECRET_ACCESS_KEY": "x"},
                "AWS_ACCESS_KEY_ID must be 3 to 128 letters, digits or underscores",
            ),
            (
                [],
                {"AWS_ACCESS_KEY_ID": "abc"},
                "set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or none of them",
            ),
            (["--host", "192.0.2.1"], {}, "`192.0.2.1` is not an address of this machine"),
            (
                ["--host", "no.such.host.invalid"],
                {},
                "`no.such.host.invalid` is not an address or a name that this machine knows",
            ),
            (["--data", "/dev/null/x"], {}, "cannot make the data directory `/dev/null/x`: Not a directory"),
            (
                ["--quotas-file", "none.toml"],
                {},
                "cannot read the quotas file `none.toml`: No such file or directory",
            ),
            (
                [],
                {"KEYSTEAD_PROT": "1"},
                "the environment variable `KEYSTEAD_PROT` is no setting; did you mean `KEYSTEAD_PORT`?",
            ),
        ],
    )
    def test_in_words(
        self, keystead: Keystead, arguments: list[str], environment: dict[str, str], sentence: str
    ) -> None:
        assert refused(keystead("dev", "--port", str(free_port()), *arguments, **environment)) == sentence

    def test_a_lost_root_key(self, keystead: Keystead, dev: Server) -> None:
        assert dev.stop() == 0
        (dev.directory / ".keystead/root.key").unlink()
        assert (
            refused(keystead("dev", "--port", str(free_port())))
            == "`.keystead/root.key`, which opens `./.keystead`, is missing: if `keystead init` made it, "
            "run `keystead serve` with its root key file; else put the file back"
        )

    def test_a_data_directory_that_is_no_database(self, keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / ".keystead").mkdir()
        (tmp_path / ".keystead/keystead.db").write_bytes(b"not a database, but long enough to look at" * 50)
        assert "keystead.db" in refused(keystead("dev", "--port", str(free_port())))

    def test_a_wrong_option_is_a_usage_error(self, keystead: Keystead) -> None:
        result = keystead("dev", "--prot", "1")
        assert result.returncode == 2
        assert "--prot" in result.stderr


def test_version(keystead: Keystead) -> None:
    from keystead import __version__

    assert keystead("--version").stdout == f"keystead {__version__}\n"
