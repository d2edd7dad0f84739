"""Attestation documents: the right ones, and each thing that can be wrong with one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.enclaves import MODULE_ID, PCRS, Enclave, Holder, Hypervisor, certify

from keystead.crypto import cbor
from keystead.crypto.attestation import (
    MAX_AGE,
    MAX_AHEAD,
    MAX_PAYLOAD,
    AttestationDocument,
    AttestationRoots,
    InvalidAttestationDocument,
)
from keystead.crypto.attestation_chain import MAX_BUNDLE, InvalidRoots

NOW = 1_800_000_123.456
HYPERVISOR = Hypervisor(NOW)
ENCLAVE = Enclave()
ROOTS = AttestationRoots(HYPERVISOR.root_pem)
TIME = HYPERVISOR.milliseconds


def verified(document: bytes, time: int = TIME, roots: AttestationRoots = ROOTS) -> AttestationDocument:
    return roots.verify(document, time)


def why_not(document: bytes, time: int = TIME, roots: AttestationRoots = ROOTS) -> str:
    with pytest.raises(InvalidAttestationDocument) as caught:
        roots.verify(document, time)
    return str(caught.value)


def document(**other: Any) -> bytes:
    return HYPERVISOR.document(**({"public_key": ENCLAVE.public_key} | other))


def payload(**other: Any) -> bytes:
    return cbor.encode(HYPERVISOR.fields(ENCLAVE.public_key, **other))


def spki(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


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


# Certificates.


def test_another_root() -> None:
    assert "root" in why_not(Hypervisor(NOW).document(ENCLAVE.public_key))


def test_a_root_that_only_has_the_same_name() -> None:
    other = Hypervisor(NOW)
    bundle = [HYPERVISOR.bundle[0].der, *(holder.der for holder in other.bundle[1:])]
    assert "certificates" in why_not(other.document(ENCLAVE.public_key, cabundle=bundle))


def test_a_certificate_of_the_document_is_no_root() -> None:
    """Whoever can get a certificate cannot begin the chain with it."""
    bundle = [holder.der for holder in HYPERVISOR.bundle[1:]]
    assert "root" in why_not(document(cabundle=bundle))


@pytest.mark.parametrize(
    "changed",
    [
        lambda chain: chain[:-1],
        lambda chain: [chain[0], *chain[2:]],
        lambda chain: [chain[0], *reversed(chain[1:])],
        lambda chain: [*chain, chain[-1]],
        lambda chain: [chain[0], *chain],
        lambda chain: [*chain, certify("more", HYPERVISOR.bundle[0], HYPERVISOR.at).der],
        lambda chain: [*chain[:-1], b"no certificate"],
        lambda chain: [*chain[:-1], chain[-1] + b"\x00"],
        lambda chain: [*chain[:-1], chain[-1][:-1]],
    ],
    ids=["short", "gap", "order", "twice", "root twice", "more", "no certificate", "long", "cut"],
)
def test_bundles_that_are_not_the_chain(changed: Callable[[list[bytes]], list[bytes]]) -> None:
    chain = [holder.der for holder in HYPERVISOR.bundle]
    assert "certificates" in why_not(document(cabundle=changed(chain)))


def signed_by(signer: Holder, *authorities: Holder) -> str:
    """Why a document of this signer is refused, under these authorities of the root."""
    hypervisor = Hypervisor(NOW, [HYPERVISOR.bundle[0], *authorities])
    hypervisor.signer = signer
    return why_not(hypervisor.document(ENCLAVE.public_key))


@pytest.mark.parametrize(
    "changed",
    [
        {"ca": True, "path_length": 0},
        {"ca": None},
        {"critical_constraints": False},
        {"uses": ()},
        {"uses": ("content_commitment",)},
        {"uses": ("key_cert_sign",)},
        {"life": timedelta(seconds=-1)},
        {"more": ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b""), True),)},
        {"more": ((x509.SubjectAlternativeName([x509.DNSName("a.example")]), True),)},
    ],
    ids=range(9),
)
def test_signers_that_may_not_sign(changed: Any) -> None:
    signer = HYPERVISOR.new_signer(**changed)
    assert "certificates" in signed_by(signer, *HYPERVISOR.bundle[1:])


def test_a_signer_may_have_extensions_that_are_not_critical() -> None:
    more = ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b""), False),)
    hypervisor = Hypervisor(NOW, HYPERVISOR.bundle)
    hypervisor.signer = hypervisor.new_signer(more=more)
    assert verified(hypervisor.document(ENCLAVE.public_key)).module_id == MODULE_ID


@pytest.mark.parametrize(
    "changed",
    [
        {"ca": False},
        {"ca": None},
        {"critical_constraints": False},
        {"uses": ()},
        {"uses": ("digital_signature",)},
        {"life": timedelta(seconds=-1)},
        {"more": ((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b""), True),)},
    ],
    ids=range(7),
)
def test_authorities_that_may_not_certify(changed: Any) -> None:
    root = HYPERVISOR.bundle[0]
    authority = certify("authority", root, HYPERVISOR.at, **changed)
    signer = certify("enclave", authority, HYPERVISOR.at, ca=False, uses=("digital_signature",))
    assert "certificates" in signed_by(signer, authority)


def test_a_path_that_is_too_long() -> None:
    root = HYPERVISOR.bundle[0]
    first = certify("first", root, HYPERVISOR.at, path_length=0)
    second = certify("second", first, HYPERVISOR.at)
    signer = certify("enclave", second, HYPERVISOR.at, ca=False, uses=("digital_signature",))
    assert "certificates" in signed_by(signer, first, second)


def test_a_certificate_signed_by_another_key() -> None:
    root = HYPERVISOR.bundle[0]
    forger = Holder(ec.generate_private_key(ec.SECP384R1()), root.certificate)
    authority = certify("authority", forger, HYPERVISOR.at)
    signer = certify("enclave", authority, HYPERVISOR.at, ca=False, uses=("digital_signature",))
    assert "certificates" in signed_by(signer, authority)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP521R1(), ec.SECP256K1()], ids=lambda c: c.name)
def test_a_signer_of_another_curve(curve: ec.EllipticCurve) -> None:
    signer = HYPERVISOR.new_signer(curve=curve)
    hypervisor = Hypervisor(NOW, HYPERVISOR.bundle)
    hypervisor.signer = signer
    shortened = hypervisor.sign(
        cbor.encode(hypervisor.fields(ENCLAVE.public_key)), signature=lambda raw: (raw + bytes(96))[:96]
    )
    assert "certificate" in why_not(shortened)


def test_a_signature_with_sha_256_in_the_chain_is_no_weaker() -> None:
    """Which algorithms certificates may have is the library's choice: none with SHA-1 or MD5."""
    hypervisor = Hypervisor(NOW, HYPERVISOR.bundle)
    hypervisor.signer = hypervisor.new_signer(hash_algorithm=SHA256())
    assert verified(hypervisor.document(ENCLAVE.public_key)).module_id == MODULE_ID


def test_certificates_that_have_expired() -> None:
    later = TIME + 3 * 3_600_000
    assert "certificates" in why_not(document(timestamp=later + 1000), later + 1000)
    assert verified(document(timestamp=later - 1000), later - 1000).module_id == MODULE_ID


def test_certificates_that_are_not_in_force_yet() -> None:
    assert "certificates" in why_not(document(timestamp=TIME - 61_000), TIME - 61_000)


def test_a_root_that_has_expired() -> None:
    hypervisor = Hypervisor(NOW, [certify("root", None, HYPERVISOR.at, life=timedelta(minutes=1))])
    roots = AttestationRoots(hypervisor.root_pem)
    later = TIME + 61_000
    assert "certificates" in why_not(hypervisor.document(ENCLAVE.public_key, timestamp=later), later, roots)


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


def test_an_exponent_that_would_take_long() -> None:
    modulus = ENCLAVE.key.public_key().public_numbers().n
    key = spki(rsa.RSAPublicNumbers((1 << 100) + 1, modulus).public_key())
    assert "exponent" in why_not(document(public_key=key))


# Roots.


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"no certificate",
        HYPERVISOR.bundle[0].der,
        HYPERVISOR.signer.pem,
        HYPERVISOR.root_pem + HYPERVISOR.signer.pem,
        certify("no signer of certificates", None, HYPERVISOR.at, uses=("digital_signature",)).pem,
        certify("no constraints", None, HYPERVISOR.at, ca=None).pem,
        certify("no usage", None, HYPERVISOR.at, uses=()).pem,
        HYPERVISOR.root_pem[:200],
    ],
    ids=range(9),
)
def test_what_is_no_root(pem: bytes) -> None:
    with pytest.raises(InvalidRoots):
        AttestationRoots(pem)
