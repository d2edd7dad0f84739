"""ML-KEM both ways, and between two implementations."""

import key_pairs
import pytest
from Crypto.PublicKey import MLKEM
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey, MLKEM1024PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.key_material import EncapsulationKeyPair, InvalidCiphertext
from keystead.kinds import KeySpec

CIPHERTEXT_BYTES = {KeySpec.ML_KEM_512: 768, KeySpec.ML_KEM_768: 1088, KeySpec.ML_KEM_1024: 1568}
LIBRARY = {KeySpec.ML_KEM_768: MLKEM768PublicKey, KeySpec.ML_KEM_1024: MLKEM1024PublicKey}


def encapsulating(spec: KeySpec) -> EncapsulationKeyPair:
    pair = key_pairs.pair(spec)
    assert isinstance(pair, EncapsulationKeyPair)
    return pair


@pytest.mark.parametrize("spec", key_pairs.ML_KEM)
def test_a_secret_comes_back(spec):
    pair = encapsulating(spec)
    secret, ciphertext = pair.encapsulate()
    assert (len(secret), len(ciphertext)) == (32, CIPHERTEXT_BYTES[spec])
    assert pair.decapsulate(ciphertext) == secret
    assert pair.encapsulate()[0] != secret


@pytest.mark.parametrize("spec", LIBRARY)
def test_two_implementations_agree(spec):
    """`cryptography` has two of the three parameter sets, PyCryptodome all of them."""
    pair = encapsulating(spec)
    elsewhere = MLKEM.import_key(pair.private_bytes())
    secret, ciphertext = pair.encapsulate()
    assert elsewhere._decaps(ciphertext) == secret
    secret, ciphertext = MLKEM.import_key(pair.public_key)._encaps()
    assert pair.decapsulate(ciphertext) == secret
    assert elsewhere.export_key() == pair.private_bytes()
    assert elsewhere.public_key().export_key() == pair.public_key


def test_what_anyone_encapsulates_for_the_public_key_opens():
    pair = encapsulating(KeySpec.ML_KEM_512)
    secret, ciphertext = MLKEM.import_key(pair.public_key)._encaps()
    assert pair.decapsulate(ciphertext) == secret


@pytest.mark.parametrize("spec", key_pairs.ML_KEM)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_wrong_ciphertext_leads_to_another_secret_and_the_same_each_time(spec, data):
    pair = encapsulating(spec)
    secret, ciphertext = pair.encapsulate()
    changed = bytearray(ciphertext)
    at = data.draw(st.integers(0, len(changed) - 1))
    changed[at] ^= 1 << data.draw(st.integers(0, 7))
    rejection = pair.decapsulate(bytes(changed))
    assert len(rejection) == 32
    assert rejection != secret
    assert rejection == pair.decapsulate(bytes(changed))


@pytest.mark.parametrize("spec", key_pairs.ML_KEM)
@pytest.mark.parametrize("length", [0, 1, 767, 769, 1087, 1089, 1567, 1569, 6144])
def test_a_ciphertext_has_one_length(spec, length):
    with pytest.raises(InvalidCiphertext):
        encapsulating(spec).decapsulate(bytes(length))
