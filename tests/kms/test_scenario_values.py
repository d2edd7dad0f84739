"""The functions and patterns of scenarios do what vectors/kms/README.md says."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding
from scenario_patterns import message_like, mismatch
from scenario_values import Values, at


def values(**saved: Any) -> Values:
    return Values(saved, lambda: 1000.0)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("${a}", 1),
        ("x-${a}", "x-1"),
        ("${b.c.1}", "z"),
        ({"$text": "n${a}"}, b64(b"n1")),
        ({"$repeat": ["A", 3]}, b64(b"AAA")),
        ({"$flip": {"$text": "@b"}}, b64(b"Ab")),
        ({"$in_seconds": 20}, 1020.0),
        ({"$json": {"a": "${a}"}}, '{"a": 1}'),
        ({"$replace": ["a-b-a", "a", "c"]}, "c-b-c"),
        ({"$ber": {"$text": "0\x03abc"}}, b64(b"0\x80abc\0\0")),
        ({"a": [{"$text": "t"}]}, {"a": [b64(b"t")]}),
    ],
)
def test_values(value: Any, result: Any) -> None:
    assert values(a=1, b={"c": ["y", "z"]}).of(value) == result


def test_digest_and_mac() -> None:
    text = {"$text": "abc"}
    assert values().bytes({"$digest": {"hash": "sha256", "of": text}}).hex().startswith("ba7816bf")
    made = values().bytes({"$hmac": {"hash": "sha256", "key": text, "message": text}})
    assert len(made) == 32
    assert len(values().bytes({"$random": 7})) == 7


@pytest.mark.parametrize(
    "algorithm",
    [
        "RSAES_OAEP_SHA_1",
        "RSAES_OAEP_SHA_256",
        "RSA_AES_KEY_WRAP_SHA_1",
        "RSA_AES_KEY_WRAP_SHA_256",
    ],
)
def test_what_is_wrapped_unwraps(algorithm: str) -> None:
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    given = {"public_key": b64(public), "material": {"$repeat": ["A", 32]}, "algorithm": algorithm}
    wrapped = values().bytes({"$wrap": given})
    used = hashes.SHA1() if algorithm.endswith("_1") else hashes.SHA256()
    opened = key.decrypt(wrapped[:256], padding.OAEP(padding.MGF1(used), used, None))
    if algorithm.startswith("RSA_AES"):
        opened = aes_key_unwrap_with_padding(opened, wrapped[256:])
    assert opened == b"A" * 32
    encrypted = values().bytes(
        {"$rsa_encrypt": {"public_key": b64(public), "plaintext": {"$text": "p"}, "hash": "SHA_1"}}
    )
    sha1 = hashes.SHA1()
    assert key.decrypt(encrypted, padding.OAEP(padding.MGF1(sha1), sha1, None)) == b"p"


@pytest.mark.parametrize(
    ("kind", "bytes_of_public"), [("P-256", 91), ("P-384", 120), ("P-521", 158), ("secp256k1", 88)]
)
def test_curves_agree(kind: str, bytes_of_public: int) -> None:
    mine, yours = (values().of({"$private_key": kind}) for _ in range(2))
    publics = [values().of({"$public_of": one}) for one in (mine, yours)]
    assert [len(base64.b64decode(public)) for public in publics] == [bytes_of_public] * 2
    one = values().of({"$ecdh": {"private_key": mine, "public_key": publics[1]}})
    assert one == values().of({"$ecdh": {"private_key": yours, "public_key": publics[0]}})


def test_ed25519_public_key() -> None:
    assert len(values().bytes({"$public_of": {"$private_key": "Ed25519"}})) == 44


@pytest.mark.parametrize(
    ("pattern", "actual"),
    [
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": "<absent>"}, {"b": 2}),
        ({"a": "<any>"}, {"a": 0}),
        ([1, "<string>"], [1, "x"]),
        ("<timestamp>", 1.5),
        ("<hex64>", "0" * 64),
        ("<bytes:3>", b64(b"abc")),
        ("<length:2>", ["a", "b"]),
        ("<not:x>", "y"),
        ("<mrk>", f"mrk-{'0' * 32}"),
        ({"<json>": {"a": 1}}, '{"a": 1, "b": 2}'),
        ({"<unordered>": [1, 2]}, [2, 1]),
        ({"<contains>": {"a": 1}}, [{"a": 2}, {"a": 1}]),
    ],
)
def test_a_pattern_matches(pattern: Any, actual: Any) -> None:
    assert mismatch(pattern, actual) is None


@pytest.mark.parametrize(
    ("pattern", "actual"),
    [
        ({"a": 1}, {"a": True}),
        ({"a": "<absent>"}, {"a": None}),
        ({"a": "<any>"}, {}),
        ([1], [1, 2]),
        ([1, 2], [2, 1]),
        ("<timestamp>", "1"),
        ("<timestamp>", True),
        ("<hex64>", "0" * 63),
        ("<bytes>", ""),
        ("<bytes:3>", b64(b"ab")),
        ("<length:2>", ["a"]),
        ("<not:x>", "x"),
        ("<uuid>", f"mrk-{'0' * 32}"),
        ("<string>", ""),
        ({"<json>": {"a": 1}}, '{"a": 2}'),
        ({"<unordered>": [1, 1]}, [2, 1]),
        ({"<contains>": {"a": 1}}, [{"a": 2}]),
        ({"a": {"b": 1}}, {"a": 1}),
    ],
)
def test_a_pattern_does_not_match(pattern: Any, actual: Any) -> None:
    assert mismatch(pattern, actual)


def test_messages() -> None:
    assert message_like("id <hex64>.", f"id {'a' * 64}.")
    assert not message_like("id <hex64>.", f"id {'a' * 64}x")
    assert message_like("", "")
    assert not message_like("", "text")


def test_paths() -> None:
    assert at({"a": [{"b": 1}]}, "a.0.b") == 1
