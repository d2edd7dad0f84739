"""An OpenID Connect issuer: its keys, its documents, its tokens, and whatever it must not do."""

import base64
import json
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keystead.service.issuer_keys import Unreachable

URL = "https://issuer.example/tenant/1"
HOST_AND_PATH = URL.removeprefix("https://")

# Making an RSA key takes long, and a test needs no secret one.
_RSA = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}


class Issuer:
    """Publishes keys, and counts how often it is asked for them. `down` answers nobody."""

    def __init__(self, url: str = URL) -> None:
        self.url = url
        self.keys: dict[str, Any] = {"first": _RSA[0]}
        self.asked: list[str] = []
        self.down = False
        self.discovery: dict[str, Any] = {"issuer": url, "jwks_uri": f"{url}/keys"}

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.down:
            raise Unreachable("it is down")
        if url == f"{self.url.rstrip('/')}/.well-known/openid-configuration":
            return json.dumps(self.discovery).encode()
        assert url == self.discovery["jwks_uri"]
        return self.key_set()

    def key_set(self) -> bytes:
        return json.dumps({"keys": [jwk(key, key_id) for key_id, key in self.keys.items()]}).encode()

    def rotate(self) -> None:
        """Withdraws its key for another one."""
        self.keys = {"second": _RSA[1]}

    def claims(self, now: float, **more: Any) -> dict[str, Any]:
        usual = {"iss": self.url, "sub": "repo:acme/app", "aud": "sts.amazonaws.com"}
        times = {"iat": int(now), "exp": int(now) + 600}
        return {name: value for name, value in (usual | times | more).items() if value is not None}

    def token(self, now: float, key_id: str | None = "first", alg: str = "RS256", **more: Any) -> str:
        """A token as it should be, but for what is said."""
        headers = {} if key_id is None else {"kid": key_id}
        key = self.keys[key_id or "first"]
        return jwt.encode(self.claims(now, **more), key, alg, headers=headers)


def jwk(key: Any, key_id: str) -> dict[str, Any]:
    public = key.public_key()
    makes = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    made: dict[str, Any] = json.loads(makes.to_jwk(public))
    return made | {"kid": key_id, "use": "sig"}


def pem_of(key: Any) -> bytes:
    """The public key as a text that could pass for a shared secret."""
    made: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return made


def raw_token(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token of any header, signed with anything."""
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
