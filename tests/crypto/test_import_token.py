"""Import tokens open for their key alone, and show nothing."""

import hashlib
import hmac
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.import_token import (
    IMPORT_TOKEN,
    ImportParameters,
    InvalidImportToken,
    new_import_token,
    open_import_token,
)
from keystead.crypto.key_families import new_material
from keystead.crypto.material import Sealer, imported_material_id
from keystead.kinds import KeySpec, WrappingAlgorithm
from keystead.names import AccountId, KeyArn, KeyId, Region

SEALER = Sealer(b"\x07" * 32)
KEY = KeyArn(Region("us-east-1"), AccountId("000000000000"), KeyId("00000000-0000-4000-8000-000000000001"))
SPEC = KeySpec.SYMMETRIC_DEFAULT
PARAMETERS = ImportParameters(WrappingAlgorithm.RSAES_OAEP_SHA_256, b"\x30\x00private\x00key", 1 << 41)


@given(st.sampled_from(WrappingAlgorithm), st.binary(min_size=1, max_size=2400), st.integers(0, 1 << 60))
def test_it_gives_back_what_it_was_given(
    algorithm: WrappingAlgorithm, private_key: bytes, valid_to: int
) -> None:
    parameters = ImportParameters(algorithm, private_key, valid_to)
    token = new_import_token(SEALER, KEY, SPEC, parameters)
    assert open_import_token(SEALER, KEY, SPEC, token) == parameters
    assert private_key not in token or len(private_key) < 4


def test_the_longest_fits_into_a_request() -> None:
    longest = replace(
        PARAMETERS,
        algorithm=WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256,
        private_key=new_material(KeySpec.RSA_4096),
    )
    assert len(new_import_token(SEALER, KEY, SPEC, longest)) <= 3000


@pytest.mark.parametrize(
    ("key", "spec", "sealer"),
    [
        (replace(KEY, region=Region("us-west-2")), SPEC, SEALER),
        (replace(KEY, account=AccountId("111122223333")), SPEC, SEALER),
        (replace(KEY, key_id=KeyId("00000000-0000-4000-8000-000000000002")), SPEC, SEALER),
        (KEY, KeySpec.HMAC_256, SEALER),
        (KEY, SPEC, Sealer(b"\x08" * 32)),
    ],
    ids=["Region", "account", "key", "spec", "root key"],
)
def test_it_is_bound(key: KeyArn, spec: KeySpec, sealer: Sealer) -> None:
    token = new_import_token(SEALER, KEY, SPEC, PARAMETERS)
    with pytest.raises(InvalidImportToken):
        open_import_token(sealer, key, spec, token)


@given(st.data())
def test_no_bit_of_it_can_be_changed(data: st.DataObject) -> None:
    token = bytearray(new_import_token(SEALER, KEY, SPEC, PARAMETERS))
    bit = data.draw(st.integers(0, 8 * len(token) - 1))
    token[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidImportToken):
        open_import_token(SEALER, KEY, SPEC, bytes(token))


@given(st.binary(max_size=6144))
def test_other_bytes_are_none(token: bytes) -> None:
    with pytest.raises(InvalidImportToken):
        open_import_token(SEALER, KEY, SPEC, token)


def test_what_is_sealed_for_another_purpose_is_none() -> None:
    names = (KEY.account, KEY.region, KEY.key_id, SPEC)
    with pytest.raises(InvalidImportToken):
        open_import_token(SEALER, KEY, SPEC, SEALER.seal(b"x" * 100, IMPORT_TOKEN + "s", names))


def test_nothing_secret_is_shown() -> None:
    assert "private" not in repr(PARAMETERS)


def reference_id(root: bytes, key: KeyArn, material: bytes) -> str:
    """As `docs/ciphertext.md` says, "Ids of imported material"."""

    def keyed(secret: bytes, data: bytes) -> bytes:
        return hmac.new(secret, data, hashlib.sha256).digest()

    derived = keyed(root, b"\0\0\0\1" + b"keystead/digest/v1" + b"\0" + b"\0\0\1\0")
    texts = (b"imported key material id", key.account.encode(), key.key_id.encode())
    names = b"".join(len(text).to_bytes(4, "big") + text for text in texts)
    return keyed(derived, names + material).hex()


class TestIds:
    @given(st.binary(max_size=3000))
    def test_they_are_made_as_the_page_says(self, material: bytes) -> None:
        assert imported_material_id(SEALER, KEY, material) == reference_id(b"\x07" * 32, KEY, material)

    def test_they_are_the_same_for_the_same_bytes_in_related_keys(self) -> None:
        material = os.urandom(32)
        related = replace(KEY, region=Region("us-west-2"))
        assert imported_material_id(SEALER, KEY, material) == imported_material_id(SEALER, related, material)

    @given(st.binary(max_size=40), st.binary(max_size=40))
    def test_they_differ_with_bytes_key_account_and_root_key(self, one: bytes, other: bytes) -> None:
        ids = {
            imported_material_id(SEALER, KEY, one),
            imported_material_id(SEALER, KEY, other),
            imported_material_id(SEALER, replace(KEY, account=AccountId("111122223333")), one),
            imported_material_id(
                SEALER, replace(KEY, key_id=KeyId("00000000-0000-4000-8000-000000000002")), one
            ),
            imported_material_id(Sealer(b"\x08" * 32), KEY, one),
        }
        assert len(ids) == 5 - (one == other)
