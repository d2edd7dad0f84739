"""Which quota a request counts against: every operation and key spec of AWS's model; AWS's values."""

from types import SimpleNamespace
from typing import Any

import botocore.session
import pytest

from keystead.model.request_quotas import (
    AWS_REQUEST_QUOTAS,
    BY_KEY,
    BY_PAIR,
    ECC,
    ML_DSA,
    ML_KEM,
    RSA,
    SYMMETRIC,
    RequestQuotas,
    quota_of,
)
from keystead.service import throttle
from keystead.service.operation import OnKey
from keystead.service.throttle import charges
from keystead.shapes.errors import ValidationException

MODEL = botocore.session.get_session().get_service_model("kms")
SPECS = MODEL.shape_for("KeySpec").enum
PAIR_SPECS = MODEL.shape_for("DataKeyPairSpec").enum


def quotas(operation: str) -> set[str]:
    specs = SPECS if operation in BY_KEY else PAIR_SPECS if operation in BY_PAIR else [None]
    return {quota_of(operation, spec) for spec in specs} | (
        {quota_of(operation, None)} if operation in BY_KEY else set()
    )


@pytest.mark.parametrize("operation", MODEL.operation_names)
def test_every_operation_has_quotas_with_values_of_aws(operation: str) -> None:
    assert quotas(operation) <= AWS_REQUEST_QUOTAS.rates.keys()


def test_every_quota_is_of_an_operation() -> None:
    assert set().union(*map(quotas, MODEL.operation_names)) == AWS_REQUEST_QUOTAS.rates.keys()
    assert set(MODEL.operation_names) >= BY_KEY | BY_PAIR


def test_every_key_spec_is_of_a_kind() -> None:
    kinds: dict[str, list[str]] = {}
    for spec in SPECS:
        kinds.setdefault(quota_of("Sign", spec), []).append(spec)
    assert {quota: {spec.split("_")[0] for spec in specs} for quota, specs in kinds.items()} == {
        SYMMETRIC: {"SYMMETRIC", "HMAC"},
        RSA: {"RSA"},
        ECC: {"ECC", "SM2"},
        ML_DSA: {"ML"},
        ML_KEM: {"ML"},
    }


@pytest.mark.parametrize(
    ("operation", "spec", "rate"),
    [
        ("Decrypt", "SYMMETRIC_DEFAULT", 10_000),
        ("GenerateRandom", None, 10_000),
        ("VerifyMac", "HMAC_256", 10_000),
        ("Decrypt", "RSA_4096", 1000),
        ("Verify", "ECC_SECG_P256K1", 1000),
        ("DeriveSharedSecret", "SM2", 1000),
        ("Sign", "ML_DSA_65", 1000),
        ("GenerateDataKeyPair", "RSA_4096", 0.1),
        ("GenerateDataKeyPairWithoutPlaintext", "ECC_NIST_P384", 10),
        ("DescribeKey", "RSA_4096", 2000),
        ("CreateGrant", None, 50),
        ("RevokeGrant", None, 30),
        ("TagResource", None, 10),
        ("GetParametersForImport", None, 0.25),
        ("RotateKeyOnDemand", None, 5),
    ],
)
def test_values_of_aws(operation: str, spec: str | None, rate: float) -> None:
    assert AWS_REQUEST_QUOTAS.rate(quota_of(operation, spec), "ca-central-1") == rate


def test_a_region_may_have_a_value_of_its_own() -> None:
    assert AWS_REQUEST_QUOTAS.rate(SYMMETRIC, "eu-central-1") == 20_000
    assert AWS_REQUEST_QUOTAS.rate(RSA, "eu-central-1") == 1000
    assert RequestQuotas({}).rate(RSA, "eu-central-1") is None


def call(operation: str, *targets: Any, **members: Any) -> Any:
    return SimpleNamespace(
        operation=SimpleNamespace(name=operation, targets=targets),
        region="us-east-1",
        request=SimpleNamespace(**members),
    )


def test_both_keys_of_a_reencrypt_count_once_if_they_are_of_one_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    specs = {"kms:ReEncryptFrom": "RSA_2048", "kms:ReEncryptTo": "SYMMETRIC_DEFAULT"}

    def resolve(_: Any, target: OnKey) -> Any:
        if specs[target.action] == "absent":
            raise ValidationException("no such key")
        key = SimpleNamespace(spec=SimpleNamespace(value=specs[target.action]))
        return SimpleNamespace(entry=SimpleNamespace(key=key))

    monkeypatch.setattr(throttle, "resolve", resolve)
    made = call("ReEncrypt", *map(OnKey, specs))
    assert charges(made) == {("us-east-1", RSA): 1, ("us-east-1", SYMMETRIC): 1}
    specs["kms:ReEncryptTo"] = "RSA_4096"
    assert charges(made) == {("us-east-1", RSA): 1}
    specs["kms:ReEncryptFrom"] = "absent"
    assert charges(made) == {("us-east-1", RSA): 1, ("us-east-1", SYMMETRIC): 1}


def test_what_counts_in_two_regions() -> None:
    """KMS Developer Guide, "Request quotas": notes on the table."""
    assert charges(call("ReplicateKey", replica_region="eu-west-1")) == {
        ("us-east-1", "ReplicateKey"): 1,
        ("eu-west-1", "CreateKey"): 2,
    }
    assert charges(call("UpdatePrimaryRegion", primary_region="eu-west-1")) == {
        ("us-east-1", "UpdatePrimaryRegion"): 1,
        ("eu-west-1", "UpdatePrimaryRegion"): 1,
    }
    pair = call("GenerateDataKeyPair", key_pair_spec="RSA_2048")
    assert charges(pair) == {("us-east-1", "GenerateDataKeyPair (RSA_2048)"): 1}
