"""The certificates of attestation documents: from the one that signs to a root that is trusted (RFC 5280).

A document brings its whole chain, beginning with the root, and the chain must be exactly that. Revocation
lists are not consulted, as AWS says they need not be: the certificate that signs lives for three hours.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import (
    ClientVerifier,
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

MAX_BUNDLE: Final = 8
"""Certificates from the root to the one before the last; AWS's documents bring four."""

_UNDERSTOOD: Final = frozenset({x509.BasicConstraints.oid, x509.KeyUsage.oid})
"""Critical extensions that are acted upon; others are refused (RFC 5280, section 4.2)."""

_NO_CERTIFICATE: Final = (
    ValueError,
    UnsupportedAlgorithm,
    CryptographyDeprecationWarning,  # what the library will refuse; an exception where warnings are errors
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What reading bytes as a certificate, or looking into one, may raise."""


class InvalidRoots(Exception):
    """The bytes are no certificates in PEM, or not those of certificate authorities."""


class UntrustedChain(Exception):
    """The certificates prove nothing about a key; the text says of the document why."""


def roots(pem: bytes) -> frozenset[x509.Certificate]:
    """The certificates of authorities that `pem` holds.

    Raises:
        InvalidRoots: it holds none, or something else.
    """
    try:
        found = frozenset(x509.load_pem_x509_certificates(pem))
        authorities = all(_is_authority(root) for root in found)
    except _NO_CERTIFICATE:
        raise InvalidRoots from None
    if not authorities:
        raise InvalidRoots
    return found


def signing_key(
    certificate: bytes, bundle: Sequence[bytes], trusted: frozenset[x509.Certificate], time: int
) -> ec.EllipticCurvePublicKey:
    """The key of `certificate`, one for ES384, once its chain is proved.

    Args:
        certificate: the one that signs, in DER.
        bundle: the others, in DER: the root first, each the issuer of the next; at least one.
        trusted: the roots.
        time: of the call, in milliseconds since the epoch; every certificate must be in force then.

    Raises:
        UntrustedChain: it is not.
    """
    at = datetime.fromtimestamp(time / 1000, UTC)
    try:
        leaf = x509.load_der_x509_certificate(certificate)
        authorities = [x509.load_der_x509_certificate(each) for each in bundle]
        if authorities[0] not in trusted:
            raise UntrustedChain("its root is not one that is trusted here")
        path = _verifier(authorities[0], at).verify(leaf, authorities[1:]).chain
        # A path that leaves some of them out would prove as much, but AWS makes none.
        proved = path == [leaf, *reversed(authorities)] and all(_usable(each, at) for each in path)
        key = leaf.public_key()
    except (*_NO_CERTIFICATE, VerificationError):
        raise UntrustedChain(_REFUSED) from None
    if not proved:
        raise UntrustedChain(_REFUSED)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP384R1):
        raise UntrustedChain("its certificate has no key for ES384")
    return key


_REFUSED: Final = "its certificates do not lead to its root, or are not valid now"


def _verifier(root: x509.Certificate, at: datetime) -> ClientVerifier:
    return (
        PolicyBuilder()
        .store(Store([root]))
        .time(at)
        .max_chain_depth(MAX_BUNDLE)
        .extension_policies(ca_policy=_AUTHORITIES, ee_policy=_SIGNERS)
        .build_client_verifier()
    )


def _is_authority(certificate: x509.Certificate) -> bool:
    extensions = certificate.extensions
    constraints = extensions.get_extension_for_class(x509.BasicConstraints)
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    return constraints.critical and constraints.value.ca and usage.value.key_cert_sign


def _usable(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether a certificate is in force, and demands nothing that is not looked at.

    The verifier asks neither of a root.
    """
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc and all(
        extension.oid in _UNDERSTOOD for extension in certificate.extensions if extension.critical
    )


# The verifier sees to the lengths of paths itself. It takes any exception of these for a refusal.


def _require_ca(_policy: Policy, _certificate: x509.Certificate, found: x509.BasicConstraints) -> None:
    if not found.ca:
        raise ValueError("not a certificate authority")


def _require_no_ca(_policy: Policy, _certificate: x509.Certificate, found: x509.BasicConstraints) -> None:
    if found.ca:
        raise ValueError("a certificate authority")


def _require_cert_sign(_policy: Policy, _certificate: x509.Certificate, found: x509.KeyUsage) -> None:
    if not found.key_cert_sign:
        raise ValueError("its key is not for signing certificates")


def _require_signature(_policy: Policy, _certificate: x509.Certificate, found: x509.KeyUsage) -> None:
    if not found.digital_signature:
        raise ValueError("its key is not for signing")


def _extensions(
    constraints: Callable[[Policy, x509.Certificate, x509.BasicConstraints], None],
    usage: Callable[[Policy, x509.Certificate, x509.KeyUsage], None],
) -> ExtensionPolicy:
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.CRITICAL, constraints)
        .require_present(x509.KeyUsage, Criticality.AGNOSTIC, usage)
    )


_AUTHORITIES: Final = _extensions(_require_ca, _require_cert_sign)
_SIGNERS: Final = _extensions(_require_no_ca, _require_signature)
