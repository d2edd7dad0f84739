"""HMAC keys beside the standard library's HMAC."""

import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto.key_material import InvalidMac, InvalidMaterial
from keystead.crypto.mac import HmacKey
from keystead.kinds import MacAlgorithm

LENGTHS = {
    MacAlgorithm.HMAC_SHA_224: 28,
    MacAlgorithm.HMAC_SHA_256: 32,
    MacAlgorithm.HMAC_SHA_384: 48,
    MacAlgorithm.HMAC_SHA_512: 64,
}
algorithms = st.sampled_from(list(MacAlgorithm))


@settings(max_examples=100, deadline=None)
@given(algorithms, st.data(), st.binary(min_size=1, max_size=4096))
def test_it_is_the_standard_librarys_mac(algorithm, data, message):
    length = LENGTHS[algorithm]
    material = data.draw(st.binary(min_size=length, max_size=length))
    key = HmacKey(algorithm, material)
    hash_name = algorithm.removeprefix("HMAC_").replace("_", "").lower()
    mac = key.mac(algorithm, message)
    assert mac == hmac.digest(material, message, hash_name)
    assert len(mac) == length
    key.verify_mac(algorithm, message, mac)
    assert key.mac(algorithm, message) == mac


@settings(max_examples=100, deadline=None)
@given(algorithms, st.data())
def test_nothing_else_is_its_mac(algorithm, data):
    key = HmacKey(algorithm, bytes(LENGTHS[algorithm]))
    mac = bytearray(key.mac(algorithm, b"message"))
    at = data.draw(st.integers(0, len(mac) - 1))
    changed = bytearray(mac)
    changed[at] ^= 1 << data.draw(st.integers(0, 7))
    for message, wrong in (
        (b"message", changed),
        (b"message", mac[:at]),
        (b"message", mac + b"\x00"),
        (b"messagE", mac),
    ):
        with pytest.raises(InvalidMac) as refused:
            key.verify_mac(algorithm, message, bytes(wrong))
        assert refused.value.args == ()


@pytest.mark.parametrize("algorithm", MacAlgorithm)
@pytest.mark.parametrize("change", [-1, 1])
def test_material_is_as_long_as_the_hash(algorithm, change):
    with pytest.raises(InvalidMaterial):
        HmacKey(algorithm, bytes(LENGTHS[algorithm] + change))


@pytest.mark.parametrize("algorithm", MacAlgorithm)
def test_a_key_has_one_algorithm(algorithm):
    key = HmacKey(algorithm, bytes(LENGTHS[algorithm]))
    for other in set(MacAlgorithm) - {algorithm}:
        with pytest.raises(ValueError, match="another MAC algorithm"):
            key.mac(other, b"message")
        with pytest.raises(ValueError, match="another MAC algorithm"):
            key.verify_mac(other, b"message", bytes(64))
