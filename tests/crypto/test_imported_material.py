"""Material that someone else made: which encodings are taken, and that a key is what it says."""

from math import gcd, lcm

import key_pairs
import pytest
from Crypto.PublicKey import MLDSA, MLKEM
from Crypto.Util import number
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from der import content, element

from keystead.crypto.key_families import accept_material, load_material
from keystead.crypto.key_material import InvalidMaterial, KeyPair
from keystead.kinds import KeySpec

CURVES = {
    KeySpec.ECC_NIST_P256: ec.SECP256R1(),
    KeySpec.ECC_NIST_P384: ec.SECP384R1(),
    KeySpec.ECC_NIST_P521: ec.SECP521R1(),
    KeySpec.ECC_SECG_P256K1: ec.SECP256K1(),
}
OIDS = {
    KeySpec.ML_DSA_44: "0609608648016503040311",
    KeySpec.ML_DSA_65: "0609608648016503040312",
    KeySpec.ML_DSA_87: "0609608648016503040313",
    KeySpec.ML_KEM_512: "0609608648016503040401",
    KeySpec.ML_KEM_768: "0609608648016503040402",
    KeySpec.ML_KEM_1024: "0609608648016503040403",
}
INDEFINITE = [KeySpec.RSA_2048, *CURVES]
DER_ONLY = [KeySpec.ECC_NIST_EDWARDS25519, *key_pairs.ML_DSA, *key_pairs.ML_KEM]


def library_key(spec: KeySpec):
    return load_der_private_key(key_pairs.material(spec), None)


def der(key) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def spki(material: bytes) -> bytes:
    """The public half of PKCS #8, by the library alone."""
    key = load_der_private_key(material, None, unsafe_skip_rsa_key_validation=True)
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def info(identifier: bytes, private_key: bytes, version: bytes = b"\x00", more: bytes = b"") -> bytes:
    """DER of PrivateKeyInfo."""
    return element(0x30, b"\x02\x01" + version + identifier + element(0x04, private_key) + more)


def indefinite(encoded: bytes) -> bytes:
    """BER: the outermost length made indefinite."""
    return encoded[:1] + b"\x80" + content(encoded) + b"\x00\x00"


class TestEncodings:
    @pytest.mark.parametrize("spec", [KeySpec.RSA_2048, *CURVES])
    def test_the_librarys_form_and_ours_are_the_same_material(self, spec):
        assert accept_material(spec, der(library_key(spec))) == key_pairs.material(spec)

    @pytest.mark.parametrize("spec", INDEFINITE)
    def test_an_indefinite_length_is_taken_for_rsa_and_curves(self, spec):
        assert accept_material(spec, indefinite(key_pairs.material(spec))) == key_pairs.material(spec)

    @pytest.mark.parametrize("spec", DER_ONLY)
    def test_and_for_no_other(self, spec):
        with pytest.raises(InvalidMaterial):
            accept_material(spec, indefinite(key_pairs.material(spec)))

    @pytest.mark.parametrize("spec", [KeySpec.RSA_2048, KeySpec.ECC_NIST_P256])
    def test_a_long_length_that_could_be_short_is_taken_too(self, spec):
        made = key_pairs.material(spec)
        padded = b"\x30\x84" + len(content(made)).to_bytes(4) + content(made)
        assert accept_material(spec, padded) == made

    @pytest.mark.parametrize(
        "spec",
        [
            KeySpec.RSA_2048,
            KeySpec.ECC_NIST_P256,
            KeySpec.ECC_NIST_EDWARDS25519,
            KeySpec.ML_DSA_44,
            KeySpec.ML_KEM_768,
        ],
    )
    def test_text_and_ciphertext_are_not_taken(self, spec):
        key = library_key(spec)
        encrypted = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"pw"))
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for foreign in (encrypted, text, key_pairs.pair(spec).public_key):
            with pytest.raises(InvalidMaterial):
                accept_material(spec, foreign)

    @pytest.mark.parametrize("spec", [KeySpec.RSA_2048, *CURVES])
    def test_the_formats_before_pkcs8_are_not_taken(self, spec):
        old = library_key(spec).private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        with pytest.raises(InvalidMaterial):
            accept_material(spec, old)

    @pytest.mark.parametrize("spec", CURVES)
    def test_a_curve_key_without_its_public_half_is_given_it(self, spec):
        numbers = library_key(spec).private_numbers()
        size = (CURVES[spec].key_size + 7) // 8
        bare = b"\x02\x01\x01" + element(0x04, numbers.private_value.to_bytes(size))
        identifier = content(key_pairs.material(spec))[3:]
        identifier = identifier[: 2 + identifier[1]]
        made = element(0x30, b"\x02\x01\x00" + identifier + element(0x04, element(0x30, bare)))
        assert accept_material(spec, made) == key_pairs.material(spec)

    @pytest.mark.parametrize("spec", key_pairs.ML_DSA + key_pairs.ML_KEM)
    def test_post_quantum_keys_are_their_seed_alone(self, spec):
        """Not the expanded key, not both (RFC 9881 and RFC 9935, section 6), nothing beside it."""
        made, other_library = key_pairs.material(spec), MLDSA if spec in key_pairs.ML_DSA else MLKEM
        key = other_library.import_key(made)
        expanded = key.sk if spec in key_pairs.ML_DSA else key.expanded_dk
        seed, identifier = key.seed, element(0x30, bytes.fromhex(OIDS[spec]))
        raw_public = key_pairs.pair(spec).public_key[22:]
        assert info(identifier, element(0x80, seed)) == made
        for other in (
            info(identifier, element(0x04, seed)),
            info(identifier, element(0x04, expanded)),
            info(identifier, element(0x30, element(0x04, seed) + element(0x04, expanded))),
            info(identifier, element(0x80, seed[:-1])),
            info(identifier, element(0x80, seed + b"\x00")),
            info(identifier, seed),
            info(element(0x30, bytes.fromhex(OIDS[spec]) + b"\x05\x00"), element(0x80, seed)),
            info(identifier, element(0x80, seed), b"\x01", element(0x81, b"\x00" + raw_public)),
            info(identifier, element(0x80, seed), b"\x00", element(0xA0, b"")),
        ):
            with pytest.raises(InvalidMaterial):
                accept_material(spec, other)

    @pytest.mark.parametrize("algorithm", [0x6F, 0x71], ids=["X448", "Ed448"])
    def test_what_the_library_fails_at_is_refused_too(self, algorithm):
        # It takes 32 bytes for a key of these algorithms until OpenSSL does not.
        named = info(bytes((0x30, 5, 6, 3, 0x2B, 0x65, algorithm)), element(0x04, b"\x07" * 32))
        for spec in (KeySpec.ECC_NIST_EDWARDS25519, KeySpec.ECC_NIST_P256, KeySpec.RSA_2048):
            with pytest.raises(InvalidMaterial):
                accept_material(spec, named)


class TestConsistency:
    @pytest.mark.parametrize("spec", CURVES)
    def test_a_public_half_of_another_key_is_refused(self, spec):
        made = bytearray(key_pairs.material(spec))
        other = key_pairs.pair(spec).public_key
        assert bytes(made).endswith(other[-40:])
        stranger = ec.generate_private_key(CURVES[spec])
        point = stranger.public_key().public_numbers()
        size = (CURVES[spec].key_size + 7) // 8
        made[-2 * size :] = point.x.to_bytes(size) + point.y.to_bytes(size)
        with pytest.raises(InvalidMaterial):
            accept_material(spec, bytes(made))

    @pytest.mark.parametrize("spec", CURVES)
    @pytest.mark.parametrize("scalar", ["zero", "order", "all ones"])
    def test_a_private_key_is_below_the_order_of_its_curve(self, spec, scalar):
        size = (CURVES[spec].key_size + 7) // 8
        value = {
            "zero": 0,
            "order": CURVES[spec].group_order,
            "all ones": (1 << 8 * size) - 1,
        }[scalar]
        made = key_pairs.material(spec)
        own = library_key(spec).private_numbers().private_value.to_bytes(size)
        with pytest.raises(InvalidMaterial):
            accept_material(spec, made.replace(own, value.to_bytes(size)))

    def test_an_ed25519_public_half_of_another_key_is_refused(self):
        """RFC 5958, version 2: a public key beside the private one."""
        key = Ed25519PrivateKey.generate()
        body = content(der(key)).replace(b"\x02\x01\x00", b"\x02\x01\x01", 1)
        stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        with pytest.raises(InvalidMaterial):
            accept_material(
                KeySpec.ECC_NIST_EDWARDS25519, element(0x30, body + element(0x81, b"\x00" + stranger))
            )

    @pytest.mark.parametrize(
        "change",
        [
            *("d", "p", "q", "dmp1", "dmq1", "iqmp", "n", "e"),
            *("swapped", "p of one", "d for q alone", "d for p alone", "d too large", "iqmp too large"),
        ],
    )
    def test_every_number_of_an_rsa_key_counts(self, change):
        parts = rsa_parts()
        assert rsa_pkcs8(parts) == key_pairs.material(KeySpec.RSA_2048)
        p, q = parts["p"], parts["q"]
        match change:
            case "swapped":
                parts["dmp1"], parts["dmq1"] = parts["dmq1"], parts["dmp1"]
            case "p of one":
                parts["p"], parts["q"] = parts["n"], 1
            case "d for q alone":
                parts["d"] = parts["dmq1"] + (q - 1)
                parts["dmp1"] = parts["d"] % (p - 1)
            case "d for p alone":
                parts["d"] = parts["dmp1"] + (p - 1)
                parts["dmq1"] = parts["d"] % (q - 1)
            case "d too large":
                parts["d"] += (p - 1) * (q - 1) * 2
            case "iqmp too large":
                parts["iqmp"] += p
            case _:
                parts[change] += 2
        with pytest.raises(InvalidMaterial):
            accept_material(KeySpec.RSA_2048, rsa_pkcs8(parts))

    def test_one_key_in_two_forms_is_the_same_material(self):
        """d may be the inverse of e for (p - 1)(q - 1) as well, and p may be the smaller factor."""
        parts = rsa_parts()
        p, q = parts["p"], parts["q"]
        other_d = pow(parts["e"], -1, (p - 1) * (q - 1))
        swapped = {"p": q, "q": p, "dmp1": parts["dmq1"], "dmq1": parts["dmp1"], "iqmp": pow(p, -1, q)}
        for same in (parts | {"d": other_d}, parts | swapped, parts | swapped | {"d": other_d}):
            accepted = accept_material(KeySpec.RSA_2048, rsa_pkcs8(same))
            assert accepted == key_pairs.material(KeySpec.RSA_2048)

    @pytest.mark.parametrize("place", ["p", "q"])
    def test_composite_factors_are_found(self, place):
        """All equations hold, and one of the factors is a product of two primes."""
        e = 65537
        while True:
            composite, good = prime(512) * prime(512), prime(1024)
            n = composite * good
            if n.bit_length() == 2048 and gcd(e, composite - 1) == 1:
                break
        p, q = (composite, good) if place == "p" else (good, composite)
        d = pow(e, -1, lcm(p - 1, q - 1))
        parts = {"n": n, "e": e, "d": d, "p": p, "q": q}
        parts |= {"dmp1": d % (p - 1), "dmq1": d % (q - 1), "iqmp": pow(q, -1, p)}
        with pytest.raises(InvalidMaterial):
            accept_material(KeySpec.RSA_2048, rsa_pkcs8(parts))

    def test_a_factor_is_not_small(self):
        """Everything fits, and anyone can factor it."""
        p = prime(1989)
        while True:
            q = number.getPrime(60)
            if (p * q).bit_length() == 2048 and gcd(65537, (p - 1) * (q - 1)) == 1:
                break
        d = pow(65537, -1, lcm(p - 1, q - 1))
        parts = {"n": p * q, "e": 65537, "d": d, "p": p, "q": q}
        parts |= {"dmp1": d % (p - 1), "dmq1": d % (q - 1), "iqmp": pow(q, -1, p)}
        with pytest.raises(InvalidMaterial):
            accept_material(KeySpec.RSA_2048, rsa_pkcs8(parts))

    @pytest.mark.parametrize("exponent", [3, 17, 65537, (1 << 63) + 29])
    def test_public_exponents_of_up_to_64_bits_are_taken(self, exponent):
        made = rsa_with_exponent(exponent)
        accepted = accept_material(KeySpec.RSA_2048, made)
        assert accept_material(KeySpec.RSA_2048, accepted) == accepted
        pair = load_material(KeySpec.RSA_2048, accepted)
        assert isinstance(pair, KeyPair)
        assert pair.public_key == spki(made)

    @pytest.mark.parametrize("exponent", [(1 << 64) + 13, (1 << 1024) + 643])
    def test_longer_ones_are_refused(self, exponent):
        with pytest.raises(InvalidMaterial):
            accept_material(KeySpec.RSA_2048, rsa_with_exponent(exponent))

    @pytest.mark.parametrize("bits", [1024, 2047, 2056])
    def test_a_modulus_of_another_size_is_refused(self, bits):
        made = der(rsa.generate_private_key(65537, bits))
        for spec in key_pairs.RSA:
            with pytest.raises(InvalidMaterial):
                accept_material(spec, made)


def rsa_parts() -> dict[str, int]:
    """The numbers of the RSA key of 2048 bits."""
    numbers = library_key(KeySpec.RSA_2048).private_numbers()
    return {
        "n": numbers.public_numbers.n,
        "e": numbers.public_numbers.e,
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dmp1": numbers.dmp1,
        "dmq1": numbers.dmq1,
        "iqmp": numbers.iqmp,
    }


def prime(bits: int) -> int:
    """A prime with its two highest bits set; 65537 is prime to what it is the successor of."""
    return rsa.generate_private_key(65537, 2 * bits).private_numbers().p


def rsa_with_exponent(exponent: int) -> bytes:
    """An RSA key of 2048 bits with this public exponent."""
    while True:
        numbers = rsa.generate_private_key(65537, 2048).private_numbers()
        p, q = numbers.p, numbers.q
        phi = (p - 1) * (q - 1)
        try:
            d = pow(exponent, -1, phi)
        except ValueError:
            continue
        return rsa_pkcs8(
            {
                "n": p * q,
                "e": exponent,
                "d": d,
                "p": p,
                "q": q,
                "dmp1": d % (p - 1),
                "dmq1": d % (q - 1),
                "iqmp": pow(q, -1, p),
            }
        )


def rsa_pkcs8(parts: dict[str, int]) -> bytes:
    """PKCS #8 of an RSAPrivateKey (RFC 8017, appendix A.1.2), whatever its numbers are."""
    order = ("n", "e", "d", "p", "q", "dmp1", "dmq1", "iqmp")
    numbers = b"".join(element(2, v.to_bytes(v.bit_length() // 8 + 1)) for v in (parts[k] for k in order))
    key = element(0x30, b"\x02\x01\x00" + numbers)
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    return element(0x30, b"\x02\x01\x00" + algorithm + element(4, key))


def test_an_imported_pair_is_the_key_it_was():
    for spec in (KeySpec.RSA_2048, *CURVES):
        pair = load_material(spec, accept_material(spec, der(library_key(spec))))
        assert isinstance(pair, KeyPair)
        assert pair.public_key == key_pairs.pair(spec).public_key
