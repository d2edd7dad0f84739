"""Attestation documents of AWS Nitro Enclaves: what the hypervisor says of an enclave, and signed.

A document tells which image and which instance an enclave is (measurements in platform configuration
registers, PCRs), and which public key is the enclave's own. `AttestationRoots.verify` says what a document
proves, in the steps that AWS gives a key management service; whatever step fails, nothing is told:

1. the document is a COSE_Sign1 structure signed with ES384 (RFC 9052, RFC 9053);
2. it has the fields it must have, of the right kinds and sizes, and no others;
3. its certificate leads over those it brings to a trusted root, each of them valid at the time of the call;
4. that certificate's key signed it;
5. it is as new as it must be;
6. its public key is one that can be encrypted for.

Revocation lists are not consulted, as AWS says they need not be: a certificate lives for three hours.
Documents of a NitroTPM, which have measurements of other names, are refused.

Sources: "Nitro Enclaves Attestation Process" (aws-nitro-enclaves-nsm-api), and documents seen in the field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.utils import CryptographyDeprecationWarning
from msgspec import Meta, Struct, ValidationError, convert

from keystead.crypto.attestation_chain import MAX_BUNDLE, UntrustedChain, roots, signing_key
from keystead.crypto.cbor import InvalidCbor, decode, encode
from keystead.crypto.rsa import MAX_EXPONENT_BITS

MAX_AGE: Final = 300_000
"""Milliseconds from the making of a document to its last use (unverified: AWS does not say)."""

MAX_AHEAD: Final = 60_000
"""Milliseconds that the clock of a document may be ahead of ours (unverified)."""

MAX_PAYLOAD: Final = 16_384
MAX_DOCUMENT: Final = MAX_PAYLOAD + 128
"""Bytes."""

PCR_SIZES: Final = frozenset({32, 48, 64})
"""Bytes of a measurement."""

RSA_BITS: Final = range(2048, 4097)
"""Of public keys; which ones AWS takes is unverified."""

_TAG: Final = b"\xd2"
"""Tag 18 (COSE_Sign1), which a document may have; those of the hypervisor do not."""

_PROTECTED: Final = b"\xa1\x01\x38\x22"
"""The protected header `{1: -35}`: the algorithm is ES384."""

_COORDINATE: Final = 48
"""Bytes of a number of P-384."""


class InvalidAttestationDocument(Exception):
    """A document proves nothing; the text says of it why."""


@dataclass(frozen=True, slots=True)
class AttestationDocument:
    """What a verified document says.

    Attributes:
        module_id: the id of the enclave.
        pcrs: its measurements, by register.
        public_key: the enclave's.
    """

    module_id: str
    pcrs: Mapping[int, bytes]
    public_key: rsa.RSAPublicKey


_Certificate = Annotated[bytes, Meta(min_length=1, max_length=1024)]
_Optional = Annotated[bytes, Meta(max_length=1024)] | None
_Pcrs = dict[Annotated[int, Meta(ge=0, le=31)], Annotated[bytes, Meta(min_length=32, max_length=64)]]


class _Claims(Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a document. Sizes are AWS's, but for those of the module id and of the bundle.

    What may be left out may be null, too (seen in the field).
    """

    module_id: Annotated[str, Meta(min_length=1, max_length=256)]
    digest: Literal["SHA384"]
    timestamp: Annotated[int, Meta(gt=0)]
    pcrs: Annotated[_Pcrs, Meta(min_length=1)]
    certificate: _Certificate
    cabundle: Annotated[list[_Certificate], Meta(min_length=1, max_length=MAX_BUNDLE)]
    public_key: _Optional = None
    user_data: _Optional = None
    nonce: _Optional = None


class AttestationRoots:
    """The roots that attestation documents are trusted from. Immutable.

    Args:
        pem: one or more certificates.

    Raises:
        InvalidRoots: they are none, or not those of certificate authorities.
    """

    __slots__ = ("_roots",)

    def __init__(self, pem: bytes) -> None:
        self._roots = roots(pem)

    def verify(self, document: bytes, time: int) -> AttestationDocument:
        """What `document` proves at `time`, in milliseconds since the epoch.

        It takes ten milliseconds: it verifies a signature of P-384 for each certificate, and one more.

        Raises:
            InvalidAttestationDocument: it proves nothing.
        """
        payload, signature = _signed(document)
        claims = _claims(payload)
        try:
            key = signing_key(claims.certificate, claims.cabundle, self._roots, time)
        except UntrustedChain as untrusted:
            raise InvalidAttestationDocument(str(untrusted)) from None
        _check_signature(key, payload, signature)
        if not time - MAX_AGE <= claims.timestamp <= time + MAX_AHEAD:
            raise InvalidAttestationDocument("it is not of the last five minutes")
        return AttestationDocument(claims.module_id, claims.pcrs, _recipient_key(claims.public_key))


def _signed(document: bytes) -> tuple[bytes, bytes]:
    """Payload and signature of a COSE_Sign1 structure."""
    if len(document) > MAX_DOCUMENT:
        raise InvalidAttestationDocument("it is too large")
    try:
        parts = decode(document.removeprefix(_TAG))
    except InvalidCbor:
        parts = None
    match parts:
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)] if (
            protected == _PROTECTED
            and not unprotected
            and len(payload) <= MAX_PAYLOAD
            and len(signature) == 2 * _COORDINATE
        ):
            return payload, signature
        case _:
            raise InvalidAttestationDocument("it is no COSE_Sign1 structure with the algorithm ES384")


def _claims(payload: bytes) -> _Claims:
    try:
        fields = decode(payload)
        if isinstance(fields, dict) and "nitrotpm_pcrs" in fields:
            raise InvalidAttestationDocument("it is of a NitroTPM, and only those of enclaves are supported")
        claims = convert(fields, _Claims, builtin_types=(bytes,))
    except (InvalidCbor, ValidationError):
        claims = None
    if claims is None or any(len(pcr) not in PCR_SIZES for pcr in claims.pcrs.values()):
        raise InvalidAttestationDocument("its fields are not those of an attestation document")
    return claims


def _check_signature(key: ec.EllipticCurvePublicKey, payload: bytes, signature: bytes) -> None:
    signed = encode(["Signature1", _PROTECTED, b"", payload])  # RFC 9052, section 4.4
    r, s = (int.from_bytes(half) for half in (signature[:_COORDINATE], signature[_COORDINATE:]))
    try:
        key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA384()))
    except InvalidSignature:
        raise InvalidAttestationDocument("its signature is not that of its certificate's key") from None


def _recipient_key(der: bytes | None) -> rsa.RSAPublicKey:
    if not der:
        raise InvalidAttestationDocument("it has no public key to encrypt for")
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm, CryptographyDeprecationWarning):
        key = None
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size not in RSA_BITS:
        raise InvalidAttestationDocument("its public key is not one of RSA with 2048 to 4096 bits")
    numbers = key.public_numbers()
    if numbers.n % 2 == 0 or numbers.e.bit_length() > MAX_EXPONENT_BITS:
        raise InvalidAttestationDocument("its public key is not one that can be encrypted for")
    return key
