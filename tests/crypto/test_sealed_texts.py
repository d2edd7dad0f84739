"""What holds of every text that Keystead seals and gives away: one spelling, whole, of one installation."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from keystead.crypto.authorization_message import (
    InvalidAuthorizationMessage,
    open_authorization_message,
    seal_authorization_message,
)
from keystead.crypto.grant_token import InvalidGrantToken, NamedGrant, new_grant_token, open_grant_token
from keystead.crypto.material import Sealer
from keystead.crypto.session_token import InvalidSessionToken, new_session_token, open_session_token
from keystead.model import Session, SessionKind
from keystead.names import AccessKeyId, AccountId, GrantId, KeyArn

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SEALER = Sealer(bytes(range(32)))
ACCOUNT = AccountId("111122223333")
KEY = KeyArn.parse("arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
SESSION = Session(
    kind=SessionKind.ROLE,
    access_key_id=AccessKeyId("ASIAEXAMPLE000000000"),
    secret="s" * 40,
    account=ACCOUNT,
    principal="AROAEXAMPLE00000000000",
    name="run",
    issued=1,
    expires=2,
)


@dataclass(frozen=True)
class Sealed:
    """A text, what opens it, and how that refuses."""

    text: str
    opens: Callable[[Sealer, str], object]
    refusal: type[Exception]

    def refused(self, text: str, sealer: Sealer = SEALER) -> bool:
        try:
            self.opens(sealer, text)
        except self.refusal:
            return True
        return False


EVERY = {
    "grant token": Sealed(
        new_grant_token(SEALER, NamedGrant(KEY, GrantId("5a" * 32))), open_grant_token, InvalidGrantToken
    ),
    "session token": Sealed(new_session_token(SEALER, SESSION), open_session_token, InvalidSessionToken),
    "authorization message": Sealed(
        seal_authorization_message(SEALER, ACCOUNT, 0, b"{}"),
        lambda sealer, text: open_authorization_message(sealer, ACCOUNT, 0, text),
        InvalidAuthorizationMessage,
    ),
}

each = pytest.mark.parametrize("sealed", EVERY.values(), ids=EVERY)


@each
def test_it_opens_in_its_own_installation_alone(sealed: Sealed) -> None:
    assert not sealed.refused(sealed.text)
    assert sealed.refused(sealed.text, Sealer(bytes(32)))


@each
def test_every_character_counts(sealed: Sealed) -> None:
    text = sealed.text
    for index, character in enumerate(text):
        other = ALPHABET[(ALPHABET.index(character) + 1) % 64]
        assert sealed.refused(text[:index] + other + text[index + 1 :]), index
        assert sealed.refused(text[:index]), index


@each
@pytest.mark.parametrize("more", ["=", "==", "A", "AA", "\n", " ", "-", "\0", "é"])
def test_it_has_one_spelling(sealed: Sealed, more: str) -> None:
    text = sealed.text
    assert sealed.refused(text + more)
    assert sealed.refused(more + text)
    assert sealed.refused(text[:50] + more + text[50:])


@each
def test_none_passes_for_another_kind(sealed: Sealed) -> None:
    others = [other for other in EVERY.values() if other is not sealed]
    assert all(other.refused(sealed.text) for other in others)
