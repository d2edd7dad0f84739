"""The issuers' keys that an operator gives in a file."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from keystead.app.operator_files import issuer_keys, read_issuer_keys
from keystead.config import ConfigError, Settings
from keystead.service.issuer_keys import Unreachable

KEY = ec.generate_private_key(ec.SECP256R1())
KEY_SET = {"keys": [json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key()))]}
URL = "https://kubernetes.default.svc"


def file(directory: Path, content: Any) -> Path:
    path = directory / "issuers.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_keys_of_a_file_verify(tmp_path: Path) -> None:
    settings = Settings(issuer_keys_file=file(tmp_path, {URL: KEY_SET}), issuer_fetch=False)
    keys = issuer_keys(settings)
    token = jwt.encode({"sub": "a"}, KEY, "ES256")
    assert keys.verify(URL, token, 0.0) == {"sub": "a"}
    with pytest.raises(Unreachable):
        keys.verify("https://other.example", token, 0.0)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "not a JSON object"),
        ([KEY_SET], "not a JSON object"),
        ({"kubernetes": KEY_SET}, "does not begin with https://"),
        ({URL: {"keys": []}}, "no key that can be used"),
        ({URL: 5}, "no key that can be used"),
        (" " * ((1 << 20) + 1), "larger than 1 MiB"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: Any, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        read_issuer_keys(file(tmp_path, content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read"):
        read_issuer_keys(tmp_path / "absent.json")
