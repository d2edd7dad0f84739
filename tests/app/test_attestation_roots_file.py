"""The roots of attestation documents that an operator gives in a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.enclaves import Enclave, Hypervisor

from keystead.app.installation import Installation
from keystead.app.operator_files import attestation_roots
from keystead.config import MEMORY, ConfigError, Settings

HYPERVISOR = Hypervisor(datetime(2027, 1, 15, tzinfo=UTC).timestamp())


def roots_file(directory: Path, content: bytes) -> Path:
    path = directory / "roots.pem"
    path.write_bytes(content)
    return path


def test_roots_of_a_file_verify(tmp_path: Path) -> None:
    other = Hypervisor(HYPERVISOR.time)
    path = roots_file(tmp_path, other.root_pem + b"# comment\n" + HYPERVISOR.root_pem)
    roots = attestation_roots(Settings(attestation_roots=path))
    assert roots is not None
    for hypervisor in (HYPERVISOR, other):
        document = hypervisor.document(Enclave().public_key)
        assert roots.verify(document, hypervisor.milliseconds).pcrs


def test_without_the_setting_there_are_none() -> None:
    assert attestation_roots(Settings()) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not PEM certificates"),
        (b"{}", "not PEM certificates"),
        (HYPERVISOR.bundle[0].der, "not PEM certificates"),
        (HYPERVISOR.signer.pem, "not PEM certificates of certificate authorities"),
        (b" " * ((1 << 20) + 1), "larger than 1 MiB"),
    ],
    ids=["empty", "JSON", "DER", "no authority", "huge"],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes, told: str) -> None:
    settings = Settings(data=MEMORY, attestation_roots=roots_file(tmp_path, content))
    with pytest.raises(ConfigError, match=told):
        attestation_roots(settings)
    with pytest.raises(ConfigError, match=told):
        Installation(settings).check()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the roots of attestation documents"):
        attestation_roots(Settings(attestation_roots=tmp_path / "absent.pem"))
