import struct
from concurrent.futures import ThreadPoolExecutor

import ciphertext_reference as reference
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.crypto import ciphertext
from keystead.crypto.ciphertext import (
    CiphertextKind,
    Header,
    InvalidCiphertext,
    canonical_context,
    peek,
    seal,
)
from keystead.crypto.symmetric import SymmetricKey
from keystead.names import KeyId, KeyMaterialId

MATERIAL = bytes(range(32))
KEY = SymmetricKey(MATERIAL)
UUID = KeyId.parse("1234abcd-12ab-34cd-56ef-1234567890ab")
MRK = KeyId.parse("mrk-1234abcd12ab34cd56ef1234567890ab")
HEADER = Header(CiphertextKind.ENCRYPT, KeyMaterialId.parse("5a" * 32), UUID)
CONTEXT = {"tenant": "acme", "purpose": "backup"}

texts = st.text(max_size=12)
contexts = st.dictionaries(texts, texts, max_size=4)
headers = st.builds(
    Header,
    st.sampled_from(CiphertextKind),
    st.binary(min_size=32, max_size=32).map(lambda raw: KeyMaterialId.parse(raw.hex())),
    st.uuids().map(lambda uuid: KeyId.parse(str(uuid)))
    | st.uuids().map(lambda uuid: KeyId.parse(f"mrk-{uuid.hex}")),
)


def refused(blob, context=CONTEXT, key=KEY):
    with pytest.raises(InvalidCiphertext) as caught:
        ciphertext.open(key, blob, context)
    assert str(caught.value) == "the ciphertext is not valid"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return True


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=32, max_size=32), headers, st.binary(max_size=200), contexts)
def test_what_is_sealed_opens_here_and_by_the_document(material, header, plaintext, context):
    key = SymmetricKey(material)
    blob = seal(key, header, plaintext, context)
    assert len(blob) == 98 + len(plaintext)
    assert peek(blob) == header
    assert ciphertext.open(key, blob, context) == plaintext
    assert ciphertext.open(key, blob, dict(reversed(context.items()))) == plaintext
    assert reference.open_blob(material, blob, context) == plaintext


@settings(max_examples=100, deadline=None)
@given(contexts, contexts)
def test_canonical_context_is_injective(one, other):
    assert (canonical_context(one) == canonical_context(other)) == (one == other)


@settings(max_examples=100, deadline=None)
@given(contexts)
def test_canonical_context_can_be_read_back(context):
    data, parts = canonical_context(context), []
    while data:
        (length,) = struct.unpack_from(">I", data)
        parts.append(data[4 : 4 + length].decode())
        data = data[4 + length :]
    assert dict(zip(parts[::2], parts[1::2], strict=True)) == context
    assert [name.encode() for name in parts[::2]] == sorted(name.encode() for name in context)


def test_no_context_is_no_bytes():
    assert canonical_context({}) == b""


@pytest.mark.parametrize("context", [{"a": "\ud800"}, {"\udfff": ""}, {"a": "x\ud83d"}])
def test_lone_surrogates_are_refused(context):
    with pytest.raises(ValueError, match="not valid Unicode") as caught:
        canonical_context(context)
    assert not isinstance(caught.value, UnicodeError), "it would carry the text"
    with pytest.raises(ValueError, match="not valid Unicode"):
        seal(KEY, HEADER, b"x", context)
    refused(seal(KEY, HEADER, b"x", {}), context)


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=200)
    | st.binary(min_size=93, max_size=200).map(lambda tail: b"\x01\x02\x02\x00\x78" + tail)
    | st.tuples(st.sampled_from([1, 2, 3]), st.binary(min_size=60, max_size=80)).map(
        lambda pair: b"\x01\x02\x03\x00\x78" + bytes(32) + bytes([pair[0]]) + pair[1]
    )
)
def test_peek_gives_a_header_or_refuses(blob):
    try:
        header = peek(blob)
    except InvalidCiphertext:
        pass
    else:
        assert KeyId.parse(header.key_id) == header.key_id
        assert KeyMaterialId.parse(header.material_id) == header.material_id
        kind = {CiphertextKind.ENCRYPT: "Encrypt", CiphertextKind.DATA_KEY: "data key"}[header.kind]
        assert blob.startswith(reference.header(kind, header.material_id, header.key_id))
    assert refused(blob)


def test_every_truncation_is_refused():
    blob = seal(KEY, HEADER, b"attack at dawn", CONTEXT)
    assert all(refused(blob[:length]) for length in range(len(blob)))


def test_every_extension_is_refused():
    blob = seal(KEY, HEADER, b"attack at dawn", CONTEXT)
    assert refused(blob + b"\x00")
    assert refused(blob + blob)
    assert refused(b"\x00" + blob)


@pytest.mark.parametrize("header", [HEADER, Header(CiphertextKind.DATA_KEY, HEADER.material_id, MRK)])
def test_every_bit_counts(header):
    blob = seal(KEY, header, b"attack at dawn", CONTEXT)
    for bit in range(8 * len(blob)):
        changed = bytearray(blob)
        changed[bit // 8] ^= 1 << bit % 8
        assert refused(bytes(changed))


@pytest.mark.parametrize(
    "context",
    [
        {},
        {"tenant": "acme"},
        CONTEXT | {"": ""},
        CONTEXT | {"tenant": "Acme"},
        {"Tenant": "acme", "purpose": "backup"},
        {"tenant": "backup", "purpose": "acme"},
        {"tenant": "acme", "purpose": "backup "},
        {"tenantacme": "", "purpose": "backup"},
    ],
)
def test_another_context_is_refused(context):
    assert refused(seal(KEY, HEADER, b"attack at dawn", CONTEXT), context)


def test_another_key_is_refused():
    assert refused(seal(KEY, HEADER, b"attack at dawn", CONTEXT), key=SymmetricKey(bytes(32)))


@pytest.mark.parametrize(
    "other",
    [
        Header(CiphertextKind.DATA_KEY, HEADER.material_id, UUID),
        Header(CiphertextKind.ENCRYPT, KeyMaterialId.parse("5b" * 32), UUID),
        Header(CiphertextKind.ENCRYPT, HEADER.material_id, MRK),
        Header(CiphertextKind.ENCRYPT, HEADER.material_id, KeyId.parse(str(UUID).replace("1", "2"))),
    ],
)
def test_a_header_of_another_key_is_refused(other):
    """Even when both were sealed with the same material, salt and nonce."""
    ours = seal(KEY, HEADER, b"attack at dawn", CONTEXT, bytes)
    theirs = seal(KEY, other, b"attack at dawn", CONTEXT, bytes)
    assert peek(theirs) == other
    assert refused(theirs[:82] + ours[82:])
    assert theirs[82:] != ours[82:]


def test_the_prefix_that_tools_look_for():
    import base64

    for kind, prefix in ((CiphertextKind.ENCRYPT, b"AQICAH"), (CiphertextKind.DATA_KEY, b"AQIDAH")):
        blob = seal(KEY, Header(kind, HEADER.material_id, UUID), b"", {})
        assert base64.b64encode(blob).startswith(prefix)


def test_the_longest_blob():
    blob = seal(KEY, HEADER, bytes(6144 - 98), CONTEXT)
    assert len(blob) == ciphertext.MAX_BYTES == 6144
    assert ciphertext.open(KEY, blob, CONTEXT) == bytes(6144 - 98)
    with pytest.raises(ValueError, match="too long"):
        seal(KEY, HEADER, bytes(6144 - 97), CONTEXT)
    with pytest.raises(InvalidCiphertext):
        peek(blob + b"\x00")


def test_randomness_is_asked_for_once_and_must_be_whole():
    asked = []
    blob = seal(KEY, HEADER, b"x", {}, lambda count: asked.append(count) or b"\xab" * count)
    assert asked == [28]
    assert blob[54:82] == b"\xab" * 28
    with pytest.raises(ValueError, match="source of randomness"):
        seal(KEY, HEADER, b"x", {}, lambda count: bytes(count - 1))


def test_equal_messages_make_different_blobs():
    blobs = {seal(KEY, HEADER, b"x", {}) for _ in range(200)}
    assert len({blob[54:70] for blob in blobs}) == len({blob[70:82] for blob in blobs}) == 200


def test_threads_share_a_key():
    def work(number):
        plaintext = bytes([number]) * 32
        blobs = [seal(KEY, HEADER, plaintext, CONTEXT) for _ in range(200)]
        return all(ciphertext.open(KEY, blob, CONTEXT) == plaintext for blob in blobs)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(8)))
