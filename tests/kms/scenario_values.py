"""What the inputs of a scenario are made with: references to saved values, and functions."""

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_wrap_with_padding

_REFERENCE = re.compile(r"\$\{([^}]+)\}")
_CURVES: dict[str, ec.EllipticCurve] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
    "secp256k1": ec.SECP256K1(),
}
_HASHES: dict[str, hashes.HashAlgorithm] = {"SHA_1": hashes.SHA1(), "SHA_256": hashes.SHA256()}


def at(value: Any, path: str) -> Any:
    """The member of `value` that a path such as `Grants.0.GrantId` names."""
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


class Values:
    """Saved values, and `now` in seconds."""

    def __init__(self, saved: Mapping[str, Any], now: Callable[[], float]) -> None:
        self.saved = dict(saved)
        self.now = now

    def of(self, value: Any) -> Any:
        """`value` with its references and functions replaced."""
        match value:
            case str():
                return self._referred(value)
            case dict() if len(value) == 1 and next(iter(value)).startswith("$"):
                ((name, argument),) = value.items()
                return FUNCTIONS[name](self, argument)
            case dict():
                return {self.of(name): self.of(inner) for name, inner in value.items()}
            case list():
                return [self.of(inner) for inner in value]
            case _:
                return value

    def _referred(self, text: str) -> Any:
        whole = _REFERENCE.fullmatch(text)
        if whole:
            return at(self.saved, whole[1])
        return _REFERENCE.sub(lambda found: str(at(self.saved, found[1])), text)

    def bytes(self, value: Any) -> bytes:
        """The bytes of a function's argument, which is base64 text once it is replaced."""
        return base64.b64decode(self.of(value), validate=True)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _digest(values: Values, given: dict[str, Any]) -> str:
    return _b64(hashlib.new(given["hash"], values.bytes(given["of"])).digest())


def _hmac(values: Values, given: dict[str, Any]) -> str:
    return _b64(hmac.digest(values.bytes(given["key"]), values.bytes(given["message"]), given["hash"]))


def _flip(values: Values, blob: Any) -> str:
    data = values.bytes(blob)
    return _b64(bytes([data[0] ^ 1]) + data[1:])


def _private_key(_: Values, kind: str) -> str:
    key: Any
    if kind.startswith("RSA-"):
        key = rsa.generate_private_key(65537, int(kind.removeprefix("RSA-")))
    elif kind == "Ed25519":
        key = ed25519.Ed25519PrivateKey.generate()
    else:
        key = ec.generate_private_key(_CURVES[kind])
    return _b64(
        key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _public_of(values: Values, pkcs8: Any) -> str:
    key = serialization.load_der_private_key(values.bytes(pkcs8), None)
    return _b64(
        key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def _ber(values: Values, der: Any) -> str:
    """Tag 0x30, length 0x80, the content, two zeros (X.690, 8.1.3.6)."""
    data = values.bytes(der)
    header = 2 if data[1] < 0x80 else 2 + (data[1] & 0x7F)
    return _b64(b"\x30\x80" + data[header:] + b"\x00\x00")


def _oaep(algorithm: hashes.HashAlgorithm) -> padding.OAEP:
    return padding.OAEP(padding.MGF1(algorithm), algorithm, None)


def _rsa_encrypt(values: Values, given: dict[str, Any]) -> str:
    key = _rsa_public(values, given["public_key"])
    return _b64(key.encrypt(values.bytes(given["plaintext"]), _oaep(_HASHES[given["hash"]])))


def _rsa_public(values: Values, der: Any) -> rsa.RSAPublicKey:
    key = serialization.load_der_public_key(values.bytes(der))
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def _wrap(values: Values, given: dict[str, Any]) -> str:
    """KMS Developer Guide, "Importing key material: encrypt the key material"."""
    key, material = _rsa_public(values, given["public_key"]), values.bytes(given["material"])
    algorithm = given["algorithm"]
    oaep = _oaep(_HASHES["SHA_1" if algorithm.endswith("SHA_1") else "SHA_256"])
    if algorithm.startswith("RSAES_OAEP_"):
        return _b64(key.encrypt(material, oaep))
    assert algorithm.startswith("RSA_AES_KEY_WRAP_")
    wrapping = os.urandom(32)
    return _b64(key.encrypt(wrapping, oaep) + aes_key_wrap_with_padding(wrapping, material))


def _mu(values: Values, given: dict[str, Any]) -> str:
    """FIPS 204, algorithm 7, line 6, with an empty context: the raw key is the end of the SPKI."""
    public = serialization.load_der_public_key(values.bytes(given["public_key"]))
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    tr = hashlib.shake_256(raw).digest(64)
    return _b64(hashlib.shake_256(tr + b"\0\0" + values.bytes(given["message"])).digest(64))


def _ecdh(values: Values, given: dict[str, Any]) -> str:
    private = serialization.load_der_private_key(values.bytes(given["private_key"]), None)
    public = serialization.load_der_public_key(values.bytes(given["public_key"]))
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    return _b64(private.exchange(ec.ECDH(), public))


def _replace(values: Values, given: list[Any]) -> str:
    text, old, new = (values.of(one) for one in given)
    replaced: str = text.replace(old, new)
    return replaced


FUNCTIONS: dict[str, Callable[[Values, Any], Any]] = {
    "$text": lambda values, text: _b64(values.of(text).encode()),
    "$repeat": lambda values, given: _b64(values.of(given[0]).encode() * given[1]),
    "$random": lambda _, size: _b64(os.urandom(size)),
    "$digest": _digest,
    "$hmac": _hmac,
    "$flip": _flip,
    "$private_key": _private_key,
    "$public_of": _public_of,
    "$ber": _ber,
    "$wrap": _wrap,
    "$mu": _mu,
    "$ecdh": _ecdh,
    "$rsa_encrypt": _rsa_encrypt,
    "$json": lambda values, inner: json.dumps(values.of(inner)),
    "$in_seconds": lambda values, seconds: values.now() + seconds,
    "$replace": _replace,
}
