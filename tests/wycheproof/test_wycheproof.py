"""All of Wycheproof that touches KMS; `make test-wycheproof` runs it, given a checkout."""

import os
from pathlib import Path

import pytest
from wycheproof_checks import CHECKS, groups, is_taken, left_out, should_be_taken

# Marked slow as well, so that whoever leaves slow tests out leaves these out: they need a folder.
pytestmark = [pytest.mark.slow, pytest.mark.wycheproof]

FILES = """
aes_gcm aes_kwp
ecdh_secp256r1 ecdh_secp384r1 ecdh_secp521r1
ecdsa_secp256k1_sha256 ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512
ed25519
hmac_sha224 hmac_sha256 hmac_sha384 hmac_sha512
mldsa_44_verify mldsa_65_verify mldsa_87_verify
mlkem_512 mlkem_768 mlkem_1024
rsa_oaep_2048_sha1_mgf1sha1
rsa_oaep_2048_sha256_mgf1sha256 rsa_oaep_3072_sha256_mgf1sha256 rsa_oaep_4096_sha256_mgf1sha256
rsa_pss_2048_sha256_mgf1_32 rsa_pss_2048_sha384_mgf1_48 rsa_pss_3072_sha256_mgf1_32
rsa_pss_4096_sha256_mgf1_32 rsa_pss_4096_sha384_mgf1_48 rsa_pss_4096_sha512_mgf1_64
rsa_signature_2048_sha256 rsa_signature_2048_sha384 rsa_signature_2048_sha512
rsa_signature_3072_sha256 rsa_signature_3072_sha384 rsa_signature_3072_sha512
rsa_signature_4096_sha256 rsa_signature_4096_sha384 rsa_signature_4096_sha512
""".split()


def folder() -> Path:
    """The vectors of a checkout of C2SP/wycheproof, or a folder with its files."""
    given = os.environ.get("WYCHEPROOF")
    if not given:
        pytest.fail("set WYCHEPROOF to a checkout of C2SP/wycheproof", pytrace=False)
    path = Path(given)
    return path / "testvectors_v1" if (path / "testvectors_v1").is_dir() else path


@pytest.mark.parametrize("name", FILES)
def test_no_invalid_case_is_taken_and_no_valid_one_refused(name: str) -> None:
    wrong, looked_at, not_used = [], 0, 0
    for group in groups(folder() / f"{name}_test.json"):
        if left_out(group) is not None:
            not_used += len(group["tests"])
            continue
        for case in group["tests"]:
            looked_at += 1
            if is_taken(group, case) is not should_be_taken(group, case):
                wrong.append((case["tcId"], case["result"], case["flags"], case["comment"]))
    print(f"{name}: {looked_at} cases" + (f", {not_used} left out" if not_used else ""))
    assert wrong == []
    assert looked_at > 50 or name.startswith("rsa_oaep"), "a file that says less than it should"


def test_every_file_and_every_kind_is_there() -> None:
    missing = [name for name in FILES if not (folder() / f"{name}_test.json").is_file()]
    assert missing == []
    types = {group["type"] for name in FILES for group in groups(folder() / f"{name}_test.json")}
    assert types == set(CHECKS)
