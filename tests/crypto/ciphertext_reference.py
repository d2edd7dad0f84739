"""A second implementation of docs/ciphertext.md, written from that page; knows nothing of keystead.

Plain and slow on purpose. It made the vectors, so they are not merely what the product happens to write.
"""

import hmac
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KINDS = {"Encrypt": 2, "data key": 3}


def with_length(text):
    data = text.encode("utf-8")
    return struct.pack(">I", len(data)) + data


def canonical(context):
    names = sorted(context, key=lambda name: name.encode("utf-8"))
    return b"".join(with_length(name) + with_length(context[name]) for name in names)


def kdf_input(label, context):
    return bytes.fromhex("00000001") + label + b"\x00" + context + bytes.fromhex("00000100")


def derive(key, label, context):
    return hmac.digest(key, kdf_input(label, context), "sha256")


def header(kind, material_id, key_id):
    form = 2 if key_id.startswith("mrk-") else 1
    digits = key_id.removeprefix("mrk-").replace("-", "")
    return (
        bytes([1, 2, KINDS[kind], 0, 0x78])
        + bytes.fromhex(material_id)
        + bytes([form])
        + bytes.fromhex(digits)
    )


def seal_blob(material, head, salt, nonce, plaintext, context):
    start = head + salt + nonce
    assert len(start) == 82
    key = derive(material, b"keystead/symmetric/v1", start[:70])
    return start + AESGCM(key).encrypt(nonce, plaintext, start + canonical(context))


def open_blob(material, blob, context):
    key = derive(material, b"keystead/symmetric/v1", blob[:70])
    return AESGCM(key).decrypt(blob[70:82], blob[82:], blob[:82] + canonical(context))


def row(purpose, names):
    return with_length(purpose) + b"".join(with_length(name) for name in names)


def seal_secret(root, salt, nonce, plaintext, purpose, names):
    start = b"\x01" + salt + nonce
    key = derive(root, b"keystead/sealed/v1", start[:17])
    return start + AESGCM(key).encrypt(nonce, plaintext, start + row(purpose, names))


def open_secret(root, sealed, purpose, names):
    key = derive(root, b"keystead/sealed/v1", sealed[:17])
    return AESGCM(key).decrypt(sealed[17:29], sealed[29:], sealed[:29] + row(purpose, names))
