import copy
import pickle

import ciphertext_reference as reference
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.randomness import draw
from keystead.crypto.symmetric import SymmetricKey

MATERIAL = bytes(range(32))


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.sampled_from([b"one", b"two/v1"]), st.binary(max_size=100))
def test_the_message_key_is_that_of_sp_800_108(material, label, context):
    """OpenSSL's own KBKDF agrees."""
    kdf = KBKDFHMAC(SHA256(), Mode.CounterMode, 32, 4, 4, CounterLocation.BeforeFixed, label, context, None)
    expected = kdf.derive(material)
    assert reference.derive(material, label, context) == expected
    sealed = SymmetricKey(material).message_key(label, context).encrypt(bytes(12), b"x", b"")
    assert sealed == AESGCM(expected).encrypt(bytes(12), b"x", b"")


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33, 64])
def test_material_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        SymmetricKey(bytes(length))


def test_a_key_hides_itself():
    key = SymmetricKey(MATERIAL)
    assert repr(key) == str(key) == f"{key}" == "SymmetricKey(...)"
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.copy(key)
    assert not hasattr(key, "__dict__")
    assert not [name for name in dir(key) if getattr(key, name) == MATERIAL]


def test_draw_takes_no_less_and_no_more():
    assert draw(bytes, 3) == bytes(3)
    for wrong in (0, 2, 4):
        with pytest.raises(ValueError, match="source of randomness"):
            draw(lambda _, wrong=wrong: bytes(wrong), 3)
