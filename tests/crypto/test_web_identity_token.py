"""Signatures of web identity tokens; the claims, and whole tokens over the API, are in tests/sts."""

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.web_identity_token import (
    MAX_KEYS,
    InvalidKeySet,
    InvalidWebIdentityToken,
    SigningKeys,
    UnknownSigningKey,
    read_claims,
)

RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
CLAIMS = {"iss": "https://issuer.example", "sub": "a"}


def jwk(key: Any, **members: Any) -> dict[str, Any]:
    makes = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    made: dict[str, Any] = json.loads(makes.to_jwk(key.public_key()))
    made.pop("key_ops", None)
    return made | members


def keys(*published: Any) -> SigningKeys:
    return SigningKeys(json.dumps({"keys": published}).encode())


def token(key: Any, alg: str, **headers: Any) -> str:
    return jwt.encode(CLAIMS, key, alg, headers=headers)


def test_a_key_verifies_by_the_algorithms_of_its_type() -> None:
    both = keys(jwk(RSA, kid="r"), jwk(EC, kid="e"))
    assert both.verify(token(RSA, "PS384", kid="r")) == CLAIMS
    assert both.verify(token(EC, "ES256", kid="e")) == CLAIMS
    for wrong in (token(EC, "ES256", kid="r"), token(RSA, "RS256", kid="e")):
        with pytest.raises(UnknownSigningKey):
            both.verify(wrong)


def test_a_key_that_says_its_algorithm_has_that_one() -> None:
    only = keys(jwk(RSA, kid="r", alg="RS512"))
    assert only.verify(token(RSA, "RS512", kid="r")) == CLAIMS
    with pytest.raises(UnknownSigningKey):
        only.verify(token(RSA, "RS256", kid="r"))


def test_a_token_without_key_id_needs_a_lone_key() -> None:
    assert keys(jwk(RSA, kid="r"), jwk(EC, kid="e")).verify(token(RSA, "RS256")) == CLAIMS
    other = jwk(rsa.generate_private_key(65537, 2048), kid="s")
    with pytest.raises(UnknownSigningKey):
        keys(jwk(RSA, kid="r"), other).verify(token(RSA, "RS256"))


def test_keys_with_one_id_are_all_tried() -> None:
    other = rsa.generate_private_key(65537, 2048)
    both = keys(jwk(other, kid="r"), jwk(RSA, kid="r"))
    assert both.verify(token(RSA, "RS256", kid="r")) == CLAIMS
    assert both.verify(token(other, "RS256", kid="r")) == CLAIMS
    with pytest.raises(InvalidWebIdentityToken):
        both.verify(token(rsa.generate_private_key(65537, 2048), "RS256", kid="r"))


USELESS = [
    {"kty": "oct", "k": "c2VjcmV0"},
    {"kty": "RSA"},
    {"kty": "RSA", "n": "!!", "e": "AQAB"},
    {"kty": "RSA", "n": "A" * 2000, "e": "AQAB"},
    {"kty": "RSA", "n": 5, "e": "AQAB"},
    {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    {"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
    {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
    jwk(EC, use="enc"),
    jwk(EC, key_ops=["sign"]),
    jwk(EC, alg="ES384"),
    jwk(EC, alg="HS256"),
    jwk(EC, alg="none"),
    jwk(rsa.generate_private_key(65537, 1024)),
    [],
    None,
    5,
]


@pytest.mark.parametrize("useless", USELESS)
def test_keys_that_cannot_be_used_are_left_out(useless: Any) -> None:
    with pytest.raises(InvalidKeySet):
        keys(useless)
    assert keys(useless, jwk(RSA, kid="r")).verify(token(RSA, "RS256", kid="r")) == CLAIMS


def test_the_members_of_a_private_key_are_not_read() -> None:
    private = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA)) | {"kid": "r", "use": "sig"}
    private.pop("key_ops")
    published = keys(private | {"p": "AA", "d": "AA"})
    assert published.verify(token(RSA, "RS256", kid="r")) == CLAIMS


def test_keys_beyond_a_hundred_are_left_out() -> None:
    many = [jwk(EC, kid=str(number)) for number in range(MAX_KEYS + 1)]
    assert len(keys(*many)) == MAX_KEYS


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys": []}', '{"keys": 5}', "null", "[" * 100_000])
def test_texts_that_are_no_key_sets(text: str) -> None:
    with pytest.raises(InvalidKeySet):
        SigningKeys(text.encode())


def test_ed25519_is_not_taken() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    with pytest.raises(InvalidWebIdentityToken):
        read_claims(token(key, "EdDSA"))


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RS256", "crit": ["exp"], "exp": 1},
        {"alg": "RS256", "crit": ["b64"], "b64": False},
        {"alg": "RS256", "b64": False},
        {"alg": "RS256", "kid": 5},
        {"alg": ["RS256"]},
        {"alg": "rs256"},
        {},
        [],
    ],
)
def test_headers_that_ask_for_more(header: Any) -> None:
    _, payload, signature = token(RSA, "RS256").split(".")
    for text in (f"{part(header)}.{payload}.{signature}", f"{part(header)}..{signature}"):
        with pytest.raises(InvalidWebIdentityToken):
            read_claims(text)
        with pytest.raises((InvalidWebIdentityToken, UnknownSigningKey)):
            keys(jwk(RSA)).verify(text)


parts = st.text("abcABC012-_=.", max_size=40) | st.builds(part, st.recursive(st.none() | st.text(), st.lists))


@given(st.text(max_size=200) | st.lists(parts, min_size=2, max_size=4).map(".".join))
def test_no_text_gives_another_exception(text: str) -> None:
    published = keys(jwk(EC))
    for read in (read_claims, published.verify):
        with pytest.raises((InvalidWebIdentityToken, UnknownSigningKey)):
            read(text)
