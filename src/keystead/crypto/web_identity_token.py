"""Web identity tokens: JSON Web Tokens that an OpenID Connect issuer signed, and the keys it publishes.

The signature of a token and nothing else is decided here; its claims are for the caller to check, by its own
clock. The steps, none of which may be left out:

1. `read_claims` without proof: whose token does it say that it is? That finds the issuer's keys.
2. `SigningKeys.verify`: the issuer signed this token.

Algorithms are those of asymmetric signatures alone, whatever a token or a key set says: never `none`, and
never a MAC, for which the published key would be the secret. A key verifies by algorithms of its own type.

Sources: RFC 7515 (JWS), 7517 (JWK), 7518 (JWA), 7519 (JWT), 8725 (best practices).
"""

from collections.abc import Mapping
from typing import Any, Final

import jwt
import msgspec

MAX_TOKEN: Final = 20_000
"""The longest token, in characters (STS API, `clientTokenType`)."""

MAX_KEYS: Final = 100
"""Keys of one issuer that are looked at; those beyond are left out."""

_RSA: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_EC: Final = {"P-256": ("ES256",), "P-384": ("ES384",), "P-521": ("ES512",)}
_RSA_BITS: Final = range(2048, 8193)
_MAX_NUMBER: Final = 1366  # characters of the largest modulus in base64
_JWS: Final = jwt.PyJWS(
    [*_RSA, *(name for names in _EC.values() for name in names)], {"enforce_minimum_key_length": True}
)


class InvalidWebIdentityToken(Exception):
    """A text is no token, or nothing that an issuer could have published signed it."""


class UnknownSigningKey(Exception):
    """The issuer's keys do not hold the one that the token names; newer ones might."""


class InvalidKeySet(Exception):
    """What an issuer published is no key set, or none of its keys can be used."""


class _Jwk(msgspec.Struct):
    """The members of a public key that matter; private ones are not even read."""

    kty: str
    kid: str | None = None
    alg: str | None = None
    use: str | None = None
    key_ops: list[str] | None = None
    n: str | None = None
    e: str | None = None
    crv: str | None = None
    x: str | None = None
    y: str | None = None


class _KeySet(msgspec.Struct):
    keys: list[msgspec.Raw]


NOT_JSON: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not the JSON it expects: bad UTF-8 is no error of its own to it."""

_read_key_set = msgspec.json.Decoder(_KeySet).decode
_read_key = msgspec.json.Decoder(_Jwk).decode
_read_object = msgspec.json.Decoder(dict[str, Any]).decode


class _SigningKey:
    """One key, and the algorithms it verifies."""

    __slots__ = ("algorithms", "id", "key")

    def __init__(self, jwk: _Jwk) -> None:
        self.id = jwk.kid
        public = {
            name: value
            for name in ("kty", "n", "e", "crv", "x", "y")
            if (value := getattr(jwk, name)) is not None
        }
        fit = _RSA if jwk.kty == "RSA" else _EC.get(jwk.crv or "", ()) if jwk.kty == "EC" else ()
        self.algorithms = tuple(name for name in fit if jwk.alg in (None, name))
        if any(len(value) > _MAX_NUMBER for value in public.values()):
            raise InvalidKeySet
        if not self.algorithms or jwk.use not in (None, "sig") or "verify" not in (jwk.key_ops or ["verify"]):
            raise InvalidKeySet
        self.key = jwt.PyJWK(public, self.algorithms[0]).key
        if jwk.kty == "RSA" and self.key.key_size not in _RSA_BITS:
            raise InvalidKeySet


class SigningKeys:
    """The public keys of an issuer, from its JSON Web Key Set. Immutable.

    Keys of other types and uses than signatures are left out, and so are malformed ones: an issuer that adds
    a new kind of key must not lock its users out.

    Raises:
        InvalidKeySet: the text is no key set, or holds no key that can be used.
    """

    __slots__ = ("_keys",)

    def __init__(self, key_set: bytes) -> None:
        try:
            members = _read_key_set(key_set).keys
        except NOT_JSON:
            raise InvalidKeySet from None
        self._keys = tuple(key for raw in members[:MAX_KEYS] if (key := _usable(raw)) is not None)
        if not self._keys:
            raise InvalidKeySet

    def __len__(self) -> int:
        return len(self._keys)

    def verify(self, token: str) -> Mapping[str, Any]:
        """The claims of `token`, which one of these keys signed.

        A token that names a key is verified by that key alone. One that names none needs an issuer whose only
        key it is (for its algorithm).

        Raises:
            UnknownSigningKey: no key here has the id that the token names, and its algorithm.
            InvalidWebIdentityToken: no token, no algorithm we take, or the signature is not the key's.
        """
        header, _ = _parts(token)
        algorithm, key_id = header.get("alg"), header.get("kid")
        fitting = [key for key in self._keys if algorithm in key.algorithms and key_id in (None, key.id)]
        if not fitting or (key_id is None and len(fitting) > 1):
            raise UnknownSigningKey
        for key in fitting:  # several only if the issuer gave them one id
            try:
                signed = _JWS.decode_complete(token, key.key, [str(algorithm)])
            except jwt.PyJWTError:
                continue
            return _claims(signed["payload"])
        raise InvalidWebIdentityToken


def read_claims(token: str) -> Mapping[str, Any]:
    """The claims of `token`, of which nothing is proved.

    Raises:
        InvalidWebIdentityToken: it is no signed JSON Web Token, or has an algorithm that we do not take.
    """
    return _claims(_parts(token)[1])


def _parts(token: str) -> tuple[Mapping[str, Any], bytes]:
    if len(token) > MAX_TOKEN or not token.isascii():
        raise InvalidWebIdentityToken
    try:
        parts = _JWS.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError):
        raise InvalidWebIdentityToken from None
    header: Mapping[str, Any] = parts["header"]
    if header.get("alg") not in _JWS.get_algorithms():
        raise InvalidWebIdentityToken
    return header, parts["payload"]


def _claims(payload: bytes) -> Mapping[str, Any]:
    try:
        return _read_object(payload)
    except NOT_JSON:
        raise InvalidWebIdentityToken from None


def _usable(raw: msgspec.Raw) -> _SigningKey | None:
    try:
        return _SigningKey(_read_key(raw))
    except (*NOT_JSON, InvalidKeySet, jwt.PyJWTError):
        return None
