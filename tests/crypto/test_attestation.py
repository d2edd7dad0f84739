"""Attestation documents: the right ones, and each thing that can be wrong with one.

Their certificates are in test_attestation_chain.py.
"""

from typing import Any

import pytest
from attesting import ENCLAVE, HYPERVISOR, NOW, TIME, document, payload, spki, verified, why_not
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from tests.enclaves import MODULE_ID, PCRS, Hypervisor, certify

from keystead.crypto import cbor
from keystead.crypto.attestation import MAX_AGE, MAX_AHEAD, MAX_PAYLOAD, AttestationRoots
from keystead.crypto.attestation_chain import MAX_BUNDLE

# What is right.


def test_a_document_tells_what_the_hypervisor_says() -> None:
    told = verified(document(user_data=b"u" * 1024, nonce=b"n" * 1024))
    assert told.module_id == MODULE_ID
    assert told.pcrs == PCRS
    assert spki(told.public_key) == ENCLAVE.public_key


def test_a_document_may_be_tagged() -> None:
    assert verified(b"\xd2" + document()).module_id == MODULE_ID
    assert "COSE_Sign1" in why_not(b"\xd2\xd2" + document())
    assert "COSE_Sign1" in why_not(b"\xd1" + document())


def test_a_payload_may_be_a_map_of_any_length() -> None:
    """As in documents of 2026."""
    definite = payload()
    assert definite[0] == 0xA9
    assert verified(HYPERVISOR.sign(b"\xbf" + definite[1:] + b"\xff")).module_id == MODULE_ID


def test_optional_fields_may_be_left_out() -> None:
    fields = HYPERVISOR.fields(ENCLAVE.public_key)
    del fields["user_data"], fields["nonce"]
    assert verified(HYPERVISOR.sign(cbor.encode(fields))).module_id == MODULE_ID


def test_other_measurements_than_sha_384() -> None:
    pcrs = {0: b"a" * 32, 31: b"b" * 64}
    assert verified(document(pcrs=pcrs)).pcrs == pcrs


def test_one_of_several_roots() -> None:
    other = Hypervisor(NOW)
    roots = AttestationRoots(other.root_pem + HYPERVISOR.root_pem)
    assert verified(document(), roots=roots).module_id == MODULE_ID
    assert verified(other.document(ENCLAVE.public_key), roots=roots).module_id == MODULE_ID


def test_a_root_that_signs_itself() -> None:
    """A chain of two, as a developer makes it."""
    hypervisor = Hypervisor(NOW, [certify("root", None, HYPERVISOR.at)])
    roots = AttestationRoots(hypervisor.root_pem)
    assert verified(hypervisor.document(ENCLAVE.public_key), roots=roots).module_id == MODULE_ID


# COSE_Sign1.


@pytest.mark.parametrize(
    "changed",
    [
        {"protected": {1: -7}},
        {"protected": {1: -36}},
        {"protected": {}},
        {"protected": {1: -35, 4: b"key"}},
        {"unprotected": {1: -35}},
        {"unprotected": {4: b"key"}},
    ],
    ids=repr,
)
def test_other_headers(changed: Any) -> None:
    assert "ES384" in why_not(HYPERVISOR.sign(payload(), **changed))


@pytest.mark.parametrize(
    "made",
    [
        b"",
        b"\x00",
        b"\x80",
        b"not a document",
        b"\x84\x44\xa1\x01\x38\x22\xa0\xf6\x40",
        cbor.encode([b"\xa1\x01\x38\x22", {}, b"payload"]),
        cbor.encode([b"\xa1\x01\x38\x22", {}, b"payload", b"s" * 96, b"more"]),
        cbor.encode([b"\xa1\x01\x38\x22", {}, b"payload", b"s" * 95]),
        cbor.encode([b"\xa1\x01\x38\x22", {}, b"payload", b"s" * 97]),
        cbor.encode([b"\xa1\x01\x38\x22", {}, b"payload", "s" * 96]),
        cbor.encode([b"\xa1\x01\x38\x22", [], b"payload", b"s" * 96]),
        cbor.encode([{1: -35}, {}, b"payload", b"s" * 96]),
        cbor.encode({0: b"\xa1\x01\x38\x22", 1: {}, 2: b"payload", 3: b"s" * 96}),
    ],
    ids=range(13),
)
def test_what_is_no_cose_sign1(made: bytes) -> None:
    assert "COSE_Sign1" in why_not(made)


def test_trailing_bytes() -> None:
    assert "COSE_Sign1" in why_not(document() + b"\x00")
    assert "fields" in why_not(HYPERVISOR.sign(payload() + b"\x00"))


def test_every_beginning_of_a_document() -> None:
    whole = document()
    for length in range(0, len(whole), 7):
        assert why_not(whole[:length])


def test_a_huge_document() -> None:
    assert why_not(bytes(262_144)) == "it is too large"
    assert why_not(document(user_data=b"u" * 20_000)) == "it is too large"
    padded = HYPERVISOR.sign(payload() + bytes(MAX_PAYLOAD + 1 - len(payload())))
    assert "COSE_Sign1" in why_not(padded)


# Fields.


@pytest.mark.parametrize(
    "name", ["module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle"], ids=str
)
def test_fields_that_must_be_there(name: str) -> None:
    fields = HYPERVISOR.fields(ENCLAVE.public_key)
    del fields[name]
    assert "fields" in why_not(HYPERVISOR.sign(cbor.encode(fields)))
    assert "fields" in why_not(document(**{name: None}))


@pytest.mark.parametrize(
    "changed",
    [
        {"module_id": ""},
        {"module_id": b"i-0"},
        {"module_id": "m" * 257},
        {"digest": "SHA256"},
        {"digest": b"SHA384"},
        {"timestamp": 0},
        {"timestamp": -1},
        {"timestamp": "1800000123456"},
        {"pcrs": {}},
        {"pcrs": []},
        {"pcrs": {-1: b"p" * 48}},
        {"pcrs": {32: b"p" * 48}},
        {"pcrs": {"0": b"p" * 48}},
        {"pcrs": {0: b"p" * 47}},
        {"pcrs": {0: b"p" * 40}},
        {"pcrs": {0: b""}},
        {"pcrs": {0: "p" * 48}},
        {"pcrs": {0: None}},
        {"certificate": b""},
        {"certificate": b"c" * 1025},
        {"certificate": "c"},
        {"cabundle": []},
        {"cabundle": [b""]},
        {"cabundle": ["c"]},
        {"cabundle": [b"c" * 1025]},
        {"cabundle": [b"c"] * (MAX_BUNDLE + 1)},
        {"cabundle": b"c"},
        {"public_key": "k"},
        {"public_key": b"k" * 1025},
        {"user_data": b"u" * 1025},
        {"user_data": "u"},
        {"nonce": b"n" * 1025},
        {"nonce": 5},
        {"more": b""},
        {"": None},
    ],
    ids=range(35),
)
def test_fields_of_another_kind_or_size(changed: Any) -> None:
    assert "fields" in why_not(document(**changed))


@pytest.mark.parametrize("made", [b"", b"\xf6", b"\x80", b"\x40", b"payload"], ids=range(5))
def test_payloads_that_are_no_map(made: bytes) -> None:
    assert "fields" in why_not(HYPERVISOR.sign(made))


def test_a_field_that_comes_twice() -> None:
    again = cbor.encode("nonce") + cbor.encode(None)
    assert "fields" in why_not(HYPERVISOR.sign(b"\xaa" + payload()[1:] + again))


@pytest.mark.parametrize(
    ("definite", "indefinite"),
    [
        (b"\x66SHA384", b"\x7f\x66SHA384\xff"),
        (cbor.encode(PCRS[0]), b"\x5f" + cbor.encode(PCRS[0]) + b"\xff"),
        (b"\x66SHA384", b"\x78\x06SHA384"),
    ],
    ids=["text in pieces", "bytes in pieces", "length in two bytes"],
)
def test_values_in_another_form(definite: bytes, indefinite: bytes) -> None:
    assert definite in payload()
    assert "fields" in why_not(HYPERVISOR.sign(payload().replace(definite, indefinite, 1)))


def test_a_document_of_a_nitro_tpm() -> None:
    fields = HYPERVISOR.fields(ENCLAVE.public_key)
    fields["nitrotpm_pcrs"] = fields.pop("pcrs")
    assert "NitroTPM" in why_not(HYPERVISOR.sign(cbor.encode(fields)))


# Signature.


def test_a_signature_of_something_else() -> None:
    forged = HYPERVISOR.sign(payload(pcrs={0: b"x" * 48}))
    parts = cbor.decode(forged)
    assert isinstance(parts, list)
    parts[2] = payload()
    assert "signature" in why_not(cbor.encode(parts))


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": lambda raw: bytes(96)},
        {"signature": lambda raw: b"\xff" * 96},
        {"signature": lambda raw: raw[48:] + raw[:48]},
        {"signature": lambda raw: raw[:48] + bytes(48)},
        {"signature": lambda raw: raw[:95] + bytes([raw[95] ^ 1])},
        {"hash_algorithm": SHA256()},
        {"context": "Signature"},
        {"context": "CounterSignature"},
    ],
    ids=range(8),
)
def test_wrong_signatures(changed: Any) -> None:
    assert "signature" in why_not(HYPERVISOR.sign(payload(), **changed))


def test_a_signature_by_another_key() -> None:
    other = Hypervisor(NOW, HYPERVISOR.bundle)
    assert other.signer.der != HYPERVISOR.signer.der
    assert "signature" in why_not(other.document(ENCLAVE.public_key, certificate=HYPERVISOR.signer.der))


# Age.


@pytest.mark.parametrize("age", [0, 1, MAX_AGE, -MAX_AHEAD])
def test_a_document_serves_for_some_minutes(age: int) -> None:
    assert verified(document(timestamp=TIME - age)).module_id == MODULE_ID


@pytest.mark.parametrize("age", [MAX_AGE + 1, -MAX_AHEAD - 1, TIME - 1, TIME - (1 << 64) + 1], ids=range(4))
def test_a_document_that_is_too_old_or_of_the_future(age: int) -> None:
    assert why_not(document(timestamp=TIME - age))


# The public key.


def test_a_document_without_a_public_key() -> None:
    for missing in (HYPERVISOR.document(None), document(public_key=b"")):
        assert why_not(missing) == "it has no public key to encrypt for"


@pytest.mark.parametrize(
    "key",
    [
        b"dummy",
        ENCLAVE.public_key + b"\x00",
        ENCLAVE.public_key[:-1],
        spki(rsa.generate_private_key(65537, 1024).public_key()),
        spki(rsa.RSAPublicNumbers(65537, (1 << 5000) + 1).public_key()),
        spki(ec.generate_private_key(ec.SECP384R1()).public_key()),
        spki(ed25519.Ed25519PrivateKey.generate().public_key()),
    ],
    ids=["no key", "long", "cut", "1024 bits", "5001 bits", "P-384", "Ed25519"],
)
def test_public_keys_that_nothing_is_encrypted_for(key: bytes) -> None:
    assert "public key" in why_not(document(public_key=key))


@pytest.mark.parametrize(
    ("exponent", "more"), [((1 << 100) + 1, 0), (65537, 1)], ids=["long", "even modulus"]
)
def test_public_keys_that_are_none(exponent: int, more: int) -> None:
    """Encryption would take long with the one, and fail with the other."""
    modulus = ENCLAVE.key.public_key().public_numbers().n + more
    key = spki(rsa.RSAPublicNumbers(exponent, modulus).public_key())
    assert why_not(document(public_key=key)) == "its public key is not one that can be encrypted for"
