"""`keystead init` and `keystead serve`: the life of an installation."""

import ipaddress
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.cli.conftest import Keystead, refused, root_access_key
from tests.conftest import BIN, Server, free_port

pytestmark = pytest.mark.wire


def serve(directory: Path, *arguments: str) -> Server:
    port = free_port()
    return Server(
        [str(BIN / "keystead"), "serve", "--data", "data", "--port", str(port), *arguments], port, directory
    )


def test_an_installation_is_made_and_served(
    first: tuple[str, str], tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    server = servers(serve(tmp_path, "--root-key-file", "root.key", "--insecure-http"))
    server.credentials = first
    server.start()
    assert server.client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:root"
    key = server.client().create_key()["KeyMetadata"]["KeyId"]
    blob = server.client().encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    assert server.stop() == 0
    server.start()
    assert server.client().decrypt(CiphertextBlob=blob)["Plaintext"] == b"secret"


def test_there_are_no_default_credentials_and_no_reset(
    first: tuple[str, str], tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    server = servers(serve(tmp_path, "--root-key-file", "root.key", "--insecure-http")).start()
    for name in ("test", "123456789012", "000000000000"):
        with pytest.raises(server.client("sts").exceptions.ClientError):
            server.client("sts", (name, name)).get_caller_identity()
    done = server.aws("sts", "get-caller-identity", credentials=first)
    assert done.returncode == 0, done.stderr
    import urllib.error
    import urllib.request

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server.url}/_keystead/reset", data=b"")
    caught.value.close()
    assert server.client("sts", first).get_caller_identity()["Account"] == "123456789012"


def test_the_secrets_are_nowhere_but_on_the_screen(first: tuple[str, str], tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "root.key").stat().st_mode) == 0o600
    root_key = (tmp_path / "root.key").read_bytes().strip().rpartition(b":")[2]
    for file in (tmp_path / "data").iterdir():
        assert first[1].encode() not in file.read_bytes()
        assert root_key not in file.read_bytes()


def test_a_passphrase(keystead: Keystead, tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    (tmp_path / "passphrase").write_text("five words make a good one\n")
    (tmp_path / "passphrase").chmod(0o600)
    (tmp_path / "other").write_text("five words made another one\n")
    (tmp_path / "other").chmod(0o600)
    made = keystead("init", "--data", "data", "--passphrase-file", "passphrase")
    credentials = root_access_key(made.stdout)
    server = servers(serve(tmp_path, "--passphrase-file", "passphrase", "--insecure-http")).start()
    assert server.client("sts", credentials).get_caller_identity()["Arn"].endswith(":root")
    wrong = keystead(
        "serve", "--data", "data", "--passphrase-file", "other", "--insecure-http", "--port", str(free_port())
    )
    assert refused(wrong).startswith("the passphrase does not open this installation's root key")


def test_tls(first: tuple[str, str], tmp_path: Path, servers: Callable[[Server], Server]) -> None:
    import ssl
    import urllib.request

    _self_signed(tmp_path)
    server = servers(
        serve(tmp_path, "--root-key-file", "root.key", "--tls-certificate", "tls.pem", "--tls-key", "tls.key")
    )
    server.scheme = "https"
    trust = ssl.create_default_context(cafile=tmp_path / "tls.pem")
    server.spawn()
    server.wait_ready(trust)
    with urllib.request.urlopen(f"{server.url}/healthz", context=trust) as response:
        assert response.read() == b"ok\n"
    client = server.client("sts", first, verify=str(tmp_path / "tls.pem"))
    assert client.get_caller_identity()["Account"] == "123456789012"
    assert server.stop() == 0


def _self_signed(directory: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now().astimezone()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (directory / "tls.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


class TestInitRefusals:
    """One sentence each, and nothing made."""

    def test_never_overwrites(self, first: tuple[str, str], keystead: Keystead, tmp_path: Path) -> None:
        before = (tmp_path / "root.key").read_bytes()
        again = keystead("init", "--data", "data", "--root-key-file", "root.key")
        assert refused(again) == "`data` holds an installation already; it is not overwritten"
        assert (tmp_path / "root.key").read_bytes() == before

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (
                [],
                "nothing seals the root key: give --root-key-file or --passphrase-file, "
                "or run in a terminal to be asked",
            ),
            (
                ["--root-key-file", "data/root.key"],
                "--root-key-file must lie outside the data directory, or whoever copies one has the other",
            ),
            (
                ["--passphrase-file", "none"],
                "cannot read the passphrase file `none`: No such file or directory",
            ),
            (["--root-key-file", "k", "--account", "x"], "--account must be twelve digits, not `x`"),
            (
                ["--root-key-file", "none/k"],
                "the root key file `none/k` cannot be written: No such file or directory",
            ),
        ],
    )
    def test_in_words(self, keystead: Keystead, tmp_path: Path, arguments: list[str], sentence: str) -> None:
        assert refused(keystead("init", "--data", "data", *arguments)) == sentence
        assert not (tmp_path / "data").exists()

    def test_memory(self, keystead: Keystead) -> None:
        said = refused(keystead("init", "--data", ":memory:", "--root-key-file", "k"))
        assert said == "`keystead init` makes something to keep: give --data a directory, not `:memory:`"

    def test_a_passphrase_file_that_others_can_read(self, keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / "open").write_text("five words make a good one")
        (tmp_path / "open").chmod(0o644)
        said = refused(keystead("init", "--data", "data", "--passphrase-file", "open"))
        assert said.startswith(
            "the passphrase file `open` has mode 0644, which lets others at it; `chmod 600 open`"
        )
        assert not (tmp_path / "data").exists()

    def test_no_directory(self, keystead: Keystead) -> None:
        assert refused(keystead("init", "--data", "", "--root-key-file", "k")) == (
            "--data is empty: give it a directory"
        )

    def test_a_short_passphrase(self, keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / "short").write_text("hunter2")
        (tmp_path / "short").chmod(0o600)
        said = refused(keystead("init", "--data", "data", "--passphrase-file", "short"))
        assert said.startswith("the passphrase must have 12 to 1024 characters")
        assert "hunter2" not in said


class TestServeRefusals:
    """One sentence each."""

    def test_not_initialised(self, keystead: Keystead, tmp_path: Path) -> None:
        said = refused(keystead("serve", "--data", "data", "--insecure-http", "--root-key-file", "k"))
        assert said == "`data` is not initialised: run `keystead init --data data` first"
        assert not (tmp_path / "data").exists()

    def test_without_tls(self, keystead: Keystead) -> None:
        said = refused(keystead("serve", "--data", "data"))
        assert said == (
            "plaintext keys would travel unprotected: give --tls-certificate and --tls-key, "
            "or --insecure-http if something else protects the connection"
        )

    def test_a_delay_of_grants(self, keystead: Keystead) -> None:
        said = refused(keystead("serve", "--data", "data", "--insecure-http", KEYSTEAD_GRANT_DELAY="5"))
        assert said == "`grant_delay` is for `keystead dev`: here a grant works at once"

    def test_quotas(self, first: tuple[str, str], keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / "q.toml").write_text("[requests]\nCreateKy = 1\n")
        served = ("serve", "--data", "data", "--root-key-file", "root.key", "--insecure-http")
        said = refused(keystead(*served, "--quotas-file", "q.toml"))
        assert said == "`CreateKy` in `q.toml` is no quota; did you mean `CreateKey`?"

    def test_missing_certificate(self, keystead: Keystead) -> None:
        said = refused(keystead("serve", "--tls-certificate", "a.pem", "--tls-key", "a.key"))
        assert said == "--tls-certificate: there is no file `a.pem`"

    def test_garbage_certificate(self, first: tuple[str, str], keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / "a.pem").write_text("garbage")
        arguments = ["--tls-certificate", "a.pem", "--tls-key", "a.pem", "--root-key-file", "root.key"]
        said = refused(keystead("serve", "--data", "data", "--port", str(free_port()), *arguments))
        assert said.startswith("`a.pem` and `a.pem` are not a certificate and its private key in PEM")

    def test_nothing_opens_the_root_key(self, first: tuple[str, str], keystead: Keystead) -> None:
        said = refused(keystead("serve", "--data", "data", "--insecure-http", "--port", str(free_port())))
        assert said.startswith("nothing opens the root key: give --root-key-file or --passphrase-file")

    def test_another_provider(self, first: tuple[str, str], keystead: Keystead, tmp_path: Path) -> None:
        (tmp_path / "passphrase").write_text("five words make a good one")
        (tmp_path / "passphrase").chmod(0o600)
        arguments = ["--insecure-http", "--passphrase-file", "passphrase", "--port", str(free_port())]
        said = refused(keystead("serve", "--data", "data", *arguments))
        assert said == "this installation's root key was sealed with a file, and a passphrase was given"

    def test_another_root_key(self, first: tuple[str, str], keystead: Keystead) -> None:
        assert keystead("init", "--data", "other", "--root-key-file", "other.key").returncode == 0
        arguments = ["--insecure-http", "--root-key-file", "other.key", "--port", str(free_port())]
        said = refused(keystead("serve", "--data", "data", *arguments))
        assert "does not open this installation's root key" in said

    def test_memory(self, keystead: Keystead) -> None:
        said = refused(keystead("serve", "--data", ":memory:", "--insecure-http"))
        assert said == "`keystead serve` serves what is kept: give --data a directory, not `:memory:`"


def test_no_path_answers_without_credentials(
    first: tuple[str, str], tmp_path: Path, servers: Callable[[Server], Server]
) -> None:
    """But the two that say whether the server is up, and they say nothing else."""
    import urllib.error
    import urllib.request

    server = servers(serve(tmp_path, "--root-key-file", "root.key", "--insecure-http")).start()

    def ask(method: str, path: str, **headers: str) -> tuple[int, bytes]:
        body = b"Action=ListUsers&Version=2010-05-08" if method == "POST" else None
        request = urllib.request.Request(f"{server.url}{path}", body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    paths = ["/", "/?Action=ListUsers&Version=2010-05-08", "//", "/console/", "/metrics", "/_keystead/reset"]
    paths += ["/healthz/", "/readyz/..", "/.well-known/openid-configuration", "/%2f", "/keystead.db"]
    target = {"X-Amz-Target": "TrentService.ListKeys", "Content-Type": "application/x-amz-json-1.1"}
    for path in paths:
        for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
            for headers in ({}, target):
                status, body = ask(method, path, **headers)
                assert 400 <= status < 500, (method, path, status)
                assert b"<Users>" not in body
                assert b"Keys" not in body.replace(b"ListKeys", b"")
    assert ask("GET", "/healthz") == ask("GET", "/readyz") == (200, b"ok\n")
