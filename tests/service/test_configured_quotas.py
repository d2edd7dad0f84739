"""Quotas by settings and file, and what is said of a file that cannot be used."""

from pathlib import Path

import pytest

from keystead.config import ConfigError, Settings
from keystead.model.quotas import ResourceQuotas
from keystead.model.request_quotas import AWS_REQUEST_QUOTAS, RSA, SYMMETRIC, RequestQuotas
from keystead.service.configured_quotas import configured_quotas


def quotas_of(text: str, **more: str) -> tuple[ResourceQuotas, RequestQuotas]:
    Path("q.toml").write_text(text)
    quotas = configured_quotas(Settings(quotas_file=Path("q.toml"), **more))  # type: ignore[arg-type]  # of any setting
    return quotas.resources, quotas.requests


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_off_is_the_default_and_what_one_key_may_have_is_bounded() -> None:
    quotas = configured_quotas(Settings())
    assert quotas.resources == ResourceQuotas(None, 50, 50_000)
    assert quotas.requests == RequestQuotas({})


def test_those_of_aws() -> None:
    quotas = configured_quotas(Settings(quotas="aws"))
    assert quotas.resources == ResourceQuotas(100_000, 50, 50_000)
    assert quotas.requests == AWS_REQUEST_QUOTAS


OWN = f"""
[requests]
"{SYMMETRIC}" = 200
"GenerateDataKeyPair (RSA_4096)" = 0.5
CreateKey = "off"

[resources]
"AWS KMS keys" = 1000
"Grants per KMS key" = 7
"""


def test_ones_own_go_before_those_of_aws_in_every_region() -> None:
    resources, requests = quotas_of(OWN, quotas="aws")
    assert resources == ResourceQuotas(1000, 50, 7)
    assert requests.rate(SYMMETRIC, "us-east-1") == 200
    assert requests.rate("GenerateDataKeyPair (RSA_4096)", "us-east-1") == 0.5
    assert requests.rate("CreateKey", "us-east-1") is None
    assert requests.rate(RSA, "us-east-1") == 1000


def test_ones_own_alone() -> None:
    resources, requests = quotas_of(OWN)
    assert resources == ResourceQuotas(1000, 50, 7)
    assert requests == RequestQuotas({SYMMETRIC: 200.0, "GenerateDataKeyPair (RSA_4096)": 0.5})
    assert quotas_of('resources."AWS KMS keys" = "off"', quotas="aws")[0].keys is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("requests = 5", "`requests` in `q.toml` must be a table"),
        ("CreateKey = 5", "`CreateKey` in `q.toml` is neither `requests` nor `resources`"),
        ("[requests]\nCreateKy = 5", "`CreateKy` in `q.toml` is no quota; did you mean `CreateKey`?"),
        (
            "[requests]\nEncrypt = 5",
            "`Encrypt` in `q.toml` has no quota of its own; it counts by kind of key, against "
            "`Cryptographic operations (symmetric)` for one",
        ),
        (
            "[requests]\nGenerateDataKeyPair = 5",
            "`GenerateDataKeyPair` in `q.toml` has no quota of its own; it counts by kind of key, against "
            "`GenerateDataKeyPair (RSA_2048)` for one",
        ),
        ("[requests]\n5 = 5", "`5` in `q.toml` is no quota"),
        (
            "[requests]\nCreateKey = 0",
            '`CreateKey` in `q.toml` must be a number of requests a second from 0.001 to 1000000, or "off"',
        ),
        (
            "[requests]\nCreateKey = nan",
            '`CreateKey` in `q.toml` must be a number of requests a second from 0.001 to 1000000, or "off"',
        ),
        (
            "[requests]\nCreateKey = true",
            '`CreateKey` in `q.toml` must be a number of requests a second from 0.001 to 1000000, or "off"',
        ),
        (
            '[resources]\n"AWS KMS keys" = 1.5',
            '`AWS KMS keys` in `q.toml` must be a whole number from 0 to 1000000000, or "off"',
        ),
        (
            '[resources]\n"Aliases per KMS key" = 51',
            "`Aliases per KMS key` in `q.toml` must be a whole number from 0 to 50",
        ),
        (
            '[resources]\n"Grants per KMS key" = "off"',
            "`Grants per KMS key` in `q.toml` must be a whole number from 0 to 50000",
        ),
        (
            '[resources]\n"Aliases per key" = 5',
            "`Aliases per key` in `q.toml` is no quota; did you mean `Aliases per KMS key`?",
        ),
        (
            "[requests",
            "the quotas file `q.toml` is not TOML: Expected ']' at the end of a table declaration "
            "(at end of document)",
        ),
    ],
)
def test_refusals(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        quotas_of(text)
    assert str(caught.value) == sentence


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match=r"cannot read the quotas file `none\.toml`: No such file"):
        configured_quotas(Settings(quotas_file=Path("none.toml")))
