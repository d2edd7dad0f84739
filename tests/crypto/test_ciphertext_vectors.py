import ast
import base64
import json
import re
from itertools import pairwise
from pathlib import Path

import ciphertext_reference as reference
import pytest

from keystead.crypto import ciphertext
from keystead.crypto.ciphertext import CiphertextKind, Header, peek, seal
from keystead.crypto.key_material import InvalidCiphertext
from keystead.crypto.material import Sealer
from keystead.crypto.root_key import FileRootKey, PassphraseRootKey
from keystead.crypto.symmetric import SymmetricKey
from keystead.names import KeyId, KeyMaterialId

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "vectors" / "ciphertext"
PAGE = ROOT / "docs" / "ciphertext.md"
KINDS = {"Encrypt": CiphertextKind.ENCRYPT, "data key": CiphertextKind.DATA_KEY}
MEMBERS = {
    "symmetric": "id kind material material_id key_id salt nonce context plaintext blob",
    "invalid": "id well_formed material context blob",
    "sealed": "id root purpose names salt nonce plaintext sealed",
}


def file(topic):
    content = json.loads((VECTORS / f"{topic}.json").read_text())
    assert set(content) == {"topic", "description", "cases"}
    assert content["topic"] == topic
    assert len({case["id"] for case in content["cases"]}) == len(content["cases"])
    if topic in MEMBERS:
        for case in content["cases"]:
            assert set(case) - {"note"} == set(MEMBERS[topic].split()), case["id"]
    return content["cases"]


def cases(topic):
    return [pytest.param(case, id=case["id"]) for case in file(topic)]


def unhex(case, *names):
    return [bytes.fromhex(case[name]) for name in names]


def test_every_file_is_read_here():
    assert {path.stem for path in VECTORS.glob("*.json")} == {*MEMBERS, "root-key"}


@pytest.mark.parametrize("case", cases("symmetric"))
def test_symmetric(case):
    material, salt, nonce, plaintext, blob = unhex(case, "material", "salt", "nonce", "plaintext", "blob")
    key = SymmetricKey(material)
    header = Header(
        KINDS[case["kind"]], KeyMaterialId.parse(case["material_id"]), KeyId.parse(case["key_id"])
    )
    assert peek(blob) == header
    assert ciphertext.open(key, blob, case["context"]) == plaintext
    assert seal(key, header, plaintext, case["context"], lambda _: salt + nonce) == blob
    assert reference.open_blob(material, blob, case["context"]) == plaintext


@pytest.mark.parametrize("case", cases("invalid"))
def test_invalid(case):
    material, blob = unhex(case, "material", "blob")
    with pytest.raises(InvalidCiphertext):
        ciphertext.open(SymmetricKey(material), blob, case["context"])
    if case["well_formed"]:
        peek(blob)
    else:
        with pytest.raises(InvalidCiphertext):
            peek(blob)


@pytest.mark.parametrize("case", cases("sealed"))
def test_sealed(case):
    root, salt, nonce, plaintext, sealed = unhex(case, "root", "salt", "nonce", "plaintext", "sealed")
    names = tuple(case["names"])
    assert Sealer(root).open(sealed, case["purpose"], names) == plaintext
    assert Sealer(root).seal(plaintext, case["purpose"], names, lambda _: salt + nonce) == sealed
    assert reference.open_secret(root, sealed, case["purpose"], names) == plaintext


@pytest.mark.parametrize("case", cases("root-key"))
def test_root_key(case, tmp_path):
    root, sealed = unhex(case, "root", "sealed")
    if case["provider"] == "file":
        path = tmp_path / "root.key"
        path.touch(0o600)
        path.write_text(case["file"])
        provider = FileRootKey(path)
    else:
        provider = PassphraseRootKey(case["passphrase"])
    assert provider.name == case["provider"]
    assert provider.open(case["parameters"], sealed) == root


def worked_example():
    section = PAGE.read_text().split("### Worked example")[1].split("\n## ")[0]
    lines = re.findall(r"^([\w ]+?)   *(\S.*)$", "\n".join(section.split("```")[1::2]), re.MULTILINE)
    return dict(lines)


def test_the_worked_example_of_the_page():
    example = worked_example()
    material, salt, nonce, blob = unhex(example, "key material", "salt", "nonce", "blob")
    context, plaintext = json.loads(example["context"]), ast.literal_eval(example["plaintext"]).encode()
    header = reference.header(example["kind"], example["material id"], example["key id"])
    assert header.hex() == example["header"]
    label = b"keystead/symmetric/v1"
    assert reference.kdf_input(label, header + salt).hex() == example["KDF input"]
    assert reference.derive(material, label, header + salt).hex() == example["K"]
    assert reference.canonical(context).hex() == example["context bytes"]
    assert base64.b64encode(blob).decode() == example["base64"]
    ours = Header(
        KINDS[example["kind"]], KeyMaterialId.parse(example["material id"]), KeyId.parse(example["key id"])
    )
    assert seal(SymmetricKey(material), ours, plaintext, context, lambda _: salt + nonce) == blob
    assert reference.seal_blob(material, header, salt, nonce, plaintext, context) == blob
    assert file("symmetric")[0]["blob"] == example["blob"]


def test_the_page_says_the_offsets_in_use():
    rows = re.findall(
        r"^\| (\d+) \| (\d+|n) \|", PAGE.read_text().split("### The message key")[0], re.MULTILINE
    )
    offsets = [int(offset) for offset, _ in rows]
    assert offsets == [0, 1, 2, 3, 5, 37, 38, 54, 70, 82]
    assert [int(length) for _, length in rows[:-1]] == [after - before for before, after in pairwise(offsets)]
