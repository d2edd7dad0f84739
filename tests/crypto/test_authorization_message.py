"""Encoded authorization messages: of one account, for a while, and as long as any other."""

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keystead.crypto.authorization_message import (
    AUTHORIZATION_MESSAGE,
    CONTENT_BYTES,
    LIFETIME,
    InvalidAuthorizationMessage,
    open_authorization_message,
    seal_authorization_message,
)
from keystead.crypto.grant_token import NamedGrant, new_grant_token
from keystead.crypto.material import Sealer
from keystead.names import AccountId, GrantId, KeyArn, KeyId, Region

SEALER = Sealer(bytes(32))
ACCOUNT, OTHER = AccountId("111122223333"), AccountId("444455556666")
NOW = 1_800_000_000_000
CONTENTS = st.binary(max_size=CONTENT_BYTES).filter(lambda content: not content.endswith(b" "))


def sealed(content: bytes = b"{}", time: int = NOW, account: AccountId = ACCOUNT) -> str:
    return seal_authorization_message(SEALER, account, time, content)


def opened(message: str, now: int = NOW, account: AccountId = ACCOUNT) -> bytes:
    return open_authorization_message(SEALER, account, now, message)


@given(CONTENTS, st.integers(0, LIFETIME))
def test_what_was_sealed_is_opened_while_it_is_fresh(content: bytes, age: int) -> None:
    message = sealed(content, NOW - age)
    assert opened(message) == content
    assert len(message) == len(sealed(b"")) == 2803


def test_no_two_are_alike() -> None:
    assert sealed() != sealed()


def test_an_old_one_is_refused() -> None:
    message = sealed()
    assert opened(message, NOW + LIFETIME) == b"{}"
    with pytest.raises(InvalidAuthorizationMessage):
        opened(message, NOW + LIFETIME + 1)


def test_another_account_s_is_refused() -> None:
    with pytest.raises(InvalidAuthorizationMessage):
        opened(sealed(), account=OTHER)


@pytest.mark.parametrize("text", ["", "A", "AAAA", "=", "a b", "é", "A" * 4096, "A" * 10_240, "\n"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidAuthorizationMessage):
        opened(text)


def test_what_was_sealed_for_something_else_is_refused() -> None:
    key = KeyArn(Region("us-east-1"), ACCOUNT, KeyId("0000000a-0000-4000-8000-000000000000"))
    with pytest.raises(InvalidAuthorizationMessage):
        opened(new_grant_token(SEALER, NamedGrant(key, GrantId("0" * 64))))


def test_an_unknown_version_is_refused() -> None:
    plaintext = b"\x02" + NOW.to_bytes(8, "big") + b"{}".ljust(CONTENT_BYTES)
    made = SEALER.seal(plaintext, AUTHORIZATION_MESSAGE, (ACCOUNT,), os.urandom)
    with pytest.raises(InvalidAuthorizationMessage):
        opened(base64.urlsafe_b64encode(made).rstrip(b"=").decode())


@pytest.mark.parametrize("content", [b"x" * (CONTENT_BYTES + 1), b"x "])
def test_what_does_not_fit_is_no_content(content: bytes) -> None:
    with pytest.raises(ValueError, match="content"):
        sealed(content)
