"""Material of every key spec: what is stored, what loads, what is refused, what is shown."""

import copy
import os
import pickle
import time
from concurrent.futures import ThreadPoolExecutor

import key_pairs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.key_families import accept_material, load_material, new_key_pair, new_material
from keystead.crypto.key_material import InvalidMaterial, KeyPair, MacKey
from keystead.crypto.symmetric import SymmetricKey
from keystead.kinds import KeySpec, MessageType, SigningAlgorithm
from keystead.model.key_spec import TRAITS

SPECS = list(TRAITS)
SECRET_BYTES = {
    KeySpec.SYMMETRIC_DEFAULT: 32,
    KeySpec.HMAC_224: 28,
    KeySpec.HMAC_256: 32,
    KeySpec.HMAC_384: 48,
    KeySpec.HMAC_512: 64,
}
# Lengths of PKCS #8 and SubjectPublicKeyInfo, recorded for the curves; those of RSA keys differ a little.
PAIR_BYTES = {
    KeySpec.ECC_NIST_P256: (150, 91),
    KeySpec.ECC_NIST_P384: (194, 120),
    KeySpec.ECC_NIST_P521: (250, 158),
    KeySpec.ECC_SECG_P256K1: (144, 88),
    KeySpec.ECC_NIST_EDWARDS25519: (48, 44),
    KeySpec.ML_DSA_44: (54, 1312 + 22),
    KeySpec.ML_DSA_65: (54, 1952 + 22),
    KeySpec.ML_DSA_87: (54, 2592 + 22),
    KeySpec.ML_KEM_512: (86, 800 + 22),
    KeySpec.ML_KEM_768: (86, 1184 + 22),
    KeySpec.ML_KEM_1024: (86, 1568 + 22),
}
RSA_PUBLIC_BYTES = {KeySpec.RSA_2048: 294, KeySpec.RSA_3072: 422, KeySpec.RSA_4096: 550}
OBJECT_IDENTIFIERS = {
    KeySpec.RSA_2048: "06092a864886f70d010101",
    KeySpec.RSA_3072: "06092a864886f70d010101",
    KeySpec.RSA_4096: "06092a864886f70d010101",
    KeySpec.ECC_NIST_P256: "06072a8648ce3d020106082a8648ce3d030107",
    KeySpec.ECC_NIST_P384: "06072a8648ce3d020106052b81040022",
    KeySpec.ECC_NIST_P521: "06072a8648ce3d020106052b81040023",
    KeySpec.ECC_SECG_P256K1: "06072a8648ce3d020106052b8104000a",
    KeySpec.ECC_NIST_EDWARDS25519: "06032b6570",
    KeySpec.ML_DSA_44: "0609608648016503040311",
    KeySpec.ML_DSA_65: "0609608648016503040312",
    KeySpec.ML_DSA_87: "0609608648016503040313",
    KeySpec.ML_KEM_512: "0609608648016503040401",
    KeySpec.ML_KEM_768: "0609608648016503040402",
    KeySpec.ML_KEM_1024: "0609608648016503040403",
}


def test_the_tables_above_hold_every_spec():
    assert set(SECRET_BYTES) | set(PAIR_BYTES) | set(RSA_PUBLIC_BYTES) == set(SPECS)
    assert set(OBJECT_IDENTIFIERS) == set(key_pairs.PAIRS)


@pytest.mark.parametrize("spec", SPECS)
def test_made_material_loads_and_is_accepted_as_it_is(spec):
    made = key_pairs.material(spec)
    loaded = load_material(spec, made)
    assert accept_material(spec, made) == made
    if isinstance(loaded, KeyPair):
        assert loaded.private_bytes() == made
        assert loaded.public_key == key_pairs.pair(spec).public_key
    else:
        assert isinstance(loaded, MacKey if spec.startswith("HMAC") else SymmetricKey)


@pytest.mark.parametrize("spec", key_pairs.PAIRS)
def test_encodings_have_the_recorded_lengths_and_identifiers(spec):
    pair = key_pairs.pair(spec)
    identifier = bytes.fromhex(OBJECT_IDENTIFIERS[spec])
    assert identifier in pair.public_key[:32]
    assert identifier in pair.private_bytes()[:32]
    if spec in PAIR_BYTES:
        assert (len(pair.private_bytes()), len(pair.public_key)) == PAIR_BYTES[spec]
    else:
        assert len(pair.public_key) == RSA_PUBLIC_BYTES[spec]


@pytest.mark.parametrize(("spec", "length"), SECRET_BYTES.items())
def test_secrets_come_from_the_randomness_given(spec, length):
    assert new_material(spec, lambda count: b"\x07" * count) == b"\x07" * length
    with pytest.raises(ValueError, match="randomness"):
        new_material(spec, lambda _: b"")


@pytest.mark.parametrize("spec", [s for s in key_pairs.PAIRS if s not in key_pairs.RSA])
def test_no_two_key_pairs_are_the_same(spec):
    assert new_key_pair(spec).private_bytes() != new_key_pair(spec).private_bytes()


@pytest.mark.parametrize("spec", SECRET_BYTES)
def test_data_key_pairs_are_of_specs_with_a_public_half(spec):
    with pytest.raises(ValueError, match="no public half"):
        new_key_pair(spec)


@pytest.mark.parametrize("spec", SPECS)
def test_material_of_no_other_spec_loads(spec):
    for other in SPECS:
        made = key_pairs.material(other)
        if other is spec or len(made) == SECRET_BYTES.get(spec):
            continue
        for take in (load_material, accept_material):
            with pytest.raises(InvalidMaterial):
                take(spec, made)


@pytest.mark.parametrize("spec", SPECS)
def test_no_byte_is_missing_or_too_many(spec):
    made = key_pairs.material(spec)
    for changed in (b"", made[:-1], made[1:], made + b"\x00", b"\x00" + made, made + made):
        for take in (load_material, accept_material):
            with pytest.raises(InvalidMaterial):
                take(spec, changed)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SPECS), st.binary(max_size=300))
def test_foreign_bytes_are_refused(spec, foreign):
    if len(foreign) == SECRET_BYTES.get(spec):
        assert accept_material(spec, foreign) == foreign
        return
    for take in (load_material, accept_material):
        with pytest.raises(InvalidMaterial) as refused:
            take(spec, foreign)
        assert refused.value.args == ()
        assert refused.value.__cause__ is None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([s for s in key_pairs.PAIRS if s not in key_pairs.RSA]), st.data())
def test_damaged_key_pairs_are_refused_or_are_other_keys(spec, data):
    made = bytearray(key_pairs.material(spec))
    at = data.draw(st.integers(0, len(made) - 1))
    made[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        accepted = accept_material(spec, bytes(made))
    except InvalidMaterial:
        return
    loaded = load_material(spec, accepted)
    assert isinstance(loaded, KeyPair)
    assert loaded.private_bytes() == accepted != key_pairs.material(spec)


@pytest.mark.parametrize("spec", SPECS)
def test_material_is_neither_shown_nor_pickled_nor_copied(spec):
    loaded = load_material(spec, key_pairs.material(spec))
    assert repr(loaded) == f"{type(loaded).__name__}(...)"
    assert str(loaded) == repr(loaded)
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="is not pickled"):
            leak(loaded)
    assert not hasattr(loaded, "__dict__")


@pytest.mark.parametrize("way", key_pairs.WAYS, ids="-".join)
def test_one_key_pair_serves_many_threads(way):
    pair = key_pairs.signer(way.spec)

    def sign_and_verify(_: int) -> None:
        message = way.message() if way.message_type != "RAW" else os.urandom(16)
        pair.verify(*way[1:], message, pair.sign(*way[1:], message))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(sign_and_verify, range(8)))


@pytest.mark.parametrize(
    "work",
    [
        pytest.param(lambda: new_material(KeySpec.RSA_4096), id="making a key"),
        pytest.param(
            lambda: accept_material(KeySpec.RSA_4096, key_pairs.material(KeySpec.RSA_4096)),
            id="checking an imported key",
        ),
        pytest.param(
            lambda: [
                key_pairs.signer(KeySpec.RSA_4096).sign(
                    SigningAlgorithm.RSASSA_PSS_SHA_512, MessageType.RAW, b"message"
                )
                for _ in range(30)
            ],
            id="signing",
        ),
    ],
)
def test_what_takes_long_leaves_the_interpreter_to_others(work):
    """Another thread runs meanwhile; if the lock were kept, it would come to it once, at the end."""
    key_pairs.pair(KeySpec.RSA_4096)
    most = 0
    for _ in range(5):  # a busy machine may have no core for a while
        with ThreadPoolExecutor(1) as threads:
            started, turns = threads.submit(work), 0
            while not started.done():
                time.sleep(0.001)
                turns += 1
        most = max(most, turns)
        if most > 8:
            return
    pytest.fail(f"{most} turns at most")
