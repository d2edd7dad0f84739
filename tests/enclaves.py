"""A Nitro hypervisor and its enclaves: certificates, attestation documents, and what must be refused of them.

The chain is as AWS's is (seen in the field): a root, three authorities with shrinking path lengths, of which
the last may do nothing but sign certificates, and a certificate for three hours without key identifiers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from Crypto.Cipher import AES, PKCS1_OAEP
from Crypto.Hash import SHA256
from Crypto.PublicKey import RSA
from Crypto.Util.Padding import unpad
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID
from pyasn1.codec.ber.decoder import decode as decode_ber
from pyasn1.type import namedtype, tag, univ

from keystead.crypto import cbor

PCRS = {
    register: bytes([register + 1]) * 48 if register in (0, 1, 2, 4) else bytes(48) for register in range(16)
}
MODULE_ID = "i-0123456789abcdef0-enc0123456789abcdef"
ES384 = {1: -35}

_SIGNS_CERTIFICATES = ("key_cert_sign",)
_SIGNS = ("digital_signature", "content_commitment")
_USES = (
    "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
    "crl_sign encipher_only decipher_only"
).split()


@dataclass
class Holder:
    """Who holds a key and has a certificate for it."""

    key: Any
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def certify(
    name: str,
    issuer: Holder | None,
    at: datetime,
    *,
    ca: bool | None = True,
    path_length: int | None = None,
    uses: tuple[str, ...] = _SIGNS_CERTIFICATES,
    life: timedelta = timedelta(days=20),
    curve: ec.EllipticCurve | None = None,
    hash_algorithm: HashAlgorithm | None = None,
    critical_constraints: bool = True,
    more: tuple[tuple[x509.ExtensionType, bool], ...] = (),
) -> Holder:
    """A fresh key and its certificate, signed by the issuer or itself; no constraints if `ca` is None."""
    key = ec.generate_private_key(curve or ec.SECP384R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=subject if issuer is None else issuer.certificate.subject,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=at - timedelta(minutes=1),
        not_valid_after=at + life,
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length), critical_constraints)
    if uses:
        usage = x509.KeyUsage(**{use: use in uses for use in _USES})
        builder = builder.add_extension(usage, critical=bool(ca))
    for extension, critical in more:
        builder = builder.add_extension(extension, critical)
    signer = key if issuer is None else issuer.key
    return Holder(key, builder.sign(signer, hash_algorithm or SHA384()))


@dataclass
class Hypervisor:
    """Signs documents, with certificates that are in force at `time` (seconds since the epoch).

    Attributes:
        bundle: the authorities, the root first.
        signer: who signs documents; its certificate is in them.
    """

    time: float
    bundle: list[Holder] = field(default_factory=list)
    signer: Holder = field(init=False)

    def __post_init__(self) -> None:
        at = self.at
        if not self.bundle:
            self.bundle = [certify("root", None, at, life=timedelta(days=9000))]
            for name, path_length in (("region", 2), ("zone", 1), ("instance", 0)):
                self.bundle.append(certify(name, self.bundle[-1], at, path_length=path_length))
        self.signer = self.new_signer()

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(int(self.time), UTC)

    @property
    def milliseconds(self) -> int:
        return int(self.time * 1000)

    @property
    def root_pem(self) -> bytes:
        return self.bundle[0].pem

    def new_signer(self, **other: Any) -> Holder:
        usual = {"ca": False, "uses": _SIGNS, "life": timedelta(hours=3)}
        return certify("enclave", self.bundle[-1], self.at, **(usual | other))

    def fields(self, public_key: bytes | None = None, **other: Any) -> dict[str, Any]:
        """Those of a document, in the order of the hypervisor."""
        usual = {
            "module_id": MODULE_ID,
            "digest": "SHA384",
            "timestamp": self.milliseconds,
            "pcrs": PCRS,
            "certificate": self.signer.der,
            "cabundle": [holder.der for holder in self.bundle],
            "public_key": public_key,
            "user_data": None,
            "nonce": None,
        }
        return usual | other

    def document(self, public_key: bytes | None = None, **other: Any) -> bytes:
        """A document with these fields."""
        return self.sign(cbor.encode(self.fields(public_key, **other)))

    def sign(
        self,
        payload: bytes,
        *,
        protected: Any = ES384,
        unprotected: Any = None,
        signature: Callable[[bytes], bytes] = bytes,
        hash_algorithm: HashAlgorithm | None = None,
        context: str = "Signature1",
    ) -> bytes:
        """The payload as a COSE_Sign1 structure; `signature` changes its signature."""
        header = cbor.encode(protected)
        signed = cbor.encode([context, header, b"", payload])
        made = self.signer.key.sign(signed, ec.ECDSA(hash_algorithm or SHA384()))
        size = (self.signer.key.key_size + 7) // 8
        raw = b"".join(number.to_bytes(size) for number in decode_dss_signature(made))
        return cbor.encode([header, unprotected or {}, payload, signature(raw)])


def _context_0(type_: Any) -> Any:
    return type_.subtype(implicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatSimple, 0))


def _sequence(**members: Any) -> Any:
    return univ.Sequence(
        componentType=namedtype.NamedTypes(*(namedtype.NamedType(*member) for member in members.items()))
    )


_ALGORITHM = {"algorithm": univ.ObjectIdentifier(), "parameters": univ.Any()}
_RECIPIENT = _sequence(
    version=univ.Integer(),
    subject_key_identifier=_context_0(univ.OctetString()),
    algorithm=_sequence(**_ALGORITHM),
    encrypted_key=univ.OctetString(),
)
_CONTENT = _sequence(
    type=univ.ObjectIdentifier(),
    algorithm=_sequence(**_ALGORITHM),
    encrypted=_context_0(univ.OctetString()),
)
_ENVELOPED = _sequence(
    version=univ.Integer(), recipients=univ.SetOf(componentType=_RECIPIENT), content=_CONTENT
)
_CONTENT_INFO = _sequence(
    type=univ.ObjectIdentifier(),
    content=_ENVELOPED.subtype(explicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatConstructed, 0)),
)
"""ContentInfo with EnvelopedData (RFC 5652), as far as a recipient needs it."""


class Enclave:
    """Holds an RSA key, and opens what is encrypted for it: by libraries that made nothing of it."""

    def __init__(self, bits: int = 2048) -> None:
        self.key = rsa.generate_private_key(65537, bits)
        self.public_key = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.private_pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def open(self, ciphertext_for_recipient: bytes) -> bytes:
        """The plaintext of a CMS EnvelopedData for this enclave."""
        content_info, rest = decode_ber(ciphertext_for_recipient, asn1Spec=_CONTENT_INFO)
        assert rest == b""
        assert str(content_info["type"]) == "1.2.840.113549.1.7.3"
        enveloped = content_info["content"]
        assert len(enveloped["recipients"]) == 1
        recipient, content = enveloped["recipients"][0], enveloped["content"]
        assert (int(enveloped["version"]), int(recipient["version"])) == (2, 2)
        assert str(recipient["algorithm"]["algorithm"]) == "1.2.840.113549.1.1.7"
        assert str(content["type"]) == "1.2.840.113549.1.7.1"
        assert str(content["algorithm"]["algorithm"]) == "2.16.840.1.101.3.4.1.42"
        iv, _ = decode_ber(content["algorithm"]["parameters"])
        oaep = PKCS1_OAEP.new(RSA.import_key(self.private_pem), SHA256)
        cipher = AES.new(oaep.decrypt(bytes(recipient["encrypted_key"])), AES.MODE_CBC, bytes(iv))
        return unpad(cipher.decrypt(bytes(content["encrypted"])), AES.block_size)
