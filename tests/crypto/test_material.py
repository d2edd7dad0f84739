import pickle

import ciphertext_reference as reference
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto import ciphertext, material
from keystead.crypto.ciphertext import CiphertextKind, Header
from keystead.crypto.key_families import new_material
from keystead.crypto.material import (
    SealBroken,
    Sealer,
    new_material_id,
    open_material,
    open_secret,
    reseal_material,
    seal_material,
    seal_secret,
)
from keystead.crypto.symmetric import SymmetricKey
from keystead.kinds import KeySpec
from keystead.names import AccessKeyId, KeyArn, KeyMaterialId, Region

SPEC = KeySpec.SYMMETRIC_DEFAULT
ROOT = bytes(range(32))
SEALER = Sealer(ROOT)
KEY = KeyArn.parse("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
ID = KeyMaterialId.parse("5a" * 32)
ACCESS_KEY = AccessKeyId.parse("AKIAIOSFODNN7EXAMPLE")
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

names = st.lists(st.text(max_size=8), max_size=4).map(tuple)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=100), st.text(max_size=8), names)
def test_what_is_sealed_opens_here_and_by_the_document(plaintext, purpose, names):
    sealed = SEALER.seal(plaintext, purpose, names)
    assert SEALER.open(sealed, purpose, names) == plaintext
    assert reference.open_secret(ROOT, sealed, purpose, names) == plaintext


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=4), names, st.text(max_size=4), names)
def test_it_opens_for_its_own_row_only(purpose, row, other_purpose, other_row):
    sealed = SEALER.seal(b"secret", purpose, row)
    if (purpose, row) == (other_purpose, other_row):
        assert SEALER.open(sealed, other_purpose, other_row) == b"secret"
    else:
        with pytest.raises(SealBroken):
            SEALER.open(sealed, other_purpose, other_row)


@pytest.mark.parametrize("row", [("ab", "c"), ("a", "b", "c"), ("abc",), ("a", "bc", ""), ("bc", "a"), ()])
def test_names_do_not_run_together(row):
    sealed = SEALER.seal(b"secret", "p", ("a", "bc"))
    with pytest.raises(SealBroken):
        SEALER.open(sealed, "p", row)


def test_every_bit_and_every_length_count():
    sealed = SEALER.seal(b"secret", "p", ("a",))
    broken = [sealed[:length] for length in range(len(sealed))]
    broken += [sealed + b"\x00", sealed + sealed]
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        broken.append(bytes(changed))
    for each in broken:
        with pytest.raises(SealBroken):
            SEALER.open(each, "p", ("a",))


def test_the_longest_secret():
    longest = bytes(material.MAX_BYTES)
    sealed = SEALER.seal(longest, "p", ())
    assert SEALER.open(sealed, "p", ()) == longest
    with pytest.raises(ValueError, match="too long"):
        SEALER.seal(longest + b"\x00", "p", ())
    with pytest.raises(SealBroken):
        SEALER.open(sealed + b"\x00", "p", ())


def test_material_comes_back_as_a_key():
    raw = new_material(SPEC)
    key = open_material(SEALER, SPEC, KEY, ID, seal_material(SEALER, KEY, ID, raw))
    header = Header(CiphertextKind.ENCRYPT, ID, KEY.key_id)
    blob = ciphertext.seal(SymmetricKey(raw), header, b"x", {})
    assert ciphertext.open(key, blob, {}) == b"x"


@pytest.mark.parametrize(
    "key",
    [
        KeyArn.parse(str(KEY).replace("111122223333", "444455556666")),
        KeyArn.parse(str(KEY).replace("eu-central-1", "eu-central-2")),
        KeyArn.parse(str(KEY).replace("1234abcd", "1234abce")),
        KeyArn.parse(
            "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        ),
    ],
    ids=str,
)
def test_material_does_not_move_to_another_key(key):
    sealed = seal_material(SEALER, KEY, ID, new_material(SPEC))
    with pytest.raises(SealBroken):
        open_material(SEALER, SPEC, key, ID, sealed)


def test_material_is_sealed_anew_for_a_related_key():
    raw, there = new_material(SPEC), KEY.in_region(Region("us-west-2"))
    sealed = reseal_material(SEALER, ID, seal_material(SEALER, KEY, ID, raw), key=KEY, to=there)
    row = (there.account, "us-west-2", there.key_id, ID)
    assert SEALER.open(sealed, material.KEY_MATERIAL, row) == raw
    with pytest.raises(SealBroken):
        open_material(SEALER, SPEC, KEY, ID, sealed)
    with pytest.raises(SealBroken):
        reseal_material(SEALER, ID, sealed, key=KEY, to=there)


def test_material_is_bound_to_its_id_and_purpose():
    sealed = seal_material(SEALER, KEY, ID, new_material(SPEC))
    with pytest.raises(SealBroken):
        open_material(SEALER, SPEC, KEY, KeyMaterialId.parse("5b" * 32), sealed)
    with pytest.raises(SealBroken):
        open_secret(SEALER, ACCESS_KEY, sealed)
    row = (KEY.account, KEY.region, KEY.key_id, ID)
    with pytest.raises(SealBroken):
        open_material(SEALER, SPEC, KEY, ID, SEALER.seal(new_material(SPEC), material.ACCESS_KEY_SECRET, row))


def test_material_that_is_no_aes_key_is_refused():
    with pytest.raises(SealBroken):
        open_material(SEALER, SPEC, KEY, ID, seal_material(SEALER, KEY, ID, bytes(16)))


def test_secrets_are_bound_to_their_access_key():
    sealed = seal_secret(SEALER, ACCESS_KEY, SECRET)
    assert open_secret(SEALER, ACCESS_KEY, sealed) == SECRET
    with pytest.raises(SealBroken):
        open_secret(SEALER, AccessKeyId.parse("AKIAI44QH8DHBEXAMPLE"), sealed)


def test_another_root_key_is_refused_in_words():
    sealed = seal_material(SEALER, KEY, ID, new_material(SPEC))
    with pytest.raises(SealBroken) as caught:
        open_material(Sealer(bytes(32)), SPEC, KEY, ID, sealed)
    assert caught.value.purpose == "key material"
    assert caught.value.names == ("111122223333", "eu-central-1", KEY.key_id, ID)
    assert "another root key" in str(caught.value)


def test_nothing_secret_is_shown():
    assert repr(SEALER) == "Sealer(...)"
    with pytest.raises(TypeError):
        pickle.dumps(SEALER)
    with pytest.raises(ValueError, match="too long") as caught:
        seal_secret(SEALER, ACCESS_KEY, SECRET * 5000)
    assert SECRET not in str(caught.value)


def test_a_root_key_has_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(bytes(31))


def test_new_material_and_ids_come_from_the_randomness_given():
    assert new_material(SPEC, lambda count: b"\x01" * count) == b"\x01" * 32
    assert new_material_id(lambda count: b"\xab" * count) == "ab" * 32
    assert new_material_id() != new_material_id()
    with pytest.raises(ValueError, match="source of randomness"):
        new_material(SPEC, lambda _: b"")
