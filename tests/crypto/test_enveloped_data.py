"""CiphertextForRecipient: its layout, and that others open it."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.enclaves import Enclave

from keystead.crypto.enveloped_data import enveloped_data, key_identifier, seal

ENCLAVE = Enclave()


def counting(length: int) -> bytes:
    return bytes(range(length))


def test_the_layout_of_aws() -> None:
    """Tags, lengths and versions as in an answer of AWS KMS of January 2025, decoded in public."""
    made = enveloped_data(b"\xaa" * 32, b"\xbb" * 256, b"\xcc" * 16, b"\xdd" * 32)
    assert made.hex() == (
        "3080" "06092a864886f70d010703" "a080"
        "3080" "020102"
        "3182016b" "30820167" "020102"
        "8020" + "aa" * 32 +
        "303c" "06092a864886f70d010107"
        "302f" "a00f" "300d0609608648016503040201" "0500"
        "a11c" "301a" "06092a864886f70d010108" "300d0609608648016503040201" "0500"
        "04820100" + "bb" * 256 +
        "3080" "06092a864886f70d010701"
        "301d" "060960864801650304012a" "0410" + "cc" * 16 +
        "a080" "0420" + "dd" * 32 +
        "0000" "0000" "0000" "0000" "0000"
    )  # fmt: skip


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_keys_of_every_size_open_it(bits: int) -> None:
    enclave = ENCLAVE if bits == 2048 else Enclave(bits)
    assert enclave.open(seal(enclave.key.public_key(), b"a secret", counting)) == b"a secret"


@given(st.binary(max_size=4096))
@settings(max_examples=30)
def test_plaintexts_of_every_size(plaintext: bytes) -> None:
    assert ENCLAVE.open(seal(ENCLAVE.key.public_key(), plaintext, counting)) == plaintext


@pytest.mark.parametrize("size", [1, 15, 16, 17, 1024, 4096])
def test_openssl_opens_it(tmp_path: Path, size: int) -> None:
    plaintext = counting(256)[: min(size, 256)] * max(1, size // 256)
    (tmp_path / "key.pem").write_bytes(ENCLAVE.private_pem)
    (tmp_path / "sealed").write_bytes(seal(ENCLAVE.key.public_key(), plaintext, counting))
    opened = subprocess.run(
        ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", "sealed", "-inkey", "key.pem", "-binary"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert opened.stdout == plaintext


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(ValueError):
        Enclave().open(seal(ENCLAVE.key.public_key(), b"a secret", counting))


def test_the_recipient_is_named_by_its_key() -> None:
    sealed = seal(ENCLAVE.key.public_key(), b"a secret", counting)
    assert b"\x80\x20" + key_identifier(ENCLAVE.key.public_key()) in sealed
