"""The certificates of attestation documents, and the roots that they are trusted from."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from attesting import ENCLAVE, HYPERVISOR, NOW, TIME, document, verified, why_not
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from tests.enclaves import MODULE_ID, Holder, Hypervisor, certify

from keystead.crypto import cbor
from keystead.crypto.attestation import AttestationRoots
from keystead.crypto.attestation_chain import InvalidRoots

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
