"""Misspelt actions are told, and those that exist are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.policy import Policy, PolicyKind, parse_policy
from keystead.policy.catalogue import ACTIONS
from keystead.policy.catalogue.unknown import unknown_action, unknown_actions


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ("kms:Decript", "`kms:Decript` is no action of AWS KMS; did you mean `kms:Decrypt`?"),
        ("KMS:encript", "`KMS:encript` is no action of AWS KMS; did you mean `kms:Encrypt`?"),
        (
            "kms:ReEncrypt",
            "`kms:ReEncrypt` is no action of AWS KMS; the operation ReEncrypt needs kms:ReEncryptFrom and "
            "kms:ReEncryptTo",
        ),
        ("kms:Frobnicate", "`kms:Frobnicate` is no action of AWS KMS"),
        ("kms:", "`kms:` is no action of AWS KMS"),
        ("kms:Decript*", "no action of AWS KMS matches `kms:Decript*`"),
        ("kms:?", "no action of AWS KMS matches `kms:?`"),
    ],
)
def test_what_kms_does_not_have_is_told(action: str, sentence: str) -> None:
    assert unknown_action(action) == sentence


@pytest.mark.parametrize(
    "action",
    ["*", "kms:*", "kms:ReEncrypt*", "KMS:DECRYPT", "kms:?ncrypt", "kms:***", "s3:GetObjekt", "x"],
)
def test_the_rest_is_not(action: str) -> None:
    assert unknown_action(action) is None


def test_every_action_of_the_catalogue_is_known() -> None:
    assert [name for name in ACTIONS if unknown_action(name)] == []


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    unknown_action(f"kms:{text}")
    unknown_action(f"kms:{text * 1000}*")


def test_the_statement_is_named() -> None:
    text = (
        '{"Statement": [{"Effect": "Allow", "Action": ["kms:Encrypt", "kms:Decript"], "Resource": "*"},'
        '{"Effect": "Deny", "NotAction": "kms:Sing", "Resource": "*"}]}'
    )
    policy = parse_policy(text, PolicyKind.IDENTITY)
    assert isinstance(policy, Policy)
    assert [(index, sentence.split("`")[1]) for index, sentence in unknown_actions(policy)] == [
        (0, "kms:Decript"),
        (1, "kms:Sing"),
    ]
